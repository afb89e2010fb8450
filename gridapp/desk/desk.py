"""The desk: an open store with the person at it. Every verb takes it first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from gridapp.store import Store, tables
from gridapp.sync.session import Session

Step = Callable[[int, int], None]


def no_step(done: int, total: int) -> None:
    """Progress nobody watches."""


@dataclass
class Desk:
    """A secretary's (or an office's) seat: the store, who sits there, and this sitting's session for stamps."""

    store: Store
    session: Session
    who: str
    grid_name: str
    role: str
    org_id: str
    scope: str
    is_sample: bool = False
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    @property
    def folder(self) -> Path:
        return self.store.folder

    def today(self) -> dt.date:
        """The local day."""
        return self.clock().astimezone().date()

    def now(self) -> str:
        """This moment in UTC as the store writes it."""
        return self.clock().astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def close(self) -> None:
        """Leave the seat: the store is closed and the key forgotten."""
        self.store.close()


def read_setting(connection: Connection, key: str, default: str = "") -> str:
    """A setting's text, or the default."""
    found = connection.execute(select(tables.setting.c.value).where(tables.setting.c.key == key)).scalar()
    return default if found is None else found


def write_setting(connection: Connection, key: str, value: str) -> None:
    """Put a setting in place of the old one."""
    connection.execute(tables.setting.delete().where(tables.setting.c.key == key))
    connection.execute(tables.setting.insert().values(key=key, value=value))


def note(connection: Connection, desk: Desk, what: str, *, record: str = "", row_id: str = "", field: str = "", purpose: str = "") -> None:
    """Write one line of the log of reveals, exports and exchanges: who, when, what, for which purpose; never the value."""
    line = {"at": desk.now(), "who": desk.who, "what": what, "record": record, "row_id": row_id, "field": field, "purpose": purpose}
    connection.execute(tables.audit.insert().values(**line))
