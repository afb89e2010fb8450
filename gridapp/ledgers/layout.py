"""Where the tables of a sheet are: header rows of one to three levels, repeated headers, tables side by side, forms."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gridapp.ledgers.grid import Grid, Merge
from gridapp.ledgers.mapping import known, known_path, plain

DEPTH = 3
LOOK = 40
LONGEST_HEADING = 40
Paths = dict[int, tuple[str, ...]]


@dataclass
class Header:
    """One table's header. top, bottom: first and last row (0-based). paths: column -> the levels of its heading, as plain() gives them. block: 0, or the
    place in a row of tables standing side by side."""

    top: int
    bottom: int
    paths: Paths
    block: int = 0
    lines: set[tuple[str, ...]] = field(default_factory=set)


def find_headers(grid: Grid) -> list[Header]:
    """Every table header of a sheet, from the top; tables side by side give one each. A header printed again on the next page is not a new one."""
    found: list[Header] = []
    row = 0
    while row < len(grid.rows):
        if found and _repeats(grid.rows[row], found[-1]):
            row += 1
            continue
        header = _fullest(grid, row) if row < LOOK or _heading_like(grid.rows[row]) else None
        if header:
            found.append(header)
            row = header.bottom
        row += 1
    return [each for header in found for each in side_by_side(header)]


def _fullest(grid: Grid, row: int) -> Header | None:
    """The header beginning at a row, without the title or date line above it: a later start that knows as many headings is the truer one."""
    header = header_at(grid, row)
    for later in range(row + 1, header.bottom + 1 if header else 0):
        other = header_at(grid, later)
        if header and other and strength(other.paths) >= strength(header.paths):
            header = other
    return header


def _heading_like(cells: list[Any]) -> bool:
    """A cheap test for rows far down: mostly short texts, two of them headings as they stand."""
    texts = [cell for cell in cells if isinstance(cell, str) and 0 < len(cell) <= 12]
    return len(texts) >= 3 and sum(known(plain(text)) for text in texts[:12]) >= 2


def header_at(grid: Grid, row: int) -> Header | None:
    """The header that begins at a row (0-based), None when the row is none: at least two known headings, and at least half of all cells heading-like."""
    if not _all_short_texts(grid.rows[row]):
        return None
    levels = [_level(grid, row)]
    if not levels[0] or (len(levels[0]) < 2 and not _spans(grid, row)):
        return None
    bottom = row
    while bottom - row + 1 < DEPTH and _is_sublevel(grid, bottom, levels[-1]):
        bottom += 1
        levels.append(_level(grid, bottom))
    paths = _paths(levels)
    if strength(paths) < 2 or strength(paths) * 3 < len(paths):
        return None
    return Header(row, bottom, paths, lines={_line(grid.rows[at]) for at in range(row, bottom + 1)})


def strength(paths: Paths) -> int:
    """How many different headings are known to some kind of ledger."""
    return len({path for path in paths.values() if known_path(path)})


def _all_short_texts(cells: list[Any]) -> bool:
    return all(isinstance(cell, str) and len(cell) <= LONGEST_HEADING for cell in cells if cell != "")


def _level(grid: Grid, row: int) -> dict[int, str]:
    """The texts of a header row by column; a cell merged over several columns stands at each of them."""
    texts = {column: plain(cell) for column, cell in enumerate(grid.rows[row]) if cell != "" and plain(cell)}
    for merge in _spans(grid, row):
        if merge[1] in texts:
            texts |= dict.fromkeys(range(merge[1], merge[3] + 1), texts[merge[1]])
    return texts


def _spans(grid: Grid, row: int) -> list[Merge]:
    return [merge for merge in grid.merges if merge[0] == row and merge[3] > merge[1]]


def _is_sublevel(grid: Grid, row: int, above: dict[int, str]) -> bool:
    """Whether the next row divides groups of this one: every cell of it stands under a heading that spans columns, and some heading in it is known."""
    if row + 1 >= len(grid.rows) or not _all_short_texts(grid.rows[row + 1]):
        return False
    below = {column for column, cell in enumerate(grid.rows[row + 1]) if cell != ""}
    inside = _grouped(grid, row, above)
    if not below or not below <= inside:
        return False
    texts = _level(grid, row + 1)
    return any(known(text) or known(above.get(column, "") + text) for column, text in texts.items())


def _grouped(grid: Grid, row: int, above: dict[int, str]) -> set[int]:
    """Columns that belong to a heading spanning several: by a merged cell or, where nothing is merged, by blanks to its right."""
    spans = _spans(grid, row)
    if spans or any(merge[0] <= row < merge[2] for merge in grid.merges):
        return {column for merge in spans for column in range(merge[1], merge[3] + 1)}
    width = len(grid.rows[row])
    starts = sorted(above)
    groups = ((start, stop - 1) for start, stop in zip(starts, [*starts[1:], width], strict=True))
    return {column for first, last in groups if last > first for column in range(first, last + 1)}


def _paths(levels: list[dict[int, str]]) -> Paths:
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


def _line(cells: list[Any]) -> tuple[str, ...]:
    return tuple(plain(cell) for cell in cells if cell != "")


def _repeats(cells: list[Any], header: Header) -> bool:
    return bool(header.lines) and _line(cells) in header.lines


def repeats(cells: list[Any], header: Header) -> bool:
    """Whether a row is one of the header's own rows again (a new printed page)."""
    return _repeats(cells, header)


def side_by_side(header: Header) -> list[Header]:
    """The header cut into the tables that stand beside one another: the same run of headings begins again."""
    columns = sorted(header.paths)
    runs = [at for at, column in enumerate(columns) if header.paths[column] == header.paths[columns[0]]]
    pieces = [columns[start:stop] for start, stop in zip(runs, [*runs[1:], len(columns)], strict=True)]
    if len(pieces) < 2 or len(pieces[0]) < 2 or any(_names(header, piece)[:2] != _names(header, pieces[0])[:2] for piece in pieces):
        return [header]
    return [
        Header(header.top, header.bottom, {column: header.paths[column] for column in piece}, at, header.lines) for at, piece in enumerate(pieces)
    ]


def _names(header: Header, columns: list[int]) -> list[tuple[str, ...]]:
    return [header.paths[column] for column in columns]


def is_form(grid: Grid) -> bool:
    """Whether a sheet is a form card for one person: known headings stand left of single values, scattered over rows, and no table was found."""
    labels = [(row, column) for row, cells in enumerate(grid.rows[:LOOK]) for column, cell in enumerate(cells) if isinstance(cell, str) and known(plain(cell))]
    return len(labels) >= 4 and len({row for row, _ in labels}) >= 3
