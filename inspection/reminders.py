"""A reminder is a question asked of the obligations each day, not an alarm that was set; each stage is told once.

The ladder is data: one line of RULES is one rung. After an outage only the latest rung is told. All rungs of a person
go out as one digest per working day, whose words are made at the moment of sending from what is still open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from inspection.figures import show_day, show_two
from inspection.obligations import Obligation, last_day, overdue_by
from inspection.working_days import LOCAL, Calendar

OPENS: Final = time(8, 0)
CLOSES: Final = time(16, 30)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rung: told `after` working days past due (negative: before), then again every `every` working days."""

    stage: str  # "D+1"; of a repeating rung the letter its stages are counted under: "W" gives W+1, W+2, …
    after: int
    every: int = 0  # 0: told once
    listener: str = "head"  # who hears it: the head of the unit

    def stage_at(self, days_past: int) -> str | None:
        """The stage of this rung that is in force so many working days past due, or None before its day."""
        if days_past < self.after:
            return None
        return f"{self.stage}+{(days_past - self.after) // self.every + 1}" if self.every else self.stage


# In the order of their days, the latest last. Few and sure rather than many.
RULES: Final[tuple[Rule, ...]] = (
    Rule("D+1", after=1),
    Rule("D+3", after=3),
    Rule("D+5", after=5),
    Rule("W", after=10, every=5),
)


def stage_due(obligation: Obligation, today: date, calendar: Calendar, *, listener: str = "head") -> str | None:
    """The latest stage whose day has come ("D+1", "W+2"), or None: nothing is due, or it is no longer open.

    Whether it was told already is for the caller to know, by `reminder_key`.
    """
    if obligation.state != "open":
        return None
    days_past = calendar.working_days_between(last_day(obligation, calendar), today)
    stages = (rule.stage_at(days_past) for rule in reversed(RULES) if rule.listener == listener)
    return next((stage for stage in stages if stage is not None), None)


def reminder_key(obligation_id: str, due: date, stage: str, person_id: str) -> str:
    """What makes a stage be told once: a new due date begins the ladder anew, a second sweep does not."""
    return f"{obligation_id}|{due.isoformat()}|{stage}|{person_id}"


def sending_window(now: datetime, calendar: Calendar) -> bool:
    """Whether people may be disturbed at this aware moment: on a working day, from 08:00 to 16:30 local."""
    local = _local(now)
    return calendar.is_working_day(local.date()) and OPENS <= local.time() <= CLOSES


def next_window(now: datetime, calendar: Calendar) -> datetime:
    """The moment itself if it may be used for sending, else the next opening, in local time."""
    local = _local(now)
    if sending_window(local, calendar):
        return local
    opens_today = local.time() < OPENS
    first = local.date() if opens_today else local.date() + timedelta(days=1)
    return datetime.combine(calendar.next_working_day(first), OPENS, LOCAL)


