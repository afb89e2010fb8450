"""Lock after ten minutes without a hand on the keyboard or mouse; a minute before, say so."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow

from gridapp.ui.widgets import timer

MINUTES, WARNING = 10, 60
EVENT = QEvent.Type
HANDS = {EVENT.KeyPress, EVENT.MouseMove, EVENT.MouseButtonPress, EVENT.Wheel, EVENT.TouchBegin, EVENT.InputMethod}


class Idle(QObject):
    """Watches one window's own events (few, unlike an application-wide filter). busy() puts the lock off."""

    def __init__(
        self, window: QWindow, warn: Callable[[], object], lock: Callable[[], object], busy: Callable[[], bool], minutes: float = MINUTES
    ) -> None:
        super().__init__(window)
        self._lock, self._busy = lock, busy
        self._warning = timer(self, max(int(minutes * 60 - WARNING) * 1000, 1), warn)
        self._end = timer(self, int(minutes * 60_000), self._over)
        window.installEventFilter(self)
        self.restart()

    def restart(self) -> None:
        """Somebody is there."""
        self._warning.start()
        self._end.start()

    def stop(self) -> None:
        """Nothing to lock."""
        self._warning.stop()
        self._end.stop()

    def _over(self) -> None:
        if self._busy():
            self.restart()
        else:
            self._lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in HANDS and self._end.isActive():
            self.restart()
        return False
