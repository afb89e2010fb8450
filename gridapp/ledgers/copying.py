"""A whole sheet once more, in the same workbook: with its pictures, boxes, comments, charts, tables, print set-up and page headers."""
from __future__ import annotations

from copy import deepcopy
from itertools import count

from lxml import etree

from gridapp.ledgers.cellrefs import resheeted
from gridapp.ledgers.package import RELATION, Element, Package, relations_of, resolved, tag

BOOK, TYPES = "xl/workbook.xml", "[Content_Types].xml"
PACKAGED = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
WORKSHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
SHARED = ("image", "hyperlink", "theme", "person", "externalLink")  # what two parts may point at together
LEFT = ("pivotTable", "queryTable", "slicer", "timeline", "customProperty")  # what belongs to one sheet alone and says nothing on paper
FORMULAS = ("f", "formula", "formula1", "formula2")


def copy_sheet(package: Package, sheet: str, names: list[str]) -> None:
    """The sheet under each of the names, in their order; the first is the sheet itself, renamed. Others follow it at once."""
    part = package.sheets[sheet]
    made = [_copy_part(package, part) for _ in names[1:]]
    for name, copied in zip(names[1:], made, strict=True):
        _settle(package, copied, sheet, name)
    _place(package, sheet, list(zip(names[1:], made, strict=True)))
    _rename(package, sheet, names[0])


def _copy_part(package: Package, part: str) -> str:
    """A part once more, with its own copies of what it points at, as deep as that goes."""
    name = package.free(part)
    package.add(name, package.body(part))
    _say_type(package, part, name)
    if relations_of(part) in package.bodies:
        _copy_relations(package, part, name)
    return name


def _copy_relations(package: Package, part: str, name: str) -> None:
    root = deepcopy(package.peek(relations_of(part)))
    for each in list(root):
        sort = each.get("Type", "").rsplit("/", 1)[-1]
        target = resolved(part, each.get("Target", ""))
        if sort in LEFT:
            root.remove(each)
        elif each.get("TargetMode") != "External" and sort not in SHARED and target in package.bodies:
            each.set("Target", "/" + _copy_part(package, target))
    package.add(relations_of(name), etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _say_type(package: Package, part: str, name: str) -> None:
    """What sort of part it is stands in the list of types, where it does not follow from its ending."""
    types = package.xml(TYPES)
    like = next((each for each in types if each.get("PartName") == f"/{part}"), None)
    if like is not None:
        made = deepcopy(like)
        made.set("PartName", f"/{name}")
        types.append(made)


def _settle(package: Package, part: str, sheet: str, name: str) -> None:
    """The copy is a sheet of its own: not chosen with the others, its formulas and charts look at itself, its tables have names of their own."""
    root = package.xml(part)
    for view in root.iter(tag("sheetView")):
        view.attrib.pop("tabSelected", None)
    for properties in root.iterfind(tag("sheetPr")):
        properties.attrib.pop("codeName", None)
    _repoint(package, part, sheet, name)
    for each in package.related(part):
        if "/tables/" in each:
            _name_table(package, each)
        if "/drawings/" in each and each.endswith(".xml"):
            for chart in package.related(each):
                _repoint(package, chart, sheet, name)


def _repoint(package: Package, part: str, old: str, new: str) -> None:
    if not part.endswith(".xml"):
        return
    for element in package.peek(part).iter():
        if element.text and isinstance(element.tag, str) and element.tag.rsplit("}", 1)[-1] in FORMULAS:
            renamed = resheeted(element.text, old, new)
            if renamed != element.text:
                package.xml(part)
                element.text = renamed


def _name_table(package: Package, part: str) -> None:
    """Numbers and names of tables are the workbook's, each only once."""
    others = [package.peek(each) for each in package.named("xl/tables/") if each != part]
    numbers, names = {each.get("id") for each in others}, {(each.get("name") or "").casefold() for each in others}
    root = package.xml(part)
    base = root.get("name") or "Table"
    root.set("id", next(str(at) for at in count(1) if str(at) not in numbers))
    name = next(made for at in count(2) if (made := f"{base}_{at}").casefold() not in names)
    for attribute in ("name", "displayName"):
        root.set(attribute, name)


def _place(package: Package, sheet: str, made: list[tuple[str, str]]) -> None:
    """Name the copies in the workbook, behind the sheet they are copies of; names that hold for one sheet alone hold for its copies, too."""
    book, links = package.xml(BOOK), package.xml(relations_of(BOOK))
    sheets = book.find(tag("sheets"))
    at, original = next((at, each) for at, each in enumerate(sheets) if each.get("name") == sheet)
    _move_names(book, at, len(made))
    for step, (name, part) in enumerate(made, 1):
        each = deepcopy(original)
        each.set("name", name)
        each.set("sheetId", str(max(int(one.get("sheetId")) for one in sheets) + 1))
        each.set(RELATION, _link(links, part))
        sheets.insert(at + step, each)
        package.sheets[name] = part
        _copy_names(book, at, at + step, sheet, name)
    _order_names(book)


def _link(links: Element, part: str) -> str:
    taken = {each.get("Id") for each in links}
    name = next(made for at in count(1) if (made := f"rId{at}") not in taken)
    etree.SubElement(links, PACKAGED, {"Id": name, "Type": WORKSHEET, "Target": f"/{part}"})
    return name


def _local_names(book: Element) -> list[Element]:
    return [each for each in book.iterfind(f"{tag('definedNames')}/{tag('definedName')}") if each.get("localSheetId")]


def _move_names(book: Element, at: int, rows: int) -> None:
    """Sheets are counted: those behind the copies move on."""
    for each in _local_names(book):
        if int(each.get("localSheetId")) > at:
            each.set("localSheetId", str(int(each.get("localSheetId")) + rows))
    for view in book.iterfind(f"{tag('bookViews')}/{tag('workbookView')}"):
        for attribute in ("activeTab", "firstSheet"):
            if int(view.get(attribute, "0")) > at:
                view.set(attribute, str(int(view.get(attribute)) + rows))


def _copy_names(book: Element, at: int, place: int, sheet: str, name: str) -> None:
    for each in _local_names(book):
        if each.get("localSheetId") == str(at):
            made = deepcopy(each)
            made.set("localSheetId", str(place))
            made.text = resheeted(made.text or "", sheet, name)
            each.addnext(made)


def _order_names(book: Element) -> None:
    """Names stand in the order of the alphabet, and of the sheets where one name is every sheet's."""
    names = book.find(tag("definedNames"))
    if names is not None:
        names[:] = sorted(names, key=lambda each: (each.get("name", "").casefold(), int(each.get("localSheetId", "-1"))))


def _rename(package: Package, old: str, new: str) -> None:
    """Give the sheet another name wherever it is named."""
    if old == new:
        return
    book = package.xml(BOOK)
    next(each for each in book.find(tag("sheets")) if each.get("name") == old).set("name", new)
    for each in book.iterfind(f"{tag('definedNames')}/{tag('definedName')}"):
        each.text = resheeted(each.text or "", old, new)
    package.sheets = {new if name == old else name: part for name, part in package.sheets.items()}
    for part in [*package.sheets.values(), *package.named("xl/charts/")]:
        _repoint(package, part, old, new)
