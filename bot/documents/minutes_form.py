"""The built-in template of the minutes (Mẫu 1.9): no line of place and date, three signatures, an annex of photos."""

from __future__ import annotations

from docx.document import Document

from bot.documents import form
from inspection.official import DOTS

TITLE_LINE = 55  # between a third and a half of the widest line of the title
RESULTS = (12, 75, 38, 40)
ANNEX = (12, 20, 48, 30, 55)
COPIES = (
    "được lập thành {{ so_ban }} bản có giá trị như nhau, Đoàn kiểm tra giữ 01 bản, đơn vị được kiểm tra giữ 01 bản"
    "{% if tu_choi_ky %}. Đại diện đơn vị được kiểm tra từ chối ký biên bản; lý do: {{ tu_choi_ky }}. Hai thành viên "
    "Đoàn kiểm tra ký xác nhận việc này{% endif %}./."
)


def minutes() -> bytes:
    """The minutes of a whole visit."""
    document = _opened(("Kiểm tra đột xuất việc chấp hành kỷ luật, kỷ cương hành chính", "tại {{ don_vi }}"))
    _present(document)
    form.heading(document, "I. Căn cứ, nội dung, phạm vi kiểm tra")
    form.each(document, "can_cu", "{{ y }}", style="i")
    form.body(document, "Nội dung kiểm tra: {{ noi_dung }}.")
    form.body(document, "Phạm vi: {{ pham_vi }}.")
    form.heading(document, "II. Kết quả kiểm tra")
    form.tag(document, "if hien_dien")
    form.body(document, "{{ hien_dien }}")
    form.tag(document, "endif")
    _results(document)
    form.lower(form.heading(document, "III. Ưu điểm"), 8)
    form.each(document, "uu_diem")
    form.heading(document, "IV. Tồn tại, hạn chế")
    form.each(document, "ton_tai", "{{ y }}")
    form.heading(document, "V. Ý kiến của đơn vị được kiểm tra")
    form.each(document, "giai_trinh", "{{ y }}")
    form.heading(document, "VI. Kiến nghị, yêu cầu và thời hạn khắc phục")
    form.each(document, "kien_nghi", "{{ y }}")
    agreed = "{% if not tu_choi_ky %}, thống nhất nội dung{% endif %}"
    _closed(document, f"đã được đọc cho những người tham dự cùng nghe{agreed} và ")
    form.tag(document, "if tu_choi_ky")
    _signed_by_the_team(document, "XÁC NHẬN VIỆC TỪ CHỐI KÝ")
    form.tag(document, "else")
    form.signatures(document, [
        (50, ("THƯ KÝ",), form.SIGN_HERE, "{{ ten_thu_ky }}"),
        (65, ("ĐẠI DIỆN ĐƠN VỊ", "ĐƯỢC KIỂM TRA"), "(Chữ ký, dấu nếu có)", "{{ ten_dai_dien }}"),
        (50, ("TRƯỞNG ĐOÀN",), form.SIGN_HERE, "{{ ten_truong_doan }}"),
    ])  # fmt: skip
    form.tag(document, "endif")
    _recipients_and_annex(document)
    return form.saved(document)


def early_end() -> bytes:
    """The short minutes of a visit that could not be carried through: maybe nobody of the unit was there to hear."""
    document = _opened(("Ghi nhận việc kết thúc sớm buổi kiểm tra đột xuất", "tại {{ don_vi }}"))
    _present(document, of_the_unit=False)
    form.body(document, "Buổi kiểm tra kết thúc trước khi đánh giá đủ nội dung. Lý do: {{ ly_do }}.")
    form.tag(document, "if khong_anh")
    form.body(document, "Không có ảnh ghi nhận. Lý do: {{ khong_anh }}.")
    form.tag(document, "endif")
    form.tag(document, "if ket_qua")
    form.body(document, "Các nội dung đã ghi nhận được trước khi kết thúc:")
    _results(document)
    form.lower(form.body(document, "Kết quả ghi nhận nêu trên không dùng để xếp loại đơn vị."), 6)
    form.tag(document, "endif")
    _closed(document, "")
    _signed_by_the_team(document, "XÁC NHẬN")
    _recipients_and_annex(document)
    return form.saved(document)


