"""The number of a visit sheet: it stands on the paper and in its QR code, leads back to the household, and says nothing to anybody else."""

from __future__ import annotations

import datetime as dt
import re

from gridapp.store import Connection
from gridapp.store.read import values

SIGN = "ZF"
TAIL = 8  # the last hexadecimal digits of a row's id, which are random
NUMBER = re.compile(rf"{SIGN}-?([0-9A-F]{{{TAIL}}})(-?\d{{6}})?", re.IGNORECASE)


def number(row_id: str, day: dt.date) -> str:
    """'ZF-3F9A21C4-261122' for a household or a visit, printed that day."""
    return f"{SIGN}-{row_id[-TAIL:].upper()}-{day:%y%m%d}"


def households_of(connection: Connection, text: str) -> list[str]:
    """The households whose sheet has this number (or whose visit's sheet has); none for any other text."""
    if not (found := NUMBER.fullmatch(text.strip())):
        return []
    tail = found[1].lower()
    homes = [home for (home,) in values(connection, "household", "id") if home.endswith(tail)]
    visited = [home for visit, home in values(connection, "visit", "id", "household_id") if home and visit.endswith(tail)]
    return list(dict.fromkeys(homes + visited))
