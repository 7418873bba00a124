"""What a typed text means: pieces with a code, what continues them, and the few words that stand alone.

The rules are those of "never ambiguous": a text is cut at line ends, semicolons and commas followed by a
space; a code counts only at the start of a piece; words match as whole pieces of a closed list. What was cut is
kept beside as it was typed: free words are printed so. Nothing here knows the visit: it says what was said, the
dialogue decides what that does.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from inspection.figures import cut
from inspection.words import fold, has_marks, matches

_CODE = re.compile(r"^\s*([A-Za-z])\s?(\d{1,2})(?:[.#](\d{1,2}))?(?![\w/])[\s:.)=-]*", re.ASCII)
_PREFIX = re.compile(r"^\s*(?:mục|muc|section)\s+(?=[A-Za-z]\b)", re.IGNORECASE)
_SECTION = re.compile(r"^\s*([A-Za-z])[\s:]+(?=\S)", re.ASCII)
_FINDING = re.compile(r"^\s*(TT[-\s]?\d{4}[-\s]?\d{1,4})[\s:,]*", re.IGNORECASE | re.ASCII)
_PHOTO_MOVE = re.compile(
    r"^\s*(?:ảnh|anh|tệp|tep|photo|file)\s+([A-Za-z]\d{2}(?:\.\d+)?)-(\d{1,2})\s+(?:là|la|is)\s+([A-Za-z]\s?\d{1,2})\s*$",
    re.I,
)
_NO_PHOTO = re.compile(
    r"^\s*(?:(?:không|khong|ko)\s+(?:có\s+|co\s+)?(?:ảnh|anh)\b(?!\s+(?:hưởng|huong))|no\s+photo\b)[\s:,]*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\s*(?:ghi chú|ghi chu|note)\b[\s:]*", re.IGNORECASE)

REST_MET = (
    *("còn lại đạt", "còn lại đều đạt", "còn lại đạt hết", "đạt hết", "đều đạt", "tất cả đạt", "đạt tất cả"),
    *("the rest met", "rest met", "the rest is met", "all the rest met", "all met"),
)
WORDS: dict[str, tuple[str, ...]] = {
    "rest": REST_MET,
    "skip": ("bỏ qua", "bỏ qua mục", "để sau", "skip", "skip section", "later"),
    "one_by_one": ("từng nội dung", "từng mục", "one by one"),
    "by_section": ("cả mục", "theo mục", "by section"),
    "by_pairs": ("hai mục", "02 mục", "by pairs"),
    "back": ("lùi", "quay lại", "back", "go back"),
    "repeat": ("lại", "nhắc lại", "again", "repeat"),
    "help": ("trợ giúp", "giúp", "?", "help"),
    "done": ("xong", "hoàn thành", "kết thúc", "done", "finish", "finished"),
    "review": ("xem lại", "review"),
    "sign": ("ký", "kí", "sign"),
    "cancel": ("hủy", "hủy bỏ", "cancel"),
    "stop": ("dừng", "tạm dừng", "nghỉ", "stop", "pause"),
}


@dataclass(frozen=True, slots=True)
class Coded:
    """A piece that named its item: the code, an optional repeat (`I03.2`), what was said about it; said: as typed."""

    code: str
    repeat: int
    parts: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Named:
    """An earlier finding named by its number."""

    finding: str
    parts: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the closed list, with the section it was said of, if any."""

    word: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Bare:
    """A piece without a code: it answers the prompt the person could have seen."""

    parts: tuple[str, ...]
    said: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """The piece as typed."""
        return self.said or ", ".join(self.parts)


@dataclass(frozen=True, slots=True)
class PhotoMove:
    """`ảnh G02-01 là B01`, `tệp B02-01 là B03`."""

    key: str
    number: int
    code: str


Said = Coded | Named | Word | Bare | PhotoMove


def read_text(text: str, codes: Collection[str], *, free: bool = False) -> list[Said]:
    """Read a whole text. `codes` are the checklist's item codes; `free`: the prompt waits for free words."""
    said: list[Said] = []
    end = 0
    for piece in cut(text):
        start = text.index(piece, end)
        between, end = text[end:start], start + len(piece)
        if free and not said and _coded(piece, codes) is None:
            word = matches(piece, _ESCAPES)
            return [Word(_word_of(word))] if word and piece == text.strip() else [Bare((text.strip(),))]
        _add(said, piece, codes, between)
    return said


