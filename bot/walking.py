"""What an inspector does inside a visit: texts, photos and files, their arrival, a position.

The rules decide, this file connects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import previewing
from bot.attending import who
from bot.matters import proving
from bot.matters.unit import proof_kept
from bot.phrases import PHRASES, REFUSALS
from bot.second_look import far_away, second_look
from bot.talk import Talk
from inspection import photos
from inspection.access import may
from inspection.dialogue import position, resume, step
from inspection.messages import Kind, Media, Reply
from inspection.phrases import say
from inspection.prompts import PAIRS
from inspection.turn import Heard, Turn
from inspection.visit import DOCUMENT, PHOTO, VIDEO, VOICE, Status, Visit
from inspection.words import fold
from storage import visits
from storage.visits import AwaitedPhoto

KINDS = {Kind.PHOTO: PHOTO, Kind.FILE: DOCUMENT, Kind.VOICE: VOICE, Kind.VIDEO: VIDEO}


def hear_text(talk: Talk, visit_id: str, text: str, focus: Mapping[str, Any] | None) -> None:
    """One text for a visit of this person."""
    visit = _mine(talk, visit_id)
    if visit is None:
        return
    heard = Heard(text, _bare(focus), _bare(talk.standing()), who(talk, visit.unit_id))
    result = step(visit, talk.ledger.rules(visit), heard, talk.speaker(visit), talk.ledger.now)
    talk.visit_reply(result.visit, result.reply, result.changes)
    _forget_if_closed(talk, result.visit)


def hear_evidence(talk: Talk) -> None:
    """A photo or file: shown to a preview, proof of a report, or evidence of a visit."""
    visit_id = (talk.focus or {}).get("visit") or talk.state.get("visit")
    if talk.incoming.media is None:
        talk.reply(Reply(say(talk.language, "unreadable")))  # this network does not hand such things over
    elif previewing.asks(talk, talk.focus):
        _to_preview(talk)
    elif proving.are_awaited(talk, visiting=visit_id is not None):
        if proved := proving.wanted(talk):
            _fetch(talk, visit_id=None, obligation_id=proved)
    elif visit_id is not None:
        _to_visit(talk, str(visit_id))
    else:
        _no_place_for_it(talk)


def _to_preview(talk: Talk) -> None:
    if talk.incoming.kind is Kind.PHOTO:
        previewing.hear_photo(talk)
    else:
        talk.say(previewing.ONLY_PHOTOS)  # what a file is, is known by its bytes, and a preview fetches none


def _to_visit(talk: Talk, visit_id: str) -> None:
    """Noted as awaited, to be fetched after the commit; answered when its bytes are safe."""
    visit = _mine(talk, visit_id)
    if visit is None:
        return
    if not visit.open_to_answers:
        hear_text(talk, visit.id, "", None)
        return
    incoming, media = talk.incoming, talk.incoming.media or Media("")
    arrived = photos.Arrived(
        talk.ledger.ids.new_id(), incoming.message_id, incoming.album, incoming.text,
        KINDS[incoming.kind], media.mime, media.name,
    )  # fmt: skip
    result = photos.photo_arrived(_turn(talk, visit, _bare(talk.focus)), arrived)
    if talk.prompt is not None and (talk.focus or {}).get("key") in [change.key for change in result.changes]:
        talk.prompt |= {"a": fold(talk.incoming.text)[:80], "w": talk.incoming.text[:80]}
    talk.visit_reply(result.visit, result.reply, result.changes)
    if any(p.id == arrived.id for p in result.visit.photos):
        _fetch(talk, visit_id=visit.id, obligation_id=None, photo_id=arrived.id)


def _no_place_for_it(talk: Talk) -> None:
    """A photo or file outside any visit or report; an album is told once."""
    if proving.told_of_album(talk):
        return
    photo = talk.incoming.kind is Kind.PHOTO
    if photo or may(talk.person, "inspect"):
        talk.say(PHRASES["photo_not_now" if photo else "file_not_now"])
    else:
        talk.say(PHRASES["file_no_use"])


def _fetch(talk: Talk, *, visit_id: str | None, obligation_id: str | None, photo_id: str = "") -> None:
    incoming = talk.incoming
    if incoming.media is None:
        raise ValueError("a photo or file without its media")
    talk.outcome.photos.append(
        AwaitedPhoto(
            photo_id or talk.ledger.ids.new_id(),
            talk.chat,
            incoming.user_id,
            talk.person.id,
            incoming.media,
            visit_id,
            obligation_id,
            incoming.album,
            kind=KINDS[incoming.kind],
        )
    )


def hear_fetched(talk: Talk) -> None:
    """The fetcher's word on a photo or file: stored, not to be had for now, or never."""
    details = talk.incoming.details
    row = visits.photo(talk.connection, str(details["photo_id"]))
    if row is None or row.state != "awaited":
        return
    if details["outcome"] == "stored":
        visits.photo_kept(talk.connection, row.id, details, talk.ledger.now)
        _stored(talk, row, details)
        return
    final = details["outcome"] == "refused"
    attempts = int(details.get("attempts", 0))
    visits.photo_not_kept(talk.connection, row.id, details)
    if final or attempts <= 1:
        reason = str(details.get("reason", ""))
        _not_stored(talk, row, talk.words(REFUSALS[reason]) if reason in REFUSALS else reason, final=final)


