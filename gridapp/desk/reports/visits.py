"""R5 走访服务: how many doors were visited in a period, who was to be seen and was, what was found and what became of it; one line a grid."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridapp.desk.facts import Row
from gridapp.desk.reports.places import Places, by_place
from gridapp.desk.reports.requests import Told, closed_by
from gridapp.desk.reports.shape import Chart, Figure, Line, Measure, Point, Report, bars, compared, figures, named, telling, titled
from gridapp.rules import due, packs
from gridapp.rules.periods import Period

TITLE = "走访服务"
MONTHS = 6


@dataclass(frozen=True, slots=True)
class Home:
    """A household on the register, and whether it was visited in the period."""

    id: str
    scope: str
    is_lived_in: bool
    is_visited: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A visit of the period to a door: whether somebody had a need, whether it was handed on, and whether it is settled."""

    id: str
    scope: str
    day: str
    has_need: bool
    is_handed_on: bool
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Served:
    """A resident with a service category at the end of the period: whether a visit fell due in it, and was paid."""

    id: str
    scope: str
    is_due: bool
    is_seen: bool


@dataclass(frozen=True)
class Kept:
    """The rows R5 counts, as the store has them."""

    homes: list[Row]
    visits: list[Row]
    residents: list[Row]
    needs: list[Row]
    requests: list[Told]


MEASURES: tuple[Measure, ...] = (
    Measure("homes", "总户数", "现在在册的户。", "household", past=False),
    Measure("calls", "本期走访户次", "本期内到户（含电话、视频）的走访次数；没有写明哪一户的不算。", "visit"),
    Measure("doors", "去重户数", "本期走访过的户，一户只算一次。", "household", lambda each: each.is_visited),
    Measure("covered", "覆盖率", "走访过的÷在册非空置户。", "household", lambda each: each.is_visited, lambda each: each.is_lived_in),
    Measure("served", "重点对象数", "期末登记着服务类别的居民，一人只算一次。", "resident"),
    Measure("due", "应访", "按各人走访频次，期内该访的（上次走访加间隔不晚于期末，从没访过的都算）。", "resident", lambda each: each.is_due),
    Measure("seen", "已访", "应访的人里，本期走访过他这一户的。", "resident", lambda each: each.is_seen),
    Measure(
        "seen_rate", "月探访率", "已访÷应访；不止一个月的，期内访过一次就算。", "resident", lambda each: each.is_seen, lambda each: each.is_due,
        part_is="seen", base_is="due",
    ),
    Measure("needs", "发现需求", "本期走访中记了反映问题、或者转成了服务事项的。", "visit", lambda each: each.has_need),
    Measure("handed_on", "转办", "发现需求里，转成服务事项的。", "visit", lambda each: each.is_handed_on),
    Measure("settled", "已解决", "发现需求里，当场解决的，或者转成的事项期末已经全部办结的。", "visit", lambda each: each.is_settled),
    Measure(
        "settled_rate", "解决率", "已解决÷发现需求。", "visit", lambda each: each.is_settled, lambda each: each.has_need,
        part_is="settled", base_is="needs",
    ),
)


