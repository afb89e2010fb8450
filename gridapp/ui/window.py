"""The window: a gate (first run or unlock) and behind it rail, bar, pages and status line."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gridapp.ui import pages, theme
from gridapp.ui.idle import Idle
from gridapp.ui.seat import Seat
from gridapp.ui.toast import Notice, Toast
from gridapp.ui.widgets import column, ground, holding, label, shortcut

WORKBOOKS = (".xlsx", ".xls", ".et", ".csv", ".xlsm")


class Window(QMainWindow):
    """The shell around the pages. It shows at once; what costs is imported on the store's lane while it stands."""

    def __init__(self, folder: Path, settings: Path | None = None) -> None:
        super().__init__()
        self.setWindowTitle("网格支部")
        self.seat = Seat(folder, self, settings)
        self.main: Main | None = None
        self.redress()
        self.stack = QStackedWidget()
        ground(self.stack)
        self.setCentralWidget(self.stack)
        self.idle: Idle | None = None
        self._toast, self.notice = Toast(self), Notice()
        self.setAcceptDrops(True)
        self._place()
        self.stack.addWidget(_opening())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def open(self) -> None:
        """Show, then find out whether there is a store here."""
        self.show()
        QTimer.singleShot(0, self._prepare)

    def _prepare(self) -> None:
        self.seat.ask(self._warm, self._gate)

    def _warm(self) -> bool:
        from gridapp import desk

        return desk.exists(self.seat.folder)

    def _gate(self, there: bool) -> None:
        if there:
            from gridapp.ui.unlock import Unlock as Gate
        else:
            from gridapp.ui.wizard import Wizard as Gate  # type: ignore[assignment]
        self.show_gate(Gate(self.seat))
        self.setWindowTitle("网格支部")
        self.seat.ask(pages.load)

    def show_gate(self, gate: Any) -> None:
        """The first-run or unlock page; its `opened` brings the desk."""
        gate.opened.connect(self.sit)
        self._only(gate)

    def _only(self, widget: QWidget) -> None:
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        for at in reversed(range(self.stack.count())):
            if (other := self.stack.widget(at)) is not widget:
                self.stack.removeWidget(other)
                other.deleteLater()

    def sit(self, opened: Any) -> None:
        """A desk was opened: build the pages around it."""
        self.seat.desk = opened
        self.main = Main(self.seat, self, self.notice)
        self._only(self.main)
        self.setWindowTitle(f"{opened.grid_name} - 网格支部")
        self.main.go("today")
        self.idle = Idle(self.windowHandle(), self._warn_idle, self.lock, lambda: self.seat.store.busy) if self.windowHandle() else None

    def lock(self) -> None:
        """Put drafts away, close the store, show the unlock page. Nothing of what was on screen stays."""
        if self.main is None:
            return
        self.main.put_away()
        self.notice.hide()
        self.notice.setParent(self)
        self._toast.hide()
        self.main = None
        if self.idle:
            self.idle.stop()
            self.idle.deleteLater()
            self.idle = None
        self._only(_opening("正在锁定……"))
        self.seat.stand_up(self._prepare)

    def _warn_idle(self) -> None:
        if self.main:
            self.say("一分钟后自动锁定。动一下鼠标或按任意键就继续。")

    def say(self, text: str, action: str = "", then: Callable[[], object] | None = None) -> None:
        """A toast."""
        self._toast.say(text, action, then)

    def warn(self, text: str) -> None:
        """A notice above the page (a toast while there is none)."""
        if self.main:
            self.notice.warn(text)
        else:
            self._toast.say(text)

    def go(self, page: str, **where: Any) -> None:
        """Show a page."""
        if self.main:
            self.main.go(page, **where)

    def back(self) -> None:
        """To the page before this one."""
        if self.main:
            self.main.back()

    def redress(self) -> None:
        """Theme or size of type changed: dress again."""
        settings = self.seat.settings
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, str(settings.value("theme", "system")), self._points)
        if self.main:
            self.main.fit()

    def enlarge(self, by: int) -> None:
        """Larger or smaller type."""
        self.seat.settings.setValue("points", min(max(self._points + by, theme.SMALLEST), theme.LARGEST))
        self.redress()

    @property
    def _points(self) -> int:
        return int(str(self.seat.settings.value("points", theme.NORMAL)))

    def _scheme_changed(self) -> None:
        if self.seat.settings.value("theme", "system") == "system":
            self.redress()

    def _place(self) -> None:
        kept = self.seat.settings.value("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            room = self.screen().availableGeometry()
            self.resize(min(1366, room.width()), min(768, room.height()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.main and _workbook(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := _workbook(event):
            self.go("intake", path=path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.main:
            self.main.put_away()
            self.main = None
        self.seat.settings.setValue("geometry", self.saveGeometry())
        self.seat.close()
        super().closeEvent(event)


def _opening(text: str = "正在打开……") -> QWidget:
    words = label(text, "sub")
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    brand = label("网格支部", "title")
    brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return holding(column(None, brand, words, None, gap=10))


def _workbook(event: QDropEvent) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower() in WORKBOOKS), None)


class Main(QWidget):
    """Rail | bar, notice, pages, status line: what stands while a desk is open."""

    def __init__(self, seat: Seat, window: Window, notice: Notice) -> None:
        super().__init__()
        from gridapp.ui.rail import Rail
        from gridapp.ui.sample_banner import SampleBanner
        from gridapp.ui.status import StatusLine

        ground(self)
        self.seat, self.notice = seat, notice
        notice.hide()
        self.pages: dict[str, QWidget] = {}
        self.current = ""
        self._trail: list[str] = []
        self.rail, self.status, self.stack = Rail(), StatusLine(seat), QStackedWidget()
        self.rail.chosen.connect(self.go)
        self.bar = _bar(seat, window)
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self.bar)
        if seat.desk.is_sample:
            side.addWidget(SampleBanner(seat))
        side.addWidget(notice)
        side.addWidget(self.stack, 1)
        side.addWidget(self.status)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.rail)
        box.addLayout(side, 1)
        seat.changed.connect(self._changed)
        for keys, then in (
            ("Ctrl+L", window.lock), ("Ctrl+Z", self._undo), ("Ctrl+=", lambda: window.enlarge(1)), ("Ctrl+-", lambda: window.enlarge(-1)),
            ("Alt+Left", self.back), ("F5", self._refresh),
        ):
            shortcut(keys, self, then)

    @property
    def page(self) -> QWidget:
        """The page one is at."""
        return self.pages[self.current]

    def go(self, key: str, **where: Any) -> None:
        """Show a page; the one before may keep the user."""
        if self.current and self.current != key and not getattr(self.page, "leave", lambda: True)():
            self.rail.mark(self.current)
            return
        if self.current != key:
            self._trail.append(self.current)
        self._show(key)
        if where and hasattr(self.page, "arrive"):
            self.page.arrive(**where)
        self._refresh()

    def back(self) -> None:
        """To the page before this one; 今日 when there is none."""
        before = self._trail.pop() if self._trail else ""
        self._show(before or "today")
        self._refresh()

    def _show(self, key: str) -> None:
        if key not in self.pages:
            self.pages[key] = pages.BY_KEY[key].make(self.seat)
            self.stack.addWidget(self.pages[key])
        self.current = key
        self.notice.hide()
        self.rail.mark(key)
        self.stack.setCurrentWidget(self.pages[key])
        if self.pages[key].focusProxy():
            self.pages[key].setFocus()

    def _refresh(self) -> None:
        if hasattr(self.page, "refresh"):
            self.page.refresh()
        self.status.refresh()

    def _changed(self, records: object) -> None:
        self._refresh()

    def _undo(self) -> None:
        from gridapp import desk

        self.seat.ask(lambda: desk.last_undo(self.seat.desk), self._undo_step)

    def _undo_step(self, step: dict[str, Any] | None) -> None:
        if step:
            self.seat.undo(step["id"])
        else:
            self.seat.say("没有可以撤销的操作。")

    def put_away(self) -> None:
        """Before the window locks or closes: pages put unfinished drafts into the store."""
        self.seat.changed.disconnect(self._changed)
        for page in self.pages.values():
            if hasattr(page, "put_away"):
                page.put_away()

    def fit(self) -> None:
        """After the size of type changed."""
        self.rail.fit()


def _bar(seat: Seat, window: QWidget) -> QWidget:
    from gridapp.ui.search import SearchBox
    from gridapp.ui.widgets import button, row

    made = ground(QWidget(), "bar")
    take_in = button("导入台账", then=lambda: seat.go("intake"))
    box = row(SearchBox(seat, window), None, take_in, button("＋ 记走访", "primary", lambda: seat.go("visit_entry")))
    box.setContentsMargins(24, 9, 24, 9)
    made.setLayout(box)
    made.setFixedHeight(62)
    return made
