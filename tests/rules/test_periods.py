"""Periods: what they hold, what came before, how they are written and said."""
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import periods
from gridapp.rules.periods import Period
from gridapp.rules.reading import Trouble

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(("written", "since", "until", "title"), [
    ("2026-10", "2026-10-01", "2026-10-31", "2026年10月"),
    ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
    ("2026-02", "2026-02-01", "2026-02-28", "2026年2月"),
    ("2026-Q1", "2026-01-01", "2026-03-31", "2026年第1季度"),
    ("2026-Q4", "2026-10-01", "2026-12-31", "2026年第4季度"),
    ("2026", "2026-01-01", "2026-12-31", "2026年"),
    ("2026-10-01..2026-10-15", "2026-10-01", "2026-10-15", "2026年10月1日至10月15日"),
    ("2025-12-30..2026-01-02", "2025-12-30", "2026-01-02", "2025年12月30日至2026年1月2日"),
    ("2026-10-03..2026-10-03", "2026-10-03", "2026-10-03", "2026年10月3日"),
])  # fmt: skip
def test_as_written_and_said(written: str, since: str, until: str, title: str) -> None:
    found = periods.read(written)
    assert (found.since.isoformat(), found.until.isoformat(), found.title, found.key) == (since, until, title, written)


@pytest.mark.parametrize(("now", "before"), [
    ("2026-03", "2026-02"), ("2024-03", "2024-02"), ("2026-01", "2025-12"), ("2026-Q1", "2025-Q4"), ("2026", "2025"),
    ("2026-10-11..2026-10-20", "2026-10-01..2026-10-10"), ("2024-03-01..2024-03-01", "2024-02-29..2024-02-29"),
    ("2026-10-01..2026-12-31", "2026-Q3"),
])  # fmt: skip
def test_the_period_before(now: str, before: str) -> None:
    assert periods.read(now).before() == periods.read(before)


@given(DAYS, st.integers(0, 800))
def test_before_ends_the_day_before_and_after_comes_back(since: dt.date, days: int) -> None:
    found = Period(since, since + dt.timedelta(days))
    assert found.before().until + dt.timedelta(1) == found.since
    assert found.after().since - dt.timedelta(1) == found.until
    assert periods.read(found.key) == found
    if found.kind == "days" == found.before().kind:
        assert found.before().after() == found


@given(DAYS, st.sampled_from(["month", "quarter", "year"]), DAYS)
def test_what_lies_in_it(day: dt.date, kind: str, other: dt.date) -> None:
    found = periods.of(kind, day)
    assert found.kind == kind and found.holds(day.isoformat()) and not found.holds(None) and not found.holds("")
    assert found.holds(other.isoformat()) == (found.since <= other <= found.until)
    months = found.months(6)
    assert months[-1].until == found.until and len(months) == max(6, {"month": 1, "quarter": 3, "year": 12}[kind])
    assert all(first.after() == second for first, second in zip(months, months[1:], strict=False))


@pytest.mark.parametrize("written", ["", "去年", "2026-13", "2026-0", "2026-Q5", "2026-10-32..2026-11-01", "2026-10-15..2026-10-01", "0001", "9999"])
def test_what_is_no_period_says_how_to_write_one(written: str) -> None:
    with pytest.raises(Trouble) as caught:
        periods.read(written)
    assert caught.value.code == "period" and caught.value.text.endswith("。")
