"""R4 诉求办理: what was asked for in a period and how far it got, by category; never by person, and nobody is ranked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridapp.desk.facts import Row
from gridapp.desk.reports.places import Places
from gridapp.desk.reports.shape import Chart, Figure, Line, Measure, Point, Report, Sum, bars, compared, figures, named, telling, titled
from gridapp.rules import codes, dates, packs, stages
from gridapp.rules.periods import Period

TITLE = "诉求办理"
BY = {"category": ("领域", "request_field"), "request_type": ("类型", "request_type")}  # column: what it is called, its code table
MONTHS = 6
Told = tuple[Row, list[tuple[str, Row]]]  # a request and its events, each with its day in China


@dataclass(frozen=True, slots=True)
class Case:
    """A request as it stood at the end of a period, or today while the period runs. heard: how content, "" where nobody was asked in the period."""

    id: str
    category: str
    accepted: str
    closed: str
    is_accepted: bool
    is_closed: bool
    is_dispatched: bool
    is_open: bool
    is_late: bool
    was_due: bool
    in_time: bool
    is_asked: bool
    heard: str


def measures(rule: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The columns of R4, in domain.md's order."""
    valued, content = rule["valued"], rule["content"]
    labels = codes.table("satisfaction")
    return (
        _measure("accepted", "受理", "受理日期在本期内的事项。", lambda each: each.is_accepted),
        _measure(
            "direct", "直接办结", "本期受理、没有派单就办结的。", lambda each: each.is_accepted and bool(each.closed) and not each.is_dispatched
        ),
        _measure("dispatched", "转派", "本期受理、派过单的。", lambda each: each.is_accepted and each.is_dispatched),
        _measure("closed", "办结", "办结日在本期内的事项，不论哪一期受理。", lambda each: each.is_closed),
        _measure("open", "在办(未超期)", "期末还没有办结、时限还没有过的。", lambda each: each.is_open and not each.is_late),
        _measure("late", "超期", "期末还没有办结、时限已过的。", lambda each: each.is_late),
        _measure("in_time", "按期办结率", "按期办结÷应办结；应办结是本期到期的。", lambda each: each.in_time, lambda each: each.was_due),
        _measure("done", "办结率", "本期受理、期末已经办结的÷受理。", lambda each: bool(each.closed), lambda each: each.is_accepted, "accepted"),
        _measure("asked", "回访数", "本期回访过的事项。", lambda each: each.is_asked),
        *(_measure(code, labels.label(code), "按本期最后一次回访。", lambda each, code=code: each.heard == code) for code in valued),
        _measure("content", "满意率", "(满意+基本满意)÷有评价的回访。", lambda each: each.heard in content, lambda each: each.heard in valued),
        Measure("change", "环比", "受理数与上期相比。", "request", of="accepted"),
    )


def _measure(key: str, title: str, says: str, test: Any, base: Any = None, base_is: str = "") -> Measure:
    return Measure(key, title, says, "request", test, base, base_is=base_is)


def closed_by(events: Iterable[tuple[str, Row]], end: str) -> str:
    """The day a request was closed as things stood at the end of a day, "" while it was open."""
    told = [(event["action"], event["happened_at"], event["id"]) for day, event in events if day <= end]
    return stages.closed_on(told) or "" if any(stages.stages().leads.get(each[0]) in stages.stages().ended for each in told) else ""


def cases(found: Iterable[Told], period: Period, today: dt.date, by: str = "category") -> list[Case]:
    """The requests a report of the period is about, as of its end or of today."""
    end = min(period.until, today)
    passed = min(period.until, today - dt.timedelta(1)).isoformat()  # a day that still runs is no missed deadline
    return [_case(row, events, row[by] or "", period, end.isoformat(), passed) for row, events in found if (row["req_date"] or "") <= end.isoformat()]


