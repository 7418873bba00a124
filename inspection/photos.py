"""Photos of a visit: taken in at once, answered only when their bytes are stored.

A photo may come before, with or after its answer, singly or in an album whose parts arrive in any order.
Which item it shows: the codes of its caption, else the item that waits for one, else the last one answered,
else it lies in the tray and is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from inspection.closing import end_early
from inspection.dialogue import caption, finish
from inspection.messages import BURST, Reply
from inspection.prompts import next_prompt
from inspection.reading import Word, caption_codes, letters_of, read_text, unmarked
from inspection.tray import EARLY, assign, drop, label_of, say_stored, tray_prompt
from inspection.turn import Step, Turn
from inspection.visit import Photo, Visit
from inspection.walk import photo_rule, shown_key


@dataclass(frozen=True, slots=True)
class Arrived:
    """A photo the network told us of: nothing is downloaded yet."""

    id: str
    order: int
    album: str = ""
    caption: str = ""


def photo_arrived(turn: Turn, photo: Arrived) -> Step:
    """Note a photo as awaited, and store what its caption answers. Replies only where the photo is not wanted."""
    turn.photo_here = True
    codes = caption_codes(photo.caption, turn.checklist.items) if photo.caption else ()
    words = ""
    if codes is None:
        codes, words = _read_caption(turn, photo.caption)
    keys = tuple(_key(turn, code) for code in codes)
    known = tuple(key for key in keys if key)
    for code in (code for code, key in zip(codes, keys, strict=True) if not key):
        turn.visit = replace(
            turn.visit, echo="\n".join([turn.visit.echo, turn.walk.say("not_asked", code=code)]).strip()
        )
    if known and all(photo_rule(turn.walk, key) == "forbidden" for key in known):
        return _forbidden(turn, known[0])
    if not known and photo.album in ("", BURST):
        known = _meant(turn, turn.heard.focus or {})
    added = Photo(photo.id, "awaited", photo.order, photo.album, codes=known, words=words)
    turn.visit = replace(turn.visit, photos=(*turn.visit.photos, added))
    return Step(turn.visit, None, tuple(turn.changes))


def _read_caption(turn: Turn, text: str) -> tuple[tuple[str, ...], str]:
    """An answer in a caption is an answer; anything else is a remark about the photo."""
    spoken = caption(turn, text)
    if spoken:
        return spoken, ""
    meant_for_us = any(isinstance(piece, Word) for piece in read_text(text, turn.checklist.items))
    return (), "" if turn.visit.echo or meant_for_us else text


def _key(turn: Turn, code: str) -> str:
    """The key a caption's code means: for a repeating item the finding asked just now."""
    if "." in code or not turn.checklist.items[code].repeats:
        return code if code in turn.visit.keys(turn.checklist) else ""
    asked = str((turn.heard.focus or {}).get("key", ""))
    if asked.startswith(f"{code}."):
        return asked
    keys = turn.visit.keys_of(turn.checklist.items[code])
    return next((k for k in keys if not turn.visit.photos_of(k)), keys[0] if keys else "")


def _forbidden(turn: Turn, key: str) -> Step:
    """The photo is not even fetched; what its caption answered stays and is said."""
    walk = turn.walk
    _flush_echo(turn)
    turn.say("photo_forbidden", code=shown_key(walk, key), subject=walk.item(key).photo_subject[walk.at])
    turn.say("photo_dropped")
    return finish(turn)


def _meant(turn: Turn, focus: Mapping[str, Any]) -> tuple[str, ...]:
    """What a single photo without a code shows, judged by the prompt the person could have seen."""
    if focus.get("at") == EARLY:
        return (EARLY,)
    if focus.get("at") == "item" and photo_rule(turn.walk, str(focus["key"])) != "forbidden":
        return (str(focus["key"]),)
    waiting = set(turn.walk.debts().photos) - {k for p in turn.visit.awaited() for k in p.codes}
    if focus.get("at") == "section":
        waiting |= {
            str(k)
            for k in focus["keys"]
            if turn.walk.item(str(k)).photo_rule == "always" and not turn.visit.photos_of(str(k))
        }
    if len(waiting) == 1:
        return (waiting.pop(),)
    asking = focus.get("at") in ("section", "item")  # the walk goes on; at its end nothing is the latest
    return _last_answered(turn) if asking and not waiting else ()


