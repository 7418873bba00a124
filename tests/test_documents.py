"""What the documents say is so: commands, settings, promises, places and example answers are checked."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.__main__ import _parser
from bot.commands import COMMANDS
from bot.matters.routing import CODED
from bot.settings import Settings
from inspection import attendance
from inspection.checklist import Checklist
from inspection.figures import document
from inspection.questions import QUESTION_TYPES
from inspection.questions.base import UnclearError
from inspection.reading import Bare, Coded, letters_of, note_of, photo_excuse, read_text
from storage.builtin import builtin_checklist

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
HANDBOOKS = sorted((ROOT / "docs" / "so-tay").glob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
README = (ROOT / "README.md").read_text("utf-8")

TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PLACE = re.compile(r"`((?:bot|docs|inspection|scheduler|storage|tests)/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")
CHAT_COMMAND = re.compile(r"`/([a-z]+)(?: [^`]*)?`")
FORBIDDEN = re.compile(r"\b(thanh tra|vui lòng|bạn)\b|!\s", re.IGNORECASE)


def blocks(path: Path, language: str) -> Iterator[str]:
    """The lines of the fenced blocks of one language."""
    for block in re.findall(rf"^```{language}\n(.*?)^```", path.read_text("utf-8"), re.M | re.S):
        yield from block.splitlines()


def table(name: str) -> list[list[str]]:
    """The cells of a marked table of the README, without its two head rows."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", README, re.S)
    assert found is not None, name
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()[2:]]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- what can be called ---------------------------------------------------------------------------------------------


def test_the_readme_lists_every_command_and_no_other() -> None:
    told = [[f"`/{c.name}`", f"`/{c.alias}`", ", ".join(c.roles) or "mọi người", c.help.vi] for c in COMMANDS.values()]
    assert table("commands") == told


def test_the_readme_lists_every_setting_with_its_default() -> None:
    told = {cells[0]: cells[1] for cells in table("settings")}
    assert told == {f"`KYCUONG_{name.upper()}`": shown(field.default) for name, field in Settings.model_fields.items()}


def shown(default: object) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return "" if value == "" else f"`{value}`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_chat_command_named_exists(path: Path) -> None:
    known = {name for command in COMMANDS.values() for name in (command.name, command.alias)}
    assert set(CHAT_COMMAND.findall(path.read_text("utf-8"))) - known == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_command_line_shown_is_understood(path: Path) -> None:
    lines = [line for line in blocks(path, "sh") if line.startswith("kycuong ")]
    lines += re.findall(r"`(kycuong [^`…]+)`", path.read_text("utf-8"))
    for line in lines:
        assert _parser().parse_args(shlex.split(line, comments=True)[1:]).run


def test_a_command_line_nobody_understands_is_noticed() -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["backup", "--to", "somewhere"])


def test_make_has_every_target_named() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        called = re.findall(r"`[^`\n]*\bmake ([a-z]+)[^`]*`", text) + re.findall(r"^make ([a-z]+)", text, re.M)
        assert set(called) <= targets, named(path)


# --- what is promised and where things are --------------------------------------------------------------------------


@cache
def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_names_a_test_that_exists() -> None:
    promises = README.partition("## Điều được cam kết")[2].partition("\n## ")[0]
    numbered = re.split(r"^\d+\. ", promises, flags=re.M)[1:]
    assert len(numbered) >= 12
    for promise in numbered:
        assert TEST.search(promise) or "make test" in promise, promise
    for path, name in (found for text in DOCUMENTS for found in TEST.findall(text.read_text("utf-8"))):
        assert (ROOT / path).is_file(), path
        assert name in functions(path), f"{path}::{name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_place_named_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    missing = [place for place in PLACE.findall(text) if not (ROOT / place).exists()]
    missing += [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    assert missing == []


def test_pictures_are_small() -> None:
    heavy = {named(path): path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert {name: size for name, size in heavy.items() if size > 300_000} == {}


def test_decisions_are_numbered_pages_with_four_parts() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = path.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences", "Alternatives"]
        assert len(text.splitlines()) <= 60, named(path)


# --- what the handbooks show to type --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return builtin_checklist()


def unread(line: str, checklist: Checklist) -> list[str]:
    """The pieces of a text that the product would not take."""
    if attendance.opens(line):
        return [] if attendance.hear(attendance.UNKNOWN, line, year=2026) else [line]
    pieces = read_text(line, checklist.items)
    return [
        str(piece)
        for piece in pieces
        if isinstance(piece, Bare) or (isinstance(piece, Coded) and not taken(piece, checklist))
    ]


def taken(piece: Coded, checklist: Checklist) -> bool:
    item = checklist.items[piece.code]
    first = piece.parts[0] if piece.parts else ""
    if photo_excuse(first) is not None or note_of(first) is not None or (item.reasons and letters_of(first)):
        return True
    kind = QUESTION_TYPES[item.answer_type]
    try:
        value = kind.read(item, first, year=2026)
        return all(kind.extend(item, value, part, year=2026) is not None for part in piece.parts[1:])  # type: ignore[arg-type]
    except UnclearError:
        return False


def test_the_answers_shown_in_the_handbooks_are_accepted(checklist: Checklist) -> None:
    lines = [line for path in HANDBOOKS for line in blocks(path, "tra-loi")]
    assert len(lines) > 20
    assert {line: faults for line in lines if (faults := unread(line, checklist))} == {}


@pytest.mark.parametrize("line", ["C01 25 23", "D04 không", "B02 quyết định", "bảy giờ", "F07 nhiều", "thư ký 12"])
def test_an_answer_the_product_refuses_is_noticed(line: str, checklist: Checklist) -> None:
    assert unread(line, checklist) != []


def test_the_reports_shown_in_the_handbooks_are_accepted() -> None:
    lines = [line for path in HANDBOOKS for line in blocks(path, "bao-cao")]
    assert lines != []
    for line in lines:
        code = CODED.match(line)
        assert code is not None, line
        read = document(line[code.end() :].removeprefix("1 "), year=2026)
        assert read is not None, line
        assert (read.number_symbol, read.issued) == ("15/KH-UBND", date(2026, 2, 24)), line


@pytest.mark.parametrize("path", [*HANDBOOKS, ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=named)
def test_the_documents_keep_the_register(path: Path) -> None:
    words = re.sub(r"^```.*?^```|`[^`]*`|!\[", "", path.read_text("utf-8"), flags=re.M | re.S)
    assert FORBIDDEN.findall(words) == []
