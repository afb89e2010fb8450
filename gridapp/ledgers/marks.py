"""What calamine does not tell about an .xlsx sheet: number formats, strike-out, hidden rows, formulas without a value, error cells.

Read straight from the sheet's XML, and only when a plain byte search says there is something to find: a full openpyxl load of a
20,000-row ledger costs 5.6 s, these searches a few hundredths (performance.md A1).
"""
from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from gridapp.ledgers.gate import SHEETS, read_part
from gridapp.ledgers.rich import STRIKE, Runs, runs_of, shared_runs
from gridapp.ledgers.sniff import Unreadable

BUILTIN_FORMATS = {
    "1": "0", "2": "0.00", "14": "yyyy/m/d", "17": "mmm-yy", "22": "yyyy/m/d h:mm", "27": "yyyy年m月", "31": "yyyy年m月d日", "57": "yyyy年m月",
    "58": "m月d日",
}  # fmt: skip
CELL = re.compile(rb"<(?:\w+:)?c ")
CELL_ENDS = re.compile(rb"</(?:\w+:)?c>")
STYLE = re.compile(rb'\bs="(\d+)"')
NUMBER = re.compile(rb"<(?:\w+:)?v>(\d+)")
VALUED = re.compile(rb"<(?:\w+:)?(?:v|is)>[^<]|<(?:\w+:)?is[ >]")
REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')


@dataclass
class Marks:
    """The marks of one sheet. body: its XML; styles, shared: the workbook's styles and shared texts. Rows are Excel rows, columns 0-based."""

    body: bytes = b""
    styles: bytes = b""
    shared: bytes = b""
    _formats: dict[int, dict[int, str]] = field(default_factory=dict)

    def number_format(self, row: int, column: int) -> str:
        """The number format of a cell, "" when it is General or unknown."""
        if not self.body:
            return ""
        if column not in self._formats:
            self._formats[column] = self._column_formats(column)
        return self._formats[column].get(row, "")

    def _column_formats(self, column: int) -> dict[int, str]:
        pattern = re.compile(rb' r="%s(\d+)"([^>]*)' % letters(column).encode())
        styled = ((int(row), re.search(rb'\bs="(\d+)"', rest)) for row, rest in pattern.findall(self.body))
        return {row: self._style_formats.get(int(style[1]), "") for row, style in styled if style}

    @cached_property
    def _style_formats(self) -> dict[int, str]:
        own = {number: unescape(code) for number, code in _attributes(self.styles, b"numFmt", b"numFmtId", b"formatCode")}
        known = BUILTIN_FORMATS | own
        return {at: known.get(style.get(b"numFmtId", b"0").decode("latin-1"), "") for at, style in self._styles}

    @cached_property
    def _styles(self) -> list[tuple[int, dict[bytes, bytes]]]:
        found = re.findall(rb"<(?:\w+:)?xf ([^<>]*)", _block(self.styles, b"cellXfs"))
        return [(at, dict(re.findall(rb'(\w+)="([^"]*)"', text))) for at, text in enumerate(found)]

    @cached_property
    def hidden_rows(self) -> frozenset[int]:
        if b"hidden=" not in self.body:
            return frozenset()
        tags = re.findall(rb"<(?:\w+:)?row ([^<>]*)>", self.body)
        hidden = (re.search(rb'\br="(\d+)"', tag) for tag in tags if re.search(rb'\bhidden="(?:1|true)"', tag))
        return frozenset(int(row[1]) for row in hidden if row)

    @cached_property
    def cells(self) -> dict[tuple[int, int], str]:
        """(row, column) -> 'formula_uncached', 'cell_error' or 'strikethrough'."""
        if not self._strikes and not self._has_formulas_or_errors():
            return {}
        marked = ((attributes, self._mark(attributes, inner)) for attributes, inner in _cells(self.body))
        found = ((REFERENCE.search(attributes), mark) for attributes, mark in marked if mark)
        return {(int(at[2]), index_of(at[1])): mark for at, mark in found if at}

    def _has_formulas_or_errors(self) -> bool:
        prefixed = b":sheetData" in self.body[:8192]
        return (b":f" if prefixed else b"<f") in self.body or b't="e"' in self.body

    @cached_property
    def _strikes(self) -> bool:
        return bool(self._struck_styles) or b"strike" in self.shared or b"strike" in self.body

    @cached_property
    def _runs(self) -> dict[bytes, Runs]:
        return shared_runs(self.shared) if self._strikes else {}

    def _mark(self, attributes: bytes, inner: bytes) -> str:
        if b't="e"' in attributes:
            return "cell_error"
        if not VALUED.search(inner):
            return "formula_uncached" if re.search(rb"<(?:\w+:)?f[ >/]", inner) else ""
        return "strikethrough" if self._is_struck(attributes, inner) else ""

    def _is_struck(self, attributes: bytes, inner: bytes) -> bool:
        """Whether the whole cell is struck out: a part of it that is not is what the ledger says now."""
        if not self._strikes:
            return False
        style = STYLE.search(attributes)
        whole = bool(style and style[1] in self._struck_styles)
        number = NUMBER.search(inner) if b't="s"' in attributes else None
        runs = self._runs.get(number[1], ()) if number else runs_of(inner)
        return all(whole if run is None else run for run in runs) if runs else whole

    @cached_property
    def _struck_styles(self) -> frozenset[bytes]:
        fonts = _block(self.styles, b"fonts")
        if b"strike" not in fonts:
            return frozenset()
        each = re.split(rb"<(?:\w+:)?font(?=[ />])", fonts)[1:]
        struck = {str(at).encode() for at, font in enumerate(each) if STRIKE.search(font)}
        return frozenset(str(at).encode() for at, style in self._styles if style.get(b"fontId") in struck)


