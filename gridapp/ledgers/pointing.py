"""Headers the user pointed out: rows that are a table's header because somebody says so, known again by their fingerprint."""
from __future__ import annotations

from gridapp.ledgers.corrections import Corrections, signature
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.layout import LOOK, Header, level, line, paths_of, side_by_side
from gridapp.ledgers.mapping import likeliest


def header_of(grid: Grid, row: int, depth: int) -> Header | None:
    """These rows (0-based first one, how many) as a header, whatever they look like; None where they say nothing."""
    rows = range(row, min(row + depth, len(grid.rows)))
    paths = paths_of([level(grid, at) for at in rows])
    if not paths:
        return None
    return Header(row, row + depth - 1, 0, max(paths), paths, {line(grid.rows[at]) for at in rows}, signature(paths))


def pointed(grid: Grid, corrections: Corrections) -> list[Header]:
    """The headers of a sheet that the user pointed out, here or in an earlier file, from the top."""
    depths = sorted({each.header for each in corrections.values() if each.header}, reverse=True)
    found: list[Header] = []
    for row in range(min(LOOK, len(grid.rows)) if depths else 0):
        if found and (row <= found[-1].bottom or found[-1].repeats(grid.rows[row])):
            continue
        headers = (header_of(grid, row, depth) for depth in depths)
        header = next((each for each in headers if each and _is_known(each, corrections)), None)
        found += side_by_side(header) if header else []
    return found


def and_others(by_hand: list[Header], found: list[Header]) -> list[Header]:
    """The headers pointed out, and those found clear of them; one is not found again in what it heads (a page that repeats it)."""
    marks = {each.mark for each in by_hand}
    clear = [other for other in found if signature(other.paths) not in marks and all(_apart(each, other) for each in by_hand)]
    return sorted([*by_hand, *clear], key=lambda each: (each.top, each.first))


def _apart(one: Header, other: Header) -> bool:
    return one.bottom < other.top or other.bottom < one.top


def _is_known(header: Header, corrections: Corrections) -> bool:
    said = corrections.get(header.mark)
    return said is not None and said.header == header.bottom - header.top + 1


def guess(header: Header, title: str) -> str:
    """The kind of ledger a header is likeliest of, "" where it says too little."""
    found = likeliest(header.paths, title)
    return found.kind if found else ""
