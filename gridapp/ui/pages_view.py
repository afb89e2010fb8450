"""Pages as they will leave the printer, one under the other, as wide as there is room."""
from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QWidget

from gridapp.ui.printing import Pages

GAP, EDGE = 16, 10
WIDEST, LARGE = 900, 1500  # pixels: the width of a page at most, and when it is looked at closely
MOST_KEPT = 24  # painted pages kept at hand


class PagesView(QWidget):
    """Paints the pages that are in sight. show_pages(None) empties it."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: Pages | None = None
        self._kept: dict[int, QPixmap] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_pages(self, pages: Pages | None) -> None:
        """Take new pages."""
        self.pages = pages
        self._kept.clear()
        self.setAccessibleName(f"预览：{pages.paper.title}，共 {len(pages)} 页" if pages else "预览")
        self._fit()
        self.update()

    def enlarge(self, on: bool) -> None:
        """Look closely, or at whole pages again."""
        self.setMinimumWidth(LARGE if on else 0)
        self._kept.clear()
        self._fit()
        self.update()

    def places(self) -> list[QRectF]:
        """Where each page stands."""
        found: list[QRectF] = []
        top = float(EDGE)
        for at in range(len(self.pages or ())):
            assert self.pages is not None
            size = self.pages.size(at)
            width = min(self.width() - 2 * EDGE, max(WIDEST, self.minimumWidth()))
            height = width * size.height() / size.width()
            found.append(QRectF((self.width() - width) / 2, top, width, height))
            top += height + GAP
        return found

    def _fit(self) -> None:
        places = self.places()
        self.setFixedHeight(round(places[-1].bottom() + EDGE) if places else 10)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(600, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._kept.clear()
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for at, place in enumerate(self.places()):
            if place.intersects(QRectF(event.rect())):
                painter.drawPixmap(place.topLeft(), self._page(at, place))
                painter.setPen(QApplication.palette().dark().color())
                painter.drawRect(place)

    def _page(self, at: int, place: QRectF) -> QPixmap:
        if at not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[at] = self._painted(at, place)
        return self._kept[at]

    def _painted(self, at: int, place: QRectF) -> QPixmap:
        assert self.pages is not None
        sharp = self.devicePixelRatioF()
        made = QPixmap(round(place.width() * sharp), round(place.height() * sharp))
        made.setDevicePixelRatio(sharp)
        made.fill(QColor(Qt.GlobalColor.white))
        painter = QPainter(made)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scale = place.width() / self.pages.size(at).width()
        painter.scale(scale, scale)
        self.pages.paint(painter, at)
        painter.end()
        return made


def scrolled(view: PagesView) -> QScrollArea:
    """The view with a scroll bar; the keyboard scrolls it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setWidget(view)
    area.viewport().setAutoFillBackground(False)
    view.setAutoFillBackground(False)
    return area
