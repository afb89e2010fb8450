"""Serving a folder: bundles put into DIR/inbox are taken in, each with one outcome, and returns are written to DIR/returns/<code>/.

Nothing is held between two rounds, so that the window can be used meanwhile. Killed at any moment, the next start goes on: a bundle whose
merge stood is recognised, one whose merge did not is taken, and what was to be written of an outcome is finished from DIR/.moving.json.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from gridapp.desk.desk import Desk
from gridapp.office import gathering
from gridapp.office.gathering import Outcome
from gridapp.office.outcomes import Tray
from gridapp.rules import moments
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.store import InUse

UNRIPE = frozenset({"bundle_damaged", "not_a_bundle", "stick_unreadable"})  # what a file still being copied looks like
PASSING = gathering.AROUND | {"in_use", "tray_blocked"}  # troubles that pass without anybody touching the server
PATIENCE = 30.0  # seconds a damaged file is given since it last changed
LOOK_OUT = 300.0  # seconds between two looks for what the officer wants sent, when nothing comes in
Sit = Callable[[], AbstractContextManager[Desk]]


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Nobody else serves this folder meanwhile; raises InUse."""
    from filelock import FileLock, Timeout

    lock = FileLock(root / ".serving.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InUse("另一个收包程序正在看这个文件夹。请先停掉它，或换一个文件夹。", "serving") from error
    try:
        yield
    finally:
        lock.release()


@dataclass
class Server:
    """One folder's server. sit: opens the desk for one round; say: gets sentences without personal data; stop: ends it between two steps."""

    root: Path
    sit: Sit
    say: Callable[[str], object]
    stop: Event = field(default_factory=Event)
    every: float = 2.0
    look_out: float = LOOK_OUT
    patience: float = PATIENCE
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _waits: str = ""

    def __post_init__(self) -> None:
        self.tray = Tray(self.root)

    def run(self, once: bool = False) -> None:
        """Serve until stopped, or one round. Raises InUse when somebody serves the folder already, and what opening the desk raises at first."""
        try:
            self.tray.prepare()
        except OSError as error:
            raise Trouble(f"文件夹“{self.root}”不能写入。请检查位置和权限后再试。", "cannot_write") from error
        with alone(self.root):
            self._ripe()
            self.stop.wait(min(self.every, 1.0))
            self._first(self._ripe(), once)
            looked = time.monotonic()
            while not once and not self.stop.wait(self.every):
                ripe = self._ripe()
                if ripe or self._waits or time.monotonic() - looked > self.look_out:
                    self._try_round(ripe)
                    looked = time.monotonic()

    def _first(self, ripe: list[Path], once: bool) -> None:
        """The first round; what will not pass by waiting (a wrong password) ends the server at once."""
        try:
            self._round(ripe)
        except Trouble as trouble:
            if once or trouble.code not in PASSING:
                raise
            self._wait(trouble)

    def _try_round(self, ripe: list[Path]) -> None:
        try:
            self._round(ripe)
            self._waits = ""
        except Trouble as trouble:
            self._wait(trouble)

    def _wait(self, trouble: Trouble) -> None:
        """Say once what is in the way: the window is open, the disk is full, the database is away."""
        if trouble.text != self._waits:
            self.say(f"先等一等，文件都原样留着：{trouble.text}")
        self._waits = trouble.text
        self.stop.wait(4 * self.every)

    def _ripe(self) -> list[Path]:
        """Files that have not changed since the last look, in any order."""
        now = {path: (stat.st_size, stat.st_mtime_ns) for path, stat in self.tray.waiting()}
        ripe = [path for path, state in now.items() if self._seen.get(path) == state]
        self._seen = now
        return ripe

    def _round(self, ripe: list[Path]) -> None:
        self.tray.finish()
        ripe = [path for path in ripe if path.exists()]  # one may just have been put away
        if self.stop.is_set():
            return
        with self.sit() as desk:
            if desk.role != "office":
                raise Trouble("本机不是中心，没有可以收的包。请在中心的电脑上运行。", "not_an_office")
            outcomes = gathering.take(desk, ripe, self._step, lambda outcome: self._told(desk, outcome)) if ripe else []
            stuck = next((each for each in outcomes if each.code in gathering.AROUND), None)
            if stuck:
                raise Trouble(stuck.sentence, stuck.code)
            self._send_back(desk)

    def _step(self, done: int, total: int) -> None:
        if self.stop.is_set():
            raise Cancelled

    def _told(self, desk: Desk, outcome: Outcome) -> None:
        if outcome.around or (outcome.code in UNRIPE and self.tray.age(outcome.path) < self.patience):
            return
        self.tray.settle(outcome, moments.show(desk.now()))
        self.say(f"{self.tray.name_for_log(outcome.path)}：{outcome.sentence}")

    def _send_back(self, desk: Desk) -> None:
        for scope in gathering.due(desk):
            if self.stop.is_set():
                return
            try:
                made = gathering.make_return(desk, self.tray.returns(scope), self._step, [scope])[0]
            except Cancelled:
                return
            self.tray.supersede(made.path)
            self.say(f"给 {scope.rsplit('/', 1)[-1]} 的回执包写好了：{made.path.name}，{made.rows} 条。")
