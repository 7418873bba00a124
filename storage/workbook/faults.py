"""A fault names its cell and says what to do; all faults of a workbook are gathered before anybody is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

WHOLE = -1  # the column of a fault that belongs to no cell


class Fault(NamedTuple):
    """What is to be put right. row: as the sheet counts (0: the whole sheet); column: from 0, or WHOLE."""

    sheet: str
    row: int
    column: int
    header: str
    sentence: str

    @property
    def cell(self) -> str:
        """The cell as a spreadsheet names it ("D12"); empty when the fault belongs to no cell."""
        return f"{letters(self.column)}{self.row}" if self.column != WHOLE and self.row else ""

    @property
    def line(self) -> str:
        """The fault in one line: "Trang Nhân sự, dòng 12, cột D (Vai trò): …"."""
        place = [f"Trang {self.sheet}"] if self.sheet else ["Tệp"]
        if self.row:
            place.append(f"dòng {self.row}")
        if self.column != WHOLE:
            place.append(f"cột {letters(self.column)}" + (f" ({self.header})" if self.header else ""))
        elif self.header:
            place.append(f"cột {self.header}")
        return f"{', '.join(place)}: {self.sentence}"


class WorkbookFaults(ValueError):
    """All faults of a workbook at once, in `faults`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        super().__init__("\n".join(fault.line for fault in self.faults))


def letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
