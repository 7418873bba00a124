"""The fields of the minutes' template, in the words an office would give them; every sentence list is punctuated."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from inspection.attendance import HEAD, MEMBER, SECRETARY, Present
from inspection.documents.minutes import Finding, Minutes, PhotoLine, Presence, grouped_by_days
from inspection.figures import kind_name, show_clock, show_day, show_two
from inspection.found import StillOpen
from inspection.official import (
    DOTS,
    day_in_full,
    in_full,
    listed,
    moment_in_full,
    number_symbol,
    printable,
    superior_at_head,
)
from inspection.shown import show_score

SYMBOL = "BB-ĐKT"
NONE_RECORDED = "Không có."
NOT_JUDGED = "Không đánh giá."  # a handful of answers is no strength
NOT_HEARD = "Chưa lấy ý kiến của đơn vị."
NO_WORDS = ("không", "không có", "không có ý kiến")


def minutes_fields(minutes: Minutes) -> dict[str, Any]:
    """All fields; texts, lists of texts, and lists of rows."""
    taking_part = minutes.attendance
    head, secretary = taking_part.with_task(HEAD), taking_part.with_task(SECRETARY)
    witnesses = minutes.witnesses()
    return {
        "du_thao": minutes.draft,
        "so": number_symbol(minutes.number, SYMBOL),
        "so_ngan": number_symbol(minutes.number, SYMBOL).replace("Số: ", "số "),
        "co_quan_chu_quan": superior_at_head(taking_part.authority) if taking_part.authority else DOTS,
        "so_quyet_dinh": taking_part.decision or DOTS,
        "quyet_dinh": _decision(minutes),
        "ngay_bien_ban": _day(minutes),
        "don_vi": minutes.unit,
        "dia_diem": ", ".join(filter(None, (f"Trụ sở {minutes.unit}", minutes.area))),
        "bat_dau": moment_in_full(minutes.started),
        "ket_thuc": moment_in_full(minutes.ended),
        "doan_kiem_tra": listed([_of_team(one) for one in taking_part.team] or [DOTS]),
        "dai_dien_don_vi": listed([_named(one) for one in taking_part.unit] or [DOTS]),
        "chu_tri": f"{_named(head, office=False)}, {HEAD}" if head else DOTS,
        "thu_ky": _named(secretary, office=False) if secretary else DOTS,
        "can_cu": listed(
            [f"Căn cứ {_decision(minutes)} thành lập Đoàn kiểm tra", *(f"Căn cứ {basis}" for basis in minutes.bases)]
        ),
        "noi_dung": "; ".join(_lowered(section.title) for section in minutes.sections) or DOTS,
        "pham_vi": _period(minutes),
        "hien_dien": _presence(minutes.presence) if minutes.presence else "",
        "ket_qua": list(_sections(minutes)),
        "uu_diem": [NOT_JUDGED] if minutes.early_reason else listed(minutes.strengths) or [NONE_RECORDED],
        "ton_tai": listed(list(_shortcomings(minutes))) or [NONE_RECORDED],
        "giai_trinh": list(_explanation(minutes)),
        "kien_nghi": requests(minutes, "IV"),
        "so_ban": show_two(minutes.copies),
        "tu_choi_ky": printable(taking_part.refusal).rstrip("."),
        "ten_thu_ky": _name(secretary),
        "ten_truong_doan": _name(head),
        "ten_dai_dien": _name(taking_part.unit[0] if taking_part.unit else None),
        "nguoi_xac_nhan": ", ".join(one.name for one in witnesses) or DOTS,
        "nguoi_xac_nhan_1": _name(witnesses[0] if witnesses else None),
        "nguoi_xac_nhan_2": _name(witnesses[1] if len(witnesses) > 1 else None),
        "noi_nhan": _recipients(minutes),
        "anh": [_photo(place, photo) for place, photo in enumerate(minutes.photos, start=1)],
        "ly_do": minutes.early_reason.rstrip("."),
        "khong_anh": minutes.no_photo.rstrip("."),
    }


def cited(minutes: Minutes) -> str:
    """The minutes as other documents name them: "Biên bản số 03/BB-ĐKT ngày 04 tháng 8 năm 2026"."""
    return f"Biên bản {number_symbol(minutes.number, SYMBOL).replace('Số: ', 'số ')} {_day(minutes)}"


def _day(minutes: Minutes) -> str:
    return day_in_full(minutes.ended.date() if minutes.ended else None)


def _decision(minutes: Minutes) -> str:
    """ "Quyết định số 125/QĐ-SNV ngày 03 tháng 8 năm 2026"."""
    symbol = minutes.attendance.decision
    kind = kind_name(symbol) if symbol else "Quyết định"
    return f"{kind} số {symbol or DOTS} {day_in_full(minutes.attendance.decided_on)}"


def _named(one: Present, *, office: bool = True) -> str:
    """ "Đồng chí Đinh Thị Ngân, Phó Giám đốc Sở Nội vụ"; whether somebody is Ông or Bà nobody has said."""
    parts = [f"Đồng chí {printable(one.name)}", printable(one.title) if office else ""]
    return ", ".join(filter(None, parts))


def _of_team(one: Present) -> str:
    return f"{_named(one)}, {one.task or MEMBER}"


def _name(one: Present | None) -> str:
    return printable(one.name) if one else DOTS


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]


def _period(minutes: Minutes) -> str:
    since = f"từ ngày {show_day(minutes.period_from)} " if minutes.period_from else ""
    return f"việc chấp hành của đơn vị {since}đến ngày {show_day(minutes.started.date())}"


def _presence(counted: Presence) -> str:
    clock = counted.clock.replace(":", " giờ ") + " phút" if counted.clock else ""
    share = f" ({show_score(Decimal(100) * counted.present / counted.total)}%)" if counted.total else ""
    at = f"Tại thời điểm {clock}" if clock else "Tại thời điểm kiểm tra"
    return (
        f"{at}: phải có mặt {show_two(counted.total)} người; có mặt {show_two(counted.present)} người{share}; "
        f"vắng có lý do {show_two(counted.absent_with_reason)} người; "
        f"vắng không có lý do {show_two(counted.absent_without_reason)} người."
    )


def _sections(minutes: Minutes) -> Iterator[dict[str, Any]]:
    place = 0
    for section in minutes.sections:
        lines = []
        for judged in section.lines:
            place += 1
            subject = f"{judged.code}. {judged.label}"
            lines.append({"stt": str(place), "noi_dung": subject, "ket_qua": judged.result, "ghi_chu": judged.note})
        yield {"ky_hieu": section.code, "ten": section.title, "dong": lines}


def _shortcomings(minutes: Minutes) -> Iterator[str]:
    for place, finding in enumerate(minutes.findings, start=1):
        yield f"{place}. {finding.sentence} ({'; '.join(_about(finding))})"
    for place, earlier in enumerate(minutes.still_open, start=len(minutes.findings) + 1):
        yield f"{place}. {earlier.sentence}"


def _about(finding: Finding) -> Iterator[str]:
    yield f"nội dung {finding.code}"
    if finding.repeat_of:
        yield repeated(finding.repeat_of)
    if finding.photos:
        yield f"ảnh {', '.join(finding.photos)}"


def repeated(number: str) -> str:
    """That a finding is not the first of its kind at the unit."""
    return f"tái diễn tồn tại {number}"


def _explanation(minutes: Minutes) -> Iterator[str]:
    """The unit's own words; nobody speaks for a unit that was not asked, as where the visit ended early."""
    said = " ".join(minutes.explanation).strip(" .").lower()
    if not said and minutes.early_reason:
        yield NOT_HEARD
        return
    if not said or said in NO_WORDS:
        yield "Đơn vị được kiểm tra không có ý kiến khác."
        return
    *before, last = minutes.explanation
    yield from before
    yield last if last.endswith((".", "!", "?", "…")) else f"{last}."


