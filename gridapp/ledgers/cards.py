"""Cards: sheets for one record, where a label stands beside a blank (个人信息表, 一户一档卡) or {{字段}} where a value goes."""
from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from gridapp.ledgers.asking import OTHERS, Want, Wish, find, understand
from gridapp.ledgers.grid import Grid, Merge
from gridapp.ledgers.layout import LONGEST_HEADING, Paths
from gridapp.ledgers.mapping import plain
from gridapp.ledgers.wanted import ASKED, TITLE_WORDS
from gridapp.ledgers.wording import Look

CARD_KINDS = ("resident", "household", "party", "visit", "request", "service")
LEAST_LABELS, LEAST_ROWS = 4, 2
SECTION_WORDS = re.compile("基本|信息|情况|资料|登记")
LABELLED = re.compile(r"([^\s:：]{2,14})\s*[:：]\s*[_＿\s]*")
BOXED = re.compile(r"[□☐]")
HOLE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
# Names a hole can have that say more of the sheet than of a record; a record is only meant where something else names one.
OF_THE_SHEET = {"serial", "notes", "org", "grid"}
# What desks tell of any sheet, whatever its records are.
UNITS = ("填报单位", "单位", "网格", "网格名称", "党支部", "支部", "党组织", "单位名称", "党支部名称", "支部名称")
DATES = ("填报日期", "日期", "制表日期", "填表日期", "填报时间", "填表时间", "今天")
WRITERS = ("填表人", "制表人", "填报人", "经办人")
NUMBERS = ("人数", "户数", "合计", "总数", "条数")
TOLD = frozenset((*UNITS, *DATES, *WRITERS, *NUMBERS, "年", "年度", "月", "日"))
ABOUT_WHOM = {"name", "household_head", "room", "address", "visit_date", "content"}
Place = tuple[int, int]


class Placed(Protocol):
    """What a card needs of a workbook."""

    def calculating(self, sheet: str) -> dict[int, dict[int, bool]]: ...
    def drawn(self, sheet: str) -> set[Place]: ...
    def hole_cells(self, sheet: str) -> Any: ...
    def holes(self, sheet: str) -> list[str]: ...
    def lists(self, sheet: str) -> list[tuple[int, int, int, int, tuple[str, ...]]]: ...


class Within(Protocol):
    """A table that may stand in a card."""

    @property
    def kind(self) -> str: ...
    @property
    def top(self) -> int: ...
    def asks(self) -> list[Want]: ...


T = TypeVar("T", bound=Within)


@dataclass(frozen=True)
class Card(Generic[T]):
    """One sheet for one record. wants: by the place its value goes to (row 1-based, column 0-based); lacks: labels nothing is kept for, likewise.

    inside: places where the value follows the label in its own cell. tables: those within, whose rows belong to the record.
    """

    sheet: str
    kind: str
    title: str
    mark: str
    wants: Mapping[Place, Want]
    lacks: Mapping[Place, Want]
    looks: Mapping[Place, Look]
    inside: Mapping[Place, str] = field(default_factory=dict)
    holes: tuple[str, ...] = ()
    tables: tuple[T, ...] = ()
    is_card = True
    begun = 0

    def asks(self) -> list[Want]:
        """All it asks for, its tables included."""
        return [*self.wants.values(), *self.lacks.values(), *(want for table in self.tables for want in table.asks())]

    @property
    def keys(self) -> tuple[str, ...]:
        """What answers are remembered by."""
        return (self.mark,)


@dataclass(frozen=True)
class _Label:
    """A text that may be a label: its levels (a section to its left, itself), where a value goes, and its own text where that is the same cell."""

    path: tuple[str, ...]
    place: Place
    own: str = ""


def find_card(book: Placed, grid: Grid, tables: Sequence[T], kinds: Mapping[str, str]) -> Card[T] | None:
    """The card a sheet is; None for a sheet of tables."""
    held = [(table.top + 1, table.top + 2) for table in tables]
    labels = [each for each in _labels(book, grid) if not any(top <= each.place[0] <= bottom for top, bottom in held)]
    names = book.holes(grid.name)
    title = _title(grid)
    key = hashlib.blake2b("|".join(["card", *("/".join(each.path) for each in labels), *names]).encode(), digest_size=16).hexdigest()
    kind, wants = _likeliest(labels, names, f"{title}\n{grid.name}", kinds.get(key, ""))
    if not kind:
        return None
    lacks = {each.place: Want("".join(each.path), each.path[-1]) for each in labels if each.place not in wants and _asks(each, book, grid)}
    inside = {each.place: each.own for each in labels if each.own and each.place in wants}
    looks = {place: _look(book, grid, place) for place in wants}
    return Card(grid.name, kind, title, key, wants, lacks, looks, inside, tuple(names), tuple(tables))


def _title(grid: Grid) -> str:
    return next((str(cell) for cells in grid.rows[:4] for cell in cells if isinstance(cell, str) and cell.strip()), "")


def _likeliest(labels: list[_Label], names: list[str], title: str, said: str) -> tuple[str, dict[Place, Want]]:
    """The kind whose records fill most of the card, "" where it is none."""
    best: tuple[float, str, dict[Place, Want]] = (0, "", {})
    for kind in [said] if said in ASKED else CARD_KINDS:
        wants = _wants(kind, labels)
        holes = {term.name for name in names if name not in TOLD and (term := find(kind, (plain(name),)))} - OF_THE_SHEET
        found = {want.name for want in wants.values()}
        rows = {place[0] for place in wants}
        is_card = said or (len(found) >= LEAST_LABELS and len(rows) >= LEAST_ROWS and not found.isdisjoint(ABOUT_WHOM))
        score = len(found | holes) + 3 * bool(re.search(TITLE_WORDS[kind], title)) + 0.1 * (kind != "service")
        if (is_card or holes) and score > best[0]:
            best = (score, kind, wants)
    return best[1], best[2]


