"""The sheet of inspection items, one row each with every rule of the model; a changed checklist is a new version.

The columns are those of the checklist under Vietnamese headers. A cell that holds several things holds one per line,
the parts of a line separated by "|". The names of the model itself are accepted as headers and as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from inspection.checklist import (
    CHOICES,
    Checklist,
    ChecklistFaults,
    LegalBasis,
    parse_checklist,
    parse_legal_bases,
)
from inspection.checklist import (
    Fault as CellFault,
)
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import UnclearError
from inspection.words import fold, half_width
from storage import builtin, checklists
from storage.checklists import Source
from storage.workbook import logic
from storage.workbook.sheets.base import Book, CellValue, Change, Column, Row, Sheet, Table, World
from storage.workbook.sheets.legal import LegalRow
from storage.workbook.sheets.sets import UNNAMED, SetRow
from storage.workbook.sheets.stored_checklists import StoredChecklist, stored_checklists

TITLE = "Nội dung kiểm tra"
_LABELS = {
    "pass_fail_na": "Đạt / không đạt",
    "number": "Số",
    "count": "Đếm nhiều số",
    "doc_ref": "Số và ngày văn bản",
    "text": "Chữ",
    "date": "Ngày",
    "one_choice": "Chọn một",
    "several_choices": "Chọn nhiều",
    "photo": "Ảnh",
    "place": "Vị trí",
    "always": "luôn chụp",
    "on_fail": "khi không đạt",
    "on_pass": "khi đạt",
    "optional": "tùy chọn",
    "forbidden": "không được chụp",
    "as_origin": "như nội dung gốc",
    "all": "mọi đơn vị",
    "one_stop": "có Bộ phận Một cửa",
    "has_prior": "có tồn tại trước",
    "absent": "không tính",
    "zero": "tính 0 điểm",
    "average": "Trung bình",
    "weak": "Yếu",
    "walk": "khi đi kiểm tra",
    "sign_off": "khi ký",
}
_YES = {"có": "1", "không": ""}
_NO_WORDS = ("khong", "0", "no")
_YES_WORDS = ("co", "1", "x", "yes")


def _labels(column: str) -> dict[str, str]:
    return {_LABELS.get(value, value): value for value in CHOICES[column]}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """cells: as the parser of checklists reads them; of: the checklist it belongs to, "" where there is only one."""

    row: Row
    of: str
    cells: dict[str, str]


# --- reading --------------------------------------------------------------------------------------------------------


def _read(table: Table) -> list[ItemRow]:
    return [ItemRow(row, row.text("of"), _cells(row)) for row in table.rows]


def _cells(row: Row) -> dict[str, str]:
    return {column.name: _cell(row, column) for column in COLUMNS if column.name != "of"}


def _cell(row: Row, column: Column) -> str:
    if isinstance(row.raw(column.name), bool):
        return "1" if row.raw(column.name) else ""
    text = row.text(column.name)
    if column.choices is _YES:
        folded = fold(text)
        return "1" if folded in _YES_WORDS else "" if folded in _NO_WORDS else text
    if column.choices and text:
        return _choice(row, column, text)
    if column.several:
        return ";".join(part for part in (piece.strip() for piece in text.split(";")) if part)
    return text


def _choice(row: Row, column: Column, text: str) -> str:
    """The stored word; one that is not in the list is told in the words of the sheet, and replaced by the first."""
    wanted = fold(half_width(text))
    for label, stored in column.choices.items():
        if wanted in (fold(label), stored):
            return stored
    row.fault(column.name, f"“{text}” không có trong danh sách: {'; '.join(column.choices)}.")
    row.table.blind.add((row.number, row.table.index[column.name]))
    return next(iter(column.choices.values()))


# --- comparing ------------------------------------------------------------------------------------------------------


def _compare(book: Book, world: World) -> Iterator[Change]:
    items: Sequence[ItemRow] = book.get("checklist", ())
    if not items:
        return
    sets: Sequence[SetRow] = book.get("sets") or (UNNAMED,)
    stored = stored_checklists(world.connection)
    of_item = _grouped(items, sets)
    of_legal = _grouped(book.get("legal", ()), sets)
    for one in sets:
        known = [kept for kept in stored if kept.code == one.code]
        change = _Comparison(one, of_item[one.label], of_legal[one.label], known, world).change()
        if change is not None:
            yield change


def _grouped(rows: Iterable[Any], sets: Sequence[SetRow]) -> dict[str, list[Any]]:
    """Rows by the label of their checklist; a row that names none belongs to the only one."""
    labels = {one.label for one in sets}
    by_name = {one.code: one.label for one in sets} | {one.label: one.label for one in sets}
    groups: dict[str, list[Any]] = {label: [] for label in labels}
    for row in rows:
        label = by_name.get(row.of) if row.of else sets[0].label if len(sets) == 1 else None
        if label is None:
            row.row.fault(
                "of", f"“{row.of}” không phải bộ nào ở trang Bộ nội dung; đề nghị ghi lại, ví dụ {sets[0].label}."
            )
        else:
            groups[label].append(row)
    return groups


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One checklist of the workbook beside the versions that are stored under its code."""

    named: SetRow
    items: Sequence[ItemRow]
    legal: Sequence[LegalRow]
    known: Sequence[StoredChecklist]
    world: World

    def change(self) -> Change | None:
        if not self.items:
            if self.named.row is not None:
                self.named.row.fault(
                    "code", f"bộ {self.named.label} chưa có nội dung nào; đề nghị bổ sung hoặc xóa dòng này."
                )
            return None
        legal, legal_cells = self._legal()
        read = self._parsed(legal)
        self._logic()
        if read is None:
            return None
        self._weights(read)
        self._examples(read)
        before = self._same_version()
        if before is not None:
            self._keep(read, before)
            return None
        latest = max(self.known, key=lambda kept: kept.version, default=None)
        if self.named.version is None and latest is not None and self._equal(read, latest):
            return None
        return self._new(latest, legal_cells)

    def _legal(self) -> tuple[Mapping[str, LegalBasis], list[dict[str, str]]]:
        """The documents of the sheet; without any there, those known already."""
        if not self.legal:
            cells = self.known[-1].legal_bases if self.known else builtin.legal_rows()
            return parse_legal_bases(cells), list(cells)
        cells = [row.cells for row in self.legal]
        try:
            return parse_legal_bases(cells), cells
        except ChecklistFaults as faults:
            _tell(faults.faults, [row.row for row in self.legal])
            return {row["key"]: LegalBasis(row["key"], row["title"]) for row in cells}, cells

    def _parsed(self, legal: Mapping[str, LegalBasis]) -> Checklist | None:
        cells = [row.cells for row in self.items]
        try:
            return parse_checklist(
                cells, legal, id=self.named.code, version=1, title=self.named.title, valid_from=self.world.today
            )
        except ChecklistFaults as faults:
            # Circles are told by the rules between rows, each at its own cell.
            own = [fault for fault in faults.faults if (fault.row, fault.column) != (1, "show_if")]
            _tell(own, [row.row for row in self.items])
            return None

    def _logic(self) -> None:
        for found in logic.check([row.cells for row in self.items]):
            self.items[found.row].row.fault(found.column, found.sentence)

    def _weights(self, read: Checklist) -> None:
        total = sum(item.weight for item in read.items.values())
        if total != 100:
            self.world.faults.notes.append(f"Bộ {self.named.label}: tổng trọng số là {total:f}, không phải 100.")

    def _examples(self, read: Checklist) -> None:
        """Every prompt shows its example as an answer that is accepted; a photo is answered by a photo."""
        for row in self.items:
            item = read.items[row.cells["code"]]
            if item.answer_type == "photo":
                continue
            try:
                QUESTION_TYPES[item.answer_type].read(item, item.example, year=self.world.today.year)
            except UnclearError:
                row.row.fault(
                    "example",
                    f"“{item.example}” không phải câu trả lời của loại này; đề nghị ghi một câu trả lời được nhận.",
                )

    def _same_version(self) -> StoredChecklist | None:
        return next((kept for kept in self.known if kept.version == self.named.version), None)

    def _keep(self, read: Checklist, before: StoredChecklist) -> None:
        """A version that is stored stays as it is; other content needs another number."""
        if not self._equal(read, before) and self.named.row is not None:
            self.named.row.fault(
                "version",
                f"phiên bản {before.version} đã lưu với nội dung khác; đề nghị để trống ô này để thành phiên bản mới.",
            )

    def _equal(self, read: Checklist, before: StoredChecklist) -> bool:
        start = self.named.valid_from or before.valid_from
        new = replace(read, version=before.version, valid_from=start)
        return new == checklists.get(self.world.connection, before.id)

    def _new(self, latest: StoredChecklist | None, legal_cells: Sequence[Mapping[str, str]]) -> Change | None:
        named, world = self.named, self.world
        version = named.version or (latest.version + 1 if latest else 1)
        source = Source(
            named.code,
            version,
            named.title,
            named.valid_from or world.today,
            [row.cells for row in self.items],
            list(legal_cells),
        )
        differences = tuple(self._differences(latest)) if latest else ()
        what = f"bộ {named.code}, phiên bản {version} ({len(self.items)} nội dung)"
        return Change(TITLE, what, differences, then=lambda connection: checklists.load(connection, source, world.now))

    def _differences(self, latest: StoredChecklist) -> Iterator[tuple[str, str, str]]:
        """Where the items differ from the newest version, cell by cell."""
        before = {row["code"]: row for row in latest.items}
        after = {row.cells["code"]: row.cells for row in self.items}
        yield "Phiên bản", str(latest.version), str(self.named.version or latest.version + 1)
        for code in before.keys() | after.keys() if before.keys() ^ after.keys() else ():
            if code not in before or code not in after:
                yield code, "có" if code in before else "(trống)", "có" if code in after else "(trống)"
        for code in (code for code in after if code in before):
            for column in COLUMNS:
                old, new = (str(row[code].get(column.name) or "") for row in (before, after))
                if old != new and column.name != "of":
                    yield f"{code} {column.header}", column.shown(old), column.shown(new)


