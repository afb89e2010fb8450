"""Which rows of a long table stand on which page: a page ends between rows, never through one, and the signatures never stand alone.

QTextDocument alone would cut a row in two at the foot of a page, and takes far longer over one long table than over many short ones.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtGui import QTextDocument, QTextTable

CHUNK = 150  # rows measured at a time
SLACK = 60.0  # dots (5 mm) for a table's own margins, and for what Qt rounds
Span = tuple[int, int]


@dataclass
class Measured:
    """Heights in dots: what stands before the table, its heading, each row, what stands after it."""

    before: float = 0.0
    heading: float = 0.0
    rows: list[float] = field(default_factory=list)
    after: float = 0.0


def spans(draw: Callable[[int, int], QTextDocument], rows: int, height: float, step: Callable[[int, int], None]) -> list[Span]:
    """The first row and the one past the last of every page. draw(first, last): a document of those rows without pages."""
    told = Measured()
    for first in range(0, rows, CHUNK):
        step(first, rows)
        _measure(draw(first, min(first + CHUNK, rows)), told, first == 0)
    return fit(told, height) or [(0, 0)]


def fit(told: Measured, height: float) -> list[Span]:
    """Rows onto pages so high. A row higher than a page has one to itself (and is cut there)."""
    found: list[Span] = []
    first, room = 0, height - told.before - told.heading - SLACK
    for at, needs in enumerate(told.rows):
        last = at == len(told.rows) - 1
        if needs + (told.after if last else 0) > room and at > first:
            found.append((first, at))
            first, room = at, height - told.heading - SLACK
        room -= needs
    return [*found, (first, len(told.rows))] if told.rows else found


def _measure(document: QTextDocument, told: Measured, first: bool) -> None:
    """Add a document's rows. The tallest cell of a row begins with it, so the highest text tells where it begins."""
    layout, frames = document.documentLayout(), document.rootFrame().childFrames()
    table = next(each for each in frames if isinstance(each, QTextTable) and each.format().toTableFormat().headerRowCount())
    frame = layout.frameBoundingRect(table)
    across = range(table.columns())
    tops = [
        min(layout.blockBoundingRect(table.cellAt(row, column).firstCursorPosition().block()).top() for column in across)
        for row in range(table.rows())
    ]
    padding = tops[0] - frame.top()
    bounds = [*(top - padding for top in tops), frame.bottom()]
    heights = [lower - upper for upper, lower in zip(bounds, bounds[1:], strict=False)]
    told.heading, told.after = heights[0], document.size().height() - frame.bottom()
    told.rows += heights[1:]
    if first:
        told.before = frame.top()
