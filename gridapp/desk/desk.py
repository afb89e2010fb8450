"""The desk: an open store with the person at it. Every verb takes it first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gridapp.rules import content, moments
from gridapp.rules.dates import CHINA
from gridapp.store import Connection, Store
from gridapp.store.notes import write_note
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
        """The day in China."""
        return self.clock().astimezone(CHINA).date()

    def now(self) -> str:
        """This moment in UTC as the store writes it."""
        return moments.store(self.clock())

    def close(self) -> None:
        """Leave the seat: the store is closed, the key forgotten, and nothing the centre sent down counts any more."""
        content.HERE.now, content.HERE.day = content.Content(), ""
        self.store.close()


def note(connection: Connection, desk: Desk, what: str, *, record: str = "", row_id: str = "", field: str = "", purpose: str = "") -> None:
    """Write one line of the log of reveals, exports and exchanges: who, when, what, for which purpose; never the value."""
    line = {"at": desk.now(), "who": desk.who, "what": what, "record": record, "row_id": row_id, "field": field, "purpose": purpose}
    write_note(connection, **line)
