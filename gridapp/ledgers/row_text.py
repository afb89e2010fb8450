"""A ledger's rows as the sheet's own XML.

A twentieth of what a general writer needs per cell, because every decision but the value's own is taken once per column. Texts stand in
the cells themselves (inline strings), so that nothing grows with the rows.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from gridapp.ledgers.forms import SERIAL, Form, FormColumn
from gridapp.ledgers.frame import LINE, PADDING
from gridapp.ledgers.looks import NUMBER, PLAIN, QUOTED, lines
from gridapp.ledgers.marks import letters

TALLEST = 400
LONGEST = 32_767  # characters in a cell: Excel specifications and limits
# Text a spreadsheet could take for a formula when someone edits the cell; it gets the quote prefix besides being a string.
RISKY = frozenset("=+-@\t\r")
ODD = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\\s|\\s$")
ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
END = "</t></is></c>"


@dataclass(frozen=True, slots=True)
class Cell:
    """What is the same for every cell of a column: the XML around the value, and how long a value surely stays on one line."""

    source: str
    width: int
    short: int
    number: bool
    start: str
    blank: str
    text: str
    quoted: str
    digits: str


def cells(form: Form, styles: Mapping[str, str]) -> tuple[Cell, ...]:
    """The columns of a form. styles: the workbook's style number of each look."""
    return tuple(_cell(column, letters(place), styles) for place, column in enumerate(form.columns))


def _cell(column: FormColumn, letter: str, styles: Mapping[str, str]) -> Cell:
    plain, quoted, number = (styles[f"{column.align}{variant}"] for variant in (PLAIN, QUOTED, NUMBER))
    string = '" s="{}" t="inlineStr"><is><t>'.format
    short = int(max(column.width - 1, 2) / 2.1)
    start, blank, digits = f'<c r="{letter}', f'" s="{plain}"/>', f'" s="{number}"><v>'
    return Cell(column.source, column.width, short, column.number, start, blank, string(plain), string(quoted), digits)


def row_text(columns: tuple[Cell, ...], at: int, serial: int, row: Mapping[str, str]) -> str:
    """One row of the sheet; at: its number as Excel counts. A number only where the form says so and it is one; else a string, however it begins."""
    made, tallest = [], 1
    for column in columns:
        value = row.get(column.source) if column.source != SERIAL else str(serial)
        if not value:
            made.append(f"{column.start}{at}{column.blank}")
        elif column.number and value.isascii() and value.isdigit() and (value[0] != "0" or value == "0"):
            made.append(f"{column.start}{at}{column.digits}{value}</v></c>")
        else:
            if len(value) > column.short or "\n" in value:
                value = value[:LONGEST]
                tallest = max(tallest, lines(value, column.width))
            around = column.quoted if value[0] in RISKY else column.text
            made.append(f"{column.start}{at}{around}{value}{END}" if not ODD.search(value) else f"{column.start}{at}{_odd(around, value)}")
    height = min(PADDING + LINE * tallest, TALLEST)
    return f'<row r="{at}" spans="1:{len(columns)}" ht="{height:g}" customHeight="1">{"".join(made)}</row>'


def _odd(around: str, value: str) -> str:
    """A text XML would not take as it is, the way Excel writes it: control characters as _xHHHH_, and what looks like that with its _ as _x005F_."""
    told = CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", ESCAPED.sub("_x005F_", value))
    return around.replace("<t>", '<t xml:space="preserve">') + escape(told, quote=False) + END
