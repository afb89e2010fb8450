"""The time as the store writes it."""

from __future__ import annotations

import datetime as dt


def now_text() -> str:
    """This moment in UTC, ISO text to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
