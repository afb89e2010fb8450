"""Grids: any table file as sheets of cells. Values come from calamine (their types kept) or the csv module; nothing is judged here."""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gridapp.ledgers import biff, gate, marks, sniff
from gridapp.ledgers.biff_marks import BiffMarks
from gridapp.ledgers.sniff import Unreadable

Merge = tuple[int, int, int, int]
ENCODINGS = ("utf-8-sig", "gb18030", "big5")
MARK = b"\xef\xbb\xbf"
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".bin", ".jfif")


@dataclass
class Grid:
    """One sheet. rows[i] is row i + 1 (of Excel, or logical record of a csv file); "" is an empty cell.

    merges: (first row, first column, last row, last column), 0-based, inclusive.
    """

    name: str
    rows: list[list[Any]]
    merges: tuple[Merge, ...] = ()
    visible: bool = True
    marks: marks.Marks | BiffMarks = field(default_factory=marks.Marks)


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
        names = marks.part_names(parts)
        # Every part passes the gate, and what holds cells is known by its content: the workbook decides what its sheets are called.
        bodies = {name: gate.read_part(parts, name) for name in parts.namelist() if not name.lower().endswith(PICTURES)}
        notices = gate.notices(parts)
    styles, shared = bodies.get("xl/styles.xml", b""), b"".join(body for name, body in bodies.items() if name.lower().endswith("sharedstrings.xml"))
    bodies = {name: body for name, body in bodies.items() if gate.is_sheet(body)}
    for body in bodies.values():
        gate.check_cells(body)
    gate.check_texts(shared, bodies.values())
    grids = _calamine(data)
    for grid in grids:
        grid.marks = marks.Marks(bodies.get(names.get(grid.name, ""), b""), styles, shared)
    return Workbook("xlsx", grids, notices)


def _read_xls(data: bytes) -> Workbook:
    told = biff.check_records(data)
    grids = _calamine(data)
    for grid, each in zip(grids, told, strict=False):
        grid.marks = each
    return Workbook("xls", grids)


def _calamine(data: bytes) -> list[Grid]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _grids(book)
    except calamine.PasswordError:
        raise Unreadable("encrypted") from None
    except calamine.CalamineError:
        raise Unreadable("corrupt") from None
    except BaseException as error:  # damage can make the Rust reader panic, which is no Exception
        if type(error).__name__ == "PanicException":
            raise Unreadable("corrupt") from None
        raise


def _grids(book: Any) -> list[Grid]:
    import python_calamine as calamine

    found, area = [], 0
    for meta in book.sheets_metadata:
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(meta.name)
            height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
            area += height * width
            check_size(height, width, area)
            merges = inside(((*first, *last) for first, last in sheet.merged_cell_ranges or ()), height, width)
            found.append(Grid(meta.name, sheet.to_python(skip_empty_area=False), merges, meta.visible == calamine.SheetVisibleEnum.Visible))
    return found


def check_size(height: int, width: int, area: int) -> None:
    """Refuses a sheet of too many rows or columns, or sheets of too many cells in all."""
    if height > gate.ROWS:
        raise Unreadable("too_many_rows")
    if width > gate.COLUMNS:
        raise Unreadable("too_many_columns")
    if area > gate.AREA:
        raise Unreadable("too_many_cells")


def inside(merges: Iterable[Merge], height: int, width: int) -> tuple[Merge, ...]:
    """The merged cells, cut to where the sheet ends."""
    cut = ((top, left, min(bottom, height - 1), min(right, width - 1)) for top, left, bottom, right in merges if top < height and left < width)
    kept = tuple(cut)
    if sum(bottom - top + 1 for top, _, bottom, _ in kept) > gate.MERGED:
        raise Unreadable("too_many_cells")
    return kept


def _read_text(data: bytes) -> Workbook:
    lines = _decode(data)
    if "\0" in lines:
        raise Unreadable("not_a_workbook")
    delimiter = _delimiter(lines)
    if lines.count(delimiter) + lines.count("\n") > gate.AREA:
        raise Unreadable("too_many_cells")
    try:
        rows = [[_plain(cell) for cell in row] for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise Unreadable("cell_too_long" if "limit" in str(error) else "corrupt") from None
    width = max(map(len, rows))
    check_size(len(rows), width, 0)
    return Workbook("csv", [Grid("CSV", rows)])


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ENCODINGS:
        try:
            return data.removeprefix(MARK).decode(encoding)
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
