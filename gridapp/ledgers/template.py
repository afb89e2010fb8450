"""Somebody else's empty table, understood: where its rows go, what each column wants, and in which form it wants it."""
from __future__ import annotations

import re
from collections.abc import Mapping as Known
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gridapp.ledgers import grid as grids
from gridapp.ledgers.cellrefs import column_of
from gridapp.ledgers.corrections import Correction, Corrections, corrected, signature
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.layout import Header, find_headers
from gridapp.ledgers.mapping import Mapping, likeliest
from gridapp.ledgers.package import Package, tag
from gridapp.ledgers.placing import Value, fill_holes, fill_rows, put
from gridapp.ledgers.rows import what_is
from gridapp.ledgers.sniff import Unreadable
from gridapp.ledgers.stretching import rows_of
from gridapp.ledgers.wording import worded

NONE: Corrections = {}
LOOK = 2000  # ready rows a template can hold
UNIT = re.compile(r"((?:填报|制表|报送|上报)?(?:单位|网格|党组织|支部)(?:名称)?(?:[（(](?:盖章|公章)[）)])?\s*[:：])[\s_＿]*$")
DAY = re.compile(r"((?:填报|制表|报送|上报|填表)?(?:日期|时间)\s*[:：])[\s_＿]*(?:年[\s_＿]*月[\s_＿]*日)?[\s_＿]*$")
TICK = "√"
COUNTED = {"age", "party_age"}
NUMBER = re.compile(r"\d+(\.0)?")


@dataclass(frozen=True)
class Template:
    """One table of a template. first: the row (1-based) its data begin in; ready: how many rows it keeps for them. title: the lines above it."""

    sheet: str
    mapping: Mapping
    header: Header
    first: int
    ready: int
    title: str
    signature: str
    formats: Known[int, str] = field(default_factory=dict)
    formulas: frozenset[int] = frozenset()

    @property
    def kind(self) -> str:
        return self.mapping.kind

    def wanted(self) -> dict[int, str]:
        """The columns that want a value of ours: column (0-based) -> heading; those the template calculates itself want none."""
        return {column: heading for column, heading in self.mapping.headings.items() if column not in self.formulas}


def read_template(data: bytes, corrections: Corrections = NONE) -> tuple[Package, list[Template]]:
    """The parts of an .xlsx and the tables found in it. Raises Unreadable for another or a refused file, or one without any table or {{字段}}."""
    book = grids.read_workbook(data)
    if book.form != "xlsx":
        raise Unreadable("template_form")
    package = Package(data)
    found = [made for grid in book.grids if grid.visible for header in find_headers(grid) if (made := _template(package, grid, header, corrections))]
    return package, found


def _template(package: Package, grid: Grid, header: Header, corrections: Corrections) -> Template | None:
    title, mark = "\n".join(_above(grid, header)), signature(header.paths)
    mapping = _meaning(header, title + "\n" + grid.name, corrections.get(mark))
    if mapping is None or grid.name not in package.sheets:
        return None
    cells = _filled(package, grid.name)
    first, ready, formulas = _room(grid, header, mapping, cells)
    formats = {column: grid.marks.number_format(first, column) for column in mapping.headings}
    return Template(grid.name, mapping, header, first, ready, title, mark, formats, formulas)


def _above(grid: Grid, header: Header) -> list[str]:
    return [str(cell) for cells in grid.rows[max(0, header.top - 6) : header.top] for cell in cells if isinstance(cell, str) and cell]


def _meaning(header: Header, title: str, said: Correction | None) -> Mapping | None:
    if said:
        return corrected(header.paths, said)
    return likeliest(header.paths, title)


def _filled(package: Package, sheet: str) -> dict[int, dict[int, bool]]:
    """Row (1-based) -> column (0-based) -> whether its cell calculates; cells with nothing in them are left out, rows never."""
    found: dict[int, dict[int, bool]] = {}
    for row in rows_of(package.peek(package.sheets[sheet])):
        cells = {column_of(cell.get("r")): cell.find(tag("f")) is not None for cell in row.iterfind(tag("c")) if len(cell)}
        found[int(row.get("r"))] = cells
    return found