def _cells(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the inside of every cell, in one pass: a tag that never ends costs no more than itself."""
    for piece in CELL.split(body)[1:]:
        attributes, closed, rest = piece.partition(b">")
        if closed and not attributes.endswith(b"/"):
            end = CELL_ENDS.search(rest)
            yield attributes, rest[: end.start()] if end else rest
        else:
            yield attributes.rstrip(b"/"), b""


def _block(xml: bytes, tag: bytes) -> bytes:
    """An element from its start to its end, b"" when it is not there."""
    start = re.search(rb"<(?:\w+:)?%s[ >]" % tag, xml)
    end = re.compile(rb"</(?:\w+:)?%s>" % tag).search(xml, start.end()) if start else None
    return xml[start.start() : end.end()] if start and end else b""


def _attributes(xml: bytes, tag: bytes, *names: bytes) -> list[tuple[str, ...]]:
    tags = (dict(re.findall(rb'(\w+)="([^"]*)"', text)) for text in re.findall(rb"<(?:\w+:)?%s ([^>]*)" % tag, xml))
    return [tuple(found.get(name, b"").decode("utf-8", "replace") for name in names) for found in tags]


def letters(column: int) -> str:
    """0 -> 'A', 27 -> 'AB'."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def index_of(reference: bytes) -> int:
    """b'AB' -> 27."""
    number = 0
    for letter in reference:
        number = number * 26 + letter - 64
    return number - 1


def part_names(parts: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the part it stands in, through xl/workbook.xml and its relations; {} when they cannot be told."""
    from xml.etree import ElementTree

    try:
        book = ElementTree.fromstring(read_part(parts, "xl/workbook.xml"))
        links = ElementTree.fromstring(read_part(parts, "xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return {}
    sheets = list(book.iterfind(".//{*}sheet"))
    if len(sheets) > SHEETS:
        raise Unreadable("too_many_sheets")
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = {}
    for sheet in sheets:
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    if len(set(found.values()) - {"xl/"}) < len(sheets) - list(found.values()).count("xl/"):
        raise Unreadable("bomb")
    return found
