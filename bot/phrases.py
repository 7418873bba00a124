"""Sentences of the chat side that belong to no single command, in both languages."""

from __future__ import annotations

from inspection.phrases import Phrase

PHRASES: dict[str, Phrase] = {
    "trouble": Phrase(
        "Hệ thống chưa xử lý được tin vừa gửi (mã {reference}). Các nội dung đã ghi vẫn còn; đề nghị gửi lại hoặc báo mã này cho quản trị.",
        "The last message could not be handled (reference {reference}). What was stored is safe; please send it again or report the reference.",
    ),
    "group": Phrase(
        "Hệ thống chỉ trả lời trong trò chuyện riêng.",
        "Answers are given in a private chat only.",
    ),
    "forwarded": Phrase(
        "Hệ thống không nhận tin chuyển tiếp. Đề nghị đồng chí gửi trực tiếp.",
        "Forwarded messages are not accepted. Please send it yourself.",
    ),
    "edited": Phrase(
        "Sửa tin đã gửi không làm thay đổi nội dung đã ghi. Đề nghị gõ lại mã và câu trả lời, ví dụ: C03 không đạt",
        "Editing a sent message does not change what was stored. Type the code and the answer again, e.g. C03 không đạt",
    ),
    "unknown_command": Phrase(
        "Hệ thống không có lệnh này. Gõ /trogiup để xem các lệnh.",
        "There is no such command. Type /trogiup for the commands.",
    ),
    "not_allowed": Phrase(
        "Đồng chí chưa được phân quyền dùng nội dung này. Trường hợp cần thiết, đề nghị liên hệ quản trị Hệ thống.",
        "Your role does not include this. If you need it, please ask the administrator.",
    ),
    "dead_button": Phrase("Nút này không còn dùng được", "This button no longer works"),
    "old_button": Phrase(
        "Nút này đã cũ. Đề nghị trả lời câu gần nhất, hoặc gõ /tieptuc.",
        "This button is out of date. Please answer the latest question, or type /tieptuc.",
    ),
    "tap_known": Phrase("Đã ghi", "Stored"),
    "nothing_open": Phrase(
        "Hiện không có câu hỏi nào chờ trả lời. Gõ /trogiup để xem các lệnh.",
        "No question is waiting for an answer. Type /trogiup for the commands.",
    ),
    "proof_kept": Phrase(
        "Hệ thống đã nhận 01 ảnh văn bản. Trân trọng.", "One photo of the document was received. Thank you."
    ),
    "kept": Phrase("Giữ nguyên.", "Kept as it was."),
}
