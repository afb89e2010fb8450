"""Rows to write in store tests, and the logical content of a store to compare."""
from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from gridapp.records import RECORDS, columns

NAME = "欧阳试验"


def home(work: Any, rooms: int = 1) -> tuple[str, list[str]]:
    """A building and some households in it; gives their ids."""
    (building,) = work.insert("building", [{"building": "3"}])
    doors = [{"building_id": building, "unit": "2", "room": str(101 + at), "dwelling": "owned"} for at in range(rooms)]
    return building, work.insert("household", doors)


def content(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything people wrote, by table, in order of id; what the exchange notes beside it is left out."""
    found = {}
    with engine.connect() as connection:
        for record in RECORDS:
            table = record.__table__
            own = [table.c.id, table.c.scope, *(table.c[each.name] for each in columns(record))]
            found[record.__tablename__] = sorted(tuple(row) for row in connection.execute(select(*own)))
        connection.rollback()
    return found