def _opened(about: tuple[str, ...]) -> Document:
    document = form.new_form()
    form.draft_mark(document)
    issuer = ("ĐOÀN KIỂM TRA", "THEO QUYẾT ĐỊNH", "SỐ {{ so_quyet_dinh }}")
    form.head(document, issuer=issuer, number="{{ so }}")
    form.title(document, "BIÊN BẢN", about, TITLE_LINE)
    return document


def _present(document: Document, *, of_the_unit: bool = True) -> None:
    """Who took part. of_the_unit: False leaves to the hand who of it, if anybody, was met."""
    form.body(document, "Thời gian bắt đầu: {{ bat_dau }}.")
    form.body(document, "Địa điểm: {{ dia_diem }}.")
    form.body(document, "Thành phần tham dự:")
    form.body(document, "1. Đoàn kiểm tra (thành lập theo {{ quyet_dinh }}):")
    form.each(document, "doan_kiem_tra")
    if of_the_unit:
        form.body(document, "2. Đơn vị được kiểm tra:")
        form.each(document, "dai_dien_don_vi")
    else:
        form.body(document, f"2. Người của đơn vị có mặt (nếu có): {DOTS * 2}.")
    form.body(document, "Chủ trì: {{ chu_tri }}.")
    form.body(document, "Thư ký (người ghi biên bản): {{ thu_ky }}.")


def _results(document: Document) -> None:
    table = form.grid(document, RESULTS, ("STT", "Nội dung", "Kết quả", "Ghi chú, số ảnh"))
    form.steer(table, "for muc in ket_qua")
    head = form.row(table, ("{{ muc.ky_hieu }}", "{{ muc.ten }}", "", ""), style="bk", aligns="clll")
    cells = head.cells
    cells[1].merge(cells[3])
    for extra in cells[1].paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    form.steer(table, "for dong in muc.dong")
    form.row(
        table, ("{{ dong.stt }}", "{{ dong.noi_dung }}", "{{ dong.ket_qua }}", "{{ dong.ghi_chu }}"), aligns="clll"
    )
    form.steer(table, "endfor")
    form.steer(table, "endfor")


def _closed(document: Document, how: str) -> None:
    closing = form.body(document, f"Buổi kiểm tra kết thúc vào {{{{ ket_thuc }}}}. Biên bản {how}{COPIES}", style="k")
    form.lower(closing, 6)


def _signed_by_the_team(document: Document, what: str) -> None:
    """Nobody of the unit signs: two of the team confirm it, each in a block of their own."""
    half = form.WIDTH / 2
    form.signatures(
        document,
        [
            (half, ("THƯ KÝ",), form.SIGN_HERE, "{{ ten_thu_ky }}"),
            (half, ("TRƯỞNG ĐOÀN",), form.SIGN_HERE, "{{ ten_truong_doan }}"),
        ],
        [(half, ("THÀNH VIÊN ĐOÀN", what), form.SIGN_HERE, f"{{{{ nguoi_xac_nhan_{place} }}}}") for place in (1, 2)],
    )


def _recipients_and_annex(document: Document) -> None:
    form.recipients(document)
    form.annex(
        document,
        "PHỤ LỤC",
        "Danh mục ảnh kèm theo",
        "(Kèm theo Biên bản {{ so_ngan }} {{ ngay_bien_ban }} của Đoàn kiểm tra)",
    )
    form.tag(document, "if not anh")
    form.body(document, "Không có ảnh kèm theo.")
    form.tag(document, "else")
    table = form.grid(document, ANNEX, ("STT", "Mã ảnh", "Nội dung", "Thời điểm lưu", "Dấu vân tay (SHA-256)"))
    form.steer(table, "for dong in anh")
    texts = ("{{ dong.stt }}", "{{ dong.ma }}", "{{ dong.noi_dung }}", "{{ dong.thoi_diem }}", "{{ dong.van_tay }}")
    form.row(table, texts, size=10, aligns="cclcl")
    form.steer(table, "endfor")
    form.tag(document, "endif")
