"""A masked value with an eye: 显示 asks the desk for the whole of it (which is logged) and hides it again after thirty seconds."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, label, row, timer

SECONDS = 30


class Secret(QWidget):
    """ask gives the whole value. whose: what a screen reader says it is. caption stands before the value."""

    def __init__(self, seat: Seat, masked: str, ask: Callable[[], str], whose: str, *, caption: str = "", kind: str = "small") -> None:
        super().__init__()
        self._seat, self._masked, self._ask = seat, masked, ask
        self.value = label(masked, kind, wrap=not caption)
        self.eye = button("显示", "link", self._turn, name=f"显示{whose}")
        self._timer = timer(self, SECONDS * 1000, self.hide_again)
        parts = [label(caption, "sub"), self.value, None] if caption else [self.value]
        box = row(*parts, self.eye, gap=8)
        if not caption:
            box.setStretch(0, 1)
        self.setLayout(box)

    def _turn(self) -> None:
        if self._timer.isActive():
            self.hide_again()
        else:
            self._seat.ask(self._ask, self._reveal)

    def _reveal(self, value: str) -> None:
        self.value.setText(value)
        self.eye.setText("隐藏")
        self._timer.start()

    def hide_again(self) -> None:
        """Back to the masked value."""
        self._timer.stop()
        self.value.setText(self._masked)
        self.eye.setText("显示")
