"""只要一部分: which rows a paper has, one list or line for each choice that means something for its record."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridapp.desk.picking import LABELS, Filter, Picked
from gridapp.records.kinds import Date
from gridapp.ui.editors import DateEditor, Picker
from gridapp.ui.widgets import clear, column, flow, holding, label

SOME = "只要一部分（不选就是全部）"


class PickingRow(QWidget):
    """put() shows the choices there are and the one made; picked() is what was chosen. fault tells of a day nobody can read."""

    changed = Signal()

    def __init__(self, filters: tuple[Filter, ...] = (), picked: Picked | None = None) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.inner = flow(gap=14)
        self.setLayout(column(self.inner, self.fault, gap=4))
        self.setAccessibleName("只要一部分")
        self.put(filters, picked or Picked())

    def put(self, filters: tuple[Filter, ...], picked: Picked) -> None:
        """Offer these choices, with this one made."""
        clear(self.inner.layout())
        self.fields = {}
        self._say("")
        for each in filters:
            if each.field == "period":
                for name, word in (("since", "从"), ("until", "到")):
                    self._add(name, f"{each.label}{word}", DateEditor(Date(0, f"{each.label}{word}"), "2026-01-01"))
            else:
                self._add(each.field, each.label, Picker(list(each.options)))
        for name in (name for name in LABELS if getattr(picked, name, "") and name not in self.fields):
            self._add(name, LABELS[name], Picker([]))  # chosen elsewhere, and nothing here is like it: it must not widen the choice unseen
        for name, editor in self.fields.items():
            editor.set_value(getattr(picked, name) or None)
        self.setVisible(bool(self.fields))
        self.inner.updateGeometry()

    def _add(self, name: str, text: str, editor: Any) -> None:
        caption = label(text, "small")
        caption.setBuddy(editor)
        (editor.focusProxy() or editor).setAccessibleName(text)
        editor.setFixedWidth(236 if isinstance(editor, DateEditor) else 176)
        editor.edited.connect(self._edited)
        if isinstance(editor, Picker):
            editor.setItemText(0, "全部")
        self.fields[name] = editor
        self.inner.layout().addWidget(holding(column(caption, editor, gap=4)))

    def _edited(self) -> None:
        self._say("")
        self.changed.emit()

    def picked(self) -> Picked:
        """The choice made; a day nobody can read chooses nothing here (see ready)."""
        told = {name: editor.value() for name, editor in self.fields.items()}
        days = {name: str(Date(0, "").read(told[name]).value or "") for name in ("since", "until") if name in told}
        return Picked(**{name: str(value or "") for name, value in told.items()} | days)  # type: ignore[arg-type]

    def ready(self) -> bool:
        """Whether both days can be read and stand in order; says so where not."""
        for name in ("since", "until"):
            if name in self.fields and (faults := Date(0, "日期").read(self.fields[name].value()).faults):
                return self._say(f"{faults[0].text}{faults[0].hint}")
        picked = self.picked()
        if picked.since and picked.until and picked.since > picked.until:
            return self._say("开始的日期晚于结束的日期。请核对两个日期。")
        return self._say("")

    def _say(self, text: str) -> bool:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        return not text
