"""Word templates of documents in the chat: the one in force is sent out, one sent in is tried aside and then kept."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from bot.documents import word
from bot.documents.field_words import WORDS
from bot.documents.reading_copy import reading_copy_apart
from bot.documents.registry import KINDS, built_in
from bot.documents.remarks import Remarks, remarks, told
from bot.talk import Talk
from bot.tasks.base import Means, Task
from inspection.access import may, scope
from inspection.messages import Document, Reply
from inspection.phrases import Phrase
from storage import documents, journal, units
from storage.errands import Errand

HERE = Phrase(
    "Mẫu {title}. Sửa lời, bố cục trong Word, giữ các trường {{{{ … }}}}, rồi gửi lại tệp .docx vào đây.",
    "The template of: {title}. Edit it in Word, keep the fields {{{{ … }}}}, and send the .docx back here.",
)
ON_SERVER = Phrase(
    "Nếu không thấy tệp: lấy trên máy chủ bằng kycuong template --to mau",
    "If no file comes with this, it is to be had on the server: kycuong template --to mau",
)
KEPT = Phrase(
    "Đã điền thử và giữ {name} làm mẫu {title} của {unit} và đơn vị trực thuộc. Trở lại mẫu có sẵn: /mau",
    "{name} was tried and is now the template of {unit} and all below it: {title}. Back to the built-in one: /mau",
)
FIELDS = Phrase(
    "Các trường của mẫu {title}:\n{fields}\n"
    "Trường viết {{{{ so }}}}; danh sách và dòng của bảng được lặp lại, viết như trong mẫu đã gửi.",
    "The fields of the template: {title}\n{fields}\n"
    "A field is written {{{{ so }}}}; lists and rows of tables are repeated, as in the template that was sent.",
)
FAULT = Phrase(
    "{name} chưa dùng được, mẫu cũ giữ nguyên. {fault}", "{name} cannot be used, nothing has changed. {fault}"
)
TROUBLE = Phrase(
    "Chưa xử lý được {name}; mẫu cũ giữ nguyên. Đề nghị gửi lại tệp.",
    "{name} could not be handled; nothing has changed. Please send it again.",
)


def authority(talk: Talk) -> str:
    """The unit whose templates this administrator keeps; "" for nobody."""
    return next(iter(scope(talk.person, "templates")), "")


def keep(talk: Talk, kind: str, content: bytes) -> str:
    """Keep a template, or with nothing in it take the own one back; returns the unit's name."""
    unit_id, now = authority(talk), talk.ledger.now
    documents.keep_template(talk.connection, unit_id, kind, content, now=now, by=talk.person.id)
    act = "template_kept" if content else "template_taken_back"
    journal.append(talk.connection, journal.Entry(talk.person.id, act, details={"unit": unit_id, "kind": kind}), now)
    unit = units.get(talk.connection, unit_id, on=talk.ledger.today)
    return unit.full_name if unit else ""


class FormOut(Task):
    """details: {"kind", "unit"}."""

    kind = "form_out"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """The unit's own template, or the built-in one."""
        kind = str(errand.details["kind"])
        own = means.read(lambda connection: documents.template(connection, [str(errand.details["unit"])], kind))
        return {"outcome": "ready", "sha256": means.store.put(own or built_in(kind))}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Send it."""
        kind = str(errand.details["kind"])
        if not may(talk.person, "templates"):
            talk.refuse("templates")
        elif details["outcome"] != "ready":
            talk.say(TROUBLE, name=KINDS[kind].file)
        else:
            document = Document(KINDS[kind].file, details["sha256"], talk.words(ON_SERVER))
            talk.reply(Reply(talk.words(HERE, title=talk.words(KINDS[kind].title)), document=document))
            talk.reply(Reply(_fields_of(talk, kind)))


def _fields_of(talk: Talk, kind: str) -> str:
    """Every field with what it holds; of the rows of a table, what each row has."""
    known = KINDS[kind].trial().draft
    lines = [f"{name}: {talk.words(WORDS[name])}{_parts(value)}" for name, value in sorted(known.items())]
    return talk.words(FIELDS, title=talk.words(KINDS[kind].title), fields="\n".join(lines))


def _parts(value: object) -> str:
    """The names within a list of rows: " (stt, ma, …)"."""
    rows = value if isinstance(value, list) else []
    return f" ({', '.join(rows[0])})" if rows and isinstance(rows[0], dict) else ""


class FormIn(Task):
    """details: {"kind", "name", "media"}."""

    kind = "form_in"

    def work(self, errand: Errand, means: Means) -> dict[str, Any]:
        """Try it with everything a document of its kind can hold."""
        kind = str(errand.details["kind"])
        try:
            word.try_out(means.data, KINDS[kind].trial(), partial(reading_copy_apart, made_at=means.now))
            found = asdict(remarks(means.data, kind))
        except word.TemplateFaultError as fault:
            return {"outcome": "fault", "fault": str(fault)}
        return {"outcome": "fits", "content": means.data.hex(), "remarks": found}

    def tell(self, talk: Talk, errand: Errand, details: dict[str, Any]) -> None:
        """Keep it, by the rights of this moment, or say what is wrong with it."""
        kind, name = str(errand.details["kind"]), str(errand.details["name"])
        if not may(talk.person, "templates"):
            talk.refuse("templates")
        elif details["outcome"] == "fault":
            talk.say(FAULT, name=name, fault=details["fault"])
        elif details["outcome"] != "fits":
            talk.say(TROUBLE, name=name)
        else:
            unit = keep(talk, kind, bytes.fromhex(details["content"]))
            said = [talk.words(KEPT, name=name, title=talk.words(KINDS[kind].title), unit=unit)]
            talk.reply(Reply("\n".join([*said, *told(Remarks(**details["remarks"]), talk.language)])))
