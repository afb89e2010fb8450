"""One item of 待核对 beside the list: what happened, the versions side by side with who wrote each where and when, and what can be chosen."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.seat import Seat
from gridapp.ui.secret import Secret
from gridapp.ui.widgets import Line, button, card, clear, column, holding, label, row, scroll, tag

Decide = Callable[[Any, str, str], object]


class ReviewDetail(QFrame):
    """decide(item, choice, remark) carries a choice out; later(item) puts it behind the others."""

    def __init__(self, seat: Seat, decide: Decide, later: Callable[[Any], object]) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat, self._decide, self._later = seat, decide, later
        self.item: Any = None
        self.buttons: dict[str, QPushButton] = {}
        self._body = QVBoxLayout()
        self._body.setContentsMargins(20, 16, 14, 14)
        self._body.setSpacing(10)
        self.remark = QLineEdit()
        self.remark.setPlaceholderText("备注（可不填）")
        self.remark.setToolTip("例如：电话核实过")
        self.remark.setAccessibleName("备注")
        self.home = button("看这一户", "link", self._go_home)
        self.postpone = button("以后再说", then=lambda: self._later(self.item))
        self._last = holding(row(self.remark, self.home, self.postpone))
        self._last.layout().setContentsMargins(20, 0, 14, 14)
        inside = QWidget()
        inside.setLayout(column(self._body, self._last, None, gap=0))
        outer = column(scroll(inside))
        outer.setContentsMargins(1, 1, 1, 1)
        self.setLayout(outer)

    def show_item(self, item: Any) -> None:
        """Lay an item out."""
        self.item = item
        self.buttons = {}
        self.remark.clear()
        self.remark.setVisible(bool(item.choices))
        self.home.setVisible(bool(item.household_id))
        clear(self._body)
        head = row(Line(item.title, "section"), tag(item.heading, "plain"))
        head.setStretch(0, 1)
        self._body.addLayout(head)
        self._body.addWidget(label(item.sentence, wrap=True, selectable=True))
        if item.reason:
            self._body.addWidget(label(f"为什么先用了这个：{item.reason}", "sub", wrap=True))
        for at, version in enumerate(item.versions):
            if not version.choice:
                self._body.addLayout(self._before(at, version))
        self._sides([(at, version) for at, version in enumerate(item.versions) if version.choice])
        self._choices([each for each in item.choices if each.key not in self.buttons])

    def _choices(self, loose: list[Any]) -> None:
        """What can be chosen without taking one of the versions; first of all the page that shows more."""
        made = [self._button(each.key, each.text) for each in loose]
        page, key = self.item.opens
        if page:
            made.insert(0, button("去查重", "primary", partial(self.seat.go, page, key=key)))
        if made:
            self._body.addLayout(row(*made, None))

    def _before(self, at: int, version: Any) -> Any:
        """What stood before the two parted: one line, nothing to choose."""
        value = self._value(at, version, "small")
        told = " · ".join(filter(None, (version.who, version.where, version.when)))
        made = row(label(version.label, "sub"), value, *([label(told, "sub")] if told else []), gap=12)
        made.setStretch(1, 1)
        return made

    def _sides(self, sides: list[tuple[int, Any]]) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        across = 2 if self.minimumWidth() > self.fontMetrics().horizontalAdvance("一") * 26 else 1
        for place, (at, version) in enumerate(sides):
            grid.addWidget(self._side(at, version), place // across, place % across, Qt.AlignmentFlag.AlignTop)
        for at in range(across):
            grid.setColumnStretch(at, 1)
        self._body.addLayout(grid)

    def _side(self, at: int, version: Any) -> QWidget:
        state = tag("现在用的", "good") if version.stands else tag("没有用上", "warn")
        take = self._button(version.choice, "采用")
        return card(
            row(label(version.label, "section"), state, None, gap=8), self._value(at, version, ""),
            label(f"{version.who} · {version.where}", "sub", wrap=True), label(version.when or "--", "sub"), row(take, None),
            gap=8, margins=(14, 12, 14, 12),
        )

    def _value(self, at: int, version: Any, kind: str) -> QWidget:
        if not version.masked:
            return label(version.value, kind, wrap=True, selectable=True)
        ask = partial(desk.review.reveal_version, self.seat.desk, self.item, at)
        return Secret(self.seat, version.value, ask, f"{version.label}的{self.item.heading}", kind=kind)

    def _button(self, choice: str, text: str) -> QPushButton:
        first = choice == self.item.default
        at = len(self.buttons) + 1
        said = next((each.text for each in self.item.choices if each.key == choice), text)
        made = button(text, "primary" if first else "plain", partial(self.choose, choice), name=f"{self.item.title} {self.item.heading}：{said}")
        made.setToolTip(f"Ctrl+{at}")
        self.buttons[choice] = made
        return made

    def choose(self, choice: str) -> None:
        """As if clicked."""
        self._decide(self.item, choice, self.remark.text())

    def choose_number(self, number: int) -> None:
        """The choice that stands there, counted from 1; nothing when there is none."""
        if self.item and self.isVisible() and 0 < number <= len(self.buttons):
            self.choose(list(self.buttons)[number - 1])

    def begin(self) -> None:
        """The keyboard to the default's button, else to the first."""
        if self.item and self.buttons:
            self.buttons.get(self.item.default, next(iter(self.buttons.values()))).setFocus()

    def _go_home(self) -> None:
        self.seat.go("household", row_id=self.item.household_id)
