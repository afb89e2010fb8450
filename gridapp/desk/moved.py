"""已划转: households the centre gave to another grid; they stay to be looked at until the centre has everything and 90 days passed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gridapp.desk.desk import Desk
from gridapp.records import BY_NAME
from gridapp.records.kinds import room_label
from gridapp.rules import masking, moments
from gridapp.store import Connection
from gridapp.store.read import row
from gridapp.store.undo import forget_rows
from gridapp.sync import link, moving
from gridapp.sync.schema import current
from gridapp.sync.session import wall_ms


@dataclass(frozen=True)
class MovedHome:
    """A household that left. confirmed: the centre has all of it that was written here."""

    id: str
    title: str
    when: str
    to: str
    confirmed: bool


def moved(desk: Desk) -> list[MovedHome]:
    """The households that left, latest first."""
    with desk.store.reading() as connection:
        office = link.upward(connection)
        left, cursor = moving.gone(connection, current()), office.cursor if office else 0
        late = {each.row_id for each in left if each.arrival > cursor}
        return [_home(connection, each, not late & _all_of(left, each.row_id)) for each in left if each.record == "household"]


def _all_of(left: list[moving.Gone], home: str) -> set[str]:
    """The household and what belongs to it, step by step."""
    found, homes = {home}, current().homes
    while more := {each.row_id for each in left if any(each.values[name] in found for _, name, _ in homes.get(each.record, ()))} - found:
        found |= more
    return found


def _home(connection: Connection, each: moving.Gone, confirmed: bool) -> MovedHome:
    building = row(connection, "building", each.values["building_id"]) or {}
    place = room_label(building.get("building"), each.values["unit"], each.values["room"])
    title = f"{place} {masking.name(each.values['contact'] or '')}".strip()
    when = moments.show(moments.store(dt.datetime.fromtimestamp(each.at / 1000, dt.UTC)))
    return MovedHome(each.row_id, title, when, each.target.rsplit("/", 1)[-1].upper(), confirmed)


def forget_steps(connection: Connection) -> None:
    """What left cannot be changed here, so no step that did so can be taken back."""
    left = moving.gone(connection, current())
    for record in BY_NAME:
        forget_rows(connection, record, [each.row_id for each in left if each.record == record])


def purge(connection: Connection) -> int:
    """Take away what the centre confirmed and what left more than 90 days ago."""
    office = link.upward(connection)
    return moving.purge(connection, office.cursor, wall_ms()) if office else 0
