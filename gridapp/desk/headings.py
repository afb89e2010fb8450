"""What tables and columns were taken for, as the preview shows it, and what the user said they are: remembered in the settings, by fingerprint."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting

if TYPE_CHECKING:
    from gridapp.ledgers.corrections import Corrections
    from gridapp.ledgers.grid import Grid
    from gridapp.ledgers.layout import Header
    from gridapp.ledgers.reader import Sheet
    from gridapp.ledgers.tables import Table

SETTING = "ledger.headings"
SWITCHED_OFF = "这一列不保存：本网格没有开启它，默认不收集。"
NOT_READ = "这张表没有读，这一列也就不保存。"


@dataclass(frozen=True)
class Said:
    """What the user says a table is: kind ("" for not to be read), and by place among its headings (0 the leftmost) what columns mean ("": not kept).

    header: how many rows the header has that the user pointed out, 0 for one the program found. automatic: forget what was said before, the program
    finds out for itself again.
    """

    kind: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    header: int = 0
    automatic: bool = False

    def column(self, place: int, name: str) -> Said:
        """The same, with one column more."""
        return replace(self, columns={**self.columns, place: name}, automatic=False)

    def of_kind(self, kind: str) -> Said:
        """Another kind: what was said of columns no longer holds, but where the header is does."""
        return Said(kind, header=self.header)


@dataclass(frozen=True)
class Pointed:
    """Rows pointed out as a header: its signature, how many rows, and the kind of ledger it is likeliest of, "" for none."""

    signature: str
    rows: int
    kind: str


@dataclass(frozen=True)
class PreviewColumn:
    """One column: at: its place in the sheet (0 is A); name, label: the field it was taken for, "" for none; reason: why it is not kept."""

    heading: str
    at: int
    name: str = ""
    label: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PreviewOffer:
    """A ledger of a kind the store does not keep, of which some columns can be kept. ledger: its kind; labels: those columns; said: what accepts it.

    taken: it was accepted, now or before.
    """

    ledger: str
    labels: tuple[str, ...]
    said: Said
    taken: bool


@dataclass(frozen=True)
class PreviewTable:
    """One table of a sheet, its columns from the left. kind: "" when it is not read. said: what the user said of it, now or before.

    offer: what can be kept of it, where the store does not keep its kind. header_rows: Excel rows.
    """

    signature: str
    kind: str
    columns: tuple[PreviewColumn, ...]
    said: Said | None = None
    offer: PreviewOffer | None = None
    header_rows: tuple[int, ...] = ()


def ledger_kinds() -> list[tuple[str, str]]:
    """(key, Chinese name) of what a table can be said to be."""
    from gridapp.ledgers.corrections import kinds

    return kinds()


def ledger_fields(kind: str) -> list[tuple[str, str]]:
    """(name, label) of what a column of such a table can be said to mean; none for a table that is not read."""
    from gridapp.ledgers.corrections import choices

    return [(term.name, term.label) for term in choices(kind)] if kind else []


def tables_of(sheet: Sheet, known: Corrections, off: set[tuple[str, str]]) -> tuple[PreviewTable, ...]:
    """The tables of a sheet, those first that were read. off: (record, column) that this grid has not switched on."""
    read = [(each.signature, "" if each.foreign else each.kind, _columns(each, off), tuple(each.header_rows)) for each in sheet.tables]
    left = [(mark, "", _unread(header), tuple(range(header.top + 1, header.bottom + 2))) for mark, header in sheet.left]
    return tuple(
        PreviewTable(mark, kind, found, _said(known, mark), _offer(sheet, mark), rows) for mark, kind, found, rows in (*read, *left)
    )


def point_out(top: Grid, first: int, rows: int) -> Pointed | None:
    """What rows of a sheet are, taken as a header. top: the sheet's top rows; first: Excel row. None where they say nothing."""
    from gridapp.ledgers.mapping import forget
    from gridapp.ledgers.pointing import guess, header_of

    header = header_of(top, first - 1, rows)
    kind = guess(header, top.name) if header else ""
    forget()
    return Pointed(header.mark, rows, kind) if header else None


def _offer(sheet: Sheet, mark: str) -> PreviewOffer | None:
    found = sheet.offers.get(mark)
    return PreviewOffer(found.ledger, found.labels, Said(found.correction.kind, found.correction.columns), found.taken) if found else None


def _said(known: Corrections, mark: str) -> Said | None:
    return Said(known[mark].kind, known[mark].columns, known[mark].header) if mark in known else None


def _columns(table: Table, off: set[tuple[str, str]]) -> tuple[PreviewColumn, ...]:
    mapping, unkept = table.mapping, table.unkept
    found = []
    for at, heading in sorted(mapping.headings.items()):
        term, reason = mapping.terms.get(at), unkept.get(at, ("", ""))[1]
        named = (term.name, term.label) if term else ("", "")
        reason = reason or (NOT_READ if table.foreign else "") or (term.unkept or (SWITCHED_OFF if term.of in off else "") if term else "")
        found.append(PreviewColumn(_flat(heading), at, *named, reason))
    return tuple(found)


def _unread(header: Header) -> tuple[PreviewColumn, ...]:
    return tuple(PreviewColumn(_flat("".join(header.paths[at])), at, reason=NOT_READ) for at in sorted(header.paths))


def _flat(heading: str) -> str:
    return heading.replace("\n", "")


def with_said(connection: Connection, said: Mapping[str, Said]) -> Corrections:
    """What was remembered, and over it what the user says now, by signature."""
    from gridapp.ledgers.corrections import Correction, load

    known = load(read_setting(connection, SETTING))
    known |= {mark: Correction(each.kind, each.columns, each.header) for mark, each in said.items() if not each.automatic}
    return {mark: each for mark, each in known.items() if not (mark in said and said[mark].automatic)}


def remember(connection: Connection, known: Corrections) -> None:
    """Keep what the user said for every later file with such headings. Nothing personal: fingerprints, places and names of fields."""
    from gridapp.ledgers.corrections import dump

    write_setting(connection, SETTING, dump(known))
