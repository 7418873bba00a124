"""What a reminder says, and when it may leave: one digest a person and working day, most urgent first.

It leaves between 08:00 and 16:30, while the person's unit is at work.

Its words are made at the moment of sending from what is still owed. It says what the system has not received, never
what somebody did wrong; of a finding it names the code, not the sentence. A choice carries the code of its matter,
because a reminder never becomes the prompt a bare "1" answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from inspection.figures import show_day, show_two
from inspection.ladder import Listener
from inspection.messages import Choice
from inspection.obligations import ANSWER_WITHIN, OWED, REMEDY, Obligation, kind_of, last_day, overdue_by
from inspection.phrases import Phrase
from inspection.working_days import LOCAL, Calendar

OPENS: Final = time(8, 0)
CLOSES: Final = time(16, 30)
LISTED: Final = 15  # matters named one by one in a digest; the rest is counted
BUTTONS: Final = 8

Shifts = Callable[[date], Sequence[tuple[time, time]] | None]


def sending_window(now: datetime, calendar: Calendar) -> bool:
    """Whether people may be disturbed at this aware moment: on a working day, from 08:00 to 16:30 local."""
    local = _local(now)
    return calendar.is_working_day(local.date()) and OPENS <= local.time() <= CLOSES


def next_window(now: datetime, calendar: Calendar, shifts: Shifts = lambda _day: None) -> datetime:
    """The moment itself if it may be used for sending, else the next opening, in local time.

    shifts: from when until when the person is at work on a day, where that is known.
    """
    local = _local(now)
    day = local.date()
    while True:
        day = calendar.next_working_day(day)
        for opens, closes in _open(shifts(day)):
            if day > local.date() or local.time() <= closes:
                return max(local, datetime.combine(day, opens, LOCAL))
        day += timedelta(days=1)


def _open(shifts: Sequence[tuple[time, time]] | None) -> Sequence[tuple[time, time]]:
    """What of these shifts lies between 08:00 and 16:30; all of that time where nothing does: a day is not lost."""
    within = [(max(opens, OPENS), min(closes, CLOSES)) for opens, closes in shifts or ()]
    return [(opens, closes) for opens, closes in within if opens < closes] or [(OPENS, CLOSES)]


def _local(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a moment must carry its time zone")
    return now.astimezone(LOCAL)


# --- what a digest is made of ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matter:
    """One obligation somebody hears of. `unit` is named to those who answer for several; `told`: heads on those days."""

    obligation: Obligation
    listener: Listener = "head"
    unit: str = ""
    told: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request or report that the authority has not answered within its time."""

    code: str
    unit: str
    asked: date


