"""A workbook from the chat: read aside, compared, asked about, and imported whole in one turn or not at all.

What was shown is what is imported: the turn compares once more, and if anything would be otherwise than it was shown,
nothing is done and the workbook is checked anew.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import may_everywhere
from inspection.figures import show_two
from inspection.messages import Choice, Document, Reply
from inspection.phrases import Phrase
from inspection.shown import number
from inspection.working_days import local_date
from storage import journal, units
from storage.errands import Errand
from storage.journal import Entry
from storage.workbook import importing
from storage.workbook.faults import WorkbookFaults

SHOWN = 10  # lines in a message; the whole list goes with it as a file
LINE = 200  # characters of such a line

FAULTS = Phrase(
    "{name}: có {count} điểm cần sửa; chưa có gì được nạp.\n{lines}\nĐề nghị sửa rồi gửi lại tệp.",
    "{name}: {count} faults; nothing has been imported.\n{lines}\nPlease put them right and send the file again.",
)
MORE = Phrase("… và {count} dòng nữa, xem tệp kèm theo.", "… and {count} more, see the file.")
FULL_LIST = Phrase(
    "Nếu không thấy tệp kèm theo, danh sách đủ có trên máy chủ: kycuong import TEP.xlsx --check",
    "If no file comes with this, the whole list is to be had on the server: kycuong import TEP.xlsx --check",
)
SAME = Phrase("{name}: không có gì thay đổi so với dữ liệu đang lưu.", "{name}: nothing differs from what is stored.")
CHANGES = Phrase(
    "{name} đọc được, chưa nạp. Sẽ thay đổi:\n{summary}\n{lines}\n1. Nạp   2. Không nạp\nVí dụ: 1",
    "{name} is sound, not imported yet. It would change:\n{summary}\n{lines}\n1. Import   2. Do not import\nExample: 1",
)
IMPORT = Phrase("1. Nạp", "1. Import")
LEAVE = Phrase("2. Không nạp", "2. Do not import")
DONE = Phrase("Đã nạp {name}:\n{summary}", "{name} is imported:\n{summary}")
AGAIN = Phrase(
    "Chưa nạp: dữ liệu của Hệ thống đã thay đổi sau lần kiểm tra. Hệ thống đang kiểm tra lại {name}.",
    "Not imported: the stored data changed since the check. {name} is being checked again.",
)
GONE = Phrase(
    "Hệ thống không còn giữ {name} (quá 07 ngày). Đề nghị gửi lại tệp.",
    "{name} is no longer kept (after 7 days). Please send the file again.",
)
TOO_LARGE = Phrase(
    "{name} lớn hơn 20 MB nên mạng không chuyển được. Đề nghị tách thành nhiều tệp rồi gửi lần lượt.",
    "{name} is larger than 20 MB, which the network does not hand over. Please split it and send the parts in turn.",
)
TROUBLE = Phrase(
    "Chưa xử lý được {name}; chưa có gì được nạp. Đề nghị gửi lại tệp, hoặc nhờ người vận hành: "
    "kycuong import TEP.xlsx --check",
    "{name} could not be handled; nothing has been imported. Please send it again, or ask the operator: "
    "kycuong import TEP.xlsx --check",
)


def may_import(talk: Talk) -> bool:
    """A workbook can change every unit, person and role: it takes an administrator of a unit that has none above."""
    tops = units.tops(talk.connection, talk.ledger.today)
    return may_everywhere(talk.person, "import", [unit.id for unit in tops])


class Check(Task):
    """details: {"name"} and "media" (of the file sent) or "sha256" (a file checked before)."""

    kind = "workbook"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """All that is to be put right, or all that would change."""
        sha = str(errand.details.get("sha256", ""))
        if sha and not means.store.exists(sha):
            return {"outcome": "gone"}
        data = means.store.get(sha) if sha else means.data
        sha = sha or means.store.put(data)
        try:
            book = importing.read(data, str(errand.details["name"]))
            plan: importing.Plan = means.read(lambda connection: _plan(connection, book, means.now))
            faults = plan.faults
        except WorkbookFaults as refused:
            faults = tuple(refused.faults)
        if faults:
            return {"outcome": "faults", **_listed([fault.line for fault in faults], means)}
        if not plan.changes:
            return {"outcome": "same", "notes": list(plan.notes)}
        lines = _lines(plan)
        seen = {"sha256": sha, "print": _print(sha, plan), "summary": plan.summary(), "notes": list(plan.notes)}
        return {"outcome": "changes", **seen, **_listed(lines, means)}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Say what is to be put right, or ask before anything is changed."""
        name = str(errand.details["name"])
        if not may_import(talk):
            talk.refuse("import")
        elif details["outcome"] == "faults":
            shown = {"name": name, "count": show_two(details["count"]), "lines": _shown(talk, details)}
            talk.reply(Reply(talk.words(FAULTS, **shown), document=_list(talk, "diem-can-sua.txt", details)))
        elif details["outcome"] == "same":
            talk.say(SAME, name=name)
        elif details["outcome"] == "changes":
            shown = {"name": name, "summary": "\n".join(details["summary"]), "lines": _shown(talk, details)}
            text = "\n".join([*details["notes"][:SHOWN], talk.words(CHANGES, **shown)])
            ask(talk, text, _list(talk, "thay-doi.txt", details), {
                "file": name, "sha256": details["sha256"], "print": details["print"],
            })  # fmt: skip
        else:
            not_handled(talk, name, details)


