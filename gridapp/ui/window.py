"""The window: a gate (first run or unlock) and behind it rail, bar, pages and status line."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from gridapp.ui import pages, theme
from gridapp.ui.choosing import dropped_ledgers
from gridapp.ui.idle import Idle
from gridapp.ui.inside import Inside
from gridapp.ui.seat import Seat
from gridapp.ui.toast import Notice, Toast
from gridapp.ui.widgets import column, ground, holding, label, shortcut


class Window(QMainWindow):
    """The shell around the pages. It shows at once; what costs is imported on the store's lane while it stands."""

    def __init__(self, folder: Path, settings: Path | None = None) -> None:
        super().__init__()
        self.setWindowTitle("网格支部")
        self.seat = Seat(folder, self, settings)
        self.main: Inside | None = None
        self._handed: Path | None = None
        self.redress()
        self.stack = QStackedWidget()
        ground(self.stack)
        self.setCentralWidget(self.stack)
        self.idle: Idle | None = None
        self._toast, self.notice = Toast(self), Notice()
        self.manual: QWidget | None = None
        self.setAcceptDrops(True)
        shortcut("F1", self, self.help, everywhere=True)
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
        self.main = Inside(self.seat, self.notice, self.enlarge)
        self._only(self.main)
        self.setWindowTitle(f"{opened.grid_name} - 网格支部")
        self.main.go("today")
        self._take_handed()
        self.seat.ask(lambda: _daily_backup(opened), self._backed_up)
        self.idle = Idle(self.windowHandle(), self._warn_idle, self.lock, lambda: self.seat.store.busy) if self.windowHandle() else None

    def hand(self, bundle: Path) -> None:
        """A bundle that was double-clicked: taken in now, or as soon as somebody has unlocked."""
        self._handed = bundle
        self._take_handed()

    def _take_handed(self) -> None:
        if self.main and self._handed:
            bundle, self._handed = self._handed, None
            self.main.go("exchange", path=bundle)

    def _backed_up(self, path: Any) -> None:
        if path and self.main:
            self.main.status.refresh()

    def lock(self) -> None:
        """Put drafts away, close the store, show the unlock page. Nothing of what was on screen stays."""
        if self.main is None:
            return
        self.main.put_away()
        self.notice.hide()
        self.notice.setParent(self)
        self._toast.forget()
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

    def help(self) -> None:
        """The manual, in a window of its own; made when it is first asked for."""
        if self.manual is None:
            from gridapp.ui.manual import Manual

            self.manual = Manual(self)
        self.manual.show()
        self.manual.raise_()
        self.manual.activateWindow()

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
        if self.main and dropped_ledgers(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_ledgers(event.mimeData()):
            self.go("intake", files=paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.main:
            self.main.put_away()
            self.main = None
        if self.manual:
            self.manual.close()
        self.seat.settings.setValue("geometry", self.saveGeometry())
        self.seat.close()
        super().closeEvent(event)


def _opening(text: str = "正在打开……") -> QWidget:
    words = label(text, "sub")
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    brand = label("网格支部", "title")
    brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return holding(column(None, brand, words, None, gap=10))



def _daily_backup(opened: Any) -> Any:
    from gridapp import desk

    return desk.back_up_when_due(opened)
