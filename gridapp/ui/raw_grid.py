"""The top of a sheet as it stands in the workbook, with what each row was taken for: a heading, data, or skipped."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette

from gridapp.ui.cells import CellsModel, CellsTable, Heading, Index
from gridapp.ui.intake_words import ROW_KINDS, letter

WIDEST = 40


class RawModel(CellsModel):
    """Cells of a sheet. The first column says what the row is; headings are Excel's letters, row names Excel's numbers."""

    def __init__(self) -> None:
        super().__init__([])
        self.kinds: list[str] = []

    def show_sheet(self, sheet: Any) -> None:
        """Put a PreviewSheet's grid in."""
        width = min(max((len(row) for row in sheet.grid), default=0), WIDEST)
        self.beginResetModel()
        self.headings = (Heading("识别为"), *(Heading(letter(at)) for at in range(width)))
        self.kinds = [sheet.row_kinds.get(at + 1, "") for at in range(len(sheet.grid))]
        padded = [(*row, *[""] * width)[:width] for row in sheet.grid]
        self.rows = [(ROW_KINDS.get(kind, ""), *cells) for kind, cells in zip(self.kinds, padded, strict=True)]
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        kind = self.kinds[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows[index.row()][index.column()].replace("\n", " ")
        if role == Qt.ItemDataRole.BackgroundRole and kind == "header":
            return QGuiApplication.palette().color(QPalette.ColorRole.Highlight)
        if role == Qt.ItemDataRole.ForegroundRole and kind not in ("header", "data"):
            return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        if role == Qt.ItemDataRole.FontRole and kind == "header":
            bold = QFont(QGuiApplication.font())
            bold.setBold(True)
            return bold
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        return super().headerData(section, orientation, role)


class RawTable(CellsTable):
    """The view of a RawModel."""

    def __init__(self) -> None:
        super().__init__("原表前 30 行")
        self.raw = RawModel()
        self.cells = self.raw
        self.setModel(self.raw)
        self.setShowGrid(True)
        self.setAlternatingRowColors(False)
        self.verticalHeader().show()
        self.verticalHeader().setMinimumWidth(44)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_sheet(self, sheet: Any) -> None:
        """Show a PreviewSheet, columns as wide as their contents, at most 260 px."""
        self.raw.show_sheet(sheet)
        for at in range(self.raw.columnCount(QModelIndex())):
            self.setColumnWidth(at, min(max(self.sizeHintForColumn(at) + 12, 72), 260))
