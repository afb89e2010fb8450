"""A row as it stands on paper: its columns in words, as much of each as the paper's purpose shows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from gridapp.desk import facts
from gridapp.desk.facts import Row
from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import Address, IdNumber, Kind, Link, Name, PartDate, People, Phone, Text
from gridapp.rules import masking
from gridapp.rules.addresses import door_order
from gridapp.rules.purposes import Purpose, tells_birth

HIDDEN = "***"  # sensitive values leave the house only where somebody asked for the whole, with a purpose
SHORT = 200  # characters: longer texts tell stories, which are never put up for everybody
Cells = dict[str, str]
Show = Callable[[Kind, Any], str]
One = Callable[[Kind, Any], str]


def whole_text(kind: Kind, value: Any) -> str:
    """All of it."""
    return kind.show(value)


def masked_text(kind: Kind, value: Any) -> str:
    """Enough to recognise; nothing at all of what is sensitive."""
    return HIDDEN if kind.secrecy >= 3 and value else kind.mask(value)


def showing(purpose: Purpose, whole: bool = False, beside: Collection[str] = ()) -> Show:
    """How values read on a paper for this purpose; whole counts only where the purpose allows it, so never for 公示.

    beside: the names (or headings) of the columns in the same table: where one of them tells a birth, or where none are told, an ID number shows its
    first and last character alone, else its first six and last four.
    """
    rule = purpose.rule
    if whole and rule.may_be_whole:
        return whole_text
    with_birth = not beside or tells_birth(beside)
    special: dict[type[Kind], One] = {
        Name: _public_name if rule.name == "public" else _inner_name,
        People: _public_people if rule.name == "public" else _inner_name,
        Phone: _nothing if rule.number == "none" else _masked,
        IdNumber: _nothing if rule.number == "none" else lambda kind, value: masking.id_number(value, with_birth),
        Address: {"whole": _told, "building": _inner_address, "all_building": _building}[rule.address],
        Text: _short if rule.text == "short" else _scrubbed,
    }
    if rule.name == "public":
        special[PartDate] = _public_day
    hidden = "" if rule.number == "none" else HIDDEN

    def show(kind: Kind, value: Any) -> str:
        if value is None or value == "":
            return ""
        if kind.secrecy >= 3:
            return hidden
        return special.get(type(kind), _masked)(kind, value)

    return show


def _masked(kind: Kind, value: Any) -> str:
    return kind.mask(value)


def _told(kind: Kind, value: Any) -> str:
    return masking.scrubbed(kind.show(value))


def _nothing(kind: Kind, value: Any) -> str:
    return ""


def _inner_name(kind: Kind, value: Any) -> str:
    return kind.mask(value) if kind.secrecy >= 2 else _told(kind, value)


def _public_name(kind: Kind, value: Any) -> str:
    return masking.public_name(value)


def _public_people(kind: Kind, value: Any) -> str:
    return masking.people(value, masking.public_name)


def _inner_address(kind: Kind, value: Any) -> str:
    return _building(kind, value) if kind.secrecy >= 2 else _told(kind, value)


def _building(kind: Kind, value: Any) -> str:
    return masking.scrubbed(masking.address(value))


def _scrubbed(kind: Kind, value: Any) -> str:
    return kind.mask(value) if kind.secrecy >= 2 else _told(kind, value)


def _short(kind: Kind, value: Any) -> str:
    """A text for everybody: none that is about somebody (S1), none that is long."""
    return "" if kind.secrecy or getattr(kind, "longest", 0) > SHORT else _told(kind, value)


def _public_day(kind: Kind, value: Any) -> str:
    """Of somebody's birth only the year."""
    return kind.show(value)[:4] if kind.secrecy else kind.show(value)


def own(record: str, row: Row, show: Show) -> Cells:
    """Column -> the value as it reads, for every column that is no link."""
    return {name: show(kind, row[name]) for name, kind in _shown(record)}


@cache
def _shown(record: str) -> tuple[tuple[str, Kind], ...]:
    return tuple((each.name, each.kind) for each in columns(BY_NAME[record]) if not isinstance(each.kind, Link))


def by_door(homes: facts.Households) -> list[Row]:
    """Households as one walks past them."""
    return sorted(homes.rows.values(), key=lambda row: door_order(homes.place(row["id"])))
