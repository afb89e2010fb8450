"""The top of a sheet as it stands in the workbook, with what each row was taken for: a heading, data, or skipped."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem

from gridapp.ledgers.marks import letters
from gridapp.ui.cells import CellsModel, CellsTable, Heading
from gridapp.ui.intake_words import ROW_KINDS
from gridapp.ui.table import LEFT, SHOWN, Index

PAD, KIND = 10, 257
WIDEST = 40


def _taken_for(kind: str, cells: tuple[str, ...]) -> str:
    return ROW_KINDS.get(kind) or ("不导入" if any(cells) else "")


class RawModel(CellsModel):
    """Cells of a sheet. The first column says what the row is; headings are Excel's letters, row names Excel's numbers."""

    def __init__(self) -> None:
        super().__init__([])
        self.kinds: list[str] = []

    def show_sheet(self, sheet: Any) -> None:
        """Put a PreviewSheet's grid in."""
        width = min(max((len(row) for row in sheet.grid), default=0), WIDEST)
        self.beginResetModel()
        self.headings = (Heading("识别为"), *(Heading(letters(at)) for at in range(width)))
        self.kinds = [sheet.row_kinds.get(at + 1, "") for at in range(len(sheet.grid))]
        padded = [(*row, *[""] * width)[:width] for row in sheet.grid]
        self.rows = [(_taken_for(kind, cells), *cells) for kind, cells in zip(self.kinds, padded, strict=True)]
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:
        if role == SHOWN:
            return self.rows[index.row()][index.column()].replace("\n", " ")
        return self.kinds[index.row()] if role == KIND else super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = SHOWN) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == SHOWN else None
        return super().headerData(section, orientation, role)


class RawCells(QStyledItemDelegate):
    """Headings bold on a tinted ground, skipped rows in the secondary colour."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette, rect, kind = QApplication.palette(), option.rect, index.data(KIND)  # type: ignore[attr-defined]
        painter.save()
        if kind == "header":
            painter.fillRect(rect, palette.highlight())
            font = painter.font()
            font.setBold(True)
            painter.setFont(font)
        painter.setPen((palette.text() if kind in ("header", "data") else palette.placeholderText()).color())
        room = rect.adjusted(PAD, 0, -PAD, 0)
        painter.drawText(room, LEFT, painter.fontMetrics().elidedText(index.data(SHOWN), Qt.TextElideMode.ElideRight, room.width()))
        painter.restore()


class RawTable(CellsTable):
    """The view of a RawModel."""

    def __init__(self) -> None:
        super().__init__("原表前 30 行")
        self.raw = RawModel()
        self.cells = self.raw
        self.setModel(self.raw)
        self.setItemDelegate(RawCells(self))
        self.setShowGrid(True)
        self.verticalHeader().show()
        self.verticalHeader().setMinimumWidth(44)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_sheet(self, sheet: Any) -> None:
        """Show a PreviewSheet, columns as wide as their contents, at most 260 px."""
        self.raw.show_sheet(sheet)
        for at in range(self.raw.columnCount(QModelIndex())):
            self.setColumnWidth(at, min(max(self.sizeHintForColumn(at) + 2 * PAD, 80), 260))
