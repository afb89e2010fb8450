"""What the window says in passing: a toast that goes by itself, and a notice that stays until it is put away."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QWidget

from gridapp.ui.widgets import button, label, row, timer

SECONDS = 10


class Toast(QFrame):
    """One line at the foot of its parent for ten seconds, with one thing to do about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("class", "toast")
        self._text = label()
        self._act = button("", then=self._do)
        self._then: Callable[[], object] | None = None
        box = row(self._text, self._act, button("知道了", then=self.hide), gap=12)
        box.setContentsMargins(18, 8, 10, 8)
        self.setLayout(box)
        self._timer = timer(self, SECONDS * 1000, self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, action: str = "", then: Callable[[], object] | None = None) -> None:
        """Show text; action is the button's word."""
        self._text.setText(text)
        self._act.setText(action)
        self._act.setAccessibleName(action)
        self._act.setVisible(bool(action and then))
        self._then = then
        self.setAccessibleName(text)
        self._settle()
        self.show()
        self.raise_()
        self._timer.start()

    @property
    def text(self) -> str:
        return self._text.text()

    def forget(self) -> None:
        """Hide, and keep neither the words nor what could be done about them."""
        self.hide()
        self._text.clear()
        self.setAccessibleName("")
        self._then = None

    def _do(self) -> None:
        self.hide()
        if self._then:
            self._then()

    def _settle(self) -> None:
        parent = self.parentWidget()
        self._text.setWordWrap(False)
        self._text.setMinimumWidth(0)
        self.adjustSize()
        if self.width() > parent.width() - 40:
            self._text.setWordWrap(True)
            self.resize(parent.width() - 40, self.heightForWidth(parent.width() - 40))
        self.move((parent.width() - self.width()) // 2, max(parent.height() - self.height() - 54, 8))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return False


class Notice(QWidget):
    """A sentence above the page that stays until 知道了."""

    def __init__(self) -> None:
        super().__init__()
        frame = QFrame()
        frame.setProperty("class", "notice")
        self._text = label(wrap=True, selectable=True)
        self._button = button("知道了", "link", self.hide)
        box = row(self._text, self._button)
        box.setContentsMargins(16, 8, 10, 8)
        box.setStretch(0, 1)
        box.setAlignment(self._button, Qt.AlignmentFlag.AlignTop)
        frame.setLayout(box)
        outer = row(frame)
        outer.setContentsMargins(24, 14, 24, 0)
        self.setLayout(outer)
        self.hide()

    def warn(self, text: str) -> None:
        """Show text."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()

    @property
    def text(self) -> str:
        return self._text.text()