@dataclass(frozen=True, slots=True)
class Digest:
    """The one message of a day; the value of a choice is what one would type."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Day:
    """The day a digest belongs to, and the language it is written in."""

    today: date
    calendar: Calendar
    language: str

    def say(self, phrase: Phrase, **values: object) -> str:
        return (phrase.vi if self.language == "vi" else phrase.en).format(**values)

    def day(self, day: date) -> str:
        return show_day(day, self.language)

    def count(self, count: int) -> str:
        return show_two(count, self.language)

    def quoted(self, kept: str) -> str:
        """What is kept in Vietnamese, inside a sentence: quoted in an English one."""
        return kept if self.language == "vi" else f"“{kept}”"


@dataclass(frozen=True, slots=True)
class _Others:
    """What an administrator or superior hears of."""

    watched: Sequence[Matter]
    waiting: Sequence[Waiting]
    unreached: Sequence[Matter]
    yearly: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.watched or self.waiting or self.unreached or self.yearly)


def digest(  # noqa: PLR0913  what one person is told, part by part
    person: str,
    matters: Sequence[Matter],
    today: date,
    calendar: Calendar,
    *,
    waiting: Sequence[Waiting] = (),
    unreached: Sequence[Matter] = (),
    yearly: Sequence[str] = (),
    language: str = "vi",
) -> Digest | None:
    """The digest of a person, or None when nothing of it is owed any more.

    `person` is the full name, with the title where wanted: "Hoàng Văn Bình, Chủ tịch Ủy ban nhân dân xã Điềm He".
    `unreached`: matters of units nobody of which can be reached by chat; `yearly`: what is demanded every year and was
    not made for this one, as cited.
    """
    day = _Day(today, calendar, language)
    owed = sorted((m for m in matters if m.obligation.state in OWED), key=_urgency)
    mine = [m for m in owed if m.listener in ("head", "delegate")]
    watched = [m for m in owed if m.listener in ("admin", "superior")]
    others = _Others(watched, waiting, sorted(unreached, key=_urgency), yearly)
    if others:
        return _of_all(day, person, mine, others)
    if not mine:
        return None
    return _of_one(day, person, mine[0]) if len(mine) == 1 else _of_several(day, person, mine)


def _urgency(matter: Matter) -> tuple[date, str]:
    return matter.obligation.owed_by, matter.obligation.code


# --- one matter -----------------------------------------------------------------------------------------------------

SUBJECT = Phrase("V/v {title}: {standing}", "Re: {title}: {standing}")
NOT_RECEIVED = Phrase(
    "Kính gửi đồng chí {person}: {demanded}{title} của {unit} có {limit} {due}, đến nay Hệ thống chưa nhận được {missing}. "
    "Trường hợp {done}, đề nghị đồng chí chọn 1; trường hợp có vướng mắc, chọn 2. Mã việc: {code}.",
    "Dear {person}: {demanded}{unit} owes this: {title}, {limit} {due}; not received so far: {missing}. "
    "If it is {done}, please choose 1; if there are difficulties, choose 2. Code: {code}.",
)
COMING = Phrase(
    "Kính gửi đồng chí {person}: {demanded}{title} của {unit} có {limit} {due}. "
    "Đề nghị đồng chí quan tâm chỉ đạo hoàn thành trước 17:00 ngày {last}. Mã việc: {code}.",
    "Dear {person}: {demanded}{unit} owes this: {title}, {limit} {due}. "
    "Please see that it is done before 17:00 on {last}. Code: {code}.",
)
COMPLETE = Phrase(
    "Kính gửi đồng chí {person}: báo cáo việc {code} còn chờ bổ sung minh chứng, thời hạn bổ sung {last}. "
    "Số, ký hiệu đã được ghi nhận, không phải nhập lại. Đề nghị đồng chí chỉ đạo gửi ảnh hoặc tệp; gõ {code} để xem cách khác.",
    "Dear {person}: the report of {code} still waits for its proof, due {last}. "
    "Number and symbol are recorded and need not be typed again. Please send a photo or a file; type {code} for other ways.",
)
DEMANDED = Phrase("Theo {directive}, ", "Under {directive} ")
UNIT = Phrase("đơn vị", "your unit")
LIMIT, LIMIT_MOVED = Phrase("thời hạn", "due date"), Phrase("thời hạn (đã gia hạn)", "due date (extended)")
MENU = Phrase(
    "1. Báo cáo {done}   2. Đề nghị gia hạn   3. {third}   4. Liên hệ quản trị",
    "1. Report it {done}   2. Ask for an extension   3. {third}   4. Ask the administrator",
)
THIRD, THIRD_REMEDY = Phrase("Không thuộc đơn vị", "Not for us"), Phrase("Kế hoạch khắc phục", "Plan of remedy")
EXAMPLE = Phrase("Ví dụ: {code} 1 {symbol} {day}", "Example: {code} 1 {symbol} {day}")
REGARDS = Phrase("Trân trọng.", "Respectfully.")


def title_of(obligation: Obligation, language: str = "vi") -> str:
    """How a reminder names a matter: of a finding the code, because its sentence is not for a lock screen."""
    if obligation.kind != REMEDY:
        return obligation.title_in(language)
    words = Phrase("Khắc phục tồn tại, hạn chế {code}", "Remedy of finding {code}")
    return (words.vi if language == "vi" else words.en).format(code=obligation.code)


def menu(obligation: Obligation, language: str = "vi") -> tuple[str, tuple[Choice, ...]]:
    """The four ways out of a matter, as a line of text and as choices that carry its code."""
    vi = language == "vi"
    third = THIRD_REMEDY if obligation.kind == REMEDY else THIRD
    done = kind_of(obligation.kind).done
    line = (MENU.vi if vi else MENU.en).format(done=done.vi if vi else done.en, third=third.vi if vi else third.en)
    labels = line.split("   ")
    return line, tuple(Choice(label, f"{obligation.code} {n}") for n, label in enumerate(labels, start=1))


def _of_one(day: _Day, person: str, matter: Matter) -> Digest:
    one = matter.obligation
    if one.state == "returned":  # the four ways out are not for this one
        lines = [_about(day, one), _request(day, person, matter), day.say(REGARDS)]
        return Digest("\n".join(lines), _openers([matter]))
    line, choices = menu(one, day.language)
    kind = kind_of(one.kind)
    example = day.say(EXAMPLE, code=one.code, symbol=kind.symbol, day=day.day(day.today))
    lines = [
        _about(day, one),
        _request(day, person, matter),
        line,
        example,
        day.say(REGARDS),
    ]
    return Digest("\n".join(lines), choices)


def _about(day: _Day, one: Obligation) -> str:
    return day.say(SUBJECT, title=title_of(one, day.language), standing=_standing(day, one))


def _request(day: _Day, person: str, matter: Matter) -> str:
    one = matter.obligation
    end = last_day(one, day.calendar)
    if one.state == "returned":
        return day.say(COMPLETE, person=person, code=one.code, last=day.day(end))
    kind = kind_of(one.kind)
    phrase = NOT_RECEIVED if day.today > end else COMING
    return day.say(
        phrase,
        person=person,
        demanded=day.say(DEMANDED, directive=day.quoted(one.directive)) if one.directive else "",
        title=title_of(one, day.language),
        unit=matter.unit or day.say(UNIT),
        limit=day.say(LIMIT_MOVED if one.extended else LIMIT),
        due=day.day(one.due),
        last=day.day(end),
        missing=day.say(kind.missing),
        done=day.say(kind.done),
        code=one.code,
    )


# --- how a matter stands --------------------------------------------------------------------------------------------

OVERDUE = Phrase("quá hạn {days} ngày làm việc", "overdue, working days: {days}")
JUST_OVERDUE = Phrase("quá hạn", "overdue")  # on the days off right after the due day
LEFT = Phrase("{limit} {due}, còn {days} ngày làm việc", "{limit} {due}, working days left: {days}")
TODAY = Phrase("{limit} {due}, đến hạn hôm nay", "{limit} {due}, due today")
DUE, DUE_MOVED = Phrase("hạn", "due"), Phrase("hạn (đã gia hạn)", "due (extended)")
TO_COMPLETE = Phrase("chờ bổ sung minh chứng, thời hạn {due}", "proof to be completed by {due}")


def _standing(day: _Day, one: Obligation) -> str:
    """What a lock screen must show: how late it is, or by when it is due and how much time is left."""
    if one.state == "returned":
        return day.say(TO_COMPLETE, due=day.day(last_day(one, day.calendar)))
    if day.today > last_day(one, day.calendar):
        late = overdue_by(one, day.today, day.calendar)
        return day.say(OVERDUE, days=day.count(late)) if late else day.say(JUST_OVERDUE)
    left = day.calendar.working_days_between(day.today, last_day(one, day.calendar))
    limit = day.say(DUE_MOVED if one.extended else DUE)
    return day.say(LEFT if left else TODAY, limit=limit, due=day.day(one.due), days=day.count(left))


# --- several matters ------------------------------------------------------------------------------------------------

SEVERAL = Phrase("V/v {count} việc đến hạn{overdue}", "Re: tasks due: {count}{overdue}")
OF_THEM = Phrase(", trong đó {count} việc quá hạn", ", of them overdue: {count}")
ALL_OVERDUE = Phrase("V/v {count} việc quá hạn", "Re: tasks overdue: {count}")
DEAR_SEVERAL = Phrase(
    "Kính gửi đồng chí {person}: đến nay Hệ thống chưa nhận được kết quả {count} việc sau{unit}.",
    "Dear {person}: nothing has been received so far about these tasks{unit} ({count}).",
)
OF_YOUR_UNIT = Phrase(" của đơn vị", " of your unit")
LINE = Phrase("{code}: {unit}{title}, {standing}", "{code}: {unit}{title}, {standing}")
MORE = Phrase("… và {count} việc khác: gõ /kehoach để xem đủ.", "… and {count} more: type /plans for all.")
HOW_SEVERAL = Phrase(
    "Đề nghị đồng chí gõ mã việc để xem các lựa chọn, hoặc mã việc và số: 1. Báo cáo đã hoàn thành   2. Đề nghị gia hạn",
    "Please type a code to see its choices, or the code and a number: 1. Report it done   2. Ask for an extension",
)


def _of_several(day: _Day, person: str, mine: Sequence[Matter]) -> Digest:
    first = mine[0].obligation
    example = day.say(EXAMPLE, code=first.code, symbol=kind_of(first.kind).symbol, day=day.day(day.today))
    lines = [
        _subject(day, mine),
        day.say(DEAR_SEVERAL, person=person, count=day.count(len(mine)), unit=day.say(OF_YOUR_UNIT)),
        *_listed(day, mine, MORE),
        day.say(HOW_SEVERAL),
        example,
        day.say(REGARDS),
    ]
    return Digest("\n".join(lines), _openers(mine))


def _subject(day: _Day, mine: Sequence[Matter]) -> str:
    overdue = sum(day.today > last_day(m.obligation, day.calendar) for m in mine)
    if overdue == len(mine):
        return day.say(ALL_OVERDUE, count=day.count(overdue))
    of_them = day.say(OF_THEM, count=day.count(overdue)) if overdue else ""
    return day.say(SEVERAL, count=day.count(len(mine)), overdue=of_them)


def _listed(day: _Day, matters: Sequence[Matter], more: Phrase) -> list[str]:
    lines = [
        day.say(
            LINE,
            code=m.obligation.code,
            unit=f"{m.unit}, " if m.unit else "",
            title=title_of(m.obligation, day.language),
            standing=_standing(day, m.obligation),
        )
        for m in matters[:LISTED]
    ]
    rest = len(matters) - LISTED
    return [*lines, day.say(more, count=day.count(rest))] if rest > 0 else lines


def _openers(matters: Sequence[Matter]) -> tuple[Choice, ...]:
    return tuple(Choice(m.obligation.code, m.obligation.code) for m in matters[:BUTTONS])


# --- what came from a unit that has ceased --------------------------------------------------------------------------

INHERITED = Phrase(
    "{to} kế thừa {count} việc đang mở của {unit}: {codes}. Thời hạn giữ nguyên. "
    "Đề nghị đồng chí gõ /kehoach để xem. Trân trọng.",
    "{to} takes over open matters of {unit} ({count}): {codes}. Their due dates stand. Please type /plans. With regards.",
)


def inherited(to: str, unit: str, codes: Sequence[str], language: str) -> str:
    """What the heads of a successor are told, with the codes they will be reminded by; many are named in part."""
    shown = ", ".join(codes[:BUTTONS]) + (", …" if len(codes) > BUTTONS else "")
    phrase = INHERITED.vi if language == "vi" else INHERITED.en
    return phrase.format(to=to, unit=unit, count=show_two(len(codes), language), codes=shown)


# --- those who watch over it ----------------------------------------------------------------------------------------

ATTENTION = Phrase("V/v {parts}", "Re: {parts}")
PART_MINE = Phrase("{count} việc của đơn vị", "tasks of your unit: {count}")
PART_WATCHED = Phrase("đôn đốc {count} việc quá hạn", "overdue, to be followed up: {count}")
PART_WAITING = Phrase("{count} đề nghị, báo cáo chờ trả lời", "requests and reports to be answered: {count}")
PART_UNREACHED = Phrase("{count} việc chưa báo được cho đơn vị", "reminders that could reach nobody: {count}")
DEAR = Phrase("Kính gửi đồng chí {person}:", "Dear {person}:")
HEAD_MINE = Phrase("Việc của đơn vị:", "Tasks of your unit:")
HEAD_WATCHED = Phrase("Đã quá hạn, Hệ thống chưa nhận được kết quả:", "Overdue, no result was received so far:")
HEAD_WAITING = Phrase(
    "Đề nghị, báo cáo đã quá thời hạn trả lời {days} ngày làm việc:",
    "Requests and reports past their time to be answered (working days: {days}):",
)
WAITING_LINE = Phrase("{code}: {unit}, gửi ngày {asked}", "{code}: {unit}, sent on {asked}")
HEAD_UNREACHED = Phrase(
    "Không gửi được nhắc việc vì đơn vị chưa có thủ trưởng nhận tin trên Hệ thống, đề nghị gửi văn bản:",
    "Nobody at these units can be reached in the chat, please send a letter:",
)
MORE_WATCHED = Phrase("… và {count} việc khác: gõ /quahan để xem đủ.", "… and {count} more: type /overdue for all.")
FOLLOW_UP = Phrase(
    "Gõ /quahan để đôn đốc hoặc lấy dự thảo công văn đôn đốc; gõ mã việc để mở hồ sơ.",
    "Type /overdue to remind them or for a draft reminder letter; type a code to open its record.",
)


PART_YEARLY = Phrase("{count} việc hằng năm chưa lập", "yearly tasks to be set: {count}")
HEAD_YEARLY = Phrase(
    "Việc hằng năm chưa lập cho năm nay, gõ /vanban để lập:",
    "Demanded every year, not yet set for this one; type /directive:",
)


def _of_all(day: _Day, person: str, mine: Sequence[Matter], others: _Others) -> Digest:
    counted = ((PART_MINE, mine), (PART_WATCHED, others.watched), (PART_WAITING, others.waiting),
               (PART_UNREACHED, others.unreached), (PART_YEARLY, others.yearly))  # fmt: skip
    parts = [day.say(phrase, count=day.count(len(listed))) for phrase, listed in counted if listed]
    lines = [day.say(ATTENTION, parts="; ".join(parts)), day.say(DEAR, person=person)]
    if mine:
        lines += [day.say(HEAD_MINE), *_listed(day, mine, MORE)]
    if others.watched:
        lines += [day.say(HEAD_WATCHED), *_listed(day, others.watched, MORE_WATCHED)]
    if others.waiting:
        lines.append(day.say(HEAD_WAITING, days=day.count(ANSWER_WITHIN)))
        lines += [
            day.say(WAITING_LINE, code=w.code, unit=w.unit, asked=day.day(w.asked)) for w in others.waiting[:LISTED]
        ]
    if others.unreached:
        lines += [day.say(HEAD_UNREACHED), *_listed(day, others.unreached, MORE_WATCHED)]
    if others.yearly:
        lines += [day.say(HEAD_YEARLY), *(f"- {day.quoted(cited)}" for cited in others.yearly[:LISTED])]
    lines += [day.say(FOLLOW_UP), day.say(REGARDS)]
    openers = (*_openers([*mine, *others.watched]), *(Choice(w.code, w.code) for w in others.waiting))
    return Digest("\n".join(lines), tuple(dict.fromkeys(openers))[:BUTTONS])
