"""What a printed ledger looks like: fonts, lines and alignment, and how many lines a text needs in a column."""
from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

CELL: dict[str, Any] = {"border": 1, "border_color": "#404040", "valign": "vcenter", "text_wrap": True, "num_format": "@"}
FIXED: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"},
    "unit": {"align": "left", "valign": "vcenter"},
    "date": {"align": "right", "valign": "vcenter"},
    "header": {**CELL, "font_name": "黑体", "align": "center", "bg_color": "#EAEEF3"},
    "note": {"font_size": 10, "align": "left", "valign": "vcenter", "text_wrap": True},
    "sign-off": {"align": "left", "valign": "vcenter"},
}
ALIGNS = ("left", "center", "right")
VARIANTS = PLAIN, NUMBER, QUOTED = ("", " number", " quoted")


def looks_of(book: Workbook) -> dict[str, Format]:
    """The formats of a workbook: the fixed ones, and for each alignment a plain one, one for numbers and one with the quote prefix."""
    looks = {name: book.add_format(facts) for name, facts in FIXED.items()}
    for align in ALIGNS:
        cell = {**CELL, "align": align, "indent": 0 if align == "center" else 1}
        looks[align] = book.add_format(cell)
        looks[align + NUMBER] = book.add_format({**cell, "num_format": "0"})
        looks[align + QUOTED] = book.add_format({**cell, "quote_prefix": True})
    return looks


def lines(text: str, width: float) -> int:
    """How many lines text takes, wrapped, in a column of that width: a Han character is over two wide, and a cell keeps room at its edges."""
    if "\n" in text:
        return sum(lines(line, width) for line in text.split("\n"))
    room = max(width - 1, 2)
    return 1 if 2.1 * len(text) <= room else ceil(reach(text) / room)


def reach(line: str) -> float:
    """The width of a line; by its bytes, because a ledger has many: a Han character is three bytes, a letter one."""
    return 1.1 * len(line) + (len(line.encode("utf-8", "replace")) - len(line)) / 2
