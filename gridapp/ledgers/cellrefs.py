"""References to cells in formulas and ranges, as text: how they follow when rows are put in, or when a formula is copied down."""
from __future__ import annotations

import re
from dataclasses import dataclass

from gridapp.ledgers.marks import letters as letters_of

CELL = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
SHEET = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"
# Strings are stepped over whole; a name that only looks like a cell (LOG10(, A1B) is none; $1:$4 are whole rows.
REFERENCE = re.compile(
    rf'"(?:[^"]|"")*"|(?P<sheet>{SHEET})?(?P<one>(?<![\w.$]){CELL}|(?<![\w.$:])\$?\d+(?=:\$?\d))(?::(?P<two>{CELL}|\$?\d+))?(?![\w(.!])'
)
NAMING = re.compile(rf'"(?:[^"]|"")*"|({SHEET})')
PARTS = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)(\d+)")


@dataclass(frozen=True, slots=True)
class Insertion:
    """`count` rows put in under row `after` (1-based) of a sheet; the rows from `first` to `after` are the ones they continue."""

    first: int
    after: int
    count: int

    def row(self, row: int) -> int:
        """Where a single row stands afterwards."""
        return row + self.count if row > self.after else row

    def end(self, start: int, end: int) -> int:
        """Where the end of a range stands: one that ran to the last of the continued rows takes the new ones in."""
        grows = end == self.after >= self.first and (start < end or self.first == end)
        return end + self.count if grows or end > self.after else end


def shifted(formula: str, insertion: Insertion, here: str, sheet: str) -> str:
    """A formula (or a defined name's text) standing on sheet `here`, after the insertion in `sheet`."""

    def move(found: re.Match[str]) -> str:
        if not found["one"] or (sheet_of(found["sheet"]) or here) != sheet:
            return found[0]
        one, two = found["one"], found["two"]
        start = _row(one)
        if not two:
            return (found["sheet"] or "") + _with_row(one, insertion.row(start))
        end = insertion.end(start, _row(two))
        return f"{found['sheet'] or ''}{_with_row(one, insertion.row(start))}:{_with_row(two, end)}"

    return REFERENCE.sub(move, formula)


def copied(formula: str, rows: int, columns: int = 0) -> str:
    """A formula copied so many rows down and columns to the right: what has a $ stays."""

    def move(reference: str) -> str:
        far, letters, fixed, row = PARTS.fullmatch(reference).groups()  # type: ignore[union-attr]
        if letters and not far and columns:
            letters = letters_of(column_of(letters) + columns)
        return f"{far}{letters}{fixed}{row if fixed or not letters else int(row) + rows}"

    def each(found: re.Match[str]) -> str:
        if not found["one"]:
            return found[0]
        return (found["sheet"] or "") + move(found["one"]) + (f":{move(found['two'])}" if found["two"] else "")

    return REFERENCE.sub(each, formula)


def resheeted(formula: str, old: str, new: str) -> str:
    """A formula that names one sheet, naming another in its place."""
    quoted = "'" + new.replace("'", "''") + "'!"
    return NAMING.sub(lambda found: quoted if found[1] and sheet_of(found[1]) == old else found[0], formula)


def shifted_ranges(text: str, insertion: Insertion) -> str:
    """The ranges of an attribute (sqref, ref), parted by blanks, on the sheet of the insertion itself. A lone cell of the one row that is
    continued becomes a range."""
    return " ".join(shifted(_grown(each, insertion), insertion, "", "") for each in text.split())


def _grown(text: str, insertion: Insertion) -> str:
    alone = ":" not in text and insertion.first == insertion.after == _row(text)
    return f"{text}:{text}" if alone else text


def shifted_block(text: str, insertion: Insertion) -> str:
    """A merged cell's range: one row stays one row."""
    one, _, two = text.partition(":")
    if two and _row(one) == _row(two):
        return f"{_with_row(one, insertion.row(_row(one)))}:{_with_row(two, insertion.row(_row(two)))}"
    return shifted(text, insertion, "", "")


def sheet_of(prefix: str | None) -> str:
    """The sheet a prefix such as 'Sheet 1'! names; "" for none."""
    if not prefix:
        return ""
    name = prefix[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def column_of(reference: str) -> int:
    """The column of a cell, 0-based: 'B7' -> 1."""
    number = 0
    for letter in re.match(r"[A-Za-z]+", reference)[0].upper():  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number - 1


def _row(reference: str) -> int:
    return int(PARTS.fullmatch(reference)[4])  # type: ignore[index]


def _with_row(reference: str, row: int) -> str:
    far, letters, fixed, _ = PARTS.fullmatch(reference).groups()  # type: ignore[union-attr]
    return f"{far}{letters}{fixed}{row}"
