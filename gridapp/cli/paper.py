"""What is printed: plain tables that line up with wide characters, and a progress bar where somebody watches."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

BAR = 30


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(rows: Sequence[Sequence[str]], heads: Sequence[str] = (), indent: str = "  ") -> str:
    """Rows as aligned text, two blanks between the columns; the last column runs free."""
    lines = [*([heads] if heads and rows else []), *rows]
    wide = [max(width(line[at]) for line in lines) for at in range(len(lines[0]))] if lines else []
    return "\n".join(indent + "  ".join(_padded(text, room) for text, room in zip(line, wide, strict=True)).rstrip() for line in lines)


def _padded(text: str, room: int) -> str:
    return text + " " * (room - width(text))


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A step that draws a bar on stderr while it is a terminal, and nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    try:
        yield lambda done, total: _draw(title, done, total)
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _draw(title: str, done: int, total: int) -> None:
    share = min(1.0, done / total) if total else 1.0
    filled = round(share * BAR)
    print(f"\r{title} [{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%}", end="", file=sys.stderr, flush=True)
