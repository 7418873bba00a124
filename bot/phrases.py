"""Sentences of the chat side that belong to no single command, in both languages."""

from __future__ import annotations

from bot import fetcher, file_kinds, pictures
from inspection.phrases import Phrase

PHRASES: dict[str, Phrase] = {
    "trouble": Phrase(
        "Hệ thống chưa xử lý được tin vừa gửi (mã {reference}). Các nội dung đã ghi vẫn còn; đề nghị gửi lại hoặc báo mã này cho quản trị.",
        "The last message could not be handled (reference {reference}). What was stored is safe; please send it again or report the reference.",
    ),
    "not_stored": Phrase(
        "Hệ thống tạm thời chưa lưu được tin vừa gửi. Không cần gửi lại: tin sẽ được xử lý khi khắc phục xong.",
        "What you sent could not be stored for the moment. Do not send it again: it will be handled once this is repaired.",
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
        "Editing a sent message does not change what was stored. Type the code and the answer again, e.g. C03 not met",
    ),
    "unknown_command": Phrase(
        "Hệ thống không có lệnh này. Gõ /trogiup để xem các lệnh.",
        "There is no such command. Type /help for the commands.",
    ),
    "not_allowed": Phrase(
        "Đồng chí chưa được phân quyền dùng nội dung này. Trường hợp cần thiết, đề nghị liên hệ quản trị Hệ thống.",
        "Your role does not include this. If you need it, please ask the administrator.",
    ),
    "dead_button": Phrase("Nút này không còn dùng được", "This button no longer works"),
    "old_button": Phrase(
        "Nút này đã cũ. Đề nghị trả lời câu gần nhất, hoặc gõ /tieptuc.",
        "This button is out of date. Please answer the latest question, or type /resume.",
    ),
    "old_button_help": Phrase(
        "Nút này đã cũ. Đề nghị trả lời câu gần nhất, hoặc gõ /trogiup để xem các lệnh.",
        "This button is out of date. Please answer the latest question, or type /help for the commands.",
    ),
    "tap_known": Phrase("Đã ghi", "Stored"),
    "nothing_open": Phrase(
        "Hiện không có câu hỏi nào chờ trả lời. Gõ /trogiup để xem các lệnh.",
        "No question is waiting for an answer. Type /help for the commands.",
    ),
    "photo_not_now": Phrase(
        "Ảnh chưa gắn với lượt kiểm tra nào. Gõ /kiemtra để bắt đầu hoặc /tieptuc để tiếp tục, rồi gửi lại ảnh.",
        "The photo belongs to no visit. Type /inspect to begin or /resume to go on, then send it again.",
    ),
    "proof_kept": Phrase(
        "Hệ thống đã nhận 01 ảnh văn bản. Trân trọng.", "One photo of the document was received. Thank you."
    ),
    "proof_file_kept": Phrase(
        "Hệ thống đã nhận 01 tệp văn bản. Trân trọng.", "One file of the document was received. Thank you."
    ),
    "file_not_now": Phrase(
        "Tệp, tin thoại chưa gắn với lượt kiểm tra nào. Gõ /kiemtra để bắt đầu hoặc /tieptuc để tiếp tục, rồi gửi lại.",
        "The file belongs to no visit. Type /inspect to begin or /resume to go on, then send it again.",
    ),
    "file_no_use": Phrase(
        "Hệ thống không dùng tệp, tin thoại ở đây. Đề nghị gõ nội dung, hoặc /trogiup để xem các lệnh.",
        "Files and voice notes are of no use here. Please type, or /help for the commands.",
    ),
    "left": Phrase(
        "Đã thôi câu hỏi trước. Gõ trợ giúp để xem các lệnh.", "The question is left. Type help for the commands."
    ),
    "kept": Phrase("Giữ nguyên.", "Kept as it was."),
}

# Why a picture or file could not be kept, by the words of those who judge it.
REFUSALS: dict[str, Phrase] = {
    pictures.UNREADABLE: Phrase(pictures.UNREADABLE, "the picture cannot be opened, please take it again"),
    pictures.TOO_LARGE: Phrase(pictures.TOO_LARGE, "the picture is larger than 20 MB, please send a smaller one"),
    pictures.TOO_MANY_PIXELS: Phrase(
        pictures.TOO_MANY_PIXELS, "the picture has too many pixels, please take a smaller one"
    ),
    pictures.NOT_A_PHOTO: Phrase(
        pictures.NOT_A_PHOTO, "the file is no JPEG, PNG or WEBP picture, please take it again"
    ),
    pictures.HEIC: Phrase(
        pictures.HEIC,
        "the phone's HEIC file cannot be seen on other machines, please send it as a photo, not as a file",
    ),
    file_kinds.FILE_TOO_LARGE: Phrase(
        file_kinds.FILE_TOO_LARGE, "the file is larger than 20 MB, please send a smaller one or several"
    ),
    file_kinds.FILE_EMPTY: Phrase(file_kinds.FILE_EMPTY, "the file is empty, please send it again"),
    file_kinds.FILE_BROKEN: Phrase(
        file_kinds.FILE_BROKEN, "the file cannot be opened, perhaps it was cut off, please send it again"
    ),
    file_kinds.FILE_RUNS: Phrase(
        file_kinds.FILE_RUNS, "files that run on a computer are not accepted, please send a document or a photo"
    ),
    file_kinds.FILE_UNKNOWN: Phrase(
        file_kinds.FILE_UNKNOWN,
        "accepted are PDF, Word, Excel, PowerPoint, plain text, archives, sound and video, please send one of these",
    ),
    fetcher.NO_PROOF: Phrase(
        fetcher.NO_PROOF, "a report is proved by a photo or the PDF of the document, please send one of these"
    ),
    fetcher.NOT_FETCHED: Phrase(fetcher.NOT_FETCHED, "it could not be fetched yet and is being tried again"),
    fetcher.NOT_STORED: Phrase(fetcher.NOT_STORED, "it could not be stored yet and is being tried again"),
    fetcher.GIVEN_UP: Phrase(fetcher.GIVEN_UP, "it could not be fetched, please send it again"),
}
