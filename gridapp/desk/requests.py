"""服务事项: opening a request with its number and deadline, and every step it takes after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gridapp.desk import facts
from gridapp.desk.desk import Desk
from gridapp.desk.keeping import Kept, keep_in
from gridapp.rules import codes, due, masking, moments, stages
from gridapp.rules.reading import Fault, Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting
from gridapp.store.read import starting
from gridapp.store.work import Work


@dataclass(frozen=True)
class RequestProgress:
    """How far a request is, and which steps can follow: (action, label)."""

    state: str
    state_label: str
    may: tuple[tuple[str, str], ...]
    events: tuple[str, ...]
    due: str
    late: bool


def _next(connection: Connection, desk: Desk) -> str:
    """The next free number of this desk's year, such as G001-2026-041: the prefix is the desk's own, so two desks never give the same number."""
    prefix = f"{read_setting(connection, 'number_prefix') or ('ZX' if desk.role == 'office' else 'WG')}-{desk.today().year}-"
    taken = starting(connection, "request", "req_no", prefix)
    highest = max((int(number[len(prefix) :]) for number in taken if number[len(prefix) :].isdigit()), default=0)
    return f"{prefix}{highest + 1:03d}"


def open_request(desk: Desk, work: Work, raw: dict[str, Any], events: list[dict[str, Any]] | None = None, scope: str = "") -> Kept:
    """Keep a new request with its accepting event inside an open Work; number, day, deadline and handler are filled in where blank."""
    given = {name: value for name, value in raw.items() if value not in (None, "")}
    day = str(given.get("req_date") or desk.today().isoformat())
    start = {"req_no": _next(work.connection, desk), "req_date": day, "handler": desk.grid_name, "receiver": desk.who}
    filled = {**start, **given}
    filled.setdefault("due_date", _due(filled))
    kept = keep_in(desk, work, "request", filled, scope=scope)
    if not kept.saved:
        return kept
    for event in events or [{"action": "accept", "happened_at": day if day < desk.today().isoformat() else desk.now(), "by": desk.who}]:
        step = keep_in(desk, work, "request_event", {"request_id": kept.row_id, **event}, scope=scope)
        if not step.saved:
            return Kept(kept.row_id, (*kept.faults, *step.faults))
    return kept


def new_request(desk: Desk, raw: dict[str, Any]) -> Kept:
    """Keep a new request with its accepting event; what is left blank of number, day, deadline and handler is filled in."""
    with desk.store.work("新建服务事项") as work:
        kept = open_request(desk, work, raw)
        if kept.saved:
            work.keep()
    return kept


def _due(filled: dict[str, Any]) -> str | None:
    day = moments.read(filled["req_date"])
    urgency = codes.table("request_urgency").read(filled.get("urgency") or "normal").value or "normal"
    return due.request_due(moments.local_day(day.value), urgency) if day.value else None


def act(
    desk: Desk, request_id: str, action: str, *, by: str = "", note: str = "", satisfaction: str | None = None, manner: str | None = None
) -> Kept:
    """Take the next step of a request; a step its state does not allow comes back as a fault."""
    with desk.store.work(f"服务事项{codes.table('request_action').label(action)}") as work:
        standing = _progress(work.connection, desk, request_id)
        if action not in stages.may(standing.state):
            allowed = "、".join(label for _, label in standing.may)
            return Kept(request_id, (Fault("not_allowed", f"“{standing.state_label}”的事项现在不能这样办。", f"可以：{allowed}。", field="action"),))
        event = {"request_id": request_id, "action": action, "happened_at": desk.now(), "by": by or desk.who, "note": note or None}
        kept = keep_in(desk, work, "request_event", {**event, "satisfaction": satisfaction, "manner": manner})
        if kept.saved:
            work.keep()
    return Kept(request_id, kept.faults, kept.batch_id, kept.saved)


def progress(desk: Desk, request_id: str) -> RequestProgress:
    """How far a request is; raises Trouble when it is gone."""
    with desk.store.reading() as connection:
        return _progress(connection, desk, request_id)


def _progress(connection: Connection, desk: Desk, request_id: str) -> RequestProgress:
    found = facts.requests(connection, desk.today(), id=request_id)
    if not found:
        raise Trouble("这件服务事项已被删除或移走。请刷新后再试。", "gone")
    row, standing = found[0]
    actions = codes.table("request_action")
    may = tuple((action, actions.label(action)) for action in stages.may(standing.state))
    return RequestProgress(
        standing.state, standing.label, may, tuple(_line(event) for event in standing.events), row["due_date"] or "", standing.late
    )


def _line(event: dict[str, Any]) -> str:
    parts = [moments.show(event["happened_at"]), codes.table("request_action").label(event["action"]), masking.name(event["by"]), event["note"] or ""]
    if event["satisfaction"]:
        parts.append(codes.table("satisfaction").label(event["satisfaction"]))
    return " ".join(part for part in parts if part)
