"""From what a ledger says to what could be stored: one draft per row, its values read by the record's own columns. No store here."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gridapp.ledgers.checks import Row
from gridapp.ledgers.reader import Sheet, uncollected
from gridapp.ledgers.tables import PAPERS, Table
from gridapp.records import BY_NAME, Column, columns
from gridapp.records.kinds import IdNumber, Link, Name, PartDate, People, Phone, Year
from gridapp.rules import addresses, codes, relations
from gridapp.rules.addresses import Address
from gridapp.rules.reading import Fault, Reading

RECORD = {"resident": "resident", "household": "household", "party": "member", "visit": "visit", "request": "request"}
NO_WORDS = "（台账未记交谈要点）"
EXTRA = ("household_head", "household_no", "done_date", "status")
Values = dict[str, Any]
Homes = dict[tuple[Any, ...], tuple[Address | None, tuple[Fault, ...]]]


@dataclass(slots=True)
class Draft:
    """One row as it could be kept. record: a record's table name. values: column -> stored value, None where the ledger says nothing or was refused.

    faults stand at the ledger's field names (Column.ledger). row: its Excel row. address: the parts of where it is, None when nothing is said or
    readable; address_text: as written. extra: what lands elsewhere (household_head, household_no, done_date, status, satisfaction as a code).
    origin: the table and row it was made from.
    """

    record: str
    values: Values
    row: int
    block: int = 0
    faults: list[Fault] = field(default_factory=list)
    address: Address | None = None
    address_text: str = ""
    extra: Values = field(default_factory=dict)
    origin: tuple[Table, Row] | None = field(default=None, repr=False, compare=False)


def drafts(sheet: Sheet) -> list[Draft]:
    """A draft for every row of every table, the rejected ones too: their fatal faults say why they cannot be kept. In the order of the sheet.

    A ledger of a kind the store does not keep gives none (Sheet.no_table says so).
    """
    with uncollected():
        made = [draft for table in sheet.tables if not table.foreign for draft in table_drafts(table)]
    return sorted(made, key=lambda draft: (draft.row, draft.block))


def table_drafts(table: Table) -> list[Draft]:
    """The drafts of one table."""
    record = RECORD[table.kind]
    named = {term.name for term in table.mapping.terms.values()} | {"party_group"}
    readers = [_ColumnOf(each) for each in columns(BY_NAME[record]) if not isinstance(each.kind, Link) and each.ledger in named]
    homes: Homes = {}
    return [_draft(record, table, row, readers, homes) for row in (*table.rows, *table.rejects)]


ALREADY_READ = (Name, IdNumber, PartDate)


class _ColumnOf:
    """Turns the preview's value of one column into the stored one. What the same rule has read for the preview is not read again."""

    def __init__(self, column: Column) -> None:
        self.column, self.ledger, self.kind = column, column.ledger, column.kind
        self.as_is = type(column.kind) in ALREADY_READ
        self.joined = isinstance(column.kind, Phone | People)
        self._seen: dict[Any, Reading] = {}

    def read(self, value: Any) -> Reading:
        if self.as_is:
            return Reading(value)
        if self.joined:
            return Reading("、".join(value))
        if isinstance(self.kind, Year):
            return Reading(int(value[:4]))
        found = self._seen.get(value)
        if found is None:
            found = self._seen[value] = self._read(value)
        return found

    def _read(self, value: Any) -> Reading:
        found = relations.read(value) if self.column.name == "relation" else self.kind.read(value)
        return Reading(found.value, tuple(fault.on(self.ledger) for fault in found.faults))


def _draft(record: str, table: Table, row: Row, readers: list[_ColumnOf], homes: Homes) -> Draft:
    draft = Draft(record, {}, row.row, row.block, list(row.faults), origin=(table, row))
    fields = row.fields
    if fields.get("id_type") not in PAPERS:
        fields = fields | {"id_no": None}
    for reader in readers:
        if reader.ledger not in fields:
            continue
        value = fields[reader.ledger]
        if value is None or value == ():
            draft.values[reader.column.name] = None
            continue
        found = reader.read(value)
        draft.values[reader.column.name] = found.value
        if found.faults:
            known = {(fault.code, fault.field) for fault in draft.faults}
            draft.faults += [fault for fault in found.faults if (fault.code, fault.field) not in known]
    if record == "visit" and draft.values.get("content") is None:
        draft.values["content"] = draft.values.get("problem") or draft.values.get("result") or NO_WORDS
    _locate(draft, fields, homes)
    if record == "household" and draft.address and draft.address.room:
        draft.values |= {"unit": draft.address.unit or None, "room": draft.address.room}
    _add_extra(draft, fields)
    return draft


def _locate(draft: Draft, fields: Values, homes: Homes) -> None:
    """Where the row is: equal addresses are taken apart once."""
    get = fields.get
    key = (get("address"), get("estate"), get("building"), get("unit"), get("room"))
    if not any(key):
        return
    if key not in homes:
        homes[key] = _address(fields)
    draft.address, faults = homes[key]
    draft.faults += faults
    draft.address_text = str(fields.get("address") or written_address(fields))


def _address(fields: Values) -> tuple[Address | None, tuple[Fault, ...]]:
    """The parts from their own columns where a room is among them, else from the address in words, completed by the columns."""
    texts = [written_address(fields), str(fields.get("address") or "")]
    if not fields.get("room"):
        texts.reverse()
    readings = [addresses.read(text) for text in texts if text]
    found = [reading.value for reading in readings if reading.value is not None]
    best = next((address for address in found if address.room), found[0] if found else None)
    if best is None:
        return None, tuple(fault.on("address") for fault in readings[0].faults)
    return _completed(best, fields), ()


def _completed(address: Address, fields: Values) -> Address:
    """An estate or building of its own column or section fills what the address in words leaves out (2单元501 under 3号楼)."""
    if address.building and (address.estate or not fields.get("estate")):
        return address
    building = addresses.read(_numbered(fields.get("building"), "号楼")).value
    return Address(
        address.estate or str(fields.get("estate") or "") or (building.estate if building else ""),
        address.building or (building.building if building else ""),
        address.unit,
        address.room,
    )


def written_address(fields: Values) -> str:
    """The parts of an address that stand in columns of their own, in one line: 小区 3 2 501 -> 小区3号楼2单元501室."""
    parts = (("estate", ""), ("building", "号楼"), ("unit", "单元"), ("room", "室"))
    return "".join(_numbered(fields.get(part), sign) for part, sign in parts)


def _numbered(value: Any, sign: str) -> str:
    text = str(value or "")
    return text + sign if text and text.isascii() and text.isalnum() else text


def _add_extra(draft: Draft, fields: Values) -> None:
    draft.extra = {name: fields[name] for name in EXTRA if fields.get(name) is not None}
    if fields.get("satisfaction"):
        draft.extra["satisfaction"] = codes.table("satisfaction").read(fields["satisfaction"]).value
