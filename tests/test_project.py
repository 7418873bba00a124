"""The project keeps what it says about itself: locks, settings, register of words, and no trace of a machine."""

from __future__ import annotations

import ast
import csv
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "storage", "scheduler", "inspection")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

# The product is a "kiểm tra"; "thanh tra" is another institution with its own law. The others break the register.
FORBIDDEN_WORDS = re.compile(r"\b(?<!không phải )(thanh tra|vui lòng|bạn)\b", re.IGNORECASE)
ALLOW_WORD = "# register:"


def pins(lock: str) -> dict[str, str]:
    """Name to version of every package a lock names."""
    text = (ROOT / lock).read_text("utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.M)}


def own_files() -> Iterator[Path]:
    """Every file of the project itself, whether or not this copy is a git clone."""
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if n == ".ci" or not n.startswith(".")]
        names[:] = [n for n in names if n not in {"__pycache__", "build", "dist"} and not n.endswith(".egg-info")]
        if Path(folder) == ROOT:
            names[:] = [n for n in names if n != "data"]
        yield from (Path(folder, file) for file in files if file != ".env")


def sources(suffix: str) -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob(f"*{suffix}"))]


def spoken(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string of a module that is not a docstring and not excused by a named comment."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    # A string that stands alone as a statement is never shown to anybody.
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in silent:
            continue
        if not any(ALLOW_WORD in line for line in lines[node.lineno - 1 : node.end_lineno]):
            yield node.lineno, node.value


def offences(text: str) -> list[str]:
    return FORBIDDEN_WORDS.findall(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text("utf-8")


def test_the_locks_pin_what_pyproject_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    runtime = PROJECT["project"]["dependencies"] + groups["build"]
    dev = runtime + groups["dev"] + PROJECT["project"]["optional-dependencies"]["postgres"]
    for lock, wanted in (("requirements.lock", runtime), ("requirements-dev.lock", dev)):
        pinned = pins(lock)
        for requirement in map(Requirement, wanted):
            version = pinned.get(canonicalize_name(requirement.name))
            assert version, f"{lock} lacks {requirement.name}: make lock"
            assert requirement.specifier.contains(version), f"{lock} has {requirement.name} {version}: make lock"


def test_both_locks_agree() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_env_example_names_every_setting_and_no_other() -> None:
    from bot.settings import Settings  # noqa: PLC0415 (a fault there must not hide the other tests)

    shown = set(re.findall(r"^#?(KYCUONG_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.M))
    assert shown == {f"KYCUONG_{name.upper()}" for name in Settings.model_fields}


def test_no_path_of_a_machine() -> None:
    here = [f"{place}/" for place in {ROOT, Path.home()} if len(place.parts) > 1]
    found = [
        f"{path.relative_to(ROOT)}: {place}"
        for path in own_files()
        for place in here
        if re.search(rb"(?<![\w.])" + re.escape(place.encode()), path.read_bytes())
    ]
    assert found == []


def cells(path: Path) -> Iterator[tuple[int, str]]:
    """Row and text of every cell of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from ((row, cell) for row, line in enumerate(csv.reader(file), 1) for cell in line)


def test_the_strings_keep_the_register() -> None:
    texts = [(path, place) for path in sources(".py") for place in spoken(path)]
    texts += [(path, place) for path in sources(".csv") for place in cells(path)]
    found = [f"{path.relative_to(ROOT)}:{at}: {word}" for path, (at, text) in texts for word in offences(text)]
    assert found == []


def test_the_register_check_can_fail(tmp_path: Path) -> None:
    module = tmp_path / "phrases.py"
    module.write_text('"""thanh tra"""\nA = "Thanh tra xã"\nB = "không phải thanh tra"\nC = f"vui lòng {A}"\n', "utf-8")
    assert [(line, offences(text)) for line, text in spoken(module) if offences(text)] == [
        (2, ["Thanh tra"]),
        (4, ["vui lòng"]),
    ]


def test_every_module_opens_with_its_rule() -> None:
    modules = [path for path in sources(".py") if path.read_text("utf-8").strip()]
    assert [str(p.relative_to(ROOT)) for p in modules if not ast.get_docstring(ast.parse(p.read_text("utf-8")))] == []


SKIPPED = """
import pytest

@pytest.mark.postgres
def test_one(): pytest.skip("no server")

@pytest.mark.postgres
@pytest.mark.skip("no server")
def test_two(): pass
"""
SKIPPED_WHOLE = "import pytest\npytest.skip('no server', allow_module_level=True)\n"
RAN = "import pytest\n@pytest.mark.postgres\ndef test_one(): pass\n"
OTHER = "def test_one(): pass\n"


def required_run(folder: Path, **modules: str) -> subprocess.CompletedProcess[str]:
    """One pytest run of its own over the modules, in which PostgreSQL is required."""
    (folder / "pytest.toml").write_text('[pytest]\nmarkers = ["postgres"]\n', "utf-8")
    for name, body in modules.items():
        (folder / f"test_{name}.py").write_text(body, "utf-8")
    base = {key: value for key, value in os.environ.items() if not key.startswith(("KYCUONG_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.required", "-p", "no:cacheprovider"],
        cwd=folder,
        env=base | {"PYTHONPATH": str(ROOT), "KYCUONG_REQUIRE_POSTGRES": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_where_a_kind_is_required_a_skip_fails(tmp_path: Path) -> None:
    run = required_run(tmp_path, skipped=SKIPPED, ran=RAN)
    assert run.returncode == 1
    assert "1 failed, 1 passed, 1 error" in run.stdout  # the mark skips before the call: an error


def test_where_a_kind_is_required_a_skipped_module_fails(tmp_path: Path) -> None:
    run = required_run(tmp_path, whole=SKIPPED_WHOLE, ran=RAN)
    assert run.returncode != 0
    assert "no server" in run.stdout


def test_where_a_kind_is_required_its_absence_fails(tmp_path: Path) -> None:
    run = required_run(tmp_path, other=OTHER)
    assert run.returncode == 1
    assert "none ran: postgres" in run.stdout


def test_a_required_kind_that_ran_passes(tmp_path: Path) -> None:
    assert required_run(tmp_path, ran=RAN, other=OTHER).returncode == 0
