"""Gathering: bundles of many grids, one outcome each; a bundle that fails never holds up the rest. And the returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridapp import crash
from gridapp.desk import exchange, outbox, witness
from gridapp.desk.attaching import budget
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.office.enrolling import look_at_request
from gridapp.office.standing import at, below
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.sync import bundle, link, watch
from gridapp.sync.bundle import MadeBundle
from gridapp.sync.troubles import WrongSort

WHOLE = 1000  # one bundle's share of the progress
AROUND = frozenset({"disk_full", "read_only", "busy", "damaged_store", "no_database"})  # troubles that are not the bundle's own


@dataclass(frozen=True)
class Outcome:
    """What became of one file. code: merged, again, held, answer; request (asks to join; nobody is enrolled here); left (not come to);
    bug; else a Trouble's.

    around: the trouble is not the file's own; it may be taken later as it is.
    """

    path: Path
    ok: bool
    sentence: str
    new: int = 0
    changed: int = 0
    conflicts: int = 0
    code: str = ""
    sender: str = ""

    @property
    def around(self) -> bool:
        return self.code in AROUND or self.code == "left"


def no_word(outcome: Outcome) -> None:
    """Outcomes nobody waits for."""


def take(desk: Desk, paths: Iterable[Path], step: Step = no_step, told: Callable[[Outcome], object] = no_word) -> list[Outcome]:
    """Take in files, each in its own transaction; told hears of each at once.

    Trouble with one becomes its outcome. A step that raises Cancelled, or trouble with the store itself, leaves the rest as they are.
    """
    files = list(paths)
    outcomes: list[Outcome] = []
    try:
        for number, path in enumerate(files):
            outcome = _take(desk, path, _share(step, number, len(files)))
            outcomes.append(outcome)
            told(outcome)
            if outcome.around:
                return [*outcomes, *(_left(each) for each in files[number + 1 :])]
    finally:
        exchange.afterwards(desk)
    return outcomes


def _share(step: Step, number: int, files: int) -> Step:
    """One file's step within that of all."""
    return lambda done, total: step(number * WHOLE + min(done, total) * WHOLE // max(total, 1), files * WHOLE)


def _left(path: Path) -> Outcome:
    return Outcome(path, False, "还没有收到这个文件就停下了，文件原样留着。请稍后再收一次。", code="left")


def _take(desk: Desk, path: Path, step: Step) -> Outcome:
    try:
        step(0, 1)
        taken = exchange.take_one(desk, path, step)
        fine = taken.outcome != "held"
        return Outcome(path, fine, taken.sentence, taken.new, taken.changed, taken.conflicts, taken.outcome, taken.sender)
    except Cancelled:
        return _left(path)
    except WrongSort:
        return _asks(path)
    except Trouble as trouble:
        return Outcome(path, False, trouble.text, code=trouble.code)
    except Exception as error:  # noqa: BLE001 - a bug met with one grid's file must not hold up the others
        crash.log(desk.folder, crash.describe(error))
        return Outcome(path, False, "程序处理这个文件时出错，没有收进，已记入日志。请把日志交给技术人员，其他文件不受影响。", code="bug")


def _asks(path: Path) -> Outcome:
    try:
        asked = look_at_request(path)
    except Trouble as trouble:
        return Outcome(path, False, trouble.text, code=trouble.code)
    text = f"“{asked.grid_name}”申请加入。请在窗口的“交换”页点“登记网格”，当面或在电话里核对六个词以后再登记。"
    return Outcome(path, False, text, code="request", sender=asked.grid_name)


def make_return(desk: Desk, out_dir: Path, step: Step = no_step, scopes: Sequence[str] | None = None) -> list[MadeBundle]:
    """A return bundle for everybody below (or those of the given paths): receipt, dispatched requests, corrections. Raises Trouble for the place."""
    with desk.store.reading() as connection:
        chosen = below(connection) if scopes is None else [at(connection, scope) for scope in scopes]
    if not chosen:
        raise Trouble("还没有登记任何网格。请先登记网格的加入申请。", "no_grids")
    outbox.clear_old(desk)
    try:
        return [_make(desk, each, out_dir, _share(step, number, len(chosen))) for number, each in enumerate(chosen)]
    finally:
        witness.mark(desk)


def due(desk: Desk) -> list[str]:
    """The paths below whose return would say something new."""
    with desk.store.reading() as connection:
        return [each.scope for each in below(connection) if watch.due(connection, each)]


def _make(desk: Desk, grid: link.Link, out_dir: Path, step: Step) -> MadeBundle:
    with desk.store.work() as work:
        made = bundle.make(work.connection, desk.session, grid.id, out_dir, step, budget(work.connection))
        note(work.connection, desk, "return", purpose=f"{grid.label}，{made.rows} 条")
        work.keep()
    return outbox.keep_copy(desk, made, step)
