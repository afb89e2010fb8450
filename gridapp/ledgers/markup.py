"""Tables that web systems export under an Excel name: SpreadsheetML 2003 (<?xml ... mso-application) and HTML tables."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree import ElementTree

from gridapp.ledgers import gate
from gridapp.ledgers.grid import ENCODINGS, Grid, Merge, check_size, inside
from gridapp.ledgers.sniff import Unreadable

Placed = dict[tuple[int, int], Any]


def read(form: str, data: bytes) -> list[Grid]:
    """The sheets of a 'spreadsheetml' or 'html' file. Raises Unreadable."""
    gate.check_size(len(data))
    gate.check_lengths(data, b"<")
    return _spreadsheet(decode(data)) if form == "spreadsheetml" else _html(decode(data))


def decode(data: bytes) -> str:
    """Text of a page by its mark of byte order, its own declaration, or trial. Raises Unreadable."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    said = re.search(rb'(?:encoding|charset)\s*=\s*["\']?([\w-]+)', data[:2048])
    name = said[1].decode("ascii").lower() if said else ""
    names = ["gb18030"] if name in ("gb2312", "gbk", "gb18030") else []
    for encoding in (*names, *ENCODINGS):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("corrupt")


def _spreadsheet(text: str) -> list[Grid]:
    if re.search(r"<!DOCTYPE|<!ENTITY", text):
        raise Unreadable("doctype")
    try:
        book = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")))
    except ElementTree.ParseError:
        raise Unreadable("corrupt") from None
    return [_worksheet(sheet) for sheet in book.iter(f"{{{SHEET}}}Worksheet")]


NUMBER = re.compile("[0-9]{1,7}")
SHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def _number(element: ElementTree.Element, name: str, otherwise: int) -> int:
    value = element.get(f"{{{SHEET}}}{name}", "")
    return int(value) if NUMBER.fullmatch(value) else otherwise


def _worksheet(sheet: ElementTree.Element) -> Grid:
    placed: Placed = {}
    merges: list[Merge] = []
    at = -1
    for row in sheet.iter(f"{{{SHEET}}}Row"):
        at = _number(row, "Index", at + 2) - 1
        column = -1
        for cell in row.iter(f"{{{SHEET}}}Cell"):
            column = _number(cell, "Index", column + 2) - 1
            placed[at, column] = _typed(cell)
            across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
            if across or down:
                merges.append((at, column, at + down, column + across))
            column += across
    rows = dense(placed)
    hidden = any((options.text or "").startswith("SheetH") for options in sheet.iter("{urn:schemas-microsoft-com:office:excel}Visible"))
    return Grid(sheet.get(f"{{{SHEET}}}Name", "Sheet1"), rows, inside(merges, len(rows), len(rows[0]) if rows else 0), not hidden)


def _typed(cell: ElementTree.Element) -> Any:
    data = next(cell.iter(f"{{{SHEET}}}Data"), None)
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), data.get(f"{{{SHEET}}}Type", "String")
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return dt.date.fromisoformat(text[:10])
    except ValueError:
        return text
    return "" if kind == "Error" else text


def dense(placed: Placed) -> list[list[Any]]:
    """Rows of cells from cells by place. Raises Unreadable beyond the gate's limits."""
    filled = [place for place, cell in placed.items() if cell != ""]
    height, width = max((row for row, _ in filled), default=-1) + 1, max((column for _, column in filled), default=-1) + 1
    check_size(height, width, height * width)
    return [[placed.get((row, column), "") for column in range(width)] for row in range(height)]


TAG = re.compile(r"<(/?)(table|tr|td|th|br|script|style)\b([^<>]*)>|<!--|<[^<>]*>", re.I)
ATTRIBUTE = re.compile(r"(rowspan|colspan)\s*=\s*[\"']?([0-9]{1,4})", re.I)
SILENT = {"<!--": "-->", "script": "</script", "style": "</style"}


def _html(text: str) -> list[Grid]:
    page = _Tables()
    at = 0
    while tag := TAG.search(text, at):
        page.say(text[at : tag.start()])
        at = tag.end()
        name = (tag[2] or tag[0][:4]).lower()
        if name in SILENT and not tag[1]:
            # What nobody sees: on to its end, or to the end of the page.
            at = found if (found := text.find(SILENT[name], at)) >= 0 else len(text)
        elif tag[1]:
            page.end(name)
        elif tag[2]:
            page.start(name, tag[3])
    page.say(text[at:])
    page.close()
    if not page.tables:
        raise Unreadable("not_a_workbook")
    return [_page_table(f"Sheet{at}", placed, merges) for at, (placed, merges) in page.numbered()]


def _page_table(name: str, placed: Placed, merges: list[Merge]) -> Grid:
    rows = dense(placed)
    return Grid(name, rows, inside(merges, len(rows), len(rows[0]) if rows else 0))


class _Tables:
    """Collects every table of a page; a table inside a cell is read as text of that cell. One pass: the library's parser takes minutes over a
    page of unended comments."""

    def __init__(self) -> None:
        self.tables: list[tuple[Placed, list[Merge]]] = []
        self.depth = self.area = 0
        self.row = self.column = -1
        self.text: list[str] | None = None
        self.covered: set[tuple[int, int]] = set()

    def numbered(self) -> Iterator[tuple[int, tuple[Placed, list[Merge]]]]:
        """The tables from 1 on."""
        if len(self.tables) > gate.SHEETS:
            raise Unreadable("too_many_sheets")
        return enumerate(self.tables, 1)

    def start(self, tag: str, attributes: str) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(({}, []))
                self.row, self.covered = -1, set()
        elif self.depth == 1 and tag == "tr":
            self.close()
            self.row, self.column = self.row + 1, -1
        elif self.depth == 1 and tag in ("td", "th"):
            self.close()
            self._open({name.lower(): value for name, value in ATTRIBUTE.findall(attributes)})
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def _open(self, attributes: dict[str, str]) -> None:
        self.row, self.column = max(self.row, 0), self.column + 1
        while (self.row, self.column) in self.covered:
            self.column += 1
        self.text = []
        down, across = (_span(attributes.get(name, "")) for name in ("rowspan", "colspan"))
        self.area += down * across
        if self.area > gate.AREA // 3:
            raise Unreadable("too_many_cells")
        if down > 1 or across > 1:
            self.tables[-1][1].append((self.row, self.column, self.row + down - 1, self.column + across - 1))
            self.covered |= {(self.row + y, self.column + x) for y in range(down) for x in range(across)}

    def close(self) -> None:
        """The cell that is open ends."""
        if self.text is not None:
            self.tables[-1][0][self.row, self.column] = unescape("".join(self.text)).strip()
        self.text = None

    def end(self, tag: str) -> None:
        if tag in ("td", "th", "tr") and self.depth == 1:
            self.close()
        if tag == "table" and self.depth:
            if self.depth == 1:
                self.close()
            self.depth -= 1

    def say(self, text: str) -> None:
        if text and self.text is not None:
            self.text.append(text)


def _span(value: str) -> int:
    return min(int(value), gate.COLUMNS) if value and int(value) else 1
