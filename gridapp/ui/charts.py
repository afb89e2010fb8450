"""Charts painted by hand in the house's colours: bars with their names at the side, or months side by side; every bar says its number."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QImageWriter, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

if TYPE_CHECKING:
    from gridapp.desk.reports import Chart, Figure

SMALLEST, GAP, ROUND, THICKEST = 11.0, 6.0, 3.0, 26.0
MONTHS_HIGH = 7  # lines of type
ONE_LINE = Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class Ink:
    """What a chart is drawn in: type, the series in turn, the month that runs last."""

    text: QColor
    soft: QColor
    series: tuple[QColor, QColor]
    last: QColor


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a figure stands on a chart."""

    place: QRectF
    label: str
    figure: Figure


def ink(palette: QPalette) -> Ink:
    """The window's colours for a chart: quiet greys, the accent for the month that runs last."""
    soft, edge = palette.placeholderText().color(), palette.dark().color()
    return Ink(palette.text().color(), soft, (_between(soft, edge), edge), palette.accent().color())


def _between(one: QColor, other: QColor) -> QColor:
    return QColor((one.red() + other.red()) // 2, (one.green() + other.green()) // 2, (one.blue() + other.blue()) // 2)


def height(chart: Chart, metrics: QFontMetricsF) -> float:
    """How high a chart wants to be."""
    line = metrics.height()
    if chart.sort == "bars":
        return len(chart.points) * (line + GAP) + 4
    return line * (MONTHS_HIGH + (1 if len(chart.series) > 1 else 0))


def bars(chart: Chart, room: QRectF, metrics: QFontMetricsF) -> Iterator[tuple[Bar, int]]:
    """Every bar with its series."""
    most = max((figure.value or 0 for point in chart.points for figure in point.figures), default=0) or 1
    yield from (_sideways if chart.sort == "bars" else _upright)(chart, room, metrics, most)


def _sideways(chart: Chart, room: QRectF, metrics: QFontMetricsF, most: float) -> Iterator[tuple[Bar, int]]:
    names = max(metrics.horizontalAdvance(point.label) for point in chart.points) + 10
    told = max(metrics.horizontalAdvance(figure.text) for point in chart.points for figure in point.figures) + 10
    step, wide = room.height() / len(chart.points), max(room.width() - names - told, 10)
    for at, point in enumerate(chart.points):
        thick = min(step - GAP, THICKEST)
        top = room.top() + at * step + (step - thick) / 2
        yield Bar(QRectF(room.left() + names, top, max(wide * (point.figures[0].value or 0) / most, 2), thick), point.label, point.figures[0]), 0


def _upright(chart: Chart, room: QRectF, metrics: QFontMetricsF, most: float) -> Iterator[tuple[Bar, int]]:
    line, many = metrics.height(), len(chart.series)
    bottom = room.bottom() - line - 4
    high, step = bottom - room.top() - line - (line + 4 if many > 1 else 0), room.width() / len(chart.points)
    thick = min(step * 0.7 / many, THICKEST * 1.6)
    for at, point in enumerate(chart.points):
        left = room.left() + at * step + (step - thick * many) / 2
        for series, figure in enumerate(point.figures):
            tall = max(high * (figure.value or 0) / most, 2)
            yield Bar(QRectF(left + series * thick + 1, bottom - tall, thick - 2, tall), point.label, figure), series


def paint(painter: QPainter, chart: Chart, room: QRectF, colours: Ink) -> None:
    """Draw it into a room."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    metrics = QFontMetricsF(painter.font())
    for bar, series in bars(chart, room, metrics):
        is_last = chart.sort == "months" and len(chart.series) == 1 and bar.label == chart.points[-1].label
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(colours.last if is_last else colours.series[series]))
        painter.drawRoundedRect(bar.place, ROUND, ROUND)
        _say(painter, chart, bar, room, metrics, colours)
    if len(chart.series) > 1:
        _legend(painter, chart, room, metrics, colours)


def _say(painter: QPainter, chart: Chart, bar: Bar, room: QRectF, metrics: QFontMetricsF, colours: Ink) -> None:
    line, said = metrics.height(), bar.figure.text
    painter.setPen(colours.text)
    middle = bar.place.center()
    if chart.sort == "bars":
        painter.drawText(QPointF(bar.place.right() + 6, middle.y() + line / 2 - metrics.descent()), said)
        painter.setPen(colours.soft)
        names = QRectF(room.left(), middle.y() - line, bar.place.left() - room.left() - 8, 2 * line)
        painter.drawText(names, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | ONE_LINE, bar.label)
        return
    painter.drawText(QPointF(middle.x() - metrics.horizontalAdvance(said) / 2, bar.place.top() - 4), said)
    if bar.figure is chart.points[[point.label for point in chart.points].index(bar.label)].figures[0]:
        painter.setPen(colours.soft)
        step = room.width() / len(chart.points)
        centre = middle.x() + bar.place.width() / 2 * (len(chart.series) - 1)
        under = QRectF(centre - step / 2, room.bottom() - line, step, line)
        painter.drawText(under, Qt.AlignmentFlag.AlignCenter | ONE_LINE, bar.label)


def _legend(painter: QPainter, chart: Chart, room: QRectF, metrics: QFontMetricsF, colours: Ink) -> None:
    left, line = room.left(), metrics.height()
    for name, colour in zip(chart.series, colours.series, strict=False):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(colour))
        painter.drawRoundedRect(QRectF(left, room.top() + line * 0.2, line * 0.6, line * 0.6), ROUND, ROUND)
        painter.setPen(colours.soft)
        painter.drawText(QPointF(left + line * 0.6 + 6, room.top() + metrics.ascent()), name)
        left += line * 0.6 + 6 + metrics.horizontalAdvance(name) + 18


def picture(chart: Chart, font: QFont, colours: Ink, width: int, fine: float) -> tuple[str, float]:
    """The chart as an image for paper: a data address for <img>, and its height to its width. width in the font's pixels; fine: dots to each."""
    high = height(chart, QFontMetricsF(font)) + 6
    image = QImage(QSize(round(width * fine), round(high * fine)), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    painter.scale(fine, fine)
    paint(painter, chart, QRectF(2, 3, width - 4, high - 6), colours)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return "data:image/png;base64," + held.toBase64().toStdString(), image.height() / image.width()


class ChartView(QWidget):
    """A chart in the window. asked: a bar was clicked, with its figure and label."""

    asked = Signal(object, str)

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self.chart = chart
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        told = "，".join(f"{point.label} {'/'.join(figure.text for figure in point.figures)} {chart.unit}" for point in chart.points)
        self.setAccessibleName(f"{chart.title}：{told}")
        self._fit()

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(font.pointSizeF() - 2, SMALLEST))
        return font

    def _fit(self) -> None:
        self.setFixedHeight(round(height(self.chart, QFontMetricsF(self._font()))) + 4)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        paint(painter, self.chart, QRectF(self.rect()).adjusted(2, 2, -2, -2), ink(QApplication.palette()))

    def at(self, place: QPointF) -> Bar | None:
        """The bar under a place, its whole strip counted."""
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        sideways = self.chart.sort == "bars"
        test: Callable[[QRectF], bool] = (
            (lambda each: each.top() <= place.y() <= each.bottom()) if sideways else (lambda each: each.left() <= place.x() <= each.right())
        )
        return next((bar for bar, _ in bars(self.chart, room, QFontMetricsF(self._font())) if test(bar.place)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        bar = self.at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if bar and bar.figure.rows else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(event.globalPosition().toPoint(), f"{bar.label} {bar.figure.text} {self.chart.unit}" if bar else "", self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        bar = self.at(event.position())
        if bar and bar.figure.rows and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(bar.figure, bar.label)
