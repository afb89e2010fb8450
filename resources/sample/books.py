"""Cells on their way to a file: one Sheet of plain values, written as .xlsx, .xls or GB18030 .csv."""
from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Cell = str | int | float | dt.date | None


@dataclass
class Sheet:
    """Rows of cells (row 1 first), what is merged (first row, first column, last row, last column; from 1) and how wide columns are."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    head: tuple[int, int] = (1, 1)
    hidden: bool = False
    faults: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def add(self, cells: Sequence[Cell], merge_to: int = 0) -> int:
        """Append a row, its first cell merged over merge_to columns; gives the row's number."""
        self.rows.append(list(cells))
        number = len(self.rows)
        if merge_to > 1:
            self.merges.append((number, 1, number, merge_to))
        return number

    def data(self, cells: Sequence[Cell], fault: tuple[str, str] | None = None, others: Sequence[int] = ()) -> int:
        """Append a row of data; fault is (code, level) of what was planted in it, others the rows it may also be reported on."""
        number = self.add(cells)
        self.count += 1
        if fault:
            self.faults.append({"sheet": self.name, "row": number, "code": fault[0], "level": fault[1], "others": list(others)})
        return number


def write_xlsx(path: Path, sheets: list[Sheet]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.created = book.properties.modified = dt.datetime(2026, 11, 18, 9, 0)
    thin = Side(style="thin")
    border, wrap = Border(thin, thin, thin, thin), Alignment(vertical="center", wrap_text=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for number, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row, 1):
                cell = page.cell(number, column, value)
                if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
                    cell.data_type = "s"
                if number >= sheet.head[0] and sheet.widths:
                    cell.border, cell.alignment = border, wrap
                if number <= sheet.head[1]:
                    cell.font, cell.alignment = Font(name="宋体", bold=True), Alignment("center", "center", wrap_text=True)
        for first, left, last, right in sheet.merges:
            page.merge_cells(start_row=first, start_column=left, end_row=last, end_column=right)
        for column, width in enumerate(sheet.widths):
            page.column_dimensions[chr(65 + column)].width = width
    book.save(path)


def write_xls(path: Path, sheets: list[Sheet]) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    plain = xlwt.easyxf("align: wrap on, vert centre; borders: left thin, right thin, top thin, bottom thin")
    day = xlwt.easyxf(num_format_str="yyyy/m/d")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        tops = {(first, left): (last, right) for first, left, last, right in sheet.merges}
        for number, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row, 1):
                style = day if isinstance(value, dt.date) else plain
                last, right = tops.get((number, column), (number, column))
                if (last, right) != (number, column):
                    page.write_merge(number - 1, last - 1, column - 1, right - 1, value, style)
                elif value is not None:
                    page.write(number - 1, column - 1, value, style)
        for column, width in enumerate(sheet.widths):
            page.col(column).width = width * 256
    book.save(str(path))


def write_csv(path: Path, sheets: list[Sheet]) -> None:
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(["" if cell is None else cell for cell in row] for row in sheets[0].rows)


def write(path: Path, sheets: list[Sheet]) -> None:
    """Write by the suffix of path."""
    {".xlsx": write_xlsx, ".xls": write_xls, ".csv": write_csv}[path.suffix](path, sheets)