def _case(row: Row, events: list[tuple[str, Row]], category: str, period: Period, end: str, passed: str) -> Case:
    till = [(day, event) for day, event in events if day <= end]
    closed = closed_by(till, end)
    accepted, last = row["req_date"] or "", row["due_date"] or ""
    backs = (each for day, each in till if each["action"] == "feedback" and period.holds(day))
    asked = sorted((each["happened_at"], each["id"], each["satisfaction"] or "") for each in backs)
    was_due = period.holds(last) and last <= passed
    return Case(
        row["id"], category, accepted, closed, period.holds(accepted), period.holds(closed),
        any(event["action"] == "dispatch" for _, event in till), not closed, not closed and bool(last) and last <= passed,
        was_due, was_due and bool(closed) and closed <= last, bool(asked), asked[-1][2] if asked else "",
    )  # fmt: skip


def with_events(rows: Iterable[Row], events: Iterable[Row]) -> list[Told]:
    """Requests, each with its events that tell when they happened."""
    by_request: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for event in events:
        if event["happened_at"]:
            by_request[event["request_id"]].append((dates.first_day(event["happened_at"]).isoformat(), event))
    return [(row, by_request.get(row["id"], [])) for row in rows]


def report(found: list[Told], period: Period, today: dt.date, places: Places, by: str = "category") -> Report:
    """R4 of a period. by: the column whose values are its lines."""
    rule = packs.counting("report.requests", period.until)
    declared = measures(rule)
    now, then = (cases(found, each, today, by) for each in (period, period.before()))
    total = Line("合计", figures(declared, {"request": now}, {"request": then}), "total")
    before = compared(declared, total, {"request": then}, ("上期", "环比"))
    parts = _parts(declared, now, then, *BY[by])
    notes = (
        f"上期：{period.before().title}。" + (f"本期还没有结束，算到 {today.isoformat()}。" if period.until >= today else ""),
        f"类别是事项的{BY[by][0]}；热点只列类别，不列人。时限当天还没有过完的，不算超期。",
        "退回重办的事项，以最后一次办结的那天为准。",
    )
    sums = (Sum("asked", tuple(rule["valued"])), Sum("content.part", tuple(rule["content"])), Sum("content.base", tuple(rule["valued"])),
            Sum("accepted", ("direct", "dispatched")))  # fmt: skip
    return Report(
        "requests", titled(TITLE, period), period, "上期", places.title, "类别", declared, (*parts, total, *before),
        _charts(parts, now, period, BY[by][0]), _hot(parts, rule["hot"]), notes, (), sums,
    )  # fmt: skip


def _parts(declared: tuple[Measure, ...], now: list[Case], then: list[Case], what: str, table: str) -> list[Line]:
    """A line for each category of the code table that has anything to tell, in the table's order."""
    told = {each.category for each in now if each.is_accepted or each.is_closed or each.is_open or each.was_due or each.is_asked}
    labels = codes.table(table)
    known = list(labels.items)
    order = [*(code for code in known if code in told), *sorted(told - {*known, ""}), *([""] if "" in told else [])]
    return [
        Line(
            labels.label(code) or f"没有填{what}的",
            figures(declared, *({"request": [each for each in side if each.category == code]} for side in (now, then))),
        )
        for code in order
    ]


def _hot(parts: list[Line], most: int) -> tuple[str, ...]:
    """The categories most asked for, as (name, figure) in words; never people."""
    asked = (line for line in parts if line.figures[0].keys and not line.name.startswith("没有填"))
    ranked = sorted(asked, key=lambda line: -len(line.figures[0].keys))
    return tuple(f"{line.name} {line.figures[0].text} 件" for line in ranked[:most])


def _charts(parts: list[Line], now: list[Case], period: Period, what: str) -> tuple[Chart, ...]:
    months = tuple(Point(f"{month.since.month}月", (_accepted(now, month), _closed(now, month))) for month in period.months(MONTHS))
    by_category = bars(f"本期受理，按{what}", "件", [(line.name, line.figures[0]) for line in parts if line.figures[0].value])
    return telling(by_category, Chart("每月受理和办结", "months", "件", ("受理", "办结"), months))


def _accepted(now: list[Case], month: Period) -> Figure:
    return named("request", now, lambda each: month.holds(each.accepted))


def _closed(now: list[Case], month: Period) -> Figure:
    return named("request", now, lambda each: month.holds(each.closed))
