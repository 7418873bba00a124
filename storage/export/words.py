"""The words people read for what is stored as a word of the program: one table for each closed list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inspection.access import ADMIN, DELEGATE, INSPECTOR, TEAM_HEAD, UNIT_HEAD
from inspection.phrases import say
from storage.workbook.sheets import lineage, people, units

Words = Mapping[str, str]

FORMS: Final[Words] = {
    "surprise": "đột xuất", "combined": "lồng ghép", "planned": "theo kế hoạch", "recheck": "phúc tra",
}  # fmt: skip
VISITS: Final[Words] = {
    "in_progress": "đang diễn ra", "awaiting_signature": "chờ ký", "signed": "đã ký", "ended_early": "kết thúc sớm",
    "cancelled": "đã hủy",
}  # fmt: skip
GRADES: Final[Words] = {grade: say("vi", f"grade_{grade}").lower() for grade in ("tot", "kha", "trung_binh", "yeu")}
OUTCOMES: Final[Words] = {
    "met": "đạt", "not_met": "không đạt", "na": "không áp dụng", "info": "chỉ ghi nhận", "hidden": "không hỏi",
    "absent": "không hỏi, tính 0 điểm", "open": "chưa trả lời",
}  # fmt: skip
FINDINGS: Final[Words] = {"open": "chưa khắc phục", "verified": "đã khắc phục"}
OBLIGATIONS: Final[Words] = {
    "open": "chưa báo cáo", "reported": "đã báo cáo", "returned": "trả lại để bổ sung", "accepted": "đã chấp nhận",
    "cancelled": "đã hủy",
}  # fmt: skip
REQUESTS: Final[Words] = {
    "report": "báo cáo", "extension": "đề nghị gia hạn", "not_ours": "không thuộc đơn vị", "question": "trao đổi",
    "plan": "kế hoạch khắc phục",
}  # fmt: skip
REQUEST_STATES: Final[Words] = {
    "waiting": "chờ", "granted": "chấp thuận, xác nhận", "returned": "chưa chấp thuận, trả lại",
    "withdrawn": "đã nhập lại", "noted": "đã ghi nhận",
}  # fmt: skip
PROOFS: Final[Words] = {"photo": "ảnh", "file": "tệp", "system": "đã gửi qua hệ thống văn bản"}
FILES: Final[Words] = {"photo": "ảnh", "document": "tài liệu", "voice": "ghi âm", "video": "video"}
FILE_STATES: Final[Words] = {"awaited": "đang chờ tệp", "stored": "đã lưu", "refused": "không nhận"}
PAPERS: Final[Words] = {
    "minutes": "biên bản kiểm tra", "early_end": "biên bản kết thúc sớm", "report": "báo cáo kết quả kiểm tra",
    "conclusion": "thông báo kết luận kiểm tra", "reminder": "công văn đôn đốc",
    "overdue": "danh sách đơn vị quá hạn", "period": "báo cáo tổng hợp kỳ", "certificate": "chứng thư minh chứng",
}  # fmt: skip
NUMBERED: Final[Words] = {"BB": "biên bản"}
UNITS: Final[Words] = {kind: label[:1].lower() + label[1:] for label, kind in units.KINDS.items()}
LINEAGE: Final[Words] = {kind: label.lower() for label, kind in lineage.KINDS.items()}
ROLES: Final[Words] = {
    role: next((label for label, one in people.ROLE_WORDS.items() if one == role), "người theo dõi")
    for role in (ADMIN, TEAM_HEAD, INSPECTOR, UNIT_HEAD, DELEGATE)
}
LANGUAGES: Final[Words] = {code: label[:1].lower() + label[1:] for label, code in people.LANGUAGES.items()}
DAYS: Final[Words] = {"off": "nghỉ", "work": "làm bù"}
EVERY: Final[Words] = {"week": "hằng tuần", "month": "hằng tháng"}


def shown(words: Words, stored: str) -> str:
    """A word as a cell has it; one that is in no list stays as it is."""
    word = words.get(stored, stored)
    return word[:1].upper() + word[1:]
