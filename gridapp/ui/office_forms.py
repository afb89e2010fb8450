"""派发事项: the centre's form for a request it hands to a grid."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout

from gridapp import office
from gridapp.records import BY_NAME, Column, column
from gridapp.ui.fields import Fields
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, holding, label, row, scroll, shortcut
from gridapp.ui.widgets import column as in_column

ASKED = ("content", "request_type", "urgency", "category", "due_date", "notes")


def _asked(name: str) -> Column:
    # The desk works the deadline out where it is left blank.
    found = column(BY_NAME["request"], name)
    return replace(found, required=False) if name == "due_date" else found


class DispatchForm(QFrame):
    """left() when given up; done(kept, grid name) when dispatched."""

    def __init__(self, seat: Seat, left: Callable[[], object], done: Callable[[Any, str], object]) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat, self._done = seat, done
        self.grid = QComboBox()
        self.grid.setMinimumHeight(40)
        self.grid.setAccessibleName("派给哪个网格")
        self.fields = Fields(seat, [_asked(name) for name in ASKED])
        self.note = label("", "fault", wrap=True)
        self.note.hide()
        self.send = button("派发", "primary", self.keep, tip="Ctrl+Enter")
        name = label("派给哪个网格", "small")
        name.setBuddy(self.grid)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 12, 14)
        box.setSpacing(10)
        box.addWidget(label("派发事项", "section"))
        box.addWidget(self.note)
        box.addWidget(scroll(holding(in_column(name, self.grid, self.fields, None, gap=8))), 1)
        box.addLayout(row(label("不填时限就按缓急推算。", "sub"), None, button("取消", then=left), self.send))
        shortcut("Ctrl+Return", self, self.keep)
        shortcut("Esc", self, left)

    def begin(self, addressees: list[tuple[str, str]], scope: str) -> None:
        """Empty, for one of these (path, name)."""
        self.grid.clear()
        for path, name in addressees:
            self.grid.addItem(name, path)
        self.grid.setCurrentIndex(max(self.grid.findData(scope), 0))
        self.fields.set_values({each.column.name: each.column.default for each in self.fields.by_name.values()})
        self.fields.show_faults([])
        self.note.hide()
        self.fields.start()

    def keep(self) -> None:
        """Dispatch, or show what is missing."""
        if not self.send.isEnabled():
            return
        scope, name = self.grid.currentData(), self.grid.currentText()
        raw = {key: value for key, value in self.fields.raw().items() if value is not None}
        self.send.setEnabled(False)
        job = self.seat.ask(lambda: office.dispatch(self.seat.desk, scope, raw), lambda kept: self._kept(kept, name), failed=self._failed)
        job.ended.connect(lambda: self.send.setEnabled(True))

    def _kept(self, kept: Any, name: str) -> None:
        if kept.saved:
            self._done(kept, name)
            return
        rest = self.fields.show_faults(kept.faults)
        self._say("\n".join(f"{fault.text}{fault.hint}" for fault in rest))

    def _failed(self, trouble: Any) -> None:
        self._say(trouble.text)

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))
