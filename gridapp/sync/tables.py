"""The exchange's own tables. They live beside the records, in the same file and the same transaction; text and whole numbers (but held bundles)."""
from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from gridapp.records.base import Whole, metadata

STRICT: dict[str, Any] = {"sqlite_strict": True}


def _text(name: str, **more: Any) -> Column[Any]:
    return Column(name, Text, **({"nullable": False} | more))


def _whole(name: str, **more: Any) -> Column[Any]:
    return Column(name, Whole, **({"nullable": False} | more))


# key/value of this node: its keys, device id, last tick, schema hash. Never travels.
meta = Table("sync_meta", metadata, _text("key", primary_key=True), _text("value"), **STRICT)

# append only, written by triggers, emptied by the stamp step. mask: bit = field number, 0 deleted, 61 scope, 62 inserted. t: wall clock, ms.
log = Table(
    "sync_log", metadata, _whole("n", primary_key=True, autoincrement=True), _whole("tbl"), _text("pk"), _whole("mask"), _whole("t"), **STRICT
)

# who stands behind a session id; travels with the rows, but for its rank (see sync.authority). proof: the device's signature.
session = Table(
    "sync_session",
    metadata,
    _text("sid", primary_key=True),
    _text("device"),
    _text("person"),
    _whole("rank"),
    _text("app"),
    _whole("started"),
    _text("proof", nullable=True),
    **STRICT,
)

# values that lost a true conflict and nobody has overwritten yet (val is JSON); field 0 holds deletions, val = the context the deleter saw.
sibling = Table(
    "sync_sibling",
    metadata,
    _whole("tbl", primary_key=True, autoincrement=False),
    _text("pk", primary_key=True),
    _whole("fld", primary_key=True, autoincrement=False),
    _text("sid", primary_key=True),
    _whole("seq", primary_key=True, autoincrement=False),
    _whole("t"),
    _text("val"),
    sqlite_with_rowid=False,
    **STRICT,
)

# losers that an ordinary edit swept away; immutable but for `seen`. id = UUIDv5 of row, field and dot, so every node makes the same row.
conflict = Table(
    "sync_conflict",
    metadata,
    _text("id", primary_key=True),
    _whole("tbl"),
    _text("pk"),
    _whole("fld"),
    _text("scope"),
    _text("sid"),
    _whole("seq"),
    _whole("t"),
    _text("val"),
    _text("won_sid"),
    _whole("won_seq"),
    _whole("won_t"),
    _text("won_val"),
    _whole("seen"),
    _whole("arrival"),
    **STRICT,
)

# whole rows that cannot stand in their table: deleted, parent (missing), table (unknown), value (unfit), moved (to another grid).
# vals: JSON {field number: value}.
parked = Table(
    "sync_parked",
    metadata,
    _whole("tbl", primary_key=True, autoincrement=False),
    _text("pk", primary_key=True),
    _text("reason"),
    _text("scope"),
    _whole("arrival"),
    _text("stamp", nullable=True),
    _text("vals"),
    **STRICT,
)

# "this row does not stand under `scope` any more: the writing (sid, seq) took it to `target`". sid '': not stamped yet. arrival -1: a grid
# told it and it may have to be done again here (see sync.following). at: wall clock, ms. Never goes: a late bundle must meet it.
left = Table(
    "sync_left",
    metadata,
    _whole("tbl", primary_key=True, autoincrement=False),
    _text("pk", primary_key=True),
    _text("scope", primary_key=True),
    _text("sid", primary_key=True),
    _whole("seq"),
    _text("target"),
    _whole("arrival"),
    _whole("at"),
    **STRICT,
)

# fields this version does not know, kept verbatim and sent on. vals: JSON {field number: value}.
extra = Table(
    "sync_extra", metadata, _whole("tbl", primary_key=True, autoincrement=False), _text("pk", primary_key=True), _text("vals"), **STRICT
)

# rows a valid device had no right to write: kept, listed, not merged, not sent on. state: JSON {stamp, vals, siblings}.
quarantine = Table(
    "sync_quarantine",
    metadata,
    _text("bundle", primary_key=True),
    _whole("tbl", primary_key=True, autoincrement=False),
    _text("pk", primary_key=True),
    _text("device"),
    _text("reason"),
    _text("state"),
    **STRICT,
)

# whole bundles of withdrawn devices, sealed as they came: kept, listed, not merged. file: the bytes, at most 64 MB.
held = Table(
    "sync_held",
    metadata,
    _text("bundle", primary_key=True),
    _text("device"),
    _text("label"),
    _whole("at"),
    _text("reason"),
    _whole("size"),
    Column("file", LargeBinary, nullable=False),
    **STRICT,
)

# one per party we exchange with; id = its device id. cursor/base: what its latest message acknowledged. heard: id of that message.
link = Table(
    "sync_link",
    metadata,
    _text("id", primary_key=True),
    _text("way"),
    _text("label"),
    _text("scope"),
    _whole("cursor"),
    _text("base", nullable=True),
    _text("heard", nullable=True),
    **STRICT,
)

sent = Table(
    "sync_sent",
    metadata,
    _text("bundle", primary_key=True),
    _text("link"),
    _whole("upto"),
    _text("base", nullable=True),
    _whole("rows"),
    _whole("at"),
    **STRICT,
)

# every bundle merged; claimed ones are acknowledged to the sender. n: order of arrival.
taken = Table(
    "sync_applied",
    metadata,
    _whole("n", primary_key=True, autoincrement=True),
    _text("bundle", unique=True),
    _text("link"),
    _text("base", nullable=True),
    _whole("claimed"),
    _whole("made"),
    _whole("at"),
    _text("counts"),
    **STRICT,
)

# ticks (arrival numbers) whose rows came, unaltered, in a bundle: not sent back to who sent them.
tick = Table("sync_tick", metadata, _whole("n", primary_key=True, autoincrement=False), _text("bundle"), **STRICT)
Index("ix_sync_tick_bundle", tick.c.bundle)

# certificates: ours, our parent's, our children's.
trust = Table(
    "sync_trust",
    metadata,
    _text("device", primary_key=True),
    _text("role"),
    _text("scope"),
    _text("label"),
    _text("sign"),
    _text("box"),
    _whole("serial"),
    _text("issuer"),
    _text("state"),
    _text("certificate"),
    **STRICT,
)

SYNC_TABLES: tuple[Table, ...] = (
    meta, log, session, sibling, conflict, parked, left, extra, quarantine, held, link, sent, taken, tick, trust,
)
