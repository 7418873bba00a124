"""What templates are tried with: an invented visit that fills every field, and hardly any of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from inspection.attendance import HEAD, MEMBER, SECRETARY, UNKNOWN, Attendance, Present
from inspection.documents.letters import (
    Certificate,
    Concluded,
    Conclusion,
    Exhibit,
    IndicatorLine,
    Issuer,
    OverdueList,
    OverdueUnit,
    Owed,
    PeriodReport,
    ReminderLetter,
    Report,
    Signer,
)
from inspection.documents.minutes import Finding, Judged, JudgedSection, Minutes, PhotoLine, Presence
from inspection.found import StillOpen
from inspection.working_days import LOCAL

DAY = date(2026, 8, 4)
FINGERPRINT = "0123456789abcdef" * 4
ALONE = Issuer("Sở Nội vụ")  # nobody is above it, nobody knows where it is
PROVINCE = Issuer("Sở Nội vụ", "UBND tỉnh Lạng Sơn", "Lạng Sơn")
SIGNER = Signer(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Đinh Thị Ngân")
RECIPIENTS = ("Như trên", "Ủy ban nhân dân tỉnh (để báo cáo)", "Lưu: VT, XDCQ")

TEAM = Attendance(
    authority_id="",
    authority="UBND tỉnh Lạng Sơn",
    decision="125/QĐ-SNV",
    decided_on=date(2026, 8, 3),
    team=(
        Present("Đinh Thị Ngân", "Phó Giám đốc Sở Nội vụ", HEAD),
        Present("Lương Thị Thảo", "Chuyên viên Phòng Xây dựng chính quyền, Sở Nội vụ", SECRETARY),
        Present("Nông Văn Thịnh", "Chuyên viên chính Sở Nội vụ", MEMBER),
    ),
    unit=(Present("Triệu Văn Khôi", "Chủ tịch Ủy ban nhân dân xã Tân Đoàn"),),
)


def _at(hour: int, minute: int) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=LOCAL)


EARLIER = StillOpen(
    "I03.1",
    "Tồn tại TT-2025-017 đã khắc phục nhưng tái diễn: phòng làm việc thiếu biển tên",
    date(2026, 8, 28),
    overdue=False,
)
MINUTES = Minutes(
    draft=True,
    number=3,
    attendance=TEAM,
    set_up_by="Sở Nội vụ",
    unit="Ủy ban nhân dân xã Tân Đoàn",
    area="tỉnh Lạng Sơn",
    started=_at(8, 5),
    ended=_at(10, 40),
    period_from=date(2025, 11, 12),
    bases=("Chỉ thị số 26/CT-TTg ngày 05/9/2016 của Thủ tướng Chính phủ",),
    sections=(
        JudgedSection(
            "C",
            "Chấp hành thời giờ làm việc",
            (
                Judged("C02", "Số người đi muộn, về sớm", "02 người; không đạt", "Đi muộn"),
                Judged("C03", "Niêm yết", "Đạt", ""),
            ),
            1,
            1,
        ),
        JudgedSection(
            "D", "Đeo thẻ, trang phục", (Judged("D01", "Số có mặt; số đeo thẻ", "23/23; đạt", "Ảnh D01-01"),), 1, 0
        ),
    ),
    presence=Presence("08:12", 25, 23, 2, 0),
    strengths=("Đeo thẻ, trang phục: 01/01 nội dung đạt",),
    findings=(
        Finding("C02", "Có 02 người đi muộn", 5, ("C02-01",), "TT-2025-014"),
        Finding("A02", "Ban hành kế hoạch chậm", 0),
    ),
    still_open=(EARLIER,),
    explanation=("Đơn vị tiếp thu, sẽ khắc phục.",),
    photos=(PhotoLine("C02-01", "Số người đi muộn, về sớm", _at(8, 12), FINGERPRINT),),
)
BARE = replace(
    MINUTES, draft=False, number=None, attendance=UNKNOWN, set_up_by="", ended=None, period_from=None, bases=(),
    sections=(), presence=None, strengths=(), findings=(), still_open=(), explanation=(), photos=(), area="",
)  # fmt: skip
REFUSED = replace(MINUTES, draft=False, attendance=replace(TEAM, refusal="Chưa thống nhất kết quả"))
EARLY = replace(
    MINUTES, early_reason="Trụ sở đóng cửa trong giờ làm việc", no_photo="trời tối", findings=(), explanation=(),
)  # fmt: skip
BARE_EARLY = replace(BARE, early_reason="Đơn vị chưa phối hợp")
REPORT = Report(MINUTES, 7, date(2026, 8, 7), "Giám đốc Sở Nội vụ")
EARLY_REFUSED = replace(REFUSED, early_reason="Đơn vị chưa phối hợp", findings=())
REPORT_EARLY = Report(EARLY, None, None, "Giám đốc Sở Nội vụ")
BARE_REPORT = Report(BARE, None, None, "")
CONCLUSION = Conclusion(
    issuer=PROVINCE,
    number=15,
    symbol="TB-SNV",
    day=date(2026, 8, 14),
    unit="UBND xã Tân Đoàn",
    visited_on=DAY,
    minutes="Biên bản số 03/BB-ĐKT ngày 04 tháng 8 năm 2026",
    results=("Đã đánh giá 40 nội dung: 32 đạt, 05 không đạt; 89,3/100 điểm, xếp loại Khá",),
    strengths=("Đeo thẻ, trang phục: 04/04 nội dung đạt",),
    findings=(
        Concluded("TT-2026-031", "Có 02 người đi muộn", 5, date(2026, 8, 21), repeat_of="TT-2025-014"),
        Concluded("TT-2026-032", "Ban hành kế hoạch chậm", 0, remedied=True),
    ),
    still_open=(EARLIER,),
    report_due=date(2026, 8, 27),
    signer=SIGNER,
    recipients=RECIPIENTS,
)
CONCLUSION_DRAFT = replace(
    CONCLUSION, number=None, day=None, report_due=None,
    findings=tuple(replace(one, due=None, remedied=False) for one in CONCLUSION.findings),
)  # fmt: skip
BARE_CONCLUSION = replace(CONCLUSION_DRAFT, issuer=ALONE, findings=(), still_open=(), strengths=(), results=())
LETTER = ReminderLetter(
    issuer=PROVINCE,
    number=45,
    symbol="SNV-XDCQ",
    day=date(2026, 2, 10),
    addressed_to="UBND xã Điềm He",
    owed=(Owed("Kế hoạch triển khai năm 2026", "Văn bản số 09/UBND-NC ngày 12/01/2026", date(2026, 2, 6), 2),),
    answer_by=date(2026, 2, 12),
    signer=SIGNER,
    recipients=RECIPIENTS,
)
BARE_LETTER = replace(LETTER, issuer=ALONE, number=None, day=None, owed=(), answer_by=None)
OVERDUE = OverdueList(
    issuer=PROVINCE,
    area="Tỉnh Lạng Sơn",
    moment=_at(8, 0),
    lines=(
        OverdueUnit("UBND xã Tri Lễ", "Kế hoạch triển khai", "NV-2026-0150", date(2026, 2, 6), 2),
        OverdueUnit("UBND xã Yên Phúc", "Kế hoạch triển khai", "NV-2026-0149", date(2026, 2, 5), 3),
    ),
    signer=SIGNER,
    recipients=RECIPIENTS,
    only="loại Kế hoạch triển khai",
)
BARE_OVERDUE = replace(OVERDUE, issuer=ALONE, lines=(), only="")
PERIOD = PeriodReport(
    issuer=PROVINCE,
    area="UBND tỉnh Lạng Sơn",
    called="tháng 7 năm 2026",
    time="từ 01/7/2026 đến hết 31/7/2026, tình trạng đến hết ngày 31/7/2026",
    aloud="61/65 đơn vị đã ban hành kế hoạch; 14 đơn vị được kiểm tra đột xuất.",
    results=("1. Kế hoạch triển khai: 61/65 (93,8%); còn 04 đơn vị, trong đó 04 quá hạn.",),
    indicators=(
        IndicatorLine(
            "Kế hoạch triển khai đã ban hành", "61/65 (93,8%)", "100%", "chưa đạt", "60/65 (92,3%), +1,5 điểm %"
        ),
    ),
    shortcomings=("Tồn tại, hạn chế quá hạn khắc phục: 02, tại 02 đơn vị.",),
    signer=SIGNER,
    recipients=RECIPIENTS,
)
BARE_PERIOD = replace(PERIOD, issuer=ALONE, results=(), indicators=(), shortcomings=(), aloud="")
CERTIFICATE = Certificate(
    issuer=PROVINCE,
    unit="Ủy ban nhân dân xã Tân Đoàn",
    visited=_at(8, 5),
    minutes="Biên bản số 03/BB-ĐKT ngày 04 tháng 8 năm 2026",
    moment=_at(11, 0),
    exhibits=(Exhibit("C02-01", "Nông Văn Thịnh", _at(8, 11), _at(8, 12), 204800, "image/jpeg", FINGERPRINT),),
    record=FINGERPRINT,
    chain=FINGERPRINT,
    row=1234,
    sealed_at=_at(11, 0),
    chain_whole=True,
    recipients=("Lưu: VT",),
)
BARE_CERTIFICATE = replace(CERTIFICATE, issuer=ALONE, exhibits=(), chain_whole=False, row=0, sealed_at=None)
