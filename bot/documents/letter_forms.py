"""The built-in templates of the documents beside the minutes, each in the layout of its kind.

A named kind has its name and trích yếu in the middle; a letter (công văn) has none, its trích yếu stands below the
number. All of them carry place and day under the Tiêu ngữ, which the minutes do not.
"""

from __future__ import annotations

from docx.document import Document

from bot.documents import form

PLACE = "{{ dia_danh }}, {{ ngay }}"
TEAM = ("ĐOÀN KIỂM TRA", "THEO QUYẾT ĐỊNH", "SỐ {{ so_quyet_dinh }}")
OVERDUE = (12, 48, 55, 25, 25)
EXHIBITS = (12, 18, 42, 38, 55)
INDICATORS = (12, 38, 30, 16, 15, 27, 27)
LEFT_OPEN = "…" * 60
CLOSING = "./."
ONLY = "{% if loc %}\n(chỉ nhiệm vụ {{ loc }}){% endif %}"


def report() -> bytes:
    """Báo cáo kết quả kiểm tra."""
    document = form.new_form()
    form.draft_mark(document)
    form.head(document, issuer=TEAM, number="{{ so }}", place_and_day=PLACE)
    form.title(
        document,
        "BÁO CÁO",
        ("Kết quả kiểm tra đột xuất việc chấp hành kỷ luật,", "kỷ cương hành chính tại {{ don_vi }}"),
        45,
    )
    form.say(document, "Kính gửi: {{ kinh_gui }}.", after=form.AFTER)
    form.body(
        document,
        "Thực hiện {{ quyet_dinh }}, Đoàn kiểm tra đã kiểm tra đột xuất tại {{ don_vi }} từ {{ bat_dau }} đến "
        "{{ ket_thuc }} ({{ bien_ban }}). Kết quả như sau:",
    )
    form.heading(document, "I. Kết quả chung")
    form.body(document, "{{ ket_qua_chung }}")
    form.tag(document, "if hien_dien")
    form.body(document, "{{ hien_dien }}")
    form.tag(document, "endif")
    for title, name, text in (
        ("II. Ưu điểm", "uu_diem", "- {{ y }}"),
        ("III. Tồn tại, hạn chế", "ton_tai", "{{ y }}"),
        ("IV. Ý kiến của đơn vị được kiểm tra", "giai_trinh", "{{ y }}"),
        ("V. Kiến nghị", "kien_nghi", "{{ y }}"),
    ):
        form.heading(document, title)
        form.each(document, name, text)
    form.body(
        document,
        "Trên đây là kết quả kiểm tra, Đoàn kiểm tra báo cáo {{ kinh_gui }} xem xét, chỉ đạo" + CLOSING,
        style="k",
    )
    form.signed_by(document)
    return form.saved(document)


def conclusion() -> bytes:
    """Thông báo kết luận kiểm tra."""
    document = _issued("{{ so }}", drafted=True)
    form.title(
        document,
        "THÔNG BÁO",
        ("Kết luận kiểm tra đột xuất việc chấp hành kỷ luật,", "kỷ cương hành chính tại {{ don_vi }}"),
        45,
    )
    form.body(
        document,
        "Ngày {{ ngay_kiem_tra }}, Đoàn kiểm tra đã kiểm tra đột xuất tại {{ don_vi }} ({{ bien_ban }}). {{ co_quan }} thông báo kết luận như sau:",
    )
    form.heading(document, "I. Kết quả kiểm tra")
    form.each(document, "ket_qua", "{{ y }}")
    form.heading(document, "II. Ưu điểm")
    form.each(document, "uu_diem")
    form.heading(document, "III. Tồn tại, hạn chế và thời hạn khắc phục")
    form.each(document, "ton_tai", "{{ y }}")
    form.heading(document, "IV. Yêu cầu")
    form.body(document, "{{ yeu_cau }}" + CLOSING, style="k")
    form.signed_by(document)
    return form.saved(document)


def reminder() -> bytes:
    """Công văn đôn đốc: without a kind of its own, its trích yếu below the number."""
    document = form.new_form()
    form.head(
        document, issuer=("{{ co_quan_ban_hanh }}",), number="{{ so }}",
        place_and_day=PLACE, about="{{ ve_viec }}",
    )  # fmt: skip
    form.lower(form.say(document, "Kính gửi: {{ kinh_gui }}.", after=12), 18)
    form.body(document, "{{ mo_dau }}")
    form.each(document, "viec", "{{ y }}")
    form.body(document, "{{ de_nghi }}" + CLOSING, style="k")
    form.signed_by(document)
    return form.saved(document)


def overdue() -> bytes:
    """Danh sách đơn vị quá hạn."""
    document = form.new_form()
    form.head(document, issuer=("{{ co_quan_ban_hanh }}",), number="", place_and_day=PLACE)
    form.title(document, "DANH SÁCH", ("Đơn vị có nhiệm vụ quá hạn", "{{ pham_vi }}, đến {{ thoi_diem }}" + ONLY), 45)
    form.tag(document, "if not dong")
    form.body(document, "Không có đơn vị nào có nhiệm vụ quá hạn" + CLOSING, style="k")
    form.tag(document, "else")
    table = form.grid(document, OVERDUE, ("STT", "Đơn vị", "Nhiệm vụ", "Thời hạn", "Quá hạn (ngày làm việc)"))
    form.steer(table, "for d in dong")
    form.row(table, ("{{ d.stt }}", "{{ d.don_vi }}", "{{ d.viec }}", "{{ d.han }}", "{{ d.qua }}"), aligns="cllcc")
    form.steer(table, "endfor")
    form.lower(form.body(document, "Danh sách có {{ so_dong }} nhiệm vụ" + CLOSING, style="k"), 8)
    form.tag(document, "endif")
    form.signed_by(document)
    return form.saved(document)


