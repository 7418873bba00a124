"""Photos whose bytes are stored: which item each shows, and those nobody has said the subject of."""

from __future__ import annotations

from dataclasses import replace

from inspection.figures import show_clock
from inspection.messages import Choice, Reply
from inspection.prompts import label_words
from inspection.reading import PhotoMove
from inspection.turn import Turn
from inspection.visit import Photo
from inspection.walk import Walk, photo_rule, shown_key

EARLY = "early"  # the key of the photo that proves an early end


def tray_prompt(walk: Walk) -> Reply:
    """Ask what the first photo of the tray shows: what its caption named, else the items that wait for one."""
    tray = walk.visit.tray()
    named = [key for key in tray[0].codes if walk.item(key).photo_rule != "forbidden"]
    owed = [key for key in dict.fromkeys(walk.debts().photos) if key not in named]
    always = [key for group in walk.steps() for key in group if photo_rule(walk, key) == "always"]
    bare = [key for key in always if not walk.visit.photos_of(key)]
    keys = ([*named, *owed] or bare or always)[:6]
    labels = [f"{n}. {shown_key(walk, key)} {label_words(walk, key)}" for n, key in enumerate(keys, start=1)]
    labels.append(f"{len(keys) + 1}. {walk.say('other_item')}")
    labels.append(f"{len(keys) + 2}. {walk.say('drop_photo')}")
    name = "which_item" if len(tray) == 1 else "which_item_of"
    text = walk.say(name, choices="\n".join(labels), n=1, of=len(tray))
    choices = tuple(Choice(label, str(n)) for n, label in enumerate(labels, start=1))
    focus = {"at": "menu", "name": "tray", "photo": tray[0].id, "keys": keys, "count": len(labels)}
    return Reply(text, choices, focus)


def from_tray(turn: Turn, key: str, *, photo_id: str = "") -> None:
    """Give a photo of the tray its item: the one named, else the first."""
    photo = next((p for p in turn.visit.tray() if not photo_id or p.id == photo_id), None)
    if photo is None:
        turn.say("photo_unknown", label=key)
        return
    if not assign(turn, photo.id, key):
        if photo_rule(turn.walk, key) == "forbidden":
            drop(turn, photo.id)
            turn.say("photo_dropped")
        return
    labelled = next(p for p in turn.visit.photos if p.id == photo.id)
    turn.say("photo_stored", label=label_of(turn.walk, labelled), clock=show_clock(turn.local))


def assign(turn: Turn, photo_id: str, key: str) -> bool:
    """Let a photo show an item, unless the item takes none or has as many as it takes; it stays where it was then."""
    item, walk = turn.walk.item(key), turn.walk
    if photo_rule(walk, key) == "forbidden":
        turn.say("photo_forbidden", code=shown_key(walk, key), subject=item.photo_subject[walk.at])
        return False
    mine = [p for p in walk.visit.photos_of(key) if p.id != photo_id]
    if item.photo_max and len(mine) >= item.photo_max:
        turn.say("photos_too_many", code=shown_key(walk, key), most=f"{item.photo_max:02d}")
        return False
    number = max((p.number for p in mine), default=0) + 1
    photos = tuple(replace(p, key=key, number=number) if p.id == photo_id else p for p in turn.visit.photos)
    turn.visit = replace(turn.visit, photos=photos)
    return True


def drop(turn: Turn, photo_id: str) -> None:
    """Leave a photo out of the visit."""
    turn.visit = replace(turn.visit, photos=tuple(p for p in turn.visit.photos if p.id != photo_id))


def label_of(walk: Walk, photo: Photo) -> str:
    """ "B01-01"."""
    return f"{shown_key(walk, str(photo.key))}-{photo.number:02d}"


def move_photo(turn: Turn, piece: PhotoMove) -> None:
    """`ảnh G02-01 là B01`: the number it had is free again."""
    walk = turn.walk
    old = f"{piece.key}-{piece.number:02d}"
    photo = next((p for p in turn.visit.photos if p.key and label_of(walk, p) == old), None)
    keys = turn.visit.keys_of(turn.checklist.items[piece.code]) if piece.code in turn.checklist.items else ()
    if photo is None or not keys:
        turn.say("photo_unknown", label=old if photo is None else piece.code)
    elif photo.key == keys[0]:
        turn.say("photo_moved", old=old, new=old)
    elif assign(turn, photo.id, keys[0]):
        moved = next(p for p in turn.visit.photos if p.id == photo.id)
        turn.say("photo_moved", old=old, new=label_of(turn.walk, moved))
    else:
        turn.say("photo_stays", label=old)


def say_stored(turn: Turn, labels: list[str]) -> None:
    """Say which photos are stored, by their labels."""
    clock = show_clock(turn.local)
    if labels == [EARLY]:
        turn.say("early_photo_stored", clock=clock)
    elif len(labels) == 1:
        turn.say("photo_stored", label=labels[0], clock=clock)
    elif labels:
        keys = [label.rpartition("-")[0] for label in labels]
        other = next((key for key in keys if key != keys[0]), "") or _other_item(turn, keys[0])
        count = f"{len(labels):02d}"
        turn.say("photos_stored", count=count, clock=clock, labels=", ".join(labels), first=labels[0], other=other)


def _other_item(turn: Turn, key: str) -> str:
    """Another item that takes photos, for an example."""
    return next(k for k in turn.walk.keys if k != key and photo_rule(turn.walk, k) in ("always", "on_pass", "on_fail"))