def _room(grid: Grid, header: Header, mapping: Mapping, cells: dict[int, dict[int, bool]]) -> tuple[int, int, frozenset[int]]:
    """First data row, number of ready rows, and the columns that calculate themselves. Rows somebody has filled already stay above."""
    serial = mapping.column("serial")
    row = header.bottom + 2
    while row <= len(grid.rows) and not _is_ready(cells.get(row, {}), grid, row, serial) and _stays_above(grid, header, mapping, row):
        row += 1
    first = row
    while row - first < LOOK and row in cells and _is_ready(cells[row], grid, row, serial):
        row += 1
    ready = max(row - first, 1 if first not in cells else 0)
    formulas = frozenset(column for column, calculates in cells.get(first, {}).items() if calculates and ready)
    return first, ready, formulas


def _is_ready(cells: dict[int, bool], grid: Grid, row: int, serial: int | None) -> bool:
    """Nothing in it but its running number, zeros and formulas."""
    values: list[Any] = grid.rows[row - 1] if row <= len(grid.rows) else []
    kept = [(column, values[column] if column < len(values) else "") for column, calculates in cells.items() if not calculates]
    return all(value in ("", 0, 0.0) or (column == serial and NUMBER.fullmatch(str(value))) for column, value in kept)


def _stays_above(grid: Grid, header: Header, mapping: Mapping, row: int) -> bool:
    """Rows that say how to fill in, and rows filled in already."""
    return what_is(header.own(grid.rows[row - 1]), mapping, row == header.bottom + 2) in ("", "instruction row", "example row")


def fill_template(package: Package, template: Template, rows: list[dict[str, str]], answers: Known[str, str], words: Known[str, str]) -> set[str]:
    """Write rows (values by the names of terms, as they read) into the table; answers: by heading, for columns we keep nothing for.
    words: for {{字段}} and for 填报单位：, 日期：. Gives the names of holes nothing was told for."""
    values = [_row(template, number, row, answers) for number, row in enumerate(rows, 1)]
    unknown = fill_holes(package, words)
    _label(package, template, words)
    fill_rows(package, template.sheet, template.first, template.ready, values)
    return unknown


def _row(template: Template, number: int, row: dict[str, str], answers: Known[str, str]) -> dict[int, Value]:
    made: dict[int, Value] = {}
    ticked = {column: (first, leaf) for first, options in template.mapping.ticks.items() for column, leaf in options.items()}
    for column, heading in template.wanted().items():
        term = template.mapping.terms.get(ticked[column][0] if column in ticked else column)
        if term is None:
            made[column] = answers.get(heading) or None
        elif column in ticked:
            made[column] = TICK if row.get(term.name) == ticked[column][1] else None
        elif term.name == "serial":
            made[column] = number
        else:
            value = row.get(term.name) or answers.get(heading) or ""
            sort = "number" if term.name in COUNTED else term.sort
            made[column] = worded(value, sort, heading, template.formats.get(column, ""))
    return made


def _label(package: Package, template: Template, words: Known[str, str]) -> None:
    """填报单位： and 日期： above the table, where nothing stands behind them yet. What stands below it is for people to sign."""
    part = package.sheets[template.sheet]
    for row in range(max(0, template.header.top - 6), template.header.top):
        for column, text in _texts(package, part, row + 1).items():
            for shape, word in ((UNIT, words.get("填报单位", "")), (DAY, words.get("填报日期", ""))):
                if word and (found := shape.fullmatch(text.strip())):
                    put(package.xml(part), row + 1, {column: found[1] + word})


def _texts(package: Package, part: str, number: int) -> dict[int, str]:
    """The texts of one row, by column."""
    row = next((row for row in rows_of(package.peek(part)) if int(row.get("r")) == number), None)
    if row is None:
        return {}
    shared = list(package.peek("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in package.bodies else []
    found = {}
    for cell in row.iterfind(tag("c")):
        item = shared[int(cell.findtext(tag("v")) or 0)] if cell.get("t") == "s" else cell.find(tag("is"))
        if item is not None:
            found[column_of(cell.get("r"))] = "".join(text.text or "" for text in item.iter(tag("t")))
    return found


def write(package: Package, out: Path) -> None:
    """Write the filled template; nothing half written is left, and a file that stood there before still does when the place fails."""
    from gridapp.ledgers import landing

    with landing.scratch_beside(out) as scratch:
        made = scratch / "filled.xlsx"
        package.write(made)
        landing.land(made.read_bytes(), scratch, out)
