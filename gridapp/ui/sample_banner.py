"""The line above the pages while the sample data are open: that nobody in them is real, and the ways out."""
from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Line, button, card, column, row, tag


class SampleBanner(QWidget):
    """One line with 回到自己的数据 (their gate) and 删除示例数据."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.leave = button("回到自己的数据", "link", seat.shell.lock)
        self.remove = button("删除示例数据", "link", self._remove)
        words = Line("这里的人和事都是虚构的，可以放心试，不会影响您自己的数据。")
        inside = row(tag("示例数据", "warn"), words, self.leave, self.remove)
        inside.setStretch(1, 1)
        box = column(card(inside, margins=(14, 4, 8, 4)))
        box.setContentsMargins(24, 12, 24, 0)
        self.setLayout(box)

    def _remove(self) -> None:
        from gridapp.ui.settings_page import remove_sample

        remove_sample(self.seat)
