"""Keeping a decision: one row of the ledger 核对决定, in the same work as what was decided, so that both stand or fall together."""

from __future__ import annotations

from gridapp.desk import facts
from gridapp.desk.desk import Desk, note
from gridapp.desk.finding import label
from gridapp.records import BY_NAME
from gridapp.store.work import Work


def keep_decision(work: Work, desk: Desk, sort: str, record: str, row_id: str, chosen: str, *, what: str = "", **more: str | None) -> None:
    """Insert it. what: the row in masked words (looked up without). more: scope, heading, passed_over, reason, note, field, covers."""
    row = work.get(record, row_id) if record in BY_NAME else None
    if not what and row:
        what = f"{BY_NAME[record].title} {label(facts.households(work.connection, desk.today()), record, row)}"
    scope = more.pop("scope", None) or (row or {}).get("scope") or desk.scope
    told = {"decided_at": desk.now(), "by": desk.who, "sort": sort, "what": what, "chosen": chosen, "record": record, "row_id": row_id, "covers": ""}
    work.insert("decision", [{"scope": scope, **told, **more}])
    note(work.connection, desk, "resolve", record=record, row_id=row_id, field=more.get("field") or "")
