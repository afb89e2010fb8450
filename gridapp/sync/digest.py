"""One number for all a node can see: equal digests mean equal rows and equal knowledge, whatever the engine or the order of arrival.

A row that waits for its parent counts as if it stood: where the parent belongs to another grid, it waits in one place and stands in the other.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgpack
from sqlalchemy import Connection

from gridapp.sync import schema as schemas
from gridapp.sync import stamp as stamps
from gridapp.sync.rows import load_values
from gridapp.sync.schema import Schema, Shape
from gridapp.sync.sql import reach, rows, stream, under

MODULUS = 1 << 256


def digest(connection: Connection, scope: str = "", schema: Schema | None = None) -> str:
    """Sum mod 2^256 of BLAKE2b(table, id, visible values, context) over the scope's stamped rows, as 64 hexadecimal digits."""
    total, pack = 0, msgpack.Packer().pack
    for shape in (schema or schemas.current()).shapes:
        for pk, stamp, visible in _rows(connection, shape, scope):
            total += int.from_bytes(hashlib.blake2b(pack((shape.number, pk, stamps.context_of(stamp), visible)), digest_size=32).digest())
    return f"{total % MODULUS:064x}"


def _rows(connection: Connection, shape: Shape, scope: str) -> Iterator[tuple[str, str, Sequence[Any]]]:
    condition, values = (reach if shape.downward else under)("scope", scope)
    statement = f"SELECT id, sync_stamp, {', '.join(shape.names)} FROM {shape.name} WHERE sync_stamp IS NOT NULL AND {condition}"
    for found in stream(connection, statement, values, 2_000):
        for pk, stamp, *visible in found:
            yield pk, stamp, visible
    waiting = f"SELECT pk, stamp, vals FROM sync_parked WHERE tbl = ? AND reason = 'parent' AND stamp IS NOT NULL AND {condition}"
    for pk, stamp, vals in rows(connection, waiting, [shape.number, *values]):
        held = load_values(vals)
        yield pk, stamp, [held.get(number) for number in shape.numbers]
