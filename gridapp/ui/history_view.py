"""往来记录: what went out and what came in, how far each bundle is, and writing one to a stick once more."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.exchange_parts import SLOW_STICK, Results, size
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, column, label, row

HEADINGS = (Heading("时间", 190), Heading("方向", 90), Heading("内容"), Heading("到哪一步", 120), Heading("副本", 110))
WAYS = {"out": "发出", "in": "收到"}


class HistoryView(QWidget):
    """Shows the lines of an ExchangeState."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.lines: list[Any] = []
        self.table, self.results = CellsTable("往来记录", *HEADINGS), Results(seat)
        self.again = button("再写一次到 U 盘", then=self.ask_where)
        words = label("发出的数据包在电脑里留着副本，得到确认再过 90 天才清理。U 盘丢了、坏了，选中那一行再写一次就行。", "sub", wrap=True)
        head = row(words, self.again, gap=14)
        head.setStretch(0, 1)
        box = column(head, self.table, self.results, gap=12)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self._allow()

    def put(self, lines: list[Any]) -> None:
        """BundleLines, newest first."""
        self.lines = lines
        self.table.put([(each.when, WAYS[each.way], each.text, each.state, "已留副本" if each.copy else "") for each in lines])
        self._allow()

    @property
    def _chosen(self) -> Any:
        chosen = [self.lines[at] for at in self.table.chosen() if self.lines[at].copy]
        return chosen[0] if len(chosen) == 1 else None

    def _allow(self) -> None:
        self.again.setEnabled(self._chosen is not None)
        self.again.setToolTip("" if self._chosen else "请先选中一个留有副本的数据包。")

    def ask_where(self) -> None:
        """Ask for the stick."""
        if self._chosen and (folder := choosing.folder(self, self.seat, "数据包再写到哪里（例如 U 盘）", "stick")):
            self.write_into(folder)

    def write_into(self, folder: Path) -> None:
        """Write the chosen bundle there once more."""
        key = self._chosen.copy
        self.seat.work(lambda step: desk.write_again(self.seat.desk, key, folder, step), self._written, text="正在写到 U 盘……", slow=SLOW_STICK)

    def _written(self, made: Any) -> None:
        self.results.put([(True, f"{made.path.name} 又写了一份并核对过了，{size(made.bytes)}。可以拔出 U 盘了。")], made.path.parent)
