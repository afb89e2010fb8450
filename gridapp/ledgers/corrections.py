"""What the user said a table is and its columns mean. Kept by a fingerprint of the headings, it holds for every later table that has them."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as Known
from dataclasses import dataclass, field
from typing import Any

from gridapp.ledgers.layout import DEPTH, Paths
from gridapp.ledgers.mapping import Mapping, map_columns
from gridapp.ledgers.vocabulary import KINDS, TITLES, Term, vocabulary

JOINED = ("phone2", "notes2", "serial")


@dataclass(frozen=True, slots=True)
class Correction:
    """kind: a key of vocabulary.KINDS, "" for a table that is not to be read. columns: place among the headings (0 is the leftmost) -> the name
    of the term it means, "" for a column that is not to be kept. Columns that are not named are found as always. header: how many rows the header
    has, when the user pointed it out; 0 for one the program finds."""

    kind: str
    columns: Known[int, str] = field(default_factory=dict)
    header: int = 0


Corrections = Known[str, Correction]


def signature(paths: Paths) -> str:
    """The fingerprint of a header: its headings as plain() gives them, from the left. Neither kind nor place in the sheet is part of it."""
    headings = [list(paths[column]) for column in sorted(paths)]
    return hashlib.blake2b(json.dumps(headings, ensure_ascii=False).encode(), digest_size=16).hexdigest()


def corrected(paths: Paths, correction: Correction) -> Mapping | None:
    """The mapping the user asked for; None for a kind or no kind that cannot be read. Terms this version does not know are left to be found."""
    if correction.kind not in KINDS:
        return None
    terms, places = {term.name: term for term in vocabulary(correction.kind)}, sorted(paths)
    said = ((places[at], name) for at, name in correction.columns.items() if at < len(places))
    return map_columns(correction.kind, paths, {column: terms.get(name) for column, name in said if not name or name in terms})


def choices(kind: str) -> list[Term]:
    """What a column of a ledger of this kind can be said to mean: what is kept, and what helps to place the row."""
    return [term for term in vocabulary(kind) if not term.unkept and term.name not in JOINED]


def kinds() -> list[tuple[str, str]]:
    """(key, Chinese name) of every kind of ledger."""
    return list(TITLES.items())


def dump(corrections: Corrections) -> str:
    """As text for the settings: fingerprints, kinds, places and names of terms; no heading and no cell."""
    told = {key: {"kind": each.kind, "columns": dict(each.columns), "header": each.header} for key, each in corrections.items()}
    return json.dumps(told, sort_keys=True)


def load(text: str) -> dict[str, Correction]:
    """From the settings' text; what is not ours is left out."""
    try:
        found: dict[str, Any] = json.loads(text or "{}")
        return {key: _correction(each) for key, each in found.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _correction(told: dict[str, Any]) -> Correction:
    columns = {int(at): str(name) for at, name in told["columns"].items()}
    return Correction(str(told["kind"]), columns, min(max(int(told.get("header", 0)), 0), DEPTH))
