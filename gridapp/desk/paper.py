"""What is printed, before it knows any printer: sheets drawn from the templates in resources/sheets as simple HTML, values always escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridapp import places
from gridapp.ledgers import landing

if TYPE_CHECKING:
    from jinja2 import Environment

WIDE, NARROW = "\u3000", "\u00a0"
Draw = Callable[[int, int], str]


@dataclass(frozen=True)
class Sheet:
    """One form with pages of its own, numbered from 1.

    rows: how many its long table has, 0 where it has none. draw(first, last): its HTML with those rows alone; what stands before the table comes
    with the first row, what stands after it with the last. number: what the form is called by.
    """

    draw: Draw
    rows: int = 0
    number: str = ""
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """What goes to the printer in one go. mark: who, when and what for, in grey across every page ("" where nobody is named). foot: stands below."""

    title: str
    sheets: tuple[Sheet, ...]
    mark: str = ""
    foot: str = ""

    def first(self, most: int) -> Paper:
        """The same with at most so many sheets."""
        return replace(self, sheets=self.sheets[:most])


def sheet(template: str, facts: dict[str, Any], *, number: str = "", landscape: bool = False, rows: Sequence[Sequence[str]] = ()) -> Sheet:
    """A sheet by its template's name; facts are plain values, lists and dicts. rows: of a table that may take many pages."""

    def draw(first: int, last: int) -> str:
        return render(template, **facts, number=number, rows=rows[first:last], begins=first == 0, ends=last >= len(rows), count=len(rows))

    return Sheet(draw, len(rows), number, landscape)


def render(template: str, **facts: Any) -> str:
    """The HTML of a template; a fact it asks for and is not given is a bug and raises."""
    return _environment().get_template(f"{template}.html").render(**facts)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(places.resources("sheets"))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, finalize=_in_lines, trim_blocks=True, lstrip_blocks=True)


def _in_lines(value: Any) -> Any:
    """Lines of a text stay lines, and wide spaces stay: HTML would run them together."""
    from markupsafe import Markup, escape

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup("<br>").join(Markup(escape(line).replace(WIDE, NARROW * 4)) for line in value.splitlines())


def land(data: bytes, out: Path) -> None:
    """Put a whole file at its name, or nothing. Raises Trouble when the place will not take it."""
    with landing.scratch_beside(out) as scratch:
        landing.land(data, scratch, out)


def code_image(text: str) -> str:
    """A QR code as a data address for <img>, black on white without a margin (the paper is white)."""
    import segno

    return segno.make(text, micro=False, error="m").png_data_uri(scale=8, border=0)
