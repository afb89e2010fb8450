"""For outsiders: small groups are hidden, and nobody can reckon them out; an oracle tries every number they could have been."""
from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.desk.reports import members, requests
from gridapp.desk.reports.hiding import HIDDEN, closed, outside
from gridapp.desk.reports.places import Places
from gridapp.desk.reports.shape import NOTHING, Figure, Line, Measure, Report, Sum, bars, compared, figures
from gridapp.rules import periods
from tests.desk.reports import recount
from tests.desk.reports.test_counted_again import DAY, PERIODS, PLACES, TWO

LEAST = 3


class Item:
    """A thing to count: its line, its column, whether it is of the rate."""

    def __init__(self, number: int, line: int, column: int, is_good: bool) -> None:
        self.id, self.line, self.column, self.is_good = f"i{number}", line, column, is_good


def small_report(counts: list[list[int]], then: list[list[int]], good: int) -> Report:
    """Lines by columns, their sum before them, a rate over the sum and a change of it, and the same of the period before."""
    width = len(counts[0])
    measures = (
        Measure("all", "合计", record="x"),
        *(Measure(f"c{at}", f"栏{at}", record="x", test=lambda each, at=at: each.column == at) for at in range(width)),
        Measure("good", "率", record="x", test=lambda each: each.is_good, base=lambda each: True, base_is="all"), Measure("change", "环比", of="all"),
    )  # fmt: skip

    def items(table: list[list[int]]) -> list[Item]:
        places = [(line, column) for line, row in enumerate(table) for column, count in enumerate(row) for _ in range(count)]
        return [Item(number, *place, number % max(good, 1) == 0) for number, place in enumerate(places)]

    now, before = {"x": items(counts)}, {"x": items(then)}
    parts = [
        Line(f"行{at}", figures(measures, *({"x": [each for each in side["x"] if each.line == at]} for side in (now, before))))
        for at in range(len(counts))
    ]
    total = Line("合计", figures(measures, now, before), "total")
    lines = (*parts, total, *compared(measures, total, before, ("上期", "环比")))
    charts = (bars("各栏", "件", [(each.title, figure) for each, figure in zip(measures, total.figures, strict=True) if each.sort == "count"]),)
    return Report(
        "x", "试", periods.read("2026-10"), "上期", "示范", "行", measures, lines, charts, ("行0 1 件",), (), (),
        (Sum("all", tuple(f"c{at}" for at in range(width))),),
    )  # fmt: skip


def could_differ(sheet: Any, number: Any) -> bool:
    """Whether somebody who sees the rest, knows the sums, and what "<3" and "*" mean, could think it another number: every way is tried."""
    most = max(map(sheet.value, sheet.keys)) + 2
    sums = [{each: sign for each, sign in terms.items() if not sheet.is_known(each)} for terms in sheet.sums]
    seen = [sum(sign * sheet.value(each) for each, sign in terms.items() if sheet.is_known(each)) for terms in sheet.sums]

    def solve(values: dict[Any, int]) -> bool:
        for terms, known in zip(sums, seen, strict=True):
            open_ = [each for each in terms if each not in values]
            gap = known + sum(sign * values[each] for each, sign in terms.items() if each in values)
            if not open_ and gap:
                return False
            if len(open_) == 1:
                value = -gap * terms[open_[0]]
                return value >= 0 and sheet.fits(open_[0], value - sheet.value(open_[0])) and solve({**values, open_[0]: value})
        left = next((each for terms in sums if terms.keys() & values.keys() for each in terms if each not in values), None)
        return left is None or any(sheet.fits(left, value - sheet.value(left)) and solve({**values, left: value}) for value in range(most + 1))

    return any(
        value != sheet.value(number) and sheet.fits(number, value - sheet.value(number)) and solve({number: value}) for value in range(most + 1)
    )


COUNTS = st.integers(0, 5)


@settings(max_examples=60)
@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=1, max_size=2), st.data(), st.integers(0, 3))
def test_nobody_can_reckon_out_a_small_number(counts: list[list[int]], data: Any, good: int) -> None:
    then = [[data.draw(COUNTS) for _ in row] for row in counts]
    sheet = closed(small_report(counts, then, good), LEAST, whatever=True)
    for number in () if sheet.is_closed else filter(sheet.is_small, sheet.keys):
        assert not sheet.is_known(number) and could_differ(sheet, number), number


