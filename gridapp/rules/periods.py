"""Periods a report is about: a month, a quarter, a year or any two days, both counted; and the one before, to compare with."""
from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from gridapp.rules.dates import add_months
from gridapp.rules.reading import Trouble

MONTHS = {"month": 1, "quarter": 3, "year": 12}
NAMES = {"month": "月", "quarter": "季", "year": "年", "days": "任意两天"}
EARLIEST, LATEST = 1921, 2199
HOW = "请写成 2026-10（月）、2026-Q3（季）、2026（年）或 2026-10-01..2026-10-15（任意两天）。"
_WRITTEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{1,2})))?")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both in it. Days that make a whole month, quarter or year are that month, quarter or year."""

    since: dt.date
    until: dt.date

    @property
    def kind(self) -> str:
        """month, quarter, year or days."""
        return next((kind for kind in MONTHS if self == of(kind, self.since)), "days")

    @property
    def key(self) -> str:
        """As `read` takes it."""
        year = f"{self.since.year:04d}"
        kind = self.kind
        if kind == "days":
            return f"{self.since}..{self.until}"
        return {"month": f"{year}-{self.since.month:02d}", "quarter": f"{year}-Q{_quarter(self.since)}", "year": year}[kind]

    @property
    def title(self) -> str:
        """As people say it."""
        first, last, kind = self.since, self.until, self.kind
        if kind == "month":
            return f"{first.year}年{first.month}月"
        if kind == "quarter":
            return f"{first.year}年第{_quarter(first)}季度"
        if kind == "year":
            return f"{first.year}年"
        if first == last:
            return f"{first.year}年{first.month}月{first.day}日"
        year = "" if last.year == first.year else f"{last.year}年"
        return f"{first.year}年{first.month}月{first.day}日至{year}{last.month}月{last.day}日"

    def holds(self, day: str | None) -> bool:
        """Whether an ISO day lies in it."""
        return bool(day) and self.since.isoformat() <= str(day) <= self.until.isoformat()

    def before(self) -> Period:
        """The period before: of the same kind, or as many days."""
        return self._beside(-1)

    def after(self) -> Period:
        """The period after."""
        return self._beside(1)

    def _beside(self, way: int) -> Period:
        kind = self.kind
        if kind != "days":
            return of(kind, add_months(self.since, way * MONTHS[kind]))
        days = (self.until - self.since).days + 1
        return Period(self.since + dt.timedelta(way * days), self.until + dt.timedelta(way * days))

    def months(self, least: int) -> list[Period]:
        """Its months, and as many before them as make `least`."""
        last = of("month", self.until)
        count = max(least, (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1)
        return [of("month", add_months(last.since, back)) for back in range(1 - count, 1)]


def of(kind: str, day: dt.date) -> Period:
    """The month, quarter or year a day lies in."""
    months = MONTHS[kind]
    first = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
    last = add_months(first, months - 1)
    return Period(first, last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def between(since: dt.date, until: dt.date) -> Period:
    """From one day to another. Raises Trouble where the second comes first, or either lies centuries away."""
    if until < since:
        raise Trouble("结束的那天早于开始的那天。请核对两个日期。", "period")
    if not EARLIEST <= since.year <= until.year <= LATEST:
        raise Trouble(f"年份应在 {EARLIEST} 到 {LATEST} 之间。请核对日期。", "period")
    return Period(since, until)


def read(text: str) -> Period:
    """A period as it is written on a command line. Raises Trouble that says how."""
    first, dots, last = text.strip().partition("..")
    try:
        if dots:
            return between(dt.date.fromisoformat(first.strip()), dt.date.fromisoformat(last.strip()))
        written = _WRITTEN.fullmatch(first)
        if written is None:
            raise ValueError(first)
        year, quarter, month = int(written[1]), int(written[2] or 0), int(written[3] or 0)
        day = dt.date(year, quarter * 3 - 2 if quarter else month if written[3] else 1, 1)
    except ValueError as error:
        raise Trouble(f"没有看懂“{text[:40]}”这个期间。{HOW}", "period") from error
    found = of("quarter" if quarter else "month" if month else "year", day)
    return between(found.since, found.until)


def _quarter(day: dt.date) -> int:
    return (day.month + 2) // 3
