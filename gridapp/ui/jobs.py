"""Work off the window's thread: lanes of one worker each, and the job that tells how one call went."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from gridapp import crash
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.ui import rubbish
from gridapp.ui.widgets import timer

Step = Callable[[int, int], None]
QUIET = 3000  # milliseconds without progress before the dialog says that it waits
OFTEN = 0.05  # seconds between two reports of progress: more would only busy the window


class Job(QObject):
    """One call on a lane. Lives in the window's thread; `ended` always comes, and comes last."""

    done = Signal(object)
    failed = Signal(object)
    progress = Signal(int, int)
    ended = Signal()

    def __init__(self, call: Callable[[Step], Any]) -> None:
        super().__init__()
        self.call = call
        self.over = False
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the call to stop at its next step; a call that has not begun never begins."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def finish(self, result: Any, error: BaseException | None) -> None:
        """Tell how it went; for the lane only."""
        self.over = True
        try:
            if error is None:
                self.done.emit(result)
            elif not isinstance(error, Cancelled):
                self.failed.emit(error)
        finally:
            self.ended.emit()


class Lane(QObject):
    """Calls one after the other on one thread of its own (the store's connection stays on it)."""

    _over = Signal(int, object, object)
    _at = Signal(int, int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        rubbish.collect_here()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"gridapp-{name}")
        self._jobs: dict[int, Job] = {}
        self._next, self._closed = 0, False
        self._over.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._at.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def run(self, call: Callable[[Step], Any]) -> Job:
        """Queue call(step); step(done, total) reports progress and raises Cancelled once the job is cancelled. A closed lane runs nothing."""
        job, number = Job(call), self._next
        if self._closed:
            job.cancel()
            return job
        self._next += 1
        self._jobs[number] = job
        self._pool.submit(self._work, number)
        return job

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Cancel what runs and what waits, carry out `last` (closing the store, on its own thread), join. Nothing is told any more."""
        self._closed = True
        for job in self._jobs.values():
            job.cancel()
        if last:
            self._pool.submit(last)
        self._pool.shutdown(wait=True)
        self._jobs.clear()

    def _work(self, number: int) -> None:
        # The job itself is let go here before it is told, so that its last reference never dies on this thread.
        result, error = self._outcome(number)
        self._over.emit(number, result, error)

    def _outcome(self, number: int) -> tuple[Any, BaseException | None]:
        job = self._jobs[number]
        try:
            if job.cancelled:
                raise Cancelled
            return job.call(self._stepper(number, job._stop)), None
        except (Trouble, Cancelled) as known:
            return None, known.with_traceback(None)
        except Exception as bug:  # noqa: BLE001 - whatever it is, the window must hear of it
            return None, crash.Bug(crash.describe(bug))

    def _stepper(self, number: int, stop: threading.Event) -> Step:
        last = 0.0

        def step(done: int, total: int) -> None:
            nonlocal last
            if stop.is_set():
                raise Cancelled
            if done == total or time.monotonic() - last > OFTEN:
                last = time.monotonic()
                self._at.emit(number, done, total)

        return step

    def _report(self, number: int, done: int, total: int) -> None:
        if job := self._jobs.get(number):
            job.progress.emit(done, total)

    def _finish(self, number: int, result: Any, error: BaseException | None) -> None:
        if job := self._jobs.pop(number, None):
            job.finish(result, error)


def if_alive(then: Callable[[Any], object]) -> Callable[[Any], None]:
    """then, unless the widget it is a method of is gone by the time the answer comes."""
    owner = getattr(getattr(then, "func", then), "__self__", None)

    def call(value: Any) -> None:
        if not isinstance(owner, QObject) or shiboken6.isValid(owner):
            then(value)

    return call


def with_dialog(job: Job, parent: QWidget | None, text: str, after: int = 500, slow: str = "") -> QProgressDialog:
    """A dialog with a bar and 取消 that shows once the job has run for `after` milliseconds, and goes with it.

    slow: said under the text while nothing has moved for three seconds.
    """
    dialog = QProgressDialog(text, "取消", 0, 0, parent)
    dialog.setWindowTitle("请稍候")
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.setMinimumWidth(420)
    dialog.setMinimumDuration(1_000_000)
    dialog.setAutoClose(False)
    dialog.setAutoReset(False)
    dialog.reset()
    dialog.canceled.connect(job.cancel)
    job.progress.connect(lambda done, total: _advance(dialog, done, total))
    if slow:
        _say_when_quiet(job, dialog, text, slow)
    timer(dialog, after, lambda: None if job.over else dialog.show()).start()
    job.ended.connect(lambda: _put_away(dialog))
    return dialog


def _say_when_quiet(job: Job, dialog: QProgressDialog, text: str, slow: str) -> None:
    """The same progress told again is a job that waits."""
    seen = (-1, -1)
    quiet = timer(dialog, QUIET, lambda: dialog.setLabelText(f"{text}\n{slow}"))

    def moved(done: int, total: int) -> None:
        nonlocal seen
        if (done, total) != seen and shiboken6.isValid(dialog):
            seen = (done, total)
            dialog.setLabelText(text)
            quiet.start()

    job.progress.connect(moved)
    quiet.start()


def _advance(dialog: QProgressDialog, done: int, total: int) -> None:
    if shiboken6.isValid(dialog):
        dialog.setMaximum(total)
        dialog.setValue(done)


def _put_away(dialog: QProgressDialog) -> None:
    if shiboken6.isValid(dialog):
        dialog.canceled.disconnect()
        dialog.close()
        dialog.deleteLater()
