"""Making room in a template's sheet: rows are put in under the ready ones, and whatever names rows below follows, in every part of the file."""
from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from gridapp.ledgers.cellrefs import Insertion, column_of, copied, shifted, shifted_block, shifted_ranges
from gridapp.ledgers.package import Element, Package, tag

RANGED = ("ref", "sqref")  # attributes that hold ranges of the sheet they stand in
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
EXTRA_RANGE = "{http://schemas.microsoft.com/office/excel/2006/main}sqref"
ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
NOTE_ROW = re.compile(rb"(<x:Row>)(\d+)(</x:Row>)")


def stretch(package: Package, sheet: str, insertion: Insertion) -> None:
    """Put the rows in: copies of the last ready row, without its values."""
    name = package.sheets[sheet]
    root = package.xml(name)
    _unshare(root)
    _move_rows(root, insertion)
    _move_ranges(root, insertion)
    for each in package.sheets.values():
        _move_formulas(package, each, sheet, insertion)
    _copy_rows(root, insertion)
    _move_names(package, sheet, insertion)
    for part in package.related(name):
        _move_part(package, part, insertion)
    _move_charts(package, sheet, insertion)
    _move_chain(package, sheet, insertion)


def rows_of(root: Element) -> Iterator[Element]:
    """The row elements of a sheet, from the top."""
    return root.iterfind(f"{tag('sheetData')}/{tag('row')}")


