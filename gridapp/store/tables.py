"""The store's own tables: settings, the log of what was seen and changed, undoable batches, rows set aside, spellings. They stay on this machine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Table, Text

from gridapp.records.base import Whole, metadata

STRICT: dict[str, Any] = {"sqlite_strict": True}

setting = Table("setting", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False), **STRICT)

audit = Table(
    "audit",
    metadata,
    Column("n", Whole, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("record", Text),
    Column("row_id", Text),
    Column("field", Text),
    Column("purpose", Text),
    **STRICT,
)

batch = Table(
    "undo_batch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("undone_at", Text),
    **STRICT,
)

step = Table(
    "undo_step",
    metadata,
    Column("n", Whole, primary_key=True, autoincrement=True),
    Column("batch_id", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    **STRICT,
)
Index("ix_undo_step_batch", step.c.batch_id)

# rows of ledgers that could not be kept, in words, until mended or dismissed. kept_in: the batch that kept it; undone, it waits again.
aside = Table(
    "set_aside",
    metadata,
    Column("n", Whole, primary_key=True, autoincrement=True),
    Column("file", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("row", Whole, nullable=False),
    Column("kind", Text, nullable=False),
    Column("when_said", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("kept_in", Text),
    **STRICT,
)

spelling = Table(
    "spelling",
    metadata,
    Column("name", Text, primary_key=True),
    Column("initials", Text, nullable=False),
    Column("spelled", Text, nullable=False),
    Column("sort_key", Text, nullable=False),
    **STRICT,
)