def period() -> bytes:
    """Báo cáo tổng hợp of a period: figures are filled in, what they mean is the office's to write."""
    document = _issued("{{ so }}")
    form.title(
        document, "BÁO CÁO", ("Kết quả thực hiện kỷ luật, kỷ cương hành chính", "của {{ pham_vi }} {{ ten_ky }}"), 45
    )
    form.say(document, "Kính gửi: {{ kinh_gui }}.", after=form.AFTER)
    form.heading(document, "I. Kết quả chung")
    form.body(document, "Số liệu {{ ky }}.")
    form.body(document, "{{ tom_tat }}")
    form.each(document, "ket_qua", "{{ y }}")
    form.heading(document, "II. Các chỉ tiêu")
    table = form.grid(
        document,
        INDICATORS,
        ("STT", "Chỉ tiêu", "Kết quả", "Mục tiêu", "Đánh giá", "Kỳ trước", "Cùng kỳ năm trước"),
        size=11,
    )
    form.steer(table, "for d in dong")
    form.row(
        table,
        (
            "{{ d.stt }}",
            "{{ d.chi_tieu }}",
            "{{ d.ket_qua }}",
            "{{ d.muc_tieu }}",
            "{{ d.danh_gia }}",
            "{{ d.ky_truoc }}",
            "{{ d.cung_ky }}",
        ),
        size=11,
        aligns="clccccc",
    )
    form.steer(table, "endfor")
    form.lower(form.heading(document, "III. Hạn chế, nguyên nhân"), 8)
    form.each(document, "han_che", "{{ y }}")
    form.body(document, "Nguyên nhân:")
    form.body(document, LEFT_OPEN)
    form.heading(document, "IV. Nhiệm vụ, kiến nghị")
    form.body(document, LEFT_OPEN + CLOSING, style="k")
    form.signed_by(document)
    return form.saved(document)


def certificate() -> bytes:
    """Chứng thư minh chứng: what lies in the evidence, under which fingerprint, and the chain that seals it.

    Not a mere printout: the office numbers and signs it, since a seal proves most where somebody else has kept it.
    """
    document = _issued("{{ so }}")
    form.title(document, "CHỨNG THƯ MINH CHỨNG", ("Cuộc kiểm tra tại {{ don_vi }}, {{ ngay_kiem_tra }}",), 50)
    form.body(
        document,
        "Hệ thống Kỷ Cương ghi nhận, tại thời điểm {{ thoi_diem }}, cuộc kiểm tra nêu trên ({{ bien_ban }}) có {{ so_anh }} "
        "tệp minh chứng. Mỗi tệp được giữ nguyên như khi nhận; dấu vân tay SHA-256 thay đổi nếu tệp bị sửa dù chỉ một "
        "chi tiết.",
    )
    form.tag(document, "if dong")
    titles = ("STT", "Mã ảnh", "Người gửi, thời điểm nhận", "Thời điểm lưu, dung lượng", "Dấu vân tay (SHA-256)")
    table = form.grid(document, EXHIBITS, titles, size=11)
    form.steer(table, "for d in dong")
    form.row(
        table, ("{{ d.stt }}", "{{ d.ma }}", "{{ d.nhan }}", "{{ d.luu }}", "{{ d.van_tay }}"), size=10, aligns="cclll"
    )
    form.steer(table, "endfor")
    form.tag(document, "endif")
    form.lower(form.body(document, "Dấu vân tay của bản ghi cuộc kiểm tra:"), 8)
    form.say(document, "{{ ban_ghi }}", form.SMALL, after=form.AFTER)
    form.body(document, "Dấu niêm phong mới nhất của nhật ký ({{ dong_nhat_ky }}; tình trạng: {{ tinh_trang }}):")
    form.say(document, "{{ nhat_ky }}", form.SMALL, after=form.AFTER)
    form.body(document, "Cách kiểm tra:", style="k")
    form.body(document, "1. Tệp minh chứng: tính SHA-256 của tệp bằng công cụ bất kỳ rồi so với bảng trên.")
    form.body(
        document,
        "2. Bản ghi: lập lại Chứng thư này trên Hệ thống; bản ghi đã ký không bị sửa thì dấu vân tay của bản ghi như "
        "trên. Dấu vân tay ấy cũng được ghi vào nhật ký mỗi lần lập Chứng thư.",
    )
    form.body(
        document,
        "3. Nhật ký: trên máy chủ của Hệ thống, chạy lệnh kycuong verify --head và dấu niêm phong nêu trên. Lệnh tính "
        "lại chuỗi từ dòng đầu tiên; dòng nào bị sửa, bị xóa đều được chỉ ra. Mỗi lần lập Chứng thư là một dòng mới của nhật ký, "
        "nên mỗi bản mang một dấu niêm phong riêng" + CLOSING,
        style="k",
    )
    form.signed_by(document)
    return form.saved(document)


def _issued(number: str, *, drafted: bool = False) -> Document:
    document = form.new_form()
    if drafted:
        form.draft_mark(document)
    form.head(
        document,
        issuer=("{{ co_quan_ban_hanh }}",),
        number=number,
        place_and_day=PLACE,
    )
    return document
