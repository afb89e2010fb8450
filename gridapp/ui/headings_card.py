"""列的对应: what was said of ledgers' columns, to look at, to forget, and to carry to another computer."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFrame, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, column, label, row

WORDS = "导入时改过的列，下次遇到同样的表头照办。可以带到另一台电脑用，文件里只有列的对应，没有任何人的信息。"
NONE = "还没有改过。导入台账时，在“列的对应”里改过的会列在这里。"
KINDS = "列的对应 (*.json)"


class HeadingsCard(QFrame):
    """The card of the settings page."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.known: list[Any] = []
        self.table = CellsTable("记住的列的对应", Heading("台账", 120), Heading("改过的列"))
        self.table.setMinimumHeight(170)
        self.none = label(NONE, "sub", wrap=True)
        self.drop = button("忘掉选中的", "plain", self.forget)
        self.out, self.into = button("导出", "plain", self.carry_out), button("从文件导入", "plain", self.carry_in)
        parts: list[QWidget] = [label("列的对应", "section"), label(WORDS, "sub", wrap=True), self.none, self.table]
        box = column(*parts, row(self.drop, None, self.out, self.into), gap=10)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def refresh(self) -> None:
        """Ask again."""
        self.seat.ask(lambda: desk.remembered(self.seat.desk), self._show, key="remembered")

    def _show(self, known: list[Any]) -> None:
        self.known = known
        self.table.put([(each.kind, each.columns) for each in known])
        self.none.setVisible(not known)
        for each in (self.table, self.drop):
            each.setVisible(bool(known))
        self.out.setEnabled(bool(known))

    def forget(self) -> None:
        """What is chosen is found by the program again."""
        chosen = {self.known[at].signature for at in self.table.chosen()}
        if chosen:
            self.seat.ask(lambda: desk.forget(self.seat.desk, chosen), self._forgotten)
        else:
            self.seat.say("请先在表里选中要忘掉的一行。")

    def _forgotten(self, count: int) -> None:
        self.seat.say(f"忘掉了 {count} 种表头，下次由程序自己认。")
        self.refresh()

    def carry_out(self) -> None:
        """To a file."""
        if path := choosing.save_as(self, self.seat, "导出列的对应", "列的对应.json", KINDS, "headings"):
            self.seat.ask(lambda: desk.carry_out(self.seat.desk, path), partial(self._out, path))

    def _out(self, path: Path, count: int) -> None:
        look = partial(choosing.show_in_system, self.seat, path.parent)
        self.seat.say(f"{count} 种表头的对应写好了，可以拷到另一台电脑导入。", "打开所在文件夹", look)

    def carry_in(self) -> None:
        """From a file."""
        if path := choosing.file(self, self.seat, "导入列的对应", KINDS, "headings"):
            self.seat.ask(lambda: desk.carry_in(self.seat.desk, path), self._in)

    def _in(self, count: int) -> None:
        self.seat.say(f"学会了 {count} 种新的表头。" if count else "这个文件里的对应，本机都已经有了。")
        self.refresh()
