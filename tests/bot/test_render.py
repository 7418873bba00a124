"""A reply as two networks show it: split within the limits, the question last, buttons only as decoration."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.port import Attachment, Button, Capabilities, Outgoing
from bot.render import NUMBERING, length, numbered, render, rows, split, without_media

FULL = Capabilities(4096, 1024, buttons=True, edits=True, numbered_messages=True, burst_silence=2.0, max_file=50)
PLAIN = Capabilities(2000, 0, buttons=False, edits=False, numbered_messages=False, burst_silence=60.0)


def test_short_text_is_one_message_with_buttons_that_name_their_prompt() -> None:
    payload = {"text": "[10/40] C01\n1. Đạt\n2. Không đạt", "choices": [["1. Đạt", "1"], ["2. Không đạt", "2"]]}
    [message] = render(payload, FULL, "t0ken", "7")
    assert message.text == payload["text"]
    assert message.buttons == ((Button("1. Đạt", "t0ken:0"), Button("2. Không đạt", "t0ken:1")),)


def test_without_buttons_only_choices_missing_from_the_text_are_named() -> None:
    payload = {
        "text": "1. Bắt đầu\nKhối B",
        "choices": [["1. Bắt đầu", "1"], ["Đạt hết", "đạt hết"], ["Khối B", "b"], ["Bỏ qua mục", "bỏ qua mục"]],
    }
    [message] = render(payload, PLAIN, "t", "7")
    assert message.text == "1. Bắt đầu\nKhối B\nHoặc gõ: đạt hết; bỏ qua mục"
    assert message.buttons == ()


def test_a_typed_figure_is_shown_with_its_meaning() -> None:
    [message] = render({"text": "Ký?", "choices": [["Đồng ý", "1"]]}, PLAIN, "t", "7")
    assert message.text == "Ký?\nHoặc gõ: 1 (Đồng ý)"


def test_the_question_its_choices_and_the_buttons_stay_together_in_the_last_part() -> None:
    question = "[10/40] C01 Số người có mặt?\n1. Đạt\n2. Không đạt\nVí dụ: 25"
    text = "\n\n".join(["Tồn tại lần trước. " * 60, "Căn cứ. " * 100, question])
    parts = render({"text": text, "choices": [["Đạt", "1"]]}, Capabilities(1500, 0, True, True, True, 1.0), "t", "7")
    assert len(parts) == 2
    assert parts[0].text.startswith("(1/2) Tồn tại")
    assert parts[1].text.startswith("(2/2) Căn cứ")
    assert parts[1].text.endswith(question)
    assert (parts[0].buttons, len(parts[1].buttons)) == ((), 1)


def test_cuts_fall_on_paragraphs_before_lines_before_words() -> None:
    assert split("aa bb\ncc\n\ndd ee", 14) == ["aa bb\ncc", "dd ee"]
    assert split("aa bb\ncc dd", 8) == ["aa bb", "cc dd"]
    assert split("aa bb cc", 5) == ["aa", "bb cc"]
    assert split("abcdefgh", 5) == ["abc", "defgh"]


@given(st.text(st.sampled_from("aế😀 \n"), max_size=300), st.integers(20, 60))
def test_parts_keep_every_word_and_the_limit(text: str, limit: int) -> None:
    parts = numbered(text, limit)
    assert all(0 < length(part) <= limit for part in parts)
    unnumbered = [p.split(") ", 1)[1] for p in parts] if len(parts) > 1 else parts
    assert "".join("".join(unnumbered).split()) == "".join(text.split())


def test_an_emoji_counts_twice_as_the_network_counts_it() -> None:
    assert [length(p) for p in numbered("😀" * 2048, 4096)] == [4096]
    assert all(length(p) <= 4096 for p in numbered("😀" * 2049, 4096))
    assert len(numbered("😀" * 2049, 4096)) == 2


def test_a_photo_carries_a_short_text_as_its_caption() -> None:
    [message] = render({"text": "C01", "choices": [["Đạt", "1"]], "photo": "f" * 64}, FULL, "t", "7", b"jpeg")
    assert (message.photo, message.text, len(message.buttons)) == (b"jpeg", "C01", 1)


def test_a_photo_with_a_long_text_goes_first_under_its_first_line() -> None:
    text = "[10/40] C01\n" + "chữ " * 400
    photo, message = render({"text": text, "choices": [["Đạt", "1"]], "photo": "f" * 64}, FULL, "t", "7", b"jpeg")
    assert (photo.photo, photo.text, photo.buttons) == (b"jpeg", "[10/40] C01", ())
    assert (message.photo, message.text, len(message.buttons)) == (b"", text, 1)


def test_a_first_line_longer_than_a_caption_is_cut() -> None:
    photo, _ = render({"text": "chữ" * 400, "photo": "f" * 64}, FULL, "t", "7", b"jpeg")
    assert 0 < length(photo.text) <= FULL.max_caption
    photo, _ = render({"text": "chữ" * 400, "photo": "f" * 64}, PLAIN, "t", "7", b"jpeg")
    assert photo.text == ""


DOCUMENT = {"name": "xuat.xlsx", "sha256": "0" * 64, "instead": "Lấy tệp trên máy chủ."}


def test_a_document_carries_a_short_text_as_its_caption() -> None:
    payload = {"text": "Nạp?", "choices": [["1. Nạp", "1"]], "document": DOCUMENT}
    [message] = render(payload, FULL, "t", "7", b"bytes")
    assert message.document == Attachment("xuat.xlsx", b"bytes", "Lấy tệp trên máy chủ.")
    assert (message.text, len(message.buttons)) == ("Nạp?", 1)


def test_a_document_with_a_long_text_goes_first_and_the_question_stays_last() -> None:
    text = "Sổ tính\n" + "chữ " * 400
    file, message = render({"text": text, "choices": [["1. Nạp", "1"]], "document": DOCUMENT}, FULL, "t", "7", b"bytes")
    assert (file.text, file.document is None, file.buttons) == ("Sổ tính", False, ())
    assert (message.text, message.document, len(message.buttons)) == (text, None, 1)


@pytest.mark.parametrize(("capabilities", "data"), [(PLAIN, b"bytes"), (FULL, b"x" * 51), (FULL, b"")])
def test_where_no_file_can_be_shown_the_text_says_where_to_get_it(capabilities: Capabilities, data: bytes) -> None:
    """On a network without files, when it is too large, when its bytes are gone."""
    [message] = render({"text": "Đã lập xong.", "document": DOCUMENT}, capabilities, "t", "7", data)
    assert (message.text, message.document) == ("Đã lập xong.\nLấy tệp trên máy chủ.", None)


def test_a_message_without_its_media_says_where_to_get_the_file() -> None:
    file = Outgoing("7", "Đã lập xong.", document=Attachment("a", b"x", "Lấy tệp trên máy chủ."))
    assert without_media(file) == Outgoing("7", "Đã lập xong.\nLấy tệp trên máy chủ.")
    assert without_media(Outgoing("7", "C01", photo=b"x")) == Outgoing("7", "C01")


@pytest.mark.parametrize(
    ("labels", "shape"),
    [
        (["Đạt", "Không", "Bỏ"], [3]),
        (["Đạt hết", "Từng nội dung", "Bỏ qua mục"], [2, 1]),
        (["Đạt", "Không đạt vì thiếu văn bản phân công", "Bỏ"], [1, 1, 1]),
        ([], []),
    ],
)
def test_buttons_share_a_row_by_length(labels: list[str], shape: list[int]) -> None:
    assert [len(row) for row in rows([Button(label, "x") for label in labels])] == shape


def test_no_more_buttons_than_the_network_takes() -> None:
    [message] = render({"text": "?", "choices": [[str(i), str(i)] for i in range(150)]}, FULL, "k" * 16, "7")
    buttons = [b for row in message.buttons for b in row]
    assert len(buttons) == 100
    assert max(len(b.data.encode()) for b in buttons) <= 64


def test_nothing_to_say_is_no_message() -> None:
    assert render({"text": " "}, FULL, "t", "7") == []
    assert len("(1/2) ") <= NUMBERING


def test_where_no_picture_can_be_shown_the_text_goes_alone_and_says_so() -> None:
    blind = replace(PLAIN, photos=False)
    payload = {"text": "Ảnh trên chụp lần trước.\n1. Đã khắc phục", "photo": "ab" * 32}
    [message] = render(payload, blind, "t", "7", b"bytes")
    assert (message.photo, message.photo_name) == (b"", "")
    assert message.text == f"(Ảnh kèm tin này không hiển thị được trên kênh này.)\n{payload['text']}"
    [english] = render({**payload, "language": "en"}, blind, "t", "7", b"bytes")
    assert english.text.startswith("(The photo of this message cannot be shown here.)")


def test_a_picture_carries_the_name_under_which_it_is_kept() -> None:
    seeing = replace(PLAIN, max_caption=2000)
    [message] = render({"text": "Ảnh", "photo": "ab" * 32}, seeing, "t", "7", b"bytes")
    assert (message.photo, message.photo_name) == (b"bytes", "ab" * 32)
