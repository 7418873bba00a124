"""The turns of a visit where a transcript would be too coarse: every example works, and nothing is half done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspection.dialogue import begin, resume, step
from inspection.messages import Reply
from inspection.photos import Arrived, Kept, photo_arrived, photo_stored
from inspection.turn import Heard, Speaker, Step, Turn
from inspection.visit import DOCUMENT, PDF, PHOTO, PriorFinding, Status, Visit, from_json, to_json
from inspection.walk import Rules
from storage.builtin import builtin_checklist

NOW = datetime(2026, 8, 4, 1, tzinfo=UTC)
RULES = Rules(builtin_checklist(), {"working-days": lambda due, issued: 0 if due and issued else None})
VI, EN = Speaker("p"), Speaker("p", "en")
PRIORS = (
    PriorFinding(
        "TT-2025-017", "Phòng làm việc thiếu biển tên", "G02", date(2025, 11, 12), date(2026, 8, 28), "a" * 64
    ),
    PriorFinding("TT-2025-018", "Có 02 người đi muộn", "C02", date(2025, 11, 12)),
)
SYSTEM = {"A02.han": date(2026, 2, 6), "I01.tong": 3, "I01.da_khac_phuc": 1, "I01.trong_han": 2, "I01.qua_han": 0,
          "I02.han": date(2025, 12, 12)}  # fmt: skip


def fresh(**more: Any) -> Visit:
    return Visit("v", "u", "UBND xã Tân Đoàn", 1, Status.IN_PROGRESS, NOW, date(2026, 8, 4), "p", **more)


def full_visit() -> Visit:
    return fresh(priors=PRIORS, system=SYSTEM)


def hear(visit: Visit, text: str, prompt: Reply | None = None, speaker: Speaker = VI) -> Step:
    focus = prompt.focus if prompt else None
    return step(from_json(to_json(visit)), RULES, Heard(text, focus, focus), speaker, NOW)


def examples(prompt: Reply) -> Iterator[str]:
    """What a prompt says would be accepted; how to correct what was just stored is left out, it may say the same."""
    for line in prompt.text.splitlines():
        if re.match(r"\d\d:\d\d, ", line):
            continue
        yield from re.findall(r"(?:[Vv]í dụ: |Example: |e\.g\. )(.+?)(?:   |$)", line)


@pytest.mark.parametrize("speaker", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("guided", ["", "pairs", "guided", "each"])
@pytest.mark.parametrize("visit", [fresh(one_stop=False), full_visit()], ids=["first visit", "two earlier findings"])
def test_every_example_of_every_prompt_is_accepted(visit: Visit, guided: str, speaker: Speaker) -> None:
    """Only examples are typed, up to the signature; each of them brings the visit on."""
    visit = replace(visit, guided=guided)
    prompt = begin(visit, RULES, speaker, NOW, period_from=None)
    for _ in range(150):
        if visit.status is Status.SIGNED:
            return
        typed = list(examples(prompt)) if (prompt.focus or {}).get("at") != "menu" else ["1"]
        assert typed, f"nothing to type at: {prompt.text}"
        for text in typed:
            after = hear(visit, text, prompt, speaker)
            assert after.reply is not None
            moved = after.visit != visit or after.reply.focus != prompt.focus
            assert moved, f"{text!r} did nothing at: {prompt.text}\n{after.reply}"
            visit = after.visit
        prompt = after.reply
    pytest.fail(f"no end in sight: {prompt.text}")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=30) | st.sampled_from(
    ["1", "2", "3", "đạt hết", "c01 25 25 0 0", "lùi", "bỏ qua", "xong", "ký", "hủy", "b02 có ảnh", "a", "không ảnh",
     "từng nội dung", "i03.2 2", "xem lại", "a01 chưa có", "0", "f05 2", "c02 2 a"]), max_size=12))  # fmt: skip
def test_whatever_is_typed_there_is_an_answer(texts: list[str]) -> None:
    """Nothing raises, nothing is a dead end, and the visit always survives storage."""
    visit, prompt = full_visit(), None
    for text in texts:
        after = hear(visit, text, prompt)
        assert after.reply is not None
        assert after.reply.text.strip()
        assert from_json(to_json(after.visit)) == after.visit
        if after.visit.open_to_answers and after.reply.focus is None:
            assert "/tieptuc" in after.reply.text
        visit, prompt = after.visit, after.reply if after.reply.focus else prompt


def test_an_answer_that_contradicts_itself_changes_nothing() -> None:
    before = hear(fresh(), "c01 25 22 2 1").visit
    after = hear(before, "c01 25 22 2 2")
    assert after.visit == before
    assert after.changes == ()


def test_what_was_not_understood_is_not_covered_by_the_rest() -> None:
    after = hear(fresh(), "g02 không đạtt, còn lại đạt")
    assert sorted(after.visit.answers) == ["G01", "G03", "G04", "G05"]


def test_the_rest_reaches_every_section_spoken_of_and_no_other() -> None:
    after = hear(fresh(one_stop=False), "c01 22 22 0 0, e02 5 5, còn lại đạt")
    assert {key[0] for key in after.visit.answers} == {"C", "E"}


def test_a_letter_after_an_earlier_failure_names_no_section() -> None:
    first = hear(fresh(), "c01 25 23 2 0, c02 2, còn lại đạt")
    after = hear(first.visit, "c02 a, đạt hết", first.reply)
    assert {key[0] for key in after.visit.answers} == {"C", "D"}
    assert after.visit.answers["C02"].letters == ("a",)


def test_an_unusual_figure_is_stored_and_said() -> None:
    after = hear(fresh(), "f04 10, f05 20")
    assert after.visit.answers["F05"].value["gia_tri"] == 20
    assert after.reply is not None
    assert "F05: " in after.reply.text


def test_the_old_value_is_said_and_its_reason_goes_with_it() -> None:
    first = hear(fresh(), "c02 2 a").visit
    after = hear(first, "c02 1")
    assert after.visit.answers["C02"].letters == ()
    assert after.reply is not None
    assert "(trước: 02 người, KHÔNG ĐẠT, đi muộn)" in after.reply.text


def test_the_same_value_again_keeps_its_reason_and_makes_no_history() -> None:
    first = hear(fresh(), "c02 2 a").visit
    after = hear(first, "c02 2")
    assert after.visit.answers == first.answers
    assert after.changes == ()


def test_somebody_else_cannot_sign() -> None:
    waiting = replace(fresh(), status=Status.AWAITING_SIGNATURE, system={"leader": "Đinh Thị Ngân"})
    after = hear(waiting, "ký", speaker=Speaker("q", leads=False))
    assert after.visit.status is Status.AWAITING_SIGNATURE
    assert after.reply is not None
    assert "Đinh Thị Ngân" in after.reply.text


@pytest.mark.parametrize("status", [Status.SIGNED, Status.ENDED_EARLY, Status.CANCELLED])
def test_what_is_over_cannot_be_changed(status: Status) -> None:
    over = replace(fresh(), status=status)
    for text in ("c02 0", "hủy", "1", "đạt hết"):
        after = hear(over, text)
        assert after.visit == over
        assert after.changes == ()


# --- photos ---------------------------------------------------------------------------------------------------------


def photographed(visit: Visit, photo: Arrived, focus: dict[str, Any] | None = None, minutes: int = 0) -> Step:
    now = NOW + timedelta(minutes=minutes)
    arrived = photo_arrived(Turn(visit, RULES, VI, now, Heard(photo.caption, focus)), photo)
    if not any(p.id == photo.id for p in arrived.visit.photos):
        return arrived
    turn = Turn(arrived.visit, RULES, VI, now, Heard("", focus))
    return photo_stored(turn, photo.id, Kept(photo.id.ljust(64, "0")))


def test_a_photo_is_told_once_however_often_the_news_comes() -> None:
    first = photographed(fresh(), Arrived("1", 1, caption="g02"))
    again = photo_stored(Turn(first.visit, RULES, VI, NOW, Heard("")), "1", Kept("f" * 64))
    assert again == Step(first.visit, None)


def test_two_photos_of_one_item_are_numbered_and_a_freed_number_is_used_again() -> None:
    visit = photographed(fresh(), Arrived("1", 1, caption="g02")).visit
    visit = photographed(visit, Arrived("2", 2, caption="g02")).visit
    assert [(p.key, p.number) for p in visit.photos] == [("G02", 1), ("G02", 2)]
    visit = hear(visit, "ảnh G02-02 là B01").visit
    visit = photographed(visit, Arrived("3", 3, caption="g02")).visit
    assert [(p.key, p.number) for p in visit.photos] == [("G02", 1), ("B01", 1), ("G02", 2)]


def test_an_album_of_a_photo_and_a_document_goes_to_both_items() -> None:
    visit = fresh()
    for name, kind, caption in (("1", PHOTO, "g02 b02"), ("2", DOCUMENT, "")):
        arrived = Arrived(name, int(name), "album", caption, kind, name="quy-che.pdf" if kind == DOCUMENT else "")
        visit = photo_arrived(Turn(visit, RULES, VI, NOW, Heard(caption)), arrived).visit
    said = []
    for name, kept in (("2", Kept("b" * 64, DOCUMENT, PDF)), ("1", Kept("a" * 64))):
        step = photo_stored(Turn(visit, RULES, VI, NOW, Heard("")), name, kept)
        visit = from_json(to_json(step.visit))
        said.append(step.reply.text if step.reply else "")
    assert [(p.key, p.number, p.kind) for p in visit.photos] == [("G02", 1, PHOTO), ("B02", 1, DOCUMENT)]
    assert said[0] == ""
    assert said[1].startswith(
        "Đã lưu ảnh G02-01 lúc 08:00.\nĐã lưu tệp quy-che.pdf vào B02-01 lúc 08:00, mã băm bbbbbbbb…"
    )


def test_a_picture_sent_under_another_name_becomes_a_photo_when_its_bytes_are_known() -> None:
    arrived = Arrived("1", 1, caption="b01", kind=DOCUMENT, name="anh.dat")
    visit = photo_arrived(Turn(fresh(), RULES, VI, NOW, Heard("b01")), arrived).visit
    stored = photo_stored(Turn(visit, RULES, VI, NOW, Heard("")), "1", Kept("a" * 64))
    assert stored.reply is not None
    assert stored.reply.text.startswith("Đã lưu ảnh B01-01")
    assert len(stored.visit.photos_of("B01")) == 1


def test_a_long_name_is_shown_by_its_end() -> None:
    arrived = Arrived("1", 1, caption="b02", kind=DOCUMENT, name="x" * 190 + "\n báo cáo.pdf")
    visit = photo_arrived(Turn(fresh(), RULES, VI, NOW, Heard("b02")), arrived).visit
    reply = photo_stored(Turn(visit, RULES, VI, NOW, Heard("")), "1", Kept("a" * 64, DOCUMENT, PDF)).reply
    assert reply is not None
    shown = reply.text.partition(" vào ")[0].removeprefix("Đã lưu tệp ")
    assert (len(shown), shown[0], shown[-12:]) == (48, "…", " báo cáo.pdf")


def test_a_photo_moved_where_none_is_taken_stays() -> None:
    visit = photographed(fresh(), Arrived("1", 1, caption="g02")).visit
    assert hear(visit, "ảnh G02-01 là E01").visit == visit


def test_an_item_takes_so_many_photos_and_the_next_one_is_asked_about() -> None:
    visit = fresh()
    for n in range(10):
        visit = photographed(visit, Arrived(str(n), n, caption="g02")).visit
    after = photographed(visit, Arrived("x", 99, caption="g02"))
    assert len(after.visit.photos_of("G02")) == 10
    assert [photo.id for photo in after.visit.tray()] == ["x"]
    assert after.reply is not None
    assert "G02 nhận tối đa 10 ảnh, kể cả tệp." in after.reply.text


def test_a_caption_neither_finishes_nor_leaves() -> None:
    for words in ("xong", "ký", "hủy", "dừng", "lùi"):
        after = photographed(fresh(), Arrived("1", 1, caption=words))
        assert after.visit.status is Status.IN_PROGRESS
        assert after.visit.answers == {}


def test_resuming_says_what_is_missing() -> None:
    visit = hear(fresh(), "f02 đạt, f07 98,6").visit
    text = resume(visit, RULES, VI, NOW).text
    assert text.startswith("UBND xã Tân Đoàn: đã ghi 2/37. Câu gần nhất: F07 98,6%, đạt. Còn thiếu ảnh: F02.")


# --- two sections at once -------------------------------------------------------------------------------------------


def asked(prompt: Reply | None) -> list[str]:
    """The sections a prompt asks."""
    assert prompt is not None
    return sorted({str(key)[0] for key in (prompt.focus or {}).get("keys", ())})


def test_the_rest_of_a_prompt_with_two_sections_is_the_rest_of_both() -> None:
    visit = replace(full_visit(), guided="pairs")
    prompt = begin(visit, RULES, VI, NOW, period_from=None)
    assert asked(prompt) == ["C", "D"]
    done = hear(visit, "c01 25 23 2 0, con lai dat", prompt)
    assert asked(done.reply) == ["E", "F"]
    assert {key for key in done.visit.answers if key[0] == "D"} == {"D01", "D02", "D03", "D04"}
    alone = hear(visit, "c: dat het", prompt)
    assert {key[0] for key in alone.visit.answers} == {"C"}, "a section that is named means itself"


def test_what_is_left_of_two_sections_is_asked_in_one() -> None:
    visit = replace(full_visit(), guided="pairs")
    prompt = begin(visit, RULES, VI, NOW, period_from=None)
    part = hear(visit, "c01 25 23 2 0, d01 23 23", prompt)
    assert part.reply is not None
    assert "Mục C, D còn C02, C03, C04, D02, D03, D04." in part.reply.text


def test_an_untouched_section_is_never_asked_without_its_labels() -> None:
    visit = replace(full_visit(), guided="pairs")
    prompt = begin(visit, RULES, VI, NOW, period_from=None)
    part = hear(visit, "c01 25 23 2 0", prompt)
    assert asked(part.reply) == ["C"]


def test_two_sections_too_long_for_a_message_are_asked_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspection.prompts.PAIR_FITS", 330)
    visit = replace(full_visit(), guided="pairs")
    prompt = begin(visit, RULES, VI, NOW, period_from=None)
    assert asked(prompt) == ["C"]
    assert asked(hear(visit, "c01 25 23 2 0, con lai dat", prompt).reply) == ["D"]
