"""The reading copy (PDF) is made from the filled-in Word file itself: so both say the same, in whatever template.

A page is read as Word would lay it out (sections, paragraphs, tables, borders, the styles behind them) and set again by
typst in Liberation Serif, whose letters are as wide as those of Times New Roman. Text goes to typst as data, never as
its markup. What the copy does not carry over, `unseen` names: pictures, text boxes, words in the margins of the page.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import typst
from docx.document import Document
from docx.oxml.ns import qn

from bot.documents.numbering import Label, Numbering

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
TALLEST_ROW = 30  # lines; a page of a table has some fifty
TALLEST_GROUP = 400.0  # points of rows that are kept together; a page lying on its side has 480
LINE = 16.0  # points, of text as large as that of a letter
LONGEST_WORD = 24  # characters; longer ones (a fingerprint) may break anywhere
# A code, number or day ("TT-2026-012", "125/QĐ-SNV", "04/8/2026"): no line ends within it, in Word as in the copy.
WHOLE = "[^\\s\u200b/-]{1,8}(?:[/-][^\\s\u200b/-]{1,8}){1,3}"
LONGEST = 60.0  # seconds for one document
UNREADABLE = 3  # exit status
MARK = "Bản đọc, không thay thế văn bản đã ký"

Node = Any  # an lxml element
Plain = dict[str, Any]


class UnreadableTemplateError(ValueError):
    """A Word file whose pages cannot be set again."""


def reading_copy(document: bytes, made_at: datetime) -> bytes:
    """The PDF of a .docx; `made_at` is written into the file. Raises UnreadableTemplateError."""
    sections = list(_sections(docx.Document(BytesIO(document))))
    data = json.dumps({"sections": sections, "mark": MARK}, ensure_ascii=False)
    try:
        made = typst.compile(
            str(FOLDER / "reading_copy.typ"),
            root=str(FOLDER),
            font_paths=_fonts(),
            sys_inputs={"document": data},
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise UnreadableTemplateError(str(error)) from error
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def reading_copy_apart(document: bytes, made_at: datetime) -> bytes:
    """The same in a process of its own, which takes what typst keeps in memory with it. Blocks for half a second.

    Raises UnreadableTemplateError, also when it takes longer than any document should.
    """
    command = [sys.executable, "-I", str(Path(__file__)), made_at.isoformat()]
    try:
        done = subprocess.run(command, input=document, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603  ours
    except subprocess.TimeoutExpired as error:
        raise UnreadableTemplateError(f"longer than {LONGEST:.0f} s") from error
    if done.returncode == UNREADABLE:
        raise UnreadableTemplateError(done.stderr.decode(errors="replace").strip())
    if done.returncode:
        raise OSError(f"the reading copy was not made: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout


def _main() -> int:
    """A .docx comes in, its reading copy goes out."""
    try:
        made = reading_copy(sys.stdin.buffer.read(), datetime.fromisoformat(sys.argv[1]))
    except UnreadableTemplateError as error:
        sys.stderr.write(str(error))
        return UNREADABLE
    sys.stdout.buffer.write(made)
    return 0


PICTURES = {qn("pic:pic"), "{urn:schemas-microsoft-com:vml}imagedata", qn("w:object")}
BOX = qn("w:txbxContent")


def unseen(document: bytes) -> list[str]:
    """What the reading copy of a .docx will not show: "pictures", "boxes", "margins" (words at the head or foot)."""
    opened = docx.Document(BytesIO(document))
    margins = [
        part.element
        for rel in opened.part.rels.values()
        if rel.reltype.endswith(("/header", "/footer")) and not rel.is_external
        for part in [rel.target_part]
    ]
    tags = {node.tag for root in (opened.element, *margins) for node in root.iter()}
    said = "".join(text.text or "" for root in margins for text in root.iter(qn("w:t")))
    found = {"pictures": bool(tags & PICTURES), "boxes": BOX in tags, "margins": any(char.isalpha() for char in said)}
    return [what for what, there in found.items() if there]


# --- sections -------------------------------------------------------------------------------------------------------


def _sections(document: Document) -> Iterator[Plain]:
    """The parts of the document that have a page layout of their own."""
    styles = _Styles(document)
    blocks: list[Plain] = []
    body = document.element.body
    for child in body.iterchildren():
        if child.tag == qn("w:sectPr"):
            yield _section(document, child, blocks)
        elif child.tag in (qn("w:p"), qn("w:tbl")):
            blocks.append(_paragraph(child, styles) if child.tag == qn("w:p") else _table(child, styles))
            ends = child.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
            if ends is not None:
                yield _section(document, ends, blocks)
                blocks = []


def _section(document: Document, node: Node, blocks: list[Plain]) -> Plain:
    size, margins = node.find(qn("w:pgSz")), node.find(qn("w:pgMar"))
    if size is None or margins is None:
        raise UnreadableTemplateError("a section without page size or margins")
    first_page = node.find(qn("w:titlePg"))
    return {
        "width": _twips(size, "w"),
        "height": _twips(size, "h"),
        "margins": {side: abs(_twips(margins, side)) for side in ("top", "bottom", "left", "right")},
        "number_from": 2 if first_page is not None else 1,
        "restart": node.find(qn("w:pgNumType")) is not None,
        "blocks": blocks,
    }


def _twips(node: Node | None, name: str, default: float = 0) -> float:
    """A measure of Word, twentieths of a point, in points."""
    value = None if node is None else node.get(qn(f"w:{name}"))
    return default if value is None else float(value) / 20


# --- styles ---------------------------------------------------------------------------------------------------------


class _Styles:
    """What a paragraph or a run looks like: its own properties, then those of its style, then the document's."""

    def __init__(self, document: Document) -> None:
        root = document.styles.element
        self._known = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}
        defaults = root.find(qn("w:docDefaults"))
        self._defaults = [] if defaults is None else [defaults]
        standard = (s for s in self._known.values() if s.get(qn("w:default")) and s.get(qn("w:type")) == "paragraph")
        self._standard = next(standard, None)
        self.numbering = Numbering(document)

    def chain(self, own: Node | None, kind: str) -> list[Node]:
        """The styles behind a paragraph ("pStyle"), run ("rStyle") or table ("tblStyle"), the nearest first."""
        named = None if own is None else own.find(qn(f"w:{kind}"))
        style = self._known.get(named.get(qn("w:val"))) if named is not None else None
        if style is None and kind == "pStyle":
            style = self._standard
        found: list[Node] = []
        while style is not None and style not in found:
            found.append(style)
            based = style.find(qn("w:basedOn"))
            style = self._known.get(based.get(qn("w:val"))) if based is not None else None
        return found

    def paragraph(self, own: Node | None) -> list[Node]:
        """Every `pPr` that has a say in a paragraph."""
        behind = (style.find(qn("w:pPr")) for style in self.chain(own, "pStyle"))
        default = (d.find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}") for d in self._defaults)
        return [node for node in (own, *behind, *default) if node is not None]

    def run(self, own: Node | None, paragraph: Node | None) -> list[Node]:
        """Every `rPr` that has a say in a run."""
        styles = [*self.chain(own, "rStyle"), *self.chain(paragraph, "pStyle")]
        behind = (style.find(qn("w:rPr")) for style in styles)
        default = (d.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}") for d in self._defaults)
        return [node for node in (own, *behind, *default) if node is not None]


