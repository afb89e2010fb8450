"""走访附件: whether visits may have attachments here. Off unless somebody decides otherwise."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QFrame

from gridapp import desk
from gridapp.desk.attaching import VISITS
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import column, label

WORDS = "住户和服务事项可以添加照片或 PDF。走访一般不需要拍照，所以没有打开；确实需要时再打开，已经添加的附件不受影响。"


class AttachmentSetting(QFrame):
    """One tick."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.visits = QCheckBox("走访也可以添加附件")
        self.visits.clicked.connect(self.choose)
        box = column(label("附件", "section"), label(WORDS, "sub", wrap=True), self.visits, gap=10)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def refresh(self) -> None:
        """As it is kept."""
        self.seat.ask(lambda: desk.setting(self.seat.desk, VISITS), self._show, key="visits")

    def _show(self, value: Any) -> None:
        self.visits.setChecked(value == "1")

    def choose(self, on: bool) -> None:
        """Keep the choice."""
        self.seat.ask(lambda: desk.put_setting(self.seat.desk, VISITS, "1" if on else ""), lambda _: self.refresh())
