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
from inspection.phrases import Phrase
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

    missing: Phrase
    symbol: str
    done: Phrase


_ISSUED = Phrase("đã ban hành", "issued")
_NUMBER = Phrase("số, ký hiệu văn bản", "the document's number and symbol")
_PLAN = Awaited(_NUMBER, "15/KH-UBND", _ISSUED)
_DOCUMENT = Awaited(_NUMBER, "15/QĐ-UBND", _ISSUED)
AWAITED: Final = {  # by the kind of obligation; any other kind awaits a document
    "impl_plan": _PLAN,
    "culture_plan": _PLAN,
    "finding": Awaited(
        Phrase("báo cáo kết quả khắc phục", "the report on remedies"), "15/BC-UBND", Phrase("đã khắc phục", "remedied")
    ),
}
_WORDS: Final = {
    "about": Phrase("V/v {subject}", "Re: {subject}"),
    "demanded": Phrase("Theo {directive}, ", "Under “{directive}” "),
    "one": Phrase(
        "Kính gửi đồng chí {person}: {demanded}{title} của đơn vị có {limit} {due}, đến nay Hệ thống chưa nhận được "
        "{missing}. Trường hợp {done}, đề nghị đồng chí chọn 1; trường hợp có vướng mắc, đề nghị gửi văn bản. "
        "Mã việc: {code}.",
        "Dear {person}: {demanded}your unit owes this: {title}, {limit} {due}; not received so far: {missing}. "
        "If it is {done}, please choose 1; if there are difficulties, please write a letter. Code: {code}.",
    ),
    "several": Phrase(
        "Kính gửi đồng chí {person}: đến nay Hệ thống chưa nhận được kết quả {count} việc sau của đơn vị.",
        "Dear {person}: nothing has been received so far about these tasks of your unit ({count}).",
    ),
    "line": Phrase("{code}: {title}, {limit} {due}{lateness}", "{code}: {title}, {limit} {due}{lateness}"),
    "how": Phrase(
        "Đề nghị đồng chí trả lời bằng mã việc và số lựa chọn; trường hợp có vướng mắc, đề nghị gửi văn bản.",
        "Please answer with the code and the number of the choice; if there are difficulties, please write a letter.",
    ),
    "all_overdue": Phrase("{count} việc quá hạn", "tasks overdue: {count}"),
    "some_due": Phrase("{count} việc đến hạn", "tasks due: {count}"),
    "some_overdue": Phrase(", trong đó {count} việc quá hạn", ", of them overdue: {count}"),
    "choice": Phrase(
        "1. Báo cáo {done}. Ví dụ: {code} 1 {symbol} {day}", "1. Report it {done}. Example: {code} 1 {symbol} {day}"
    ),
    "completed": Phrase("đã hoàn thành", "done"),
    "limit": Phrase("thời hạn", "due date"),
    "limit_extended": Phrase("thời hạn (đã gia hạn)", "due date (extended)"),
    "until": Phrase("hạn", "due"),
    "until_extended": Phrase("hạn (đã gia hạn)", "due (extended)"),
    "left": Phrase(", còn {count} ngày làm việc", ", working days left: {count}"),
    "today": Phrase(", đến hạn hôm nay", ", due today"),
    "overdue_by": Phrase("quá hạn {count} ngày làm việc", "overdue, working days: {count}"),
    "overdue": Phrase("quá hạn", "overdue"),
    "regards": Phrase("Trân trọng.", "Respectfully."),
}


def digest(
    person: str, obligations: Iterable[Obligation], today: date, calendar: Calendar, language: str = "vi"
) -> str:
    """The one message of the day to the head of a unit; empty when nothing is open any more.

    `person` is the full name, with the title where wanted: "Hoàng Văn Bình, Chủ tịch Ủy ban nhân dân xã Điềm He".
    Choices are typed behind the obligation's code, because a reminder never becomes the prompt a bare "1" answers.
    """
    still_open = sorted((one for one in obligations if one.state == "open"), key=lambda one: (one.due, one.code))
    if not still_open:
        return ""
    said = _Digest(today, calendar, language)
    about = said.about_one(person, still_open[0]) if len(still_open) == 1 else said.about_several(person, still_open)
    return "\n".join([*about, said.choice(still_open), said.words("regards")])


@dataclass(frozen=True, slots=True)
class _Digest:
    """The sentences of one digest, as of its day and in the language of its reader."""

    today: date
    calendar: Calendar
    language: str

    def words(self, name: str, /, **values: object) -> str:
        return _WORDS[name][0 if self.language == "vi" else 1].format(**values)

    def day(self, day: date) -> str:
        return show_day(day, self.language)

    def count(self, count: int) -> str:
        return show_two(count, self.language)

    def about_one(self, person: str, one: Obligation) -> list[str]:
        at = 0 if self.language == "vi" else 1
        awaited, title = AWAITED.get(one.kind, _DOCUMENT), one.title_in(self.language)
        demanded = self.words("demanded", directive=one.directive) if one.directive else ""
        return [
            self.words("about", subject=f"{title}: {self.lateness(one)}"),
            self.words(
                "one", person=person, demanded=demanded, title=title, limit=self.limit(one), due=self.day(one.due),
                missing=awaited.missing[at], done=awaited.done[at], code=one.code,
            ),
        ]  # fmt: skip

    def about_several(self, person: str, still_open: list[Obligation]) -> list[str]:
        listed = (
            self.words(
                "line", code=one.code, title=one.title_in(self.language), limit=self.limit(one),
                due=self.day(one.due), lateness=self.after_limit(one),
            )
            for one in still_open
        )  # fmt: skip
        return [
            self.words("about", subject=self.subject(still_open)),
            self.words("several", person=person, count=self.count(len(still_open))),
            *listed,
            self.words("how"),
        ]

    def subject(self, still_open: list[Obligation]) -> str:
        overdue = sum(self.today > last_day(one, self.calendar) for one in still_open)
        how_many = self.count(len(still_open))
        if overdue == len(still_open):
            return self.words("all_overdue", count=how_many)
        late = self.words("some_overdue", count=self.count(overdue)) if overdue else ""
        return self.words("some_due", count=how_many) + late

    def choice(self, still_open: list[Obligation]) -> str:
        first = still_open[0]
        awaited = AWAITED.get(first.kind, _DOCUMENT)
        done = awaited.done[0 if self.language == "vi" else 1]
        done = done if len(still_open) == 1 else self.words("completed")
        return self.words("choice", done=done, code=first.code, symbol=awaited.symbol, day=self.day(self.today))

    def limit(self, one: Obligation) -> str:
        return self.words("limit_extended" if one.extended else "limit")

    def lateness(self, one: Obligation) -> str:
        """What a lock screen must show: how late it is, or by when it is due and how much time is left."""
        if self.today > last_day(one, self.calendar):
            return self.overdue(one)
        until = self.words("until_extended" if one.extended else "until")
        return f"{until} {self.day(one.due)}{self.after_limit(one)}"

    def after_limit(self, one: Obligation) -> str:
        end = last_day(one, self.calendar)
        if self.today > end:
            return f", {self.overdue(one)}"
        left = self.calendar.working_days_between(self.today, end)
        return self.words("left", count=self.count(left)) if left else self.words("today")

    def overdue(self, one: Obligation) -> str:
        late = overdue_by(one, self.today, self.calendar)
        # 0 on the days off right after
        return self.words("overdue_by", count=self.count(late)) if late else self.words("overdue")
