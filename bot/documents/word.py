"""A Word template filled in; what people typed is data and stays so, whatever it looks like.

A template is tried before it is kept: everything that could fail in front of a unit fails then, in one clear sentence.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError

from bot.documents.reading_copy import WHOLE

Fields = Mapping[str, Any]  # what a template may name: texts, truths, and lists of such mappings

LARGEST = 3 * 1024 * 1024  # bytes of a template
LARGEST_OPENED = 40 * 1024 * 1024
DRAFT = "DỰ THẢO"
FILTERS = {"upper", "lower", "capitalize", "join", "length", "first", "last", "default", "escape", "e", "trim"}


class TemplateFaultError(Exception):
    """A template that cannot be used; the message says in one sentence what is wrong and what to do."""


class _Environment(ImmutableSandboxedEnvironment):
    """Fills fields in and nothing else: no functions, and no sums that could grow without end."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"{operator} in a template")


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=True)
    environment.globals.clear()
    for name in set(environment.filters) - FILTERS:
        del environment.filters[name]
    return environment


def fill(template: bytes, fields: Fields) -> bytes:
    """The template with the fields filled in, as a .docx. Raises jinja2.TemplateError where it names another field."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(fields), _environment(), autoescape=True)
    _keep_codes_whole(document.docx.element.body)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _keep_codes_whole(body: Any) -> None:
    """The hyphens of codes ("TT-2026-012") as those at which Word ends no line; at a "/" it ends none by itself."""
    for found in list(body.iter(qn("w:t"))):
        first, *others = re.sub(WHOLE, lambda code: code[0].replace("-", "\u2011"), found.text or "").split("\u2011")
        if not others:
            continue
        found.text, last = first, found
        found.set(qn("xml:space"), "preserve")
        for words in others:
            hyphen, after = OxmlElement("w:noBreakHyphen"), OxmlElement("w:t")
            after.text = words
            after.set(qn("xml:space"), "preserve")
            last.addnext(hyphen)
            hyphen.addnext(after)
            last = after


def text_of(document: bytes) -> str:
    """The words of a .docx in the order of its pages, a paragraph or cell to a line."""
    found: list[str] = []
    for element in docx.Document(BytesIO(document)).element.body.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "p":
            found.append("")
        elif tag == "t" and found:
            found[-1] += element.text or ""
        elif tag == "noBreakHyphen" and found:
            found[-1] += "-"
        elif tag in ("br", "tab") and found:
            found[-1] += " "
    return "\n".join(found)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a template of a kind is tried with: `draft` and `signed` fill most fields, `others` few or the rest."""

    draft: Fields
    signed: Fields
    others: tuple[Fields, ...]
    drafted: bool  # whether this kind has drafts that must say so


def try_out(template: bytes, trial: Trial, also: Callable[[bytes], object]) -> None:
    """Fill a template in with samples; `also` makes the reading copies of some. Raises TemplateFaultError."""
    _is_plain_word(template)
    _names_known_fields(template, trial.draft)
    try:
        draft, signed, *others = (fill(template, fields) for fields in (trial.draft, trial.signed, *trial.others))
        for made in (draft, *others):
            also(made)
    except UndefinedError as error:
        named = re.findall(r"'([^']+)'", error.message or "")
        raise TemplateFaultError(
            f"Mẫu dùng trường chưa có: {named[-1] if named else '…'}. Sửa tên trường rồi gửi lại."
        ) from error
    except SecurityError as error:
        raise TemplateFaultError("Mẫu chứa phép tính; chỉ dùng các trường có sẵn, rồi gửi lại.") from error
    except (TemplateError, LxmlError, ValueError, KeyError, TypeError) as error:
        raise TemplateFaultError("Mẫu điền thử không ra tệp Word. Sửa các lệnh {% … %} rồi gửi lại.") from error
    if trial.drafted and (DRAFT not in text_of(draft) or DRAFT in text_of(signed)):
        raise TemplateFaultError(
            'Mẫu chưa ghi "DỰ THẢO" cho bản chưa ký: thêm {% if du_thao %}DỰ THẢO{% endif %} rồi gửi lại.'
        )


def unprinted(template: bytes, trial: Trial, names: Iterable[str]) -> list[str]:
    """Those of some fields that a template prints nowhere: each is filled with a mark, and the marks are sought."""
    marks = {name: f"\u27e6{place}\u27e7" for place, name in enumerate(names)}
    made = fill(template, {**trial.draft, **{name: _marked(trial.draft[name], mark) for name, mark in marks.items()}})
    with ZipFile(BytesIO(made)) as package:
        pages = [package.read(name).decode() for name in package.namelist() if re.match(r"word/\w+\.xml$", name)]
    printed = "".join(pages)
    return [name for name, mark in marks.items() if mark not in printed]


def _marked(value: Any, mark: str) -> Any:
    """A field of the same shape whose every text is a mark."""
    if isinstance(value, list):
        return [_marked(one, mark) for one in value]
    if isinstance(value, dict):
        return {name: _marked(one, mark) for name, one in value.items()}
    return mark


def _is_plain_word(template: bytes) -> None:
    """A whole .docx without macros, of a size that can be opened."""
    if len(template) > LARGEST:
        raise TemplateFaultError("Mẫu lớn hơn 3 MB. Giảm ảnh trong mẫu rồi gửi lại.")
    try:
        with ZipFile(BytesIO(template)) as package:
            names = package.namelist()
            opened = sum(one.file_size for one in package.infolist())
            if opened > LARGEST_OPENED:
                raise TemplateFaultError("Mẫu khi mở ra lớn hơn 40 MB. Giảm ảnh trong mẫu rồi gửi lại.")
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
            broken = package.testzip()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise TemplateFaultError(
            "Tệp không phải tệp Word (.docx) hoặc đã hỏng. Lưu lại bằng Word rồi gửi lại."
        ) from error
    if any("vbaproject" in name.lower() for name in names) or b"macroEnabled" in types:
        raise TemplateFaultError("Mẫu có macro, Hệ thống không nhận. Lưu thành .docx (không macro) rồi gửi lại.")
    if broken or "word/document.xml" not in names:
        raise TemplateFaultError("Tệp không phải tệp Word (.docx) hoặc đã hỏng. Lưu lại bằng Word rồi gửi lại.")


def _names_known_fields(template: bytes, fields: Fields) -> None:
    try:
        named = DocxTemplate(BytesIO(template)).get_undeclared_template_variables(_environment())
    except TemplateAssertionError as error:  # a filter there is not
        asked = re.findall(r"'([^']+)'", error.message or "")
        raise TemplateFaultError(
            f"Mẫu dùng bộ lọc không có: {asked[0] if asked else '…'}. Chỉ có {', '.join(sorted(FILTERS))}; "
            "sửa rồi gửi lại."
        ) from error
    except TemplateSyntaxError as error:
        raise TemplateFaultError(
            "Lệnh trong mẫu viết sai, ví dụ thiếu {% endfor %} hoặc {% endif %}. Sửa rồi gửi lại."
        ) from error
    except (KeyError, ValueError, LxmlError) as error:
        raise TemplateFaultError(
            "Tệp không phải tệp Word (.docx) hoặc đã hỏng. Lưu lại bằng Word rồi gửi lại."
        ) from error
    unknown = sorted(named - set(fields))
    if unknown:
        raise TemplateFaultError(f"Mẫu dùng trường chưa có: {', '.join(unknown)}. Sửa tên trường rồi gửi lại.")
