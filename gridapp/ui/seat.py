"""What every page is given: the open desk, the lanes its verbs run on, the one `changed` signal, and the ways to speak to the user."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from gridapp import crash
from gridapp.rules.reading import Trouble
from gridapp.ui import jobs


class Shell(Protocol):
    """What the seat needs of the window around the pages."""

    def say(self, text: str, action: str = "", then: Callable[[], object] | None = None) -> None: ...
    def warn(self, text: str) -> None: ...
    def go(self, page: str, **where: Any) -> None: ...
    def back(self) -> None: ...
    def help(self) -> None: ...
    def lock(self) -> None: ...
    def redress(self) -> None: ...


class Seat(QObject):
    """One window's seat; settings: the file of its looks. `changed` carries the frozenset of record names that were kept, undone or taken in."""

    changed = Signal(object)

    def __init__(self, folder: Path, shell: Shell, settings: Path | None = None) -> None:
        super().__init__()
        self.folder, self.shell = folder, shell
        self.desk: Any = None
        self.store, self.files = jobs.Lane("store"), jobs.Lane("files")
        self.settings = QSettings(str(settings or folder / "window.ini"), QSettings.Format.IniFormat)
        self._latest: dict[tuple[int, str], jobs.Job] = {}

    def ask(
        self,
        call: Callable[[], Any],
        done: Callable[[Any], object] | None = None,
        *,
        failed: Callable[[Trouble], object] | None = None,
        key: str = "",
    ) -> jobs.Job:
        """Run a quick desk call on the store's lane and give its result to done, if its widget still lives.

        failed hears of a Trouble (otherwise the user is told). key: a newer question with the same key of the same widget makes this one void.
        """
        return self._run(lambda step: call(), done, failed, key, self.store)

    def work(
        self,
        call: Callable[[jobs.Step], Any],
        done: Callable[[Any], object] | None = None,
        *,
        text: str,
        slow: str = "",
        failed: Callable[[Trouble], object] | None = None,
        parent: QWidget | None = None,
        lane: jobs.Lane | None = None,
    ) -> jobs.Job:
        """Run a long call(step); after half a second a dialog shows text, the progress and 取消. slow: what it says more when nothing moves."""
        job = self._run(call, done, failed, "", lane or self.store)
        jobs.with_dialog(job, parent or (self.shell if isinstance(self.shell, QWidget) else None), text, slow=slow)
        return job

    def _run(self, call: Any, done: Any, failed: Any, key: str, lane: jobs.Lane) -> jobs.Job:
        job = lane.run(call)
        if key:
            self._supersede((id(getattr(done, "__self__", None)), key), job)
        if done:
            told = jobs.if_alive(done)
            job.done.connect(lambda result: None if job.cancelled and key else told(result))
        job.failed.connect(lambda error: self._fail(error, failed))
        return job

    def _supersede(self, place: tuple[int, str], job: jobs.Job) -> None:
        if before := self._latest.get(place):
            before.cancel()
        self._latest[place] = job
        job.ended.connect(lambda: self._latest.pop(place) if self._latest.get(place) is job else None)

    def _fail(self, error: Exception, failed: Callable[[Trouble], object] | None) -> None:
        if isinstance(error, Trouble):
            (jobs.if_alive(failed) if failed else self.trouble)(error)
        else:
            self.bug(error)

    def say(self, text: str, action: str = "", then: Callable[[], object] | None = None) -> None:
        """A toast, with one thing to do about it if given."""
        self.shell.say(text, action, then)

    def trouble(self, trouble: Trouble) -> None:
        """A notice that stays until it is put away."""
        self.shell.warn(trouble.text)

    def bug(self, error: BaseException) -> None:
        """Log it and show the one crash box."""
        from gridapp.ui.crash_box import show

        what = crash.describe(error)
        show(self.shell if isinstance(self.shell, QWidget) else None, what, crash.log(self.folder, what))

    def go(self, page: str, **where: Any) -> None:
        """Show another page; where goes to its arrive()."""
        self.shell.go(page, **where)

    def kept(self, kept: Any, records: Iterable[str], text: str) -> None:
        """After something was kept: the pages ask again, and a toast offers 撤销 for ten seconds."""
        records = frozenset(records)
        self.changed.emit(records)
        undo = (lambda: self.undo(kept.batch_id, records)) if getattr(kept, "batch_id", None) else None
        self.say(text, "撤销" if undo else "", undo)

    def undo(self, batch_id: str, records: Iterable[str] = ()) -> None:
        """Take one batch back and say what came of it."""
        from gridapp import desk

        self.ask(lambda: desk.undo(self.desk, batch_id), lambda undone: self._undone(undone, frozenset(records)))

    def _undone(self, undone: Any, records: frozenset[str]) -> None:
        self.changed.emit(records)
        left = f"有 {undone.left} 处后来又改过，没有动它们。" if undone.left else ""
        self.say(f"已撤销：{undone.title}。{left}")

    def stand_up(self, then: Callable[[], object] | None = None) -> None:
        """Close the desk on its own lane (the key leaves the memory), then go on."""
        open_desk, self.desk = self.desk, None
        if open_desk is None:
            if then:
                then()
            return
        job = self.store.run(lambda step: open_desk.close())
        job.failed.connect(lambda error: self._fail(error, None))
        if then:
            job.ended.connect(then)

    def close(self) -> None:
        """Close the desk and join both lanes; for the window's end."""
        open_desk, self.desk = self.desk, None
        self.files.close()
        self.store.close(last=open_desk.close if open_desk else None)
        self.settings.sync()
