"""Matching drafts against what is kept: which row a draft is about, and what it would change. Rows seen earlier in the same file count as kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gridapp.desk.facts import Row, rows
from gridapp.records import BY_NAME, columns, new_id
from gridapp.rules.addresses import Address
from gridapp.store import Connection
from gridapp.store.merged import end_of, mergeable, merged_rows, signposts

Key = tuple[Any, ...]
ORDER = ("building", "household", "resident", "member", "visit", "request", "request_event")


@dataclass
class Shelf:
    """What an import works on: the rows of the store and the ones about to be added, each findable by its keys; what is new and what changed is
    collected for bulk writing. off: columns this grid does not keep, by record. merged: by a person's id, the rows merged into it: somebody has
    decided against what they say."""

    scope: str
    found: dict[str, dict[Key, Row]] = field(default_factory=dict)
    new: dict[str, list[Row]] = field(default_factory=lambda: {record: [] for record in ORDER})
    changed: dict[str, dict[str, tuple[Row, Row]]] = field(default_factory=lambda: {record: {} for record in ORDER})
    fresh: set[str] = field(default_factory=set)
    kept_buildings: int = 0
    off: dict[str, set[str]] = field(default_factory=dict)
    merged: dict[str, list[Row]] = field(default_factory=dict)

    def by_id(self, record: str, row_id: str) -> Row:
        """A row by its id."""
        return self.found[record][("id", row_id)]

    def look(self, record: str, *keys: Key) -> Row | None:
        """The first row one of the keys finds."""
        index = self.found[record]
        return next((index[key] for key in keys if key in index), None)

    def add(self, record: str, values: Row) -> Row:
        """A new row with every column, ready to insert."""
        row = {"id": new_id(), "scope": self.scope, **_blank(record)}
        row |= {name: value for name, value in values.items() if value is not None}
        self.new[record].append(row)
        self.fresh.add(row["id"])
        self.index(record, row)
        return row

    def change(self, record: str, row: Row, values: Row) -> dict[str, Any]:
        """Write the values that are given and differ; a blank in a ledger never erases, nor does what was decided against. Gives the differences."""
        given = {name: value for name, value in values.items() if value is not None and row.get(name) != value}
        against = self.merged.get(row["id"], ())
        changes = {name: value for name, value in given.items() if not any(each[name] == value for each in against)}
        if changes and row["id"] not in self.fresh:
            before, collected = self.changed[record].setdefault(row["id"], (dict(row), {}))
            collected.update(changes)
        row.update(changes)
        self.index(record, row)
        return changes

    def index(self, record: str, row: Row) -> None:
        """Make a row findable by all its keys; the first row with a key keeps it."""
        index = self.found[record]
        for key in (("id", row["id"]), *keys_of(record, row)):
            index.setdefault(key, row)


@cache
def _blank(record: str) -> Row:
    return {each.name: each.default for each in columns(BY_NAME[record])}


def load(connection: Connection, scope: str) -> Shelf:
    """Everything an import may meet, indexed: one query a table."""
    shelf = Shelf(scope, {record: {} for record in ORDER})
    for record in ORDER:
        for row in rows(connection, record):
            shelf.index(record, row)
            shelf.kept_buildings += record == "building"
    for record in mergeable():
        _index_merged(connection, shelf, record)
    return shelf


def _index_merged(connection: Connection, shelf: Shelf, record: str) -> None:
    """What a ledger says of somebody merged away is about the person who stands."""
    posts = signposts(connection, record)
    for row in merged_rows(connection, record):
        if stands := shelf.look(record, ("id", end_of(row["id"], posts))):
            shelf.merged.setdefault(stands["id"], []).append(row)
            for key in keys_of(record, row):
                shelf.found[record].setdefault(key, stands)


def keys_of(record: str, row: Row) -> list[Key]:
    """By what a row of a record is recognised."""
    return list(KEYS[record](row))


def _building(row: Row) -> list[Key]:
    return [(row["estate"] or "", row["building"]), ("any", row["building"])]


def _household(row: Row) -> list[Key]:
    return [(row["building_id"], row["unit"] or "", row["room"])]


def by_id_no(row: Row) -> list[Key]:
    """The key of an ID number, where there is one."""
    return [("id_no", row["id_no"])] if row.get("id_no") else []


def _resident(row: Row) -> list[Key]:
    return [*by_id_no(row), (row["household_id"], row["name"]), ("born", row["name"], row["birth_year"], row["phone"])]


def _member(row: Row) -> list[Key]:
    return [*by_id_no(row), (row["name"], (row["birth"] or "")[:7]), (row["name"], "joined", (row["join_date"] or "")[:7])]


def _visit(row: Row) -> list[Key]:
    return [(row["visit_date"], row["household_id"] or row["place"], row["interviewee"], row["content"])]


def _request(row: Row) -> list[Key]:
    return [(row["req_no"],)]


def _event(row: Row) -> list[Key]:
    return [(row["request_id"], row["action"], (row["happened_at"] or "")[:10])]


KEYS = {
    "building": _building,
    "household": _household,
    "resident": _resident,
    "member": _member,
    "visit": _visit,
    "request": _request,
    "request_event": _event,
}


def building_of(shelf: Shelf, address: Address, org_id: str) -> Row:
    """The building of an address, added when it is new; a bare number finds the one building that has it."""
    found = known_building(shelf, address)
    if found is None:
        return shelf.add("building", {"org_id": org_id, "estate": address.estate or None, "building": address.building})
    if address.estate and not found["estate"]:
        shelf.change("building", found, {"estate": address.estate})
    return found


def known_building(shelf: Shelf, address: Address) -> Row | None:
    """The building of an address; one kept without its estate fits any estate, and a bare number fits the first building that has it."""
    exact = shelf.look("building", (address.estate, address.building))
    near = shelf.look("building", ("any", address.building))
    return exact or (near if near and (not address.estate or not near["estate"]) else None)


def known_household(shelf: Shelf, address: Address | None) -> Row | None:
    """The household of a full address, when it is kept already."""
    building = known_building(shelf, address) if address and address.building and address.room else None
    return shelf.look("household", (building["id"], address.unit, address.room)) if building and address else None


def household_of(shelf: Shelf, address: Address, org_id: str) -> Row:
    """The household of a full address, added when it is new."""
    building = building_of(shelf, address, org_id)
    found = shelf.look("household", (building["id"], address.unit, address.room))
    return found or shelf.add("household", {"building_id": building["id"], "unit": address.unit or None, "room": address.room})