def _value(chain: Sequence[Node], tag: str, name: str = "val") -> str | None:
    """The first value anybody in the chain gives."""
    for node in chain:
        found = node.find(qn(f"w:{tag}"))
        if found is not None and found.get(qn(f"w:{name}")) is not None:
            return str(found.get(qn(f"w:{name}")))
    return None


def _on(chain: Sequence[Node], tag: str) -> bool:
    for node in chain:
        found = node.find(qn(f"w:{tag}"))
        if found is not None:
            return found.get(qn("w:val")) not in ("0", "false", "off", "none")
    return False


def _points(chain: Sequence[Node], tag: str, name: str, default: float = 0) -> float:
    value = _value(chain, tag, name)
    return default if value is None else float(value) / 20


# --- paragraphs -----------------------------------------------------------------------------------------------------

_ALIGN = {"center": "center", "right": "right", "end": "right", "both": "justify", "distribute": "justify"}


def _paragraph(node: Node, styles: _Styles) -> Plain:
    own = node.find(qn("w:pPr"))
    chain = styles.paragraph(own)
    label = styles.numbering.label(chain)
    if label is not None and label.paragraph is not None:
        chain = _with_list(chain, label.paragraph)
    rule = _value(chain, "spacing", "lineRule") or "auto"
    line = float(_value(chain, "spacing", "line") or 240)
    runs = list(_runs(node, own, styles))
    return {
        "kind": "p",
        "align": _ALIGN.get(_value(chain, "jc") or "", "left"),
        "left": _points(chain, "ind", "left") or _points(chain, "ind", "start"),
        "right": _points(chain, "ind", "right") or _points(chain, "ind", "end"),
        "first": _points(chain, "ind", "firstLine") - _points(chain, "ind", "hanging"),
        "before": _points(chain, "spacing", "before"),
        "after": _points(chain, "spacing", "after"),
        "line": line / 240 if rule == "auto" else 1,
        "exact": line / 20 if rule == "exact" else 0,
        "top": _border(own, "top"),
        "bottom": _border(own, "bottom"),
        "keep": _on(chain, "keepNext"),
        "new_page": _on(chain, "pageBreakBefore"),
        "size": runs[0]["size"] if runs else _size(styles.run(None, own)),
        "label": [] if label is None or not label.text else [_label(label, runs, own, styles)],
        "runs": [run for run in runs if any(run["pieces"])],
    }