def items(kept: Kept, period: Period, today: dt.date, rule: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What a report of the period counts."""
    end = min(period.until, today)
    doors = {row["id"] for row in kept.homes}
    at_doors = [row for row in kept.visits if row["household_id"] in doors and row["visit_date"]]
    visited = {row["household_id"] for row in at_doors if period.holds(row["visit_date"])}
    homes = [Home(row["id"], row["scope"], row["dwelling"] not in rule["vacant"], row["id"] in visited) for row in kept.homes]
    calls = _calls([row for row in at_doors if period.holds(row["visit_date"])], kept.requests, end.isoformat())
    return {"household": homes, "visit": calls, "resident": _served(kept, at_doors, visited, period, end)}


def _calls(visits: Iterable[Row], requests: Iterable[Told], end: str) -> list[Call]:
    visits = list(visits)
    known = {row["id"] for row in visits}
    sprung: dict[str, list[bool]] = defaultdict(list)
    for row, events in requests:
        if row["visit_id"] in known and (row["req_date"] or "") <= end:
            sprung[row["visit_id"]].append(bool(closed_by(events, end)))
    return [_call(row, sprung.get(row["id"], [])) for row in visits]


def _call(row: Row, ended: list[bool]) -> Call:
    has_need = bool(row["problem"]) or bool(ended)
    return Call(row["id"], row["scope"], row["visit_date"], has_need, bool(ended), has_need and (bool(row["done"]) or bool(ended) and all(ended)))


def _served(kept: Kept, at_doors: list[Row], visited: set[str], period: Period, end: dt.date) -> list[Served]:
    since, day = period.since.isoformat(), end.isoformat()
    last: dict[str, str] = {}
    for row in at_doors:
        if row["visit_date"] < since:
            last[row["household_id"]] = max(last.get(row["household_id"], ""), row["visit_date"])
    often: dict[str, list[str]] = defaultdict(list)
    for need in kept.needs:
        if (need["from_date"] or "") <= day and (not need["to_date"] or need["to_date"] > day):
            often[need["resident_id"]].append(need["frequency"])
    found = []
    for person in kept.residents:
        if person["status"] == "here" and person["id"] in often:
            home = person["household_id"]
            is_due = _falls_due(last.get(home), often[person["id"]], period)
            found.append(Served(person["id"], person["scope"], is_due, is_due and home in visited))
    return found


def _falls_due(last: str | None, often: list[str], period: Period) -> bool:
    frequency = due.most_often(often)
    return frequency is not None and due.next_visit(last, frequency, period.since) <= period.until


def report(kept: Kept, period: Period, today: dt.date, places: Places) -> Report:
    """R5 of a period."""
    rule = packs.counting("report.visits", period.until)
    now, then = items(kept, period, today, rule), items(kept, period.before(), today, rule)
    parts = _parts(now, places)
    total = Line("合计" if parts else places.title, figures(MEASURES, now), "total")
    before = compared(MEASURES, total, then, ("上期", "环比"))
    notes = (
        f"上期：{period.before().title}。" + (f"本期还没有结束，算到 {today.isoformat()}。" if period.until >= today else ""),
        "户数、居住性质和居民是否在册按现在的登记；以前各期有多少户没有留下，写“—”。",
        "只列数目，不给网格和走访人排名。",
    )
    return Report(
        "visits", titled(TITLE, period), period, "上期", places.title, "网格", MEASURES, (*parts, total, *before), _charts(kept, period, total), (),
        notes,
    )  # fmt: skip


def _parts(now: dict[str, list[Any]], places: Places) -> list[Line]:
    by_grid = by_place(places, *now.values())
    if len(by_grid) == 1:
        return []
    return [Line(name, figures(MEASURES, dict(zip(now, found, strict=True)))) for name, found in by_grid]


def _charts(kept: Kept, period: Period, total: Line) -> tuple[Chart, ...]:
    doors = {row["id"] for row in kept.homes}
    calls = [Call(row["id"], row["scope"], row["visit_date"], False, False, False) for row in kept.visits if row["household_id"] in doors]
    months = tuple(Point(f"{month.since.month}月", (_in(calls, month),)) for month in period.months(MONTHS))
    labelled = {each.key: (each.title, figure) for each, figure in zip(MEASURES, total.figures, strict=True)}
    return telling(
        Chart("每月走访户次", "months", "次", ("",), months),
        bars("重点对象", "人", [labelled[key] for key in ("served", "due", "seen")]),
        bars("发现的需求", "件", [labelled[key] for key in ("needs", "handed_on", "settled")]),
    )


def _in(calls: list[Call], month: Period) -> Figure:
    return named("visit", calls, lambda each: month.holds(each.day))
