"""{{字段}} wherever a template has it: in cells, headers and footers, and in the text boxes drawn on a sheet."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy

from gridapp.ledgers.package import Element, Package, tag
from gridapp.ledgers.placing import SPACE, clear

HOLE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
MARGINS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Tell = Callable[[str], str | None]


def holes(package: Package, sheet: str) -> list[str]:
    """The names in the holes of one sheet, in the order they stand; once each."""
    texts = [*(text for *_, text in written(package, sheet)), *_margins(package, sheet), *_boxes(package, sheet)]
    return list(dict.fromkeys(name for text in texts for name in HOLE.findall(text)))


def written(package: Package, sheet: str) -> Iterator[tuple[str, str]]:
    """(place such as B7, text) of every cell of the sheet with a hole in it."""
    shared = _shared(package)
    for cell in package.peek(package.sheets[sheet]).iter(tag("c")):
        item = _item(cell, shared)
        if item is not None and HOLE.search(said := _said(item)):
            yield cell.get("r"), said


def fill_holes(package: Package, sheet: str, tell: Tell) -> set[str]:
    """Replace every {{字段}} of a sheet by what tell(name) says. Gives the names it told nothing of; those holes stay."""
    unknown: set[str] = set()

    def told(found: re.Match[str]) -> str:
        word = tell(found[1])
        if word is None:
            unknown.add(found[1])
            return found[0]
        return word

    _fill_cells(package, sheet, told)
    _fill_margins(package, sheet, told)
    _fill_boxes(package, sheet, told)
    return unknown


def filled(text: str, tell: Tell) -> str:
    """A text with its holes filled; those nothing is told of stay."""
    return HOLE.sub(lambda found: found[0] if (word := tell(found[1])) is None else word, text)


def _shared(package: Package) -> dict[str, Element]:
    """Shared texts with a hole in them, by number."""
    if "xl/sharedStrings.xml" not in package.bodies:
        return {}
    items = package.peek("xl/sharedStrings.xml").iterfind(tag("si"))
    return {str(at): item for at, item in enumerate(items) if HOLE.search(_said(item))}


def _said(item: Element) -> str:
    return "".join(text.text or "" for text in item.iter(tag("t")) if text.getparent().tag != tag("rPh"))


def _item(cell: Element, shared: dict[str, Element]) -> Element | None:
    if cell.get("t") == "s":
        return shared.get(cell.findtext(tag("v")) or "")
    return cell.find(tag("is")) if cell.get("t") == "inlineStr" else None


Told = Callable[[re.Match[str]], str]


def _fill_cells(package: Package, sheet: str, told: Told) -> None:
    shared, part = _shared(package), package.sheets[sheet]
    if not any(True for _ in written(package, sheet)):
        return
    for cell in list(package.xml(part).iter(tag("c"))):
        item = _item(cell, shared)
        if item is not None and HOLE.search(_said(item)):
            _refill(cell, item, told)


def _refill(cell: Element, item: Element, told: Told) -> None:
    """The text with its holes filled; runs of different letters stay where no hole crosses them."""
    copy = deepcopy(item)
    _sewn(list(copy.iter(tag("t"))), told)
    for text in copy.iter(tag("t")):
        text.set(SPACE, "preserve")
    clear(cell)
    cell.set("t", "inlineStr")
    copy.tag = tag("is")
    cell.append(copy)


def _sewn(texts: list[Element], told: Told) -> None:
    """Fill the holes of a text that stands in several runs; one torn apart by runs is put into its first run."""
    whole = "".join(text.text or "" for text in texts)
    apart = sum(len(HOLE.findall(text.text or "")) for text in texts)
    if apart < len(HOLE.findall(whole)):
        texts[0].text = whole
        for text in texts[1:]:
            text.text = ""
    for text in texts:
        text.text = HOLE.sub(told, text.text or "")


def _margin_texts(root: Element) -> list[Element]:
    return [each for name in MARGINS for each in root.iter(tag(name))]


def _margins(package: Package, sheet: str) -> list[str]:
    return [each.text or "" for each in _margin_texts(package.peek(package.sheets[sheet]))]


def _fill_margins(package: Package, sheet: str, told: Told) -> None:
    def escaped(found: re.Match[str]) -> str:
        return told(found).replace("&", "&&") if found[0] != told(found) else found[0]

    if any(map(HOLE.search, _margins(package, sheet))):
        for each in _margin_texts(package.xml(package.sheets[sheet])):
            each.text = HOLE.sub(escaped, each.text or "")


def _drawings(package: Package, sheet: str) -> list[str]:
    return [part for part in package.related(package.sheets[sheet]) if "/drawings/" in part and part.endswith(".xml")]


def _boxes(package: Package, sheet: str) -> list[str]:
    lines = [line for part in _drawings(package, sheet) for line in package.peek(part).iter(f"{DRAWN}p")]
    return ["".join(text.text or "" for text in line.iter(f"{DRAWN}t")) for line in lines]


def _fill_boxes(package: Package, sheet: str, told: Told) -> None:
    for part in _drawings(package, sheet):
        if any(HOLE.search("".join(text.text or "" for text in line.iter(f"{DRAWN}t"))) for line in package.peek(part).iter(f"{DRAWN}p")):
            for line in package.xml(part).iter(f"{DRAWN}p"):
                _sewn(list(line.iter(f"{DRAWN}t")), told)
