"""划转到…: at the centre, a household goes to another grid; at a grid, the list of what went."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import BY_NAME
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, holding, label, row

MOVED = (Heading("住户"), Heading("时间", 200), Heading("去向", 110), Heading("中心", 130))


class Reassign(QWidget):
    """A quiet button; pressed, it asks which grid and shows what will go along."""

    def __init__(self, seat: Seat, household_id: str) -> None:
        super().__init__()
        self.seat, self.household_id = seat, household_id
        self.open = button("划转到…", "link", self.begin, name="划转到另一个网格")
        self.grid = QComboBox()
        self.grid.setAccessibleName("划转到哪个网格")
        self.confirm = button("确认划转", "primary", self.move_home)
        self.ask = holding(column(
            label("住在这里的人、走访、服务事项和同意记录一并划转；原网格只留只读存档。", "sub", wrap=True),
            self.grid, row(self.confirm, button("取消", then=self.cancel), None), gap=8,
        ))
        self.ask.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(row(self.open, None))
        box.addWidget(self.ask)

    def begin(self) -> None:
        """Ask which grids there are."""
        from gridapp import office

        self.seat.ask(lambda: (office.grids(self.seat.desk), desk.values(self.seat.desk, "household", self.household_id)["scope"]), self._offer)

    def _offer(self, found: tuple[list[tuple[str, str]], str]) -> None:
        grids, here = found
        self.grid.clear()
        for scope, name in grids:
            if scope != here:
                self.grid.addItem(name, scope)
        if not self.grid.count():
            self.seat.say("还没有登记别的网格，不能划转。请先在“交换”里登记。")
            return
        self.open.hide()
        self.ask.show()
        self.grid.setFocus()

    def cancel(self) -> None:
        """Leave it where it is."""
        self.ask.hide()
        self.open.show()

    def move_home(self) -> None:
        """Give it to the grid chosen."""
        from gridapp import office

        scope, name = self.grid.currentData(), self.grid.currentText()
        self.confirm.setEnabled(False)
        job = self.seat.ask(lambda: office.reassign(self.seat.desk, [self.household_id], scope), lambda kept: self._moved(kept, name))
        job.ended.connect(lambda: self.confirm.setEnabled(True))

    def _moved(self, kept: Any, name: str) -> None:
        self.cancel()
        self.seat.kept(kept, BY_NAME, f"已划转到“{name}”，随下一次回执包送到两边的网格。")


class MovedHomes(QFrame):
    """What the centre gave to other grids; hidden while there is nothing."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.table = CellsTable("已划转的住户", *MOVED)
        self.table.setMinimumHeight(150)
        about = "中心已把这些住户划转到别的网格。这里只作存档，不能修改；中心确认收到并满 90 天后自动清除。"
        self.setLayout(column(card(label("已划转", "section"), label(about, "sub", wrap=True), self.table, gap=8)))
        self.layout().setContentsMargins(0, 0, 0, 0)
        self.hide()

    def refresh(self) -> None:
        """Look again."""
        self.seat.ask(lambda: desk.moved(self.seat.desk), self.put, key="moved")

    def put(self, homes: list[Any]) -> None:
        """Show these."""
        self.table.put([(home.title, home.when, home.to, "已全部收到" if home.confirmed else "还有内容未确认") for home in homes])
        self.setVisible(bool(homes))
