"""The store's notebook: settings of this desk, and the log of what was looked at, given out and exchanged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from gridapp.store import tables


def read_setting(connection: Connection, key: str, default: str = "") -> str:
    """A setting's text, or the default."""
    found = connection.execute(select(tables.setting.c.value).where(tables.setting.c.key == key)).scalar()
    return default if found is None else found


def write_setting(connection: Connection, key: str, value: str) -> None:
    """Put a setting in place of the old one."""
    connection.execute(tables.setting.delete().where(tables.setting.c.key == key))
    connection.execute(tables.setting.insert().values(key=key, value=value))


def write_note(connection: Connection, **line: str) -> None:
    """Add one line to the log: at, who, what, record, row_id, field, purpose; never the value."""
    connection.execute(tables.audit.insert().values(**line))


def read_notes(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """The newest lines of the log."""
    return [dict(line) for line in connection.execute(select(tables.audit).order_by(tables.audit.c.n.desc()).limit(limit)).mappings()]
