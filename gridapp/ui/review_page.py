"""待核对: all that waits for somebody to look at it, in one list; the chosen one beside it; one click decides, 撤销 takes it back."""
from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.rules.codes import table as code_table
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.review_detail import ReviewDetail
from gridapp.ui.seat import Seat
from gridapp.ui.table import Table
from gridapp.ui.widgets import Chips, button, card, empty, ground, holding, label, row, shortcut

LIST = (Heading("类别", 128), Heading("哪条记录"), Heading("栏目", 128))
ALL, DONE = "all", "done"
HINTS = "↑↓ 换一条 · Enter 去选 · Ctrl+1、Ctrl+2 采用 · Ctrl+Z 撤销"
NOTHING = "两边同时改了同一处、有人删有人改、可能是同一个人、还没有归位的记录，都会列在这里，由您选定。"
KEPT = "每个决定都留着：谁、什么时候、选了哪个。要看内容请导出“核对决定”台账，写明用途。"


class ReviewPage(QWidget):
    """arrive(view=...) opens a sort, or 已核对 (done). counted: how many wait, whenever they were looked up."""

    counted = Signal(int)

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat, self.view = seat, ALL
        self.items: list[Any] = []
        self.shown: list[Any] = []
        self._later: set[str] = set()
        self._wanted = 0
        self.count, self.foot = label("", "sub"), label(HINTS, "sub")
        self.chips = Chips()
        self.table = CellsTable("待核对", *LIST)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.detail = ReviewDetail(seat, self.decide, self.later)
        self.done = Table("decision", seat.settings)
        self.done.setAccessibleName("核对记录")
        self.everything = button("都采用默认", then=self.accept_all, tip="只采用列出来的、有默认的；可以撤销")
        self.export = button("导出台账", then=lambda: self.seat.go("giving"))
        self.setFocusProxy(self.table)
        self._build()
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.chips.chosen.connect(self._choose_view)
        for keys in ("Return", "Enter"):
            shortcut(keys, self.table, self.detail.begin)
        for number in range(1, 6):
            shortcut(f"Ctrl+{number}", self, partial(self.detail.choose_number, number))

    def _build(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 18, 24, 10)
        page.setSpacing(12)
        page.addLayout(row(label("待核对", "title"), self.count, None, self.export, self.everything))
        page.addWidget(self.chips)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self.table, 1)
        body.addWidget(self.detail)
        self.nothing = card(empty("没有要核对的", NOTHING))
        self.middle = QStackedWidget()
        for made in (holding(body), self.nothing, self.done, card(empty("还没有核对过", "在待核对里选定以后，谁在什么时候选了哪个，都记在这里。"))):
            self.middle.addWidget(made)
        page.addWidget(self.middle, 1)
        page.addWidget(self.foot)
        self._fit()

    def arrive(self, view: str = "", **_: Any) -> None:
        """Open a sort."""
        self.view = view or self.view

    def refresh(self) -> None:
        """Ask again."""
        at = self.seat.desk
        self.seat.ask(lambda: (desk.review.waiting(at), desk.listing(at, "decision")), self._show, key="review")

    def _show(self, found: tuple[list[Any], Any]) -> None:
        self.items, decisions = found
        self.counted.emit(len(self.items))
        counts = desk.review.counts(self.items)
        chips = [(ALL, "全部", len(self.items)), *counts, (DONE, "已核对", len(decisions.rows))]
        self.chips.show_chips(chips, self.view)
        self.count.setText(f"{len(self.items):,} 条" if self.items else "")
        self.done.show_listing(decisions, self.done.chosen)
        self._list(bool(decisions.rows))

    def _list(self, any_done: bool) -> None:
        found = [item for item in self.items if self.view in (ALL, item.sort)]
        self.shown = sorted(found, key=lambda item: item.key in self._later)
        sorts = code_table("review_sort")
        self.table.put([(sorts.label(item.sort), item.title, item.heading) for item in self.shown])
        done = self.view == DONE
        self.middle.setCurrentIndex((2 if any_done else 3) if done else 0 if self.shown else 1)
        ready = sum(bool(item.default) for item in self.shown)
        self.everything.setText(f"都采用默认（{ready}）" if ready else "都采用默认")
        self.everything.setEnabled(bool(ready) and not done)
        self.everything.setVisible(not done)
        self.export.setVisible(done)
        self.foot.setText(KEPT if done else HINTS if self.shown else "")
        if self.shown and not done:
            self.table.selectRow(min(self._wanted, len(self.shown) - 1))

    def _choose_view(self, key: str) -> None:
        self.view, self._wanted = key, 0
        self.refresh()

    def _choose(self) -> None:
        chosen = self.table.chosen()
        if chosen and chosen[0] < len(self.shown):
            self._wanted = chosen[0]
            self.detail.show_item(self.shown[chosen[0]])

    def decide(self, item: Any, choice: str, remark: str) -> None:
        """Carry a choice out."""
        self.seat.ask(lambda: desk.review.decide(self.seat.desk, item, choice, remark), lambda kept: self._decided(kept, item), failed=self._failed)

    def _decided(self, kept: Any, item: Any) -> None:
        end = "" if kept.batch_id else "这一步不能撤销。"
        self.seat.kept(kept, {item.record, "decision"}, f"{item.title}的“{item.heading}”核对好了。{end}")
        self.refresh()
        self.table.setFocus()

    def _failed(self, trouble: Any) -> None:
        self.seat.trouble(trouble)
        self.refresh()

    def accept_all(self) -> None:
        """Every default of those listed."""
        items = [item for item in self.shown if item.default]
        self.seat.ask(lambda: desk.review.accept_all(self.seat.desk, items), self._accepted)

    def _accepted(self, done: Any) -> None:
        left = f"有 {done.left} 条刚刚变了，没有动。" if done.left else ""
        self.seat.kept(done, {"decision"}, f"{done.count} 条采用了默认。{left}")
        self.refresh()

    def later(self, item: Any) -> None:
        """Behind the others, until the window is closed."""
        self._later.add(item.key)
        self.refresh()
        self.seat.say("放到后面了，还在待核对里。")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns as wide as their words in the present type; the hints give way where there is little room."""
        letters = self.fontMetrics()
        for at, longest in ((0, "两边都改过"), (2, "停用设备的包")):
            self.table.setColumnWidth(at, letters.horizontalAdvance(longest) + 30)
        self.table.setColumnHidden(0, self.width() < letters.horizontalAdvance("一") * 48)
        self.detail.setFixedWidth(max(int((self.width() - 62) * 0.54), 320))
        self.foot.setVisible(self.height() > letters.horizontalAdvance("一") * 28)
