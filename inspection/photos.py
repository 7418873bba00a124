"""Photos of a visit, documents and recordings: taken in at once, answered only when their bytes are stored.

One may come before, with or after its answer, singly or in an album whose parts arrive in any order. Which item it
shows: the codes of its caption, else the item that waits for one, else the last one answered, else it lies in the tray
and is asked about. Where no photo of citizens is taken, no recording and no file is either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from inspection.closing import ask_early_photo, end_early
from inspection.dialogue import caption, finish
from inspection.figures import show_two
from inspection.messages import BURST, Reply
from inspection.prompts import next_prompt
from inspection.reading import Word, caption_codes, letters_of, read_text, unmarked
from inspection.said_of_photos import Likeness, say_hints, say_stored
from inspection.traces import NO_TRACES, Traces
from inspection.tray import EARLY, assign, called, capitalised, drop, dropped_words, say_forbidden, tray_prompt
from inspection.turn import Step, Turn
from inspection.visit import DOCUMENT, PHOTO, RECORDINGS, Photo, Visit
from inspection.walk import citizens_about, photo_rule, shown_key


@dataclass(frozen=True, slots=True)
class Arrived:
    """A photo or file the network told us of: nothing is downloaded yet."""

    id: str
    order: int
    album: str = ""
    caption: str = ""
    kind: str = PHOTO
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the bytes turned out to be, and what about them deserves a second look."""

    sha256: str
    kind: str = PHOTO
    mime: str = ""
    like: Likeness | None = None
    traces: Traces = NO_TRACES


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
    focus = turn.heard.focus or {}
    if refused := _forbidden_key(turn, photo, known, focus):
        return _forbidden(turn, refused, photo.kind)
    if photo.kind != PHOTO and focus.get("at") == EARLY:
        _flush_echo(turn)
        ask_early_photo(turn, focus)
        return finish(turn)
    if not known and photo.album in ("", BURST):
        known = _meant(turn, focus, photo.kind)
    added = Photo(
        photo.id, "awaited", photo.order, photo.album, codes=known, words=words,
        kind=photo.kind, mime=photo.mime, name=" ".join(photo.name.split()),
    )  # fmt: skip
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


def _forbidden_key(turn: Turn, photo: Arrived, known: tuple[str, ...], focus: Mapping[str, Any]) -> str:
    """The item about citizens that this is for; a recording without a code is for what is being asked."""
    if known:
        return known[0] if all(photo_rule(turn.walk, key) == "forbidden" for key in known) else ""
    if photo.kind not in RECORDINGS:
        return ""
    asked = [str(focus["key"])] if focus.get("at") == "item" else [str(key) for key in focus.get("keys", ())]
    if focus.get("at") not in ("item", "section") or not citizens_about(turn.walk, asked):
        return ""
    return next(key for key in asked if photo_rule(turn.walk, key) == "forbidden")


def _forbidden(turn: Turn, key: str, kind: str) -> Step:
    """It is not even fetched; what its caption answered stays and is said."""
    _flush_echo(turn)
    say_forbidden(turn, key, kind)
    turn.say("photo_dropped" if kind == PHOTO else "file_dropped")
    return finish(turn)