def _unshare(root: Element) -> None:
    """Formulas that are written once for many cells are written out: cells are about to move apart."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in root.iter(tag("c")):
        formula, place = cell.find(tag("f")), cell.get("r")
        if formula is None or formula.get("t") != "shared":
            continue
        if formula.text:
            masters[formula.get("si")] = (formula.text, place)
        elif formula.get("si") in masters:
            text, at = masters[formula.get("si")]
            formula.text = copied(text, _row(place) - _row(at), column_of(place) - column_of(at))
        for attribute in ("t", "si", "ref"):
            formula.attrib.pop(attribute, None)


def _row(reference: str) -> int:
    return int(re.sub(r"\D", "", reference))


def _place(reference: str, row: int) -> str:
    return re.sub(r"\d+", "", reference) + str(row)


def _move_rows(root: Element, insertion: Insertion) -> None:
    for row in rows_of(root):
        _renumber(row, insertion.row(int(row.get("r"))))


def _renumber(row: Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row.iterfind(tag("c")):
        if cell.get("r"):
            cell.set("r", _place(cell.get("r"), number))


def _move_ranges(root: Element, insertion: Insertion) -> None:
    """Merges, validations, conditional formats, links, filters, breaks: all that stands beside the rows themselves."""
    for part in root:
        for element in part.iter() if part.tag != tag("sheetData") else ():
            for attribute in RANGED:
                if element.get(attribute):
                    follow = shifted_block if element.tag == tag("mergeCell") else shifted_ranges
                    element.set(attribute, follow(element.get(attribute), insertion))
            if element.tag == EXTRA_RANGE and element.text:
                element.text = shifted_ranges(element.text, insertion)
    for line in root.iterfind(f"{tag('rowBreaks')}/{tag('brk')}"):
        line.set("id", str(insertion.row(int(line.get("id", "0")))))


def _move_formulas(package: Package, part: str, sheet: str, insertion: Insertion) -> None:
    """Formulas of cells, conditional formats and validations; a sheet that does not speak of the stretched one is left as it is."""
    here = next(name for name, each in package.sheets.items() if each == part)
    if not any(_is_formula(each) and shifted(each.text, insertion, here, sheet) != each.text for each in package.peek(part).iter()):
        return
    for element in filter(_is_formula, package.xml(part).iter()):
        element.text = shifted(element.text, insertion, here, sheet)
        if element.get("ref") and here == sheet:
            element.set("ref", shifted_ranges(element.get("ref"), insertion))


def _is_formula(element: Element) -> bool:
    return bool(element.text) and isinstance(element.tag, str) and element.tag.rsplit("}", 1)[-1] in ("f", "formula", "formula1", "formula2")


def _copy_rows(root: Element, insertion: Insertion) -> None:
    """The new rows look as the last ready one does; where the template has none, as the row below them, without what that calculates."""
    ready = insertion.after >= insertion.first
    at = insertion.after if ready else insertion.row(insertion.first)
    model = next((row for row in rows_of(root) if int(row.get("r")) == at), None)
    if model is None:
        return
    made = [deepcopy(model) for _ in range(insertion.count)]
    for step, row in enumerate(made, 1):
        _renumber(row, insertion.after + step)
        for cell in row.iterfind(tag("c")):
            _as_copy(cell, step, ready)
    if ready:
        for row in reversed(made):
            model.addnext(row)
        _copy_merges(root, insertion)
    else:
        for row in made:
            model.addprevious(row)


def _as_copy(cell: Element, rows: int, calculates: bool) -> None:
    formula = cell.find(tag("f")) if calculates else None
    for child in list(cell):
        if child is not formula:
            cell.remove(child)
    cell.attrib.pop("t", None)
    if formula is not None:
        formula.text = copied(formula.text or "", rows)


def _copy_merges(root: Element, insertion: Insertion) -> None:
    """Cells merged within the last ready row are merged in its copies."""
    merges = root.find(tag("mergeCells"))
    if merges is None:
        return
    inside = re.compile(rf"([A-Z]+){insertion.after}:([A-Z]+){insertion.after}")
    found = [match for each in merges if (match := inside.fullmatch(each.get("ref", "")))]
    for step in range(1, insertion.count + 1):
        for match in found:
            place = f"{match[1]}{insertion.after + step}:{match[2]}{insertion.after + step}"
            merges.append(merges.makeelement(tag("mergeCell"), {"ref": place}))
    if merges.get("count"):
        merges.set("count", str(len(merges)))


def _move_names(package: Package, sheet: str, insertion: Insertion) -> None:
    names = package.peek("xl/workbook.xml").find(tag("definedNames"))
    if names is None or not any(shifted(each.text or "", insertion, "", sheet) != each.text for each in names):
        return
    for each in package.xml("xl/workbook.xml").find(tag("definedNames")):
        each.text = shifted(each.text or "", insertion, "", sheet)


def _move_part(package: Package, part: str, insertion: Insertion) -> None:
    """What belongs to the sheet: drawings keep beside the cells they stand by, comments and tables follow theirs."""
    if part.endswith(".vml"):
        _move_notes(package, part, insertion)
    elif "/drawings/" in part:
        _move_drawings(package, part, insertion)
    elif "/tables/" in part or "omments" in part or "/pivotTables/" in part:
        for element in package.peek(part).iter():
            if element.get("ref") and (moved := shifted_ranges(element.get("ref"), insertion)) != element.get("ref"):
                package.xml(part)
                element.set("ref", moved)


def _move_drawings(package: Package, part: str, insertion: Insertion) -> None:
    """Pictures and boxes stay beside the cells their upper edge stands at; one that is not sized with the cells keeps its size."""
    if not any(insertion.row(int(row.text) + 1) > int(row.text) + 1 for row in package.peek(part).iter(f"{DRAWING}row")):
        return
    for anchor in package.xml(part):
        rows = [row for corner in ("from", "to") for row in anchor.iterfind(f"{DRAWING}{corner}/{DRAWING}row")]
        if not rows:
            continue
        steps = [insertion.row(int(row.text) + 1) - int(row.text) - 1 for row in rows]
        for row, step in zip(rows, steps, strict=True):
            row.text = str(int(row.text) + (steps[0] if anchor.get("editAs") in ("oneCell", "absolute") else step))


def _move_notes(package: Package, part: str, insertion: Insertion) -> None:
    """The boxes of comments: old drawing markup that is not always XML, so it is changed as text."""

    def anchor(found: re.Match[bytes]) -> bytes:
        numbers = [int(each) for each in found[2].split(b",")]
        for at in (2, 6):
            numbers[at] = insertion.row(numbers[at] + 1) - 1
        return found[1] + b", ".join(str(each).encode() for each in numbers) + found[3]

    def row(found: re.Match[bytes]) -> bytes:
        return found[1] + str(insertion.row(int(found[2]) + 1) - 1).encode() + found[3]

    package.bodies[part] = NOTE_ROW.sub(row, ANCHOR.sub(anchor, package.bodies[part]))


def _move_charts(package: Package, sheet: str, insertion: Insertion) -> None:
    for part in package.named("xl/charts/"):
        formulas = [each for each in package.peek(part).iter() if _is_formula(each)]
        if any(shifted(each.text, insertion, "", sheet) != each.text for each in formulas):
            for each in package.xml(part).iter():
                if _is_formula(each):
                    each.text = shifted(each.text, insertion, "", sheet)


def _move_chain(package: Package, sheet: str, insertion: Insertion) -> None:
    """The order of calculation names cells; one that holds no formula any more would make Excel offer a repair."""
    if "xl/calcChain.xml" not in package.bodies:
        return
    sheets = package.peek("xl/workbook.xml").find(tag("sheets"))
    number = next((each.get("sheetId") for each in sheets if each.get("name") == sheet), "")
    current = ""
    for cell in package.xml("xl/calcChain.xml"):
        current = cell.get("i", current)
        if current == number and cell.get("r"):
            cell.set("r", _place(cell.get("r"), insertion.row(_row(cell.get("r")))))
