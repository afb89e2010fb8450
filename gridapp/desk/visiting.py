"""记走访: a visit and the request that came out of it, kept in one go."""

from __future__ import annotations

from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.keeping import Kept, keep_in
from gridapp.desk.requests import open_request
from gridapp.store.read import newest


def keep_visit(desk: Desk, visit_raw: dict[str, Any], request_raw: dict[str, Any] | None = None) -> Kept:
    """Keep a visit and, where there is one, its request; both stand or neither. The request's faults come back with 'request.' before the field."""
    with desk.store.work("记走访") as work:
        kept = keep_in(desk, work, "visit", {"visit_date": desk.today().isoformat(), **visit_raw})
        if not request_raw:
            if kept.saved:
                work.keep()
            return kept
        visit = work.get("visit", kept.row_id) or {}
        filled = {
            "source": "visit",
            "visit_id": kept.row_id or None,
            "household_id": visit.get("household_id"),
            "name": visit.get("interviewee"),
            "req_date": visit.get("visit_date"),
        }
        asked = open_request(desk, work, {**filled, **request_raw})
        faults = (*kept.faults, *(fault.on(f"request.{fault.field}") for fault in asked.faults))
        if kept.saved and asked.saved:
            work.keep()
            return Kept(kept.row_id, faults, work.batch_id, True)
    return Kept("", faults)


def last_visitors(desk: Desk) -> str:
    """Who paid the last visit that was recorded; the desk's own user when there is none."""
    with desk.store.reading() as connection:
        found = newest(connection, "visit")
    return (found or {}).get("visitors") or desk.who