def requests(minutes: Minutes, part: str) -> list[str]:
    """What is asked of the unit, with periods only: the dates run from the notice of conclusions.

    `part` is the number of the part of this document that lists the findings.
    """
    asked = []
    for days, places in grouped_by_days(minutes.findings).items():
        which = f"điểm {', '.join(str(one) for one in places)} mục {part}"
        if days:
            asked.append(
                f"Đề nghị đơn vị khắc phục nội dung nêu tại {which} trong thời hạn {show_two(days)} ngày làm việc, "
                "tính từ ngày Thông báo kết luận kiểm tra"
            )
        else:
            asked.append(f"Đề nghị đơn vị rút kinh nghiệm đối với nội dung nêu tại {which}")
    for place, earlier in enumerate(minutes.still_open, start=len(minutes.findings) + 1):
        until = days_left(earlier)
        asked.append(f"Đề nghị đơn vị khắc phục dứt điểm tồn tại của kỳ trước nêu tại điểm {place} mục {part}{until}")
    return listed([f"{place}. {one}" for place, one in enumerate(asked, start=1)]) or [NONE_RECORDED]


def days_left(earlier: StillOpen) -> str:
    """By when an earlier finding is to be remedied, as the end of a sentence: its day stands, a day gone by is over."""
    if earlier.due is None:
        return ""
    day = show_day(earlier.due)
    return f" ngay, vì đã quá thời hạn {day}" if earlier.overdue else f" theo thời hạn đã giao, ngày {day}"


def _recipients(minutes: Minutes) -> list[str]:
    return [f"{in_full(minutes.set_up_by) or DOTS} (để báo cáo);", f"{minutes.unit};", "Lưu: VT, Hồ sơ."]


def _photo(place: int, photo: PhotoLine) -> dict[str, str]:
    at = f"{show_clock(photo.at)} ngày {show_day(photo.at.date())}" if photo.at else DOTS
    return {
        "stt": str(place), "ma": photo.code, "noi_dung": photo.subject, "thoi_diem": at, "van_tay": photo.sha256,
    }  # fmt: skip
