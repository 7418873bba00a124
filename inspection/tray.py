"""Photos and files whose bytes are stored: which item each shows, and those nobody has said the subject of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inspection.figures import show_clock, show_two
from inspection.messages import Choice, Reply
from inspection.prompts import label_words
from inspection.reading import PhotoMove
from inspection.turn import Turn
from inspection.visit import DOCUMENT, PHOTO, RECORDINGS, VOICE, Photo
from inspection.walk import Walk, photo_rule, shown_key

LONGEST_NAME = 48  # characters of a file's name that are shown: its end, where it says what it is
EARLY = "early"  # the key of the photo that proves an early end


def tray_prompt(walk: Walk) -> Reply:
    """Ask what the first of the tray shows: what its caption named, else the items that wait for such a thing."""
    tray = walk.visit.tray()
    keys = _likely(walk, tray[0])[:6]
    labels = [f"{n}. {shown_key(walk, key)} {label_words(walk, key)}" for n, key in enumerate(keys, start=1)]
    drop_words = "drop_photo" if tray[0].kind == PHOTO else "drop_file"
    labels.append(f"{len(keys) + 1}. {walk.say('other_item')}")
    labels.append(f"{len(keys) + 2}. {walk.say(drop_words)}")
    text = _which(walk, tray, "\n".join(labels))
    choices = tuple(Choice(label, str(n)) for n, label in enumerate(labels, start=1))
    focus = {"at": "menu", "name": "tray", "photo": tray[0].id, "keys": keys, "count": len(labels)}
    return Reply(text, choices, focus)


def _which(walk: Walk, tray: Sequence[Photo], choices: str) -> str:
    """The question about the first one."""
    if tray[0].kind != PHOTO:
        return capitalised(walk.say("which_item_file", what=called(walk, tray[0]), choices=choices))
    name = "which_item" if len(tray) == 1 else "which_item_of"
    return walk.say(name, choices=choices, n=1, of=len(tray))


def _likely(walk: Walk, photo: Photo) -> list[str]:
    """What its caption named, and the items that want a photo, a paper, or words about what was answered last."""
    named = [key for key in photo.codes if walk.item(key).photo_rule != "forbidden"]
    if photo.kind == DOCUMENT:
        papers = [key for key in walk.keys if walk.item(key).answer_type == "doc_ref"]
        wanting = [key for key in papers if not walk.proofs(key)] or papers
    elif photo.kind in RECORDINGS:
        latest = sorted(walk.visit.answers, key=lambda key: walk.visit.answers[key].at, reverse=True)
        wanting = [key for key in latest if photo_rule(walk, key) != "forbidden"][:4]
    else:
        wanting = list(dict.fromkeys(walk.debts().photos))
    if keys := list(dict.fromkeys([*named, *wanting])):
        return keys
    always = [key for group in walk.steps() for key in group if photo_rule(walk, key) == "always"]
    return [key for key in always if not walk.visit.photos_of(key)] or always


def from_tray(turn: Turn, key: str, *, photo_id: str = "") -> None:
    """Give a photo of the tray its item: the one named, else the first."""
    photo = next((p for p in turn.visit.tray() if not photo_id or p.id == photo_id), None)
    if photo is None:
        turn.say("photo_unknown", label=key)
        return
    if not assign(turn, photo.id, key):
        if photo_rule(turn.walk, key) == "forbidden":
            drop(turn, photo.id)
            turn.say(dropped_words(photo))
        return
    labelled = next(p for p in turn.visit.photos if p.id == photo.id)
    turn.lines.extend(stored_lines(turn.walk, labelled, show_clock(turn.local)))


def assign(turn: Turn, photo_id: str, key: str) -> bool:
    """Let a photo show an item, unless the item takes none or has as many as it takes; it stays where it was then."""
    item, walk = turn.walk.item(key), turn.walk
    kind = next(p.kind for p in walk.visit.photos if p.id == photo_id)
    if photo_rule(walk, key) == "forbidden":
        say_forbidden(turn, key, kind)
        return False
    mine = [p for p in walk.visit.evidence_of(key) if p.id != photo_id]
    if item.photo_max and len(mine) >= item.photo_max:
        turn.say("photos_too_many", code=shown_key(walk, key), most=show_two(item.photo_max, walk.language))
        return False
    number = max((p.number for p in mine), default=0) + 1
    photos = tuple(replace(p, key=key, number=number) if p.id == photo_id else p for p in turn.visit.photos)
    turn.visit = replace(turn.visit, photos=photos)
    return True


def say_forbidden(turn: Turn, key: str, kind: str) -> None:
    """What an item about citizens takes nothing for, and what to do instead."""
    walk = turn.walk
    name = "photo_forbidden" if kind == PHOTO else "recording_forbidden" if kind in RECORDINGS else "file_forbidden"
    turn.say(name, code=shown_key(walk, key), subject=walk.item(key).photo_subject[walk.at])


def drop(turn: Turn, photo_id: str) -> None:
    """Leave a photo out of the visit."""
    turn.visit = replace(turn.visit, photos=tuple(p for p in turn.visit.photos if p.id != photo_id))


def label_of(walk: Walk, photo: Photo) -> str:
    """ "B01-01"."""
    return f"{shown_key(walk, str(photo.key))}-{photo.number:02d}"


def called(walk: Walk, photo: Photo) -> str:
    """What a file is called in a sentence: "tệp quy-che.pdf", "tin thoại", "video"."""
    if photo.kind == DOCUMENT:
        name = photo.name if len(photo.name) <= LONGEST_NAME else f"…{photo.name[1 - LONGEST_NAME :]}"
        return walk.say("called_document", name=name).rstrip()
    return walk.say("called_voice" if photo.kind == VOICE else "called_video")


def capitalised(sentence: str) -> str:
    """A sentence that begins with what it speaks of."""
    return sentence[:1].upper() + sentence[1:]


def dropped_words(photo: Photo) -> str:
    """The name of the sentence that says it is left out."""
    return "photo_dropped" if photo.kind == PHOTO else "file_dropped"


def stored_lines(walk: Walk, photo: Photo, clock: str) -> list[str]:
    """What is said of one that is stored under its item: of a file its fingerprint too, and what it is not."""
    label, key = label_of(walk, photo), str(photo.key)
    if photo.kind == PHOTO:
        return [walk.say("photo_stored", label=label, clock=clock)]
    lines = [walk.say("file_stored", what=called(walk, photo), label=label, clock=clock, sha=photo.sha256[:8])]
    if photo.kind in RECORDINGS:
        lines.append(walk.say("recording_is_no_answer", code=shown_key(walk, key), example=walk.item(key).example))
    elif walk.photos_due(key):
        lines.append(walk.say("file_is_no_photo", code=shown_key(walk, key)))
    return lines


def move_photo(turn: Turn, piece: PhotoMove) -> None:
    """`ảnh G02-01 là B01`: the number it had is free again."""
    walk = turn.walk
    old = f"{piece.key}-{piece.number:02d}"
    photo = next((p for p in turn.visit.photos if p.key and label_of(walk, p) == old), None)
    keys = turn.visit.keys_of(turn.checklist.items[piece.code]) if piece.code in turn.checklist.items else ()
    is_file = photo is not None and photo.kind != PHOTO
    moved, stays = ("file_moved", "file_stays") if is_file else ("photo_moved", "photo_stays")
    if photo is None or not keys:
        turn.say("photo_unknown", label=old if photo is None else piece.code)
    elif photo.key == keys[0]:
        turn.say(moved, old=old, new=old)
    elif assign(turn, photo.id, keys[0]):
        now = next(p for p in turn.visit.photos if p.id == photo.id)
        turn.say(moved, old=old, new=label_of(turn.walk, now))
    else:
        turn.say(stays, label=old)
