"""Where the tables of a sheet are: header rows of one to three levels, repeated headers, tables side by side, forms."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gridapp.ledgers.grid import Grid, Merge
from gridapp.ledgers.mapping import is_anchor, known, known_path, near_path, plain, spelled
from gridapp.ledgers.sniff import Unreadable

DEPTH = 3
LOOK = 40
LONGEST_HEADING = 40
MOST = 1000  # headers of one sheet
Paths = dict[int, tuple[str, ...]]


@dataclass
class Header:
    """One table's header.

    top, bottom: first and last row; first, last: first and last column of the table (all 0-based). paths: column -> the levels of its heading,
    as plain() gives them. lines: its rows as they would look printed again. mark: its fingerprint where the user pointed it out, "" else.
    """

    top: int
    bottom: int
    first: int
    last: int
    paths: Paths
    lines: set[tuple[str, ...]] = field(default_factory=set)
    mark: str = ""

    @cached_property
    def leads(self) -> set[str]:
        """What the lines begin with: one look tells most rows from them."""
        return {text[0] for text in self.lines if text}

    def own(self, cells: list[Any]) -> list[Any]:
        """A row's cells within the table, at their columns; blanks where other tables or stray notes stand."""
        own = cells[: self.last + 1] if not self.first else [""] * self.first + cells[self.first : self.last + 1]
        return own + [""] * (self.last + 1 - len(own))

    def repeats(self, cells: list[Any]) -> bool:
        """Whether a row is one of the header's own rows again (a new printed page)."""
        lead = next((cell for cell in cells[self.first :] if cell != ""), "")
        return plain(lead) in self.leads and line(self.own(cells)) in self.lines


def find_headers(grid: Grid) -> list[Header]:
    """Every table header of a sheet, from the top and from the left. A header printed again on the next page is not a new one."""
    found: list[Header] = []
    row = 0
    while row < len(grid.rows):
        cells = grid.rows[row]
        if (row < LOOK or _heading_like(cells)) and not (found and found[-1].repeats(cells)):
            beside = _headers_at(grid, row)
            found += beside
            if len(found) > MOST:
                raise Unreadable("too_many_tables")
            row = max([row, *(header.bottom for header in beside)])
        row += 1
    return found


def _headers_at(grid: Grid, row: int) -> list[Header]:
    """The headers that begin at a row: one for each run of columns, parted by columns that are blank from here down."""
    found = []
    for first, last in _regions(grid, row):
        header = _fullest(_window(grid, row, first, last), row)
        if header:
            header.first = first if first > _leftmost(grid, row) else 0
            found += side_by_side(header)
    return found


def _leftmost(grid: Grid, row: int) -> int:
    return next((column for column, cell in enumerate(grid.rows[row]) if cell != ""), 0)


def _regions(grid: Grid, row: int) -> list[tuple[int, int]]:
    """Runs of columns with something in them from this row down. A list beside the table, after a blank column, is not the table."""
    if not _all_short_texts(grid.rows[row]):
        return []
    used = {column for cells in grid.rows[row : row + LOOK] for column, cell in enumerate(cells) if cell != ""}
    used |= {column for merge in grid.merges if row <= merge[0] <= row + DEPTH for column in range(merge[1], merge[3] + 1)}
    starts = [column for column in sorted(used) if column - 1 not in used]
    return [(start, next(stop for stop in range(start, start + len(used) + 1) if stop + 1 not in used)) for start in starts]


def _window(grid: Grid, row: int, first: int, last: int) -> Grid:
    """The few rows a header can take, with only these columns."""
    near = [["" if not first <= column <= last else cell for column, cell in enumerate(cells)] for cells in grid.rows[row : row + 2 * DEPTH]]
    merges = tuple(merge for merge in grid.merges if row - 1 <= merge[2] and merge[0] < row + 2 * DEPTH and first <= merge[1] and merge[3] <= last)
    return Grid(grid.name, [[]] * row + near, merges)


def _fullest(grid: Grid, row: int) -> Header | None:
    """The header beginning at a row, without the title or date line above it: a later start that knows as many headings is the truer one."""
    header = header_at(grid, row)
    for later in range(row + 1, header.bottom + 1 if header else 0):
        other = header_at(grid, later)
        if header and other and strength(other.paths) >= strength(header.paths):
            header = other
    return header


def _heading_like(cells: list[Any]) -> bool:
    """A cheap test for rows far down: two of the cells are headings as they stand."""
    return not spelled().isdisjoint(cells) and len(spelled().intersection(cells)) >= 2


def header_at(grid: Grid, row: int) -> Header | None:
    """The header that begins at a row (0-based), None when there is none."""
    if not _all_short_texts(grid.rows[row]):
        return None
    levels = [level(grid, row)]
    if not levels[0] or (len(levels[0]) < 2 and not _spans(grid, row)):
        return None
    bottom = row
    grouped: set[int] = set()
    while bottom - row + 1 < DEPTH:
        grouped = _still_open(grid, bottom, grouped) | _grouped(grid, bottom, levels[-1])
        if not _is_sublevel(grid, bottom, levels[-1], grouped):
            break
        bottom += 1
        levels.append(level(grid, bottom))
    paths = paths_of(levels)
    if not _enough(paths):
        return None
    return Header(row, bottom, 0, max(paths), paths, {line(grid.rows[at]) for at in range(row, bottom + 1)})


def _enough(paths: Paths) -> bool:
    """Two known headings and one of them 姓名 or a date's; or a third of all known; the nearly known count once one is known outright."""
    sure = strength(paths)
    likely = sure and len({path for path in paths.values() if known_path(path) or near_path(path)})
    return likely >= 2 and (likely * 3 >= len(paths) or any(map(is_anchor, paths.values())))


