"""An office's word, signed: rows that go to everybody below (Shape.downward) carry their writer's signature over all they say.

No office in between can forge them, and an office restored from a backup takes its own word back from any grid that has it.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import devices
from gridapp.sync.certificates import proves
from gridapp.sync.schema import SCOPE, Shape
from gridapp.sync.wire import Chunk

CONTEXT = b"gridapp word v1\n"
FIELD = "seal"
KEY = 32  # the signer's device id comes first


def seal(connection: Connection, shape: Shape, pk: str, values: Mapping[str, Any]) -> str:
    """This node's signature over a row's values by name, its path aside: the device's id and 64 bytes, hexadecimal."""
    return devices.device(connection) + devices.own_keys(connection).seal(_plain(shape, pk, values)).hex()


def sealed(connection: Connection, shape: Shape, pk: str, values: Mapping[str, Any]) -> bool:
    """Whether the office whose path the row has signed exactly this."""
    mark = values.get(FIELD)
    if not isinstance(mark, str):
        return False
    office = devices.certificate(connection, mark[:KEY])
    if office is None or office.role != "office" or office.scope != values.get("scope"):
        return False
    return any(proves(key, _plain(shape, pk, values), mark[KEY:]) for key in office.keys)


def is_word(connection: Connection, shape: Shape | None, chunk: Chunk, row: int) -> bool:
    """Whether a row of a bundle, alive and undisputed, is sealed."""
    if shape is None or row in chunk.siblings:
        return False
    values = {shape.by_number[number].name: value for number, value in chunk.values(row).items() if number in shape.by_number}
    return sealed(connection, shape, chunk.ids[row], values)


def _plain(shape: Shape, pk: str, values: Mapping[str, Any]) -> bytes:
    said = [[each.number, values.get(each.name)] for each in shape.fields if each.number != SCOPE and each.name != FIELD]
    text = json.dumps([shape.number, pk, *([number, value] for number, value in said if value is not None)])
    return CONTEXT + hashlib.blake2b(text.encode()).digest()
