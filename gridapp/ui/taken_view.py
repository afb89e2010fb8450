"""After an import: what came of it, and the ways on."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from gridapp import desk
from gridapp.ui import intake_words
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, clear, column, empty, row


class TakenView(QFrame):
    """The last stage of an import. pick: choose another file; mend: go to the rows that wait."""

    def __init__(self, seat: Seat, pick: Callable[[], object], mend: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat, self._pick, self._mend = seat, pick, mend
        self.after = QVBoxLayout()
        box = column(None, self.after, None)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def show_done(self, done: Any) -> None:
        """What came of an import, the places to look at it, and the people who may be there twice."""
        clear(self.after)
        self.after.addWidget(empty("导入好了", intake_words.next_step(done), *self._ways_on(done)))
        self.seat.ask(lambda: len(desk.pairs(self.seat.desk)), self._twice, key="twice")

    def _twice(self, count: int) -> None:
        if count and self.isVisible():
            look = button(f"可能有重复的人 {count:,} 对，去看看", "plain", lambda: self.seat.go("duplicates"))
            self.after.addLayout(row(None, look, None))

    def _ways_on(self, done: Any) -> list[QPushButton]:
        places = [(key, name) for key, name in intake_words.PLACES if key in done.records][:3]
        looks = [button(f"看{name}", "plain", partial(self.seat.go, key)) for key, name in places]
        mend = [button(f"改没有导入的 {done.counts['cannot']:,} 行", "plain", self._mend)] if done.counts["cannot"] else []
        return [button("再导入一个文件", "primary", self._pick), *mend, *looks]