def _stored(talk: Talk, row: visits.PhotoRow, details: Mapping[str, Any]) -> None:
    visit = talk.ledger.visit(row.visit_id) if row.visit_id else None
    if visit is None:
        if row.obligation_id is not None:
            proof_kept(talk, row.obligation_id, "photo" if details["kind"] == PHOTO else "file")
        return
    kept = second_look(talk, visit, row, details)
    result = photos.photo_stored(_turn(talk, visit, _latest(talk)), row.id, kept)
    talk.visit_reply(result.visit, result.reply, result.changes)
    _forget_if_closed(talk, result.visit)


def _not_stored(talk: Talk, row: visits.PhotoRow, reason: str, *, final: bool) -> None:
    visit = talk.ledger.visit(row.visit_id) if row.visit_id else None
    if visit is None:
        talk.reply(Reply(_proof_not_stored(talk, row, reason, final=final)))
        return
    result = photos.photo_failed(_turn(talk, visit, _latest(talk)), row.id, reason, final=final)
    talk.visit_reply(result.visit, result.reply, result.changes)


def _proof_not_stored(talk: Talk, row: visits.PhotoRow, reason: str, *, final: bool) -> str:
    photo = row.kind == PHOTO
    if not final:
        return say(talk.language, "photo_late" if photo else "file_late")
    if photo:
        return say(talk.language, "photo_refused", codes="", reason=reason)
    what = say(talk.language, "called_document", name="").strip().capitalize()
    return say(talk.language, "file_refused", what=what, reason=reason)


def hear_quiet(talk: Talk) -> None:
    """An album has fallen silent."""
    visit_id = talk.state.get("visit")
    visit = talk.ledger.visit(str(visit_id)) if visit_id else None
    if visit is None:
        return
    result = photos.burst_quiet(_turn(talk, visit, _latest(talk)), str(talk.incoming.details["album"]))
    talk.visit_reply(result.visit, result.reply, result.changes)
    _forget_if_closed(talk, result.visit)


def hear_place(talk: Talk) -> None:
    """A shared position belongs to the visit that is under way."""
    if previewing.asks(talk, talk.focus):
        previewing.hear_place(talk)
        return
    visit_id = talk.state.get("visit")
    visit = _mine(talk, str(visit_id)) if visit_id else None
    if visit is None or visit.status is not Status.IN_PROGRESS:
        if not talk.replied:
            talk.say(PHRASES["nothing_open"])
        return
    if talk.incoming.place is None:
        raise ValueError("a position without its degrees")
    heard = Heard("", _bare(talk.focus), _bare(talk.standing()))
    turn = Turn(visit, talk.ledger.rules(visit), talk.speaker(visit), talk.ledger.now, heard)
    result = position(turn, *talk.incoming.place)
    lines = far_away(talk, result.visit)
    reply = result.reply
    if lines and reply is not None:
        reply = replace(reply, text="\n".join([*lines, reply.text]) if reply.focus else "\n".join([reply.text, *lines]))
    talk.visit_reply(result.visit, reply, result.changes)


def _mine(talk: Talk, visit_id: str) -> Visit | None:
    """The visit, if this person may still walk it; the same sentence whether it is absent or forbidden."""
    visit = talk.ledger.visit(visit_id)
    if visit is None or not talk.may_walk(visit):
        talk.refuse("inspect", visit_id)
        return None
    return visit


def _turn(talk: Talk, visit: Visit, focus: Mapping[str, Any] | None) -> Turn:
    heard = Heard(talk.incoming.text, focus, _bare(talk.standing()))
    return Turn(visit, talk.ledger.rules(visit), talk.speaker(visit), talk.ledger.now, heard)


def _bare(focus: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A focus as the rules know it: without the visit's name."""
    return None if focus is None else {name: value for name, value in focus.items() if name != "visit"}


def _latest(talk: Talk) -> dict[str, Any] | None:
    prompts = talk.state.get("prompts", [])
    return _bare(prompts[-1]["f"]) if prompts else None


def _forget_if_closed(talk: Talk, visit: Visit) -> None:
    if not visit.open_to_answers and talk.state.get("visit") == visit.id:
        talk.state["visit"] = None


def open_visit(talk: Talk, visit_id: str, head: str = "") -> None:
    """Make a draft the one this chat works on, and say where it stands, below `head`."""
    visit = _mine(talk, visit_id)
    if visit is None:
        return
    talk.state["visit"] = visit.id if visit.open_to_answers else None
    if visit.guided in ("", PAIRS):  # a visit begun on another network is asked as this one needs it
        visit = replace(visit, guided=PAIRS if talk.sparing else "")
    reply = resume(visit, talk.ledger.rules(visit), talk.speaker(visit), talk.ledger.now)
    talk.visit_reply(visit, replace(reply, text=f"{head}\n{reply.text}") if head else reply)
