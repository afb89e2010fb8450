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
# same: 1 where it lost to an equal value, so that there is nothing to look at (does not travel).
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
    _whole("same"),
    sqlite_with_rowid=False,
    **STRICT,
)

# losers that a later writing swept away, for ever; whether one was looked at is told by the decisions. id = UUIDv5 of row, field and dot, so every
# node makes the same row.
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

# "this row does not stand under `scope` any more: the writing (sid, seq) of `stamp` took it to `target`". sid '': not stamped yet. arrival -1: a grid
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
    _text("stamp"),
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
# agreed: the last arrival when both sides' digests were equal.
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
    _whole("agreed", server_default="0"),
    **STRICT,
)

# every bundle written. name, size: of its file. acked: when a receipt covered it, ms.
sent = Table(
    "sync_sent",
    metadata,
    _text("bundle", primary_key=True),
    _text("link"),
    _whole("upto"),
    _text("base", nullable=True),
    _whole("rows"),
    _whole("at"),
    _text("name", server_default=""),
    _whole("size", server_default="0"),
    _whole("acked", nullable=True),
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

# an office of many grids asks for one grid's bundles with every bundle it takes or makes
Index("ix_sync_sent_link", sent.c.link)
Index("ix_sync_applied_link", taken.c.link)

# certificates: ours, those of the offices above and below, our children's. sign, box: the keys last heard of; former: handovers (JSON).
trust = Table(
    "sync_trust",
    metadata,
    _text("device", primary_key=True),
    _text("role"),
    _text("scope"),
    _text("label"),
    _text("sign"),
    _text("box"),
    _text("former"),
    _whole("serial"),
    _text("issuer"),
    _text("state"),
    _text("certificate"),
    **STRICT,
)

# what each party's bundles tell of its program and its history (see sync.watch). sent/upto/acked: the last bundle made for it, our tick
# then, and the newest of its bundles it acknowledged. app/skew: its program's version, and how far its clock is surely off (ms, ahead > 0).
# told/told_upto: the receipts of its message furthest in its own history. epoch: how often we let both send everything again.
peer = Table(
    "sync_peer",
    metadata,
    _text("link", primary_key=True),
    _text("sent"),
    _whole("upto"),
    _whole("acked"),
    _text("app"),
    _whole("skew"),
    _text("told"),
    _whole("told_upto"),
    _whole("epoch"),
    **STRICT,
)

# which bundle of a party came after which: two after the same one mean two histories (a copy, or a backup).
trail = Table("sync_trail", metadata, _text("bundle", primary_key=True), _text("link"), _text("prev"), **STRICT)
Index("ix_sync_trail_prev", trail.c.link, trail.c.prev)

# what made a party look copied or restored. kind: forked, forgot, told (by its own witness). mark: which bundle or event. at: ms. seen: 0 or 1.
doubt = Table(
    "sync_doubt",
    metadata,
    _text("link", primary_key=True),
    _text("kind", primary_key=True),
    _text("mark", primary_key=True),
    _whole("at"),
    _whole("seen"),
    **STRICT,
)

# the newest list of withdrawn devices of each office, as it signed it (JSON). Only exceptions are listed.
withdrawn = Table("sync_withdrawn", metadata, _text("issuer", primary_key=True), _whole("version"), _text("body"), **STRICT)

# contents of attachments that are whole and were checked against their hash.
blob = Table("blob", metadata, _text("sha256", primary_key=True), _whole("size"), **STRICT)

# contents in pieces of 256 KB; those of contents not in `blob` are what came so far.
blob_piece = Table(
    "blob_piece",
    metadata,
    _text("sha256", primary_key=True),
    _whole("n", primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    **STRICT,
)

# pieces a peer was sent, or sent us: they go to it again only if it asks.
piece_sent = Table(
    "sync_piece_sent",
    metadata,
    _text("link", primary_key=True),
    _text("sha256", primary_key=True),
    _whole("n", primary_key=True, autoincrement=False),
    _text("bundle"),
    sqlite_with_rowid=False,
    **STRICT,
)

# pieces a peer asked for in its newest message.
piece_wanted = Table(
    "sync_piece_wanted",
    metadata,
    _text("link", primary_key=True),
    _text("sha256", primary_key=True),
    _whole("n", primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
    **STRICT,
)

SYNC_TABLES: tuple[Table, ...] = (
    meta, log, session, sibling, conflict, parked, left, extra, quarantine, held, link, sent, taken, tick, trust, withdrawn, peer, trail, doubt,
    blob, blob_piece, piece_sent, piece_wanted,
)  # fmt: skip
