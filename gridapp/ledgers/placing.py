"""Putting values into a template's sheet: each cell keeps its style, and everything that is not filled stays as it was."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

from gridapp.ledgers.cellrefs import Insertion, column_of
from gridapp.ledgers.marks import letters
from gridapp.ledgers.package import Element, Package, tag
from gridapp.ledgers.stretching import rows_of, stretch

Value = str | int | float | None
HOLE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TEXT_PARTS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


def fill_rows(package: Package, sheet: str, first: int, ready: int, rows: Sequence[Mapping[int, Value]]) -> None:
    """Write rows (column, 0-based -> value) from row `first` (1-based) on. ready: how many rows the template keeps for them; more are put in,
    fewer leave the rest as it is. A cell whose value is None keeps what the template has there, such as a formula."""
    root = package.xml(package.sheets[sheet])
    missing = len(rows) - ready
    if missing > 0:
        _ensure_row(root, first + max(ready, 1) - 1)
        stretch(package, sheet, Insertion(first, first + ready - 1, missing))
    for at, row in enumerate(rows):
        put(root, first + at, row)
    _fit_dimension(root)
    recalculate(package, sheet)


def put(root: Element, number: int, values: Mapping[int, Value]) -> None:
    """Write values into one row, which is made where the sheet has none."""
    row = _ensure_row(root, number)
    for column, value in sorted(values.items()):
        if value is not None:
            _write(_ensure_cell(row, number, column), value)


def _ensure_row(root: Element, number: int) -> Element:
    data, after = root.find(tag("sheetData")), None
    for row in rows_of(root):
        if int(row.get("r")) == number:
            return row
        if int(row.get("r")) > number:
            break
        after = row
    made = data.makeelement(tag("row"), {"r": str(number)})
    data.insert(0, made) if after is None else after.addnext(made)
    return made


def _ensure_cell(row: Element, number: int, column: int) -> Element:
    at = 0
    for at, cell in enumerate(row.iterfind(tag("c")), 1):
        place = column_of(cell.get("r"))
        if place == column:
            return cell
        if place > column:
            at -= 1
            break
    made = row.makeelement(tag("c"), {"r": f"{letters(column)}{number}"})
    row.insert(at, made)
    return made


def _write(cell: Element, value: Value) -> None:
    _clear(cell)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = _child(_child(cell, "is"), "t")
        text.text = value
        text.set(SPACE, "preserve")
    else:
        _child(cell, "v").text = str(value)


def _clear(cell: Element) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)


def _child(parent: Element, name: str) -> Element:
    made = parent.makeelement(tag(name))
    parent.append(made)
    return made


def _fit_dimension(root: Element) -> None:
    """The sheet's stated size, where it states one: some readers believe it."""
    dimension = root.find(tag("dimension"))
    places = [cell.get("r") for cell in root.iter(tag("c")) if cell.get("r")]
    if dimension is not None and places:
        columns = [column_of(each) for each in places]
        numbers = [int(row.get("r")) for row in rows_of(root) if len(row)]
        dimension.set("ref", f"{letters(min(columns))}{min(numbers)}:{letters(max(columns))}{max(numbers)}")


def recalculate(package: Package, sheet: str) -> None:
    """A formula's stored result is of the empty template: it goes, and the office program is asked to calculate on opening."""
    found = False
    for cell in package.xml(package.sheets[sheet]).iter(tag("c")):
        value = cell.find(tag("v"))
        if cell.find(tag("f")) is not None:
            found = True
            if value is not None:
                cell.remove(value)
                cell.attrib.pop("t", None)
    if found:
        book = package.xml("xl/workbook.xml")
        calculation = book.find(tag("calcPr"))
        if calculation is None:
            calculation = book.makeelement(tag("calcPr"))
            _before(book, calculation)
        calculation.set("fullCalcOnLoad", "1")


def _before(book: Element, made: Element) -> None:
    """calcPr has its place in the order of a workbook's parts: after the names, before what only newer programs know."""
    earlier = {tag(name) for name in ("sheets", "externalReferences", "definedNames")}
    last = max((at for at, each in enumerate(book) if each.tag in earlier), default=0)
    book.insert(last + 1, made)


def fill_holes(package: Package, words: Mapping[str, str]) -> set[str]:
    """Replace {{字段}} in the cells, headers and footers of every sheet. Gives the names nothing was told for; those holes stay."""
    unknown: set[str] = set()

    def told(found: re.Match[str]) -> str:
        if found[1] not in words:
            unknown.add(found[1])
            return found[0]
        return words[found[1]]

    shared = _shared(package)
    for part in package.sheets.values():
        if part in package.bodies:
            _fill_cells(package, part, shared, told)
            _fill_margins(package, part, told)
    return unknown


def _shared(package: Package) -> dict[str, Element]:
    """Shared texts with a hole in them, by number."""
    if "xl/sharedStrings.xml" not in package.bodies:
        return {}
    items = package.peek("xl/sharedStrings.xml").iterfind(tag("si"))
    return {str(at): item for at, item in enumerate(items) if HOLE.search(_said(item))}


def _said(item: Element) -> str:
    return "".join(text.text or "" for text in item.iter(tag("t")))


def _fill_cells(package: Package, part: str, shared: dict[str, Element], told: object) -> None:
    for cell in package.peek(part).iter(tag("c")):
        item = _item(cell, shared)
        if item is not None and HOLE.search(_said(item)):
            _refill(_same(package, part, cell), item, told)


def _item(cell: Element, shared: dict[str, Element]) -> Element | None:
    if cell.get("t") == "s":
        return shared.get(cell.findtext(tag("v")) or "")
    return cell.find(tag("is")) if cell.get("t") == "inlineStr" else None


def _same(package: Package, part: str, cell: Element) -> Element:
    """The cell in the tree that is written."""
    place = cell.get("r")
    return next(each for each in package.xml(part).iter(tag("c")) if each.get("r") == place)


def _refill(cell: Element, item: Element, told: object) -> None:
    """The text with its holes filled; runs of different letters stay where no hole crosses them."""
    copy = deepcopy(item)
    texts = list(copy.iter(tag("t")))
    if any(HOLE.search(_said(item)) and not HOLE.search(text.text or "") and "{" in (text.text or "") for text in texts):
        texts[0].text = _said(item)
        for text in texts[1:]:
            text.text = ""
    for text in texts:
        text.text = HOLE.sub(told, text.text or "")  # type: ignore[call-overload]
        text.set(SPACE, "preserve")
    _clear(cell)
    cell.set("t", "inlineStr")
    copy.tag = tag("is")
    cell.append(copy)


def _fill_margins(package: Package, part: str, told: object) -> None:
    def escaped(found: re.Match[str]) -> str:
        return told(found).replace("&", "&&") if found[0] != told(found) else found[0]  # type: ignore[operator]

    if any(HOLE.search(each.text or "") for name in TEXT_PARTS for each in package.peek(part).iter(tag(name))):
        for name in TEXT_PARTS:
            for each in package.xml(part).iter(tag(name)):
                each.text = HOLE.sub(escaped, each.text or "")
