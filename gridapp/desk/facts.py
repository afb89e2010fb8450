"""Facts worked out from the rows: where a household is, who needs which help, when it was last visited and is due, how far a request is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from gridapp.records.kinds import room_label
from gridapp.rules import codes, due, relations, stages
from gridapp.store import Connection
from gridapp.store.read import Row, by_id, latest, rows, standing, used


@dataclass
class Households:
    """Every household with what is worked out about it."""

    rows: dict[str, Row]
    buildings: dict[str, Row]
    people: dict[str, list[Row]]
    needs: dict[str, list[Row]]
    last_visit: dict[str, str]
    member_homes: set[str]
    _places: dict[str, str] = field(default_factory=dict)

    def place(self, household_id: str | None) -> str:
        """'3-2-501', or "" for none."""
        if not household_id or household_id not in self.rows:
            return ""
        if household_id not in self._places:
            row = self.rows[household_id]
            self._places[household_id] = room_label(self.buildings.get(row["building_id"], {}).get("building"), row["unit"], row["room"])
        return self._places[household_id]

    def head(self, household_id: str) -> Row | None:
        """The resident who heads the household, else the first one."""
        people = self.people.get(household_id, [])
        return next((person for person in people if person["relation"] == relations.HEAD), people[0] if people else None)

    def head_name(self, household_id: str) -> str:
        """The contact's name, else the head's."""
        return self.rows[household_id]["contact"] or (self.head(household_id) or {}).get("name") or ""

    def count(self, household_id: str) -> int:
        """How many live here: as counted, else as recorded."""
        return self.rows[household_id]["resident_count"] or len(self.people.get(household_id, []))

    def frequency(self, household_id: str) -> str | None:
        """The tightest visiting frequency of its service needs; None when nobody here has one."""
        return due.most_often(need["frequency"] for need in self.needs.get(household_id, []))

    def next_visit(self, household_id: str, today: dt.date) -> dt.date | None:
        """When the household is due, None where no need asks for it."""
        frequency = self.frequency(household_id)
        return due.next_visit(self.last_visit.get(household_id), frequency, today) if frequency else None

    def categories(self, household_id: str) -> str:
        """The service categories here, 、 between."""
        table = codes.table("service_category")
        return "、".join(dict.fromkeys(table.label(need["service_category"]) for need in self.needs.get(household_id, [])))


def households(connection: Connection, today: dt.date) -> Households:
    """Load them all: one query a table."""
    people: dict[str, list[Row]] = defaultdict(list)
    for person in rows(connection, "resident", status="here"):
        people[person["household_id"]].append(person)
    homes = {person["id"]: home for home, members in people.items() for person in members}
    needs: dict[str, list[Row]] = defaultdict(list)
    for row in standing(connection, "service_need", "to_date", today.isoformat()):
        if row["resident_id"] in homes:
            needs[homes[row["resident_id"]]].append(row)
    return Households(
        by_id(connection, "household"),
        by_id(connection, "building"),
        dict(people),
        dict(needs),
        latest(connection, "visit", "visit_date", per="household_id"),
        used(connection, "member", "household_id"),
    )


def doors(connection: Connection) -> Households:
    """Every household with nothing but where it is."""
    return Households(by_id(connection, "household"), by_id(connection, "building"), {}, {}, {}, set())


def party_years(member: Row, today: dt.date) -> str:
    """党龄 in whole years; "" for a probationary member."""
    found = due.party_age(member["regular_date"], member["party_age_months"], today)
    return "" if found is None else str(found)


@dataclass(frozen=True)
class Progress:
    """How far a request is, from its events."""

    state: str
    closed_on: str | None
    late: bool
    events: tuple[Row, ...]

    @property
    def label(self) -> str:
        return codes.table("request_state").label(self.state)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


def progress(request: Row, events: list[Row], today: dt.date) -> Progress:
    """A request's state, closing day and lateness."""
    ordered = sorted(events, key=lambda event: (event["happened_at"] or "", event["id"]))
    pairs = [(event["action"], event["happened_at"]) for event in ordered]
    closed = stages.closed_on(pairs)
    return Progress(stages.state(pairs), closed, due.is_overdue(request["due_date"], today, closed), tuple(ordered))


def requests(connection: Connection, today: dt.date, **where: Any) -> list[tuple[Row, Progress]]:
    """Requests with how far they are."""
    events: dict[str, list[Row]] = defaultdict(list)
    for event in rows(connection, "request_event"):
        events[event["request_id"]].append(event)
    return [(row, progress(row, events.get(row["id"], []), today)) for row in rows(connection, "request", **where)]


__all__ = ["Households", "Progress", "Row", "by_id", "doors", "households", "party_years", "progress", "requests", "rows"]
