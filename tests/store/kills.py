"""Run by test_bad_luck: import a ledger in a child, kill it, look what is left; one line of JSON at the end.

python kills.py FOLDER LEDGER POINTS MOMENTS; the folder holds a desk without that ledger's rows. POINTS kills fall before and after the
statements and commits of the import, evenly over all of them; MOMENTS kills fall at any moment, as the clock has it.
"""
from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

import gridapp.ledgers.reader  # noqa: F401  (before forking, so that kills fall into the work)
from gridapp import desk as verbs
from gridapp.store.read import count

PASSWORD = "correct-horse"


def imported(folder: Path, ledger: Path) -> str:
    opened = verbs.open_desk(folder, PASSWORD)
    batch = verbs.take_in(opened, ledger).batch_id
    opened.close()
    return batch


def rows(folder: Path) -> tuple[int, int, bool]:
    """(households, undoable batches, whether the check-up is well) after what happened; taken back when it is there."""
    opened = verbs.open_desk(folder, PASSWORD)
    with opened.store.reading() as connection:
        found = count(connection, "household")
    well = all(line.ok for line in verbs.check_up(opened) if line.grave)
    last = verbs.last_undo(opened)
    if last:
        verbs.undo(opened, last["id"])
    opened.close()
    return found, int(last is not None), well


class Points:
    """Counts the points at which a statement or a commit begins or has ended, and ends the process at one of them."""

    def __init__(self, last: int = 0) -> None:
        self.count, self.last = 0, last
        for name in ("before_cursor_execute", "after_cursor_execute", "commit", "checkin"):
            event.listen(Pool if name == "checkin" else Engine, name, self.pass_one)

    def pass_one(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], Any]) -> int:
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return child


def at_point(folder: Path, ledger: Path, last: int) -> None:
    os.waitpid(in_child(lambda: (Points(last), imported(folder, ledger))), 0)


def at_moment(folder: Path, ledger: Path, after: float) -> None:
    child = in_child(lambda: imported(folder, ledger))
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def measured(folder: Path, ledger: Path) -> tuple[int, float]:
    """How many points one import passes, and its seconds."""
    reader, writer = os.pipe()

    def count() -> None:
        points, start = Points(), time.perf_counter()
        imported(folder, ledger)
        os.write(writer, json.dumps([points.count, time.perf_counter() - start]).encode())

    os.waitpid(in_child(count), 0)
    total, took = json.loads(os.read(reader, 1000))
    return total, took


def main(folder: Path, ledger: Path, points: int, moments: int) -> None:
    total, took = measured(folder, ledger)
    whole = rows(folder)
    seen = {"points": [], "moments": []}
    for at in range(points):
        at_point(folder, ledger, 1 + at * (total - 1) // (points - 1))
        seen["points"].append(rows(folder))
    chance = random.Random(20261121)
    for _ in range(moments):
        at_moment(folder, ledger, chance.uniform(0, 1.2) * took)
        seen["moments"].append(rows(folder))
    print(json.dumps({"whole": whole, "total": total, **seen}))


main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
