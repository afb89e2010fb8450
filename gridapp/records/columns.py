"""Columns: the named kinds of a record, read off its declaration once. Everything that lists fields asks here."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any

from gridapp.records.base import Record
from gridapp.records.kinds import Kind
from gridapp.rules.reading import Fault, Reading


@dataclass(frozen=True)
class Column:
    """A named kind on a record."""

    record: type[Record]
    name: str
    kind: Kind
    required: bool
    default: Any = None

    @property
    def number(self) -> int:
        return self.kind.number

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def ledger(self) -> str:
        """What the ledger vocabulary calls it."""
        return self.kind.ledger or self.name

    def read(self, raw: Any) -> Reading:
        """The kind's reading, its faults standing at this column."""
        found = self.kind.read(raw)
        return Reading(found.value, tuple(fault.on(self.name) for fault in found.faults)) if found.faults else found


def _required(annotation: Any) -> bool:
    optional = typing.get_origin(annotation) in (types.UnionType, typing.Union) and type(None) in typing.get_args(annotation)
    return not optional


@cache
def columns(record: type[Record]) -> tuple[Column, ...]:
    """The columns of a record that people see, in declaration order (the base columns are not among them)."""
    return tuple(each for each in every_column(record) if not each.kind.hidden)


@cache
def every_column(record: type[Record]) -> tuple[Column, ...]:
    """The same with those the program keeps for itself: what is stored, undone and exchanged."""
    found = []
    for name, info in record.model_fields.items():
        kind = next((item for item in info.metadata if isinstance(item, Kind)), None)
        if kind:
            default = None if info.is_required() else info.get_default(call_default_factory=True)
            found.append(Column(record, name, kind, _required(info.annotation), default))
    return tuple(found)


def column(record: type[Record], name: str) -> Column:
    """One column by its attribute name; KeyError when the record has none such."""
    return {each.name: each for each in every_column(record)}[name]


def read_values(record: type[Record], raw: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Read raw values through their kinds and check the whole: (values fit to store, faults with their field)."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for each in columns(record):
        if each.name not in raw:
            continue
        found = each.read(raw[each.name])
        values[each.name] = found.value
        faults += found.faults
    refused = {fault.field for fault in faults if fault.fatal}
    faults += [missing(each) for each in columns(record) if each.required and values.get(each.name) is None and each.name not in refused]
    return values, faults + record.check(values)


def missing(each: Column) -> Fault:
    """The fault of a required column left blank."""
    return Fault("missing", f"{each.label}还没有填写。", f"请填写{each.label}。", field=each.name)
