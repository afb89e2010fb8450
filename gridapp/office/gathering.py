"""Gathering: bundles of many grids, one outcome each; a bundle that fails never holds up the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.exchange import sentence_of, shown
from gridapp.rules.reading import Trouble
from gridapp.store.read import count_scope
from gridapp.store.search import spell_names
from gridapp.sync import bundle, history, link
from gridapp.sync.bundle import MadeBundle


@dataclass(frozen=True)
class Outcome:
    """What became of one bundle file."""

    path: Path
    ok: bool
    sentence: str
    new: int = 0
    changed: int = 0
    conflicts: int = 0
    code: str = ""


@dataclass(frozen=True)
class GridLine:
    """How far one grid is. unconfirmed: rows it may not have got from us yet; rows: rows of its path kept here."""

    name: str
    scope: str
    last_taken: str
    last_sent: str
    unconfirmed: int
    rows: int


def take(desk: Desk, paths: Iterable[Path], step: Step = no_step) -> list[Outcome]:
    """Take in bundles, each in its own transaction; Trouble with one becomes its outcome."""
    outcomes = [_take(desk, path, step) for path in paths]
    spell_names(desk.store.engine)
    return outcomes


def _take(desk: Desk, path: Path, step: Step) -> Outcome:
    try:
        with desk.store.work() as work:
            taken = bundle.take(work.connection, desk.session, path, step)
            note(work.connection, desk, "take", purpose=taken.sender)
            work.keep()
    except Trouble as trouble:
        return Outcome(path, False, trouble.text, code=trouble.code)
    return Outcome(path, taken.outcome != "held", sentence_of(taken), taken.tally.new, taken.tally.updated, taken.tally.conflicts, taken.outcome)


def make_return(desk: Desk, out_dir: Path, step: Step = no_step) -> list[MadeBundle]:
    """A return bundle for every enrolled grid: receipt, dispatched requests, corrections. Raises Trouble for the place."""
    with desk.store.reading() as connection:
        below = [each for each in link.links(connection) if each.way == "down"]
    if not below:
        raise Trouble("还没有登记任何网格。请先登记网格的加入申请。", "no_grids")
    return [_make(desk, each, out_dir, step) for each in below]


def _make(desk: Desk, grid: link.Link, out_dir: Path, step: Step) -> MadeBundle:
    with desk.store.work() as work:
        made = bundle.make(work.connection, desk.session, grid.id, out_dir, step)
        note(work.connection, desk, "return", purpose=f"{grid.label}，{made.rows} 条")
        work.keep()
    return made


def status(desk: Desk) -> list[GridLine]:
    """How far each grid is, the ones heard of longest ago first."""
    with desk.store.reading() as connection:
        lines = [
            (
                history.last(connection, each.id, "in") or 0,
                GridLine(
                    each.label,
                    each.scope,
                    shown(history.last(connection, each.id, "in")),
                    shown(history.last(connection, each.id, "out")),
                    link.unconfirmed(connection, each),
                    count_scope(connection, each.scope),
                ),
            )
            for each in link.links(connection)
            if each.way == "down"
        ]
    return [line for _, line in sorted(lines, key=lambda pair: (pair[0], pair[1].scope))]
