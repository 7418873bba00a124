"""The fields of the templates beside the minutes."""

from __future__ import annotations

from typing import Any

from bot.documents.minutes_fields import cited, days_left, minutes_fields, repeated, requests
from inspection.attendance import HEAD
from inspection.documents.letters import (
    Certificate,
    Concluded,
    Conclusion,
    Issuer,
    OverdueList,
    PeriodReport,
    ReminderLetter,
    Report,
    Signer,
)
from inspection.documents.minutes import Minutes
from inspection.figures import show_clock, show_day, show_moment, show_number, show_two
from inspection.official import (
    DOTS,
    END,
    day_in_full,
    in_full,
    issuer_at_head,
    listed,
    number_symbol,
    place_of,
    printable,
    superior_at_head,
)
from inspection.shown import show_score

GRADES = {"tot": "Tốt", "kha": "Khá", "trung_binh": "Trung bình", "yeu": "Yếu"}
BLANK_DAY = "…… tháng …… năm ………"  # in words: a line may end within it, so that no other is torn apart


def report_fields(report: Report) -> dict[str, Any]:
    """Those of the minutes, and what only the report says."""
    minutes = report.minutes
    fields = minutes_fields(minutes)
    head = minutes.attendance.with_task(HEAD)
    return fields | {
        "bien_ban": cited(minutes),
        "so": number_symbol(report.number, "BC-ĐKT"),
        "dia_danh": place_of(minutes.attendance.authority) or DOTS,
        "ngay": day_in_full(report.day),
        "kinh_gui": in_full(report.addressed_to) or DOTS,
        "ket_qua_chung": overall(minutes),
        "kien_nghi": requests(minutes, "III"),
        "chuc_vu": ["TRƯỞNG ĐOÀN"],
        "nguoi_ky": printable(head.name) if head else DOTS,
        "noi_nhan": ["Như trên;", "Lưu: VT, Hồ sơ."],
    }


def overall(minutes: Minutes) -> str:
    """How many items were met, and the class."""
    met, failed = (sum(getattr(section, name) for section in minutes.sections) for name in ("met", "failed"))
    told = f"Đoàn đã đánh giá {show_two(met + failed)} nội dung: {show_two(met)} đạt, {show_two(failed)} không đạt"
    if minutes.early_reason:
        return f"{told}. Buổi kiểm tra kết thúc sớm, không xếp loại; lý do: {minutes.early_reason}."
    if minutes.score is None or minutes.grade is None:
        return f"{told}."
    return f"{told}; kết quả {show_score(minutes.score)}/100 điểm, xếp loại {GRADES[minutes.grade]}."


def _issued(issuer: Issuer, signer: Signer | None = None, recipients: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "co_quan_chu_quan": superior_at_head(issuer.superior),
        "co_quan_ban_hanh": issuer_at_head(issuer.name),
        "co_quan": in_full(issuer.name),
        "dia_danh": issuer.place or DOTS,
        "chuc_vu": list(signer.office) if signer and signer.office else [DOTS],
        "nguoi_ky": signer.name if signer and signer.name else DOTS,
        "noi_nhan": listed([printable(one) for one in recipients]),
    }


def conclusion_fields(notice: Conclusion) -> dict[str, Any]:
    """Findings with their numbers and days."""
    findings = [
        f"{place}. {one.number}: {printable(one.sentence).rstrip('.')}{_again(one)}; {_until(one)}"
        for place, one in enumerate(notice.findings, start=1)
    ]
    findings += [
        f"{place}. {printable(one.sentence)}; khắc phục dứt điểm{days_left(one)}"
        for place, one in enumerate(notice.still_open, start=len(findings) + 1)
    ]
    return _issued(notice.issuer, notice.signer, notice.recipients) | {
        "du_thao": notice.draft,
        "so": number_symbol(notice.number, notice.symbol),
        "ngay": day_in_full(notice.day),
        "don_vi": in_full(notice.unit),
        "ngay_kiem_tra": show_day(notice.visited_on),
        "bien_ban": notice.minutes,
        "ket_qua": listed(notice.results) or ["Không có."],
        "uu_diem": listed(notice.strengths) or ["Không có."],
        "ton_tai": listed(findings) or ["Không có."],
        "han_bao_cao": _day(notice.report_due),
        "yeu_cau": _asked(notice),
    }


def _until(one: Concluded) -> str:
    """What time a finding is given: a period as long as the notice has no day, then the day the period ends."""
    if one.due:
        return f"thời hạn: ngày {show_day(one.due)}"
    if not one.days:
        return "đề nghị đơn vị rút kinh nghiệm"
    return "đã khắc phục trước ngày Thông báo này" if one.remedied else _within(one.days)


def _within(days: int) -> str:
    return f"trong thời hạn {show_two(days)} ngày làm việc, tính từ ngày Thông báo này"


def _asked(notice: Conclusion) -> str:
    """What the head of the unit is asked for: to remedy and to report, or to learn from what needs no remedy."""
    to = "Đề nghị thủ trưởng đơn vị chỉ đạo"
    if not notice.findings and not notice.still_open:
        return f"{to} tiếp tục duy trì việc chấp hành kỷ luật, kỷ cương hành chính"
    days = max((one.days for one in notice.findings if one.due or not one.remedied), default=0)
    if not days and notice.still_open:
        learnt = " và rút kinh nghiệm đối với các tồn tại, hạn chế nêu trên" if notice.findings else " nêu trên"
        return f"{to} khắc phục dứt điểm tồn tại của kỳ trước{learnt}"
    if not days:
        return f"{to} rút kinh nghiệm đối với các tồn tại, hạn chế nêu trên"
    until = f"chậm nhất ngày {show_day(notice.report_due)}" if notice.report_due else _within(days)
    return (
        f"{to} khắc phục các tồn tại, hạn chế nêu trên đúng thời hạn; báo cáo kết quả kèm minh chứng về "
        f"{in_full(notice.issuer.name)} {until}"
    )


