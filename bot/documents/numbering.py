"""The numbers and bullets Word sets by itself: which label each paragraph of a list carries, counted page by page.

Known are figures, letters, Roman numerals and bullets on any level; a list may begin anew or go on as Word has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

Node = Any  # an lxml element

ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
BULLETS = {"\uf0a7": "▪", "\uf02d": "-", "\uf0d8": "-"}  # of the symbol fonts, which the reading copy has not


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: its words, and the level's own properties of paragraph and run."""

    text: str
    paragraph: Node | None
    run: Node | None


class Numbering:
    """The lists of one document; `label` is to be asked once for each paragraph, in their order."""

    def __init__(self, document: Document) -> None:
        found = [r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING]
        root = found[0].element if found else None
        nums = [] if root is None else root.findall(qn("w:num"))
        shapes = [] if root is None else root.findall(qn("w:abstractNum"))
        self._nums = {num.get(qn("w:numId")): num for num in nums}
        self._shapes = {shape.get(qn("w:abstractNumId")): shape for shape in shapes}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def label(self, chain: Sequence[Node]) -> Label | None:
        """The label of a paragraph with these properties, the nearest first; None for one that is in no list."""
        listed = [found for node in chain if (found := node.find(qn("w:numPr"))) is not None]
        number = _first(listed, "numId")
        num = self._nums.get(number)
        if num is None:
            return None
        shape, depth = _value(num, "abstractNumId"), int(_first(listed, "ilvl") or 0)
        self._begin(number, num, shape)
        level = self._level(shape, depth)
        if level is None:
            return None
        counts = self._counts[shape]
        counts[depth] = counts.get(depth, _start(level) - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return Label(self._words(shape, level), level.find(qn("w:pPr")), level.find(qn("w:rPr")))

    def _begin(self, number: str, num: Node, shape: str) -> None:
        """Lists of one shape are counted on, but for those that say where they begin."""
        counts = self._counts.setdefault(shape, {})
        if number in self._begun:
            return
        self._begun.add(number)
        for override in num.findall(qn("w:lvlOverride")):
            start = _value(override, "startOverride")
            if start:
                counts[int(override.get(qn("w:ilvl")))] = int(start) - 1

    def _level(self, shape: str, depth: int) -> Node | None:
        levels = () if shape not in self._shapes else self._shapes[shape].findall(qn("w:lvl"))
        return next((level for level in levels if level.get(qn("w:ilvl")) == str(depth)), None)

    def _words(self, shape: str, level: Node) -> str:
        text = _value(level, "lvlText")
        if _value(level, "numFmt") == "bullet":
            return "".join(BULLETS.get(char, "•") if "\ue000" <= char <= "\uf8ff" else char for char in text)
        for depth in range(9):
            if f"%{depth + 1}" in text:
                at = self._level(shape, depth)
                count = self._counts[shape].get(depth, 1 if at is None else _start(at))
                shown = FORMATS.get(_value(at, "numFmt"), str)(count)
                text = text.replace(f"%{depth + 1}", shown)
        return text


def _value(node: Node | None, tag: str) -> str:
    found = None if node is None else node.find(qn(f"w:{tag}"))
    return "" if found is None else str(found.get(qn("w:val")) or "")


def _first(nodes: Sequence[Node], tag: str) -> str:
    return next((value for node in nodes if (value := _value(node, tag))), "")


def _start(level: Node) -> int:
    return int(_value(level, "start") or 1)


def _letters(count: int) -> str:
    """a … z, then aa, bb …, as Word goes on."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    shown = ""
    for worth, sign in ROMAN:
        shown += sign * (count // worth)
        count %= worth
    return shown


FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda count: f"{count:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "none": lambda count: "",
}
