"""Run by test_bad_luck on a disk of a few megabytes: fill it by every flow that writes; one line of JSON at the end.

python full_disk.py FOLDER LEDGER; FOLDER lies on the small disk.
"""
from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridapp import desk as verbs
from gridapp.rules.reading import Trouble
from gridapp.store.keys import QUICK
from gridapp.store.read import count

ROOM = 300_000  # less than the import needs
PASSWORD, NEXT = "correct-horse", "battery-staple"


def said(what: Callable[[], Any]) -> list[str]:
    try:
        what()
    except Trouble as trouble:
        return [trouble.code, trouble.text]
    return []


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix not in (".db-wal", ".db-shm") and not path.name.startswith("store.db-"))


def main(folder: Path, ledger: Path) -> None:
    desk, _ = verbs.init(folder / "desk", PASSWORD, grid_name="小盘", cost=QUICK)
    verbs.keep(desk, "building", {"building": "1"})
    out = folder / "out"
    out.mkdir()
    ballast = folder / "ballast"
    fill(ballast)
    os.truncate(ballast, ballast.stat().st_size - ROOM)
    told = {"import": said(lambda: verbs.take_in(desk, ledger))}
    fill(ballast)
    told["keep"] = said(lambda: [verbs.keep(desk, "building", {"building": str(at), "party_group": "组" * 40}) for at in range(500)])
    fill(ballast)
    told["backup"] = said(lambda: verbs.back_up(desk, out / "one.gbk"))
    told["export"] = said(lambda: verbs.give_out(desk, "household", out / "one.xlsx", purpose=verbs.Purpose.INSIDE, aim="试验"))
    told["password"] = said(lambda: verbs.change_password(desk, PASSWORD, NEXT))
    told["init"] = said(lambda: verbs.init(folder / "second", PASSWORD, grid_name="又一个", cost=QUICK))
    left = {"out": files(out), "second": files(folder / "second") if (folder / "second").exists() else []}
    desk.close()
    ballast.unlink()
    # A limit on one file's size, unlike a full disk, lets the small key file through.
    again = verbs.open_desk(folder / "desk", PASSWORD if told["password"] else NEXT)
    with again.store.reading() as connection:
        rows = {name: count(connection, name) for name in ("building", "household", "resident")}
    well = all(line.ok for line in verbs.check_up(again) if line.grave)
    saved = verbs.keep(again, "building", {"building": "2"}).saved
    print(json.dumps({"told": told, "left": left, "rows": rows, "well": well, "saved": saved}, ensure_ascii=False))


def fill(ballast: Path) -> None:
    """Take what is left of the disk but a page or two."""
    file = os.open(ballast, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for size in (65536, 4096, 512):
        with contextlib.suppress(OSError):
            while os.write(file, bytes(size)) == size:
                pass
    os.close(file)


main(Path(sys.argv[1]), Path(sys.argv[2]))
