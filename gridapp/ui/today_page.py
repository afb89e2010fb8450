"""今日: what to do first, the month in figures, birthdays of this month."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Line, button, card, clear, column, empty, holding, label, row, rule, scroll, tag

MOST_NAMES = 6
NARROW = 42  # letters; below, the two columns stand one above the other


class Bars(QWidget):
    """Visits a month: one bar a month, its value above it; the month that runs in the accent."""

    def __init__(self, values: list[tuple[str, int]]) -> None:
        super().__init__()
        self.values = values
        self.setMinimumHeight(self.fontMetrics().height() * 2 + 78)
        self.setAccessibleName("近六个月走访次数：" + "，".join(f"{month} {count} 次" for month, count in values))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), QApplication.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() - 3, 11))
        painter.setFont(font)
        line = painter.fontMetrics().height()
        step, most = self.width() / max(len(self.values), 1), max((count for _, count in self.values), default=0) or 1
        for at, (month, count) in enumerate(self.values):
            height = max((self.height() - 2 * line - 10) * count / most, 2)
            bar = QRectF(at * step + step * 0.24, self.height() - line - 4 - height, step * 0.52, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.accent() if at == len(self.values) - 1 else palette.mid())
            painter.drawRoundedRect(bar, 4, 4)
            painter.setPen(palette.placeholderText().color())
            painter.drawText(QRectF(at * step, bar.top() - line - 2, step, line), Qt.AlignmentFlag.AlignCenter, str(count))
            painter.drawText(QRectF(at * step, self.height() - line, step, line), Qt.AlignmentFlag.AlignCenter, month)


class TodayPage(QWidget):
    """The first page."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.headline = label("", "sub")
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 18, 10, 8)
        page.setSpacing(14)
        page.addLayout(row(label("今日", "title"), self.headline, None))
        self._body = QHBoxLayout()
        self._body.setContentsMargins(0, 0, 14, 10)
        self._body.setSpacing(16)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for side in (self._left, self._right):
            side.setSpacing(14)
        self._body.addLayout(self._left, 3)
        self._body.addLayout(self._right, 2)
        holder = QWidget()
        holder.setLayout(self._body)
        page.addWidget(scroll(holder), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < self.fontMetrics().horizontalAdvance("一") * NARROW
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def refresh(self) -> None:
        """Ask the desk again."""
        self.seat.ask(lambda: desk.today(self.seat.desk), self.show_today, key="today")

    def show_today(self, today: Any) -> None:
        """Lay the day out."""
        self.headline.setText(today.headline)
        clear(self._left)
        clear(self._right)
        if today.news:
            self._left.addWidget(self._news(today.news))
        self._left.addWidget(self._tasks(today.tasks, today.total))
        self._left.addStretch()
        self._right.addWidget(_tiles(today.tiles))
        if any(count for _, count in today.months):
            self._right.addWidget(card(row(label("走访"), None, label("近六个月", "sub")), Bars(today.months)))
        for title, lines in (("本月政治生日", today.political), ("本月生日", today.birthdays)):
            if lines:
                self._right.addWidget(_names(title, lines))
        self._right.addStretch(1)

    def _news(self, count: int) -> QFrame:
        words = column(label(f"上级下发：{count} 条新的"), label("通知、规则、派来的事项和改过的记录，看一下再办。", "sub", wrap=True), gap=1)
        box = row(words, button("去看", "link", lambda: self.seat.go("news", view="above"), name="去看上级下发"))
        box.setStretch(0, 1)
        return card(holding(box))

    def _tasks(self, tasks: list[Any], total: int) -> QFrame:
        if not tasks:
            return card(
                empty(
                    "现在没有到期的事",
                    "重点对象的走访、服务事项的时限和党员转正到期时，会排在这里。",
                    button("导入台账", "plain", lambda: self.seat.go("intake")),
                    button("＋ 记走访", "plain", lambda: self.seat.go("visit_entry")),
                )
            )
        more = f"，先列最急的 {len(tasks)} 件" if total > len(tasks) else ""
        box = column(label(f"要做的 {total} 件{more}"), gap=0)
        for at, task in enumerate(tasks):
            if at:
                box.addWidget(rule())
            box.addWidget(self._task(task))
        return card(box)

    def _task(self, task: Any) -> QWidget:
        go = button("去办", "link", lambda: self.seat.go(task.record, row_id=task.row_id), name=f"去办：{task.title}")
        words = column(Line(task.title), Line(task.where, "sub"), gap=1)
        box = row(words, tag(task.when, task.tone), go)
        box.setStretch(0, 1)
        made = holding(box)
        box.setContentsMargins(0, 9, 0, 9)
        return made


def _tiles(tiles: list[tuple[str, str]]) -> QWidget:
    grid = QGridLayout()
    grid.setSpacing(14)
    for at, (figure, caption) in enumerate(tiles):
        tile = card(label(figure, "figure"), label(caption, "sub", wrap=True), None, gap=0)
        tile.setAccessibleName(f"{caption}：{figure}")
        grid.addWidget(tile, at // 2, at % 2)
    for column_ in (0, 1):
        grid.setColumnStretch(column_, 1)
    made = holding(grid)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return made


def _names(title: str, lines: list[str]) -> QFrame:
    shown = [label(line, "sub", wrap=True) for line in lines[:MOST_NAMES]]
    more = [label(f"还有 {len(lines) - MOST_NAMES} 位，见“党员”页。", "sub")] if len(lines) > MOST_NAMES else []
    return card(label(title), *shown, *more, gap=2)
