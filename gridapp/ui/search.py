"""The one search box: people, doors and requests by whatever one remembers, grouped, with the keyboard."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gridapp.ui.seat import Seat
from gridapp.ui.widgets import shortcut, timer

GROUPS = (("household", "住户"), ("resident", "居民"), ("member", "党员"), ("request", "服务事项"))
HIT = Qt.ItemDataRole.UserRole


class SearchBox(QLineEdit):
    """Type, choose with the arrows, Enter opens. The list is a child of `inside`, so input methods keep the keyboard, and it goes when that goes."""

    def __init__(self, seat: Seat, inside: QWidget) -> None:
        super().__init__()
        self.seat = seat
        self.setPlaceholderText("找人、户、事：张三 / zs / 3-2-501   Ctrl+K")
        self.setAccessibleName("查找人、户、事")
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(560)
        self.setMinimumWidth(220)
        self.hits = QListWidget()
        self.hits.setAccessibleName("查找结果")
        self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.setFrameShape(QFrame.Shape.NoFrame)
        self.hits.itemClicked.connect(self._open)
        self.box = QFrame(inside)
        self.box.setProperty("class", "card")
        inner = QVBoxLayout(self.box)
        inner.setContentsMargins(6, 8, 6, 8)
        inner.addWidget(self.hits)
        self.box.hide()
        self._rest = timer(self, 120, self._look)
        self.textEdited.connect(lambda _: self._rest.start())
        self.textChanged.connect(lambda text: None if text else self.box.hide())
        shortcut("Ctrl+K", inside, self.begin, everywhere=True)

    def begin(self) -> None:
        """The keyboard goes here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _look(self) -> None:
        from gridapp import desk

        text = self.text().strip()
        if text:
            self.seat.ask(lambda: desk.find(self.seat.desk, text), self._show, key="find")
        else:
            self.box.hide()

    def _show(self, found: list[Any]) -> None:
        if not self.text().strip():
            return
        self.hits.clear()
        for record, heading in GROUPS:
            group = [hit for hit in found if hit.record == record]
            if group:
                self._heading(heading)
            for hit in group:
                item = QListWidgetItem(f"{hit.title}    {hit.subtitle}", self.hits)
                item.setData(HIT, hit)
        if not found:
            self._heading("没有找到。换成姓名、拼音首字母、楼栋房号或电话后四位再试。")
        self._next(-1, 1)
        self._settle()

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(text, self.hits)
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _settle(self) -> None:
        rows = self.hits.count()
        height = min(sum(max(self.hits.sizeHintForRow(at), 36) for at in range(rows)) + 24, 440)
        self.box.setGeometry(0, 0, max(self.width(), 460), height)
        self.box.move(self.mapTo(self.box.parentWidget(), QPoint(0, self.height() + 6)))
        self.box.show()
        self.box.raise_()

    def _next(self, start: int, step: int) -> None:
        at = start + step
        while 0 <= at < self.hits.count():
            if self.hits.item(at).data(HIT):
                self.hits.setCurrentRow(at)
                return
            at += step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.box.isVisible() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._next(self.hits.currentRow(), 1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.hits.currentItem() if self.box.isVisible() else None)
        elif key == Qt.Key.Key_Escape:
            self.clear()
            self.box.hide()
        else:
            super().keyPressEvent(event)

    def _open(self, item: QListWidgetItem | None) -> None:
        hit = item.data(HIT) if item else None
        if hit is None:
            self._rest.stop()
            self._look()
            return
        self.box.hide()
        self.clear()
        self.seat.go(hit.record, row_id=hit.id)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.box.hide()