def _meant(turn: Turn, focus: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """What a single photo or file without a code shows, judged by the prompt the person could have seen."""
    if focus.get("at") == EARLY:
        return (EARLY,)
    if focus.get("at") == "item" and photo_rule(turn.walk, str(focus["key"])) != "forbidden":
        return (str(focus["key"]),)
    waiting = set(turn.walk.debts().photos) - {k for p in turn.visit.awaited() for k in p.codes}
    if focus.get("at") == "section":
        bare = (str(k) for k in focus["keys"] if not turn.walk.proofs(str(k)))
        waiting |= {k for k in bare if kind == DOCUMENT or turn.walk.item(k).photo_rule == "always"}
    if kind != PHOTO:  # of the files, a paper is what an item can be waiting for
        waiting = {k for k in waiting if kind == DOCUMENT and turn.walk.item(k).answer_type == "doc_ref"}
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


def photo_stored(turn: Turn, photo_id: str, kept: Kept) -> Step:
    """The bytes of an awaited photo or file are safe: say so, unless more of its album is on the way."""
    photo = next((p for p in turn.visit.photos if p.id == photo_id), None)
    if photo is None or photo.state == "stored":
        return Step(turn.visit, None)
    stored = replace(
        photo, state="stored", sha256=kept.sha256, at=turn.now, kind=kept.kind, mime=kept.mime, hints=_hints(kept)
    )
    turn.visit = replace(turn.visit, photos=tuple(stored if p.id == photo_id else p for p in turn.visit.photos))
    if stored.album == BURST:
        return _one_of_a_burst(turn, stored)
    if stored.album and not _album_whole(turn.visit, stored.album):
        return Step(turn.visit, None)
    return _acknowledge(turn, stored.album or stored.id)


def _one_of_a_burst(turn: Turn, photo: Photo) -> Step:
    """A photo sent in a row with others, each for itself: told with them, unless somebody waits for what comes next."""
    _label_all(turn, [photo])
    turn.visit = replace(turn.visit, untold=(*turn.visit.untold, photo.id))
    if turn.lines or (not turn.visit.awaited() and _somebody_waits(turn)):
        return _tell_burst(turn)
    return Step(turn.visit, None, tuple(turn.changes))


def _somebody_waits(turn: Turn) -> bool:
    """Whether the photo leads on: its caption answered something, or there is nothing left to send."""
    prompt, standing = next_prompt(turn.walk), turn.heard.standing
    if standing is None or turn.visit.echo or any(photo.key == EARLY for photo in turn.visit.untold_photos()):
        return True
    if turn.visit.tray():
        return False  # asked about when the row has ended
    return prompt.focus is not None and prompt.focus["at"] != standing.get("at")


def _tell_burst(turn: Turn) -> Step:
    fresh, turn.visit = turn.visit.untold_photos(), replace(turn.visit, untold=())
    return _told(turn, [photo for photo in fresh if photo.key], fresh)


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
    """One could not be had: `final` drops it and asks for another, else it is tried again and shown as missing."""
    photo = next((p for p in turn.visit.photos if p.id == photo_id), None)
    if photo is None or photo.state == "stored":
        return Step(turn.visit, None)
    _flush_echo(turn)
    if final:
        drop(turn, photo_id)
        turn.lines.append(refused_words(turn, photo, reason))
    else:
        turn.say("photo_late" if photo.kind == PHOTO else "file_late")
    return _with_prompt_if_new(turn)


def refused_words(turn: Turn, photo: Photo, reason: str) -> str:
    """Which one was not saved, and why."""
    if photo.kind == PHOTO:
        return turn.walk.say("photo_refused", codes=_spoken(turn, photo.codes), reason=reason)
    return capitalised(turn.walk.say("file_refused", what=called(turn.walk, photo), reason=reason))


def _hints(kept: Kept) -> dict[str, Any]:
    """What deserves a second look, as the visit keeps it until it is said; empty for nearly every photo."""
    apart = {name: value for name, value in asdict(kept.traces).items() if value is not None}
    return apart if kept.like is None else {**apart, "like": asdict(kept.like)}


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
    return _told(turn, _label_all(turn, fresh), fresh)


def _told(turn: Turn, labelled: list[Photo], fresh: list[Photo]) -> Step:
    """Say which are stored, what about the fresh ones deserves a second look, and what comes next."""
    _flush_echo(turn)
    say_stored(turn, labelled)
    for photo in fresh:
        say_hints(turn, photo.id)
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


def _label_all(turn: Turn, photos: list[Photo]) -> list[Photo]:
    """Give each its item; returns those that have one now."""
    named = [photo.id for photo, key in _pairs(turn, photos) if _labelled(turn, photo, key)]
    return [photo for photo_id in named for photo in turn.visit.photos if photo.id == photo_id]


def _pairs(turn: Turn, photos: list[Photo]) -> list[tuple[Photo, str]]:
    """As many codes as photos in message order, one code takes all, else the one item waiting; else none."""
    codes = _album_codes(photos)
    if len(codes) == len(photos):
        return list(zip(photos, codes, strict=True))
    if not codes:
        codes = _meant(turn, turn.heard.focus or {}, _sort_of(photos))
    if len(codes) == 1:
        return [(photo, codes[0]) for photo in photos]
    if codes:
        named = ", ".join(shown_key(turn.walk, key) for key in codes)
        turn.say(
            "album_short",
            got=show_two(len(photos), turn.walk.language),
            named=show_two(len(codes), turn.walk.language),
            codes=named,
        )
    return []


def _sort_of(photos: list[Photo]) -> str:
    """The kind that decides where an album belongs: a file among photos is what is hardest to place."""
    return next((photo.kind for photo in photos if photo.kind != PHOTO), PHOTO)


def _labelled(turn: Turn, photo: Photo, key: str) -> bool:
    if key == EARLY:
        _mark_early(turn, photo)
        return True
    if assign(turn, photo.id, key):
        _remark(turn, photo, key)
        return True
    if photo_rule(turn.walk, key) == "forbidden":
        drop(turn, photo.id)
        turn.say(dropped_words(photo))
    return False


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