def _tell(faults: Iterable[CellFault], rows: Sequence[Row]) -> None:
    """Faults of the parser at their cells in the sheet; its row 1 is the row of headers."""
    for fault in faults:
        table = rows[0].table
        number = table.header_row if fault.row == 1 else rows[fault.row - 2].number
        table.fault(number, fault.column, _with_advice(fault.sentence))


def _with_advice(sentence: str) -> str:
    told = any(word in sentence for word in ("đề nghị", "viết", "ghi "))
    return sentence if told else f"{sentence.rstrip('.')}; đề nghị ghi lại ô này."


# --- writing --------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, today: date) -> Iterator[Mapping[str, CellValue]]:
    stored = stored_checklists(connection)
    for one in stored:
        for item in one.items:
            shown: dict[str, CellValue] = {
                column.name: _written(column, str(item.get(column.name) or "")) for column in COLUMNS
            }
            yield shown | {"of": one.label if len(stored) > 1 else ""}


def _written(column: Column, stored: str) -> str:
    if column.choices is _YES:
        return "có" if fold(stored) in _YES_WORDS else ""
    return column.label(stored) if stored else ""


COLUMNS = (
    Column("code", "Mã", "Mã ngắn của nội dung, ví dụ A01; giữ nguyên qua các phiên bản để so sánh.", needed=True,
           most=8,
           examples=("VD: A01", "VD: C01"), width=10),
    Column("section", "Mục", "Chữ cái của mục.", needed=True, most=8, examples=("A", "C"), width=8),
    Column("section_vi", "Tên mục", "Tên đầy đủ của mục.", width=30,
           examples=("Ban hành văn bản, kế hoạch", "Chấp hành thời giờ làm việc")),
    Column("section_en", "Tên mục (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("section_short_vi", "Tên mục ngắn", "Tên ngắn, đứng đầu tin nhắn.", width=24),
    Column("section_short_en", "Tên mục ngắn (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("order", "Thứ tự", "Thứ tự trong biên bản.", "whole", examples=(1, 10), width=9),
    Column("visit_order", "Thứ tự hỏi", "Thứ tự khi đi kiểm tra; để trống là theo cột Thứ tự.", "whole",
           examples=(29, 1),
           width=10),
    Column("answer_type", "Loại trả lời", "Chọn trong danh sách.", needed=True, choices=_labels("answer_type"),
           examples=("Số và ngày văn bản", "Đếm nhiều số"), width=20),
    Column("fields", "Các trường", "Tên các số cần đếm hoặc phần của văn bản, không dấu, cách nhau bằng ;. "
           "Thêm ? sau tên nếu không bắt buộc.", several=True, width=28,
           examples=("so_ky_hieu;ngay_ban_hanh", "tong;co_mat;vang_co_ly_do;vang_khong_ly_do")),
    Column("unit", "Đơn vị tính", "Ví dụ người, hồ sơ, %.", examples=("", "người"), width=12),
    Column("question_vi", "Câu hỏi", "Câu hỏi đầy đủ.", needed=True, width=50,
           examples=("Đơn vị đã ban hành kế hoạch kỷ luật, kỷ cương năm {nam} chưa?",
                     "Tổng số phải có mặt, số có mặt, vắng có lý do, vắng không lý do?")),
    Column("question_en", "Câu hỏi (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=30),
    Column("short_vi", "Câu hỏi ngắn", "Câu ngắn hiện trong tin nhắn.", needed=True, width=36,
           examples=("Kế hoạch năm {nam}: số, ngày, hoặc chưa có", "Phải có mặt; có mặt; vắng có, không lý do")),
    Column("short_en", "Câu hỏi ngắn (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("applies_to", "Áp dụng cho", "Để trống là mọi đơn vị.", choices=_labels("applies_to"), width=18),
    Column("show_if", "Chỉ hỏi khi", "Điều kiện, ví dụ ${C01.tong} > 0; chỉ dùng nội dung được hỏi trước.", width=28),
    Column("hidden_as", "Khi không hỏi", "Cách tính điểm khi không hỏi.", choices=_labels("hidden_as"), width=14),
    Column("na_if", "Không áp dụng khi", "Điều kiện để Hệ thống tự ghi không áp dụng.", width=28),
    Column("na_allowed", "Cho phép không áp dụng", "có hoặc để trống.", choices=_YES, width=12),
    Column("check", "Điều kiện phải đúng", "Mỗi dòng một điều kiện; trả lời trái điều kiện thì hỏi lại.",
           width=30,
           examples=("", "${tong} > 0")),
    Column("check_vi", "Câu khi trái điều kiện", "Mỗi dòng một câu, theo thứ tự của cột Điều kiện phải đúng.",
           width=30,
           examples=("", "tổng số phải lớn hơn 0")),
    Column("check_en", "Câu khi trái điều kiện (tiếng Anh)", "Mỗi dòng một câu.", width=24),
    Column("warn", "Điều kiện nên đúng", "Như cột Điều kiện phải đúng, nhưng chỉ hỏi để xác nhận.", width=28),
    Column("warn_vi", "Câu xác nhận", "Mỗi dòng một câu.", width=28),
    Column("warn_en", "Câu xác nhận (tiếng Anh)", "Mỗi dòng một câu.", width=24),
    Column("pass_if", "Điều kiện đạt", "Điều kiện để nội dung đạt; để trống ở loại Đạt / không đạt.", width=30,
           examples=("${so_ky_hieu} != ''", "${vang_khong_ly_do} = 0")),
    Column("score", "Cách tính điểm", "Số từ 0 đến 1; để trống là 1 khi đạt, 0 khi không đạt.", width=30,
           examples=("", "(${co_mat} + ${vang_co_ly_do}) div ${tong}")),
    Column("critical_if", "Nghiêm trọng khi", "Điều kiện làm giới hạn xếp loại.", width=28),
    Column("caps", "Xếp loại tối đa", "Xếp loại cao nhất khi nội dung nghiêm trọng.", choices=_labels("caps"),
           width=14),
    Column("weight", "Trọng số", "Số điểm của nội dung; tổng nên là 100.", "number", examples=(4, 6), width=10),
    Column("photo_rule", "Chụp ảnh", "Khi nào phải có ảnh.", choices=_labels("photo_rule"),
           examples=("tùy chọn", "khi không đạt"), width=16),
    Column("photo_min", "Số ảnh ít nhất", "Để trống là 1.", "whole", examples=(0, 1), width=10),
    Column("photo_max", "Số ảnh nhiều nhất", "Để trống là 10.", "whole", examples=(10, 10), width=10),
    Column("photo_subject_vi", "Nội dung ảnh", "Chụp gì, che gì.", width=30),
    Column("photo_subject_en", "Nội dung ảnh (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("default", "Giá trị khi đạt", "Mỗi dòng ten := biểu thức, được lưu khi trả lời đạt.", width=28),
    Column("default_words_vi", "Cách nói giá trị khi đạt", "Lời thay cho giá trị chưa biết.", width=24),
    Column("default_words_en", "Cách nói giá trị khi đạt (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("derive", "Giá trị suy ra", "Mỗi dòng ten := biểu thức, dùng trong câu và điều kiện.", width=28),
    Column("system", "Giá trị của Hệ thống", "Tên các giá trị Hệ thống tự có, cách nhau bằng ;.", several=True,
           width=18),
    Column("options_vi", "Các lựa chọn", "Với loại Chọn một, Chọn nhiều: mỗi dòng ten | nhãn.", width=28),
    Column("options_en", "Các lựa chọn (tiếng Anh)", "Mỗi dòng ten | nhãn.", width=24),
    Column("reasons_vi", "Các lý do", "Mỗi dòng a) lý do | câu ghi trong biên bản.", width=36),
    Column("reasons_en", "Các lý do (tiếng Anh)", "Mỗi dòng một lý do.", width=24),
    Column("variants_vi", "Câu tồn tại theo điều kiện", "Mỗi dòng điều kiện | câu ghi trong biên bản.", width=36),
    Column("variants_en", "Câu tồn tại theo điều kiện (tiếng Anh)", "Mỗi dòng một câu.", width=24),
    Column("note_on_fail", "Ghi chú khi không đạt", "có nếu phải ghi thêm khi không đạt.", choices=_YES, width=12),
    Column("negative", "Câu hỏi ngược", "có nếu trả lời có nghĩa là không đạt.", choices=_YES, width=12),
    Column("asked_at", "Hỏi lúc", "Để trống là khi đi kiểm tra.", choices=_labels("asked_at"), width=16),
    Column("repeats", "Lặp lại", "có nếu hỏi lại cho từng tồn tại của kỳ trước.", choices=_YES, width=10),
    Column("finding_vi", "Câu ghi tồn tại", "Câu trong biên bản khi không đạt; số liệu đặt trong {…}.", width=40,
           examples=("Chưa ban hành kế hoạch năm {nam}", "Có {vang_khong_ly_do}/{tong} người vắng không có lý do")),
    Column("finding_en", "Câu ghi tồn tại (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("remedy_working_days", "Số ngày khắc phục", "Số ngày làm việc; 0 nếu không phải khắc phục.", "whole",
           examples=(5, 5), width=10),
    Column("legal_bases", "Căn cứ", "Khóa của các văn bản ở trang Căn cứ pháp lý, cách nhau bằng ;.", several=True,
           width=28,
           examples=("ct-26-2016", "ct-26-2016")),
    Column("hint_vi", "Ví dụ trả lời", "Dòng hướng dẫn dưới câu hỏi.", needed=True, width=30,
           examples=("Ví dụ: 12/KH-UBND 06/02/2026 (hoặc: chưa có)", "Ví dụ: 25 22 2 1")),
    Column("hint_en", "Ví dụ trả lời (tiếng Anh)", "Để trống là dùng tiếng Việt.", width=24),
    Column("example", "Trả lời mẫu", "Một câu trả lời đúng cách; ghi dạng văn bản.", needed=True, width=20,
           examples=("12/KH-UBND 06/02/2026", "25 22 2 1")),
    Column("of", "Thuộc bộ", "Chỉ khi tệp có nhiều bộ: mã bộ và phiên bản, ví dụ ky-cuong:1.", width=14),
)  # fmt: skip

SHEET = Sheet(
    name="checklist",
    title=TITLE,
    purpose="Các nội dung kiểm tra, mỗi nội dung một dòng. Cột không dùng có thể bỏ.",
    columns=COLUMNS,
    read=_read,
    compare=_compare,
    rows=_rows,
)
