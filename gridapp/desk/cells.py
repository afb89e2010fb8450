"""A row as it stands on paper: its own columns in words, masked or whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from gridapp.desk import facts
from gridapp.desk.facts import Row
from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import Kind, Link
from gridapp.rules.addresses import door_order

HIDDEN = "***"  # sensitive values leave the house only where somebody asked for the whole, with a purpose
Cells = dict[str, str]
Show = Callable[[Kind, Any], str]


def whole_text(kind: Kind, value: Any) -> str:
    """All of it."""
    return kind.show(value)


def masked_text(kind: Kind, value: Any) -> str:
    """Enough to recognise; nothing at all of what is sensitive."""
    return HIDDEN if kind.secrecy >= 3 and value else kind.mask(value)


def own(record: str, row: Row, show: Show) -> Cells:
    """Column -> the value as it reads, for every column that is no link."""
    return {name: show(kind, row[name]) for name, kind in _shown(record)}


@cache
def _shown(record: str) -> tuple[tuple[str, Kind], ...]:
    return tuple((each.name, each.kind) for each in columns(BY_NAME[record]) if not isinstance(each.kind, Link))


def by_door(homes: facts.Households) -> list[Row]:
    """Households as one walks past them."""
    return sorted(homes.rows.values(), key=lambda row: door_order(homes.place(row["id"])))
