"""/donvi: the units of the asker's area, from the top down or by any name they have or had; and the card of each.

Nothing outside the area is ever named, and a visit under way is told to its leader alone. What a signed visit found is
shown to those who inspect and administer; a head of unit waits for the notice of conclusions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands import succession
from bot.commands.base import Command
from bot.commands.people import NETWORKS
from bot.matters.common import addressed, how_it_stands
from bot.talk import Talk
from inspection.access import ADMIN, INSPECTOR, TEAM_HEAD, UNIT_HEAD
from inspection.figures import show_day, show_two
from inspection.messages import Choice
from inspection.obligations import REMEDY
from inspection.phrases import Phrase, say
from inspection.prompts import lower_first
from inspection.shown import show_score, when
from inspection.words import fold
from inspection.working_days import LOCAL
from storage import consents, obligations, outbox, people, unit_cards, units, visits
from storage.people import Account, Person
from storage.units import Unit

ROLES = (ADMIN, INSPECTOR, TEAM_HEAD, UNIT_HEAD)
PAGE = 10  # lines of a list
NOT_INSPECTED = ("province", "district")  # they are only a way down to the units below
LINES = 5  # findings or obligations told one by one
NEXT, PREVIOUS, UP = "tiep", "truoc", "len"

NOT_FOUND = Phrase(
    'Không tìm thấy đơn vị "{words}" trong phạm vi được giao. Gõ tên khác, có dấu hoặc không dấu; tên cũ cũng tìm được. Ví dụ: diem he',
    'No unit "{words}" in your area. Type another name, with or without marks; former names are found too. Example: diem he',
)
FOUND = Phrase("Tìm thấy {count} đơn vị:\n{lines}", "Units found: {count}\n{lines}")
AREA = Phrase("Phạm vi của đồng chí:\n{lines}", "Your area:\n{lines}")
BELOW = Phrase(
    "Đơn vị trực thuộc, {first}-{last}/{total}:\n{lines}", "Units below, {first}-{last} of {total}:\n{lines}"
)
HOW = Phrase(
    "Gõ số để mở, hoặc gõ tên đơn vị. Ví dụ: {example}", "Type a number to open one, or a name. Example: {example}"
)
ONLY_NAME = Phrase("Gõ tên đơn vị khác để xem. Ví dụ: diem he", "Type another unit's name to see it. Example: diem he")
NEXT_PAGE = Phrase("Gõ “tiếp” để xem trang sau.", "Type “next” for the next page.")
PREVIOUS_PAGE = Phrase("Gõ “trước” để xem trang trước.", "Type “previous” for the page before.")
UPWARDS = Phrase("Gõ “lên” để về {parent}.", "Type “up” for {parent}.")
LABELS = {
    NEXT: Phrase("Tiếp", "Next"),
    PREVIOUS: Phrase("Trước", "Previous"),
    UP: Phrase("Lên", "Up"),
}
WORDS = {
    NEXT: NEXT, "next": NEXT, "trang sau": NEXT, PREVIOUS: PREVIOUS, "previous": PREVIOUS, "trang truoc": PREVIOUS,
    UP: UP, "up": UP, "len tren": UP,
}  # fmt: skip

CALLED = Phrase("{unit}{former}.{desk}", "{unit}{former}.{desk}")
ONE_STOP = Phrase(" Có Bộ phận Một cửa.", " Has a one-stop desk.")
HEAD = Phrase("Thủ trưởng: {name}; {reach}.", "Head: {name}; {reach}.")
STAND_IN = Phrase(
    "Thay đồng chí {absent} đến hết ngày {day}: {name}; {reach}.",
    "In the place of {absent} until {day}: {name}; {reach}.",
)
NO_HEAD = Phrase("Chưa có thủ trưởng trong Hệ thống.", "No head is known.")
REACHED = Phrase("nhận tin qua {networks}", "receives messages on {networks}")
DELIVERED = Phrase(", tin gần nhất đã chuyển lúc {moment}", ", last one delivered at {moment}")
ON_PAPER = Phrase("nhận việc bằng văn bản", "is written to on paper")
UNREACHABLE = Phrase("có tài khoản nhưng hiện không nhận tin", "has an account that takes no messages at present")
NO_ACCOUNT = Phrase("chưa liên kết tài khoản trò chuyện", "has no chat account")
LAST = Phrase("Lần kiểm tra gần nhất {day}: {score}/100, {grade}.", "Last visit {day}: {score}/100, {grade}.")
VISITED = Phrase(
    "Lần kiểm tra gần nhất {day}; kết quả theo thông báo kết luận.", "Last visit {day}; see the notice of conclusions."
)
NEVER = Phrase("Chưa có lượt kiểm tra nào.", "No visit yet.")
MINE = Phrase(
    "Đồng chí có lượt kiểm tra chưa kết thúc tại đây: gõ /tieptuc.", "You have a visit here under way: type /resume."
)
FINDINGS = Phrase("Tồn tại, hạn chế chưa xác nhận khắc phục: {count}.", "Findings still open: {count}.")
NO_FINDINGS = Phrase("Không có tồn tại, hạn chế chưa khắc phục.", "No finding is open.")
FINDING = Phrase("- {number}: {sentence}{due}", "- {number}: {sentence}{due}")
DUE = Phrase("; thời hạn {day}", "; due {day}")
OWES = Phrase("Việc đang chờ: {count}.", "Owed: {count}.")
OWES_NOTHING = Phrase("Không có việc đang chờ.", "Nothing is owed.")
OWED = Phrase("- {code}: {title}, thời hạn {due}, {standing}", "- {code}: {title}, due {due}, {standing}")
REST = Phrase("- và {count} nội dung khác", "- and {count} more")


class Units(Command):
    """Browse, search, and the card."""

    name = "donvi"
    alias = "units"
    words = ("đơn vị",)
    roles = ROLES
    help = Phrase("Xem, tìm đơn vị; ví dụ: /donvi diem he", "Browse and find units, e.g. /units diem he")
    lists = ("list", "unit")

    def run(self, talk: Talk, argument: str) -> None:
        """The unit named in the line, or the top of the asker's area."""
        area = talk.person.units(*ROLES)
        if not area:
            talk.refuse("units")
        elif fold(argument) in succession.WORDS:
            succession.ask(talk)
        elif argument:
            _find(talk, argument)
        elif len(area) == 1:
            _open(talk, area[0])
        else:
            known = units.get_many(talk.connection, area, on=talk.ledger.today)
            _list(talk, AREA, [known[unit_id] for unit_id in area if unit_id in known])

    def hear(self, talk: Talk, text: str, focus: dict[str, Any]) -> None:
        """A number of the list, a way through it, or a name. Rights are those of this moment."""
        said = fold(text).removeprefix("so ").strip(" .()")
        if not talk.person.units(*ROLES):
            talk.refuse("units")
        elif focus.get("step") == "heir":
            succession.hear(talk, text, focus)
        elif said.isdigit():
            _numbered(talk, int(said), focus)
        elif said in WORDS and focus.get("unit"):
            _move(talk, WORDS[said], str(focus["unit"]), int(focus.get("page", 0)))
        else:
            _find(talk, text)