def strength(paths: Paths) -> int:
    """How many different headings are known to some kind of ledger."""
    return len({path for path in paths.values() if known_path(path)})


def _all_short_texts(cells: list[Any]) -> bool:
    return all(isinstance(cell, str) and len(cell) <= LONGEST_HEADING for cell in cells if cell != "")


def level(grid: Grid, row: int) -> dict[int, str]:
    """The texts of a header row by column; a cell merged over several columns stands at each of them."""
    texts = {column: plain(cell) for column, cell in enumerate(grid.rows[row]) if cell != "" and plain(cell)}
    for merge in _spans(grid, row):
        if merge[1] in texts:
            texts |= dict.fromkeys(range(merge[1], merge[3] + 1), texts[merge[1]])
    return texts


def _spans(grid: Grid, row: int) -> list[Merge]:
    return [merge for merge in grid.merges if merge[0] == row and merge[3] > merge[1]]


def _is_sublevel(grid: Grid, row: int, above: dict[int, str], grouped: set[int]) -> bool:
    """Whether the next row divides groups of this one: its cells stand under headings that span columns (grouped).

    Without merged cells to prove it, some heading in it must be known; with them, known headings may stand beside the groups.
    """
    if row + 1 >= len(grid.rows) or not _all_short_texts(grid.rows[row + 1]):
        return False
    below = {column for column, cell in enumerate(grid.rows[row + 1]) if cell != ""}
    texts = level(grid, row + 1)
    beside = below - grouped
    if not below & grouped or (beside and not (_spans(grid, row) and all(_is_heading(above, texts, column) for column in beside))):
        return False
    proven = bool(_spans(grid, row)) and not any(character.isdigit() for text in texts.values() for character in text)
    return proven or any(_is_heading(above, texts, column) for column in texts)


def _is_heading(above: dict[int, str], texts: dict[int, str], column: int) -> bool:
    """Whether a text is a heading, alone or with the one above it."""
    text = texts.get(column, "")
    return known(text) or known(above.get(column, "") + text)


def _still_open(grid: Grid, row: int, grouped: set[int]) -> set[int]:
    """Of the columns that stood in a group a level higher, those whose heading is not merged down through this row: more may stand below."""
    closed = {column for merge in grid.merges if merge[0] <= row < merge[2] for column in range(merge[1], merge[3] + 1)}
    return grouped - closed


def _grouped(grid: Grid, row: int, above: dict[int, str]) -> set[int]:
    """Columns that belong to a heading spanning several: by a merged cell or, where nothing is merged, by blanks to its right."""
    spans = _spans(grid, row)
    if spans or any(merge[0] <= row < merge[2] for merge in grid.merges):
        return {column for merge in spans for column in range(merge[1], merge[3] + 1)}
    width = len(grid.rows[row])
    starts = sorted(above)
    groups = ((start, stop - 1) for start, stop in zip(starts, [*starts[1:], width], strict=True))
    return {column for first, last in groups if last > first for column in range(first, last + 1)}


def paths_of(levels: list[dict[int, str]]) -> Paths:
    """Column -> the different texts over it, from the top. A group's name is carried to the right where its columns have texts below."""
    columns = sorted({column for level in levels for column in level})
    filled = [_carried(level, levels[at + 1 :]) for at, level in enumerate(levels)]
    paths = {column: tuple(dict.fromkeys(level[column] for level in filled if column in level)) for column in columns}
    return {column: path for column, path in paths.items() if path}


def _carried(level: dict[int, str], below: list[dict[int, str]]) -> dict[int, str]:
    carried = dict(level)
    for column in sorted({column for lower in below for column in lower}):
        if column not in carried and column - 1 in carried:
            carried[column] = carried[column - 1]
    return carried


def line(cells: list[Any]) -> tuple[str, ...]:
    """A row's texts without blanks, to tell whether two rows say the same."""
    return tuple(plain(cell) for cell in cells if cell != "")


def side_by_side(header: Header) -> list[Header]:
    """The header cut into the tables that stand beside one another: the same run of headings begins again."""
    columns = sorted(header.paths)
    runs = [at for at, column in enumerate(columns) if header.paths[column] == header.paths[columns[0]]]
    pieces = [columns[start:stop] for start, stop in zip(runs, [*runs[1:], len(columns)], strict=True)]
    if len(pieces) < 2 or len(pieces[0]) < 2 or any(_names(header, piece)[:2] != _names(header, pieces[0])[:2] for piece in pieces):
        return [header]
    return [_piece(header, piece) for piece in pieces]


def _piece(header: Header, columns: list[int]) -> Header:
    """Part of a header; its printed lines are cut with it."""
    first = columns[0] if columns[0] > min(header.paths) else header.first
    paths = {column: header.paths[column] for column in columns}
    lines = {tuple(header.paths[column][-1] for column in columns)} if header.top == header.bottom else set()
    return Header(header.top, header.bottom, first, columns[-1], paths, lines, header.mark)


def _names(header: Header, columns: list[int]) -> list[tuple[str, ...]]:
    return [header.paths[column] for column in columns]


def is_form(grid: Grid, headers: list[Header]) -> bool:
    """Whether a sheet is a form card for one person: many different known headings over many rows, and no header found that holds half of them."""
    rows = [{text for cell in cells if isinstance(cell, str) and known(text := plain(cell))} for cells in grid.rows[:LOOK]]
    every = set().union(*rows)
    held = max((len(set().union(*rows[header.top : header.bottom + 1])) for header in headers if header.top < LOOK), default=0)
    return len(every) >= 5 and sum(map(bool, rows)) >= 3 and held * 2 <= len(every)
