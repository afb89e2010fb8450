"""Putting things apart instead of merging them; see gridapp.sync.quarantine for what becomes of them."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from gridapp.rules.reading import Trouble
from gridapp.sync.envelope import Reads
from gridapp.sync.rows import dump
from gridapp.sync.session import Session
from gridapp.sync.sql import insert_or_ignore, one, run
from gridapp.sync.wire import Chunk

MOST = 64 << 20


def hold(connection: Connection, session: Session, header: Mapping[str, Any], label: str, reason: str, stream: Reads) -> None:
    """Keep a bundle whole, as it came; the same one twice is kept once. Raises Trouble above 64 MB (the file stays where it is)."""
    size = stream.seek(0, 2)
    if size > MOST:
        text = f"设备“{label}”已停用，它的数据包超过 {MOST >> 20} MB，本机没有收下。请把这个文件另外保存好，恢复这台设备以后再收一次。"
        raise Trouble(text, "held_too_large")
    stream.seek(0)
    values = [header["id"], header["from"], label, session.clock(), reason, size, stream.read()]
    run(connection, insert_or_ignore("sync_held", ("bundle", "device", "label", "at", "reason", "size", "file")), values)


def put_row(connection: Connection, bundle_id: str, device: str, reason: str, chunk: Chunk, row: int) -> None:
    """Keep one row apart; the same writing in a later bundle of the device is not listed again."""
    state = dump({"stamp": chunk.stamps[row], "vals": chunk.values(row), "siblings": chunk.siblings.get(row, [])})
    values = [chunk.table, chunk.ids[row], device, state]
    if one(connection, "SELECT 1 FROM sync_quarantine WHERE tbl = ? AND pk = ? AND device = ? AND state = ?", values) is None:
        names = ("bundle", "tbl", "pk", "device", "reason", "state")
        run(connection, insert_or_ignore("sync_quarantine", names), [bundle_id, *values[:3], reason, state])
