"""The fixed people and units of every transcript: one small province, built once per run and copied for each talk.

Every name is invented. UBND xã Tân Đoàn was visited on 12/11/2025 and still has one finding open; UBND xã Điềm He
owes its plan of 2026 and has never been visited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

from PIL import Image
from sqlalchemy import Connection, insert, update

from bot import consent
from inspection.messages import Chat
from inspection.obligations import Obligation
from inspection.visit import Status, Visit
from storage import checklists, consents, obligations, people, units, visits
from storage.evidence import EvidenceStore
from storage.people import NewPerson
from storage.tables import conclusions, findings
from storage.tables import evidence as evidence_rows
from storage.tables import visits as visit_rows
from storage.units import NewUnit

SINCE = date(2025, 7, 1)
NETWORK, ACCOUNT = "telegram", "1"  # a name of a known network; the player stands in for it
PROVINCE = "u-tinh"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast; `short` is how transcripts call them, `unit` where the role is held."""

    short: str
    name: str
    title: str
    role: str
    unit: str = PROVINCE

    @property
    def id(self) -> str:
        """The person's id."""
        return f"p-{self.user_id}"

    @property
    def user_id(self) -> str:
        """Their number on the network."""
        return str(1001 + [one.short for one in CAST].index(self.short))


CAST = (
    Member("Thịnh", "Nông Văn Thịnh", "Chuyên viên chính Sở Nội vụ", "inspector"),
    Member("Ngân", "Đinh Thị Ngân", "Phó Giám đốc Sở Nội vụ", "team-head"),
    Member("Hạnh", "Vi Thị Mỹ Hạnh", "Phó Trưởng phòng Xây dựng chính quyền", "admin"),
    Member("Bình", "Hoàng Văn Bình", "Chủ tịch Ủy ban nhân dân xã Điềm He", "unit-head", "u-diem-he"),
    Member("Khôi", "Triệu Văn Khôi", "Chủ tịch Ủy ban nhân dân xã Tân Đoàn", "unit-head", "u-tan-doan"),
    Member("Lâm", "Hứa Văn Lâm", "Chuyên viên Sở Nội vụ", "inspector"),
    Member("Duyên", "Lý Thị Duyên", "Chuyên viên Văn phòng", "inspector", "u-diem-he"),
    Member("Lạ", "Người lạ", "", "stranger"),
    Member("Khách", "Khách vãng lai", "", "stranger"),
)

UNITS = (
    NewUnit(PROVINCE, "province", "tỉnh Lạng Sơn", SINCE, "20"),
    NewUnit("u-so", "department", "Sở Nội vụ", SINCE, "20-SNV", PROVINCE, staff_total=60),
    NewUnit(
        "u-tan-doan", "commune", "xã Tân Đoàn", SINCE, "06001", PROVINCE,
        former="các xã Tân Thành, Tràng Phái, Tân Đoàn", one_stop=True, staff_total=25,
    ),
    NewUnit("u-diem-he", "commune", "xã Điềm He", SINCE, "06002", PROVINCE, one_stop=True, staff_total=30),
    NewUnit("u-tan-tri", "commune", "xã Tân Tri", SINCE, "06003", PROVINCE, one_stop=True, staff_total=28),
    NewUnit("u-thien-tan", "commune", "xã Thiện Tân", SINCE, "06004", PROVINCE, one_stop=False, staff_total=22),
    NewUnit("u-vh-1", "office", "Phòng Văn hóa - Xã hội", SINCE, "", "u-tan-doan", staff_total=6),
    NewUnit("u-vh-2", "office", "Phòng Văn hóa - Xã hội", SINCE, "", "u-diem-he", staff_total=7),
)  # fmt: skip


def picture(number: int) -> bytes:
    """A small real JPEG; the same number gives the same bytes, another number other bytes."""
    held = BytesIO()
    Image.new("RGB", (24, 18), (number * 37 % 256, number * 101 % 256, number * 7 % 256)).save(held, "JPEG")
    return held.getvalue()


OLD_PHOTO = picture(200)


