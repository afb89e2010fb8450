"""待处理: rows of ledgers that could not be kept wait here; mended they are kept by the same rules as an import, or somebody dismisses them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gridapp.desk import matching
from gridapp.desk.desk import Desk, note
from gridapp.desk.drafting import Outcome, place_draft, told_by_id
from gridapp.desk.keeping import off_columns
from gridapp.records import BY_NAME, column
from gridapp.rules import codes
from gridapp.rules.reading import Fault
from gridapp.store import Connection, aside
from gridapp.store.search import spell_names
from gridapp.store.work import Work

if TYPE_CHECKING:
    from gridapp.ledgers.drafts import Draft

TAKEN = Fault("duplicate_no", "已有同一编号的事项。", "请核对编号，每件事项一个编号；如果是同一件事，这一行就不要了。", field="req_no")


@dataclass(frozen=True)
class AsideCell:
    """One cell of a row that waits: name and label of its field, what it says, what is wrong with it."""

    name: str
    label: str
    text: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Aside:
    """A row that waits. place: file, sheet and row it came from; faults: those that stand at no cell of it come first."""

    n: int
    place: str
    kind: str
    title: str
    cells: tuple[AsideCell, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Mended:
    """What came of mending: how many rows were kept, how many still wait; records: rows written, by record; batch_id: what to undo."""

    kept: int
    left: int
    records: Mapping[str, int] = field(default_factory=dict)
    batch_id: str = ""


def set_aside(connection: Connection, file: str, rows: Sequence[tuple[str, Draft]], batch_id: str) -> int:
    """Put (sheet, draft) aside inside an open Work; gives how many were not there yet."""
    from gridapp.ledgers.words import words_of

    off = {record: {column(BY_NAME[record], name).ledger for name in off_columns(connection, BY_NAME[record])} for record in matching.ORDER}
    every = ((sheet, draft, words_of(draft)) for sheet, draft in rows)
    told = [
        {
            "file": file,
            "sheet": sheet,
            "row": draft.row,
            "kind": words.kind,
            "when_said": words.when,
            "cells": _without(words.cells, off[draft.record], draft),
        }
        for sheet, draft, words in every
    ]
    return aside.put(connection, told, batch_id)


def _without(cells: Mapping[str, str], off: Collection[str], draft: Draft) -> dict[str, str]:
    """The cells but for what this grid does not keep; an ID number leaves behind the year and the sex it tells."""
    kept = {name: text for name, text in cells.items() if name not in off}
    if "id_no" in off and draft.values.get("id_no"):
        told = told_by_id(draft)
        kept["birth"] = kept.get("birth") or str(told["birth_year"])
        kept["sex"] = kept.get("sex") or codes.table("sex").label(told["sex"])
    return kept


def shelf_of(connection: Connection, scope: str) -> matching.Shelf:
    """Everything an import may meet, and the columns this grid has not switched on."""
    shelf = matching.load(connection, scope)
    shelf.off = {record: off_columns(connection, BY_NAME[record]) for record in matching.ORDER}
    return shelf


def write(work: Work, shelf: matching.Shelf) -> dict[str, int]:
    """Write what was placed; gives the rows written, by record."""
    written = {}
    for record in matching.ORDER:
        if rows := shelf.new[record]:
            work.insert(record, rows)
        if changes := [pair for pair in shelf.changed[record].values() if pair[1]]:
            work.change_many(record, changes)
        if rows or changes:
            written[record] = len(rows) + len(changes)
    return written


def asides(desk: Desk) -> list[Aside]:
    """The rows that wait, each read again as the ledgers stand now."""
    with desk.store.reading() as connection:
        rows = aside.waiting(connection)
        shelf = shelf_of(connection, desk.scope) if rows else None
    return [_shown(row, _placed(desk, shelf, row)) for row in rows if shelf]


def waiting_rows(desk: Desk) -> int:
    """How many rows wait."""
    with desk.store.reading() as connection:
        return aside.count(connection)


def mend(desk: Desk, changes: Mapping[int, Mapping[str, str]]) -> Mended:
    """Put other words into rows that wait ({n: {field: text}}) and keep those that can be; one Work, one undo."""
    with desk.store.work() as work:
        shelf = shelf_of(work.connection, desk.scope)
        rows = aside.waiting(work.connection, changes)
        outcomes = {row["n"]: _placed(desk, shelf, _reworded(work, row, changes[row["n"]])) for row in rows}
        kept = [n for n, outcome in outcomes.items() if outcome.what != "cannot"]
        work.title = f"处理导入剩下的 {len(kept)} 行"
        records = write(work, shelf)
        aside.keep(work.connection, kept, work.batch_id)
        if kept:
            told = Counter(outcomes[n].what for n in kept)
            note(work.connection, desk, "import", purpose=f"待处理：{told['new']} 新增，{told['changed']} 更新")
        work.keep()
    spell_names(desk.store.engine)
    return Mended(len(kept), len(outcomes) - len(kept), records, work.batch_id if records else "")


def dismiss(desk: Desk, numbers: Collection[int]) -> int:
    """Rows that are not wanted go for good; gives how many."""
    with desk.store.work() as work:
        gone = aside.drop(work.connection, numbers)
        work.keep()
    return gone


def _reworded(work: Work, row: dict[str, Any], changes: Mapping[str, str]) -> dict[str, Any]:
    if changes:
        row["cells"] |= changes
        aside.reword(work.connection, row["n"], row["cells"])
    return row


def _placed(desk: Desk, shelf: matching.Shelf, row: dict[str, Any]) -> Outcome:
    """Read a row's words and place them. A row set aside never changes a request that is kept: its number is somebody else's."""
    from gridapp.ledgers.words import Words, read_words

    draft = read_words(Words(row["kind"], row["when_said"], row["cells"]), row["row"], desk.today())
    if draft.record == "request" and draft.values.get("req_no") and shelf.look("request", (draft.values["req_no"],)):
        draft.faults.append(TAKEN)
    return place_draft(desk, shelf, draft)


def _shown(row: dict[str, Any], outcome: Outcome) -> Aside:
    from gridapp.ledgers.words import labels

    named = labels(row["kind"])
    names = [*row["cells"], *(_wanted(outcome.faults, row["cells"], named))]
    cells = tuple(
        AsideCell(name, named.get(name, name), row["cells"].get(name, ""), tuple(fault for fault in outcome.faults if fault.field == name))
        for name in names
    )
    loose = tuple(fault for fault in outcome.faults if fault.field not in names)
    return Aside(row["n"], f"{row['file']} · {row['sheet']} · 第 {row['row']} 行", row["kind"], outcome.title, cells, (*loose, *outcome.faults))


def _wanted(faults: Sequence[Fault], cells: Mapping[str, str], named: Mapping[str, str]) -> list[str]:
    """Fields the ledger has no column for, and without which the row cannot be kept."""
    return list(dict.fromkeys(fault.field for fault in faults if fault.fatal and fault.field in named and fault.field not in cells))
