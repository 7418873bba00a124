"""A checklist of every type and rule, generated, imported from its workbook and walked in the chat to the signature."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot import consent
from bot.conversation import Conversation, Event
from inspection.checklist import Checklist
from inspection.messages import Chat, Incoming, Kind
from inspection.visit import Status, Visit, value_from_json
from inspection.walk import Rules, Walk
from storage import checklists, consents, people, units, visits
from storage.database import Database
from storage.inbox import Arrival
from storage.outbox import MARKS, Mark
from storage.people import NewPerson
from storage.tables import answers as answer_rows
from storage.tables import chats as chat_rows
from storage.tables import visits as visit_rows
from storage.workbook import importing
from storage.workbook.writing import write_workbook
from tests.chat import SeededIds
from tests.storage.test_workbook_round_trip import Rows, in_an_empty_database, items
from tests.storage.workbook_cases import TODAY, planned

CHAT = Chat("telegram", "1", "1001")
# Two answers to each type with what is to be stored: one that is met where anything can be, one that is not.
ANSWERS: dict[str, tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    "pass_fail_na": (
        ("đạt", {"ket_qua": "dat"}),
        ("không đạt a, bảng tin đã cũ", {"ket_qua": "khong_dat", "ly_do": ["a"], "ghi_chu": "bảng tin đã cũ"}),
    ),
    "number": (("không", {"gia_tri": 0}), ("3", {"gia_tri": 3})),
    "count": (("25 25", {"tong": 25, "co_mat": 25}), ("25 20", {"tong": 25, "co_mat": 20})),
    "doc_ref": (
        (
            "45 qd ubnd 15.7.25 phù hợp",
            {"so_ky_hieu": "45/QĐ-UBND", "ngay_ban_hanh": date(2025, 7, 15), "phu_hop": "co"},
        ),
        ("chưa có", {"so_ky_hieu": "", "ngay_ban_hanh": None}),
    ),
    "text": (("không có", {"noi_dung": "Không có"}), ("đơn vị tiếp thu", {"noi_dung": "đơn vị tiếp thu"})),
    "date": (("15/7/2025", {"ngay": date(2025, 7, 15)}), ("31/12/2027", {"ngay": date(2027, 12, 31)})),
    "one_choice": (("1", {"chon": "tot"}), ("kém", {"chon": "kem"})),
    "several_choices": (("2 1", {"chon": "bang man_hinh"}), ("man hinh", {"chon": "man_hinh"})),
    "photo": (("không ảnh, mất điện", {"khong_ap_dung": True}), ("không ảnh, trời tối", {"khong_ap_dung": True})),
    "place": (("21 Trần Phú", {"noi_dung": "21 Trần Phú"}), ("trụ sở cũ", {"noi_dung": "trụ sở cũ"})),
}


class Talk:
    """One inspector and the conversation, in a transaction of the test's own."""

    def __init__(self, connection: Connection, choice: Mapping[str, int]) -> None:
        self.connection = connection
        self.choice = choice
        self.now = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=2)
        self.ids = SeededIds()
        self.sent = 0
        self.given: dict[str, dict[str, Any]] = {}  # by key: what is to be stored

    def say(self, text: str) -> None:
        """One message there, and its answers back, each marked as sent."""
        self.sent += 1
        self.now += timedelta(seconds=1)
        incoming = Incoming(Kind.TEXT, CHAT, "1001", message_id=self.sent * 10, text=text, sent_at=self.now)
        event = Event(Arrival("telegram", "1", str(self.sent), {}, self.now), incoming)
        conversation = Conversation(now=lambda: self.now, ids=self.ids, numbered=lambda _chat: True)
        (outcome,) = conversation.run(self.connection, [event])
        marks = [Mark(one.id, "sent", self.now, self.sent * 10 + n) for n, one in enumerate(outcome.parcels, start=1)]
        MARKS.run(self.connection, marks)

    def focus(self) -> dict[str, Any]:
        """What the chat is asked just now."""
        state = chat_state(self.connection)
        return dict(state["prompts"][-1]["f"])

    def visit(self) -> Visit:
        """The one visit there is."""
        visit_id = self.connection.execute(select(visit_rows.c.id)).scalar_one()
        return visits.documents(self.connection, [visit_id])[visit_id]

    def answer(self, key: str, kind: str) -> None:
        """Answer one item with its code."""
        said, self.given[key] = ANSWERS[kind][self.choice[kind]]
        self.say(f"{key} {said}")


