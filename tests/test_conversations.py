"""Every talk in tests/conversations/ goes as it is written, on a network with buttons and on one without."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from inspection.messages import Incoming, Kind
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.tables import roles as role_rows
from tests.cast import load
from tests.chat import NETWORKS, Line, Play, Transcript, TranscriptError, play, played_on, read
from tests.languages import foreign
from tests.storage.workbook_cases import everything

FOLDER = Path(__file__).parent / "conversations"
PATHS = sorted(FOLDER.glob("*.txt"))
WHOLE = ("the_whole_visit_at_tan_doan", "the_reference_visit_guided")


@pytest.fixture(scope="session")
def stage(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the cast's database and evidence, to be copied for each talk."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copy(migrated_sqlite, folder / "kycuong.db")
    database = Database(f"sqlite:///{folder / 'kycuong.db'}")
    database.write_now(lambda connection: load(connection, EvidenceStore(folder / "evidence")))
    database.stop()
    return folder


@pytest.fixture
def scene(stage: Path, tmp_path: Path) -> Path:
    """This test's own copy."""
    return Path(shutil.copytree(stage, tmp_path / "scene"))


def on(scene: Path, transcript: Transcript, network: str) -> None:
    run = play(transcript, f"sqlite:///{scene / 'kycuong.db'}", EvidenceStore(scene / "evidence"), network)
    mixed = [(found, words) for language, words in run.readers if (found := foreign(language, words))]
    if mixed:
        found, words = mixed[0]
        raise TranscriptError(f"{transcript.path.name}: {found} in another language than the reader's:\n{words}")
    if network in transcript.headers.get("network", "full"):
        for name, counted in (("gestures", run.gestures), ("messages", run.messages)):
            limit = transcript.headers.get(name)
            if limit is not None and counted > int(limit.removeprefix("<= ")):
                raise TranscriptError(f"{counted} {name}, {limit} allowed")


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_talk_goes_as_written(path: Path, network: str, scene: Path) -> None:
    transcript = read(path)
    if not played_on(transcript, network):
        pytest.skip("not a talk of this network")
    on(scene, transcript, network)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("name", WHOLE)
def test_a_restart_between_any_two_lines_changes_nothing(name: str, network: str, scene: Path) -> None:
    transcript = read(FOLDER / f"{name}.txt")
    if not played_on(transcript, network):
        pytest.skip("not a talk of this network")
    with_restarts = [Line(-line.number, "--- restart") for line in transcript.lines]
    transcript.lines = [line for pair in zip(with_restarts, transcript.lines, strict=True) for line in pair]
    on(scene, transcript, network)


COURIERS = {"chats", "errands", "inbox", "outbox"}  # what a talk leaves behind as a talk


def evidence_in(scene: Path) -> list[Path]:
    """All files but those that only pass through."""
    folder = scene / "evidence"
    return sorted(path for path in folder.rglob("*") if "passing" not in path.relative_to(folder).parts)


def test_a_preview_leaves_no_trace(scene: Path) -> None:
    """Neither visit nor answer, photo, evidence, finding or journal: there is nothing for any list to leave out."""

    def kept() -> dict[str, list[tuple[object, ...]]]:
        database = Database(f"sqlite:///{scene / 'kycuong.db'}")
        rows = database.write_now(everything)
        database.stop()
        rows["journal"] = [row for row in rows["journal"] if "refused" not in row]  # somebody asks without the right
        return {table: found for table, found in rows.items() if table not in COURIERS}

    before = kept()
    files = evidence_in(scene)
    on(scene, read(FOLDER / "a_preview_counts_nowhere.txt"), "full")
    assert kept() == before
    assert evidence_in(scene) == files


def test_a_preview_and_a_visit_of_the_same_person_do_not_mix(scene: Path, tmp_path: Path) -> None:
    """What is typed below a preview with its code belongs to the preview, and to the visit below the visit."""
    database = Database(f"sqlite:///{scene / 'kycuong.db'}")
    database.write_now(lambda connection: connection.execute(ALSO_INSPECTOR))
    database.stop()
    path = tmp_path / "both.txt"
    path.write_text(BOTH, encoding="utf-8")
    run = Play(read(path), f"sqlite:///{scene / 'kycuong.db'}", EvidenceStore(scene / "evidence"), "full")
    said, stored = run.run()
    assert list(stored.values()) == ["visit in_progress; answers 1; C01 = 25/25/0/0, đạt; photos 0"]
    preview = [text.startswith("BẢN XEM TRƯỚC") for replies in said.values() for _, text in replies]
    assert preview == [False, False, False, True, True, True, False, True, True, False, False]


