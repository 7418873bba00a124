"""Each December those who keep the calendar are asked once for the official plan of the next year's days off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from inspection.access import may_everywhere
from inspection.phrases import Phrase
from inspection.working_days import LOCAL, Calendar
from storage import calendar, consents, outbox, people, units, work_hours
from storage.outbox import Parcel

if TYPE_CHECKING:
    from sqlalchemy import Connection

DECEMBER = 12
NOTICE = Phrase(
    "Lịch nghỉ năm {year} chưa được xác nhận, các thời hạn trong năm đang ghi “dự kiến”. "
    "Đề nghị đồng chí đối chiếu /ngaynghi {year} với văn bản chính thức rồi gõ: "
    "/ngaynghi xác nhận {year}, số ký hiệu văn bản. Trân trọng.",
    "The days off of {year} are not confirmed, due dates of that year are marked provisional. "
    "Please compare /holidays {year} with the official plan, then type: "
    "/holidays confirm {year}, number and symbol. With regards.",
)


def ask_for_plan(
    connection: Connection, now: datetime, working_days: Calendar, new_token: Callable[[], str]
) -> list[Parcel]:
    """Notices about next year's plan, once, in December; none where nobody can be told yet."""
    today = now.astimezone(LOCAL).date()
    year = today.year + 1
    if today.month != DECEMBER or not calendar.provisional(connection, year) or calendar.was_asked(connection, year):
        return []
    tops = {top.id for top in units.tops(connection, today)}
    keepers = {
        one.id: one for one in people.with_role(connection, "admin", today) if may_everywhere(one, "set_calendar", tops)
    }
    chats = people.accounts_of(connection, keepers.keys() - consents.refused(connection, keepers))
    if not chats:
        return []
    calendar.asked(connection, year, now)
    waits = work_hours.waits(connection, (keepers[person_id] for person_id in chats), now, working_days)
    parcels = []
    for person_id, listed in chats.items():
        phrase = NOTICE.vi if keepers[person_id].language == "vi" else NOTICE.en
        payload = {"text": phrase.format(year=year)}
        parcels.append(
            Parcel(
                new_token(), listed[0].chat, "notice", payload, now,
                person_id=person_id, next_try_at=waits.get(person_id),
            )
        )  # fmt: skip
    return outbox.post(connection, parcels)