def chat_state(connection: Connection) -> dict[str, Any]:
    return dict(json.loads(connection.execute(select(chat_rows.c.state)).scalar_one()))


def set_up(connection: Connection, rows: Rows) -> None:
    """Import the workbook, and let one inspector in."""
    place = {
        "key": "XA-01",
        "name": "xã Mẫu",
        "kind": "Xã",
        "parent": "",
        "one_stop": "có",
        "valid_from": date(2025, 7, 1),
    }
    named = {"code": "bo-mau", "version": 1, "title_vi": "Bộ mẫu", "valid_from": date(2025, 7, 1)}
    target = io.BytesIO()
    legal = [{"key": "ct-26", "title": "Chỉ thị"}]
    write_workbook(target, {"units": [place], "sets": [named], "checklist": rows, "legal": legal})
    plan = planned(connection, target.getvalue())
    assert [fault.line for fault in plan.faults] == []
    importing.apply(connection, plan)
    top = units.tops(connection, TODAY)[0]
    since = datetime(2025, 7, 1, tzinfo=UTC)
    people.create(connection, [NewPerson("p-1", "Người Mẫu", since.date(), roles=(("inspector", top.id),))], since)
    people.bind_account(connection, "p-1", CHAT, "1001", since)
    consents.record_for_all_accounts(connection, consent.VERSION, since)


def walk(talk: Talk, content: Checklist) -> Visit:
    """Answer whatever is asked until the visit is signed, or far too much was asked."""
    for _ in range(60):
        visit = talk.visit()
        if visit.status is Status.SIGNED:
            return visit
        focus = talk.focus()
        key = str(focus.get("key") or next(iter(focus.get("keys", ())), ""))
        if focus["at"] in ("section", "item"):
            talk.answer(key, content.items[key].answer_type)
        elif focus["at"] == "owed":
            notes = Walk(visit, Rules(content), "vi").debts().notes
            talk.say(f"{key} ghi chú đã nhắc tại chỗ" if key in notes else f"{key} không ảnh, mất điện")
        else:
            talk.say("1")
    raise AssertionError(f"still asked: {talk.focus()}")


def walked(connection: Connection, rows: Rows, choice: Mapping[str, int]) -> None:
    set_up(connection, rows)
    talk = Talk(connection, choice)
    talk.say("/kiemtra mau")
    talk.say("1")
    content = checklists.get(connection, talk.visit().checklist_id)
    visit = walk(talk, content)
    latest = {
        row.key: value_from_json(row.value)
        for row in connection.execute(select(answer_rows).order_by(answer_rows.c.revision))
    }
    for key, wanted in talk.given.items():
        assert {name: latest[key].get(name) for name in wanted} == wanted
    open_still = [key for key in visit.keys(content) if Walk(visit, Rules(content), "vi").status(key) == "open"]
    assert open_still == []
    total = Walk(visit, Rules(content), "vi").result()
    kept = connection.execute(select(visit_rows.c.score, visit_rows.c.grade)).one()
    assert (kept.score, kept.grade) == (total.score, total.grade)


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=items(["ct-26"]), choice=st.fixed_dictionaries({kind: st.integers(0, 1) for kind in ANSWERS}))
def test_a_generated_checklist_is_walked_to_its_signature(
    database: Database, rows: Rows, choice: dict[str, int]
) -> None:
    in_an_empty_database(database, lambda connection: walked(connection, rows, choice))
