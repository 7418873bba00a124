"""Words about who takes part, said inside a visit: kept, echoed, and asked for again before they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inspection.attendance import MEMBER, Heard, described, hear, opens
from inspection.phrases import say
from inspection.turn import Turn

FREE = ("text", "doc_ref")  # prompts whose own answer may begin with the same words


def speaks_of_it(turn: Turn, text: str, focus: Mapping[str, Any]) -> bool:
    """Whether a text is about who takes part, and not the answer to the item that is asked alone."""
    key = str(focus.get("key", ""))
    return opens(text) and not (key and turn.walk.item(key).answer_type in FREE)


def take_part(turn: Turn, text: str) -> None:
    """Keep what was said, or say what is unclear; nothing of it touches an answer."""
    visit = turn.visit
    heard = hear(visit.attendance, text, year=visit.on.year, known=turn.heard.known, conducts=visit.leader_id)
    if heard is None:
        turn.say("attendance_unclear")
        return
    turn.visit = replace(visit, attendance=heard.attendance)
    if "refusal" in heard.changed:
        turn.say("refusal_kept", reason=heard.attendance.refusal)
    elif "consent" in heard.changed:
        turn.say("refusal_dropped")
    if set(heard.changed) - {"refusal", "consent"}:
        turn.say("attendance_kept", known=described(heard.attendance, turn.walk.language))
    turn.lines.extend(about_members(heard, turn.walk.language))
    say_unmarked(turn)


def about_members(heard: Heard, language: str) -> list[str]:
    """Who could not be taken out, and how one who was named by mistake is, said where members were named."""
    lines = [say(language, phrase, name=name) for phrase, name in heard.staying]
    member = heard.removable() if MEMBER in heard.changed else None
    return [*lines, say(language, "member_removed_by", name=member.name)] if member else lines


def say_unmarked(turn: Turn) -> bool:
    """Names and reasons typed wholly without tone marks are completed before they are printed."""
    waiting = turn.visit.attendance.unmarked
    if waiting:
        words = {"unit": "đại diện", "refusal": "từ chối ký"}
        named = (words.get(one, one.lower()) for one in waiting)
        turn.say("attendance_unmarked", words=", ".join(_in(turn, one) for one in named))
    return bool(waiting)


def say_missing(turn: Turn) -> None:
    """What the minutes leave dotted, and how it is completed."""
    missing = turn.visit.attendance.missing()
    if missing:
        example = (EXAMPLES if turn.walk.language == "vi" else EXAMPLES_EN)[missing[0]]
        turn.say("minutes_missing", words=", ".join(_in(turn, one) for one in missing), example=example)


def _in(turn: Turn, word: str) -> str:
    """The word that opens a piece, in the reader's language."""
    return word if turn.walk.language == "vi" else ENGLISH[word]


EXAMPLES = {
    "quyết định": "quyết định 125/QĐ-SNV 03/8/2026",
    "trưởng đoàn": "trưởng đoàn Đinh Thị Ngân, Phó Giám đốc",
    "thư ký": "thư ký Lương Thị Thảo",
    "đại diện": "đại diện Hoàng Thị Lan, Phó Chủ tịch",
}
EXAMPLES_EN = {
    "quyết định": "decision “125/QĐ-SNV 03/8/2026”",
    "trưởng đoàn": "head of team “Đinh Thị Ngân, Phó Giám đốc”",
    "thư ký": "secretary “Lương Thị Thảo”",
    "đại diện": "representative “Hoàng Thị Lan, Phó Chủ tịch”",
}
ENGLISH = {
    "quyết định": "decision", "trưởng đoàn": "head of team", "thư ký": "secretary", "thành viên": "member",
    "đại diện": "representative", "từ chối ký": "refused to sign",
}  # fmt: skip
