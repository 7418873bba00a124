"""The page that documents every column and field is written from the registries, so that it cannot fall behind them.

`python -m storage.export.documentation > docs/du-lieu.md` writes it anew; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from storage.export import BOOK_FILE, SETUP_FILE
from storage.export.registry import EXPORTED
from storage.reports.year import INDICATORS
from storage.workbook.reading import MOST_BYTES, MOST_ROWS
from storage.workbook.sheets import SHEETS
from storage.workbook.sheets.base import Column

_KINDS = {
    "text": "chữ",
    "whole": "số nguyên",
    "figure": "số thập phân",
    "yes": "đúng/sai",
    "day": "ngày",
    "moment": "thời điểm",
    "json": "JSON",
    "file": "mã băm của tệp",
}
_CELLS = {"text": "chữ", "date": "ngày", "time": "giờ", "whole": "số nguyên", "number": "số"}


def documentation() -> str:
    """The whole page."""
    return "\n".join([*_workbook(), *_exports()]) + "\n"


def _workbook() -> Iterator[str]:
    most_rows = f"{MOST_ROWS:,}".replace(",", ".")
    yield from (
        "# Dữ liệu của cơ quan: nạp vào và xuất ra",
        "",
        "## 1. Nạp bằng sổ tính",
        "",
        "`kycuong import --template TEP.xlsx` ghi tệp mẫu; `kycuong import TEP.xlsx --check` chỉ báo điểm "
        "cần sửa và những gì sẽ "
        "thay đổi; `kycuong import TEP.xlsx` ghi vào cơ sở dữ liệu. Quản trị làm được như vậy trong trò chuyện: "
        "`/nap` cho tệp mẫu, gửi tệp vào thì được kiểm tra và hỏi trước khi ghi.",
        "",
        "- Tệp `.xlsx` không macro, không mật khẩu, không công thức, tối đa "
        f"{MOST_BYTES // 1024 // 1024} MB, mỗi trang tối đa {most_rows} dòng. Chữ gõ bằng Unicode.",
        "- Tên trang và tiêu đề cột nhận ra dù có dấu hay không dấu, chữ hoa hay thường, theo thứ tự bất "
        "kỳ. Trang không dùng có "
        "thể bỏ.",
        "- Mọi điểm cần sửa được báo một lần, theo trang, dòng và cột. Còn một điểm cần sửa thì không có gì được ghi.",
        "- Nạp lại là cập nhật: dòng được nhận ra theo `Mã`; dòng không có trong tệp được giữ nguyên; ô "
        "để trống làm trống nội "
        "dung đã lưu; cột không có thì giữ nguyên nội dung đã lưu.",
        "- Dòng có ô đầu bắt đầu bằng `VD:` là ví dụ và được bỏ qua.",
        "- Đơn vị chuyển sang cấp trên khác: quan hệ cũ kết thúc, quan hệ mới bắt đầu từ ngày nạp. Vai "
        "trò không còn trong dòng "
        "của một người kết thúc ngày hôm trước ngày nạp, không bị xóa.",
        "- Nội dung kiểm tra thay đổi thành phiên bản mới; cuộc kiểm tra đang làm giữ phiên bản cũ.",
        "",
    )
    for sheet in SHEETS:
        yield from (
            f"### Trang {sheet.title}",
            "",
            sheet.purpose,
            "",
            "| Cột | Bắt buộc | Kiểu | Nội dung |",
            "|---|---|---|---|",
        )
        yield from (_column(column) for column in sheet.columns)
        yield ""


def _column(column: Column) -> str:
    kind = "danh sách" if column.choices else _CELLS[column.kind]
    listed = f" Danh sách: {'; '.join(column.choices)}." if column.choices else ""
    return f"| {column.header} | {'có' if column.needed else ''} | {kind} | {_plain(column.help + listed)} |"


def _exports() -> Iterator[str]:
    yield from (
        "## 2. Xuất ra",
        "",
        f"`kycuong export --to THU_MUC --format xlsx` ghi tất cả tại một thời điểm vào một sổ tính, `{BOOK_FILE}`: mở "
        "đầu bằng chỉ tiêu năm nay, sau đó mỗi bảng một trang. `--format csv` và `--format jsonl` ghi mỗi bảng thành "
        f"một tệp, kèm tệp `{INDICATORS.name}` có cùng các chỉ tiêu ấy. Bên cạnh là `{SETUP_FILE}` (đơn vị, nhân sự, "
        "nội dung kiểm tra, giờ làm việc, ngày nghỉ) nạp lại được bằng `kycuong import TEP.xlsx`. Phần còn lại trở "
        "lại từ bản sao lưu. Trong trò chuyện, `/xuat` gửi cho quản trị cùng các bảng ấy thành một tệp, chỉ gồm phạm "
        "vi được giao và không có lượt kiểm tra đang diễn ra.",
        "",
        "| Kiểu | JSON Lines | CSV | XLSX |",
        "|---|---|---|---|",
        "| chữ | nguyên văn | nguyên văn; thêm dấu ' ở đầu nếu bắt đầu như công thức | nguyên văn, cắt ở "
        "32.767 ký tự và ghi rõ |",
        "| số nguyên, số thập phân | số | số | số |",
        "| đúng/sai | true, false | 1, 0 | TRUE, FALSE |",
        "| ngày | 2026-08-04 | 2026-08-04 | ngày |",
        "| thời điểm | giờ UTC, 2026-08-04T01:00:00Z | giờ Việt Nam, 2026-08-04 08:00:00 | giờ Việt Nam |",
        "| JSON | giá trị JSON | chữ JSON | chữ JSON |",
        "",
        "CSV ghi bằng UTF-8 có dấu nhận biết (BOM) để phần mềm bảng tính hiện đúng dấu. Giá trị trống là "
        "null hoặc ô trống.",
        "",
        "CSV và JSON Lines giữ tên trường và giá trị như trong các bảng dưới đây, cho chương trình đọc. Sổ tính XLSX "
        "để người đọc: tiêu đề cột là phần đầu của nội dung (tên trường ở chú thích của ô), giá trị trong danh sách "
        "là chữ ghi trong ngoặc, thay cho mã là tên đơn vị, họ tên, đơn vị và ngày của cuộc kiểm tra, số của tồn "
        "tại, mã nhiệm vụ; câu trả lời có thêm nội dung được hỏi và lời ghi như trong biên bản. Các cột mã ẩn ở cuối "
        "trang.",
        "",
        "Các trang đầu của sổ tính tính bằng công thức từ các trang dữ liệu: sửa hình thức, tình trạng, cơ quan của "
        "một cuộc kiểm tra, số liệu của chỉ tiêu, tình trạng và ngày của một nhiệm vụ, tình trạng của một tồn tại "
        "thì chỉ tiêu đổi theo, kể cả khi trang dữ liệu đã được sắp xếp lại. Giữ nguyên như lúc xuất: cuộc kiểm tra, "
        "tồn tại, nhiệm vụ nào thuộc kỳ, lượt cuối của từng đơn vị, ngày làm việc cuối của thời hạn, tồn tại tái "
        "diễn và trang Theo nội dung.",
        "",
    )
    for table in (INDICATORS, *EXPORTED):
        yield from (
            f"### {table.name}: {table.title}",
            "",
            table.purpose,
            "",
            "| Trường | Kiểu | Nội dung |",
            "|---|---|---|",
        )
        yield from (f"| `{field.name}` | {_KINDS[field.kind]} | {_plain(field.explained)} |" for field in table.fields)
        yield ""


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(documentation())