def _with_list(chain: list[Node], level: Node) -> list[Node]:
    """A list's own indents count for less than those of whoever puts the paragraph into it."""
    place = next(n for n, node in enumerate(chain) if node.find(qn("w:numPr")) is not None) + 1
    return [*chain[:place], level, *chain[place:]]


def _label(label: Label, runs: Sequence[Plain], own: Node | None, styles: _Styles) -> Plain:
    """The number or bullet as a run: as large as the words behind it, as bold as the list says."""
    of_mark = None if own is None else own.find(qn("w:rPr"))
    chain = [node for node in (label.run, of_mark, *styles.run(None, own)) if node is not None]
    return {
        "pieces": ["", label.text],
        "size": runs[0]["size"] if runs else _size(chain),
        "bold": _on(chain, "b"),
        "italic": _on(chain, "i"),
        "underline": False,
    }


def _border(own: Node | None, side: str) -> float:
    """The width of a paragraph's border in points, 0 where there is none."""
    found = None if own is None else own.find(f"{qn('w:pBdr')}/{qn(f'w:{side}')}")
    if found is None or found.get(qn("w:val")) in ("nil", "none"):
        return 0
    return float(found.get(qn("w:sz")) or 4) / 8


def _runs(node: Node, paragraph: Node | None, styles: _Styles) -> Iterator[Plain]:
    """The runs of a paragraph; every second piece of a run is to stay whole."""
    for run in node.iter(qn("w:r")):
        if next(run.iterancestors(qn("w:p"))) is not node:  # of a text box, which has no place of its own in the copy
            continue
        chain = styles.run(run.find(qn("w:rPr")), paragraph)
        text = "".join(_texts(run))
        if _on(chain, "vanish"):
            continue
        yield {
            "pieces": re.split(f"({WHOLE})", _breakable(text.upper() if _on(chain, "caps") else text)),
            "size": _size(chain),
            "bold": _on(chain, "b"),
            "italic": _on(chain, "i"),
            "underline": _on(chain, "u"),
        }