def _again(finding: Concluded) -> str:
    return f" ({repeated(finding.repeat_of)})" if finding.repeat_of else ""


def reminder_fields(letter: ReminderLetter) -> dict[str, Any]:
    """What is owed, each with its basis, its day and the working days over it."""
    owed = [
        f"{place}. {printable(one.subject)}{f' (theo {printable(one.basis)})' if one.basis else ''}: thời hạn "
        f"{show_day(one.due)}, quá {show_two(one.days_over)} ngày làm việc"
        for place, one in enumerate(letter.owed, start=1)
    ]
    issued = _issued(letter.issuer, letter.signer, letter.recipients)
    count, answer_by = show_two(len(letter.owed)), _day(letter.answer_by)
    return issued | {
        "so": number_symbol(letter.number, letter.symbol),
        "ngay": day_in_full(letter.day),
        "ve_viec": "V/v đôn đốc thực hiện nhiệm vụ về kỷ luật, kỷ cương hành chính",
        "kinh_gui": in_full(letter.addressed_to),
        "so_viec": count,
        "mo_dau": f"Qua theo dõi, đến nay đơn vị còn {count} nhiệm vụ đã quá thời hạn:",
        "viec": listed(owed),
        "han_tra_loi": answer_by,
        "de_nghi": f"{issued['co_quan']} đề nghị thủ trưởng đơn vị chỉ đạo hoàn thành các nhiệm vụ nêu trên, "
        f"báo cáo kết quả, nêu rõ nguyên nhân, chậm nhất ngày {answer_by}",
    }


def reminder_in_words(letter: ReminderLetter) -> str:
    """The letter as a chat shows it: the same sentences, without the head and the signature."""
    fields = reminder_fields(letter)
    text = [fields["mo_dau"], *fields["viec"], f"{fields['de_nghi']}{END}"]
    recipients = [f"- {one}" for one in fields["noi_nhan"]]
    return "\n".join([fields["ve_viec"], f"Kính gửi: {fields['kinh_gui']}.", *text, "Nơi nhận:", *recipients])


def overdue_fields(overdue: OverdueList) -> dict[str, Any]:
    """A line for each thing that is overdue."""
    lines = [
        {
            "stt": str(place),
            "don_vi": line.unit,
            "viec": printable(line.subject) + ("" if line.code in line.subject else f" ({line.code})"),
            "han": show_day(line.due),
            "qua": show_two(line.days_over),
        }
        for place, line in enumerate(overdue.lines, start=1)
    ]
    return _issued(overdue.issuer, overdue.signer, overdue.recipients) | {
        "ngay": day_in_full(overdue.moment.date()),
        "pham_vi": in_full(overdue.area),
        "thoi_diem": show_moment(overdue.moment),
        "loc": overdue.only,
        "dong": lines,
        "so_dong": show_two(len(lines)),
    }


def period_fields(report: PeriodReport) -> dict[str, Any]:
    """The figures in words; number, day, causes and proposals are the office's."""
    lines = [
        {
            "stt": str(place),
            "chi_tieu": one.title,
            "ket_qua": one.figure,
            "muc_tieu": one.target,
            "danh_gia": one.verdict,
            "ky_truoc": one.before,
            "cung_ky": one.year_before,
        }
        for place, one in enumerate(report.indicators, start=1)
    ]
    return _issued(report.issuer, report.signer, report.recipients) | {
        "so": number_symbol(None, "BC-……"),
        "ngay": day_in_full(None),
        "pham_vi": in_full(report.area),
        "ky": report.time,
        "ten_ky": report.called,
        "kinh_gui": DOTS,
        "tom_tat": report.aloud,
        "ket_qua": list(report.results),
        "dong": lines,
        "han_che": list(report.shortcomings),
    }


def certificate_fields(certificate: Certificate) -> dict[str, Any]:
    """Every file with its fingerprint, the fingerprint of the record, the newest seal of the chain."""
    lines = [
        {
            "stt": str(place),
            "ma": one.code or DOTS,
            "nhan": f"{printable(one.sender)}, {show_moment(one.received)}",
            "luu": f"{show_clock(one.stored)} ngày {show_day(one.stored.date())}; {show_number(one.size)} byte",
            "van_tay": one.sha256,
        }
        for place, one in enumerate(certificate.exhibits, start=1)
    ]
    whole = "nguyên vẹn" if certificate.chain_whole else "có dòng không khớp"
    return _issued(certificate.issuer, None, certificate.recipients) | {
        "so": number_symbol(None, "……"),
        "ngay": day_in_full(certificate.moment.date()),
        "don_vi": certificate.unit,
        "ngay_kiem_tra": day_in_full(certificate.visited.date()),
        "bien_ban": certificate.minutes,
        "thoi_diem": show_moment(certificate.moment),
        "so_anh": show_two(len(lines)),
        "dong": lines,
        "ban_ghi": certificate.record,
        "nhat_ky": certificate.chain,
        "dong_nhat_ky": _row(certificate),
        "tinh_trang": whole,
    }


def _row(certificate: Certificate) -> str:
    if certificate.sealed_at is None:
        return "chưa có dòng nào"
    return f"dòng {show_number(certificate.row)}, ghi lúc {show_moment(certificate.sealed_at)}"


def _day(day: Any) -> str:
    return show_day(day) if day else BLANK_DAY
