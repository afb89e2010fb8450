"""Is the file well: pages, their seals, links between rows."""

from __future__ import annotations

from sqlalchemy import Connection, text


def is_whole(connection: Connection) -> bool:
    """Whether SQLite finds every page and index in order."""
    return connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def is_sealed(connection: Connection) -> bool:
    """Whether every page's HMAC fits. Asked after a checkpoint, else a torn log gives a false alarm."""
    return not connection.execute(text("PRAGMA cipher_integrity_check")).all()


def loose_links(connection: Connection) -> int:
    """How many rows point at a row that is not there."""
    return len(connection.execute(text("PRAGMA foreign_key_check")).all())