def load(connection: Connection, evidence: EvidenceStore) -> None:
    """Everything the transcripts begin with."""
    now = datetime(2025, 7, 1, 1, tzinfo=UTC)
    units.create(connection, UNITS)
    known = [one for one in CAST if one.role != "stranger"]
    people.create(
        connection,
        [NewPerson(one.id, one.name, SINCE, one.title, roles=((one.role, one.unit),)) for one in known],
        now,
    )
    for one in known:
        people.bind_account(connection, one.id, Chat(NETWORK, ACCOUNT, one.user_id), one.user_id, now)
    consents.record_for_all_accounts(connection, consent.VERSION, now)
    checklist_id = checklists.load_builtin(connection, now)
    _plans(connection)
    _last_visit(connection, checklist_id, evidence.put(OLD_PHOTO))


def _plans(connection: Connection) -> None:
    """Tân Đoàn issued its plan in time, Điềm He owes it."""
    due = date(2026, 2, 6)
    owed = [
        Obligation(
            id=f"o-{unit}", code=code, unit_id=unit, kind="impl_plan", subject="Kế hoạch kỷ luật, kỷ cương", year=2026,
            due=due, original_due=due, directive="Văn bản số 09/UBND-NC ngày 12/01/2026 của Ủy ban nhân dân tỉnh",
        )
        for unit, code in (("u-diem-he", "NV-2026-0147"), ("u-tan-doan", "NV-2026-0148"))
    ]  # fmt: skip
    obligations.save(connection, owed)
    said = obligations.Report("12/KH-UBND", due, "p-1005", datetime(2026, 2, 6, 3, tzinfo=UTC))
    obligations.report(connection, "o-u-tan-doan", said)
    obligations.accept(connection, "o-u-tan-doan")


def _last_visit(connection: Connection, checklist_id: int, photo: str) -> None:
    """12/11/2025 at Tân Đoàn: 83,5, Khá; three findings, of which the missing name plates are still open."""
    started = datetime(2025, 11, 12, 1, 5, tzinfo=UTC)
    visit = Visit(
        "v-2025", "u-tan-doan", "UBND xã Tân Đoàn", checklist_id, Status.SIGNED, started, date(2025, 11, 12), "p-1002"
    )
    visits.add(connection, visit)
    visits.save(connection, [visit], signer_id={"v-2025": "p-1002"}, now=started)
    connection.execute(update(visit_rows).where(visit_rows.c.id == "v-2025").values(score=83.5, grade="kha"))
    connection.execute(
        insert(evidence_rows).values(
            sha256=photo, size=len(OLD_PHOTO), mime="image/jpeg", width=24, height=18, stored_at=started
        )
    )
    listed = (
        ("B04", "verified", "Chưa niêm yết giờ làm việc", ""),
        ("D01", "verified", "Có 02 người chưa đeo thẻ", ""),
        ("G02", "open", "Phòng làm việc thiếu biển tên", photo),
    )
    for number, (code, status, sentence, shown) in enumerate(listed, start=15):
        connection.execute(
            insert(findings).values(
                id=f"f-{number}", number=f"TT-2025-{number:03d}", unit_id="u-tan-doan", visit_id="v-2025", key=code,
                item_code=code, sentence=sentence, remedy_days=5, status=status, photo=shown or None,
                due=date(2026, 8, 28) if status == "open" else date(2025, 12, 12),
                original_due=date(2025, 12, 12), found_on=date(2025, 11, 12),
            )
        )  # fmt: skip
    connection.execute(
        insert(conclusions).values(
            visit_id="v-2025", document="30/TB-SNV", issued=date(2025, 11, 28), entered_at=started
        )
    )
    remedy = Obligation(
        id="o-f-17", code="TT-2025-017", unit_id="u-tan-doan", kind="finding", subject="Phòng làm việc thiếu biển tên",
        year=2025, due=date(2026, 8, 28), original_due=date(2025, 12, 12), finding_id="f-17",
        directive="Thông báo số 30/TB-SNV ngày 28/11/2025 của Sở Nội vụ",
    )  # fmt: skip
    obligations.save(connection, [remedy])
