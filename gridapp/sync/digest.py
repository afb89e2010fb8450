"""One number for all a node can see: equal digests mean equal rows and equal knowledge, whatever the engine or the order of arrival."""
from __future__ import annotations

import hashlib

import msgpack
from sqlalchemy import Connection

from gridapp.sync import schema as schemas
from gridapp.sync import stamp as stamps
from gridapp.sync.schema import Schema
from gridapp.sync.sql import reach, stream, under

MODULUS = 1 << 256


def digest(connection: Connection, scope: str = "", schema: Schema | None = None) -> str:
    """Sum mod 2^256 of BLAKE2b(table, id, visible values, context) over the scope's stamped rows, as 64 hexadecimal digits."""
    total, pack = 0, msgpack.Packer().pack
    for shape in (schema or schemas.current()).shapes:
        condition, values = (reach if shape.downward else under)("scope", scope)
        statement = f"SELECT id, sync_stamp, {', '.join(shape.names)} FROM {shape.name} WHERE sync_stamp IS NOT NULL AND {condition}"
        for found in stream(connection, statement, values, 2_000):
            for pk, stamp, *visible in found:
                total += int.from_bytes(hashlib.blake2b(pack((shape.number, pk, stamps.context_of(stamp), visible)), digest_size=32).digest())
    return f"{total % MODULUS:064x}"
