"""Two rows side by side: what differs first, one value of each field chosen; masked values with 显示 beside them."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.seat import Seat
from gridapp.ui.secret import SECONDS
from gridapp.ui.widgets import button, clear, column, holding, label, row, rule, tag, timer

NAMES = ("先建立的", "后建立的")
MERGED_NAMES = ("合并以后的", "并入的那一条")
EMPTY = "（空）"


class ComparisonView(QWidget):
    """Shows a desk Comparison; `chosen()` is what the user wants to keep."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.comparison: Any = None
        self.groups: dict[str, QButtonGroup] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 8, 0)
        self._box.setSpacing(10)

    def show_comparison(self, comparison: Any) -> None:
        """Lay a comparison out."""
        clear(self._box)
        self.comparison, self.groups = comparison, {}
        reason = label(comparison.pair.reason, "section", wrap=True)
        self._box.addLayout(head := row(tag(*certainty(comparison.pair)), reason))
        head.setStretch(1, 1)
        if comparison.why_not:
            self._box.addWidget(label(comparison.why_not, "fault", wrap=True))
        self._box.addWidget(self._grid())
        self._box.addStretch()
        part: QWidget
        for part in self.findChildren(QWidget):
            part.ensurePolished()  # else the scroll area asks for the height before the letters have their size, and squeezes them

    def chosen(self) -> dict[str, Any]:
        """The value to keep of each field that differs."""
        fields = {each.name: each for each in self.comparison.fields}
        return {name: fields[name].values[group.checkedId()] for name, group in self.groups.items()}

    def _grid(self) -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        for at, (name, head) in enumerate(zip(names(self.comparison.pair), self.comparison.heads, strict=True)):
            grid.addLayout(column(label(name, "section"), label(head, "sub", wrap=True), None, gap=0), 0, at + 1)
            grid.setColumnStretch(at + 1, 1)
        differ = [each for each in self.comparison.fields if each.differs]
        same = [each for each in self.comparison.fields if not each.differs]
        for each in differ:
            self._add(grid, each)
        if same:
            at = grid.rowCount()
            grid.addWidget(rule(), at, 0, 1, 3)
            grid.addWidget(label(f"相同的 {len(same)} 项", "sub"), at + 1, 0, 1, 3)
        for each in same:
            self._add(grid, each)
        return holding(grid)

    def _add(self, grid: QGridLayout, each: Any) -> None:
        at, pair = grid.rowCount(), self.comparison.pair
        head = label(each.label, "sub" if not each.differs else "", wrap=True)
        head.setMinimumWidth(head.fontMetrics().horizontalAdvance("一二三四五") + 8)
        grid.addWidget(head, at, 0)
        group = QButtonGroup(self)
        for side, (row_id, _) in enumerate((pair.left, pair.right) if each.differs else (pair.left,)):
            made = Side(self.seat, pair.record, row_id, each, side, names(pair)[side])
            grid.addWidget(made, at, side + 1, 1, 1 if each.differs else 2)
            if made.radio:
                group.addButton(made.radio, side)
                self.groups[each.name] = group


class Side(QWidget):
    """One side's value of a field: chosen by a click where the two differ, shown in full for thirty seconds where it is masked."""

    def __init__(self, seat: Seat, record: str, row_id: str, field: Any, side: int, whose: str) -> None:
        super().__init__()
        self.seat, self._place, self._masked = seat, (record, row_id, field.name), field.texts[side] or EMPTY
        self.radio: QRadioButton | None = None
        self.value: QLabel = label(self._masked, "" if field.differs else "small", wrap=True)
        self.value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        parts: list[QWidget] = [self.value]
        self.setMinimumHeight(36)
        if field.differs:
            self.radio = QRadioButton()
            self.radio.setChecked(side == field.better)
            self.radio.setAccessibleName(f"{field.label}：用{whose}这一条的“{self._masked}”")
            parts.insert(0, self.radio)
        self.eye = button("显示", "link", self._turn, name=f"显示{whose}这一条的{field.label}")
        self.eye.setVisible(field.hidden[side])
        self._timer = timer(self, SECONDS * 1000, self.hide_again)
        box = row(*parts, self.eye, gap=8)
        box.setAlignment(self.eye, Qt.AlignmentFlag.AlignTop)
        self.setLayout(box)

    def mousePressEvent(self, event: Any) -> None:
        """A click beside the circle counts too."""
        if self.radio:
            self.radio.setChecked(True)
        super().mousePressEvent(event)

    def _turn(self) -> None:
        if self._timer.isActive():
            self.hide_again()
        else:
            self.seat.ask(lambda: desk.reveal(self.seat.desk, *self._place), self._reveal)

    def _reveal(self, value: str) -> None:
        self.value.setText(value)
        self.eye.setText("隐藏")
        self._timer.start()

    def hide_again(self) -> None:
        """Back to the masked value."""
        self._timer.stop()
        self.value.setText(self._masked)
        self.eye.setText("显示")


def names(pair: Any) -> tuple[str, str]:
    """What the two sides are called."""
    return MERGED_NAMES if pair.merged else NAMES


def certainty(pair: Any) -> tuple[str, str]:
    """How sure it is that the two are one: (word, tone)."""
    if pair.merged:
        return "又改过", "warn"
    return ("确定", "late") if pair.certain else ("可能", "warn")