def _last_answered(turn: Turn) -> tuple[str, ...]:
    """The key answered last, if its item takes photos at all."""
    order = sorted(turn.visit.answers, key=lambda k: turn.visit.answers[k].at)
    if order and photo_rule(turn.walk, order[-1]) != "forbidden":
        return (order[-1],)
    return ()


# --- the bytes are here ---------------------------------------------------------------------------------------------


def photo_stored(turn: Turn, photo_id: str, sha256: str, *, reused: bool) -> Step:
    """The bytes of an awaited photo are safe: say so, unless more of its album is on the way."""
    photo = next((p for p in turn.visit.photos if p.id == photo_id), None)
    if photo is None or photo.state == "stored":
        return Step(turn.visit, None)
    stored = replace(photo, state="stored", sha256=sha256, at=turn.now)
    turn.visit = replace(turn.visit, photos=tuple(stored if p.id == photo_id else p for p in turn.visit.photos))
    if reused:
        turn.lines.append(turn.walk.say("photo_reused", codes=_spoken(turn, stored.codes)))
    if stored.album == BURST:
        return _one_of_a_burst(turn, stored)
    if stored.album and not _album_whole(turn.visit, stored.album):
        return Step(turn.visit, None)
    return _acknowledge(turn, stored.album or stored.id)


def _one_of_a_burst(turn: Turn, photo: Photo) -> Step:
    """A photo sent in a row with others, each for itself: told with them, unless somebody waits for what comes next."""
    labels = _label_all(turn, [photo])
    turn.visit = replace(turn.visit, untold=(*turn.visit.untold, *labels))
    if turn.lines or (not turn.visit.awaited() and _somebody_waits(turn)):
        return _tell_burst(turn)
    return Step(turn.visit, None, tuple(turn.changes))


def _somebody_waits(turn: Turn) -> bool:
    """Whether the photo leads on: its caption answered something, or there is nothing left to send."""
    prompt, standing = next_prompt(turn.walk), turn.heard.standing
    if standing is None or turn.visit.echo or EARLY in turn.visit.untold:
        return True
    if turn.visit.tray():
        return False  # asked about when the row has ended
    return prompt.focus is not None and prompt.focus["at"] != standing.get("at")


def _tell_burst(turn: Turn) -> Step:
    labels, turn.visit = list(turn.visit.untold), replace(turn.visit, untold=())
    return _told(turn, labels)


def burst_quiet(turn: Turn, album: str) -> Step:
    """No more parts of an album came for a while: acknowledge what is here."""
    if album == BURST:
        asked = (turn.heard.standing or {}).get("name") == "tray"
        news = turn.visit.untold or (turn.visit.tray() and not asked)
        return _tell_burst(turn) if news else Step(turn.visit, None)  # one that is still awaited keeps nobody waiting
    parts = [p for p in turn.visit.photos if p.album == album]
    if any(p.state == "awaited" for p in parts) or not any(p.key is None for p in parts):
        return Step(turn.visit, None)  # the last part brings the acknowledgement, however late it comes
    return _acknowledge(turn, album)


def photo_failed(turn: Turn, photo_id: str, reason: str, *, final: bool) -> Step:
    """A photo could not be had: `final` drops it and asks for another, else it is tried again and shown as missing."""
    photo = next((p for p in turn.visit.photos if p.id == photo_id), None)
    if photo is None or photo.state == "stored":
        return Step(turn.visit, None)
    _flush_echo(turn)
    if final:
        drop(turn, photo_id)
        turn.say("photo_refused", codes=_spoken(turn, photo.codes), reason=reason)
    else:
        turn.say("photo_late")
    return _with_prompt_if_new(turn)


