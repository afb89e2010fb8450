"""Grids: any table file as sheets of cells. Values come from calamine (their types kept) or the csv module; nothing is judged here."""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from gridapp.ledgers import biff, gate, marks, sniff
from gridapp.ledgers.sniff import Unreadable

Merge = tuple[int, int, int, int]
ENCODINGS = ("utf-8-sig", "gb18030", "big5")


@dataclass
class Grid:
    """One sheet. rows[i] is row i + 1 (of Excel, or logical record of a csv file); "" is an empty cell.

    merges: (first row, first column, last row, last column), 0-based, inclusive.
    """

    name: str
    rows: list[list[Any]]
    merges: tuple[Merge, ...] = ()
    visible: bool = True
    marks: marks.Marks = field(default_factory=marks.Marks)


@dataclass
class Workbook:
    """The sheets of one file, what form it really has, and sentences about what was left alone."""

    form: str
    grids: list[Grid]
    notices: tuple[str, ...] = ()


def open_workbook(path: Path) -> Workbook:
    """Any table file by its content. Raises Unreadable (a Trouble), or OSError when the file itself cannot be opened."""
    gate.check_size(path.stat().st_size)
    return read_workbook(path.read_bytes())


def read_workbook(data: bytes) -> Workbook:
    """As open_workbook, from bytes."""
    form = sniff.form_of(data)
    readers: dict[str, Callable[[bytes], Workbook]] = {"xlsx": _read_xlsx, "xls": _read_xls, "text": _read_text}
    if form not in readers:
        from gridapp.ledgers.markup import read

        return Workbook(form, read(form, data))
    return readers[form](data)


def _read_xlsx(data: bytes) -> Workbook:
    with gate.open_parts(data) as parts:
        bodies = {name: gate.read_part(parts, name) for name in gate.sheet_parts(parts)}
        for body in bodies.values():
            gate.check_cells(body)
        names = marks.part_names(parts)
        styles = gate.read_part(parts, "xl/styles.xml") if "xl/styles.xml" in parts.namelist() else b""
        notices = gate.notices(parts) + _no_doctype(parts)
    grids = _calamine(data)
    for grid in grids:
        grid.marks = marks.Marks(bodies.get(names.get(grid.name, ""), b""), styles)
    return Workbook("xlsx", grids, notices)


def _no_doctype(parts: ZipFile) -> tuple[str, ...]:
    """Every other XML part must be free of DOCTYPE too, shared strings above all."""
    for name in parts.namelist():
        if name.lower().endswith((".xml", ".rels")) and "/worksheets/" not in name:
            gate.read_part(parts, name)
    return ()


def _read_xls(data: bytes) -> Workbook:
    biff.check_records(data)
    return Workbook("xls", _calamine(data))


def _calamine(data: bytes) -> list[Grid]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_grid(book, sheet) for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    except calamine.PasswordError:
        raise Unreadable("encrypted") from None
    except calamine.CalamineError:
        raise Unreadable("corrupt") from None
    except BaseException as error:  # damage can make the Rust reader panic, which is no Exception
        if type(error).__name__ == "PanicException":
            raise Unreadable("corrupt") from None
        raise


def _grid(book: Any, meta: Any) -> Grid:
    import python_calamine as calamine

    sheet = book.get_sheet_by_name(meta.name)
    if sheet.end and (sheet.end[0] >= gate.ROWS or sheet.end[1] >= gate.COLUMNS):
        raise Unreadable("too_many_rows" if sheet.end[0] >= gate.ROWS else "too_many_columns")
    merges = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Grid(meta.name, sheet.to_python(skip_empty_area=False), merges, meta.visible == calamine.SheetVisibleEnum.Visible)


def _read_text(data: bytes) -> Workbook:
    lines = _decode(data)
    if "\0" in lines:
        raise Unreadable("not_a_workbook")
    try:
        rows = [[_plain(cell) for cell in row] for row in csv.reader(io.StringIO(lines, newline=""), delimiter=_delimiter(lines))]
    except csv.Error:
        raise Unreadable("corrupt") from None
    if len(rows) > gate.ROWS:
        raise Unreadable("too_many_rows")
    if max(map(len, rows)) > gate.COLUMNS:
        raise Unreadable("too_many_columns")
    return Workbook("csv", [Grid("CSV", rows)])


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_a_workbook")


def _delimiter(text: str) -> str:
    """The separator that stands in the most of the first lines, outside quotes."""
    head = re.sub(r'"[^"]*"', "", text[:20_000])
    return max(",\t;|", key=lambda mark: (sum(mark in line for line in head.splitlines()[:20]), head.count(mark)))


def _plain(cell: str) -> str:
    """A cell without the ="..." by which exports keep Excel from eating digits."""
    guarded = re.fullmatch(r'\s*="(.*)"\s*', cell, re.S)
    return guarded[1].replace('""', '"') if guarded else cell
