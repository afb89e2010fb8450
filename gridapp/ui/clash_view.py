"""待核对: what two sides changed at once; both values side by side, one click decides, and it can be undone."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, empty, holding, label, row, scroll, tag


class ClashView(QWidget):
    """The conflicts nobody has decided. counted(n) tells how many there are."""

    def __init__(self, seat: Seat, counted: Callable[[int], object]) -> None:
        super().__init__()
        self.seat, self._counted = seat, counted
        self.clashes: list[Any] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        words = "同一条记录两边都改过，程序先留下一个，另一个也没有丢。请看一眼，选对的那个；选错了可以撤销。"
        self.setLayout(column(label(words, "sub", wrap=True), scroll(holding(column(holding(self._list), None))), gap=10))

    def refresh(self) -> None:
        """Ask again."""
        self.seat.ask(lambda: desk.conflicts(self.seat.desk), self._show, key="conflicts")

    def _show(self, clashes: list[Any]) -> None:
        self.clashes = clashes
        clear(self._list)
        for clash in clashes:
            self._list.addWidget(self._card(clash))
        if not clashes:
            self._list.addWidget(empty("没有要核对的", "两边同时改了同一处时，会列在这里，由您选定哪个对。"))
        self._counted(len(clashes))

    def _card(self, clash: Any) -> QFrame:
        versions = (clash.kept, *clash.lost)
        sides = [self._side(clash, at, version) for at, version in enumerate(versions)]
        return card(row(label(clash.title, "section"), tag(clash.field_label, "plain"), None), row(*sides, None, gap=12), gap=10)

    def _side(self, clash: Any, at: int, version: tuple[str, str, str]) -> QWidget:
        value, who, when = version
        shown = label(value or "（空）", wrap=True, selectable=True)
        name = f"{clash.title} {clash.field_label}：用“{value}”"
        use = button("留用这个值" if at == 0 else "用这个值", then=lambda: self.decide(clash, at), name=name)
        state = tag("现在用的" if at == 0 else "没有用上的", "good" if at == 0 else "warn")
        made = card(row(state, None), shown, label(who, "sub", wrap=True), label(when, "sub"), row(use, None), gap=8)
        made.setMaximumWidth(420)
        made.setMinimumWidth(260)
        return made

    def decide(self, clash: Any, at: int) -> None:
        """The value at `at` (0 the one that stands) is right."""
        self.seat.ask(lambda: desk.resolve(self.seat.desk, clash, clash.values[at]), lambda kept: self._decided(kept, clash))

    def _decided(self, kept: Any, clash: Any) -> None:
        if kept.saved:
            self.seat.kept(kept, {clash.record}, f"{clash.title}的“{clash.field_label}”核对好了。")
        else:
            self.seat.say("".join(fault.text + fault.hint for fault in kept.faults))
        self.refresh()
