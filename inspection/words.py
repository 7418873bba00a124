"""Words are compared whole: exactly when a tone mark was typed, folded when none was, never by substring.

Folding is lossy ("đạt" and "đặt" fold alike), so it serves searching and people who type without tone marks; an
answer is read by `matches`, which demands the whole piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = {"Cc", "Cf", "Cs"}  # controls, formats (zero-width, bidi), lone surrogates
# Every "d" that is typed or pasted for đ; none of them decomposes, so dropping marks alone would leave them.
_D_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D"})
_D_LOOK_ALIKES = str.maketrans("ðɖ", "đđ")
# Full-width characters only: a general compatibility mapping would turn the figure "5²" into 52.
_FULL_WIDTH = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "})

_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền, hỏi, ngã, sắc, nặng
_LETTER_MARKS = {"\u0302", "\u0306", "\u031b"}  # circumflex, breve, horn
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# One ASCII sign per letter, so that the key sorts alike in Python, in SQLite and under COLLATE "C".
_RANK = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}

_TONE = "[\u0300\u0309\u0303\u0301\u0323]"
_END_OF_SYLLABLE = r"(?![^\W\d_]|[\u0300-\u036f])"
_TONE_ON_LAST_VOWEL = re.compile(f"(?:(?<=[oO])([aeAE])|(?<=[uU])(?<![qQ][uU])([yY]))({_TONE}){_END_OF_SYLLABLE}")
_TONE_INSIDE_QU = re.compile(f"(?<=[qQ][uU])({_TONE})([aeoyAEOY])")
_AROUND_A_WORD = " \t\n.,;:!\"'“”\u2018’«»"


def nfc(text: str) -> str:
    """The text as it is stored and compared: composed, without NUL, zero-width, bidi and other invisible characters."""
    if text.isprintable():  # what nearly everybody types: nothing to take out
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    lines = _LINE_ENDS.sub("\n", text)
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) not in _INVISIBLE)
    return unicodedata.normalize("NFC", "".join(kept))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs of East Asian keyboards as ASCII; everything else unchanged."""
    return text.translate(_FULL_WIDTH)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The search key: no tone or letter marks, đ as d, one case, single spaces. Folding twice changes nothing."""
    plain = _without_marks(_without_marks(nfc(text)).casefold())
    return " ".join(plain.casefold().split())


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn").translate(_D_LETTERS)


_BETWEEN_WORDS = re.compile(r"[-–,.]+")


def search_key(name: str) -> str:
    """The folded name of a unit: "qui" is read as "quy" (Quí = Quý), a dash or comma between words as a space."""
    return " ".join(_BETWEEN_WORDS.sub(" ", fold(name)).split()).replace("qui", "quy")


def has_marks(text: str) -> bool:
    """Whether any Vietnamese tone mark or modified letter (ă â đ ê ô ơ ư) was typed."""
    decomposed = unicodedata.normalize("NFD", text)
    return any(char in _TONES or char in _LETTER_MARKS or ord(char) in _D_LETTERS for char in decomposed)


def tone_placement(text: str) -> str:
    """The text with one of the two accepted places of the tone: hòa for hoà, thủy for thuỷ; quý stays."""
    decomposed = unicodedata.normalize("NFD", text)
    moved = _TONE_ON_LAST_VOWEL.sub(lambda found: found[3] + (found[1] or found[2]), decomposed)
    return unicodedata.normalize("NFC", _TONE_INSIDE_QU.sub(r"\2\1", moved))


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The form in which two typings of the same words are equal: marks kept, case, tone place and spaces levelled."""
    lower = half_width(nfc(text)).strip(_AROUND_A_WORD).casefold().translate(_D_LOOK_ALIKES)
    return tone_placement(" ".join(lower.split()))


def matches(text: str, phrases: Iterable[str]) -> str | None:
    """The phrase that the whole text is, or None.

    With any tone mark the text must equal the phrase (case and tone place aside); without, it must equal the folded
    phrase. When it folds like two different phrases, None: the person is asked again rather than guessed at.
    """
    typed = canonical(text)
    if not typed:
        return None
    known = _forms(tuple(phrases))
    if typed in known:
        return known[typed]
    if has_marks(typed):
        return None
    alike = [phrase for form, phrase in known.items() if fold(form) == fold(typed)]
    return alike[0] if len(alike) == 1 else None


@lru_cache(maxsize=1024)
def _forms(phrases: tuple[str, ...]) -> dict[str, str]:
    return {canonical(phrase): phrase for phrase in reversed(phrases)}


def sort_key(text: str) -> str:
    """An ASCII key in Vietnamese alphabetical order: letters first (a ă â b … đ …), then tones; numbers by value.

    Levels as in the Unicode collation for Vietnamese: tones decide only between texts whose letters are all equal.
    """
    pieces = re.findall(r"[0-9]+|[^\W\d_]+", unicodedata.normalize("NFC", half_width(nfc(text)).casefold()))
    letters, tones = zip(*(_ranked(piece) for piece in pieces), strict=True) if pieces else ((), ())
    return "!".join(letters) + " " + "".join(tones)  # " " sorts below "!", so that a name precedes its continuations


def _ranked(piece: str) -> tuple[str, str]:
    if piece.isdecimal():
        digits = piece.lstrip("0")
        return f"{len(digits):02d}{digits}", ""
    split = [_letter_and_tone(char) for char in piece]
    return "".join(_RANK.get(letter, "~") for letter, _ in split), "".join(tone for _, tone in split)


def _letter_and_tone(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char)
    tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES)), tone
