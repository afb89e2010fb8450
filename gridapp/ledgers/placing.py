"""Putting values into a template's sheet: each cell keeps its style, and everything that is not filled stays as it was."""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from gridapp.ledgers.cellrefs import Insertion, column_of
from gridapp.ledgers.marks import letters
from gridapp.ledgers.package import Element, Package, tag
from gridapp.ledgers.stretching import rows_of, stretch

Value = str | int | float | None
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
ROW, CELL, TEXT, INLINE, NUMBER, FORMULA = (tag(name) for name in ("row", "c", "t", "is", "v", "f"))


def make_room(package: Package, sheet: str, first: int, ready: int, count: int) -> int:
    """Room for `count` rows from row `first` (1-based) on, where the template keeps `ready`. Gives how many rows were put in."""
    missing = max(count - ready, 0)
    if missing:
        _ensure_row(_Rows(package.xml(package.sheets[sheet])), first + max(ready, 1) - 1)
        stretch(package, sheet, Insertion(first, first + ready - 1, missing))
    return missing


def put_rows(package: Package, sheet: str, rows: Mapping[int, Mapping[int, Value]]) -> None:
    """Write values by row (1-based) and column (0-based); a cell whose value is None keeps what the template has there. Formulas are calculated anew
    when the file is opened."""
    found = _Rows(package.xml(package.sheets[sheet]))
    for number, values in sorted(rows.items()):
        _put(_ensure_row(found, number), number, values)
    _fit_dimension(found.root)
    recalculate(package, sheet)


class _Rows:
    """The rows of a sheet by number."""

    def __init__(self, root: Element) -> None:
        self.root, self.data = root, root.find(tag("sheetData"))
        self.by_number = {int(row.get("r")): row for row in rows_of(root)}
        self.last = max(self.by_number, default=0)


def _ensure_row(rows: _Rows, number: int) -> Element:
    if number in rows.by_number:
        return rows.by_number[number]
    made = rows.data.makeelement(ROW, {"r": str(number)})
    below = min((each for each in rows.by_number if each > number), default=0) if number < rows.last else 0
    rows.by_number[below].addprevious(made) if below else rows.data.append(made)
    rows.by_number[number], rows.last = made, max(rows.last, number)
    return made


def _put(row: Element, number: int, values: Mapping[int, Value]) -> None:
    cells = {column_of(cell.get("r")): cell for cell in row.iterfind(CELL)}
    for column, value in sorted(values.items()):
        if value is not None:
            _write(cells.get(column) if column in cells else _new_cell(row, cells, number, column), value)


def _new_cell(row: Element, cells: dict[int, Element], number: int, column: int) -> Element:
    made = row.makeelement(CELL, {"r": f"{letters(column)}{number}"})
    after = min((each for each in cells if each > column), default=None)
    row.append(made) if after is None else cells[after].addprevious(made)
    cells[column] = made
    return made


def _write(cell: Element, value: Value) -> None:
    clear(cell)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = _child(_child(cell, INLINE), TEXT)
        text.text = value
        text.set(SPACE, "preserve")
    else:
        _child(cell, NUMBER).text = str(value)


def clear(cell: Element) -> None:
    """Nothing in the cell any more but its style."""
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)


def _child(parent: Element, name: str) -> Element:
    made = parent.makeelement(name)
    parent.append(made)
    return made


def _fit_dimension(root: Element) -> None:
    """The sheet's stated size, where it states one: some readers believe it."""
    dimension = root.find(tag("dimension"))
    ends = [(int(row.get("r")), column_of(row[0].get("r")), column_of(row[-1].get("r"))) for row in rows_of(root) if len(row) and row[0].get("r")]
    if dimension is not None and ends:
        numbers, lefts, rights = zip(*ends, strict=True)
        dimension.set("ref", f"{letters(min(lefts))}{min(numbers)}:{letters(max(rights))}{max(numbers)}")


def recalculate(package: Package, sheet: str) -> None:
    """A formula's stored result is of the empty template: it goes, and the office program is asked to calculate on opening."""
    formulas = list(package.xml(package.sheets[sheet]).iter(FORMULA))
    for formula in formulas:
        cell = formula.getparent()
        if (value := cell.find(NUMBER)) is not None:
            cell.remove(value)
            cell.attrib.pop("t", None)
    if formulas:
        ask_to_calculate(package)


def ask_to_calculate(package: Package) -> None:
    """Every formula of the workbook is worked out anew when it is opened."""
    book = package.xml("xl/workbook.xml")
    calculation = book.find(tag("calcPr"))
    if calculation is None:
        calculation = book.makeelement(tag("calcPr"))
        _before(book, calculation)
    calculation.set("fullCalcOnLoad", "1")


def _before(book: Element, made: Element) -> None:
    """calcPr has its place in the order of a workbook's parts: after the names, before what only newer programs know."""
    earlier = {tag(name) for name in ("sheets", "functionGroups", "externalReferences", "definedNames")}
    last = max((at for at, each in enumerate(book) if each.tag in earlier), default=0)
    book.insert(last + 1, made)


def calculating(package: Package, sheet: str) -> dict[int, dict[int, bool]]:
    """Row (1-based) -> column (0-based) -> whether its cell calculates; cells with nothing in them are left out, rows never."""
    return {
        int(row.get("r")): {column_of(cell.get("r")): cell.find(FORMULA) is not None for cell in row.iterfind(CELL) if len(cell)}
        for row in rows_of(package.peek(package.sheets[sheet]))
    }


def cells_of(package: Package, sheet: str) -> Iterator[tuple[int, int]]:
    """Where the sheet has cells, be they empty: (row 1-based, column 0-based). What has none was never drawn."""
    for row in rows_of(package.peek(package.sheets[sheet])):
        for cell in row.iterfind(CELL):
            yield int(row.get("r")), column_of(cell.get("r"))
