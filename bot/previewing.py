"""A checklist walked as an inspector will walk it, and counted nowhere: its visit is state of this chat alone.

There is no row to leave out of a list, a figure or an export; no unit is told, no photo is fetched. The rules are those
of a visit, and so are the prompts; each says that it is a preview.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.talk import Talk
from inspection import photos
from inspection.access import may
from inspection.checklist import Checklist
from inspection.dialogue import begin, position, resume, step
from inspection.messages import Choice, Reply
from inspection.phrases import Phrase, say
from inspection.turn import Heard, Speaker, Turn
from inspection.visit import PriorFinding, Status, Visit, from_json, to_json
from inspection.words import matches
from storage import checklists

COMMAND = "xemtruoc"
KEY = "preview"  # in the chat's state: the visit as JSON
LEAVE = ("thoát", "thôi", "dừng", "hủy", "tạm dừng", "leave", "stop", "cancel", "pause", "exit")

BANNER = Phrase(
    "BẢN XEM TRƯỚC: không lưu, không tính vào số liệu, không báo đơn vị.",
    "PREVIEW: not stored, counted nowhere, told to no unit.",
)
UNIT = Phrase("Đơn vị mẫu", "Sample unit")
LEAVE_LABEL = Phrase("Thoát", "Leave")
DROPPED = Phrase(
    "Đã đóng BẢN XEM TRƯỚC, không lưu gì. Gõ /xemtruoc để xem lại.",
    "The PREVIEW is closed, nothing was kept. Type /preview to see it again.",
)
ENDED = Phrase("Hết BẢN XEM TRƯỚC, không lưu gì.", "End of the PREVIEW, nothing was kept.")
ONLY_PHOTOS = Phrase(
    "BẢN XEM TRƯỚC chỉ nhận chữ và ảnh; tệp, tin thoại, video thì gửi trong lượt kiểm tra.",
    "The PREVIEW takes words and photos only; files, voice notes and videos are sent during a visit.",
)
NONE_OPEN = Phrase(
    "Không có bản xem trước nào đang mở. Gõ /xemtruoc để chọn.", "No preview is open. Type /preview to choose one."
)


def asks(talk: Talk, focus: Mapping[str, Any] | None) -> bool:
    """Whether a prompt belongs to the open preview: then all that is typed, sent or tapped below it does too."""
    return is_open(talk) and focus is not None and bool(focus.get("own_codes"))


def is_open(talk: Talk) -> bool:
    """Whether this chat has a preview to go on with."""
    return KEY in talk.state


def start(talk: Talk, checklist_id: int) -> None:
    """Walk a stored version from its first section; one that was open is dropped."""
    checklist = checklists.get(talk.connection, checklist_id)
    visit = _visit(talk, checklist_id, checklist)
    reply = begin(visit, talk.ledger.rules(visit), _speaker(talk), talk.ledger.now, period_from=None)
    _go_on(talk, visit, reply)


def _visit(talk: Talk, checklist_id: int, checklist: Checklist) -> Visit:
    """A visit to no unit: with a one-stop desk and one earlier finding, so that every item is met."""
    today = talk.ledger.today
    plain = (one for one in checklist.items.values() if one.finding.vi and "{" not in one.finding.vi)
    found = next((one for one in plain if not one.repeats), None)
    asked = any(one.applies_to == "has_prior" for one in checklist.items.values())
    prior = PriorFinding(f"TT-{today.year}-000", found.finding.vi, found.code, today) if found else None
    return Visit(
        id="preview",
        unit_id="",
        unit_name=talk.words(UNIT),
        checklist_id=checklist_id,
        status=Status.IN_PROGRESS,
        started_at=talk.ledger.now,
        on=today,
        leader_id=talk.person.id,
        priors=(prior,) if asked and prior else (),
    )


def go_on(talk: Talk) -> None:
    """Where the open preview stands."""
    visit = _open(talk)
    if visit is not None:
        _go_on(talk, visit, resume(visit, talk.ledger.rules(visit), _speaker(talk), talk.ledger.now))


def drop(talk: Talk) -> None:
    """Forget the preview; there is nothing else to undo."""
    talk.state.pop(KEY, None)
    talk.say(DROPPED)


def hear(talk: Talk, text: str, focus: Mapping[str, Any]) -> None:
    """One text below a prompt of the preview."""
    visit = _open(talk)
    if visit is None:
        return
    if matches(text, LEAVE):
        drop(talk)
        return
    heard = Heard(text or "lại", focus.get("inner"))
    result = step(visit, talk.ledger.rules(visit), heard, _speaker(talk), talk.ledger.now)
    _go_on(talk, result.visit, result.reply)


def hear_photo(talk: Talk) -> None:
    """A photo: what it would be taken for is said, its bytes stay with the network."""
    visit = _open(talk)
    if visit is None:
        return
    arrived = photos.Arrived(talk.ledger.ids.new_id(), talk.incoming.message_id, "", talk.incoming.text)
    result = photos.photo_arrived(_turn(talk, visit), arrived)
    if any(one.id == arrived.id for one in result.visit.photos):
        result = photos.photo_stored(_turn(talk, result.visit), arrived.id, photos.Kept(""))
    _go_on(talk, result.visit, result.reply)


def hear_place(talk: Talk) -> None:
    """A shared position."""
    visit = _open(talk)
    if visit is not None and talk.incoming.place is not None:
        result = position(_turn(talk, visit), *talk.incoming.place)
        _go_on(talk, result.visit, result.reply)


def _open(talk: Talk) -> Visit | None:
    """The preview of this chat, for those who may see one at this moment."""
    if not may(talk.person, "preview_checklist"):
        talk.state.pop(KEY, None)
        talk.refuse("preview_checklist")
        return None
    if not is_open(talk):
        talk.say(NONE_OPEN)
        return None
    return replace(from_json(talk.state[KEY]), unit_name=talk.words(UNIT))  # the language may be another since


def _go_on(talk: Talk, visit: Visit, reply: Reply | None) -> None:
    """Keep the preview as a step left it; once it has come to its end there is nothing to keep."""
    said = _without_papers(talk, reply.text if reply is not None else "")
    if not visit.open_to_answers:
        talk.state.pop(KEY, None)
        talk.reply(Reply("\n".join([talk.words(BANNER), said, talk.words(ENDED)])))
        return
    talk.state[KEY] = to_json(visit)
    text = f"{talk.words(BANNER)}\n{said}"
    if reply is None or reply.focus is None:
        talk.reply(Reply(text))
        return
    focus = {"at": "command", "name": COMMAND, "step": "walk", "own_codes": True, "inner": reply.focus}
    leave = Choice(talk.words(LEAVE_LABEL), talk.words(LEAVE_LABEL).lower())
    talk.reply(replace(reply, text=text, choices=(*reply.choices, leave), focus=focus, photo=""))


def _without_papers(talk: Talk, said: str) -> str:
    """What is said, less the word that minutes follow: of a preview none are drawn up."""
    coming = {say(talk.language, "draft_coming"), say(talk.language, "minutes_coming")}
    return "\n".join(line for line in said.split("\n") if line not in coming)


def _turn(talk: Talk, visit: Visit) -> Turn:
    heard = Heard(talk.incoming.text, (talk.focus or {}).get("inner"))
    return Turn(visit, talk.ledger.rules(visit), _speaker(talk), talk.ledger.now, heard)


def _speaker(talk: Talk) -> Speaker:
    return Speaker(talk.person.id, talk.language, leads=True)
