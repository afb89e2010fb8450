"""Who is writing: one session per process start, named by a random number that never comes from the disk.

Two clones of a machine, or a machine restored from a backup, can therefore never give two writings the same name.
"""
from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gridapp.sync import authority, devices
from gridapp.sync import schema as schemas
from gridapp.sync.sql import one


def wall_ms() -> int:
    """The wall clock in milliseconds; may be wrong, only breaks ties."""
    return time.time_ns() // 1_000_000


@dataclass
class Session:
    """device: this node's id. person: who works. Make one per process start, and a new one after a backup was restored."""

    device: str
    person: str = ""
    app: str = ""
    clock: Callable[[], int] = wall_ms
    schema: schemas.Schema = field(default_factory=schemas.current)
    _sid: str = ""
    _seq: int = 0

    @property
    def sid(self) -> str:
        """64 random bits as 16 hexadecimal digits, drawn when first needed."""
        self._sid = self._sid or secrets.token_hex(8)
        return self._sid

    def next_seq(self) -> int:
        """The next stamp number; never reused, not even after a rollback."""
        self._seq += 1
        return self._seq


def register(connection: Connection, session: Session) -> None:
    """Write the session's row, signed by this device, so that its authorship travels with what it wrote."""
    if one(connection, "SELECT 1 FROM sync_session WHERE sid = ?", [session.sid]) is None:
        values = [session.sid, session.device, session.person, session.app, session.clock()]
        authority.keep(connection, [[*values, authority.prove(devices.own_keys(connection), values)]])
