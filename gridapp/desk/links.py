"""What the centre has surely got: one number, asked in many places."""

from __future__ import annotations

from gridapp.desk.desk import Desk
from gridapp.store import Connection
from gridapp.sync import link


def unconfirmed(connection: Connection) -> int:
    """Rows the office has not confirmed; 0 without an office, which has nothing to confirm."""
    office = link.upward(connection)
    return link.unconfirmed(connection, office) if office else 0


def waiting(desk: Desk) -> int:
    """The same, asked by the window's status line."""
    with desk.store.reading() as connection:
        return unconfirmed(connection)