def _album_whole(visit: Visit, album: str) -> bool:
    """Whether every photo the caption named is here; an album whose caption names one item has no known end."""
    parts = [p for p in visit.photos if p.album == album]
    codes = _album_codes(parts)
    return len(codes) > 1 and len(parts) == len(codes) and all(p.state == "stored" for p in parts)


def _album_codes(parts: list[Photo]) -> tuple[str, ...]:
    return next((p.codes for p in parts if p.codes), ())


def _acknowledge(turn: Turn, which: str) -> Step:
    fresh = [p for p in turn.visit.photos if p.state == "stored" and p.key is None and which in (p.album, p.id)]
    fresh.sort(key=lambda p: p.order)
    return _told(turn, _label_all(turn, fresh))


def _told(turn: Turn, labelled: list[str]) -> Step:
    """Say which photos are stored, and what comes next."""
    _flush_echo(turn)
    say_stored(turn, labelled)
    if any(p.key == EARLY for p in turn.visit.photos) and turn.visit.open_to_answers:
        end_early(turn)
        return finish(turn)
    if turn.visit.tray():
        turn.prompt = tray_prompt(turn.walk)
        return finish(turn)
    return _with_prompt_if_new(turn)


def _spoken(turn: Turn, codes: tuple[str, ...]) -> str:
    """ " G02, B01", or nothing."""
    return "".join(" " + ", ".join(shown_key(turn.walk, key) for key in codes if key != EARLY)) if codes else ""


def _label_all(turn: Turn, photos: list[Photo]) -> list[str]:
    """Give each photo its item; returns the labels of those that have one now."""
    return [label for photo, key in _pairs(turn, photos) if (label := _labelled(turn, photo, key))]


def _pairs(turn: Turn, photos: list[Photo]) -> list[tuple[Photo, str]]:
    """As many codes as photos in message order, one code takes all, else the one item waiting; else none."""
    codes = _album_codes(photos)
    if len(codes) == len(photos):
        return list(zip(photos, codes, strict=True))
    if not codes:
        codes = _meant(turn, turn.heard.focus or {})
    if len(codes) == 1:
        return [(photo, codes[0]) for photo in photos]
    if codes:
        named = ", ".join(shown_key(turn.walk, key) for key in codes)
        turn.say("album_short", got=f"{len(photos):02d}", named=f"{len(codes):02d}", codes=named)
    return []


def _labelled(turn: Turn, photo: Photo, key: str) -> str:
    if key == EARLY:
        _mark_early(turn, photo)
        return EARLY
    if assign(turn, photo.id, key):
        _remark(turn, photo, key)
        return label_of(turn.walk, next(p for p in turn.visit.photos if p.id == photo.id))
    if photo_rule(turn.walk, key) == "forbidden":
        drop(turn, photo.id)
        turn.say("photo_dropped")
    return ""


def _mark_early(turn: Turn, photo: Photo) -> None:
    photos = tuple(replace(p, key=EARLY, number=1) if p.id == photo.id else p for p in turn.visit.photos)
    turn.visit = replace(turn.visit, photos=photos)


def _remark(turn: Turn, photo: Photo, key: str) -> None:
    """A caption that is a remark becomes the note of an item that has none."""
    before = turn.visit.answers.get(key)
    if photo.words and before is not None and not before.note and not letters_of(photo.words):
        answers = {**turn.visit.answers, key: replace(before, note=photo.words)}
        turn.visit = replace(turn.visit, answers=answers)
        if unmarked(photo.words):
            turn.say("note_unmarked", code=shown_key(turn.walk, key), note=photo.words)


def _flush_echo(turn: Turn) -> None:
    if turn.visit.echo:
        turn.lines.insert(0, turn.visit.echo)
        turn.visit = replace(turn.visit, echo="")


def _with_prompt_if_new(turn: Turn) -> Step:
    """Ask what comes next, unless exactly that is standing already."""
    prompt = next_prompt(turn.walk)
    standing = turn.heard.standing
    if standing is not None and dict(standing) == prompt.focus:
        text = "\n".join(turn.lines)
        return Step(turn.visit, Reply(text) if text else None, tuple(turn.changes))
    turn.prompt = prompt
    return finish(turn)