def told(report: Report) -> list[Figure]:
    return [figure for line in report.lines for figure in line.figures] + [
        figure for chart in report.charts for point in chart.points for figure in point.figures
    ]


def check(report: Report) -> None:
    made = outside(report, LEAST)
    assert made.outside and made.missing == ()
    for figure in told(made):
        assert figure.text == f"<{LEAST}" or figure.text in (HIDDEN, NOTHING) or _may_be_told(figure), figure
    for said in made.hot:
        assert int(said.split(" ")[1]) >= LEAST
    hidden = {figure for line in made.lines for figure in line.figures if figure.rows and figure.shown}
    assert all(figure.shown for chart in made.charts for point in chart.points for figure in point.figures if figure in hidden), "a chart tells it"


def _may_be_told(figure: Figure) -> bool:
    rest = len(figure.base) - len(figure.keys) if figure.base else 0
    return all(not 0 < count < LEAST for count in (len(figure.keys), len(figure.base), rest, len(figure.then), len(figure.then_base)))


@settings(max_examples=40)
@given(recount.MEMBERS, PERIODS, PLACES)
def test_members_for_outsiders(rows: list[dict[str, Any]], period: Any, places: Places) -> None:
    check(members.report(rows, period, places))


@settings(max_examples=40)
@given(recount.REQUESTS, PERIODS, DAY, PLACES)
def test_requests_for_outsiders(found: list[Any], period: Any, today: Any, places: Places) -> None:
    rows = requests.with_events([row for row, _ in found], [event for _, events in found for event in events])
    check(requests.report(rows, period, today, places))


def test_the_one_small_group_takes_another_with_it() -> None:
    made = outside(small_report([[1, 9, 8], [10, 20, 30]], [[5, 5, 5], [5, 5, 5]], 0), LEAST)
    assert [figure.text for figure in made.lines[0].figures[:4]] == ["18", "<3", "9", "*"]
    assert [figure.text for figure in made.lines[1].figures[:4]] == ["60", "*", "20", "*"]
    assert [figure.text for figure in made.lines[2].figures[:4]] == ["78", "11", "29", "38"]
    assert "不足 3 的写“<3”" in made.notes[-1]


def test_two_small_groups_that_add_up_to_two_are_no_secret_by_themselves() -> None:
    made = outside(small_report([[1, 1, 9]], [[5, 5, 5]], 0), LEAST)
    assert [figure.text for figure in made.lines[0].figures[:4]] == ["11", "<3", "<3", "*"]


def test_nothing_small_nothing_hidden() -> None:
    report = small_report([[5, 6], [7, 0]], [[5, 5], [5, 5]], 0)
    made = outside(report, LEAST)
    assert [each.text for each in told(made)] == [each.text for each in told(report)] and made.notes == ()


def test_a_report_too_small_for_its_lines_keeps_its_total() -> None:
    rows = [
        {"id": f"m{at}", "scope": "", "party_status": "normal", "join_date": "1990-01-01", "regular_date": "1991-01-01", "member_type": "full",
         "birth": "1960-01-01", "sex": "1", "nation": "01", "education": None, "party_group": group, "occupation": None}
        for at, group in enumerate(["一组"] * 2 + ["二组"] * 2)
    ]  # fmt: skip
    made = outside(members.report(rows, periods.read("2026"), Places("示范网格", (("", "示范网格"),))), LEAST)
    assert [line.role for line in made.lines] == ["total", "before", "change"] and made.lines[0].figures[0].text == "4"
    assert "只列合计" in " ".join(made.notes)


def test_months_too_small_to_be_told_take_their_chart_along() -> None:
    events: list[Any] = []
    rows = [
        {"id": f"r{at}", "req_date": day, "due_date": None, "category": "property", "visit_id": None, "scope": "c/g1"}
        for at, day in enumerate(["2026-10-01"] * 5 + ["2026-09-01"])
    ]  # fmt: skip
    report = requests.report([(row, events) for row in rows], periods.read("2026-10"), periods.read("2026-11").until, TWO)
    assert [chart.sort for chart in report.charts] == ["bars", "months"]
    assert [chart.sort for chart in outside(report, LEAST).charts] == ["bars"]
