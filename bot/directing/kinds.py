"""The kinds of work with who is told of them when; an administrator changes a ladder by writing it anew."""

from __future__ import annotations

from typing import Any

from bot.directing.draft import number_of
from bot.talk import Talk
from inspection import ladder
from inspection.access import may_everywhere
from inspection.ladder import LadderError
from inspection.messages import Choice
from inspection.phrases import Phrase
from inspection.words import fold
from storage import directives, journal, units
from storage.journal import Entry

COMMAND = "vanban"
WORDS = ("nhac", "bac nhac", "ladder")
DEFAULT_WORDS = ("mac dinh", "default")

LIST = Phrase(
    "Loại việc và bậc nhắc (số ngày làm việc, - trước hạn, + sau hạn):\n{lines}{how}",
    "Kinds of work and their ladders (working days, - before due, + after):\n{lines}{how}",
)
HOW = Phrase("\nGõ số để sửa bậc nhắc. Ví dụ: 1", "\nType a number to change a ladder. Example: 1")
LINE = Phrase("{n}. {kind}: {ladder}", "{n}. {kind}: {ladder}")
ASK = Phrase(
    "{kind}, đang nhắc: {now}\nĐề nghị gõ bậc nhắc mới, hoặc “mặc định”. Ví dụ: {example}",
    "{kind}, at present: {now}\nPlease type the new ladder in the same words, or “default”. Example: {example}",
)
DONE = Phrase("Đã đổi bậc nhắc của {kind}: {now}", "The ladder of {kind} is now: {now}")
FAULT = Phrase("{fault}", "The ladder could not be read: {fault}")


def show(talk: Talk) -> None:
    """Every kind with its ladder."""
    known, own = directives.kinds(talk.connection), directives.ladders(talk.connection)
    lines = [
        talk.words(LINE, n=n, kind=talk.quoted(kind.name), ladder=_shown(talk, own.get(code)))
        for n, (code, kind) in enumerate(known.items(), start=1)
    ]
    changes = _may_change(talk)
    text = talk.words(LIST, lines="\n".join(lines), how=talk.words(HOW) if changes else "")
    choices = [Choice(f"{n}. {talk.quoted(kind.name)}", str(n)) for n, kind in enumerate(known.values(), start=1)]
    talk.ask(text, COMMAND, "kinds", choices if changes else (), codes=list(known))


def hear(talk: Talk, text: str, focus: dict[str, Any]) -> None:
    """Which one, then its new ladder."""
    if not _may_change(talk):
        talk.refuse("change_kinds")
    elif focus["step"] == "kinds":
        codes, number = list(focus["codes"]), number_of(text)
        if 1 <= number <= len(codes):
            _ask(talk, codes[number - 1])
        else:
            show(talk)
    else:
        _change(talk, text, str(focus["kind"]))


def _may_change(talk: Talk) -> bool:
    """A ladder holds for everybody: for those whose role does, too."""
    return may_everywhere(talk.person, "set_ladder", {top.id for top in units.tops(talk.connection, talk.ledger.today)})


def _ask(talk: Talk, code: str, fault: str = "") -> None:
    kind = directives.kinds(talk.connection)[code]
    now = _shown(talk, directives.ladders(talk.connection).get(code))
    text = talk.words(ASK, kind=talk.quoted(kind.name), now=now, example=talk.quoted(ladder.DEFAULT))
    talk.ask(fault or text, COMMAND, "ladder", kind=code)


def _change(talk: Talk, text: str, code: str) -> None:
    plain = "" if fold(text).strip(" .") in DEFAULT_WORDS else text
    kind = directives.kinds(talk.connection)[code]
    try:
        directives.keep_kind(talk.connection, kind, plain)
    except LadderError as error:
        _ask(
            talk,
            code,
            talk.words(
                FAULT,
                fault=talk.quoted(str(error).replace("“", "‘").replace("”", "’"))
                if talk.language != "vi"
                else str(error),
            ),
        )
        return
    now = directives.ladders(talk.connection).get(code)
    details = {"ladder": ladder.show(now) if now else ""}
    journal.append(talk.connection, Entry(talk.person.id, "ladder_changed", code, details), talk.ledger.now)
    talk.say(DONE, kind=talk.quoted(kind.name), now=_shown(talk, now))


def _shown(talk: Talk, rungs: tuple[ladder.Rung, ...] | None) -> str:
    return talk.quoted(ladder.show(rungs or ladder.read("")))
