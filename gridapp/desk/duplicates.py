"""查重: who is probably kept twice, and the two side by side. A function of the rows alone, so every node finds the same."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from string import hexdigits
from typing import Any

from gridapp.desk import facts
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Households, Row
from gridapp.desk.finding import label
from gridapp.desk.keeping import gone, off_columns
from gridapp.desk.merging import changed_since
from gridapp.records import BY_NAME, Column, columns
from gridapp.records.kinds import Link, PartDate, Phone, Text
from gridapp.rules import dates, sameness
from gridapp.rules.sameness import Alike, Person
from gridapp.store import Connection
from gridapp.store.merged import children, end_of, mergeable, signposts
from gridapp.store.read import count, values
from gridapp.store.read import row as read_row

LEFT, RIGHT = 0, 1
MOST_ASKED = 10_000  # ids in one question; beyond that every row is read
KNOWN = {
    "resident": ("id", "name", "birth_year", "phone", "id_no", "household_id", "sex"),
    "member": ("id", "name", "birth", "phone", "id_no", "household_id", "sex", "address"),
}


@dataclass(frozen=True)
class Pair:
    """Two rows of a record that may be one person, each as (id, title); the older one left. merged: the right one was merged already, and
    somebody who did not know has changed it since.
    """

    key: str
    record: str
    certain: bool
    reason: str
    left: tuple[str, str]
    right: tuple[str, str]
    merged: bool = False


@dataclass(frozen=True)
class Field:
    """One field of both: masked texts, stored values, whether the values differ, which side's masks hide something, and whose value to take."""

    name: str
    label: str
    texts: tuple[str, str]
    values: tuple[Any, Any]
    differs: bool
    hidden: tuple[bool, bool]
    better: int


@dataclass(frozen=True)
class Comparison:
    """A pair side by side. heads: what tells the rows apart, with what hangs on each; why_not: why they cannot be merged here."""

    pair: Pair
    heads: tuple[str, str]
    fields: tuple[Field, ...]
    why_not: str = ""


def pairs(desk: Desk) -> list[Pair]:
    """Everybody who is probably kept twice and about whom nobody has decided, the certain ones first."""
    with desk.store.reading() as connection:
        return pairs_in(connection)


def pairs_in(connection: Connection) -> list[Pair]:
    """The same over a connection."""
    homes = facts.doors(connection)
    apart = {frozenset(pair) for pair in values(connection, "apart", "one_id", "other_id")}
    found = [each for record in mergeable() for each in (*_changed(connection, homes, record), *_alike(connection, homes, record, apart))]
    return sorted(found, key=lambda each: not each.certain)


def looked_at(desk: Desk) -> dict[str, int]:
    """How many rows of each record the search looks at."""
    with desk.store.reading() as connection:
        return {record: count(connection, record) for record in mergeable()}


def _alike(connection: Connection, homes: Households, record: str, apart: set[frozenset[str]]) -> Iterator[Pair]:
    every = [each for each in sameness.alike(_people(connection, homes, record)) if frozenset((each.left, each.right)) not in apart]
    wanted = {row_id for each in every for row_id in (each.left, each.right)}
    kept = facts.by_id(connection, record, **({"id": wanted} if len(wanted) < MOST_ASKED else {}))
    yield from (_pair(homes, record, each, kept[each.left], kept[each.right]) for each in every)


def _people(connection: Connection, homes: Households, record: str) -> Iterator[Person]:
    doors = {home: _door(homes, row) for home, row in homes.rows.items()}
    for row_id, name, birth, phone, id_no, home, sex, *address in values(connection, record, *KNOWN[record]):
        yield sameness.person(row_id, name, birth, phone, id_no, doors.get(home, ""), address[0] if address else None, sex)


def _door(homes: Households, home: Row) -> str:
    """One door is one door, also when two desks each made a household of it."""
    estate = homes.buildings.get(home["building_id"], {}).get("estate") or ""
    return f"{home['scope']} {estate} {homes.place(home['id'])}"


def _pair(homes: Households, record: str, found: Alike, left: Row, right: Row, merged: bool = False) -> Pair:
    key = f"{record}/{found.left}/{found.right}"
    one, other = ((row["id"], label(homes, record, row)) for row in (left, right))
    return Pair(key, record, found.certain, found.reason, one, other, merged)


def _changed(connection: Connection, homes: Households, record: str) -> Iterator[Pair]:
    posts = signposts(connection, record)
    for row in changed_since(connection, record):
        if stands := read_row(connection, record, end_of(row["id"], posts)):
            reason = "已经合并，但并入的那一条后来又在别处改过"
            yield _pair(homes, record, Alike(stands["id"], row["id"], True, reason), stands, row, merged=True)


def compare(desk: Desk, pair: Pair) -> Comparison:
    """The two side by side; raises Trouble when one of them is gone."""
    with desk.store.reading() as connection:
        rows = tuple(read_row(connection, pair.record, row_id) for row_id, _ in (pair.left, pair.right))
        left, right = rows
        if left is None or right is None:
            raise gone()
        homes = facts.households(connection, desk.today())
        off = off_columns(connection, BY_NAME[pair.record])
        fields = [_field(connection, homes, each, left, right) for each in columns(BY_NAME[pair.record]) if each.name not in off]
        heads = tuple(_head(connection, pair.record, row["id"]) for row in (left, right))
    why_not = "" if left["scope"] == right["scope"] else "这两条在不同的网格。请先把其中一户改到另一个网格，再来合并。"
    return Comparison(pair, (heads[0], heads[1]), tuple(each for each in fields if each.values != (None, None)), why_not)


def _head(connection: Connection, record: str, row_id: str) -> str:
    """When the row was made, and what hangs on it."""
    counts: dict[str, int] = {}
    for name, _, found in children(connection, record, row_id):
        if name != record:
            counts[BY_NAME[name].title] = counts.get(BY_NAME[name].title, 0) + len(found)
    return "，".join(filter(None, (_made(row_id), "、".join(f"{title} {count} 条" for title, count in counts.items()))))


def _made(row_id: str) -> str:
    """The day in an id that tells the time it was made (UUIDv7)."""
    if row_id[12:13] != "7" or not set(row_id) <= set(hexdigits):
        return ""
    return f"{dt.datetime.fromtimestamp(int(row_id[:12], 16) / 1000, dates.CHINA).date().isoformat()} 建立"


def _field(connection: Connection, homes: Households, each: Column, left: Row, right: Row) -> Field:
    both = left[each.name], right[each.name]
    shown = tuple(_text(connection, homes, each, value) for value in both)
    hidden = tuple(value is not None and not isinstance(each.kind, Link) and each.kind.mask(value) != each.kind.show(value) for value in both)
    return Field(each.name, each.label, (shown[0], shown[1]), both, both[0] != both[1], (hidden[0], hidden[1]), _better(each, *both))


def _text(connection: Connection, homes: Households, each: Column, value: Any) -> str:
    if isinstance(each.kind, Link):
        row = read_row(connection, each.kind.target, value)
        return label(homes, each.kind.target, row) if row else ""
    return each.kind.mask(value)


def _better(each: Column, left: Any, right: Any) -> int:
    """Whose value to take unless somebody says otherwise: the fuller one; of equally full ones the newer row's."""
    worded = isinstance(each.kind, Text | Phone | PartDate)
    full = tuple(-1 if value is None else len(value) if worded else 0 for value in (left, right))
    return LEFT if full[0] > full[1] or left == right else RIGHT
