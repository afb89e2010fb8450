"""Sheets on pages: HTML laid out once at a fixed fineness, so that the preview, the PDF and the printer show the same lines at the same places."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QCoreApplication, QEventLoop, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
    QTextOption,
)

from gridapp.rules.reading import Trouble
from gridapp.ui import theme
from gridapp.ui.pdf_mending import mended
from gridapp.ui.row_pages import spans

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from gridapp.desk.paper import Paper, Sheet

FINE = 300  # dots to the inch, in which everything here is laid out and painted
MM = FINE / 25.4
A4 = (210.0, 297.0)
SIDE, TOP, BOTTOM = 13.0, 12.0, 15.0  # margins in millimetres; the foot stands in the lower one
POINTS, FOOT_POINTS, MARK_POINTS = 10.5, 8.5, 15.0
FOOT = "第 {} 页，共 {} 页"
MARK_GREY = "#DCDCDC"  # light enough to read through on a cheap printer, dark enough to survive a copier
ENDLESS = 1e6  # a page on which every row finds room, to measure them
Step = Callable[[int, int], None]


class Laid:
    """One sheet laid out: the size of its paper and of its text in dots, and each page as (document, page of it)."""

    def __init__(self, sheet: Sheet, font: QFont, grain: QImage, step: Step) -> None:
        width, height = (side * MM for side in (A4[::-1] if sheet.landscape else A4))
        self.sheet, self.size = sheet, QSizeF(width, height)
        self.text = QRectF(SIDE * MM, TOP * MM, width - 2 * SIDE * MM, height - (TOP + BOTTOM) * MM)

        def draw(first: int, last: int) -> QTextDocument:
            return _document(sheet.draw(first, last), font, grain, QSizeF(self.text.width(), ENDLESS))

        parts = spans(draw, sheet.rows, self.text.height(), step) if sheet.rows else [(0, 0)]
        self.documents = [_document(sheet.draw(first, last), font, grain, self.text.size()) for first, last in parts]
        self.pages = [(document, page) for document in self.documents for page in range(document.pageCount())]


class Pages:
    """A paper on its pages. May be made on another thread; hand_over() before the window paints it."""

    def __init__(self, paper: Paper, step: Step = lambda done, total: None) -> None:
        QEventLoop()  # gives a lane's thread the timers that a document starts and never needs
        self.paper = paper
        self.font = QFont(theme.family())
        self.font.setPointSizeF(POINTS)
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._grain = QImage(1, 1, QImage.Format.Format_RGB32)
        self._grain.setDotsPerMeterX(round(FINE / 0.0254))
        self._grain.setDotsPerMeterY(round(FINE / 0.0254))
        laid = []
        for at, sheet in enumerate(paper.sheets):
            step(at, len(paper.sheets))
            laid.append(Laid(sheet, self.font, self._grain, step))
        self._places = [(each, page) for each in laid for page in range(len(each.pages))]

    def __len__(self) -> int:
        return len(self._places)

    def size(self, at: int) -> QSizeF:
        """A page's size in dots."""
        return self._places[at][0].size

    def hand_over(self) -> Pages:
        """Give the documents to the window's thread."""
        if app := QCoreApplication.instance():
            for document in {id(each): each for laid, _ in self._places for each in laid.documents}.values():
                document.moveToThread(app.thread())
        return self

    def letters(self) -> str:
        """Every letter that stands on the pages, once."""
        said = (document.toPlainText() for laid, page in self._places if page == 0 for document in laid.documents)
        numbers = (laid.sheet.number for laid, _ in self._places)
        return "".join(sorted(set("".join((*said, *numbers, self.paper.mark, self.paper.foot, FOOT.format(0, 123456789))))))

    def paint(self, painter: QPainter, at: int) -> None:
        """One page, from its paper's upper left corner, in dots: the mark, the text, the foot."""
        laid, page = self._places[at]
        self._paint_mark(painter, laid.size)
        painter.save()
        document, part = laid.pages[page]
        painter.translate(laid.text.left(), laid.text.top() - part * laid.text.height())
        document.drawContents(painter, QRectF(0, part * laid.text.height(), laid.text.width() + 2, laid.text.height() + 2))
        painter.restore()
        self._paint_foot(painter, laid, page)

    def _paint_mark(self, painter: QPainter, size: QSizeF) -> None:
        if not self.paper.mark:
            return
        painter.save()
        painter.setFont(self._sized(MARK_POINTS))
        painter.setPen(QColor(MARK_GREY))
        for part in (0.22, 0.5, 0.78):
            painter.save()
            painter.translate(size.width() / 2, size.height() * part)
            painter.rotate(-18)
            painter.drawText(QRectF(-size.width(), -50 * MM, 2 * size.width(), 100 * MM), Qt.AlignmentFlag.AlignCenter, self.paper.mark)
            painter.restore()
        painter.restore()

    def _paint_foot(self, painter: QPainter, laid: Laid, page: int) -> None:
        line = QRectF(laid.text.left(), laid.size.height() - 12 * MM, laid.text.width(), 6 * MM)
        painter.save()
        painter.setFont(self._sized(FOOT_POINTS))
        painter.setPen(Qt.GlobalColor.black)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, self.paper.foot)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignHCenter, FOOT.format(page + 1, len(laid.pages)))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, laid.sheet.number)
        painter.restore()

    def _sized(self, points: float) -> QFont:
        font = QFont(self.font)
        font.setPixelSize(round(points / 72 * FINE))
        return font