_ESCAPES = tuple(w for name in ("skip", "back", "repeat", "help", "cancel", "stop") for w in WORDS[name])


def caption_codes(caption: str, codes: Collection[str]) -> tuple[str, ...] | None:
    """The item codes of a caption that holds nothing else ("f02 g02, b01"), in order; None otherwise."""
    found: list[str] = []
    for token in re.split(r"[\s,;]+", caption.strip()):
        match = _CODE.match(token)
        if match is None or match.end() != len(token) or _code(match) not in codes:
            return None
        found.append(_key(match))
    return tuple(found)


def photo_excuse(part: str) -> str | None:
    """The reason behind "không ảnh, …": "" when none was given with it, None when the part is something else."""
    match = _NO_PHOTO.match(part)
    return part[match.end() :].strip() if match else None


def note_of(part: str) -> str | None:
    """The words behind "ghi chú …"."""
    match = _NOTE.match(part)
    return part[match.end() :].strip() if match else None


def as_typed(said: str, parts: tuple[str, ...], first: int = 0) -> str:
    """What was said from a part on, with the line ends and signs between the parts as they were typed."""
    at = len(said)
    for part in reversed(parts[first:]):
        at = said.rindex(part, 0, at)
    return said[at:]


def free_words(words: str) -> str:
    """Free words without the quotation marks an example shows them in."""
    return words.strip(' ,“”"')


def letters_of(part: str) -> tuple[str, ...]:
    """Reason letters: "a", "b)", "a và c"; empty when the part is something else."""
    tokens = re.split(r"[\s,/+]+|\b(?:va|and)\b", fold(part).replace(")", " ").strip())
    tokens = [t for t in tokens if t]
    if tokens and all(len(t) == 1 and "a" <= t <= "h" for t in tokens):
        return tuple(tokens)
    return ()


def unmarked(words: str) -> bool:
    """Whether free text was typed wholly without tone marks, so that it cannot be printed as it is."""
    return bool(re.search(r"[A-Za-z]{2}", words)) and not has_marks(words)


def _add(said: list[Said], piece: str, codes: Collection[str], between: str) -> None:
    moved = _PHOTO_MOVE.match(piece)
    if moved:
        said.append(PhotoMove(moved[1].upper(), int(moved[2]), _plain(moved[3])))
        return
    named = _FINDING.match(piece)
    if named:
        said.append(Named(_finding(named[1]), _parts(piece[named.end() :]), piece))
        return
    coded = _coded(piece, codes)
    if coded is not None:
        said.append(coded)
        return
    word = _word(piece, codes)
    if word is not None:
        said.append(word)
    elif said and isinstance(said[-1], Coded | Named | Bare):
        said[-1] = _continued(said[-1], piece, between)
    else:
        said.append(Bare((piece,), piece))


def _continued(before: Coded | Named | Bare, piece: str, between: str) -> Said:
    return replace(before, parts=(*before.parts, piece), said=f"{before.said}{between}{piece}")


def _coded(piece: str, codes: Collection[str]) -> Coded | None:
    match = _CODE.match(_PREFIX.sub("", piece))
    if match is None or _code(match) not in codes:
        return None
    body = _PREFIX.sub("", piece)[match.end() :]
    return Coded(_code(match), int(match[3] or 0), _parts(body), piece)


def _word(piece: str, codes: Collection[str]) -> Word | None:
    text = _PREFIX.sub("", piece)
    section = _SECTION.match(text)
    if section and matches(text[section.end() :], REST_MET) and any(c[0] == section[1].upper() for c in codes):
        return Word("rest", section[1].upper())
    for name, words in WORDS.items():
        if matches(piece, words) is not None:
            return Word(name)
    return None


def _word_of(phrase: str) -> str:
    return next(name for name, words in WORDS.items() if phrase in words)


def _parts(body: str) -> tuple[str, ...]:
    return (body.strip(),) if body.strip() else ()


def _code(match: re.Match[str]) -> str:
    return f"{match[1].upper()}{int(match[2]):02d}"


def _key(match: re.Match[str]) -> str:
    return _code(match) + (f".{int(match[3])}" if match[3] else "")


def _plain(code: str) -> str:
    letter, digits = code.replace(" ", "")[0].upper(), code.replace(" ", "")[1:]
    return f"{letter}{int(digits):02d}"


def _finding(text: str) -> str:
    year, number = re.findall(r"\d+", text)
    return f"TT-{year}-{int(number):03d}"
