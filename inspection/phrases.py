"""Sentences that belong to no question and no command, in both languages, side by side.

A sentence without its second language cannot be written here, so none can be missing. Dates and figures
are handed in already shown (see `figures`).
"""

from __future__ import annotations

from typing import NamedTuple


class Phrase(NamedTuple):
    """One sentence in Vietnamese and in English."""

    vi: str
    en: str


def say(language: str, name: str, /, **values: object) -> str:
    """A sentence of the catalogue with its values filled in."""
    phrase = PHRASES[name]
    return (phrase.vi if language == "vi" else phrase.en).format(**values)


def in_both(phrase: Phrase, /, **values: object) -> str:
    """A sentence to somebody whose language nobody knows, or to several at once: the English behind the Vietnamese."""
    return "\n".join(phrase).format(**values)


PHRASES: dict[str, Phrase] = {
    # --- reading ---
    "na_refused": Phrase(
        "{code} luôn áp dụng: trả lời đạt hoặc không đạt. Ví dụ: {code} đạt",
        "{code} always applies: answer met or not met. Example: {code} met",
    ),
    "negative_unclear": Phrase(
        '{code} chưa rõ. Gõ "{code} đạt" ({meaning}) hoặc "{code} không đạt".',
        '{code} is not clear. Type "{code} met" ({meaning}) or "{code} not met".',
    ),
    "verdict_unclear": Phrase(
        "{code} chưa rõ. Ví dụ: {code} đạt; {code} không đạt",
        "{code} is not clear. Example: {code} met; {code} not met",
    ),
    "remedy_unclear": Phrase(
        "{code} chưa rõ. Ví dụ: {code} đã khắc phục; {code} chưa khắc phục; {code} chưa kiểm tra được",
        "{code} is not clear. Example: {code} remedied; {code} not remedied; {code} could not be checked",
    ),
    "number_unclear": Phrase(
        "{code} cần 01 số. Ví dụ: {code} {example}", "{code} needs one figure. Example: {code} {example}"
    ),
    "whole_number_needed": Phrase(
        "{code} cần số nguyên. Ví dụ: {code} {example}", "{code} needs a whole number. Example: {code} {example}"
    ),
    "count_unclear": Phrase(
        "{code} cần {needed} số, nhận được {given}. Ví dụ: {code} {example}",
        "{code} needs {needed} figures, not {given}. Example: {code} {example}",
    ),
    "count_needed": Phrase(
        "{code} cần {needed} số. Ví dụ: {code} {example}", "{code} needs {needed} figures. Example: {code} {example}"
    ),
    "document_unclear": Phrase(
        '{code} cần số, ký hiệu và ngày ban hành, hoặc "chưa có". Ví dụ: {code} {example}',
        '{code} needs number, symbol and date, or "none". Example: {code} {example}',
    ),
    "day_unclear": Phrase(
        "{code} cần một ngày. Ví dụ: {code} {example}", "{code} needs a day. Example: {code} {example}"
    ),
    "option_unclear": Phrase(
        "{code} chọn một: {options}. Ví dụ: {code} {example}",
        "{code}, choose one: {options}. Example: {code} {example}",
    ),
    "options_unclear": Phrase(
        "{code} chọn một hoặc nhiều: {options}. Ví dụ: {code} {example}",
        "{code}, choose one or more: {options}. Example: {code} {example}",
    ),
    "photo_needed": Phrase(
        "{code} trả lời bằng ảnh. Gửi ảnh kèm mã {code}; không có ảnh thì gõ: {code} không ảnh, lý do",
        "{code} is answered by a photo. Send it with the code {code}; without one type: {code} no photo, and why",
    ),
    "text_needed": Phrase(
        "{code} cần nội dung. Ví dụ: {code} {example}", "{code} needs some words. Example: {code} {example}"
    ),
    "date_needed": Phrase(
        "{code}{document}: đề nghị ghi thêm ngày ban hành. Ví dụ: {code} {example}",
        "{code}{document}: please add the date of issue. Example: {code} {example}",
    ),
    "fit_needed": Phrase(
        "{code}{document}: ghi thêm phù hợp hoặc chưa phù hợp. Ví dụ: {code} {example}",
        "{code}{document}: add whether it still fits (fitting, not fitting). Example: {code} {example}",
    ),
    "number_later": Phrase(
        "{code}: nhận ảnh trang đầu trước, số và ngày ghi trước khi ký.",
        "{code}: the photo of the first page will do for now; number and date are due before signing.",
    ),
    "number_needed": Phrase(
        "{code} mới có ảnh, đề nghị ghi số, ký hiệu và ngày trước khi ký. Ví dụ: {code} {example}",
        "{code} has only a photo; number, symbol and date are due before signing. Example: {code} {example}",
    ),
    "again": Phrase(
        "{sentence} Đề nghị nhập lại {code}. Ví dụ: {code} {example}",
        "{sentence} Please enter {code} again. Example: {code} {example}",
    ),
    "needs_figures": Phrase(
        "{code} cần số liệu, không suy ra được. Ví dụ: {code} {example}",
        "{code} needs figures of its own. Example: {code} {example}",
    ),
    "rest_needs": Phrase(
        "Còn cần số liệu: {codes}. Ví dụ: {example}", "Figures still needed: {codes}. Example: {example}"
    ),
    "not_asked": Phrase("{code} không áp dụng cho lượt kiểm tra này.", "{code} does not apply to this visit."),
    "unknown_finding": Phrase(
        "{finding} không có trong lượt kiểm tra này.", "{finding} is not among the earlier findings of this visit."
    ),
    "not_understood": Phrase(
        'Hệ thống chưa rõ: "{words}". Gõ mã nội dung rồi câu trả lời, hoặc trợ giúp.',
        "Not understood: “{words}”. Type the item code and the answer, or help.",
    ),
    "choose_number": Phrase(
        "Đề nghị trả lời bằng số thứ tự. Ví dụ: 1", "Please answer with the number of a choice. Example: 1"
    ),
    "letters_unclear": Phrase(
        "Chưa rõ chữ {letters} là của nội dung nào. Gõ kèm mã, ví dụ: {example}",
        "It is not clear which item the letter {letters} belongs to. Type it with the code, e.g. {example}",
    ),
    "letter_unknown": Phrase(
        "{code} không có lựa chọn {letters}. {question}", "{code} has no choice {letters}. {question}"
    ),
    "help": Phrase(
        "Gõ mã và câu trả lời (C01 25 22 2 1; B03 chưa có; còn lại đạt), gõ lại mã để sửa. "
        "Văn bản chưa kịp ghi số: gõ B02 có ảnh rồi gửi ảnh trang đầu, ghi số trước khi ký. "
        "Ảnh gửi kèm mã; không có ảnh thì gõ: A04 không ảnh, lý do. "
        "Các từ dùng lúc nào cũng được: bỏ qua, lùi, lại, xem lại, xong, dừng, hủy.",
        "Type code and answer (C01 25 22 2 1; B03 none; the rest met), type a code again to correct it. "
        "A paper whose number can wait: type B02 by photo, send its first page, add the number before signing. "
        "Photos come with their code; without one type: A04 no photo, and why. "
        "Words that always work: skip, back, again, review, done, pause, cancel.",
    ),
    "paused": Phrase(
        "Đã lưu {done}/{total} nội dung tại {unit}. Gõ /tieptuc để tiếp tục bất cứ lúc nào.",
        "{done}/{total} items at {unit} are saved. Type /resume to go on at any time.",
    ),
    # --- prompts ---
    "started": Phrase(
        "Bắt đầu {moment}. Kỳ kiểm tra: từ {period} đến nay. Câu trả lời nào cũng được lưu ngay.",
        "Started {moment}. Period: from {period} until today. Every answer is saved at once.",
    ),
    "section_head": Phrase("[{place}/{total}] Mục {section}. {title}", "[{place}/{total}] Section {section}. {title}"),
    "sections_head": Phrase("[{place}/{total}] Mục {section}", "[{place}/{total}] Sections {section}"),
    "photos_in_section": Phrase(" (ảnh: {codes})", " (photos: {codes})"),
    "no_photos_of_citizens": Phrase(" (không chụp ảnh công dân)", " (no photos of citizens)"),
    "item_head": Phrase("[{place}/{total}] {code} {question}", "[{place}/{total}] {code} {question}"),
    "finding_head": Phrase(
        "[{place}/{total}] {code}, tồn tại {n}/{of}: {number}, {sentence}{due}",
        "[{place}/{total}] {code}, earlier finding {n}/{of}: {number}, “{sentence}”{due}",
    ),
    "finding_due": Phrase("; thời hạn {day}.", "; due {day}."),
    "old_photo_above": Phrase("Ảnh trên chụp lần trước.", "The photo above is from the last visit."),
    "finding_photo": Phrase(
        "Đề nghị gửi 01 ảnh cùng góc chụp, kèm số:", "Please send one photo from the same spot, with the number:"
    ),
    "finding_no_photo": Phrase("Đề nghị trả lời bằng số:", "Please answer with the number:"),
    "example": Phrase("Ví dụ: {example}", "Example: {example}"),
    "rest_met": Phrase("còn lại đạt", "the rest met"),
    "all_met_stores": Phrase('"Đạt hết" ghi: {values}', '"All met" stores: {values}'),
    "rest_met_stores": Phrase('"Còn lại đạt" ghi: {values}', '"The rest met" stores: {values}'),
    "still_open": Phrase(
        "[{place}/{total}] Mục {section} còn {codes}.", "[{place}/{total}] Section {section} still has {codes}."
    ),
    "rest_of_section": Phrase(
        "[{place}/{total}] Mục {section}, các nội dung còn lại:",
        "[{place}/{total}] Section {section}, the remaining items:",
    ),
    "skipped_head": Phrase("Các nội dung đã bỏ qua. ", "Items skipped before. "),
    "all_met": Phrase("Đạt hết", "All met"),
    "one_by_one": Phrase("Từng nội dung", "One by one"),
    "skip_section": Phrase("Bỏ qua mục", "Skip section"),
    "skip": Phrase("Bỏ qua", "Skip"),
    # --- echo ---
    "stored": Phrase("{clock}, đã ghi: {answers}.", "{clock}, stored: {answers}."),
    "stored_first": Phrase(
        "{clock}, đã ghi: {answers}. Sai thì gõ lại, ví dụ: {example}",
        "{clock}, stored: {answers}. To correct, type again, e.g. {example}",
    ),
    "before": Phrase(" (trước: {value})", " (before: {value})"),
    "met": Phrase("đạt", "met"),
    "not_met": Phrase("KHÔNG ĐẠT", "NOT MET"),
    "na": Phrase("không áp dụng", "not applicable"),
    "absent": Phrase("không hỏi riêng", "not asked separately"),
    "year_assumed": Phrase("{code} hiểu là năm {year}.", "{code} read as year {year}."),
    "which_reason": Phrase(
        "{code} là: {reasons}. Gõ kèm câu sau, ví dụ: {code} {letter}",
        "{code} is: {reasons}. Add it to the next answer, e.g. {code} {letter}",
    ),
    "reason_kept": Phrase("{code}: {reasons}.", "{code}: {reasons}."),
    "note_needed": Phrase(
        "{code} cần ghi chú ngắn. Ví dụ: {code} ghi chú {example}",
        "{code} needs a short note. Example: {code} note {example}",
    ),
    "note_example": Phrase("chưa phân công người trực thay", "“chưa phân công người trực thay”"),
    "note_kept": Phrase("{code}: đã ghi chú.", "{code}: note stored."),
    "note_unmarked": Phrase(
        'Ghi chú {code} chưa có dấu, Thư ký hoàn thiện trước khi ký: "{note}".',
        "The minutes are in Vietnamese: the note of {code} has no tone marks, the secretary completes it before signing: “{note}”.",
    ),
    "skipped": Phrase("Đã để lại: {codes}.", "Left for later: {codes}."),
    "excused": Phrase("{code}: không có ảnh, lý do: {reason}.", "{code}: no photo, reason: “{reason}”."),
    "excuse_unmarked": Phrase(
        "Lý do không có ảnh {code} chưa có dấu, Thư ký hoàn thiện trước khi ký. Ví dụ: {code} không ảnh, đơn vị chưa cung cấp",
        "The minutes are in Vietnamese: the reason for having no photo of {code} has no tone marks and is completed before signing. Example: {code} no photo, “đơn vị chưa cung cấp”",
    ),
    "words_unmarked": Phrase(
        'Nội dung {code} chưa có dấu, đề nghị gõ lại trước khi ký: "{words}". Ví dụ: {code} đơn vị tiếp thu',
        "The minutes are in Vietnamese: the words of {code} have no tone marks, please type them again before signing: “{words}”. Example: {code} “đơn vị tiếp thu”",
    ),
    "excuse_needs_code": Phrase(
        "Đề nghị gõ kèm mã và lý do. Ví dụ: {code} không ảnh, đơn vị chưa cung cấp",
        "Please type the code and the reason. Example: {code} no photo, “đơn vị chưa cung cấp”",
    ),
    "excuse_needs_reason": Phrase(
        "{code} cần lý do không có ảnh. Ví dụ: {code} không ảnh, đơn vị chưa cung cấp",
        "{code} needs a reason for having no photo. Example: {code} no photo, “đơn vị chưa cung cấp”",
    ),
    "answered_before": Phrase(
        'Câu này đã trả lời: "{old}". Nếu muốn sửa thành "{new}", trả lời 1.\n1. Sửa   2. Giữ nguyên',
        "This was answered: “{old}”. To change it to “{new}”, answer 1.\n1. Change   2. Keep",
    ),
    "choose_change": Phrase(
        "Đề nghị trả lời bằng số:\n1. Sửa   2. Giữ nguyên", "Please answer with the number:\n1. Change   2. Keep"
    ),
    "change": Phrase("1. Sửa", "1. Change"),
    "keep": Phrase("2. Giữ nguyên", "2. Keep"),
    # --- photos ---
    "photo_wanted": Phrase(
        "Đề nghị gửi 01 ảnh {code} cùng góc chụp.", "Please send one photo of {code} from the same spot."
    ),
    "photo_stored": Phrase("Đã lưu ảnh {label} lúc {clock}.", "Photo {label} saved at {clock}."),
    "photos_stored": Phrase(
        "Đã lưu {count} ảnh lúc {clock}: {labels}. Nhầm thì gõ, ví dụ: ảnh {first} là {other}",
        "Photos saved at {clock} ({count}): {labels}. If one is wrong, type e.g. photo {first} is {other}",
    ),
    "early_photo_stored": Phrase("Đã lưu ảnh hiện trường lúc {clock}.", "Photo of the site saved at {clock}."),
    "hint_photo": Phrase("Ảnh {label}", "Photo {label}"),
    "hint_this": Phrase("Ảnh này", "This photo"),
    "photo_same": Phrase(
        "{what} trùng với {other}, đề nghị xem lại.", "{what} is the same as {other}, please look again."
    ),
    "photo_alike": Phrase("{what} giống {other}, đề nghị xem lại.", "{what} resembles {other}, please look again."),
    "labelled_photo": Phrase("ảnh {label}", "photo {label}"),
    "this_visits_photo": Phrase("một ảnh đã gửi trong lượt này", "a photo of this visit"),
    "other_visits_photo": Phrase("ảnh của lượt kiểm tra khác", "a photo of another visit"),
    "earlier_photo": Phrase("ảnh {label} ngày {day}", "photo {label} of {day}"),
    "earlier_photo_unlabelled": Phrase("một ảnh ngày {day}", "a photo of {day}"),
    "at_unit": Phrase(" tại {unit}", " at {unit}"),
    "photo_old": Phrase(
        "{what}: giờ chụp ghi trong tệp cách lúc gửi {days} ngày, đề nghị xem lại.",
        "{what}: the time in the file is {days} days away from when it was sent, please look again.",
    ),
    "photo_far": Phrase(
        "{what}: vị trí ghi trong tệp cách vị trí đã chia sẻ khoảng {km} km, đề nghị xem lại.",
        "{what}: the place in the file is about {km} km from the shared position, please look again.",
    ),
    "called_document": Phrase("tệp {name}", "file {name}"),
    "called_voice": Phrase("tin thoại", "voice note"),
    "called_video": Phrase("video", "video"),
    "file_stored": Phrase(
        "Đã lưu {what} vào {label} lúc {clock}, mã băm {sha}…", "Saved {what} as {label} at {clock}, fingerprint {sha}…"
    ),
    "recording_is_no_answer": Phrase(
        "Hệ thống giữ bản ghi, không nghe nội dung; câu trả lời đề nghị gõ thành chữ. Ví dụ: {code} {example}",
        "The recording is kept, nobody listens to it here; please type the answer. Example: {code} {example}",
    ),
    "file_is_no_photo": Phrase(
        "{code} vẫn cần ảnh; văn bản thì nhận tệp PDF.", "{code} still needs a photo; for a paper its PDF will do."
    ),
    "recording_forbidden": Phrase(
        "{code} không nhận ghi âm, ghi hình: {subject} Đề nghị ghi chú, ví dụ: {code} ghi chú quan sát tại quầy",
        "{code} takes no recording: {subject} Please add a note, e.g. {code} note “quan sát tại quầy”",
    ),
    "file_forbidden": Phrase(
        "{code} không nhận tệp: {subject} Đề nghị ghi chú, ví dụ: {code} ghi chú quan sát tại quầy",
        "{code} takes no file: {subject} Please add a note, e.g. {code} note “quan sát tại quầy”",
    ),
    "file_dropped": Phrase("Tệp này không được dùng.", "The file is not used."),
    "drop_file": Phrase("Không dùng tệp này", "Do not use this file"),
    "file_refused": Phrase("{what} chưa lưu được: {reason}.", "{what} was not saved: {reason}."),
    "file_late": Phrase(
        "Tệp chưa tải được, Hệ thống đang thử lại; các câu trả lời đã ghi vẫn còn.",
        "The file could not be fetched yet, it is being tried again; what was answered is saved.",
    ),
    "which_item_file": Phrase(
        "{what} thuộc nội dung:\n{choices}\nVí dụ: 1", "{what} belongs to:\n{choices}\nExample: 1"
    ),
    "photo_forbidden": Phrase(
        "{code} không nhận ảnh: {subject} Đề nghị ghi chú, ví dụ: {code} ghi chú quan sát tại quầy",
        "{code} takes no photo: {subject} Please add a note, e.g. {code} note “quan sát tại quầy”",
    ),
    "photo_refused": Phrase("Ảnh{codes} chưa lưu được: {reason}.", "The photo{codes} was not saved: {reason}."),
    "photo_late": Phrase(
        "Ảnh chưa tải được, Hệ thống đang thử lại; các câu trả lời đã ghi vẫn còn.",
        "The photo could not be fetched yet, it is being tried again; what was answered is saved.",
    ),
    "photos_too_many": Phrase(
        "{code} nhận tối đa {most} ảnh, kể cả tệp.", "{code} takes at most this many photos and files: {most}."
    ),
    "which_item": Phrase("Ảnh này là:\n{choices}\nVí dụ: 1", "This photo shows:\n{choices}\nExample: 1"),
    "which_item_of": Phrase("Ảnh {n}/{of} là:\n{choices}\nVí dụ: 1", "Photo {n}/{of} shows:\n{choices}\nExample: 1"),
    "other_item": Phrase("Nội dung khác, gõ mã", "Another item, type its code"),
    "drop_photo": Phrase("Không dùng ảnh này", "Do not use this photo"),
    "type_code": Phrase("Đề nghị gõ mã nội dung. Ví dụ: A04", "Please type the item's code. Example: A04"),
    "photo_dropped": Phrase("Ảnh này không được dùng.", "The photo is not used."),
    "photo_stays": Phrase("Ảnh {label} giữ nguyên.", "Photo {label} stays as it is."),
    "photo_moved": Phrase("Ảnh {old} nay là {new}.", "Photo {old} is now {new}."),
    "file_stays": Phrase("Tệp {label} giữ nguyên.", "File {label} stays as it is."),
    "file_moved": Phrase("Tệp {old} nay là {new}.", "File {old} is now {new}."),
    "photo_unknown": Phrase("Không có ảnh {label}.", "There is no photo {label}."),
    "album_short": Phrase(
        "Mới nhận {got} ảnh cho {named} mã ({codes}). Đề nghị gửi nốt, hoặc cho biết từng ảnh.",
        "Photos received: {got}, for {named} codes ({codes}). Please send the rest, or say what each one shows.",
    ),
    # --- what is owed, and the end ---
    "all_answered": Phrase("Đã ghi {done}/{total} nội dung{left}.", "{done}/{total} items are answered{left}."),
    "owed_photos": Phrase(
        "Còn {count} ảnh: {codes}. Gửi kèm mã; không chụp văn bản có dấu chỉ độ mật.",
        "Photos to come ({count}): {codes}. Send them with their codes; no documents with a secrecy mark.",
    ),
    "owed_excuse": Phrase(
        "Không có ảnh thì gõ lý do, ví dụ: {code} không ảnh, đơn vị chưa cung cấp",
        "Without a photo, type why, e.g. {code} no photo, “đơn vị chưa cung cấp”",
    ),
    "owed_awaited": Phrase("Đang tải {count} ảnh.", "Photos being fetched: {count}."),
    "owed_awaited_files": Phrase("Đang tải {count} tệp.", "Files being fetched: {count}."),
    "complete": Phrase(
        "Đủ {done}/{total} nội dung{left}, {photos} ảnh{files}.",
        "{done}/{total} items{left}, photos: {photos}{files}. Complete.",
    ),
    "complete_files": Phrase(", {count} tệp", ", files: {count}"),
    "at_signing": Phrase(" ({codes} ghi khi ký)", " ({codes} at signing)"),
    "provisional": Phrase(
        "Kết quả sơ bộ {score}/100, loại {grade}; {failed}.", "Provisional result {score}/100, class {grade}; {failed}."
    ),
    "failed_codes": Phrase("{count} nội dung chưa đạt: {codes}", "items not met ({count}): {codes}"),
    "none_failed": Phrase("không có nội dung chưa đạt", "no item failed"),
    "finish": Phrase("1. Hoàn thành", "1. Finish"),
    "look_again": Phrase("2. Xem lại", "2. Review"),
    "finished": Phrase(
        "Đã hoàn thành lúc {moment}: {met} đạt, {not_met} không đạt, {na} không áp dụng, {info} nội dung ghi nhận; sơ bộ {score}/100, loại {grade}.",
        "Finished at {moment}: {met} met, {not_met} not met, {na} not applicable, {info} recorded only; provisional {score}/100, class {grade}.",
    ),
    "findings_head": Phrase(
        "Dự kiến ghi tồn tại, hạn chế (thời hạn tính từ ngày Thông báo kết luận):",
        "Findings to be recorded (periods run from the notice of conclusions):",
    ),
    "no_findings": Phrase("Không có tồn tại, hạn chế.", "No findings."),
    "finding_line": Phrase("{code} {sentence} ({period})", "{code} {sentence} ({period})"),
    "period_days": Phrase("{days} ngày làm việc", "working days: {days}"),
    "period_lesson": Phrase("rút kinh nghiệm", "lesson only"),
    "period_given": Phrase("thời hạn đã giao {due}", "due {due} as told before"),
    "period_over": Phrase("đã quá thời hạn {due}, khắc phục ngay", "was due {due}, to be remedied at once"),
    "period_to_be_told": Phrase("thời hạn theo thông báo kết luận kỳ trước", "due by the earlier notice"),
    "draft_coming": Phrase(
        "Dự thảo Biên bản kiểm tra đang được lập, gửi ngay sau tin này.",
        "The draft minutes are being drawn up and follow this message.",
    ),
    "minutes_coming": Phrase(
        "Biên bản đang được lập, gửi ngay sau tin này.",
        "The minutes are being drawn up and follow this message.",
    ),
    "minutes_missing": Phrase(
        "Biên bản còn để trống: {words}. Bổ sung được đến khi ký, ví dụ: {example}",
        "The minutes still have blanks: {words}. They can be filled in until the signature, e.g. {example}",
    ),
    "attendance_kept": Phrase("Biên bản sẽ ghi: {known}.", "The minutes will say: {known}."),
    "member_removed_by": Phrase(
        "Bớt người thì gõ, ví dụ: bớt thành viên {name}", "To remove one, type: remove member “{name}”"
    ),
    "member_not_there": Phrase("Đoàn kiểm tra không có thành viên {name}.", "The team has no member “{name}”."),
    "member_conducts": Phrase(
        "{name} tiến hành lượt kiểm tra này, không bớt được.", "{name} conducts this visit and cannot be removed."
    ),
    "attendance_unclear": Phrase(
        "Hệ thống chưa đọc được. Ví dụ: đại diện Hoàng Thị Lan, Phó Chủ tịch; thư ký Lương Thị Thảo; quyết định 125/QĐ-SNV 03/8/2026; đơn vị từ chối ký, chưa thống nhất số liệu",
        "This could not be read. Examples: representative “Hoàng Thị Lan, Phó Chủ tịch”; secretary “Lương Thị Thảo”; decision “125/QĐ-SNV 03/8/2026”; refused to sign, “chưa thống nhất số liệu”",
    ),
    "attendance_unmarked": Phrase(
        "Phần chưa có dấu: {words}. Đề nghị gõ lại có dấu trước khi ký; chưa gõ lại thì biên bản để trống.",
        "Typed without tone marks: {words}. Please type it again with them before signing; until then the minutes leave it blank.",
    ),
    "refusal_kept": Phrase(
        "Biên bản sẽ ghi đại diện đơn vị từ chối ký, lý do: {reason}; hai thành viên Đoàn ký xác nhận. Đơn vị ký thì gõ: đơn vị đồng ý ký",
        "The minutes will record that the unit refused to sign, because: {reason}; two members of the team sign instead. If the unit does sign, type: agreed to sign",
    ),
    "refusal_dropped": Phrase(
        "Biên bản không ghi việc từ chối ký nữa.", "The minutes no longer record a refusal to sign."
    ),
    "finding_again": Phrase("; tái diễn {number}", "; repeats {number}"),
    "critical_waits": Phrase(
        "Nội dung trọng yếu {codes} chờ người phụ trách xác nhận khi ký.",
        "Critical items {codes} wait for confirmation at signing.",
    ),
    "read_to_unit": Phrase(
        "Đề nghị đồng chí rà soát, thông qua với đơn vị trước khi ký. Còn sửa được cho đến khi ký, ví dụ: C03 không đạt",
        "Please review and read it to the unit before signing. Corrections are possible until then, e.g. C03 not met",
    ),
    "sign": Phrase("1. Ký", "1. Sign"),
    "corrected": Phrase(
        "Kết quả sau khi sửa: {score}/100, loại {grade}; {failed}.",
        "Result after the correction: {score}/100, class {grade}; {failed}.",
    ),
    "grade_tot": Phrase("Tốt", "Good"),
    "grade_kha": Phrase("Khá", "Fair"),
    "grade_trung_binh": Phrase("Trung bình", "Average"),
    "grade_yeu": Phrase("Yếu", "Weak"),
    "confirm_critical": Phrase(
        "Nội dung trọng yếu không đạt, đề nghị xác nhận:\n{lines}\n1. Xác nhận và ký   2. Xem lại",
        "Critical items are not met, please confirm:\n{lines}\n1. Confirm and sign   2. Review",
    ),
    "confirm_and_sign": Phrase("1. Xác nhận và ký", "1. Confirm and sign"),
    "not_your_signature": Phrase(
        "Lượt kiểm tra này do {leader} phụ trách ký.", "This visit is signed by its leader, {leader}."
    ),
    "signed": Phrase(
        "Đã ký lúc {moment}: {unit}, {score}/100, loại {grade}. Kết quả không sửa được nữa.",
        "Signed at {moment}: {unit}, {score}/100, class {grade}. The record can no longer be changed.",
    ),
    "already_signed": Phrase(
        "Lượt kiểm tra tại {unit} đã ký, không sửa được. Việc bổ sung cần phụ lục có ghi ngày.",
        "The visit to {unit} is signed and cannot be changed. Additions need a dated addendum.",
    ),
    "already_closed": Phrase("Lượt kiểm tra tại {unit} đã kết thúc.", "The visit to {unit} has ended."),
    "review_head": Phrase("{unit}, đã ghi:", "{unit}, answers so far:"),
    "review_tail": Phrase(
        "Gõ mã và câu trả lời mới để sửa, ví dụ: C03 không đạt",
        "Type a code and the new answer to correct, e.g. C03 not met",
    ),
    "nothing_to_go_back": Phrase("Chưa có câu trả lời nào trước câu này.", "There is no earlier answer."),
    "correcting": Phrase("Đang ghi: {value}.", "Stored now: {value}."),
    # --- leaving ---
    "cancel_menu": Phrase(
        "{unit}, đã ghi {done}/{total} nội dung. Đồng chí muốn:\n1. Tiếp tục kiểm tra   2. Kết thúc sớm (trụ sở đóng cửa, không làm việc được)   3. Hủy bỏ (mở nhầm, không ghi nhận)",
        "{unit}, {done}/{total} items answered. Do you want to:\n1. Go on   2. End early (office shut, visit refused)   3. Cancel (started by mistake, nothing recorded)",
    ),
    "cancel_go_on": Phrase("1. Tiếp tục", "1. Go on"),
    "cancel_early": Phrase("2. Kết thúc sớm", "2. End early"),
    "cancel_drop": Phrase("3. Hủy bỏ", "3. Cancel"),
    "cancel_sure": Phrase(
        "Hủy bỏ lượt kiểm tra tại {unit}: {done} câu trả lời không được tính nữa.\n1. Hủy bỏ   2. Không hủy",
        "Cancel the visit to {unit}? Answers that will no longer count: {done}.\n1. Cancel   2. Keep",
    ),
    "cancel_yes": Phrase("1. Hủy bỏ", "1. Cancel"),
    "cancel_no": Phrase("2. Không hủy", "2. Keep"),
    "cancelled": Phrase("Đã hủy bỏ lượt kiểm tra tại {unit}.", "The visit to {unit} is cancelled."),
    "early_menu": Phrase(
        "Lý do kết thúc sớm:\n1. Trụ sở đóng cửa trong giờ làm việc   2. Đơn vị không tiếp Đoàn kiểm tra   3. Lý do khác\nHoặc gõ lý do. Ví dụ: trụ sở mất điện, sơ tán",
        "Why does the visit end early:\n1. Office shut in working hours   2. The unit does not receive the team   3. Another reason\nOr type it. Example: “trụ sở mất điện, sơ tán”",
    ),
    "early_1": Phrase("1. Trụ sở đóng cửa", "1. Office shut"),
    "early_2": Phrase("2. Không tiếp Đoàn", "2. Not received"),
    "early_3": Phrase("3. Lý do khác", "3. Another reason"),
    "early_reason_1": Phrase("Trụ sở đóng cửa trong giờ làm việc", "Office shut in working hours"),
    "early_reason_2": Phrase("Đơn vị không tiếp Đoàn kiểm tra", "The unit did not receive the team"),
    "early_type_reason": Phrase(
        "Đề nghị gõ lý do. Ví dụ: trụ sở mất điện, sơ tán", "Please type the reason. Example: “trụ sở mất điện, sơ tán”"
    ),
    "early_photo": Phrase(
        "Lý do: {reason}. Đề nghị gửi 01 ảnh hiện trường. Không có ảnh thì gõ: không ảnh, lý do. Ví dụ: không ảnh, trời tối",
        "Reason: {reason}. Please send one photo of the site. Without one type: no photo, and why. Example: no photo, “trời tối”",
    ),
    "ended_early": Phrase(
        "Đã ghi nhận kết thúc sớm lúc {moment} tại {unit}: {reason}. Lượt này không xếp loại.",
        "Ended early at {moment}, {unit}: {reason}. The visit has no class.",
    ),
    "resumed": Phrase("{unit}: đã ghi {done}/{total}.", "{unit}: {done}/{total} answered."),
    "resumed_last": Phrase("Câu gần nhất: {key} {value}.", "Last answer: {key} {value}."),
    "resumed_photos": Phrase("Còn thiếu ảnh: {codes}.", "Photos to come: {codes}."),
    "photo_not_shown": Phrase(
        "(Ảnh kèm tin này không hiển thị được trên kênh này.)", "(The photo of this message cannot be shown here.)"
    ),
    "place_kept": Phrase("Đã ghi vị trí.", "Position stored."),
    "unreadable": Phrase(
        "Hệ thống không đọc được nhãn dán và loại tin này. Đề nghị gửi ảnh hoặc gõ nội dung.",
        "Stickers and messages of this kind cannot be read. Please send a photo or type.",
    ),
}
