"""Which records go on a paper: a list for each way to choose, and two days where the record has one."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from gridapp import desk
from gridapp.records.kinds import Date
from gridapp.ui.editors import DateEditor, Picker
from gridapp.ui.widgets import column, label

ACROSS = 3
ALL = "全部"


class PickingRow(QWidget):
    """filters: see desk.Filter; chosen: what is chosen to begin with. picked() gives the choice."""

    def __init__(self, filters: Iterable[Any], chosen: Any = None) -> None:
        super().__init__()
        self.lists: dict[str, Picker] = {}
        self.days: dict[str, DateEditor] = {}
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setHorizontalSpacing(16)
        box.setVerticalSpacing(8)
        parts = [part for each in filters for part in self._parts(each, chosen or desk.Picked())]
        for at, part in enumerate(parts):
            box.addWidget(part, at // ACROSS, at % ACROSS)
        for at in range(ACROSS):
            box.setColumnStretch(at, 1)

    def _parts(self, each: Any, chosen: Any) -> list[QWidget]:
        if each.field == "period":
            return [self._day("since", f"{each.label}，从", chosen.since), self._day("until", "到", chosen.until)]
        made = Picker(list(each.options))
        made.setItemText(0, ALL)
        made.set_value(getattr(chosen, each.field) or None)
        self.lists[each.field] = made
        return [_under(each.label, made)]

    def _day(self, name: str, text: str, day: str) -> QWidget:
        made = DateEditor(Date(0, text), "年-月-日")
        made.set_value(day or None)
        self.days[name] = made
        return _under(text, made)

    def picked(self) -> Any:
        """What is chosen; a day nobody can read is none."""
        said: dict[str, Any] = {name: made.value() or "" for name, made in self.lists.items()}
        said |= {name: str(made.line.kind.read(made.value()).value or "") for name, made in self.days.items()}
        return desk.Picked(**said)


def _under(text: str, editor: QWidget) -> QWidget:
    editor.setMinimumHeight(36)
    editor.setAccessibleName(text)
    made = QWidget()
    box = column(label(text, "small"), editor, gap=4)
    made.setLayout(box)
    return made
