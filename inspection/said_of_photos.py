"""What is said of photos and files whose bytes are stored: where they went, and what deserves a second look."""

from __future__ import annotations

from dataclasses import dataclass

from inspection.figures import show_clock, show_two
from inspection.tray import EARLY, capitalised, label_of, stored_lines
from inspection.turn import Turn
from inspection.visit import PHOTO, Photo
from inspection.walk import Walk, photo_rule


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier photo like the one just stored; label, day and unit only as far as the inspector may know them.

    Of a photo of this very visit nothing but its id is needed: the visit knows the rest.
    """

    photo_id: str
    same_bytes: bool
    here: bool = False  # in this visit
    label: str = ""
    day: str = ""
    unit: str = ""


def say_stored(turn: Turn, stored: list[Photo]) -> None:
    """Say which photos and files are stored, by their labels."""
    clock = show_clock(turn.local)
    labels = [EARLY if p.key == EARLY else label_of(turn.walk, p) for p in stored if p.kind == PHOTO]
    if labels == [EARLY]:
        turn.say("early_photo_stored", clock=clock)
    elif len(labels) == 1:
        turn.say("photo_stored", label=labels[0], clock=clock)
    elif labels:
        keys = [label.rpartition("-")[0] for label in labels]
        other = next((key for key in keys if key != keys[0]), "") or _other_item(turn, keys[0])
        count = show_two(len(labels), turn.walk.language)
        turn.say("photos_stored", count=count, clock=clock, labels=", ".join(labels), first=labels[0], other=other)
    for photo in stored:
        if photo.kind != PHOTO:
            turn.lines.extend(capitalised(line) for line in stored_lines(turn.walk, photo, clock))


def say_hints(turn: Turn, photo_id: str) -> None:
    """One short sentence for each thing to look at again; none of them accuses anybody."""
    photo = next((p for p in turn.visit.photos if p.id == photo_id), None)
    if photo is None or not photo.hints:
        return
    what = _this_photo(turn.walk, photo)
    if "like" in photo.hints and (other := _earlier(turn, photo, Likeness(**photo.hints["like"]))):
        turn.say("photo_same" if photo.hints["like"]["same_bytes"] else "photo_alike", what=what, other=other)
    if "days_apart" in photo.hints:
        turn.say("photo_old", what=what, days=f"{photo.hints['days_apart']:02d}")
    if "km_apart" in photo.hints:
        turn.say("photo_far", what=what, km=photo.hints["km_apart"])


def far_words(walk: Walk, photo_id: str, km: int) -> str:
    """The hint about a place, where the position came after the photo; "" for a photo that was left out."""
    photo = next((p for p in walk.visit.photos if p.id == photo_id), None)
    return "" if photo is None else walk.say("photo_far", what=_this_photo(walk, photo), km=km)


def _this_photo(walk: Walk, photo: Photo) -> str:
    known = bool(photo.key) and photo.key != EARLY
    return walk.say("hint_photo", label=label_of(walk, photo)) if known else walk.say("hint_this")


def _earlier(turn: Turn, photo: Photo, like: Likeness) -> str:
    """The earlier photo in words; "" for another view of the same thing, which an item may well have."""
    walk = turn.walk
    if not like.here:
        if not like.day:
            return walk.say("other_visits_photo")
        name = "earlier_photo" if like.label else "earlier_photo_unlabelled"
        return walk.say(name, label=like.label, day=like.day) + (
            walk.say("at_unit", unit=like.unit) if like.unit else ""
        )
    other = next((p for p in turn.visit.photos if p.id == like.photo_id), None)
    if other is None or (other.key == photo.key and not like.same_bytes):
        return ""
    if not other.key or other.key == EARLY:
        return walk.say("this_visits_photo")
    return walk.say("labelled_photo", label=label_of(walk, other))


def _other_item(turn: Turn, key: str) -> str:
    """Another item that takes photos, for an example."""
    return next(k for k in turn.walk.keys if k != key and photo_rule(turn.walk, k) in ("always", "on_pass", "on_fail"))
