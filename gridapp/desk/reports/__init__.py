"""Reports: numbers over the rows, each of which opens exactly the rows it counts. What is kept today carries R1, R4 and R5 of domain.md section 5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gridapp.desk import facts
from gridapp.desk.desk import Desk
from gridapp.desk.reports import members, requests, visits
from gridapp.desk.reports.out import GivenReport, definitions, for_reader, give_report, hottest, left, paper
from gridapp.desk.reports.places import Places, grids, places
from gridapp.desk.reports.shape import Chart, Figure, Line, Measure, Point, Report
from gridapp.rules import periods
from gridapp.rules.periods import Period
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.read import values


@dataclass(frozen=True)
class Choice:
    """A report one can ask for. usual: the kind of period it is usually made for."""

    key: str
    title: str
    usual: str
    make: Callable[[Connection, Desk, Period, Places], Report]


COLUMNS = {
    "member": (
        "party_status", "join_date", "regular_date", "member_type", "birth", "sex", "nation", "education", "party_group", "occupation",
    ),
    "household": ("dwelling",),
    "visit": ("household_id", "visit_date", "problem", "done"),
    "resident": ("household_id", "status"),
    "service_need": ("resident_id", "frequency", "from_date", "to_date"),
    "request": ("req_date", "due_date", "category", "request_type", "visit_id"),
    "request_event": ("request_id", "action", "happened_at", "satisfaction"),
}  # fmt: skip


def _members(connection: Connection, desk: Desk, period: Period, where: Places) -> Report:
    return members.report(_rows(connection, "member", where), period, where)


def _requests(connection: Connection, desk: Desk, period: Period, where: Places) -> Report:
    return requests.report(_with_events(connection, where), period, desk.today(), where)


def _by_type(connection: Connection, desk: Desk, period: Period, where: Places) -> Report:
    return requests.report(_with_events(connection, where), period, desk.today(), where, "request_type")


def _visits(connection: Connection, desk: Desk, period: Period, where: Places) -> Report:
    homes, calls, residents, needs = (_rows(connection, name, where) for name in ("household", "visit", "resident", "service_need"))
    return visits.report(visits.Kept(homes, calls, residents, needs, _with_events(connection, where)), period, desk.today(), where)


def _with_events(connection: Connection, where: Places) -> list[requests.Told]:
    return requests.with_events(_rows(connection, "request", where), _rows(connection, "request_event", where))


def _rows(connection: Connection, record: str, where: Places) -> list[facts.Row]:
    """What the reports need of a record's rows: a community's whole register takes a third of the time of whole rows."""
    names = ("id", "scope", *COLUMNS[record])
    return [dict(zip(names, row, strict=True)) for row in values(connection, record, *names) if where.holds(row[1])]


CHOICES = (
    Choice("requests", requests.TITLE, "month", _requests),
    Choice("requests_by_type", f"{requests.TITLE}（按类型）", "month", _by_type),
    Choice("visits", visits.TITLE, "month", _visits),
    Choice("members", members.TITLE, "year", _members),
)


def reports() -> tuple[Choice, ...]:
    """The reports there are."""
    return CHOICES


def choice(key: str) -> Choice:
    """One of them, by its key or title. Raises Trouble that names the ones there are."""
    found = next((each for each in CHOICES if key in (each.key, each.title)), None)
    if found is None:
        known = "、".join(f"{each.key}（{each.title}）" for each in CHOICES)
        raise Trouble(f"没有“{key[:40]}”这种报表。可以写：{known}。", "unknown_report")
    return found


def usual_period(desk: Desk, key: str) -> Period:
    """The period a report is usually made for, around today."""
    return periods.of(choice(key).usual, desk.today())


def report(desk: Desk, key: str, period: Period, scope: str = "") -> Report:
    """A report of a period. scope: the path of one grid below an office, "" for everything. Raises Trouble for an unknown report."""
    chosen = choice(key)
    with desk.store.reading() as connection:
        return chosen.make(connection, desk, period, places(connection, desk, scope))


def report_places(desk: Desk) -> tuple[tuple[str, str], ...]:
    """The grids a report can be made for, (path, name); one alone at a grid's own desk."""
    with desk.store.reading() as connection:
        return grids(connection, desk)


__all__ = [
    "Chart", "Choice", "Figure", "GivenReport", "Line", "Measure", "Period", "Point", "Report", "choice", "definitions", "for_reader", "give_report",
    "hottest", "left", "paper", "report", "report_places", "reports", "usual_period",
]  # fmt: skip
