"""The rows behind a figure of a report: the record's own page with these and no others, and the way back."""
from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridapp.ui.record_page import RecordPage
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Line, button, card, empty, ground, holding, row


class CountedPage(QWidget):
    """arrive(record=..., ids=..., heading=...) shows those rows."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.heading = Line("", "section")
        self.list: RecordPage | None = None
        back = button("回到报表", then=lambda: seat.go("reports"), tip="Alt+←")
        head = holding(bar := row(back, self.heading, gap=16))
        bar.setStretch(1, 1)
        bar.setContentsMargins(24, 14, 24, 0)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(head)
        self._below: QWidget = card(empty("还没有选中数目", "请在“报表”页点一个数，这里列出它数的是哪些。"))
        self._box.addWidget(self._below, 1)

    def arrive(self, record: str = "", ids: tuple[str, ...] = (), heading: str = "") -> None:
        """Show the rows of a figure."""
        if not record:
            return
        self.put_away()
        self._box.removeWidget(self._below)
        self._below.hide()
        self._below.deleteLater()
        self.list = RecordPage(self.seat, record)
        self.list.only = frozenset(ids)
        self._below = self.list
        self._box.addWidget(self.list, 1)
        self.heading.setText(heading)
        self.setFocusProxy(self.list)

    def refresh(self) -> None:
        """Ask the desk again."""
        if self.list:
            self.list.refresh()

    def put_away(self) -> None:
        """Keep an unfinished form as a draft."""
        if self.list:
            self.list.put_away()