def _document(html: str, font: QFont, grain: QImage, size: QSizeF) -> QTextDocument:
    document = QTextDocument()
    document.documentLayout().setPaintDevice(grain)
    document.setDefaultFont(font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    document.setDocumentMargin(0)
    document.setPageSize(size)
    document.setHtml(html)
    return document


def page_layout(size: QSizeF) -> QPageLayout:
    """A4 upright or on its side, to the paper's edges: the margins are ours."""
    way = QPageLayout.Orientation.Landscape if size.width() > size.height() else QPageLayout.Orientation.Portrait
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, QMarginsF(0, 0, 0, 0))


def pdf(pages: Pages) -> bytes:
    """The pages as a PDF with its fonts inside; made in memory, so that no half of it lies anywhere."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(FINE)
    writer.setTitle(pages.paper.title)
    writer.setCreator("gridapp")
    _paint_all(pages, writer)
    return mended(bytes(held.data().data()), pages.font, pages.letters())


def write_pdf(paper: Paper, out: Path, step: Step = lambda done, total: None) -> int:
    """Lay a paper out and write it as a PDF, whole or not at all; gives the number of pages. Raises Trouble when the place will not take it."""
    from gridapp.desk.paper import land

    if out.suffix.lower() != ".pdf":
        raise Trouble(f"PDF 只写成 .pdf 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 .pdf 再存。", "not_pdf")
    pages = Pages(paper, step)
    land(pdf(pages), out)
    return len(pages)


def print_on(pages: Pages, printer: QPrinter) -> None:
    """Send the pages to a printer (only those its dialog asked for)."""
    printer.setFullPage(True)
    printer.setDocName(pages.paper.title)
    _paint_all(pages, printer, printer.fromPage(), printer.toPage())


def _paint_all(pages: Pages, device: QPdfWriter | QPrinter, first: int = 0, last: int = 0) -> None:
    wanted = range(max(first, 1) - 1, min(last or len(pages), len(pages)))
    painter = QPainter()
    for at in wanted:
        device.setPageLayout(page_layout(pages.size(at)))
        if at == wanted[0]:
            painter.begin(device)
        else:
            device.newPage()
        painter.save()
        painter.scale(device.logicalDpiX() / FINE, device.logicalDpiY() / FINE)
        pages.paint(painter, at)
        painter.restore()
    painter.end()


