"""The sheet of directives: one row a demand, rows of one Mã are one document; importing again never doubles a task.

A directive of an earlier year is history: it is stored, nothing is owed from it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from inspection.directives import (
    LONGEST,
    LONGEST_SUBJECT,
    LONGEST_SYMBOL,
    LONGEST_WORK,
    due_fault,
    number_key,
    read_due,
    read_kind,
    split_year,
)
from inspection.obligations import KINDS, REMEDY, Kind
from inspection.words import fold
from storage import calendar, due_dates
from storage import directives as directive_store
from storage.directives import AddresseesError, Demand, Directive
from storage.tables import demands, directives
from storage.workbook.faults import Fault, WorkbookFaults
from storage.workbook.sheets import units
from storage.workbook.sheets.base import (
    KEY_LENGTH,
    Book,
    CellValue,
    Change,
    Column,
    Row,
    Sheet,
    Table,
    World,
    Write,
    plain,
    read_day,
    show,
)

TITLE = "Văn bản"
KIND_WORDS = {kind.name: kind.code for kind in KINDS.values() if kind.code != REMEDY}
DOCUMENT = ("number_symbol", "issued", "issuer", "subject", "year", "parent")
_HEADERS = {"number_symbol": "number", "issued": "issued", "issuer": "unit", "subject": "subject", "year": "year",
            "parent": "carries"}  # fmt: skip
_DUE_SENTENCES = {
    "unread": "“{text}” không phải thời hạn; đề nghị ghi ngày có trong lịch dạng 06/02/2026, hoặc 10 ngày làm việc.",
    "period": "“{text}”: thời hạn tính từ 1 đến {most} ngày; đề nghị ghi lại.",
    "before_directive": "thời hạn trước ngày ban hành {issued}; đề nghị ghi ngày sau ngày đó.",
    "past": "thời hạn đã qua, không đơn vị nào còn làm kịp; đề nghị ghi ngày từ hôm nay.",
}
_TO_SENTENCES = {
    "unknown": "không có đơn vị “{words}” dưới cơ quan ban hành{offered}; đề nghị ghi Mã hoặc tên đơn vị.",
    "several": "“{words}” có thể là nhiều đơn vị{offered}; đề nghị ghi Mã.",
    "gone": "đơn vị “{words}” không còn{offered}; đề nghị ghi đơn vị tiếp nhận.",
    "nobody": "cơ quan ban hành không có đơn vị trực thuộc như vậy; đề nghị ghi Mã từng đơn vị.",
}


@dataclass(frozen=True, slots=True)
class DirectiveRow:
    """A row as read. document: by the names of DOCUMENT, issuer and parent as Mã; due: as `read_due` reads it."""

    row: Row
    key: str
    document: Mapping[str, Any]
    kind: Kind
    work: str
    to: str
    due: str
    yearly: bool

    @property
    def own(self) -> tuple[str, str, str]:
        """What makes it the same demand at the next import: Mã, kind, words."""
        return self.key, self.kind.code, fold(self.work)


# --- reading --------------------------------------------------------------------------------------------------------


def _read(table: Table) -> list[DirectiveRow]:
    found = [_row(row) for row in table.rows]
    first: dict[tuple[str, str, str], int] = {}
    heads: dict[str, DirectiveRow] = {}
    for one in found:
        if one.key and one.work and one.own in first:
            one.row.fault(
                "work", f"văn bản {one.key} đã giao việc này ở dòng {first[one.own]}; đề nghị chỉ giữ một dòng."
            )
        first.setdefault(one.own, one.row.number)
        head = heads.setdefault(one.key, one)
        for name in DOCUMENT:
            if one.key and one.document[name] != head.document[name]:
                one.row.fault(
                    _HEADERS[name], f"khác với dòng {head.row.number} của cùng văn bản {one.key}; đề nghị ghi như nhau."
                )
    return found


def _row(row: Row) -> DirectiveRow:
    issued = row.day("issued")
    if issued is None and not plain(row.raw("issued")):
        row.fault("issued", "chưa có nội dung; đề nghị ghi ngày dạng 12/01/2026.")
    typed = row.needed("kind")
    kind = read_kind(typed)
    if kind.code == REMEDY:
        row.fault("kind", "việc khắc phục tồn tại chỉ phát sinh từ cuộc kiểm tra; đề nghị ghi loại việc khác.")
    subject = row.text("subject")
    year = row.whole("year")
    if issued is not None and year is not None and abs(year - issued.year) > 1:
        row.fault("year", f"năm {year} cách năm ban hành {issued.year} quá một năm; đề nghị ghi lại.")
    year = year or split_year(subject, issued.year if issued else 0)[1]
    document = {
        "number_symbol": row.needed("number"), "issued": issued, "issuer": row.key("unit"), "subject": subject,
        "year": year, "parent": row.text("carries"),
    }  # fmt: skip
    work, _ = split_year(row.text("work") or kind.name, 0)
    return DirectiveRow(
        row, row.key("key"), document, kind, work, row.needed("to"), _due(row, issued), row.yes("yearly")
    )


def _due(row: Row, issued: date | None) -> str:
    """A day or a period as it is kept; a date cell is a day."""
    day = read_day(row.raw("due"))
    if day is not None:
        return show(day)
    text = row.needed("due")
    rule = read_due(text, year=issued.year) if issued else None
    return rule.show() if rule else text


# --- comparing ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Beside:
    """What the rows are compared with: directives by Mã (one of the chat answers to its id) and what they ask."""

    world: World
    stored: dict[str, Directive]
    asked: dict[tuple[str, str, str], Demand]
    ids: dict[str, str]

    def due_fault(self, one: DirectiveRow, before: Demand | None) -> None:
        """A due date that stays as it was may have passed meanwhile; history may, too."""
        issued, year = one.document["issued"], one.document["year"]
        if issued is None or not one.due:
            return
        fault = due_fault(one.due, issued, self.world.today, calendar.current(self.world.connection, self.world.today))
        known = before is not None and before.due_rule == one.due
        if fault is not None and not (fault == "past" and (known or year < self.world.today.year)):
            sentence = _DUE_SENTENCES[fault].format(text=one.due[:40], most=LONGEST, issued=show(issued))
            one.row.fault("due", sentence)

    def to_fault(self, one: DirectiveRow) -> None:
        """Whom it is for; of units that come with the workbook the Mã is looked at now, the tree once it is there."""
        issuer = self.world.units.get(one.document["issuer"])
        if issuer is None or not one.to:
            return
        pieces = [piece.strip() for piece in one.to.split(";") if piece.strip()]
        text = "; ".join(piece for piece in pieces if piece not in self.world.units)
        if not text or not self._is_stored(issuer.id):
            return
        try:
            directive_store.addressed(self.world.connection, issuer.id, text, self.world.today)
        except AddresseesError as error:
            one.row.fault("to", to_sentence(error))

    def _is_stored(self, unit_id: str) -> bool:
        return unit_id in units.keys(self.world.connection)


def to_sentence(error: AddresseesError) -> str:
    """What is wrong with whom a demand is for, and what could be meant."""
    offered = f" ({'; '.join(error.offered)})" if error.offered else ""
    return _TO_SENTENCES[error.why].format(words=error.words[:60], offered=offered)


def _compare(book: Book, world: World) -> Iterator[Change]:
    rows: Sequence[DirectiveRow] = [one for one in book.get("directives", ()) if one.key]
    if not rows:
        return
    beside = _load(world)
    heads: dict[str, DirectiveRow] = {}
    for one in rows:
        heads.setdefault(one.key, one)
    for key in heads:
        beside.ids.setdefault(key, beside.stored[key].id if key in beside.stored else world.new_id())
    _check_documents(heads, beside)
    for one in rows:
        beside.due_fault(one, beside.asked.get(one.own))
        beside.to_fault(one)
    for key in _parents_first(heads):
        yield from _document(heads[key], beside)
    yield from (change for one in rows if (change := _demand(one, beside)) is not None)


def _check_documents(heads: Mapping[str, DirectiveRow], beside: _Beside) -> None:
    numbers = {
        (d.issuer_id, d.number_symbol, d.issued.year): key for key, d in beside.stored.items() if key not in heads
    }
    parents = {key: d.parent_id for key, d in beside.stored.items()}
    by_id = {directive_id: key for key, directive_id in beside.ids.items()}
    above = {key: by_id.get(parent or "", "") for key, parent in parents.items()}
    above |= {key: one.document["parent"] for key, one in heads.items()}
    for key, one in heads.items():
        document, row = one.document, one.row
        issuer = beside.world.units.get(document["issuer"])
        if document["issuer"] and issuer is None:
            row.fault("unit", f"chưa có đơn vị mã “{document['issuer']}”; đề nghị thêm đơn vị này hoặc ghi lại mã.")
        if document["parent"] and document["parent"] not in beside.ids:
            row.fault("carries", f"chưa có văn bản mã “{document['parent']}”; đề nghị thêm văn bản này hoặc để trống.")
        elif _circles(key, above):
            row.fault(
                "carries", f"“{document['parent']}” là chính văn bản này hoặc văn bản thực hiện nó; đề nghị ghi lại."
            )
        if issuer is None or document["issued"] is None:
            continue
        number = (issuer.id, number_key(document["number_symbol"]), document["issued"].year)
        if number in numbers:
            told = f"số {document['number_symbol']} năm {number[2]} của cơ quan này đã là văn bản {numbers[number]}"
            row.fault("number", f"{told}; đề nghị ghi lại số, hoặc dùng mã đó.")
        numbers[number] = key
        if document["issued"] > beside.world.today:
            row.fault("issued", "sau ngày nạp; đề nghị ghi lại ngày ban hành.")


def _circles(start: str, above: Mapping[str, str]) -> bool:
    """Whether one comes back to where one began."""
    seen, at = set(), above.get(start, "")
    while at and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = above.get(at, "")
    return False


def _parents_first(heads: Mapping[str, DirectiveRow]) -> list[str]:
    """The documents in an order in which each stands after the one it carries out."""
    order: list[str] = []

    def add(key: str, path: tuple[str, ...]) -> None:
        parent = heads[key].document["parent"]
        if parent in heads and parent not in path:
            add(parent, (*path, key))
        if key not in order:
            order.append(key)

    for key in heads:
        add(key, (key,))
    return order


def _document(one: DirectiveRow, beside: _Beside) -> Iterator[Change]:
    document = one.document
    issuer = beside.world.units.get(document["issuer"])
    values = {
        "number_symbol": document["number_symbol"], "issued": document["issued"], "subject": document["subject"],
        "issuer_id": issuer.id if issuer else "", "year": document["year"],
        "parent_id": beside.ids.get(document["parent"]),
    }  # fmt: skip
    what = f"{one.key} {document['number_symbol']}"
    before = beside.stored.get(one.key)
    if before is None:
        new = {"id": beside.ids[one.key], "key": one.key, "entered_by": None, "entered_at": beside.world.now}
        yield Change(TITLE, what, (), (Write(directives, "insert", {}, values | new),))
        return
    changed = {name: value for name, value in values.items() if getattr(before, name) != value}
    if changed:
        names = {directive_id: key for key, directive_id in beside.ids.items()} | units.keys(beside.world.connection)
        shown = tuple(_shown(name, getattr(before, name), new, names) for name, new in changed.items())
        yield Change(TITLE, what, shown, (Write(directives, "update", {"id": before.id}, changed),))


def _shown(name: str, old: Any, new: Any, names: Mapping[str, str]) -> tuple[str, str, str]:
    """A difference in the words of the sheet; ids are shown as their Mã."""
    headers = {"issuer_id": "unit", "parent_id": "carries", "number_symbol": "number", "due_rule": "due"}
    column = SHEET.column(headers.get(name, "to" if name == "addressees" else name))
    return column.header, column.shown(names.get(str(old), old)), column.shown(names.get(str(new), new))


def _demand(one: DirectiveRow, beside: _Beside) -> Change | None:
    before = beside.asked.get(one.own)
    values = {"due_rule": one.due, "addressees": one.to, "yearly": one.yearly}
    what = f"{one.key} {one.work}"
    if before is None:
        demand_id = beside.world.new_id()
        new = {"id": demand_id, "directive_id": beside.ids[one.key], "kind": one.kind.code, "subject": one.work}
        return Change(TITLE, what, (), (Write(demands, "insert", {}, values | new),), _making(one, demand_id, beside))
    changed = {name: value for name, value in values.items() if getattr(before, name) != value}
    if not changed:
        return None
    shown = tuple(_shown(name, getattr(before, name), value, {}) for name, value in changed.items())
    writes = (Write(demands, "update", {"id": before.id}, changed),)
    return Change(TITLE, what, shown, writes, _making(one, before.id, beside))


def _making(one: DirectiveRow, demand_id: str, beside: _Beside) -> Callable[[Connection], object]:
    """What is owed, once everything the workbook says is stored: new for units that have none, moved for the others."""
    world = beside.world

    def make(connection: Connection) -> None:
        directive = directive_store.get(connection, beside.ids[one.key])
        demand = directive_store.demand(connection, demand_id)
        if directive is None or demand is None or directive.year < world.today.year:
            return
        if one.kind.code not in directive_store.kinds(connection):
            directive_store.keep_kind(connection, one.kind)
        days = calendar.current(connection, world.today)
        try:
            directive_store.make(connection, directive, demand, directive.year, world.today, days, world.new_id)
        except AddresseesError as error:
            place, header = one.row.table.index["to"], SHEET.column("to").header
            raise WorkbookFaults([Fault(TITLE, one.row.number, place, header, to_sentence(error))]) from None
        due = directive_store.due_of(directive, demand, directive.year, days)
        due_dates.set_due(connection, demand_id, directive.year, due)

    return make


def _load(world: World) -> _Beside:
    stored = {d.key or d.id: d for d in directive_store.every(world.connection)}
    keys = {d.id: key for key, d in stored.items()}
    asked = {}
    for row in world.connection.execute(select(demands)):
        demand = Demand(**{name: getattr(row, name) for name in Demand.__slots__})
        asked[keys[demand.directive_id], demand.kind, fold(demand.subject)] = demand
    return _Beside(world, stored, asked, {key: d.id for key, d in stored.items()})


# --- writing --------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    names, known = units.keys(connection), directive_store.kinds(connection)
    stored = {d.id: d for d in directive_store.every(connection)}
    for one in sorted(stored.values(), key=lambda d: (d.issued, d.key or d.id)):
        parent = stored.get(one.parent_id or "")
        for demand in sorted(directive_store.demands_of(connection, one.id), key=lambda d: fold(d.subject)):
            yield {
                "key": one.key or one.id, "number": one.number_symbol, "issued": one.issued,
                "unit": names[one.issuer_id], "subject": one.subject, "year": one.year,
                "carries": (parent.key or parent.id) if parent else "",
                "kind": known[demand.kind].name if demand.kind in known else demand.kind, "work": demand.subject,
                "to": demand.addressees, "due": demand.due_rule, "yearly": "có" if demand.yearly else "không",
            }  # fmt: skip


SHEET = Sheet(
    name="directives",
    title=TITLE,
    purpose="Văn bản chỉ đạo và việc được giao, mỗi việc một dòng; các dòng cùng Mã là một văn bản. Nạp xong, "
    "mỗi đơn vị được giao có một việc để theo dõi và nhắc; nạp lại thì cập nhật, không lập thêm việc. Văn bản của "
    "năm trước chỉ được lưu, không lập việc.",
    columns=(
        Column("key", "Mã", "Mã văn bản do cơ quan tự đặt; các việc của một văn bản ghi cùng mã.", needed=True,
               most=KEY_LENGTH, examples=("VD: VB-09-2026", "VD: VB-09-2026"), width=16),
        Column("number", "Số ký hiệu", "Số, ký hiệu văn bản; chỉ có số cũng được.", needed=True, most=LONGEST_SYMBOL,
               examples=("09/UBND-NC", "09/UBND-NC")),
        Column("issued", "Ngày ban hành", "Ngày dạng 12/01/2026.", "date", needed=True,
               examples=("03/8/2026", "03/8/2026"), width=14),
        Column("unit", "Cơ quan ban hành", "Mã của đơn vị ban hành, ở trang Đơn vị.", needed=True, most=KEY_LENGTH,
               examples=("TINH", "TINH")),
        Column("subject", "Trích yếu", "Trích yếu nội dung; có thể để trống.", most=LONGEST_SUBJECT, width=40,
               examples=("về việc tăng cường kỷ luật, kỷ cương", "về việc tăng cường kỷ luật, kỷ cương")),
        Column("year", "Năm", "Năm thực hiện; để trống là năm ban hành.", "whole", examples=(2026, 2026), width=8),
        Column("carries", "Thực hiện văn bản", "Mã của văn bản cấp trên mà văn bản này thực hiện; có thể để trống.",
               most=KEY_LENGTH, examples=("", "")),
        Column("kind", "Loại việc", "Chọn trong danh sách hoặc ghi tên việc khác.", needed=True, choices=KIND_WORDS,
               proposes=True, most=LONGEST_WORK, examples=("Kế hoạch triển khai", "Báo cáo"), width=24),
        Column("work", "Nội dung việc", "Tên việc như khi nhắc, không ghi năm; để trống là theo loại việc.",
               most=LONGEST_SUBJECT, examples=("Kế hoạch kỷ luật, kỷ cương", ""), width=36),
        Column("to", "Đơn vị thực hiện", "Tất cả; hoặc loại: xã, phường; hoặc Mã, tên các đơn vị cách nhau bằng dấu ;",
               needed=True, examples=("tất cả", "XA-01"), width=30),
        Column("due", "Thời hạn", "Ngày dạng 06/02/2026, hoặc 10 ngày làm việc, hoặc 30 ngày tính từ ngày ban hành.",
               needed=True, most=40, examples=("15/9/2026", "10 ngày làm việc")),
        Column("yearly", "Hằng năm", "có: mỗi năm lập lại một lần; để trống là không.", choices=units.YES,
               examples=("có", "không"), width=10),
    ),
    read=_read,
    compare=_compare,
    rows=_rows,
)  # fmt: skip
