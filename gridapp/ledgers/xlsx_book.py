"""A template that came as .xlsx: what its sheets hold, and how values are put into them. xls_book.py does the same for .xls."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gridapp.ledgers import holes as texts
from gridapp.ledgers import placing
from gridapp.ledgers.cellrefs import REFERENCE, column_of, sheet_of
from gridapp.ledgers.copying import copy_sheet
from gridapp.ledgers.grid import Workbook
from gridapp.ledgers.marks import letters
from gridapp.ledgers.package import Package, tag
from gridapp.ledgers.placing import Value
from gridapp.ledgers.sniff import Unreadable
from gridapp.ledgers.stretching import rows_of

TYPES = "[Content_Types].xml"
LISTED = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}dataValidation"
EXTRA = "{http://schemas.microsoft.com/office/excel/2006/main}"
Cells = Mapping[int, Value]
Lists = list[tuple[int, int, int, int, tuple[str, ...]]]  # first row (1-based), first column (0-based), last row, last column, options


class XlsxBook:
    """One workbook being filled."""

    copies = True
    lost = ""

    def __init__(self, data: bytes, read: Workbook) -> None:
        self.package = Package(data)
        self.ending = _ending(self.package)
        for part in filter(self.package.bodies.__contains__, self.package.sheets.values()):
            _check_and_place(self.package, part)
        self.grids = [grid for grid in read.grids if grid.visible and self.package.sheets.get(grid.name, "") in self.package.bodies]
        self._all = {grid.name: grid for grid in read.grids}

    def calculating(self, sheet: str) -> dict[int, dict[int, bool]]:
        """Row (1-based) -> column (0-based) -> whether its cell calculates; cells with nothing in them are left out, rows never."""
        return {row: {} for row in self._listed(sheet)} | placing.calculating(self.package, sheet)

    def _listed(self, sheet: str) -> Iterator[int]:
        """The rows of Excel tables: they are there to be filled though nothing is drawn in them."""
        for part in self.package.related(self.package.sheets[sheet]):
            if "/tables/" in part:
                top, _, bottom, _ = _area(self.package.peek(part).get("ref", "A1"))
                yield from range(top, bottom + 1)

    def drawn(self, sheet: str) -> set[tuple[int, int]]:
        """Where the sheet has cells, be they empty: (row 1-based, column 0-based)."""
        return set(placing.cells_of(self.package, sheet))

    def lists(self, sheet: str) -> Lists:
        """What validation lists allow, and where."""
        root, found = self.package.peek(self.package.sheets[sheet]), []
        for each in (*root.iter(tag("dataValidation")), *root.iter(LISTED)):
            formula = each.findtext(tag("formula1")) or "".join(text.text or "" for text in each.iter(f"{EXTRA}f"))
            options = self._options(formula, sheet) if each.get("type") == "list" else ()
            places = each.get("sqref") or each.findtext(f"{EXTRA}sqref") or ""
            found += [(*_area(place), options) for place in places.split() if options]
        return found

    def _options(self, formula: str, sheet: str) -> tuple[str, ...]:
        """A list written out, or the cells of a range or a defined name."""
        if formula.startswith('"'):
            return tuple(each.strip() for each in formula.strip('"').split(",") if each.strip())
        names = {each.get("name"): each.text or "" for each in self.package.peek("xl/workbook.xml").iter(tag("definedName"))}
        found = REFERENCE.fullmatch(names.get(formula, formula))
        grid = self._all.get(sheet_of(found["sheet"]) or sheet) if found and found["one"] else None
        if not grid or not found or not re.search("[A-Za-z]", found["one"]):
            return ()
        top, left, bottom, right = _area(found[0].rpartition("!")[2])
        cells = (cell for row in grid.rows[top - 1 : bottom] for cell in row[left : right + 1])
        return tuple(str(cell) for cell in cells if cell != "")

    def make_room(self, sheet: str, first: int, ready: int, count: int) -> int:
        """Room for so many rows; gives how many were put in."""
        return placing.make_room(self.package, sheet, first, ready, count)

    def put_rows(self, sheet: str, rows: Mapping[int, Cells]) -> None:
        """Write values by row (1-based) and column (0-based)."""
        placing.put_rows(self.package, sheet, rows)

    def holes(self, sheet: str) -> list[str]:
        """The names in the {{holes}} of a sheet."""
        return texts.holes(self.package, sheet)

    def hole_cells(self, sheet: str) -> Iterator[tuple[int, int, str]]:
        """(row, column, text) of cells with holes."""
        for place, text in texts.written(self.package, sheet):
            yield int(re.sub(r"\D", "", place)), column_of(place), text

    def fill_holes(self, sheet: str, tell: texts.Tell) -> set[str]:
        """Fill the holes of a sheet; gives the names nothing was told of."""
        return texts.fill_holes(self.package, sheet, tell)

    def copy_sheet(self, sheet: str, names: Sequence[str]) -> None:
        """The sheet under each of the names."""
        copy_sheet(self.package, sheet, list(names))

    def data(self) -> bytes:
        """The file as it now is."""
        return self.package.data()


def _ending(package: Package) -> str:
    """.xlsm where the workbook has macros. A template (.xltx) becomes a workbook."""
    book = next((each for each in package.peek(TYPES) if each.get("PartName") == "/xl/workbook.xml"), None)
    told = book.get("ContentType", "") if book is not None else ""
    if "template" in told:
        plain = told.replace("template.macroEnabledTemplate", "sheet.macroEnabled").replace("macroEnabledTemplate", "macroEnabled")
        next(each for each in package.xml(TYPES) if each.get("PartName") == "/xl/workbook.xml").set("ContentType", plain.replace("template", "sheet"))
    return ".xlsm" if "macroEnabled" in told else ".xlsx"


def _check_and_place(package: Package, part: str) -> None:
    """Rows and cells some programs leave without their places get them. Raises Unreadable for the strict form of the file, which names all else."""
    root = package.peek(part)
    if root.tag != tag("worksheet"):
        if root.tag == tag("chartsheet") or root.tag == tag("dialogsheet"):
            return
        raise Unreadable("template_form")
    last = 0
    for row in rows_of(root):
        last = int(row.get("r") or last + 1)
        if not row.get("r"):
            package.xml(part)
            row.set("r", str(last))
        column = -1
        for cell in row.iterfind(tag("c")):
            column = column_of(cell.get("r")) if cell.get("r") else column + 1
            if not cell.get("r"):
                package.xml(part)
                cell.set("r", f"{letters(column)}{last}")


def _area(place: str) -> tuple[int, int, int, int]:
    """A1:B7 as first row, first column, last row, last column."""
    one, _, two = place.replace("$", "").partition(":")
    two = two or one
    rows = [int(re.sub(r"\D", "", each) or limit) for each, limit in ((one, 1), (two, 1_048_576))]
    columns = [column_of(each) if re.match("[A-Za-z]", each) else limit for each, limit in ((one, 0), (two, 16_383))]
    return rows[0], columns[0], rows[1], columns[1]
