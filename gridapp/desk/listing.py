"""Listing a record for its page: the columns worth a list, masked values, sort keys, filter chips with live counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.facts import Row
from gridapp.desk.pages import Derived, Page, page_of
from gridapp.records import BY_NAME, Column, columns, every_column
from gridapp.records.kinds import Date, Link, Name, PartDate, People
from gridapp.rules.dates import month_day
from gridapp.store import Connection
from gridapp.store.search import sort_keys

KEYS = {"id", "scope", "sync_stamp"}  # letters and digits that nobody sees, and that any short number may stand in


@dataclass(frozen=True)
class ListColumn:
    """A column of a page: its key, heading, whether numbers stand right, a width hint in pixels."""

    key: str
    heading: str
    right: bool = False
    width: int = 120


@dataclass(frozen=True)
class ListRow:
    """A row of a page: display texts (masked), their sort keys, and the cells that are late."""

    id: str
    cells: tuple[str, ...]
    sort: tuple[Any, ...]
    late: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chip:
    """A saved view: its key, label and how many rows it holds now."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Listing:
    """A record's page as data."""

    record: str
    title: str
    count_text: str
    columns: tuple[ListColumn, ...]
    rows: list[ListRow]
    chips: tuple[Chip, ...]


def listing(desk: Desk, record: str, view: str = "all", find: str = "", only: Collection[str] | None = None) -> Listing:
    """The page of a record: rows of a view that hold every word of `find`. only: of these ids and no others, such as a report's figure counts."""
    with desk.store.reading() as connection:
        page, rows = page_of(connection, desk, record)
        if only is not None:
            rows = [row for row in rows if row["id"] in only]
        chips = (Chip("all", "全部", len(rows)), *(Chip(key, label, sum(map(test, rows))) for key, label, test in page.views))
        test = {key: test for key, _, test in page.views}.get(view)
        chosen = [row for row in rows if test is None or test(row)]
        shown, cells = _cells(connection, record, page, rows, str(desk.today().year))
    words = find.split()
    listed = [cells(row) for row in chosen]
    if words:
        keys = KEYS | {each.name for each in every_column(BY_NAME[record]) if isinstance(each.kind, Link)}
        told = ([value for name, value in raw.items() if name not in keys] for raw in chosen)
        listed = [row for row, values in zip(listed, told, strict=True) if _holds(row, values, words)]
    if page.newest_first:
        order = {row["id"]: row.get(page.newest_first) or "" for row in chosen}
        listed.sort(key=lambda row: order[row.id], reverse=True)
    else:
        listed.sort(key=lambda row: row.sort[0])
    text = f"{len(rows):,} {page.unit}" + (f" · {page.extra_count}" if page.extra_count and only is None else "")
    return Listing(record, BY_NAME[record].title, text, shown, listed, chips)


def _holds(row: ListRow, values: Iterable[Any], words: list[str]) -> bool:
    """Whether every word stands in what the row shows or says; never in its keys."""
    whole = " ".join((*row.cells, *(value for value in values if isinstance(value, str)), *(str(key) for key in row.sort))).lower()
    return all(word.lower() in whole for word in words)


def _cells(
    connection: Connection, record: str, page: Page, rows: list[Row], year: str
) -> tuple[tuple[ListColumn, ...], Callable[[Row], ListRow]]:
    own = [each for each in columns(BY_NAME[record]) if each.kind.listed and each.name not in page.hide and not isinstance(each.kind, Link)]
    names = {row[each.name] for each in own if isinstance(each.kind, Name) for row in rows if row[each.name]}
    keys = sort_keys(connection, names)
    derived = [*page.lead, *(_of_column(each, keys, year) for each in own), *page.tail]
    heads = tuple(ListColumn(f"c{at}", each.heading, each.right, each.width) for at, each in enumerate(derived))

    def cells(row: Row) -> ListRow:
        texts = tuple(each.text(row) for each in derived)
        sort = tuple((each.sort(row) if each.sort else text) for each, text in zip(derived, texts, strict=True))
        return ListRow(row["id"], texts, sort, frozenset(at for at, each in enumerate(derived) if each.late(row)))

    return heads, cells


def _of_column(each: Column, keys: dict[str, str], year: str) -> Derived:
    kind, name = each.kind, each.name
    sort: Callable[[Row], Any] | None = None
    if isinstance(kind, Name):

        def sort(row: Row) -> Any:
            return keys.get(row[name] or "", "")
    elif kind.stores is int:

        def sort(row: Row) -> Any:
            return -1 if row[name] is None else row[name]
    elif isinstance(kind, Date | PartDate):

        def sort(row: Row) -> Any:
            return row[name] or ""

    heading = f"{each.label}({unit})" if (unit := getattr(kind, "unit", "")) else each.label

    def text(row: Row) -> str:
        shown = kind.mask(row[name])
        return month_day(shown) if isinstance(kind, Date) and shown.startswith(year) else shown

    return Derived(heading, text, sort, right=kind.right, width=_width(each))


def _width(each: Column) -> int:
    if isinstance(each.kind, People) or getattr(each.kind, "longest", 0) > 300:
        return 240
    return max(96, 22 * len(each.label) + 24)
