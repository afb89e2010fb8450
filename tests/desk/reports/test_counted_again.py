"""Whatever the rows: each figure is the rows it opens, and a second, plainer count comes to the same."""
from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.desk.reports import members, requests, visits
from gridapp.desk.reports.places import Places
from gridapp.desk.reports.shape import NOTHING, SAME, Figure, Report
from gridapp.rules import periods
from gridapp.rules.periods import Period
from tests.desk.reports import recount

ONE = Places("示范网格", (("", "示范网格"),))
TWO = Places("示范社区", (("c/g1", "一网格"), ("c/g2", "二网格")))
PLACES = st.sampled_from([ONE, TWO])
DAY = recount.DAY
PERIODS = st.tuples(DAY, st.sampled_from(["month", "quarter", "year"])).map(lambda pair: periods.of(pair[1], pair[0])) | st.tuples(DAY, DAY).map(
    lambda pair: Period(min(pair), max(pair))
)


def share(part: int, whole: int) -> str:
    return f"{part / whole * 100:.1f}%" if whole else NOTHING


def holds(figure: Figure, known: set[str]) -> None:
    """A figure says what its rows say."""
    assert len(set(figure.keys)) == len(figure.keys) and set(figure.rows) <= known
    if figure.sort == "count":
        assert figure.text == f"{len(figure.rows):,}"
    elif figure.sort == "rate":
        assert set(figure.keys) <= set(figure.base) == set(figure.rows)
        assert figure.text == share(len(figure.keys), len(figure.base))
    elif figure.sort == "change":
        assert set(figure.rows) == {*figure.keys, *figure.then}
        assert (figure.text == NOTHING) == (not figure.then) and (figure.text == SAME) <= (len(figure.keys) == len(figure.then))
    elif figure.sort == "points":
        assert set(figure.rows) == {*figure.base, *figure.then_base} and (figure.text == NOTHING) == (not figure.base or not figure.then_base)
    else:
        assert figure.text == NOTHING and not figure.rows


def check(report: Report, known: set[str], columns: dict[str, set[str]], rates: dict[str, tuple[str, str]]) -> None:
    for line in report.lines:
        for figure in line.figures:
            holds(figure, known)
    for chart in report.charts:
        for point in chart.points:
            for figure in point.figures:
                holds(figure, known)
    total = report.line("total")
    assert total
    for measure, figure in zip(report.measures, total.figures, strict=True):
        if measure.sort == "count":
            assert set(figure.keys) == columns.get(measure.title, set()), measure.title
        elif measure.sort == "rate":
            part, base = rates[measure.title]
            whole = columns.get(base, set())
            assert set(figure.keys) == columns.get(part, set()) & whole and set(figure.base) == whole, measure.title
    parts = [line for line in report.lines if line.role == "part"]
    for at, measure in enumerate(report.measures):
        if parts and measure.sort != "change":
            for side in ("keys", "base"):
                whole = [key for line in parts for key in getattr(line.figures[at], side)]
                assert sorted(whole) == sorted(getattr(total.figures[at], side)), measure.title


@settings(max_examples=500)
@given(recount.MEMBERS, PERIODS, PLACES)
def test_members(rows: list[dict[str, Any]], period: Period, places: Places) -> None:
    report = members.report(rows, period, places)
    check(report, {row["id"] for row in rows}, recount.members(rows, period.until.isoformat()), {})
    before = report.line("before")
    year = recount.members(rows, (period.until.replace(year=2025) if period.until.isoformat()[5:] != "02-29" else dt.date(2025, 2, 28)).isoformat())
    assert before and all(
        set(figure.keys) == (year.get(measure.title, set()) if measure.past else set())
        for measure, figure in zip(report.measures, before.figures, strict=True)
    )


@settings(max_examples=500)
@given(recount.REQUESTS, PERIODS, DAY, PLACES)
def test_requests(found: list[Any], period: Period, today: dt.date, places: Places) -> None:
    told = requests.with_events([row for row, _ in found], [event for _, events in found for event in events])
    report = requests.report(told, period, today, places)
    columns = recount.requests(found, period.since.isoformat(), period.until.isoformat(), today.isoformat())
    columns["满意的"] = columns.get("满意", set()) | columns.get("基本满意", set())
    columns["评价的"] = columns["满意的"] | columns.get("不满意", set())
    rates = {"按期办结率": ("按期", "应办结"), "办结率": ("受理里办结", "受理"), "满意率": ("满意的", "评价的")}
    check(report, {row["id"] for row, _ in found}, columns, rates)
    before, last = period.before(), report.line("before")
    then = recount.requests(found, before.since.isoformat(), before.until.isoformat(), today.isoformat())
    assert last and all(
        set(figure.keys) == then.get(measure.title, set())
        for measure, figure in zip(report.measures, last.figures, strict=True)
        if measure.sort == "count"
    )
    for month, point in zip(period.months(6), next((each.points for each in report.charts if each.sort == "months"), ()), strict=False):
        assert set(point.figures[0].keys) == {
            row["id"] for row, _ in found if month.holds(row["req_date"]) and row["req_date"] <= min(period.until, today).isoformat()
        }


@settings(max_examples=500)
@given(recount.HOMES, recount.VISITS, recount.RESIDENTS, recount.NEEDS, recount.REQUESTS, PERIODS, DAY, PLACES)
def test_visits(
    homes: Any, calls: Any, residents: Any, needs: Any, found: Any, period: Period, today: dt.date, places: Places
) -> None:
    told = requests.with_events([row for row, _ in found], [event for _, events in found for event in events])
    report = visits.report(visits.Kept(homes, calls, residents, needs, told), period, today, places)
    raw = SimpleNamespace(homes=homes, visits=calls, residents=residents, needs=needs, requests_raw=found)
    columns = recount.visits(raw, period.since.isoformat(), period.until.isoformat(), today.isoformat())
    rates = {"覆盖率": ("去重户数", "非空置"), "月探访率": ("已访", "应访"), "解决率": ("已解决", "发现需求")}
    check(report, {row["id"] for side in (homes, calls, residents) for row in side}, columns, rates)