class Import(Task):
    """details: {"name", "sha256", "print"}: the file that was checked, and the changes that were agreed to."""

    kind = "import"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Read it once more; nothing is compared beside the transaction that writes."""
        sha = str(errand.details["sha256"])
        if not means.store.exists(sha):
            return {"outcome": "gone"}
        return {"outcome": "ready", "book": importing.read(means.store.get(sha), str(errand.details["name"]))}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Compare and write in this turn's transaction, if it is what was agreed to."""
        name, sha = str(errand.details["name"]), str(errand.details["sha256"])
        if not may_import(talk):
            talk.refuse("import")
            return
        if details["outcome"] != "ready":
            not_handled(talk, name, details)
            return
        plan = _plan(talk.connection, details["book"], talk.ledger.now)
        if not plan.faults and not plan.changes:
            talk.say(SAME, name=name)
        elif plan.faults or _print(sha, plan) != errand.details["print"]:
            talk.order("workbook", {"name": name, "sha256": sha})
            talk.say(AGAIN, name=name)
        else:
            importing.apply(talk.connection, plan)
            changed = Entry(talk.person.id, "imported", "", {"sha256": sha, "changes": len(plan.changes)})
            journal.append(talk.connection, changed, talk.ledger.now)
            talk.say(DONE, name=name, summary="\n".join(plan.summary()))


def ask(talk: Talk, text: str, document: Document | None, seen: dict[str, Any]) -> None:
    """Ask whether to import; the answer comes back to /nap. seen: {"file", "sha256", "print"}."""
    choices = (Choice(talk.words(IMPORT), "1"), Choice(talk.words(LEAVE), "2"))
    talk.reply(Reply(text, choices, {"at": "command", "name": "nap", "step": "confirm", **seen}, document=document))


def not_handled(talk: Talk, name: str, details: dict[str, Any]) -> None:
    """The file could not be had, or something went wrong."""
    if details["outcome"] == "gone":
        talk.say(GONE, name=name)
    elif details.get("reason") == "too_large":
        talk.say(TOO_LARGE, name=name)
    else:
        talk.say(TROUBLE, name=name)


def _plan(connection: Any, book: importing.ReadBook, now: Any) -> importing.Plan:
    return importing.plan(connection, book, now=now, today=local_date(now), new_id=lambda: secrets.token_hex(16))


def _lines(plan: importing.Plan) -> list[str]:
    return list(plan.lines(most_new=len(plan.changes)))


def _print(sha: str, plan: importing.Plan) -> str:
    """The same as long as the same file would change the same."""
    return hashlib.sha256("\n".join([sha, *_lines(plan)]).encode()).hexdigest()


def _listed(lines: Sequence[str], means: Means) -> dict[str, Any]:
    """The first lines, how many there are, and if that is not all, the whole list as a stored file."""
    whole = "\r\n".join(lines).encode("utf-8-sig") if len(lines) > SHOWN else b""
    return {
        "lines": [line if len(line) <= LINE else f"{line[:LINE]}…" for line in lines[:SHOWN]],
        "count": len(lines),
        "list": means.store.put(whole) if whole else "",
    }


def _shown(talk: Talk, details: dict[str, Any]) -> str:
    lines = [f"- {line}" for line in details["lines"]]
    if details["count"] > len(lines):
        lines.append(talk.words(MORE, count=number(details["count"] - len(lines), talk.language)))
    return "\n".join(lines)


def _list(talk: Talk, name: str, details: dict[str, Any]) -> Document | None:
    return Document(name, details["list"], talk.words(FULL_LIST)) if details["list"] else None
