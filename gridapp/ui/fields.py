"""A column of labelled editors with their faults beneath: the inside of every form."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import Column
from gridapp.records.kinds import Link
from gridapp.rules.reading import Fault
from gridapp.ui.editors import Options, editor_for
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import faulty, label, row

FILLED = "不填就自动填好"


class Field(QWidget):
    """One column: its label above, its editor, and under it what is wrong and what to do."""

    def __init__(self, column: Column, options: Options | None) -> None:
        super().__init__()
        self.column = column
        self.editor = editor_for(column.kind, options)
        unit = getattr(column.kind, "unit", "")
        name = label(f"{column.label}（{unit}）" if unit else column.label, "small")
        name.setBuddy(self.editor)
        self._must = label("必填", "fault")
        if not column.required:
            self._must.hide()
        if column.required:
            self.editor.setAccessibleDescription("必填")
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row(name, self._must, None, gap=8))
        box.addWidget(self.editor)
        box.addWidget(self.fault)
        box.addStretch()

    def fills_itself(self) -> None:
        """Left blank, the desk fills it in: not marked 必填."""
        self._must.hide()
        inner = self.editor.focusProxy() or self.editor
        inner.setAccessibleDescription(FILLED)
        inner.setPlaceholderText(FILLED)

    def show_fault(self, faults: list[Fault]) -> None:
        """The sentences and hints of the faults, or nothing."""
        self.fault.setText("\n".join(f"{fault.text}{fault.hint}" for fault in faults))
        self.fault.setVisible(bool(faults))
        inner = self.editor.focusProxy() or self.editor
        faulty(inner, any(fault.fatal for fault in faults), self.fault.text() or ("必填" if self.column.required else ""))


class Fields(QWidget):
    """Editors for columns, in their order. raw() is what the desk's keep takes."""

    edited = Signal()

    def __init__(self, seat: Seat, shown: Iterable[Column]) -> None:
        super().__init__()
        self._seat = seat
        self.by_name: dict[str, Field] = {}
        self._known: dict[str, Any] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        for each in shown:
            field = Field(each, self._options(each) if isinstance(each.kind, Link) else None)
            field.editor.edited.connect(self.edited)
            self.by_name[each.name] = field
            box.addWidget(field)

    def editor(self, name: str) -> Any:
        """The editor of a column."""
        return self.by_name[name].editor

    def fault_label(self, name: str) -> QLabel:
        """Where a column's fault stands."""
        return self.by_name[name].fault

    def raw(self) -> dict[str, Any]:
        """What the editors hold, by column name."""
        return {name: field.editor.value() for name, field in self.by_name.items()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Stored values into the editors; columns not named stay as they are."""
        for name, field in self.by_name.items():
            if name in values:
                field.editor.set_value(values[name])
                self._name_link(field, values[name])

    def set_raw(self, raw: dict[str, Any]) -> None:
        """What raw() once gave, back into the editors."""
        for name, field in self.by_name.items():
            if name in raw:
                field.editor.set_raw(raw[name])
                self._name_link(field, raw[name])

    def show_faults(self, faults: Iterable[Fault]) -> list[Fault]:
        """Put each fault under its field, move to the first fatal one, and give back those that belong to no field shown."""
        faults = list(faults)
        for name, field in self.by_name.items():
            field.show_fault([fault for fault in faults if fault.field == name])
        if first := next((fault for fault in faults if fault.fatal and fault.field in self.by_name), None):
            self.by_name[first.field].editor.setFocus()
        return [fault for fault in faults if fault.field not in self.by_name]

    def start(self) -> None:
        """The keyboard into the first editor."""
        if self.by_name:
            next(iter(self.by_name.values())).editor.setFocus()

    def _options(self, column: Column) -> Options:
        target = column.kind.target  # type: ignore[attr-defined]

        def ask(text: str, answer: Any) -> None:
            self._seat.ask(lambda: desk.options(self._seat.desk, target, text), answer, key="options")

        return ask

    def _name_link(self, field: Field, value: Any) -> None:
        if isinstance(field.column.kind, Link) and value:
            target, editor = field.column.kind.target, field.editor
            self._seat.ask(lambda: desk.name_of(self._seat.desk, target, value), lambda text: _put_name(editor, value, text))


def _put_name(editor: Any, value: str, text: str) -> None:
    if shiboken6.isValid(editor) and (at := editor.findData(value)) >= 0:
        editor.setItemText(at, text)
        if editor.currentIndex() == at:
            editor.setEditText(text)
