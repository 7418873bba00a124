"""What about a stored photo deserves a second look: an earlier photo like it, a time or place in its file that differs.

A flag is kept with the photo and said to the inspector in a sentence; nothing is refused for it. Of other units' visits
only what this person may inspect is named, and of a visit under way elsewhere nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.talk import Talk
from inspection.figures import show_day
from inspection.photos import Kept
from inspection.said_of_photos import Likeness, far_words
from inspection.traces import traces
from inspection.tray import EARLY
from inspection.visit import PHOTO, Status, Visit
from inspection.walk import Walk
from inspection.working_days import LOCAL
from storage import visits
from storage.likeness import Alike, alike


def second_look(talk: Talk, visit: Visit, row: visits.PhotoRow, details: Mapping[str, Any]) -> Kept:
    """What the bytes of a visit's photo or file turned out to be, with its flags, which are stored here."""
    sha256, kind = str(details["sha256"]), str(details["kind"])
    if kind != PHOTO:
        return Kept(sha256, kind, str(details["mime"]))
    apart = traces(details["exif"], row.received_at, visit.place)
    found = _nearest(talk, visit, row, alike(talk.connection, row.id, sha256, details["look"]))
    hints: dict[str, int | str | None] = {"days_apart": apart.days_apart, "km_apart": apart.km_apart}
    if found is not None:
        hints |= {"resembles": found.photo_id, "distance": found.distance}
    if any(value is not None for value in hints.values()):
        visits.photo_hints(talk.connection, row.id, **hints)
    like = None if found is None else _likeness(talk, visit, found)
    return Kept(sha256, kind, str(details["mime"]), like, apart)


def _nearest(talk: Talk, visit: Visit, row: visits.PhotoRow, found: list[Alike]) -> Alike | None:
    """The nearest of other visits, else of other items of this one; a cancelled visit was none."""
    for one in found:
        other = talk.ledger.visit(one.visit_id)
        if one.visit_id != visit.id and other is not None and other.status is not Status.CANCELLED:
            return one
    mine = next(photo for photo in visit.photos if photo.id == row.id)
    keys = {photo.id: photo.key for photo in visit.photos}
    here = [one for one in found if one.photo_id in keys]  # what was left out of the visit is not compared
    return next((one for one in here if one.same_bytes or keys[one.photo_id] not in mine.codes), None)


def _likeness(talk: Talk, visit: Visit, found: Alike) -> Likeness:
    """The earlier photo, as far as this person may know it."""
    other = talk.ledger.visit(found.visit_id)
    if other is None or other.id == visit.id:
        return Likeness(found.photo_id, found.same_bytes, here=True)
    same_unit = other.unit_id == visit.unit_id
    secret = other.status is Status.IN_PROGRESS and other.leader_id != talk.person.id
    if not same_unit and (secret or not talk.covers("inspect", other.unit_id)):
        return Likeness(found.photo_id, found.same_bytes)
    photo = next((photo for photo in other.photos if photo.id == found.photo_id), None)
    label = f"{photo.key}-{photo.number:02d}" if photo and photo.number and photo.key != EARLY else ""
    day = show_day(found.stored_at.astimezone(LOCAL).date())
    return Likeness(found.photo_id, found.same_bytes, False, label, day, "" if same_unit else other.unit_name)


def far_away(talk: Talk, visit: Visit) -> list[str]:
    """A position that comes after the photos: what it says of those whose file names a place, one sentence each."""
    if visit.place is None:
        return []
    lines = []
    walk = Walk(visit, talk.ledger.rules(visit), talk.language)
    for photo_id, exif in visits.photos_with_place(talk.connection, visit.id):
        apart = traces({name: exif[name] for name in ("latitude", "longitude")}, talk.ledger.now, visit.place).km_apart
        if apart is not None:
            visits.photo_hints(talk.connection, photo_id, km_apart=apart)
            lines.append(far_words(walk, photo_id, apart))
    return [line for line in lines if line]