def _wants(kind: str, labels: list[_Label]) -> dict[Place, Want]:
    wants: dict[Place, Want] = {}
    taken: set[str] = set()
    for label in labels:
        term = find(kind, label.path)
        if term and term.name not in taken and term.name != "serial" and label.place not in wants:
            wants[label.place] = Want("".join(label.path), label.path[-1], term.name, term.label, term.sort)
            taken.add(term.name)
    return wants


def _labels(book: Placed, grid: Grid) -> list[_Label]:
    """Every text with a blank to its right, or one that ends in a colon."""
    drawn, cells = book.drawn(grid.name), book.calculating(grid.name)
    spans = {(top, left): merge for merge in grid.merges for top, left in [merge[:2]]}
    covered = {(row, column): merge for merge in grid.merges for row in range(merge[0], merge[2] + 1) for column in range(merge[1], merge[3] + 1)}
    found = []
    for row, values in enumerate(grid.rows):
        for column, cell in enumerate(values):
            if isinstance(cell, str) and 0 < len(cell) <= LONGEST_HEADING and not HOLE.search(cell) and not BOXED.search(cell):
                merge = spans.get((row, column), (row, column, row, column))
                found += _label(grid, merge, cell, drawn, cells, covered)
    return found


def _label(grid: Grid, merge: Merge, text: str, drawn: set[Place], cells: Any, covered: Mapping[Place, Merge]) -> list[_Label]:
    row, right = merge[0], merge[3] + 1
    section = _section(grid, merge, covered)
    if (row + 1, right) in drawn and _open(grid, row, right, cells):
        return [_Label((*section, plain(text)), (row + 1, right))]
    if found := LABELLED.fullmatch(text.strip()):
        return [_Label((*section, plain(found[1])), (row + 1, merge[1]), text)]
    return []


def _open(grid: Grid, row: int, column: int, cells: Any) -> bool:
    """Whether a value may go there: nothing in it, or boxes to tick."""
    if cells.get(row + 1, {}).get(column):
        return False
    value = grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[row]) else ""
    return value == "" or (isinstance(value, str) and (not value.strip("_＿ 　年月日") or bool(BOXED.search(value))))


def _section(grid: Grid, merge: Merge, covered: Mapping[Place, Merge]) -> tuple[str, ...]:
    """What a cell merged down the left says of the rows beside it: 户主信息, 紧急联系人."""
    for column in range(merge[1] - 1, -1, -1):
        left = covered.get((merge[0], column))
        if left and left[2] > left[0]:
            return (SECTION_WORDS.sub("", plain(grid.rows[left[0]][left[1]])),)
    return ()


def _asks(label: _Label, book: Placed, grid: Grid) -> bool:
    """Whether a label nothing is kept for is worth asking the user about: not a line for somebody to sign."""
    return not label.own and bool(label.path[-1]) and not re.search("签[字名章]|盖章|意见|审核|审批|照片|相片", label.path[-1])


def _look(book: Placed, grid: Grid, place: Place) -> Look:
    row, column = place
    value = grid.rows[row - 1][column] if row <= len(grid.rows) and column < len(grid.rows[row - 1]) else ""
    options = next((each for top, left, bottom, right, each in book.lists(grid.name) if top <= row <= bottom and left <= column <= right), ())
    return Look(grid.marks.number_format(row, column), (value,) if isinstance(value, str) and value else (), options)


def find_row_of_holes(grid: Grid, cells: Sequence[tuple[int, int, str]]) -> tuple[Wish, int, dict[int, str]] | None:
    """A row of {{字段}} under headings: one row a record. Gives what its columns want, the row (1-based), and the text of each column."""
    rows: dict[int, dict[int, str]] = {}
    for row, column, text in cells:
        rows.setdefault(row, {})[column] = text
    if not rows:
        return None
    row, patterns = max(rows.items(), key=lambda each: len(each[1]))
    title = "\n".join(str(cell) for line in grid.rows[: row - 1] for cell in line if isinstance(cell, str))
    paths: Paths = {column: (plain(found[1]),) for column, text in patterns.items() if (found := HOLE.search(text))}
    wish = understand(paths, f"{title}\n{grid.name}") if len(patterns) > 1 else None
    if wish is None or len(wish.names - OF_THE_SHEET) < 2 or not _under_headings(grid, row, patterns) or _elsewhere(wish, rows, row):
        return None
    return wish, row, patterns


def _under_headings(grid: Grid, row: int, patterns: Mapping[int, str]) -> bool:
    above = grid.rows[row - 2] if row > 1 else []
    return sum(column < len(above) and isinstance(above[column], str) and above[column] != "" for column in patterns) * 2 > len(patterns)


def _elsewhere(wish: Wish, rows: Mapping[int, Mapping[int, str]], row: int) -> bool:
    """Whether other rows have holes of the record, too: then the sheet is a card."""
    names = [name for at, cells in rows.items() if at != row for text in cells.values() for name in HOLE.findall(text) if name not in TOLD]
    return any((term := find(wish.kind, (plain(name),))) and term.name not in OF_THE_SHEET and not OTHERS.search(name) for name in names)