ALSO_INSPECTOR = role_rows.insert().values(
    person_id="p-1003", role="inspector", unit_id="u-tinh", valid_from=date(2025, 7, 1)
)
BOTH = """people: Hạnh (admin)
clock: 04/8/2026 08:00
Hạnh> /kiemtra thien tan
Hạnh> 1
Hạnh> /xemtruoc
Hạnh> 1
Hạnh> c01 30 20 0 10
Hạnh> [ảnh "g02"]
Hạnh> /tieptuc
Hạnh> /xemtruoc 2
Hạnh> g01 không đạt
Hạnh> thoát
Hạnh> c01 25 25 0 0
stored: visit in_progress; answers 1; C01 = ; photos 0
"""


def test_whoever_directs_for_several_units_is_asked_for_which(scene: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{scene / 'kycuong.db'}")
    database.write_now(lambda connection: connection.execute(ALSO_HEAD))
    database.stop()
    path = tmp_path / "several.txt"
    path.write_text(SEVERAL, encoding="utf-8")
    on(scene, read(path), "full")


def test_whoever_heads_several_units_is_asked_whose_tasks_are_assigned(scene: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{scene / 'kycuong.db'}")
    database.write_now(lambda connection: connection.execute(ALSO_HEAD))
    database.stop()
    path = tmp_path / "assigning.txt"
    path.write_text(ASSIGNING, encoding="utf-8")
    said, _ = Play(read(path), f"sqlite:///{scene / 'kycuong.db'}", EvidenceStore(scene / "evidence"), "plain").run()
    _, which, again, who, *_, instead = [replies[-1][1] for replies in said.values()]
    assert which == again
    assert which.split("\n")[1:3] == ["1. UBND xã Tân Đoàn", "2. UBND xã Điềm He"]
    assert "các việc của UBND xã Điềm He" in who
    assert instead.endswith("Đã thôi giao Lý Thị Duyên.")


ALSO_HEAD = role_rows.insert().values(
    person_id="p-1005", role="unit-head", unit_id="u-diem-he", valid_from=date(2025, 7, 1)
)
SEVERAL = """people: Khôi (unit-head)
clock: 12/01/2026 09:00
Khôi> /vanban 15/KH-UBND 12/01/2026; Báo cáo; tất cả; 30 ngày
bot> Văn bản của đơn vị nào?
     1. UBND xã Tân Đoàn
     2. UBND xã Điềm He
     {1. UBND xã Tân Đoàn} {2. UBND xã Điềm He}
Khôi> 2
bot> Kế hoạch số 15/KH-UBND ngày 12/01/2026 của Ủy ban nhân dân xã Điềm He
     - Báo cáo năm 2026: 01 đơn vị, thời hạn 11/02/2026; một lần.
     1. Ghi   2. Nhập lại   3. Thêm việc khác
     {1. Ghi} {2. Nhập lại} {3. Thêm việc khác}
"""


ASSIGNING = """people: Khôi (unit-head)
clock: 12/01/2026 09:00
Khôi> /kehoach
Khôi> giao
Khôi> 3
Khôi> 2
Khôi> Lý Thị Duyên
Khôi> /kehoach
Khôi> giao
Khôi> 2
Khôi> Vũ Văn Nam, Vụ trưởng
"""


# --- the player itself: a check that cannot fail is no check ---------------------------------------------------------

SAMPLE = FOLDER / "photo_where_text_is_due.txt"


def spoiled(tmp_path: Path, pattern: str, instead: str) -> Transcript:
    text = SAMPLE.read_text(encoding="utf-8")
    changed = re.sub(pattern, instead, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path = tmp_path / "spoiled.txt"
    path.write_text(changed, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ("^bot> UBND xã Thiện Tân.$", "bot> UBND xã Thiện Tân!"),  # another word
        ("^bot> Đã lưu ảnh G02-01.*$", "bot> Đã lưu ảnh G02-01 lúc 08:00.\nbot> Trân trọng."),  # one message more
        ("^bot> Đã lưu ảnh G02-01(.|\n)*?(?=^stored)", ""),  # one message less
        ("photos 2", "photos 3"),  # polite words, nothing kept
        (r"\{1. Bắt đầu\}$", "{3. Bắt đầu}"),  # a button nobody sees
        ("^bot> UBND", "bot to Hạnh> UBND"),  # said to somebody else
    ],
)
def test_the_player_notices(pattern: str, instead: str, scene: Path, tmp_path: Path) -> None:
    with pytest.raises(TranscriptError):
        on(scene, spoiled(tmp_path, pattern, instead), "full")


def test_the_player_counts_gestures(scene: Path, tmp_path: Path) -> None:
    transcript = spoiled(tmp_path, "^clock: .*$", "clock: 04/8/2026 08:00\ngestures: <= 2")
    with pytest.raises(TranscriptError, match="6 gestures"):
        on(scene, transcript, "full")


def test_updating_rewrites_only_what_the_bot_said(scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transcript = spoiled(tmp_path, "^bot> UBND xã Thiện Tân.$", "bot> Câu khác")
    monkeypatch.setenv("KYCUONG_UPDATE", "1")
    monkeypatch.delenv("CI", raising=False)
    on(scene, transcript, "full")
    assert transcript.path.read_text(encoding="utf-8") == SAMPLE.read_text(encoding="utf-8")


def test_transcripts_are_never_rewritten_in_ci(scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYCUONG_UPDATE", "1")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(TranscriptError, match="CI"):
        on(scene, spoiled(tmp_path, "^bot> UBND xã Thiện Tân.$", "bot> Câu khác"), "full")


def test_a_line_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="not a line"):
        spoiled(tmp_path, "^Thịnh> 2$", "Thịnh: 2")


SENT = [
    ('[ảnh "g02"]', Kind.PHOTO, ""),
    ('[tệp ảnh HEIC "g02"]', Kind.PHOTO, ""),
    ('[tệp quy-che.pdf "b02"]', Kind.FILE, "quy-che.pdf"),
    ('[tệp cai-dat.exe "b02"]', Kind.FILE, "cai-dat.exe"),
    ("[tệp hỏng bien-ban.docx]", Kind.FILE, "bien-ban.docx"),
    ("[sổ tính nghi.xlsx]", Kind.FILE, "nghi.xlsx"),
    ("[tin thoại]", Kind.VOICE, ""),
    ('[video "g02"]', Kind.VIDEO, ""),
]


def sending(scene: Path, tmp_path: Path, what: str, network: str) -> list[Incoming]:
    """What reaches the bot when somebody sends this."""
    path = tmp_path / "sent.txt"
    path.write_text(f"people: Thịnh (inspector)\nclock: 04/8/2026 08:00\nThịnh> {what}\n", encoding="utf-8")
    run = Play(read(path), f"sqlite:///{scene / 'kycuong.db'}", EvidenceStore(scene / "evidence"), network)
    run.run()
    return [event.incoming for event in run.last if event.incoming is not None]


@pytest.mark.parametrize(("what", "kind", "name"), SENT)
def test_each_thing_reaches_the_bot_as_what_it_is(
    what: str, kind: Kind, name: str, scene: Path, tmp_path: Path
) -> None:
    [incoming] = sending(scene, tmp_path, what, "full")
    assert incoming.media is not None
    assert (incoming.kind, incoming.media.name) == (kind, name)


@pytest.mark.parametrize(("what", "kind"), [("[tin thoại]", Kind.VOICE), ("[video]", Kind.OTHER)])
def test_of_a_recording_zalo_hands_over_nothing(what: str, kind: Kind, scene: Path, tmp_path: Path) -> None:
    [incoming] = sending(scene, tmp_path, what, "zalo")
    assert (incoming.kind, incoming.media) == (kind, None)


@pytest.mark.parametrize(
    "what", ["[tep quy-che.pdf]", "[tin thoai]", "[ảnh g02]", '[anh "g02"]', "[tệp a.odd]", "[sổ tính b.xlsx]", "[]"]
)
def test_what_nobody_can_send_is_refused(what: str, scene: Path, tmp_path: Path) -> None:
    """Taken for a photo it would have the transcript assert the wrong thing."""
    with pytest.raises(TranscriptError):
        sending(scene, tmp_path, what, "full")


def test_there_are_enough_talks() -> None:
    assert len(PATHS) >= 28
