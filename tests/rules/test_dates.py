"""Dates: every spelling of the shared ledgers, and never a day nobody wrote."""
import datetime as dt

import pytest

from gridapp.rules import dates

TODAY = dt.date(2024, 12, 31)


def read(raw, **about):
    return dates.read(raw, latest=TODAY, **about)


@pytest.mark.parametrize("raw", [
    "1965-03-12", "1965/3/12", "1965.03.12", "1965.3.12", "1965年3月12日", "19650312", 19650312, 23813, 23813.0, 23813.4, dt.date(1965, 3, 12),
    dt.datetime(1965, 3, 12), "１９６５年３月１２日", "1965．03．12", "1965 - 03 - 12", " 1965-03-12 ", "'1965-03-12", "1965-03-12 00:00:00",
    "1965.3.12.",
    "1965。3。12", "1965、3、12", "一九六五年三月十二日", "1965年3月12日（身份证）", "1965年3月12日生", "1965 3 12", "1965年3月12",
    "1965-03-12T00:00:00",
    "1965年 3月 12日", "65年3月12日", "65.3.12", "65-03-12", "65/3/12", "1965\\3\\12", "1965,3,12", "1965.3.12（阳历）", "1965/3/12 0:00", "650312",
    "1965年3月12日 星期五", "一九六五年三月一十二日", "12-Mar-1965", 1965.0312])
def test_whole_days(raw):
    assert (read(raw).value, read(raw).faults) == ("1965-03-12", ())


@pytest.mark.parametrize(("raw", "expected"), [
    ("1965年03月", "1965-03"), ("1965.3", "1965-03"), ("1965.03", "1965-03"), ("1965.10", "1965-10"), ("1965-11", "1965-11"), ("1965/4", "1965-04"),
    ("65.03", "1965-03"), ("65年3月", "1965-03"), (196503, "1965-03"), ("196511", "1965-11"), (1965.03, "1965-03"), (1965.3, "1965-03"),
    (1965.12, "1965-12"),
    (1972.02, "1972-02"), ("1965年3月生", "1965-03"), ("1965-3", "1965-03"), ("1965年", "1965"), (1965, "1965"), ("1965", "1965"),
    ("一九六五年三月", "1965-03"),
    ("1965年3月份", "1965-03"), ("1965年十月", "1965-10"), ("1965年廿", None), (65.03, "1965-03"), ("1965.03.", "1965-03"), ("Mar-65", "1965-03"),
    (201206, "2012-06")])
def test_as_much_as_is_written(raw, expected):
    reading = read(raw)
    assert reading.value == expected
    assert reading.refused == (expected is None)


@pytest.mark.parametrize(("raw", "number_format", "expected"), [
    (1965.1, "0.00", "1965-10"), (1972.02, "0.00", "1972-02"), (1965.1, "0.00_ ", "1965-10"), (1976.05, "0.00", "1976-05"),
    (2024.1, "#,##0.00", "2024-10"),
    (dt.datetime(1965, 3, 1), 'yyyy"年"m"月"', "1965-03"), (dt.datetime(1965, 3, 1), "mmm-yy", "1965-03"),
    (dt.datetime(1965, 3, 1), "yyyy/m/d", "1965-03-01"),
    (dt.datetime(1965, 3, 1), "General", "1965-03-01"), (dt.datetime(1965, 3, 12), 'yyyy"年"m"月"', "1965-03-12"),
    (dt.datetime(1965, 1, 1), "yyyy", "1965"),
    (dt.datetime(2024, 1, 1), 'm"月"d"日"', "2024-01-01"), (dt.datetime(2024, 3, 1), "[$-804]yyyy年m月", "2024-03")])
def test_the_format_tells(raw, number_format, expected):
    reading = read(raw, number_format=number_format)
    assert (reading.value, reading.faults) == (expected, ())


@pytest.mark.parametrize(("raw", "expected"), [
    (1965.1, "1965"), (1978.1, "1978"), (65.1, "1965"), ("3/12/65", None), ("03/12/1965", None), ("3/4/5", None), ("12.06", "2012-06"),
    ("05年3月", "2005-03")])
def test_ambiguous_ones_are_read_only_as_far_as_sure(raw, expected):
    reading = read(raw)
    assert reading.value == expected and not reading.refused
    assert [fault.code for fault in reading.faults] == ["date_ambiguous"]


@pytest.mark.parametrize(("raw", "expected"), [("3/25/65", "1965-03-25"), ("25/3/1965", "1965-03-25"), ("3/3/1965", "1965-03-03")])
def test_a_year_at_the_end_where_only_one_order_is_possible(raw, expected):
    assert (read(raw).value, read(raw).faults) == (expected, ())


@pytest.mark.parametrize("raw", ["2065-03-12", "1865-03-12", "2025-01-01", dt.date(2030, 1, 1)])
def test_implausible(raw):
    reading = read(raw)
    assert reading.value == str(raw) and not reading.refused
    assert [fault.code for fault in reading.faults] == ["date_implausible"]


@pytest.mark.parametrize("raw", ["1965-02-30", "1965.13", 19651332, 196513, 1965.13, "1965年13月", "1965-00-00", "1965.03.00", "65.13",
    "2023-02-29", "1965.0"])
