"""When things fall due, by the rule packs: visits, requests, feedback, political birthdays, probation, years in the Party."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from gridapp.rules import dates, packs

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_OFTEN_FIRST = ("week", *_MONTHS)


def next_visit(last: str | None, frequency: str, on: dt.date) -> dt.date:
    """The day the next visit is due: on itself where there was none. A month alone counts from its first day."""
    if not last:
        return on
    start = dates.first_day(last)
    return start + dt.timedelta(days=7) if frequency == "week" else dates.add_months(start, _MONTHS[frequency])


def most_often(frequencies: Iterable[str]) -> str | None:
    """The most frequent of several visits; None for none, and for words of a newer version alone."""
    wanted = set(frequencies)
    return next((frequency for frequency in _OFTEN_FIRST if frequency in wanted), None)


def request_due(accepted_on: str, urgency: str | None, on: dt.date | None = None) -> str:
    """The last day to finish a request, ISO, by the rule in force on the day it was accepted (or on).

    24 hours count as the next day: ledgers keep days, not hours.
    """
    accepted = dates.first_day(accepted_on)
    days = packs.rule("request.due", on or accepted).params
    return (accepted + dt.timedelta(days=days.get(urgency or "normal", days["normal"]))).isoformat()


def feedback_due(closed_on: str) -> str:
    """The last day to ask whether the person is content, ISO."""
    day = dates.first_day(closed_on)
    return (day + dt.timedelta(days=packs.rule("request.feedback", day).params["days"])).isoformat()


def is_overdue(due: str | None, on: dt.date, closed_on: str | None = None) -> bool:
    """Whether it was, or is still being, finished after its last day."""
    return bool(due) and (dates.first_day(closed_on) if closed_on else on) > dates.first_day(str(due))


def age(birth: str | None, today: dt.date) -> int | None:
    """Whole years since an ISO day, month or year of birth; what is not known of the day counts as past. None for none."""
    return dates.months_between(dates.first_day(birth), today) // 12 if birth else None


def party_age(regular_date: str | None, adjust_months: int | None, on: dt.date) -> int | None:
    """党龄: whole years since becoming a full member, with the correction in months added. None for probationary members."""
    if not regular_date:
        return None
    start = dates.first_day(regular_date)
    months = dates.months_between(start, on) + (adjust_months or 0)
    return months // 12 if months >= 0 and start <= on else None


def political_birthday(join_date: str | None, year: int) -> dt.date | None:
    """The anniversary of joining in a year (a month alone: its first day); None for a year alone and before the first."""
    if not join_date or int(join_date[:4]) >= year:
        return None
    return dates.anniversary(join_date, year)


def probation_end(join_date: str | None) -> str | None:
    """When probation ends, as exactly as the joining date was written; None where only the year is known."""
    if not join_date or len(join_date) < 7:
        return None
    start = dates.first_day(join_date)
    return dates.add_months(start, packs.rule("member.probation", start).params["months"]).isoformat()[: len(join_date)]
