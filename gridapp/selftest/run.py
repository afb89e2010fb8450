"""The self-test as a command: one check after the other, a report that is true at every moment, an exit code."""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from gridapp import crash
from gridapp.rules.reading import Trouble

PATIENCE = 90  # seconds for one check, before the program is ended; the slowest takes about three on an old machine
WAITING = "前面停住了，没有做到这一项。"
STUCK = "没有做完：程序在这一项里停住或退出了。"

Report = dict[str, dict[str, Any]]
Check = tuple[str, Callable[[Any], str]]


def main(words: list[str]) -> int:
    """Run every check; 0 when all are good, 1 otherwise. Works without a console, and without a screen."""
    chosen = _chosen(words)
    if chosen.offscreen or _no_screen():
        # In the program itself, not around it: Wine takes QT_* away from what it starts.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gridapp.selftest.checks import CHECKS, Bed

    with tempfile.TemporaryDirectory(prefix="gridapp-", ignore_cleanup_errors=True) as place:
        bed = Bed(Path(place), chosen.picture)
        try:
            report = prove(CHECKS, bed, lambda so_far: _write(so_far, chosen.out), Path(place, "stuck.txt"))
        finally:
            bed.close()
    return 0 if all(line["ok"] for line in report.values()) else 1


def _chosen(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gridapp", description="自检：证明装好的程序在这台电脑上样样能用。")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--out", type=Path, metavar="文件", help="结果（JSON）写到哪里；不写则显示出来。")
    parser.add_argument("--picture", type=Path, metavar="文件", help="把窗口画成的图（PNG）存到哪里。")
    parser.add_argument("--offscreen", action="store_true", help="不用屏幕。")
    return parser.parse_args(words)


def _no_screen() -> bool:
    return sys.platform == "linux" and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def prove(checks: Iterable[Check], bed: Any, save: Callable[[Report], object], log: Path, patience: float = PATIENCE) -> Report:
    """Name -> {ok, detail, ms}. Saved before each check as well: when one hangs or falls over, what is on disk says which."""
    report: Report = {name: _line(False, WAITING) for name, _ in checks}
    with log.open("w", encoding="utf-8") as traces:
        for name, check in checks:
            report[name] = _line(False, STUCK)
            save(report)
            report[name] = _timed(check, bed, traces, patience)
    save(report)
    return report


def _timed(check: Callable[[Any], str], bed: Any, traces: IO[str], patience: float) -> dict[str, Any]:
    """One check within its time: past it this process ends with code 1, even where the interpreter itself is held up."""
    start = time.perf_counter()
    faulthandler.dump_traceback_later(patience, exit=True, file=traces)
    try:
        ok, detail = True, check(bed)
    except Trouble as trouble:
        ok, detail = False, trouble.text
    except Exception as error:
        ok, detail = False, crash.describe(error)
    finally:
        faulthandler.cancel_dump_traceback_later()
    return _line(ok, detail, start)


def _line(ok: bool, detail: str, start: float | None = None) -> dict[str, Any]:
    return {"ok": ok, "detail": detail, "ms": 0 if start is None else round((time.perf_counter() - start) * 1000)}


def _write(report: Report, out: Path | None) -> None:
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    if out:
        out.write_text(text, "utf-8")
    elif sys.stdout and all(line["detail"] not in (WAITING, STUCK) for line in report.values()):
        sys.stdout.write(text)
