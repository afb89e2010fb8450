"""The time as the store writes it."""

from __future__ import annotations

import datetime as dt

from gridapp.rules import moments


def now_text() -> str:
    """This moment in UTC, ISO text to the millisecond."""
    return moments.store(dt.datetime.now(dt.UTC))
