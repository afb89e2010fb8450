"""What holds for every date, however written."""
import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import dates

LATEST = dt.date(2050, 12, 31)
days = st.dates(dt.date(1900, 1, 1), LATEST)
PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
SPELLINGS = ("{0:%Y-%m-%d}", "{0:%Y.%m.%d}", "{0:%Y/%m/%d}", "{0:%Y年%m月%d日}", "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}",
    "{0:%Y%m%d}")
MONTHS = ("{0:%Y-%m}", "{0:%Y.%m}", "{0:%Y年%m月}", "{0.year}年{0.month}月", "{0:%Y/%m}", "{0:%Y%m}")


@given(days, st.sampled_from(SPELLINGS))
def test_a_written_day_comes_back(day, spelling):
    reading = dates.read(spelling.format(day), latest=LATEST)
    assert (reading.value, reading.faults) == (day.isoformat(), ())


@given(days, st.sampled_from(MONTHS))
def test_a_month_never_gains_a_day(day, spelling):
    reading = dates.read(spelling.format(day), latest=LATEST)
    assert (reading.value, reading.faults) == (f"{day:%Y-%m}", ())


@given(days)
def test_a_month_as_a_number_is_right_or_said(day):
    reading = dates.read(float(f"{day:%Y.%m}"), latest=LATEST)
    assert reading.value == f"{day:%Y-%m}" or (day.month == 10 and reading.value == str(day.year) and reading.faults[0].code == "date_ambiguous")
    assert dates.read(float(f"{day:%Y.%m}"), number_format="0.00", latest=LATEST).value == f"{day:%Y-%m}"


@given(days, st.integers(4, 10).filter(lambda size: size in (4, 7, 10)))
def test_what_is_kept_reads_as_itself(day, size):
    kept = day.isoformat()[:size]
    assert dates.read(kept, latest=LATEST).value == kept


@given(days.filter(lambda day: day >= dt.date(1927, 6, 1)))
def test_serials(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert dates.read(serial, latest=LATEST).value == day.isoformat()


anything = st.one_of(st.text(max_size=80), st.text("0123456789.-/年月日号 〃至三十", max_size=24), st.floats(), st.integers(), st.dates(),
    st.datetimes(), st.booleans())


@given(anything, st.sampled_from([None, "0.00", "yyyy-mm-dd", 'yyyy"年"m"月"', "General", "@"]), st.sampled_from([None, 2024]),
    st.sampled_from([None, 3]))
def test_a_value_is_a_real_date_and_nothing_raises(raw, number_format, year, month):
    reading = dates.read(raw, number_format=number_format, default_year=year, default_month=month, latest=LATEST)
    assert reading.value is None or PARTIAL.fullmatch(reading.value)
    assert reading.value is None or dt.date.fromisoformat((reading.value + "-01-01")[:10])
    assert not (reading.refused and reading.value)


@given(st.integers(1850, 2100), st.lists(st.integers(0, 40), max_size=3), st.sampled_from([".", "-", "/", "年", "月", " ", "、", "至"]),
    st.sampled_from(["", "年", "月", "日", "生"]))
def test_no_more_parts_than_were_written(year, others, sign, end):
    value = dates.read(sign.join(map(str, [year, *others])) + end, latest=LATEST).value
    assert value is None or (value[:4] == str(year) and [int(part) for part in value.split("-")[1:]] == others[: value.count("-")])


@given(days, st.integers(-600, 600))
def test_months_there_and_between(day, months):
    later = dates.add_months(day, months)
    assert dates.months_between(day, later) == months or later.day != day.day
