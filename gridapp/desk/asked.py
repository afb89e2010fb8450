"""What somebody wants printed, what whoever draws it up needs to know, and the small ways in which values stand on paper."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gridapp.desk import facts
from gridapp.desk.cells import Cells, Show, own, showing
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Row
from gridapp.desk.paper import Sheet
from gridapp.desk.picking import Picked
from gridapp.records import BY_NAME, column
from gridapp.rules import codes
from gridapp.rules.purposes import Purpose
from gridapp.store import Connection

Pairs = list[list[tuple[str, str]]]
TICKED, OPEN = "■", "□"  # a tick in a box is in no font we ship
BLANK_DAY = "　　　年　　月　　日"


@dataclass(frozen=True)
class Order:
    """What is to be printed. sheet: a kind's key. ids: the rows it is for, else whom: a choice's key. said: what was typed for it.

    purpose, aim: for whom and what for. whole: nothing masked, which takes the desk's password. ledger, picked: which one and which of its rows
    (None: those of its own choice), where the sheet is a ledger.
    """

    sheet: str
    ids: tuple[str, ...] = ()
    whom: str = ""
    purpose: Purpose = Purpose.INSIDE
    aim: str = ""
    whole: bool = False
    password: str = field(default="", repr=False)
    said: Mapping[str, str] = field(default_factory=dict)
    ledger: str = ""
    picked: Picked | None = None


@dataclass(frozen=True)
class Choice:
    """Whom a sheet can be for: a key, its label, how many they are (None: not counted)."""

    key: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class Made:
    """What came of an order: its sheets, how many rows stand on them, whether they name people; of a ledger its title, record and choice of rows."""

    sheets: tuple[Sheet, ...]
    count: int
    named: bool = True
    title: str = ""
    record: str = ""
    picked: Picked | None = None


@dataclass(frozen=True)
class Asked:
    """An order before a desk, with what most sheets need. whole: nothing is masked."""

    connection: Connection
    desk: Desk
    order: Order
    whole: bool = False

    @cached_property
    def show(self) -> Show:
        return showing(self.order.purpose, self.whole)

    @cached_property
    def homes(self) -> facts.Households:
        return facts.households(self.connection, self.desk.today())

    @cached_property
    def waiting(self) -> dict[str, list[tuple[Row, facts.Progress]]]:
        """The open requests of each household."""
        found: dict[str, list[tuple[Row, facts.Progress]]] = {}
        for row, progress in facts.requests(self.connection, self.desk.today()):
            if progress.is_open and row["household_id"]:
                found.setdefault(row["household_id"], []).append((row, progress))
        return found

    @property
    def day(self) -> str:
        return self.desk.today().isoformat()

    def said(self, key: str) -> str:
        """What was typed for a blank of the sheet."""
        return self.order.said.get(key, "").strip()

    def one(self, record: str, name: str, value: Any) -> str:
        """A value as it stands on this paper."""
        return self.show(column(BY_NAME[record], name).kind, value)

    def own(self, record: str, row: Row) -> Cells:
        """All of a row's own columns as they stand on this paper."""
        return own(record, row, self.show)

    def rows(self, record: str, ids: Collection[str]) -> list[Row]:
        """Rows by id, in the order asked."""
        found = facts.by_id(self.connection, record, id=tuple(ids))
        return [found[each] for each in ids if each in found]


def heads(*told: tuple[str, int] | tuple[str, int, str]) -> list[dict[str, Any]]:
    """The columns of a table on a sheet: heading, how wide beside the others, alignment (left)."""
    return [{"heading": each[0], "width": each[1], "align": each[2] if len(each) > 2 else "left"} for each in told]


def boxes(table: str, chosen: str | None = None) -> str:
    """The codes of a table as boxes to tick, the chosen one ticked."""
    offered = codes.table(table).offered()
    return "\u00a0 \u00a0".join(f"{TICKED if code == chosen else OPEN}\u00a0{label}" for code, label in offered.items())


def yes_no(value: Any) -> str:
    """是 and 否 as boxes."""
    return f"{TICKED if value == 1 else OPEN}\u00a0是　{TICKED if value == 0 else OPEN}\u00a0否"


def numbered(rows: Iterable[list[str]], extra: int = 0) -> list[list[str]]:
    """Rows with their number before them, and some blank ones after, numbered too."""
    found = [[str(at), *row] for at, row in enumerate(rows, 1)]
    width = len(found[0]) - 1 if found else 0
    return found + [[str(at), *[""] * width] for at in range(len(found) + 1, len(found) + 1 + extra)]
