"""Choosing a period: months, quarters, years one after another, or any two days."""
from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gridapp.records.kinds import Date
from gridapp.rules import periods
from gridapp.rules.periods import NAMES, Period
from gridapp.rules.reading import Trouble
from gridapp.ui.editors import editor_for
from gridapp.ui.widgets import Chips, button, faulty, holding, label, row


class PeriodBar(QWidget):
    """Which period. changed: another one was chosen."""

    changed = Signal()

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self.today, self.period = today, periods.of("month", today)
        self.kinds, self.said, self.fault = Chips(), label("", "section"), label("", "fault")
        self.back, self.on = button("‹", then=self._before, name="前一期"), button("›", then=self._after, name="后一期")
        self.since, self.until = editor_for(Date(0, "从")), editor_for(Date(0, "到"))
        for editor in (self.since, self.until):
            editor.edited.connect(self._typed)
            editor.line.setMinimumWidth(self.fontMetrics().horizontalAdvance("2026-12-31") + 40)
        self.steps = holding(row(self.back, self.said, self.on, gap=8))
        self.days = holding(row(label("从"), self.since, label("到"), self.until, gap=6))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 10, 0)
        box.setSpacing(16)
        for part in (self.steps, self.days, self.fault, self.kinds):
            box.addWidget(part)
        box.setStretch(3, 1)
        self.kinds.chosen.connect(self._choose)

    def show_period(self, period: Period, kind: str = "") -> None:
        """Show a period without telling anybody."""
        self.period, kind = period, kind or period.kind
        self.kinds.show_chips([(key, name, None) for key, name in NAMES.items()], kind)
        self.said.setText(period.title)
        self.days.setVisible(kind == "days")
        self.steps.setVisible(kind != "days")
        self._complain("")
        if kind == "days":
            self.since.set_value(period.since.isoformat())
            self.until.set_value(period.until.isoformat())

    def _choose(self, kind: str) -> None:
        if kind == "days":
            self.show_period(self.period, "days")
            return
        inside = self.period.since <= self.today <= self.period.until
        self._go(periods.of(kind, self.today if inside else self.period.until))

    def _before(self) -> None:
        self._go(self.period.before())

    def _after(self) -> None:
        self._go(self.period.after())

    def _go(self, period: Period) -> None:
        if periods.EARLIEST <= period.since.year <= periods.LATEST:
            self.show_period(period)
            self.changed.emit()

    def _typed(self) -> None:
        found = [editor.line.kind.read(editor.value()).value for editor in (self.since, self.until)]
        if not all(found):
            return
        try:
            self.period = periods.between(*(dt.date.fromisoformat(day) for day in found))
        except Trouble as trouble:
            self._complain(trouble.text)
            return
        self._complain("")
        self.changed.emit()

    def _complain(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.until.line, bool(text), text)
