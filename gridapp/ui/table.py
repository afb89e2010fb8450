"""The table of a record's page: a Qt model over a desk Listing, a delegate that only paints, remembered widths, the keyboard."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QByteArray, QModelIndex, QPersistentModelIndex, QRect, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

if TYPE_CHECKING:
    from gridapp.desk import Listing

Index = QModelIndex | QPersistentModelIndex
ROW, PAD, EMPTY = 44, 12, "--"
AIRY, TIGHT = 38, 26  # pixels beside a heading: with room for the mark of sorting, and without
LONG, SHORTEST = 220, 150  # pixels: what counts as a column of long text, and how far it gives way
# Plain ints: comparing PySide's enums costs twice the whole rest of data() (performance.md A8).
SHOWN, TIP, ALIGN, READ_ALOUD, LATE = 0, 3, 7, 11, 256
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class ListingModel(QAbstractTableModel):
    """Rows of display text; sorts by the rows' own sort keys, blanks always last."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []
        self._given: list[Any] = []
        self.heads: tuple[Any, ...] = ()
        self.sorted_by = (-1, False)
        self._aligned: tuple[int, ...] = ()

    def show_listing(self, listing: Listing) -> None:
        """Take a listing in place of the one before, in the order chosen last."""
        self.beginResetModel()
        self.rows = self._given = list(listing.rows)
        self.heads = tuple(listing.columns)
        self._aligned = tuple(RIGHT if each.right else LEFT for each in self.heads)
        self._order()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = 0) -> Any:
        if role in (SHOWN, READ_ALOUD):
            return self.rows[index.row()].cells[index.column()] or EMPTY
        if role == LATE:
            return index.column() in self.rows[index.row()].late
        if role == ALIGN:
            return self._aligned[index.column()]
        if role == TIP:
            text = self.rows[index.row()].cells[index.column()]
            return text if len(text) > 8 else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.heads):
            return None
        if role == SHOWN:
            mark = ("" if self.sorted_by[0] != section else " ↓" if self.sorted_by[1] else " ↑")
            return self.heads[section].heading + mark
        return self._aligned[section] if role == ALIGN else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; -1 keeps the desk's own order."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self.rows[index.row()].id for index in before]
        self.sorted_by = (column, order == Qt.SortOrder.DescendingOrder)
        self._order()
        places = {row.id: at for at, row in enumerate(self.rows)}
        self.changePersistentIndexList(before, [self.index(places[key], index.column()) for key, index in zip(ids, before, strict=True)])
        self.layoutChanged.emit()

    def _order(self) -> None:
        column, falling = self.sorted_by
        self.rows = self._given
        if not 0 <= column < len(self.heads):
            return
        filled = [row for row in self.rows if row.cells[column]]
        blank = [row for row in self.rows if not row.cells[column]]
        filled.sort(key=lambda row: _key(row.sort[column]), reverse=falling)
        self.rows = filled + blank

    def row_of(self, row_id: str) -> int:
        """Where a row stands, -1 when it is not here."""
        return next((at for at, row in enumerate(self.rows) if row.id == row_id), -1)


def _key(value: Any) -> tuple[int, Any]:
    return (0, value) if isinstance(value, int) else (1, value) if isinstance(value, str) else (2, str(value) if value is None else value)


def _squeezed(widths: list[int], room: int) -> list[int]:
    """Take what is missing from the columns of long text (wider than LONG), down to SHORTEST; the others stay whole."""
    for at in sorted(range(len(widths)), key=lambda at: -widths[at]):
        if widths[at] > LONG and sum(widths) > room:
            widths[at] = max(SHORTEST, widths[at] - (sum(widths) - room))
    return widths


