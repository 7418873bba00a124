"""Photos of a visit: taken in at once, answered only when their bytes are stored.

A photo may come before, with or after its answer, singly or in an album whose parts arrive in any order.
Which item it shows: the codes of its caption, else the item that waits for one, else the last one answered,
else it lies in the tray and is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from inspection.dialogue import Heard, Speaker, Step, Turn, assign, caption, end_early, finish, label_of, tray_prompt
from inspection.figures import show_clock
from inspection.messages import Reply
from inspection.prompts import Rules, next_prompt, photo_rule
from inspection.reading import caption_codes, letters_of, unmarked
from inspection.visit import Photo, Visit

EARLY = "early"  # the key of the photo that proves an early end


@dataclass(frozen=True, slots=True)
class Arrived:
    """A photo the network told us of: nothing is downloaded yet."""

    id: str
    order: int
    album: str = ""
    caption: str = ""


def photo_arrived(visit: Visit, rules: Rules, photo: Arrived, heard: Heard, speaker: Speaker, now: datetime) -> Step:
    """Note a photo as awaited, and store what its caption answers. Replies only where the photo is not wanted."""
    turn = Turn(visit, rules, speaker, now, heard)
    codes = caption_codes(photo.caption, rules.checklist.items) if photo.caption else ()
    words = ""
    if codes is None:
        codes, words = _read_caption(turn, photo.caption)
    keys = tuple(_key(turn, code) for code in codes)
    known = tuple(key for key in keys if key)
    if known and all(turn.walk.item(key).photo_rule == "forbidden" for key in known):
        return _forbidden(turn, known[0])
    if not known and not photo.album:
        known = _meant(turn, heard.focus or {})
    added = Photo(photo.id, "awaited", photo.order, photo.album, codes=known, words=words)
    turn.visit = replace(turn.visit, photos=(*turn.visit.photos, added))
    return Step(turn.visit, None, tuple(turn.changes))


def _read_caption(turn: Turn, text: str) -> tuple[tuple[str, ...], str]:
    """An answer in a caption is an answer; anything else is a remark about the photo."""
    answered = caption(turn, text)
    if answered:
        return answered, ""
    turn.visit = replace(turn.visit, echo="")
    return (), text


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
    at = turn.walk.at
    turn.say("photo_forbidden", code=key, subject=turn.walk.item(key).photo_subject[at])
    turn.visit = replace(turn.visit, echo="")
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
    if not waiting:
        return _last_answered(turn)
    return ()


def _last_answered(turn: Turn) -> tuple[str, ...]:
    """The key answered last, if its item takes photos at all."""
    order = sorted(turn.visit.answers, key=lambda k: turn.visit.answers[k].at)
    if order and photo_rule(turn.walk, order[-1]) != "forbidden":
        return (order[-1],)
    return ()


# --- the bytes are here ---------------------------------------------------------------------------------------------


def photo_stored(
    visit: Visit,
    rules: Rules,
    photo_id: str,
    sha256: str,
    heard: Heard,
    speaker: Speaker,
    now: datetime,
    *,
    reused: bool,
) -> Step:
    """The bytes of an awaited photo are safe: say so, unless more of its album is on the way."""
    turn = Turn(visit, rules, speaker, now, heard)
    photo = next((p for p in visit.photos if p.id == photo_id), None)
    if photo is None or photo.state == "stored":
        return Step(visit, None)
    stored = replace(photo, state="stored", sha256=sha256, at=now)
    turn.visit = replace(visit, photos=tuple(stored if p.id == photo_id else p for p in visit.photos))
    if reused:
        turn.lines.append(turn.walk.say("photo_reused", label=", ".join(stored.codes) or "…"))
    if stored.album and not _album_whole(turn.visit, stored.album):
        return Step(turn.visit, None)
    return _acknowledge(turn, stored.album or stored.id)


def burst_quiet(visit: Visit, rules: Rules, album: str, heard: Heard, speaker: Speaker, now: datetime) -> Step:
    """No more parts of an album came for a while: acknowledge what is here."""
    turn = Turn(visit, rules, speaker, now, heard)
    if not any(p.album == album and p.key is None and p.state == "stored" for p in visit.photos):
        return Step(visit, None)
    return _acknowledge(turn, album)


def photo_failed(
    visit: Visit,
    rules: Rules,
    photo_id: str,
    reason: str,
    heard: Heard,
    speaker: Speaker,
    now: datetime,
    *,
    final: bool,
) -> Step:
    """A photo could not be had: `final` drops it and asks for another, else it is tried again and shown as missing."""
    turn = Turn(visit, rules, speaker, now, heard)
    photo = next((p for p in visit.photos if p.id == photo_id), None)
    if photo is None or photo.state == "stored":
        return Step(visit, None)
    _flush_echo(turn)
    if final:
        turn.visit = replace(turn.visit, photos=tuple(p for p in turn.visit.photos if p.id != photo_id))
        turn.say("photo_refused", reason=reason)
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
    labelled = _label_all(turn, fresh)
    _flush_echo(turn)
    clock = show_clock(turn.local)
    if len(labelled) == 1:
        turn.lines.append(turn.walk.say("photo_stored", label=labelled[0], clock=clock))
    elif labelled:
        other = next((k for k in turn.walk.keys if k != labelled[0].rpartition("-")[0]), "")
        turn.lines.append(turn.walk.say("photos_stored", count=f"{len(labelled):02d}", clock=clock,
                                        labels=", ".join(labelled), first=labelled[0], other=other))  # fmt: skip
    if any(p.key == EARLY for p in turn.visit.photos) and turn.visit.open_to_answers:
        end_early(turn, str((turn.heard.focus or {}).get("reason", "")))
        return finish(turn)
    if turn.visit.tray():
        turn.prompt = tray_prompt(turn.walk)
        return finish(turn)
    return _with_prompt_if_new(turn)


def _label_all(turn: Turn, photos: list[Photo]) -> list[str]:
    """Give each photo its item: as many codes as photos in message order, one code takes all, else the one waiting."""
    codes = _album_codes(photos)
    if len(codes) == len(photos):
        pairs = list(zip(photos, codes, strict=True))
    elif len(codes) == 1:
        pairs = [(photo, codes[0]) for photo in photos]
    elif not codes and (meant := _meant(turn, turn.heard.focus or {})):
        pairs = [(photo, meant[0]) for photo in photos]
    else:
        if codes:
            turn.say("album_short", got=f"{len(photos):02d}", named=f"{len(codes):02d}", codes=", ".join(codes))
        pairs = []
    labels = []
    for photo, key in pairs:
        if key == EARLY:
            _mark_early(turn, photo)
        elif not assign(turn, photo.id, key):
            continue
        else:
            _remark(turn, photo, key)
        labels.append(label_of(next(p for p in turn.visit.photos if p.id == photo.id)))
    return labels


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
            turn.say("note_unmarked", code=key, note=photo.words)


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
