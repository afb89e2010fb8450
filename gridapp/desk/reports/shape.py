"""What a report is: measures declared once as predicates, figures that carry the rows they stand for, lines, charts.

A count is the number of its keys and nothing else, so that what a click opens is what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gridapp.rules.periods import Period

NOTHING = "—"  # nothing to divide by, or nothing known of that time
SAME = "持平"
REPORTS = {"month": "月报", "quarter": "季报", "year": "年报", "days": "情况表"}
Test = Callable[[Any], bool]
Items = Mapping[str, Sequence[Any]]  # record -> what is counted of it; each has an `id`


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report. sort: count, rate (keys of base), change (keys against then), points (rate against rate), none.

    keys, base, then, then_base: ids of rows of `record`. shown: what stands there instead in a table for outsiders.
    """

    sort: str
    record: str = ""
    keys: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    then_base: tuple[str, ...] = ()
    shown: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """As it stands in the table."""
        return self.shown or TEXTS[self.sort](self)

    @property
    def value(self) -> float | None:
        """The number itself, None where there is none to tell; of rates and changes a share (0.5 for 50 %)."""
        return None if self.shown or self.text == NOTHING else VALUES[self.sort](self)

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows a click opens: all that are counted, of a rate all it is a part of."""
        return tuple(dict.fromkeys((*(self.base if self.sort in ("rate", "points") else self.keys), *self.then_base, *self.then)))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else NOTHING


def _change(figure: Figure) -> str:
    then = len(figure.then)
    return _signed(100 * (len(figure.keys) - then) / then, "%") if then else NOTHING


def _points(figure: Figure) -> str:
    return _signed(100 * VALUES["points"](figure), "点") if figure.base and figure.then_base else NOTHING


def _signed(number: float, unit: str) -> str:
    said = f"{number:+.1f}"
    return SAME if said in ("+0.0", "-0.0") else said + unit


VALUES: dict[str, Callable[[Figure], float]] = {
    "count": lambda each: len(each.keys),
    "rate": lambda each: len(each.keys) / len(each.base),
    "change": lambda each: len(each.keys) / len(each.then) - 1,
    "points": lambda each: len(each.keys) / len(each.base) - len(each.then) / len(each.then_base),
    "none": lambda each: 0,
}
TEXTS: dict[str, Callable[[Figure], str]] = {
    "count": lambda each: f"{len(each.keys):,}",
    "rate": lambda each: _share(len(each.keys), len(each.base)),
    "change": _change,
    "points": _points,
    "none": lambda each: NOTHING,
}


@dataclass(frozen=True)
class Measure:
    """A column of a report. sort count: rows of `record` that pass `test`; rate: of those that pass `base`; change: of the count named `of`.

    says: its definition (口径). past: whether it can be told of an earlier time from what is kept today. part_is, base_is: the counts that are
    the two numbers of a rate, where there are such columns.
    """

    key: str
    title: str
    says: str = ""
    record: str = ""
    test: Test = lambda item: True
    base: Test | None = None
    of: str = ""
    past: bool = True
    part_is: str = ""
    base_is: str = ""

    @property
    def sort(self) -> str:
        """count, rate or change."""
        return "change" if self.of else "rate" if self.base else "count"


@dataclass(frozen=True)
class Line:
    """One line of a report. role: part, total, before (the period compared with), change."""

    name: str
    figures: tuple[Figure, ...]
    role: str = "part"


@dataclass(frozen=True)
class Point:
    """A place on a chart's axis with one figure for each series."""

    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing. sort: bars (groups side by side) or months (time runs to the right)."""

    title: str
    sort: str
    unit: str
    series: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Sum:
    """A column that is the sum of others in the same line, by their keys; 'x.part' and 'x.base' are the two numbers behind a rate x."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A report as data. corner: the heading over the lines' names. hot: the leading categories, never people.

    notes: how it was counted. missing: what could not be counted, with numbers, so for the house only. outside: made for outsiders.
    """

    key: str
    title: str
    period: Period
    before: str
    place: str
    corner: str
    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]
    charts: tuple[Chart, ...] = ()
    hot: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    outside: bool = False

    def line(self, role: str) -> Line | None:
        """The line of a role that stands once."""
        return next((each for each in self.lines if each.role == role), None)

    def at(self, line: Line, key: str) -> Figure:
        """A line's figure of a measure."""
        return line.figures[[each.key for each in self.measures].index(key)]


def figures(measures: Iterable[Measure], now: Items, then: Items | None = None) -> tuple[Figure, ...]:
    """A figure for each measure."""
    made: dict[str, Figure] = {}
    for each in measures:
        made[each.key] = _against(made[each.of], then, measures, each) if each.of else _figure(each, now)
    return tuple(made.values())


def _figure(measure: Measure, items: Items) -> Figure:
    found = items.get(measure.record, ())
    if measure.base is None:
        return Figure("count", measure.record, _keys(found, measure.test))
    base = [item for item in found if measure.base(item)]
    return Figure("rate", measure.record, _keys(base, measure.test), tuple(item.id for item in base))


def _keys(items: Iterable[Any], test: Test) -> tuple[str, ...]:
    return tuple(item.id for item in items if test(item))


def _against(now: Figure, then: Items | None, measures: Iterable[Measure], change: Measure) -> Figure:
    if then is None:
        return Figure("none")
    counted = next(each for each in measures if each.key == change.of)
    return replace(now, sort="change", then=_figure(counted, then).keys)


def compared(measures: Sequence[Measure], total: Line, then: Items, names: tuple[str, str]) -> tuple[Line, Line]:
    """The line of the period before, and how much has changed since. names: what the two lines are called."""
    past = tuple(figure if each.past else Figure("none") for each, figure in zip(measures, figures(measures, then), strict=True))
    changes = tuple(map(_difference, total.figures, past))
    return Line(names[0], past, "before"), Line(names[1], changes, "change")


def _difference(now: Figure, then: Figure) -> Figure:
    if "none" in (now.sort, then.sort):
        return replace(now) if now.sort == "change" else Figure("none")
    sort = "points" if now.sort == "rate" else "change"
    return Figure(sort, now.record, now.keys, now.base, then.keys, then.base)


def titled(what: str, period: Period) -> str:
    """诉求办理月报, 诉求办理季报 and so on."""
    return what + REPORTS[period.kind]


def telling(*charts: Chart) -> tuple[Chart, ...]:
    """The charts that have anything to show."""
    return tuple(each for each in charts if any(figure.value for point in each.points for figure in point.figures))


def bars(title: str, unit: str, labelled: Iterable[tuple[str, Figure]]) -> Chart:
    """A chart of one series of groups."""
    return Chart(title, "bars", unit, ("",), tuple(Point(label, (figure,)) for label, figure in labelled))


def named(record: str, items: Iterable[Any], test: Test) -> Figure:
    """A count outside the table, for a chart."""
    return Figure("count", record, _keys(items, test))
