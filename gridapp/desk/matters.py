"""What 待核对 is made of: an item people see, and the matter behind it, which knows the values and what each choice does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gridapp.desk.facts import Households, Row, households
from gridapp.desk.finding import label
from gridapp.records import BY_NAME, column, every_column
from gridapp.records.kinds import Kind, Link
from gridapp.rules import moments
from gridapp.store import Connection
from gridapp.store.read import row as read_row
from gridapp.store.work import Work

HERE, THERE, WAS, BLANK = "本机", "对方", "原来", "（空）"


@dataclass(frozen=True)
class Version:
    """One side by side with the others: whose (原来, 本机, 对方), the value as lists show it, who wrote it where and when.

    choice: the choice that takes it ('' for none). stands: it is what is used now. masked: there is more to see than is shown.
    """

    label: str
    value: str
    who: str = ""
    where: str = ""
    when: str = ""
    choice: str = ""
    stands: bool = False
    masked: bool = False


@dataclass(frozen=True)
class Choice:
    """What can be decided. default: what 都采用默认 takes; an item without one is never decided in bulk."""

    key: str
    text: str
    default: bool = False


@dataclass(frozen=True)
class Item:
    """One thing to look at. key: the same on every node and at every time. sort: a code of review_sort.

    heading: the field's label, else the sort's. sentence: what happened and what to do. reason: why the one that stands stands.
    opens: the page where more can be done about it, and the key it is known by there.
    """

    key: str
    sort: str
    title: str
    heading: str
    record: str
    row_id: str
    household_id: str | None
    sentence: str
    reason: str = ""
    field: str = ""
    versions: tuple[Version, ...] = ()
    choices: tuple[Choice, ...] = ()
    opens: tuple[str, str] = ("", "")

    @property
    def default(self) -> str:
        """The default choice's key; '' when there is none."""
        return next((each.key for each in self.choices if each.default), "")


@dataclass
class Matter:
    """An item with what is behind it. texts: each version's whole value in words. covers: the keys a decision puts out of the list.

    carry_out(work, choice) writes what the choice means. lasting: cannot be taken back.
    """

    item: Item
    carry_out: Callable[[Work, str], object]
    covers: tuple[str, ...]
    texts: tuple[str, ...] = ()
    scope: str = ""
    lasting: bool = False


class Words:
    """How rows and values are called; keeps what it has looked up. The households are read when first needed: often nothing waits at all."""

    def __init__(self, connection: Connection, today: dt.date) -> None:
        self.connection, self._today = connection, today
        self._rows: dict[tuple[str, str], Row | None] = {}

    @cached_property
    def homes(self) -> Households:
        """Every household."""
        return households(self.connection, self._today)

    def row(self, record: str, row_id: str | None) -> Row | None:
        """A row, read once."""
        key = (record, row_id or "")
        if key not in self._rows:
            self._rows[key] = read_row(self.connection, record, row_id)
        return self._rows[key]

    def title(self, record: str, row: Row | None) -> str:
        """'住户 3-1-101 李秀*'."""
        name = BY_NAME[record].title
        called = label(self.homes, record, row) if row else ""
        return name if called in ("", name) else f"{name} {called}"

    def home(self, record: str, row: Row | None) -> str | None:
        """The household the row belongs to, if it stands here."""
        found = row["id"] if row and record == "household" else (row or {}).get("household_id")
        if row and not found and row.get("resident_id"):
            found = (self.row("resident", row["resident_id"]) or {}).get("household_id")
        return found if found in self.homes.rows else None

    def both(self, kind: Kind | None, value: Any) -> tuple[str, str]:
        """(as lists show it, whole); BLANK for none."""
        if value is None or value == "":
            return BLANK, BLANK
        if kind is None:
            return str(value), str(value)
        if isinstance(kind, Link):
            called = self.title(kind.target, self.row(kind.target, value))
            return called, called
        return kind.mask(value) or BLANK, kind.show(value)


def kind_of(record: str, field: str) -> Kind | None:
    """The field's kind; None for the path a row belongs to, and for no field."""
    return column(BY_NAME[record], field).kind if field and field != "scope" else None


def blank(record: str, **values: Any) -> Row:
    """A row as it would be read, with what is known of it."""
    return {"id": "", "scope": "", **{each.name: None for each in every_column(BY_NAME[record])}, **values}


def stored(at: int) -> str:
    """A wall-clock moment in ms as the store writes it."""
    return moments.store(dt.datetime.fromtimestamp(at / 1000, dt.UTC))
