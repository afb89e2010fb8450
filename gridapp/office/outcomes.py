"""The server's tray: DIR/inbox, done, refused, requests, returns, and outcomes.csv with one line for each file. No personal data in the log.

An outcome is written down in four steps (line, sentence, move, forget); what is to be done stands in .moving.json first, so that a start
after a kill does the rest and nothing twice.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridapp.office.gathering import Outcome
from gridapp.rules.reading import Trouble
from gridapp.sync.bundle import SUFFIX

HEADS = ("时间", "文件", "对方", "结果", "新增", "更新", "冲突", "说明")
FOLDERS = ("inbox", "done", "refused", "requests", "returns")
OURS = re.compile(r"(\d{8}-[\w-]{1,40}-(up|down)-[0-9A-F]{6}|加入(申请|答复)-[0-9A-F]{6})( ?\(\d+\)|-\d+)?\.gbx", re.ASCII)
NOT_OURS = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Tray:
    """The folder a server watches."""

    root: Path

    def prepare(self) -> None:
        """Make its folders and the log. Raises OSError."""
        for name in FOLDERS:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        if not self.log.exists():
            self.log.write_bytes(b"\xef\xbb\xbf" + _line(HEADS))

    @property
    def log(self) -> Path:
        """One line for each file, as Excel opens it."""
        return self.root / "outcomes.csv"

    @property
    def plan(self) -> Path:
        """What is left to be done of one outcome."""
        return self.root / ".moving.json"

    def waiting(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Files in the inbox with their sizes and times; not those that say they are not whole yet, nor what systems leave behind."""
        for path in (self.root / "inbox").iterdir():
            name = path.name.lower()
            if name.startswith((".", "~")) or name.endswith((".tmp", ".part", ".crdownload")) or name in NOT_OURS:
                continue
            try:
                if path.is_file():
                    yield path, path.stat()
            except OSError:  # taken away meanwhile
                continue

    def age(self, path: Path) -> float:
        """Seconds since a file last changed; a long time when it says it will in future."""
        try:
            passed = time.time() - path.stat().st_mtime
        except OSError:
            return 0.0
        return passed if passed >= 0 else float("inf")

    def name_for_log(self, path: Path) -> str:
        """A bundle's name; of other files only the sort, for their names may be anybody's."""
        return path.name if OURS.fullmatch(path.name) else f"其他文件{path.suffix if path.suffix == SUFFIX else ''}"

    def returns(self, scope: str) -> Path:
        """The folder of one party's returns, by the last part of its path."""
        folder = self.root / "returns" / scope.rsplit("/", 1)[-1]
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def supersede(self, newest: Path) -> None:
        """Take away the returns nobody fetched: the newest holds all that is not confirmed, theirs too."""
        for path in newest.parent.glob(f"*{SUFFIX}"):
            if path != newest and OURS.fullmatch(path.name):
                with suppress(OSError):  # being fetched just now
                    path.unlink()

    def settle(self, outcome: Outcome, when: str) -> None:
        """Write down what became of a file, and put it where it belongs. Raises Trouble when that has to wait."""
        folder = "done" if outcome.ok or outcome.code == "held" else "requests" if outcome.code == "request" else "refused"
        target = _free(self.root / folder / outcome.path.name)
        counts = (outcome.new, outcome.changed, outcome.conflicts) if outcome.ok else ("", "", "")
        cells = (when, self.name_for_log(outcome.path), outcome.sender, outcome.code, *counts, outcome.sentence)
        plan = {"line": _line(cells).decode("utf-8"), "source": outcome.path.name, "target": f"{folder}/{target.name}"}
        plan["sentence"] = "" if folder == "done" else outcome.sentence
        try:
            self.prepare()
            _write(self.plan, json.dumps(plan | {"size": self.log.stat().st_size}, ensure_ascii=False))
        except OSError as error:
            raise _blocked() from error
        self.finish()

    def finish(self) -> None:
        """Do what is left of the last outcome. Raises Trouble when the log or the file is held by somebody."""
        try:
            if self.plan.exists():
                self.prepare()
                self._carry_out(json.loads(self.plan.read_text("utf-8")))
                self.plan.unlink()
        except OSError as error:
            raise _blocked() from error

    def _carry_out(self, plan: dict[str, Any]) -> None:
        _add_once(self.log, plan["line"].encode("utf-8"), plan["size"])
        source, target = self.root / "inbox" / plan["source"], self.root / plan["target"]
        if plan["sentence"]:
            _write(target.with_name(target.name + ".txt"), plan["sentence"] + "\n")
        if source.exists() and not target.exists():
            os.replace(source, target)


def _line(cells: Any) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{each}" if str(each).startswith(("=", "+", "-", "@")) else each for each in cells])
    return out.getvalue().encode("utf-8")


def _add_once(log: Path, line: bytes, size: int) -> None:
    """Add the line at the end, unless it stands (or half of it, after a kill) where the log ended before."""
    with open(log, "rb+") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(min(size, end))
        there = file.read()
        if not there.startswith(line):
            file.seek(min(size, end) if line.startswith(there) else end)
            file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and surely on the disk."""
    whole = path.with_name(path.name + ".tmp")
    with open(whole, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(whole, path)


def _free(path: Path) -> Path:
    """The path, or the next free one beside it."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _blocked() -> Trouble:
    return Trouble("结果写不进去：outcomes.csv 或收到的文件正被别的程序打开，或磁盘已满。请关闭它们，会接着做。", "tray_blocked")
