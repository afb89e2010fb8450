"""A report on the screen: its measures down the side, its lines across, the total first; any number opens the rows it counts."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gridapp.ui.table import ALIGN, LATE, READ_ALOUD, RIGHT, SHOWN, TIP, Cells

if TYPE_CHECKING:
    from gridapp.desk.reports import Figure, Line, Measure, Report

Index = QModelIndex | QPersistentModelIndex
FIRST = ("total", "before", "change")
ROW, NARROW, AIR = 38, 84, 34


class FigureModel(QAbstractTableModel):
    """Measures by lines."""

    def __init__(self) -> None:
        super().__init__()
        self.measures: tuple[Measure, ...] = ()
        self.lines: list[Line] = []

    def show_report(self, report: Report) -> None:
        """Take a report in place of the one before."""
        self.beginResetModel()
        self.measures = report.measures
        named = [line for role in FIRST for line in report.lines if line.role == role]
        self.lines = named + [line for line in report.lines if line.role not in FIRST]
        self.endResetModel()

    def figure(self, index: Index) -> Figure:
        """What stands in a cell."""
        return self.lines[index.column()].figures[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.measures)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = 0) -> Any:
        if role == SHOWN:
            return self.figure(index).text
        if role == ALIGN:
            return RIGHT
        if role == LATE:
            return False
        if role == READ_ALOUD:
            return f"{self.lines[index.column()].name} {self.measures[index.row()].title} {self.figure(index).text}"
        if role == TIP:
            count = len(self.figure(index).rows)
            return f"点开看这 {count:,} 条" if count else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if section >= (len(self.lines) if across else len(self.measures)):
            return None
        if role == SHOWN:
            return self.lines[section].name if across else self.measures[section].title
        if role == TIP and not across:
            return self.measures[section].says or None
        return RIGHT if role == ALIGN and across else None


class FigureTable(QTableView):
    """One number chosen at a time. asked: it was clicked, or Enter pressed on it; with what it counts."""

    asked = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.figures = FigureModel()
        self.setModel(self.figures)
        self.setItemDelegate(Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(self._open)

    def show_report(self, report: Report) -> None:
        """Take a report; columns as wide as what stands in them."""
        self.figures.show_report(report)
        letters = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(max(ROW, letters.height() + 14))
        self.verticalHeader().setFixedWidth(max(letters.horizontalAdvance(each.title) for each in report.measures) + AIR)
        self._spread()

    def whole_height(self) -> int:
        """How high it is with every row in sight."""
        rows = self.figures.rowCount() * self.verticalHeader().defaultSectionSize()
        return rows + self.horizontalHeader().sizeHint().height() + self.horizontalScrollBar().sizeHint().height() + 8

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """Columns as wide as what stands in them, and what room is left shared out."""
        letters, small = self.fontMetrics(), self.horizontalHeader().fontMetrics()
        wants = [
            max(NARROW, small.horizontalAdvance(line.name) + AIR, *(letters.horizontalAdvance(figure.text) + AIR for figure in line.figures))
            for line in self.figures.lines
        ]
        spare = max(self.viewport().width() - sum(wants), 0) // max(len(wants), 1)
        for at, want in enumerate(wants):
            self.setColumnWidth(at, want + min(spare, NARROW))

    def _open(self, index: Index) -> None:
        figure = self.figures.figure(index)
        if figure.rows:
            line, measure = self.figures.lines[index.column()], self.figures.measures[index.row()]
            self.asked.emit(figure, " · ".join(filter(None, ("" if line.role == "total" else line.name, measure.title))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(QPoint(round(event.position().x()), round(event.position().y())))
        opens = index.isValid() and bool(self.figures.figure(index).rows)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
