"""A plain table of text for what is not a record: preview rows, faults, logs, bundles. Rows can be copied; Ctrl+C gives what Excel pastes."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gridapp.ui.table import ALIGN, EMPTY, LATE, LEFT, READ_ALOUD, RIGHT, SHOWN, TIP, Cells, Index
from gridapp.ui.widgets import shortcut

ROW_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its width in px (0 takes the room that is left), and whether its cells stand at the right."""

    text: str
    width: int = 0
    right: bool = False


class CellsModel(QAbstractTableModel):
    """Rows of text. marks: {(row, column)} in the accent colour."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        super().__init__()
        self.headings = tuple(headings)
        self.rows: list[tuple[str, ...]] = []
        self.marks: set[tuple[int, int]] = set()

    def put(self, rows: Sequence[Sequence[str]], marks: set[tuple[int, int]] | None = None) -> None:
        """Show these rows in place of the old ones."""
        self.beginResetModel()
        self.rows = [tuple(each) for each in rows]
        self.marks = marks or set()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = SHOWN) -> Any:
        row, column = index.row(), index.column()
        if role in (SHOWN, READ_ALOUD):
            return self.rows[row][column].replace("\n", " ") or EMPTY
        if role == TIP:
            return self.rows[row][column] if len(self.rows[row][column]) > 12 else None
        if role == LATE:
            return (row, column) in self.marks
        if role == ALIGN:
            return RIGHT if self.headings[column].right else LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = SHOWN) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == ALIGN:
            return RIGHT if self.headings[section].right else LEFT
        return self.headings[section].text if role == SHOWN else None

    def text(self, rows: Sequence[int] | None = None) -> str:
        """Tab-separated text of the rows (all without), headings first."""
        chosen = self.rows if rows is None else [self.rows[number] for number in rows]
        lines = [[each.text for each in self.headings], *chosen]
        return "\n".join("\t".join(cell.replace("\n", " ") for cell in line) for line in lines)


class CellsTable(QTableView):
    """The view of a CellsModel."""

    def __init__(self, name: str, *headings: Heading) -> None:
        super().__init__()
        self.cells = CellsModel(headings)
        self.setModel(self.cells)
        self.setItemDelegate(Cells(self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._widths(headings)
        shortcut(QKeySequence(QKeySequence.StandardKey.Copy).toString(), self, self.copy)

    def _widths(self, headings: Sequence[Heading]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(56)
        for at, each in enumerate(headings):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive if each.width else QHeaderView.ResizeMode.Stretch)
            if each.width:
                self.setColumnWidth(at, each.width)

    def put(self, rows: Sequence[Sequence[str]], marks: set[tuple[int, int]] | None = None) -> None:
        """Show these rows in place of the old ones."""
        self.cells.put(rows, marks)

    def chosen(self) -> list[int]:
        """The row numbers selected, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def copy(self) -> None:
        """The selected rows (all when none is) to the clipboard."""
        QGuiApplication.clipboard().setText(self.cells.text(self.chosen() or None))

    def sizeHint(self) -> QSize:
        return QSize(600, 56 + ROW_HEIGHT * max(3, min(len(self.cells.rows), 8)))