def _texts(run: Node) -> Iterator[str]:
    for child in run.iterchildren():
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:tab"):
            yield "\t"
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"  # that codes stay whole is seen to by WHOLE: as they are typed they are found by searching


def _size(chain: Sequence[Node]) -> float:
    return float(_value(chain, "sz") or 20) / 2


def _breakable(text: str) -> str:
    """Words too long for a column of a table may break between any two letters."""
    if len(text) <= LONGEST_WORD:
        return text
    words = text.split(" ")
    return " ".join("\u200b".join(word) if len(word) > LONGEST_WORD else word for word in words)


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(node: Node, styles: _Styles) -> Plain:
    own = node.find(qn("w:tblPr"))
    chain = [p for p in (own, *(s.find(qn("w:tblPr")) for s in styles.chain(own, "tblStyle"))) if p is not None]
    margins = next((m for p in chain if (m := p.find(qn("w:tblCellMar"))) is not None), None)
    side = _twips(None if margins is None else margins.find(qn("w:left")), "w", 5.4)
    rows = [_row(row, styles) for row in node.iterchildren(qn("w:tr"))]
    return {
        "kind": "table",
        "keep": bool(rows) and rows[-1]["keep"],
        "columns": [_twips(column, "w") for column in node.iter(qn("w:gridCol"))],
        "lined": any(_lined(p.find(qn("w:tblBorders"))) for p in chain),
        "side": side,
        "rows": _kept_together(rows),
    }


def _kept_together(rows: list[Plain]) -> list[Plain]:
    """Each row with how many rows, itself the first, stay on one page: those kept with the next, and that next one.

    0: it stays with the one before. As in Word, what would not fit a page is not kept together.
    """
    place = 0
    while place < len(rows):
        end = place
        while end + 1 < len(rows) and rows[end]["keep"] and not rows[end]["head"]:
            end += 1
        if sum(row["height"] for row in rows[place : end + 1]) > TALLEST_GROUP:
            end = place
        for number, row in enumerate(rows[place : end + 1]):
            row["group"] = 0 if number else end + 1 - place
        place = end + 1
    return rows


def _lined(borders: Node | None) -> bool:
    return borders is not None and any(side.get(qn("w:val")) not in ("nil", "none") for side in borders)


def _row(node: Node, styles: _Styles) -> Plain:
    properties = node.find(qn("w:trPr"))
    cells = [_cell(cell, styles) for cell in node.iterchildren(qn("w:tc"))]
    return {
        "head": properties is not None and properties.find(qn("w:tblHeader")) is not None,
        # As in Word, a row that would not fit a page is cut all the same.
        "whole": all(_lines(cell) <= TALLEST_ROW for cell in cells),
        "height": max((_height(cell) for cell in cells), default=0),
        "keep": _keeps_next(cells),
        "cells": cells,
    }


def _keeps_next(cells: Sequence[Mapping[str, Any]]) -> bool:
    """As Word does: by the first paragraph of a row."""
    return bool(cells and cells[0]["blocks"]) and bool(cells[0]["blocks"][0]["keep"])


def _height(cell: Mapping[str, Any]) -> float:
    """Points of a cell, roughly."""
    spaces: float = sum(block["before"] + block["after"] for block in cell["blocks"])
    return spaces + _lines(cell) * LINE


def _lines(cell: Mapping[str, Any]) -> int:
    """Lines of a cell, roughly: a column of the narrowest kind holds a dozen letters in a line."""
    texts = ["".join(piece for run in block["runs"] for piece in run["pieces"]) for block in cell["blocks"]]
    return sum(1 + len(line.replace("\u200b", "")) // 12 for text in texts for line in text.split("\n"))


def _cell(node: Node, styles: _Styles) -> Mapping[str, Any]:
    span = node.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return {
        "span": 1 if span is None else int(span.get(qn("w:val"))),
        "blocks": [_paragraph(p, styles) for p in node.iterchildren(qn("w:p"))],
    }


if __name__ == "__main__":
    sys.exit(_main())
