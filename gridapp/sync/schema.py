"""What travels: each record's stable table number and field numbers, as plain data, so that nodes of different versions can be compared."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Text

DELETED = 0
SCOPE = 61
INSERTED = 62
Homes = tuple[tuple[int, str, str], ...]  # (field number, column, table it points at)
ROOT = "household"  # what is reassigned from one grid to another; everything that belongs to one goes with it


@dataclass(frozen=True)
class Field:
    """One column that travels. number: its bit in the mask and its key on the wire. text: else a whole number."""

    number: int
    name: str
    policy: str = ""
    text: bool = True


@dataclass(frozen=True)
class Shape:
    """One record's table as the exchange sees it. parents: (column, table it points at). downward: an office's rows reach all below its path."""

    number: int
    name: str
    fields: tuple[Field, ...]
    parents: tuple[tuple[str, str], ...] = ()
    downward: bool = False
    numbers: tuple[int, ...] = field(init=False)
    by_number: dict[int, Field] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", tuple(each.number for each in self.fields))
        object.__setattr__(self, "by_number", {each.number: each for each in self.fields})

    @property
    def inserted(self) -> int:
        """The mask of an inserted row: which fields the program knew that inserted it."""
        return 1 << INSERTED | sum(1 << number for number in self.numbers)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in field order."""
        return tuple(each.name for each in self.fields)

    @property
    def speaks_of_another(self) -> bool:
        """Whether a row is about another row, named by its table and key: then it belongs where that one stands."""
        return {"record", "row_id"} <= {*self.names}


@dataclass(frozen=True)
class Schema:
    """All shapes, parents before children where they can be, and a hash that changes when any field does."""

    shapes: tuple[Shape, ...]
    by_number: dict[int, Shape] = field(init=False, compare=False)
    by_name: dict[str, Shape] = field(init=False, compare=False)
    homes: dict[str, Homes] = field(init=False, compare=False)
    mark: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "homes", _homes(self.shapes))
        listed = [[s.number, s.name, [[f.number, f.name, f.policy, f.text] for f in s.fields], *([True] if s.downward else [])] for s in self.shapes]
        object.__setattr__(self, "by_number", {shape.number: shape for shape in self.shapes})
        object.__setattr__(self, "by_name", {shape.name: shape for shape in self.shapes})
        object.__setattr__(self, "mark", hashlib.blake2b(json.dumps(listed).encode(), digest_size=8).hexdigest())

    def listed(self) -> dict[str, Any]:
        """The field registry as it goes into a bundle's manifest: {table number: [name, {field number: name}]}."""
        return {str(s.number): [s.name, {str(f.number): f.name for f in s.fields}] for s in self.shapes}


def _homes(shapes: tuple[Shape, ...]) -> dict[str, Homes]:
    """By which links rows belong to a household, in field order (the first that is set counts); a link to a place or an organisation does not."""
    movable = {ROOT}
    while more := {shape.name for shape in shapes if movable & {parent for _, parent in shape.parents}} - movable:
        movable |= more
    return {shape.name: _in_order(shape, movable) for shape in shapes if shape.name in movable}


def _in_order(shape: Shape, targets: set[str]) -> Homes:
    found = {column: parent for column, parent in shape.parents if parent in targets}
    return tuple((each.number, each.name, found[each.name]) for each in shape.fields if each.name in found)


def schema_of(records: Iterable[Any]) -> Schema:
    """The schema of record classes (see gridapp.records)."""
    return Schema(tuple(_shape(record) for record in records))


@cache
def current() -> Schema:
    """The schema of this program."""
    from gridapp.records import RECORDS

    return schema_of(RECORDS)


def _shape(record: Any) -> Shape:
    from gridapp.records import every_column

    table = record.__table__
    fields = [Field(each.number, each.name, each.kind.policy, isinstance(table.c[each.name].type, Text)) for each in every_column(record)]
    fields = sorted(fields, key=lambda each: each.number) + [Field(SCOPE, "scope", "office_wins")]
    numbers = {each.number for each in fields}
    if len(numbers) != len(fields) or min(numbers) < 1:
        raise ValueError(f"{record.__tablename__}: field numbers must be unique and between 1 and 60")
    parents = tuple((key.parent.name, key.column.table.name) for key in sorted(table.foreign_keys, key=lambda key: key.parent.name))
    return Shape(record.number, record.__tablename__, tuple(fields), parents, record.downward)