def _local(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a moment must carry its time zone")
    return now.astimezone(LOCAL)


# --- words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the system has not received yet, and what an answer that reports it looks like."""

    missing: str
    symbol: str
    done: str


_PLAN = Awaited("số, ký hiệu văn bản", "15/KH-UBND", "đã ban hành")
_DOCUMENT = Awaited("số, ký hiệu văn bản", "15/QĐ-UBND", "đã ban hành")
AWAITED: Final = {  # by the kind of obligation; any other kind awaits a document
    "impl_plan": _PLAN,
    "culture_plan": _PLAN,
    "finding": Awaited("báo cáo kết quả khắc phục", "15/BC-UBND", "đã khắc phục"),
}


def digest(person: str, obligations: Iterable[Obligation], today: date, calendar: Calendar) -> str:
    """The one message of the day to the head of a unit; empty when nothing is open any more.

    `person` is the full name, with the title where wanted: "Hoàng Văn Bình, Chủ tịch Ủy ban nhân dân xã Điềm He".
    Choices are typed behind the obligation's code, because a reminder never becomes the prompt a bare "1" answers.
    """
    still_open = sorted((one for one in obligations if one.state == "open"), key=lambda one: (one.due, one.code))
    if not still_open:
        return ""
    about = _about_one if len(still_open) == 1 else _about_several
    lines = [*about(person, still_open, today, calendar), *_choices(still_open, today), "Trân trọng."]
    return "\n".join(lines)


def _about_one(person: str, still_open: list[Obligation], today: date, calendar: Calendar) -> list[str]:
    one = still_open[0]
    awaited = AWAITED.get(one.kind, _DOCUMENT)
    demanded = f"Theo {one.directive}, " if one.directive else ""
    return [
        f"V/v {one.title}: {_lateness(one, today, calendar)}",
        f"Kính gửi đồng chí {person}: {demanded}{one.title} của đơn vị có {_limit(one)} {show_day(one.due)}, "
        f"đến nay Hệ thống chưa nhận được {awaited.missing}. Trường hợp {awaited.done}, đề nghị đồng chí chọn 1; "
        f"trường hợp có vướng mắc, đề nghị gửi văn bản. Mã việc: {one.code}.",
    ]


def _about_several(person: str, still_open: list[Obligation], today: date, calendar: Calendar) -> list[str]:
    how_many = f"{show_two(len(still_open))} việc"
    listed = (
        f"{one.code}: {one.title}, {_limit(one)} {show_day(one.due)}{_lateness_after_limit(one, today, calendar)}"
        for one in still_open
    )
    return [
        f"V/v {_subject_of_several(still_open, today, calendar)}",
        f"Kính gửi đồng chí {person}: đến nay Hệ thống chưa nhận được kết quả {how_many} sau của đơn vị.",
        *listed,
        "Đề nghị đồng chí trả lời bằng mã việc và số lựa chọn; trường hợp có vướng mắc, đề nghị gửi văn bản.",
    ]


def _subject_of_several(still_open: list[Obligation], today: date, calendar: Calendar) -> str:
    overdue = sum(today > last_day(one, calendar) for one in still_open)
    how_many = show_two(len(still_open))
    if overdue == len(still_open):
        return f"{how_many} việc quá hạn"
    return f"{how_many} việc đến hạn" + (f", trong đó {show_two(overdue)} việc quá hạn" if overdue else "")


def _choices(still_open: list[Obligation], today: date) -> list[str]:
    first = still_open[0]
    awaited = AWAITED.get(first.kind, _DOCUMENT)
    done = awaited.done if len(still_open) == 1 else "đã hoàn thành"
    return [
        f"1. Báo cáo {done}. Ví dụ: {first.code} 1 {awaited.symbol} {show_day(today)}",
    ]


def _limit(one: Obligation) -> str:
    return "thời hạn (đã gia hạn)" if one.extended else "thời hạn"


def _lateness(one: Obligation, today: date, calendar: Calendar) -> str:
    """What a lock screen must show: how late it is, or by when it is due and how much time is left."""
    if today > last_day(one, calendar):
        return _overdue(one, today, calendar)
    limit = "hạn (đã gia hạn)" if one.extended else "hạn"
    return f"{limit} {show_day(one.due)}{_lateness_after_limit(one, today, calendar)}"


def _lateness_after_limit(one: Obligation, today: date, calendar: Calendar) -> str:
    end = last_day(one, calendar)
    if today > end:
        return f", {_overdue(one, today, calendar)}"
    left = calendar.working_days_between(today, end)
    return f", còn {show_two(left)} ngày làm việc" if left else ", đến hạn hôm nay"


def _overdue(one: Obligation, today: date, calendar: Calendar) -> str:
    late = overdue_by(one, today, calendar)
    return f"quá hạn {show_two(late)} ngày làm việc" if late else "quá hạn"  # 0 on the days off right after