def _find(talk: Talk, text: str) -> None:
    area = talk.person.units(*ROLES)
    found = units.find(talk.connection, text, scope=area, on=talk.ledger.today, limit=PAGE)
    if not found:
        talk.ask(talk.words(NOT_FOUND, words=text.strip()[:60]), "donvi", "find")
    elif len(found) == 1 or units.is_exactly(found, text):
        _open(talk, found[0].id)
    else:
        _list(talk, FOUND, found)


def _list(talk: Talk, head: Phrase, listed: Sequence[Unit]) -> None:
    """Units that are not the children of one: found by a name, or the tops of the asker's area."""
    lines = [f"{n}. {label}" for n, label in enumerate(units.labels(listed, talk.language), start=1)]
    text = talk.words(head, count=show_two(len(listed), talk.language), lines="\n".join(lines))
    choices = [Choice(line, str(n)) for n, line in enumerate(lines, start=1)]
    how = talk.words(HOW, example="1")
    talk.ask(f"{text}\n{how}", "donvi", "list", choices, units=[unit.id for unit in listed], first=1)


def _numbered(talk: Talk, number: int, focus: dict[str, Any]) -> None:
    """A number of the list shown; of the same list elsewhere, the page it stands on; of none, the list again."""
    offered, first = focus.get("units", ()), int(focus.get("first", 1))
    if first <= number < first + len(offered):
        _open(talk, str(offered[number - first]))
    elif focus.get("unit"):
        _open(talk, str(focus["unit"]), max(0, number - 1) // PAGE)
    elif offered:
        known = units.get_many(talk.connection, offered, on=talk.ledger.today)
        _list(talk, FOUND, [known[unit_id] for unit_id in offered if unit_id in known and _covered(talk, unit_id)])
    else:
        Units().run(talk, "")


def _move(talk: Talk, where: str, unit_id: str, page: int) -> None:
    if where != UP:
        _open(talk, unit_id, page + (1 if where == NEXT else -1))
        return
    unit = units.get(talk.connection, unit_id, on=talk.ledger.today)
    above = unit.parent_id if unit is not None else None
    _open(talk, above if above and _covered(talk, above) else unit_id)


def _covered(talk: Talk, unit_id: str) -> bool:
    return units.covers(talk.connection, talk.person.units(*ROLES), unit_id, talk.ledger.today)


# --- one unit -------------------------------------------------------------------------------------------------------


def _open(talk: Talk, unit_id: str, page: int = 0) -> None:
    """The card, and a page of the units below; a page further on shows the list alone."""
    unit = units.get(talk.connection, unit_id, on=talk.ledger.today)
    if unit is None or not _covered(talk, unit_id):
        talk.ask(talk.words(NOT_FOUND, words=""), "donvi", "find")
        return
    below = unit_cards.below(talk.connection, unit_id, talk.ledger.today)
    page = min(max(page, 0), max(0, len(below) - 1) // PAGE)
    shown, first = below[page * PAGE : (page + 1) * PAGE], page * PAGE + 1
    labels = [f"{n}. {label}" for n, label in enumerate(units.labels(shown, talk.language), start=first)]
    lines = [] if page else [*_card(talk, unit), *_undecided(talk, unit)]
    if shown:
        last = first + len(shown) - 1
        lines.append(talk.words(BELOW, first=first, last=last, total=len(below), lines="\n".join(labels)))
    ways = _ways(talk, unit, page, len(below))
    lines += [*ways.values(), talk.words(HOW, example=first) if shown else talk.words(ONLY_NAME)]
    choices = [Choice(label, str(n)) for n, label in enumerate(labels, start=first)]
    choices += [Choice(talk.words(LABELS[way]), talk.words(LABELS[way]).lower()) for way in ways]
    talk.ask(
        "\n".join(lines), "donvi", "unit", choices, unit=unit.id, page=page, first=first, units=[u.id for u in shown]
    )


def _ways(talk: Talk, unit: Unit, page: int, total: int) -> dict[str, str]:
    """Where one can go from here besides the numbers, each with the line that says so."""
    ways = {}
    if (page + 1) * PAGE < total:
        ways[NEXT] = talk.words(NEXT_PAGE)
    if page:
        ways[PREVIOUS] = talk.words(PREVIOUS_PAGE)
    if unit.parent_id and _covered(talk, unit.parent_id):
        ways[UP] = talk.words(UPWARDS, parent=unit.parent_name)
    return ways


def _undecided(talk: Talk, unit: Unit) -> list[str]:
    """At the top of the asker's area, and on the card of each successor: that there is something to decide."""
    left = succession.waiting(talk)
    top = unit.id in talk.person.units(ADMIN)
    here = [one for one in left if top or unit.id in one.candidates]
    return [talk.words(succession.WAITING, count=show_two(len(here)))] if here else []


def _card(talk: Talk, unit: Unit) -> list[str]:
    if unit.kind in NOT_INSPECTED:
        return [f"{unit.full_name}."]
    lineage = units.lineage(unit, talk.language)
    sees = talk.covers("see_findings", unit.id)
    mine = unit_cards.leads_visit(talk.connection, talk.person.id, unit.id)
    return [
        talk.words(CALLED, unit=unit.full_name, former=f" ({lineage})" if lineage else "",
                   desk=talk.words(ONE_STOP) if unit.one_stop else ""),
        *_heads(talk, unit),
        _last(talk, unit, sees=sees),
        *([talk.words(MINE)] if mine else []),
        *(_findings(talk, unit) if sees else []),
        *_owed(talk, unit),
    ]  # fmt: skip


def _heads(talk: Talk, unit: Unit) -> list[str]:
    """Heads, who stands in for them, and whether what is sent arrives."""
    charge = people.charges_of(talk.connection, [unit.id], talk.ledger.today).get(unit.id)
    if charge is None:
        return [talk.words(NO_HEAD)]
    ids = [one.id for one in (*charge.heads, *charge.stand_ins.values())]
    reach = _Reach(talk, people.accounts_of(talk.connection, ids), consents.refused(talk.connection, ids))
    lines = [talk.words(HEAD, name=addressed(head, talk.language), reach=reach.of(head)) for head in charge.heads]
    absent = people.get_many(talk.connection, charge.stand_ins, talk.ledger.today)
    for absent_id, person in charge.stand_ins.items():
        held = next(one for one in person.roles if (one.for_id, one.unit_id) == (absent_id, unit.id))
        name = absent[absent_id].name if absent_id in absent else "…"
        day = show_day(held.until, talk.language) if held.until else "…"
        lines.append(
            talk.words(STAND_IN, absent=name, day=day, name=addressed(person, talk.language), reach=reach.of(person))
        )
    return lines


@dataclass(frozen=True, slots=True)
class _Reach:
    """How people can be reached: their open accounts, and who is written to on paper."""

    talk: Talk
    accounts: Mapping[str, Sequence[Account]]
    paper: Collection[str]

    def of(self, person: Person) -> str:
        """In words."""
        talk, accounts = self.talk, self.accounts.get(person.id, ())
        if person.id in self.paper:
            return talk.words(ON_PAPER)
        if not accounts:
            known = people.accounts_listed(talk.connection, person.id)
            return talk.words(UNREACHABLE if known else NO_ACCOUNT)
        networks = dict.fromkeys(NETWORKS.get(one.chat.channel, one.chat.channel) for one in accounts)
        delivered = outbox.last_delivered(talk.connection, [one.chat for one in accounts]).values()
        last = talk.words(DELIVERED, moment=when(talk.language, max(delivered).astimezone(LOCAL))) if delivered else ""
        return talk.words(REACHED, networks=", ".join(networks)) + last


def _last(talk: Talk, unit: Unit, *, sees: bool) -> str:
    """The newest signed visit: one under way, or not signed yet, is nobody's to see here."""
    last = visits.last_visit(talk.connection, unit.id)
    if last is None:
        return talk.words(NEVER)
    day = show_day(last.on.astimezone(LOCAL).date(), talk.language)
    if not sees:
        return talk.words(VISITED, day=day)
    grade = say(talk.language, f"grade_{last.grade}") if last.grade else "…"
    return talk.words(LAST, day=day, score=show_score(last.score, talk.language), grade=grade)


def _findings(talk: Talk, unit: Unit) -> list[str]:
    found = visits.open_findings(talk.connection, unit.id, limit=1000)
    if not found:
        return [talk.words(NO_FINDINGS)]
    lines = [
        talk.words(FINDING, number=one.number, sentence=talk.quoted(lower_first(one.sentence.rstrip("."))),
                   due=talk.words(DUE, day=show_day(one.due, talk.language)) if one.due else "")
        for one in found[:LINES]
    ]  # fmt: skip
    return [talk.words(FINDINGS, count=show_two(len(found), talk.language)), *lines, *_rest(talk, len(found))]


def _owed(talk: Talk, unit: Unit) -> list[str]:
    owed = [one for one in obligations.of_units(talk.connection, [unit.id]) if one.kind != REMEDY]  # said above
    if not owed:
        return [talk.words(OWES_NOTHING)]
    lines = [
        talk.words(
            OWED,
            code=one.code,
            title=one.title_in(talk.language),
            due=show_day(one.due, talk.language),
            standing=how_it_stands(one, talk.ledger.today, talk.ledger.calendar(), talk.language),
        )
        for one in owed[:LINES]
    ]
    return [talk.words(OWES, count=show_two(len(owed), talk.language)), *lines, *_rest(talk, len(owed))]


def _rest(talk: Talk, count: int) -> list[str]:
    return [talk.words(REST, count=show_two(count - LINES, talk.language))] if count > LINES else []
