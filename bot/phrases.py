"""Sentences of the chat side that belong to no single command, in both languages."""

from __future__ import annotations

from bot import fetcher
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
    "photo_not_now": Phrase(
        "Ảnh chưa gắn với lượt kiểm tra nào. Gõ /kiemtra để bắt đầu hoặc /tieptuc để tiếp tục, rồi gửi lại ảnh.",
        "The photo belongs to no visit. Type /kiemtra to begin or /tieptuc to go on, then send it again.",
    ),
    "photo_no_report": Phrase(
        "Ảnh chưa gắn với việc nào. Đề nghị đồng chí báo cáo số, ký hiệu, ngày văn bản trước, sau đó gửi lại ảnh. Gõ /kehoach để xem các việc.",
        "The photo belongs to no report. Please report the document's number and date first, then send the photo again. Type /kehoach to see what is owed.",
    ),
    "proof_kept": Phrase(
        "Hệ thống đã nhận 01 ảnh văn bản. Trân trọng.", "One photo of the document was received. Thank you."
    ),
    "left": Phrase(
        "Đã thôi câu hỏi trước. Gõ trợ giúp để xem các lệnh.", "The question is left. Type trợ giúp for the commands."
    ),
    "kept": Phrase("Giữ nguyên.", "Kept as it was."),
}

# Why a picture could not be kept, by the fetcher's own words.
REFUSALS: dict[str, Phrase] = {
    fetcher.UNREADABLE: Phrase(fetcher.UNREADABLE, "the picture cannot be opened, please take it again"),
    fetcher.TOO_LARGE: Phrase(fetcher.TOO_LARGE, "the picture is larger than 20 MB, please send a smaller one"),
    fetcher.TOO_MANY_PIXELS: Phrase(
        fetcher.TOO_MANY_PIXELS, "the picture has too many pixels, please take a smaller one"
    ),
    fetcher.NOT_A_PHOTO: Phrase(fetcher.NOT_A_PHOTO, "the file is no JPEG, PNG or WEBP picture, please take it again"),
    fetcher.NOT_FETCHED: Phrase(fetcher.NOT_FETCHED, "it could not be fetched yet and is being tried again"),
    fetcher.NOT_STORED: Phrase(fetcher.NOT_STORED, "it could not be stored yet and is being tried again"),
    fetcher.GIVEN_UP: Phrase(fetcher.GIVEN_UP, "it could not be fetched, please send it again"),
}
