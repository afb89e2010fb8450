"""A report for outsiders: groups too small to be told ("<3"), and what would give them back from the totals (hidden as well, "*").

Everything the reader sees is taken as a number he knows, also the two numbers behind a rate; what he can reckon with are the sums of the report.
A small number is safe when another value would agree with all he sees; the proof is a shift of hidden numbers that keeps every sum. Of a line that
is small itself nothing is told, not even its zeros: else its parts, each at least one, would tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, overload

from gridapp.desk.reports.shape import NOTHING, Chart, Figure, Line, Measure, Point, Report

HIDDEN = "*"
MOST_STEPS = 1500  # moves a search for a shift may try
Place = tuple[int, int]  # line, column
Number = tuple[int, str]  # line, the measure's key; 'x.part', 'x.base', 'x.rest' behind a rate x; 'x.then' in the period before
Keys = tuple[str, ...]


@dataclass
class Sheet:
    """The numbers of a report: the rows they count, who shows them, in which sums they stand (sign by number), which places are hidden by now."""

    report: Report
    least: int
    keys: dict[Number, Keys] = field(default_factory=dict)
    shown_at: dict[Number, list[Place]] = field(default_factory=dict)
    sums: list[dict[Number, int]] = field(default_factory=list)
    hidden: set[Place] = field(default_factory=set)
    small_lines: frozenset[int] = frozenset()
    is_closed: bool = False

    def value(self, number: Number) -> int:
        return len(self.keys.get(number, ()))

    def is_small(self, number: Number) -> bool:
        return 0 < self.value(number) < self.least

    def is_known(self, number: Number) -> bool:
        """Whether the reader sees it somewhere; what is nowhere shown is nothing."""
        return number not in self.shown_at or any(place not in self.hidden for place in self.shown_at[number])

    def fits(self, number: Number, step: int) -> bool:
        """Whether the reader must think it possible: a "<3" says it is small, a "*" in the place of a count that it is not."""
        low, high = 0, 10**9
        if any(self.mark(place) != HIDDEN for place in self.shown_at[number]):
            low, high = 1, self.least - 1
        elif number[0] not in self.small_lines and any(self.figure(place).sort == "count" for place in self.shown_at[number]):
            low = self.least
        return low <= self.value(number) + step <= high

    def mark(self, place: Place) -> str:
        """What stands in a hidden place."""
        figure = self.figure(place)
        told = not self.is_closed and (place[0] not in self.small_lines or place[1] == 0)
        return f"<{self.least}" if told and figure.sort == "count" and 0 < len(figure.keys) < self.least else HIDDEN

    def figure(self, place: Place) -> Figure:
        return self.report.lines[place[0]].figures[place[1]]


def outside(report: Report, least: int) -> Report:
    """The report as outsiders may see it. least: the smallest group that is told.

    Where the lines together would cost the first number of the total, the total is told and the lines are left out.
    """
    whole = closed(report, least)
    if whole is not None or not any(line.role == "part" for line in report.lines):
        return _written(whole or closed(report, least, whatever=True))
    left_out = f"分{report.corner}列出会让人从小数目认出是谁，所以对外只列合计。"
    lines = tuple(line for line in report.lines if line.role != "part")
    left = {figure for line in lines for figure in line.figures}
    charts = tuple(each for each in report.charts if each.sort == "months" or all(set(point.figures) <= left for point in each.points))
    bare = replace(report, lines=lines, charts=charts, hot=(), notes=(*report.notes, left_out))
    return _written(closed(bare, least, whatever=True))


@overload
def closed(report: Report, least: int, *, whatever: Literal[True]) -> Sheet: ...
@overload
def closed(report: Report, least: int) -> Sheet | None: ...
def closed(report: Report, least: int, *, whatever: bool = False) -> Sheet | None:
    """A report's sheet with as much hidden as has to be, at worst everything. None, unless whatever it takes, where that would take everything, or
    the first number of a total that is not small itself."""
    sheet = read(report, least)
    first = next((at, 0) for at, line in enumerate(report.lines) if line.role == "total")
    gone = (number for number in sheet.keys if sheet.is_small(number) or number[0] in sheet.small_lines)
    sheet.hidden = {place for number in gone for place in sheet.shown_at[number]}
    may_go = first in sheet.hidden
    while (leak := next(leaks(sheet), None)) is not None:
        sheet.hidden |= leak
        if not whatever and (not leak or (first in sheet.hidden and not may_go)):
            return None
        if not leak:
            sheet.hidden, sheet.is_closed = {place for places in sheet.shown_at.values() for place in places}, True
            break
    return sheet


def read(report: Report, least: int) -> Sheet:
    """The sheet of a report with nothing hidden."""
    sheet = Sheet(report, least)
    roles = {line.role: at for at, line in enumerate(report.lines)}
    for at, line in enumerate(report.lines):
        for column, (measure, figure) in enumerate(zip(report.measures, line.figures, strict=True)):
            for number, keys in _numbers(at, line, measure, figure, roles):
                sheet.keys[number] = keys
                sheet.shown_at.setdefault(number, []).append((at, column))
    lines = enumerate(report.lines)
    sheet.small_lines = frozenset(at for at, line in lines if line.role != "change" and 0 < len(line.figures[0].keys) < least)
    sheet.sums = [terms for total, parts in _sums(sheet) for terms in _exact(sheet, total, parts)]
    return sheet


def _numbers(at: int, line: Line, measure: Measure, figure: Figure, roles: dict[str, int]) -> Iterator[tuple[Number, Keys]]:
    """Every number a figure tells, and its rows."""
    key = measure.of or measure.key
    if figure.sort == "none" or (figure.sort in ("change", "points") and figure.text == NOTHING):
        return
    now = roles["total"] if line.role == "change" else at
    yield from _pair(now, measure, key, figure.keys, figure.base)
    if figure.sort in ("change", "points"):
        if line.role == "part":
            yield (at, f"{key}.then"), figure.then
        else:
            yield from _pair(roles["before"], measure, key, figure.then, figure.then_base)


def _pair(at: int, measure: Measure, key: str, keys: Keys, base: Keys) -> Iterator[tuple[Number, Keys]]:
    if measure.sort != "rate":
        yield (at, key), keys
        return
    taken = set(keys)
    yield (at, measure.part_is or f"{key}.part"), keys
    yield (at, measure.base_is or f"{key}.base"), base
    yield (at, f"{key}.rest"), tuple(each for each in base if each not in taken)


def _sums(sheet: Sheet) -> Iterator[tuple[Number, list[Number]]]:
    """What the reader can reckon with: along the lines as the report declares, behind each rate, and down the columns."""
    report = sheet.report
    for at, _ in enumerate(report.lines):
        names: dict[str, str] = {}
        for each in report.measures:
            if each.sort == "rate":
                names |= {f"{each.key}.part": each.part_is or f"{each.key}.part", f"{each.key}.base": each.base_is or f"{each.key}.base"}
                yield (at, names[f"{each.key}.base"]), [(at, names[f"{each.key}.part"]), (at, f"{each.key}.rest")]
        for declared in report.sums:
            yield (at, names.get(declared.total, declared.total)), [(at, names.get(part, part)) for part in declared.parts]
    roles = {line.role: at for at, line in enumerate(report.lines)}
    parts = [at for at, line in enumerate(report.lines) if line.role == "part"]
    for name in dict.fromkeys(name for _, name in sheet.keys):
        yield (roles["total"], name), [(at, name) for at in parts]
        yield (roles["before"], name), [(at, f"{name}.then") for at in parts]


def _exact(sheet: Sheet, total: Number, parts: Iterable[Number]) -> Iterator[dict[Number, int]]:
    """total - parts = 0, where it is so row by row and of more than nothing; anything less exact tells the reader nothing for certain."""
    told = [part for part in parts if part in sheet.keys]
    rows = [key for part in told for key in sheet.keys[part]]
    if rows and total in sheet.keys and len(rows) == sheet.value(total) and set(rows) == set(sheet.keys[total]):
        yield {total: 1} | dict.fromkeys(told, -1)


def leaks(sheet: Sheet) -> Iterator[set[Place]]:
    """Places to hide next, for each small number that the reader could still reckon out: none where nothing is left to hide."""
    for number in filter(sheet.is_small, sheet.keys):
        if not _is_safe(sheet, number):
            yield _cover(sheet, number)


def _is_safe(sheet: Sheet, number: Number) -> bool:
    """Whether the number could be another one for all the reader knows."""
    stands: dict[Number, list[tuple[int, int]]] = {}
    unknown = [{each: sign for each, sign in terms.items() if not sheet.is_known(each)} for terms in sheet.sums]
    for at, terms in enumerate(unknown):
        for each, sign in terms.items():
            stands.setdefault(each, []).append((at, sign))
    left = [MOST_STEPS]

    def shift(each: Number, step: int, moved: frozenset[Number], gaps: dict[int, int]) -> bool:
        """Whether this move, and others of hidden numbers not yet moved, leave every sum as it was."""
        left[0] -= 1
        if left[0] < 0 or not sheet.fits(each, step):
            return False
        gaps = gaps | {at: gaps.get(at, 0) + sign * step for at, sign in stands.get(each, ())}
        moved |= {each}
        broken = next((at for at, gap in gaps.items() if gap), None)
        return broken is None or any(
            shift(other, -gaps[broken] * sign, moved, gaps) for other, sign in unknown[broken].items() if other not in moved
        )

    return any(shift(number, step, frozenset(), {}) for step in (1, -1))


def _cover(sheet: Sheet, number: Number) -> set[Place]:
    """What to hide besides a small number: a part that stands in sums with it or with what is hidden for it; a total where no part is left."""
    bound, border = {number}, {number}
    near: set[Number] = set()
    while border:
        near |= {each for terms in sheet.sums if terms.keys() & border for each in terms}
        border = {each for each in near if not sheet.is_known(each)} - bound
        bound |= border
    lonely = [terms for terms in sheet.sums if sum(not sheet.is_known(each) for each in terms) == 1]
    seen = {each: sum(each in terms for terms in lonely) for each in near if sheet.is_known(each) and sheet.value(each)}
    if not seen:
        return set()
    chosen = min(seen, key=lambda each: (_is_total(sheet, each), -seen[each], sheet.value(each) <= sheet.least, sheet.value(each), each))
    return set(sheet.shown_at[chosen]) - sheet.hidden


def _is_total(sheet: Sheet, number: Number) -> bool:
    return any(terms.get(number, 0) > 0 for terms in sheet.sums)


def _written(sheet: Sheet) -> Report:
    """The report with what is hidden hidden."""
    lines = tuple(
        replace(line, figures=tuple(_told(sheet, (at, column), figure) for column, figure in enumerate(line.figures)))
        for at, line in enumerate(sheet.report.lines)
    )
    gone = {sheet.figure(place): sheet.mark(place) for place in sheet.hidden if sheet.figure(place).rows}
    is_bare = sheet.is_closed or any(sheet.report.lines[at].role == "total" for at in sheet.small_lines)
    told = (chart for chart in sheet.report.charts if chart.sort != "months" or not _has_small(sheet, chart))
    charts = tuple(replace(chart, points=tuple(_point(sheet, point, gone) for point in chart.points)) for chart in told if not is_bare)
    small = f"不足 {sheet.least} 的写“<{sheet.least}”；写“{HIDDEN}”的，是能倒推出这些小数目的，一并隐去。"
    if sheet.is_closed:
        small = f"这份报表的数目太小，列出来会让人认出是谁，所以对外版都写“{HIDDEN}”。"
    notes = (*sheet.report.notes, *((small,) if sheet.hidden else ()))
    return replace(sheet.report, lines=lines, charts=charts, hot=_hot(sheet.report, lines), notes=notes, missing=(), outside=True)


def _told(sheet: Sheet, place: Place, figure: Figure) -> Figure:
    return replace(figure, shown=sheet.mark(place)) if place in sheet.hidden else figure


def _has_small(sheet: Sheet, chart: Chart) -> bool:
    """Whether a month is too small to be told: the others and the period's own total would tell it, so the whole chart goes."""
    return any(0 < len(figure.keys) < sheet.least for point in chart.points for figure in point.figures)


def _point(sheet: Sheet, point: Point, gone: dict[Figure, str]) -> Point:
    def told(figure: Figure) -> Figure:
        return replace(figure, shown=gone.get(figure) or (f"<{sheet.least}" if 0 < len(figure.keys) < sheet.least else ""))

    return replace(point, figures=tuple(map(told, point.figures)))


def _hot(report: Report, lines: tuple[Line, ...]) -> tuple[str, ...]:
    """Only those whose number is told."""
    hidden = {line.name for line in lines if line.figures[0].shown}
    return tuple(said for said in report.hot if said.split(" ")[0] not in hidden)
