"""Password bundles: whole rows of a laptop that nobody enrolled, sealed by a password. Never merged: people look at them row by row.

The file is signed by keys nobody knows, which keeps it whole but proves nothing; so nothing of it is written without being chosen.
"""
from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from gridapp.rules.reading import Trouble
from gridapp.store.keys import Cost
from gridapp.sync import envelope, forms, stick, wire
from gridapp.sync.devices import own_keys
from gridapp.sync.locked import DEAR, Locked, unlock
from gridapp.sync.rows import fits
from gridapp.sync.schema import SCOPE, Schema, Shape
from gridapp.sync.session import Session
from gridapp.sync.sql import among, rows, stream
from gridapp.sync.stamping import stamp_edits
from gridapp.sync.troubles import Damaged, NotLocked, reading
from gridapp.sync.wire import ROWS, Chunk, Message

MOST_ROWS = 50_000
LEAST_PASSWORD = 8


@dataclass(frozen=True)
class Looked:
    """One row of a password bundle: the values by column name there, and here (None: not here)."""

    record: str
    row_id: str
    theirs: dict[str, Any]
    mine: dict[str, Any] | None

    @property
    def differing(self) -> tuple[str, ...]:
        """The columns that say something else; all that are filled in, for a new row."""
        return tuple(name for name, value in self.theirs.items() if (self.mine or {}).get(name) != value)


@dataclass(frozen=True)
class Loan:
    """What a password bundle holds: who made it (as it says itself), when (wall clock, ms), its rows, and how many no column can hold."""

    label: str
    made: int
    rows: tuple[Looked, ...]
    unfit: int = 0


def make(connection: Connection, session: Session, label: str, out_dir: Path, password: str, cost: Cost | None = None) -> tuple[Path, int]:
    """Write all rows of this node, sealed by the password; gives (path, rows). Raises Trouble for a short password or the place."""
    if len(password) < LEAST_PASSWORD:
        raise Trouble(f"密码至少要 {LEAST_PASSWORD} 位。请换一个长一点的密码，并当面或电话告诉对方。", "short_password")
    stamp_edits(connection, session)
    now, bundle_id = session.clock(), secrets.token_hex(16)
    counts: dict[int, int] = {}
    path = out_dir / f"{time.strftime('%Y%m%d', time.localtime(now / 1000))}-借用-{bundle_id[:6].upper()}.gbx"
    header = {"id": bundle_id, "from": session.device, "label": label, "made": now, "app": session.app}
    sizes: list[int] = []
    to, keys = [Locked(password, cost or DEAR)], own_keys(connection)

    def write(out: Any) -> None:
        pieces = wire.pack(_messages(connection, session.schema, counts), sizes.append)
        envelope.write_bundle(out, header, to, keys, pieces, lambda: sum(sizes))

    stick.write(path, write)
    return path, sum(counts.values())


def _messages(connection: Connection, schema: Schema, counts: dict[int, int]) -> Iterator[Message]:
    yield "manifest", {"schema": schema.mark, "fields": schema.listed(), "scope": ""}
    for shape in schema.shapes:
        if not shape.downward:
            for found in stream(connection, f"SELECT id, {', '.join(shape.names)} FROM {shape.name}", [], ROWS):
                ids, *columns = map(list, zip(*found, strict=True))
                counts[shape.number] = counts.get(shape.number, 0) + len(ids)
                yield Chunk(shape.number, list(shape.numbers), ids, [""] * len(ids), columns).message()
    yield "end", {"counts": counts}


def look(connection: Connection, schema: Schema, path: Path, password: str) -> Loan:
    """Read a password bundle and lay it beside the rows here; nothing is written. Raises WrongLoanPassword, NotLocked, Damaged."""
    try:
        with stick.reading(path) as source:
            sealed = envelope.verify(source, "bundle")
            header = sealed.header
            if not envelope.is_locked(header):
                raise NotLocked
            key = unlock(sealed, password)
            if not forms.is_text(header.get("label")) or not forms.is_whole(header.get("made")):
                raise Damaged
            chunks = list(_chunks(wire.unpack(envelope.decrypt(source, sealed, key), sealed.raw)))
    except OSError as error:
        raise reading(error) from error
    told = [each for chunk in chunks for each in _rows(schema, chunk)]
    good = [(shape, pk, values) for shape, pk, values in told if shape and fits(shape, values)]
    return Loan(header["label"][:40], header["made"], tuple(_beside(connection, schema, good)), len(told) - len(good))


def _chunks(messages: Iterator[Message]) -> Iterator[Chunk]:
    counts: dict[int, int] = {}
    end: Any = None
    for kind, body in messages:
        if end is not None or kind not in ("manifest", "chunk", "end"):
            raise Damaged
        if kind == "chunk":
            chunk = wire.chunk_of(body)
            counts[chunk.table] = counts.get(chunk.table, 0) + len(chunk.ids)
            if sum(counts.values()) > MOST_ROWS:
                raise Trouble(f"这个包超过 {MOST_ROWS:,} 条，不能逐条核对。请让对方登记加入，用上报包交换。", "loan_too_large")
            yield chunk
        elif kind == "end":
            end = body
    if type(end) is not dict or end.get("counts") != counts:
        raise Damaged


def _rows(schema: Schema, chunk: Chunk) -> Iterator[tuple[Shape | None, str, dict[int, Any]]]:
    shape = schema.by_number.get(chunk.table)
    for row, pk in enumerate(chunk.ids):
        values = chunk.values(row)
        known = shape is not None and not shape.downward and values.keys() <= shape.by_number.keys()
        yield (shape if known else None), pk, values


def _beside(connection: Connection, schema: Schema, told: list[tuple[Shape, str, dict[int, Any]]]) -> Iterator[Looked]:
    for shape in schema.shapes:
        theirs = {pk: values for each, pk, values in told if each is shape}
        fields = [each for each in shape.fields if each.number != SCOPE]
        condition, keys = among(connection, "id", list(theirs))
        names = ", ".join(["id", *(each.name for each in fields)])
        mine = {pk: values for pk, *values in rows(connection, f"SELECT {names} FROM {shape.name} WHERE {condition}", [keys])} if theirs else {}
        for pk, values in theirs.items():
            said = {each.name: values[each.number] for each in fields if each.number in values}
            here = dict(zip((each.name for each in fields), mine[pk], strict=True)) if pk in mine else None
            yield Looked(shape.name, pk, said, here)
