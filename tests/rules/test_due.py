"""When things fall due."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import due

ON = dt.date(2024, 3, 31)


@pytest.mark.parametrize(("last", "frequency", "expected"), [
    (None, "month", ON), ("2024-01-31", "month", dt.date(2024, 2, 29)), ("2024-03-01", "week", dt.date(2024, 3, 8)),
    ("2024-03-01", "quarter", dt.date(2024, 6, 1)),
    ("2024-03", "month", dt.date(2024, 4, 1)), ("2024-03-05T20:00:00.000Z", "week", dt.date(2024, 3, 13))])
def test_next_visit(last, frequency, expected):
    assert due.next_visit(last, frequency, ON) == expected


@pytest.mark.parametrize(("frequencies", "expected"), [
    (["month"], "month"), (["quarter", "month"], "month"), (["quarter", "week", "month"], "week"), ([], None), (["something_newer"], None),
    (["something_newer", "quarter"], "quarter")])
def test_the_most_frequent_visit(frequencies, expected):
    assert due.most_often(frequencies) == expected


@pytest.mark.parametrize(("urgency", "expected"),
    [("urgent", "2024-02-29"), ("normal", "2024-03-06"), ("complex", "2024-03-14"), (None, "2024-03-06")])
def test_requests(urgency, expected):
    assert due.request_due("2024-02-28", urgency) == expected


def test_asking_back():
    assert due.feedback_due("2024-02-28") == "2024-03-02"
    assert due.feedback_due("2024-02-27T18:00:00.000Z") == "2024-03-02"


@pytest.mark.parametrize(("last_day", "closed", "expected"), [
    ("2024-03-30", None, True), ("2024-03-31", None, False), ("2024-03-30", "2024-03-30", False), ("2024-03-30", "2024-03-31", True),
    (None, None, False), ("", None, False),
    ("2024-03-30", "2024-03-30T17:00:00.000Z", True)])
def test_overdue(last_day, closed, expected):
    assert due.is_overdue(last_day, ON, closed) is expected


@pytest.mark.parametrize(("regular", "adjust", "expected"), [
    ("1974-03-31", 0, 50), ("1974-04-01", 0, 49), ("1974-03", 0, 50), ("1974", 0, 50), ("1975-03-31", 12, 50), ("1974-03-31", -1, 49),
    (None, 0, None), ("2024-04-01", 0, None),
    ("1974-03-31", None, 50)])
def test_party_age_counts_from_full_membership(regular, adjust, expected):
    assert due.party_age(regular, adjust, ON) == expected


@pytest.mark.parametrize(("joined", "expected"), [
    ("1968-05-03", dt.date(2023, 5, 3)), ("1968-02-29", dt.date(2023, 2, 28)), ("1969-11", dt.date(2023, 11, 1)), ("1969", None), (None, None),
    ("2023-05-03", None)])
def test_political_birthday(joined, expected):
    assert due.political_birthday(joined, 2023) == expected


@pytest.mark.parametrize(("joined", "expected"), [
    ("2023-06-15", "2024-06-15"), ("2023-06", "2024-06"), ("2024-02-29", "2025-02-28"), ("2026-06-01", "2027-06-01"), ("1968-05-03", "1969-05-03"),
    ("2023", None), (None, None)])
def test_probation_end(joined, expected):
    assert due.probation_end(joined) == expected


@given(st.dates(dt.date(1950, 1, 1), dt.date(2050, 1, 1)), st.sampled_from(["week", "month", "quarter"]))
def test_the_next_visit_always_comes_after_the_last(day, frequency):
    assert due.next_visit(day.isoformat(), frequency, ON) > day
