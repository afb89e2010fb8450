"""Run by test_bad_luck: import a ledger in a child, kill it at a random moment, look what is left; one line of JSON at the end.

python kills.py FOLDER LEDGER ROUNDS; the folder holds a desk without that ledger's rows.
"""
from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from gridapp import desk as verbs
from gridapp.ledgers import reader  # noqa: F401  (imported before forking, so that kills fall into the work)
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


def killed(folder: Path, ledger: Path, after: float) -> None:
    child = os.fork()
    if not child:
        imported(folder, ledger)
        os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main(folder: Path, ledger: Path, rounds: int) -> None:
    start = time.perf_counter()
    imported(folder, ledger)
    took = time.perf_counter() - start
    whole = rows(folder)
    chance, seen = random.Random(20261121), []
    for _ in range(rounds):
        killed(folder, ledger, chance.uniform(0.1, 1.15) * took)
        seen.append(rows(folder))
    print(json.dumps({"whole": whole, "seen": seen}))


main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
