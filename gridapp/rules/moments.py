"""Moments: UTC ISO text to the millisecond in the store, China time (UTC+8) to the minute for people."""
from __future__ import annotations

import datetime as dt
from typing import Any

from gridapp.rules import text
from gridapp.rules.dates import CHINA
from gridapp.rules.reading import BLANK, Reading, refuse


def read(raw: Any) -> Reading:
    """A moment from stored text, a '2026-11-21 09:30' or a day alone (its midnight); a moment without a zone is China time."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        raw = dt.datetime(raw.year, raw.month, raw.day)
    written = raw.isoformat() if isinstance(raw, dt.datetime) else text.clean(raw)
    if text.is_blank(written):
        return BLANK
    try:
        moment = dt.datetime.fromisoformat(written.replace("/", "-"))
    except ValueError:
        return refuse("date_unparsable", "没有看懂这个时间。", "请写成 2026-11-21 09:30 的样子。")
    return Reading(store(moment if moment.tzinfo else moment.replace(tzinfo=CHINA)))


def store(moment: dt.datetime) -> str:
    """As the store writes it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def show(stored: str | None) -> str:
    """China time to the minute; '' for nothing; what is no moment (a broken program's bundle may hold anything) as it stands."""
    try:
        return dt.datetime.fromisoformat(stored).astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if stored else ""
    except (ValueError, OverflowError):
        return str(stored)


def local_day(stored: str) -> str:
    """The day in China of a stored moment, ISO."""
    return show(stored)[:10]