class Cells(QStyledItemDelegate):
    """Paints a cell and nothing else: ground, text, the line beneath; late cells in the accent."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette, rect = QApplication.palette(), option.rect  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if chosen:
            painter.fillRect(rect, palette.highlight())
            if index.column() == 0 and option.state & QStyle.StateFlag.State_Active:  # type: ignore[attr-defined]
                painter.fillRect(QRect(rect.left(), rect.top(), 4, rect.height()), palette.accent())
        elif index.row() % 2:
            painter.fillRect(rect, palette.alternateBase())
        painter.setPen(palette.mid().color())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        text = index.data(SHOWN)
        pen = palette.accent() if index.data(LATE) else palette.placeholderText() if text == EMPTY else palette.text()
        painter.setPen(QPen(pen.color()))
        room = rect.adjusted(PAD, 0, -PAD, 0)
        cut = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())  # type: ignore[attr-defined]
        painter.drawText(room, index.data(ALIGN), cut)


class Table(QTableView):
    """One row chosen at a time. Enter opens, F2 edits, Delete removes; clicks on headings sort: up, down, as it was."""

    opened = Signal(str)
    picked = Signal(str)
    edit_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, name: str, settings: QSettings) -> None:
        super().__init__()
        self.listing_model = ListingModel()
        self._place, self._settings, self._own_widths = f"columns/{name}", settings, False
        self._spreading = False
        self.setModel(self.listing_model)
        self.setItemDelegate(Cells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        upright, heads = self.verticalHeader(), self.horizontalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setHighlightSections(False)
        heads.setSectionsMovable(True)
        heads.setMinimumSectionSize(56)
        heads.setSectionsClickable(True)
        heads.sectionClicked.connect(self._sort_next)
        heads.sectionResized.connect(self._remember)
        heads.sectionMoved.connect(self._remember)
        self.selectionModel().currentRowChanged.connect(lambda now, before: self._pick(now))
        self.doubleClicked.connect(lambda index: self.opened.emit(self._id(index)))

    def show_listing(self, listing: Listing, keep: str = "") -> None:
        """Take a listing; the row `keep` stays chosen and in sight where it still is."""
        before = self.verticalScrollBar().value()
        fresh = listing.columns != self.listing_model.heads
        self.verticalHeader().setDefaultSectionSize(max(ROW, self.fontMetrics().height() + 18))
        self.listing_model.show_listing(listing)
        if fresh:
            self._widths()
        self.verticalScrollBar().setValue(before)
        if (at := self.listing_model.row_of(keep)) >= 0:
            self.choose(at)

    def choose(self, at: int) -> None:
        """Choose a row by its place."""
        self.setCurrentIndex(self.listing_model.index(at, 0))

    @property
    def chosen(self) -> str:
        """The id of the chosen row, '' when none is."""
        return self._id(self.currentIndex())

    def _id(self, index: Index) -> str:
        return self.listing_model.rows[index.row()].id if index.isValid() else ""

    def _pick(self, index: Index) -> None:
        if index.isValid():
            self.picked.emit(self._id(index))

    def _sort_next(self, column: int) -> None:
        now, falling = self.listing_model.sorted_by
        if column != now:
            self.listing_model.sort(column)
        elif not falling:
            self.listing_model.sort(column, Qt.SortOrder.DescendingOrder)
        else:
            self.listing_model.sort(-1)

    def _widths(self) -> None:
        kept = self._settings.value(self._place)
        self._own_widths = isinstance(kept, QByteArray) and self._settings.value(f"{self._place}_heads") == self._heads_now
        if self._own_widths:
            self.horizontalHeader().restoreState(kept)
        else:
            self._spread()

    @property
    def _heads_now(self) -> str:
        return "|".join(each.heading for each in self.listing_model.heads)

    def _spread(self) -> None:
        room = self.viewport().width()
        wants = self._wants(AIRY)
        if sum(wants) > room:
            wants = _squeezed(self._wants(TIGHT), room)
        spare = room - sum(wants)
        flexible = sum(want for want, each in zip(wants, self.listing_model.heads, strict=True) if not each.right) or 1
        self._spreading = True
        for at, (want, each) in enumerate(zip(wants, self.listing_model.heads, strict=True)):
            share = 0 if each.right or spare <= 0 else spare * want // flexible
            self.setColumnWidth(at, want + share)
        self._spreading = False

    def _wants(self, air: int) -> list[int]:
        """At least the heading, at least what the first rows hold (up to a limit), whatever the size of type."""
        letters, small = self.fontMetrics(), self.horizontalHeader().fontMetrics()
        first = self.listing_model.rows[:60]
        widths = []
        for at, each in enumerate(self.listing_model.heads):
            longest = max((letters.horizontalAdvance(row.cells[at] or EMPTY) for row in first), default=0)
            widths.append(max(small.horizontalAdvance(each.heading) + air, min(longest, 300) + 2 * PAD + 4))
        return widths

    def _remember(self, *_: object) -> None:
        if self.isVisible() and not self._spreading:
            self._own_widths = True
            self._settings.setValue(self._place, self.horizontalHeader().saveState())
            self._settings.setValue(f"{self._place}_heads", self._heads_now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._own_widths and not self._spreading and self.listing_model.heads:
            self._spread()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, chosen = event.key(), self.chosen
        if chosen and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(chosen)
        elif chosen and key == Qt.Key.Key_F2:
            self.edit_asked.emit(chosen)
        elif chosen and key == Qt.Key.Key_Delete:
            self.remove_asked.emit(chosen)
        else:
            super().keyPressEvent(event)


__all__ = ["Cells", "ListingModel", "Table"]
