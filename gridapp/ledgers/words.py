"""A row in words: what its cells say, by what they mean. So a row that could not be kept is put aside, mended, and read by the same rules again."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridapp.ledgers.drafts import Draft, table_drafts
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.layout import Header, Paths
from gridapp.ledgers.mapping import Mapping as Meaning
from gridapp.ledgers.mapping import plain
from gridapp.ledgers.tables import TableReader
from gridapp.ledgers.vocabulary import Term, vocabulary
from gridapp.rules.text import as_text

# Said by a section row or the sheet's name, not by a cell of the row.
AROUND = ("building", "party_group")
EXACT = 1e15  # a number from here on has lost its last digits


@dataclass(frozen=True, slots=True)
class Words:
    """kind: a key of vocabulary.KINDS. when: the title's year and month, as in "2024年3月". cells: term name -> what the cell says, blanks too."""

    kind: str
    when: str
    cells: Mapping[str, str]


def words_of(draft: Draft) -> Words:
    """The words of the row a draft was made from."""
    assert draft.origin
    table, row = draft.origin
    cells = {term.name: _word(row.cells[at]) for at, term in table.mapping.terms.items() if term.name != "serial" and not term.unkept}
    cells |= {name: str(row.fields[name]) for name in AROUND if row.fields.get(name) and not cells.get(name)}
    year, month = table.when
    return Words(table.kind, (f"{year}年" if year else "") + (f"{month}月" if month else ""), cells)


def _word(raw: Any) -> str:
    """A number too long to be exact stays recognisable as one: an ID number read from it would be wrong in its last digits."""
    return f"{raw:.5E}" if isinstance(raw, int | float) and abs(raw) >= EXACT else as_text(raw)


def labels(kind: str) -> dict[str, str]:
    """Term name -> what people call it."""
    return {term.name: term.label for term in vocabulary(kind)}


def read_words(words: Words, row: int, today: dt.date | None = None) -> Draft:
    """The draft of a row in words; row: its Excel row in the ledger it came from."""
    known = {term.name: term for term in vocabulary(words.kind)}
    meant = [(known[name], text) for name, text in words.cells.items() if name in known]
    made = _reader([term for term, _ in meant], [text for _, text in meant], words, today).read_row(0)
    (draft,) = table_drafts(made)
    draft.row = row
    return draft


def _reader(terms: list[Term], cells: list[str], words: Words, today: dt.date | None) -> TableReader:
    paths: Paths = {at: (plain(term.label),) for at, term in enumerate(terms)}
    meaning = Meaning(words.kind, dict(enumerate(terms)), {at: term.label for at, term in enumerate(terms)})
    return TableReader(Grid("", [list(cells)]), Header(-1, -1, 0, max(len(cells) - 1, 0), paths), meaning, words.when, 0, today)
