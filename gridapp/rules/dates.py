"""Dates as ledgers write them, read to as much as they say: 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD'. Never a day nobody wrote.

The clock is an argument everywhere; there is no today() here.
"""
from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from gridapp.rules import text
from gridapp.rules.date_cells import from_number, from_stamp
from gridapp.rules.date_spellings import Frame, from_text, refuse_shape
from gridapp.rules.reading import BLANK, Reading, refuse

CHINA = dt.timezone(dt.timedelta(hours=8))
_DITTO = frozenset(("〃", '"', "″", "”", "“", "''", "〝", "々", "同上", "同前", "ditto"))


def read(
    raw: Any,
    *,
    number_format: str | None = None,
    default_year: int | None = None,
    default_month: int | None = None,
    previous: str | None = None,
    latest: dt.date | None = None,
) -> Reading:
    """Partial ISO text from a cell or a field.

    number_format: the cell's Excel format (it tells 1965.10 from 1965.1). default_year, default_month: from the sheet's title, for ledgers of
    events; with them a range reads as its first day. previous: what 〃 repeats. latest: later dates are date_implausible, and two-digit
    years are never later. Faults: date_unparsable and date_invalid refuse; date_ambiguous and date_implausible only flag.
    """
    if raw is None:
        return BLANK
    frame = Frame(default_year, default_month, latest)
    if isinstance(raw, dt.date):
        return from_stamp(raw, number_format, frame)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return from_number(raw, number_format, frame)
    return _from_words(text.clean(raw), previous, frame)


def _from_words(written: str, previous: str | None, frame: Frame) -> Reading:
    if written.casefold() in _DITTO:
        return Reading(previous) if previous else refuse_shape("“同上”的上面没有日期。")
    return BLANK if text.is_blank(written) else from_text(written, frame)


def read_whole(raw: Any, **about: Any) -> Reading:
    """As read, but a year or a month alone is refused."""
    reading = read(raw, **about)
    if reading.value is None or len(reading.value) == 10:
        return reading
    code = reading.faults[0].code if reading.faults else "date_unparsable"
    return refuse(code, "日期要写到哪一天。", "请写成 2024-03-05 的样子。")


def month_day(text: str | None) -> str:
    """'11-21' of an ISO day; lists leave this year out."""
    return text[5:10] if text and len(text) >= 10 else text or ""


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole months from start to end; negative where end comes first."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (add_months(start, months) > end)


def anniversary(iso: str | None, year: int) -> dt.date | None:
    """The day's return in a year: 29 February falls on the 28th, a month alone on its first day, a year alone never."""
    if not iso or len(iso) < 7:
        return None
    month, day = int(iso[5:7]), int(iso[8:10] or 1)
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def first_day(iso: str) -> dt.date:
    """The earliest day a partial date can mean; of a UTC moment, the day it was in China."""
    return day_of(iso) if len(iso) > 10 else dt.date.fromisoformat((iso + "-01-01")[:10])


def day_of(moment: str) -> dt.date:
    """The day in China (one zone, UTC+8) of an ISO moment; a moment that names no zone is taken as it stands."""
    stamp = dt.datetime.fromisoformat(moment)
    return stamp.astimezone(CHINA).date() if stamp.tzinfo else stamp.date()