def test_impossible(raw):
    assert [fault.code for fault in read(raw).faults] == ["date_invalid"]
    assert read(raw).value is None and read(raw).refused


@pytest.mark.parametrize("raw", [
    "农历乙巳年二月初十", "1965年3月12日（农历）", "1965-03-12/1965-03-21", "三月", "65岁", "1月下旬", "3月5日", "23813", "约1965年", "1965年左右",
    "六十年代", "abc", "3.1", 3.1,
    0, -5, 99, 1e300, float("nan"), float("inf"), True, "1965-03-12、1965-03-13", "〃", "5日", "1" * 5000, "1965.031", dt.time(8, 0)])
def test_unreadable(raw):
    assert [fault.code for fault in read(raw).faults] == ["date_unparsable"]
    assert read(raw).value is None and read(raw).refused


@pytest.mark.parametrize("raw", [None, "", "不详", "/", "—", "无", "----"])
def test_blank(raw):
    assert (read(raw).value, read(raw).faults) == (None, ())


@pytest.mark.parametrize(("raw", "expected"), [
    ("3月5日", "2024-03-05"), ("03月05日", "2024-03-05"), ("3.10", "2024-03-10"), ("03-12", "2024-03-12"), ("2024/3/15", "2024-03-15"),
    ("3月20日上午", "2024-03-20"),
    (3.25, "2024-03-25"), ("3月5日下午3点", "2024-03-05"), ("3月5日14:30", "2024-03-05"), ("2024年3月20日上午9时30分", "2024-03-20"),
    ("三月五日", "2024-03-05"), ("3月5号", "2024-03-05"),
    ("5日", "2024-03-05"), (5, "2024-03-05"), ("3/5", "2024-03-05"), ("3月", "2024-03"), (6.29, "2024-06-29"), ("6.30", "2024-06-30"),
    (dt.datetime(2023, 3, 5), "2023-03-05")])
def test_events_take_the_year_of_the_title(raw, expected):
    reading = read(raw, default_year=2024, default_month=3)
    assert (reading.value, reading.faults) == (expected, ())


@pytest.mark.parametrize(("raw", "number_format", "expected", "codes"), [
    (3.1, None, "2024-03", ["date_ambiguous"]), (3.1, "0.00", "2024-03-10", []), (3.05, None, "2024-03-05", []), (3.5, None, "2024-03-05", []),
    (3.5, "0.00", None, ["date_invalid"]),
    ("3月32日", None, None, ["date_invalid"]), ("3月下旬", None, None, ["date_unparsable"]), (13.5, None, None, ["date_unparsable"]),
    ("3月5日、9日", None, None, ["date_unparsable"])])
def test_events_that_are_not_sure(raw, number_format, expected, codes):
    reading = read(raw, number_format=number_format, default_year=2024, default_month=3)
    assert reading.value == expected and [fault.code for fault in reading.faults] == codes


@pytest.mark.parametrize("raw", ["3月21日-22日", "3月21日至25日", "3.21-3.25", "3.21-22", "2024.3.21-2024.3.25", "3月21日—3月25日",
    "2024年3月21日到25日", "3月21-22日"])
def test_a_range_of_an_event_is_its_first_day(raw):
    reading = read(raw, default_year=2024)
    assert reading.value == "2024-03-21" and [fault.code for fault in reading.faults] == ["date_ambiguous"]


@pytest.mark.parametrize("raw", ["〃", "″", '"', "同上"])
def test_ditto(raw):
    assert read(raw, previous="2024-01-05").value == "2024-01-05"


def test_read_whole():
    assert dates.read_whole("2024-3-5").value == "2024-03-05"
    assert dates.read_whole("").value is None and not dates.read_whole("").faults
    assert [fault.code for fault in dates.read_whole("2024.3").faults] == ["date_unparsable"]
    assert [fault.code for fault in dates.read_whole(1965.1).faults] == ["date_ambiguous"] and dates.read_whole(1965.1).refused


def test_without_a_clock():
    assert dates.read("65.03").value == "1965-03"
    assert [fault.code for fault in dates.read("2065-03-12").faults] == ["date_implausible"]
    assert dates.read("2026-11-21").faults == ()


def test_months():
    assert dates.add_months(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)
    assert dates.add_months(dt.date(2024, 1, 31), -2) == dt.date(2023, 11, 30)
    assert dates.months_between(dt.date(2024, 1, 31), dt.date(2024, 2, 29)) == 1
    assert dates.months_between(dt.date(2024, 2, 28), dt.date(2024, 1, 31)) == 0
    assert dates.months_between(dt.date(2025, 1, 1), dt.date(2024, 1, 1)) == -12


def test_anniversary_and_days():
    assert dates.anniversary("1968-02-29", 2023) == dt.date(2023, 2, 28)
    assert dates.anniversary("1968-05", 2024) == dt.date(2024, 5, 1)
    assert dates.anniversary("1968", 2024) is None and dates.anniversary(None, 2024) is None
    assert dates.first_day("1968") == dt.date(1968, 1, 1)
    assert dates.first_day("2024-01-05T20:30:00.000Z") == dt.date(2024, 1, 6)
    assert dates.month_day("1965-03-12") == "03-12" and dates.month_day("1965-03") == "1965-03" and dates.month_day(None) == ""
