"""The line above the pages after the data were put back from a backup or came from another computer: what it means, and that nothing is lost."""
from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, label, row, tag


class WitnessBanner(QWidget):
    """Hidden while there is nothing to tell; 知道了 puts it away for good."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        from gridapp import desk

        self.seat = seat
        self.words = label("", wrap=True, selectable=True)
        self.heeded = button("知道了", "link", self._heed)
        inside = row(tag("请留意", "warn"), self.words, self.heeded)
        inside.setStretch(1, 1)
        box = column(card(inside, margins=(14, 6, 8, 6)))
        box.setContentsMargins(24, 12, 24, 0)
        self.setLayout(box)
        self.hide()
        seat.ask(lambda: desk.noticed(seat.desk), self._show)

    def _show(self, text: str) -> None:
        self.words.setText(text)
        self.setVisible(bool(text))

    def _heed(self) -> None:
        from gridapp import desk

        self.hide()
        self.seat.ask(lambda: desk.heed(self.seat.desk))
