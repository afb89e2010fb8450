"""打印: choose whom a sheet is for, fill its blanks, see its pages, then print it or save it as a PDF."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.rules.reading import Trouble
from gridapp.ui import choosing
from gridapp.ui.giving_parts import Written
from gridapp.ui.pages_view import PagesView, scrolled
from gridapp.ui.print_choices import PrintChoices
from gridapp.ui.printing import Pages, print_on, write_pdf
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, empty, ground, holding, label, row, scroll, shortcut, timer

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PDFS = "PDF 文件 (*.pdf)"
MOST_SEEN = 30  # sheets laid out for the eye; all of them are printed
PAUSE = 350  # milliseconds of rest in typing before the preview is made again


class PrintingPage(QWidget):
    """arrive(sheet=..., and what else desk.Order knows) says what is to be printed."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.title, self.told = label("打印", "title"), label("", "sub", wrap=True)
        self.choices = PrintChoices(self._edited)
        self.written = Written(seat)
        self.view, self.sides = PagesView(), QStackedWidget()
        self.print_it = button("打印…", "primary", self.print_out, tip="Ctrl+P")
        self.save_it = button("存为 PDF…", "plain", self.ask_where, tip="Ctrl+S")
        self.closer = button("放大看", "link")
        self.closer.setCheckable(True)
        self.closer.toggled.connect(self._look_closer)
        self._rest = timer(self, PAUSE, self.refresh)
        self._lay_out()
        shortcut("Ctrl+P", self, self.print_out)
        shortcut("Ctrl+S", self, self.ask_where)

    def _lay_out(self) -> None:
        form = card(self.choices, self.told, gap=12)
        left = scroll(holding(column(form, self.written, None, gap=14)))
        left.setMinimumWidth(360)
        left.setMaximumWidth(440)
        self.nothing = card(empty("没有要打印的", "左边换一个范围再看。"))
        self.sides.addWidget(scrolled(self.view))
        self.sides.addWidget(self.nothing)
        body = row(left, self.sides, gap=14)
        body.setStretch(0, 2)
        body.setStretch(1, 3)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(self.title, None, self.closer, button("返回", "plain", self.seat.shell.back), self.save_it, self.print_it))
        box.addLayout(body, 1)

    def arrive(self, sheet: str = "", **where: Any) -> None:
        """What is to be printed."""
        if sheet:
            self.written.hide()
            self.choices.begin(desk.Order(sheet, **where))

    def refresh(self) -> None:
        """Draw it up again and show its pages."""
        if self.choices.order is None:
            self.choices.begin(desk.Order("visit_blank"))
        order = self.choices.asked()
        self.seat.ask(lambda: desk.draw_up(self.seat.desk, order), self._drawn, failed=self._failed, key="drawn")

    def _look_closer(self, on: bool) -> None:
        self.view.enlarge(on)
        self.closer.setText("看整页" if on else "放大看")

    def _edited(self) -> None:
        self._rest.start()

    def _failed(self, trouble: Trouble) -> None:
        self._enable(False)
        self.seat.trouble(trouble)

    def _refused(self, trouble: Trouble) -> None:
        self._enable(True)
        if trouble.code in ("wrong_password", "no_password"):
            self.choices.unlock.say(trouble.text)
        else:
            self.seat.trouble(trouble)

    def _drawn(self, drawn: Any) -> None:
        self.title.setText(f"打印：{drawn.paper.title}")
        self.choices.offer(drawn)
        if not drawn.paper.sheets:
            self.sides.setCurrentWidget(self.nothing)
            self._enable(False)
            self.told.setText("没有要打印的：这个范围里一条也没有。")
            return
        seen = drawn.paper.first(MOST_SEEN)
        self.seat.work(lambda step: (Pages(seen, step).hand_over(), drawn), self._laid, text="正在排版……", lane=self.seat.files)

    def _laid(self, found: tuple[Pages, Any]) -> None:
        pages, drawn = found
        self.view.show_pages(pages)
        self.sides.setCurrentIndex(0)
        self._enable(True)
        whole = len(drawn.paper.sheets)
        more = f"；这里先看前 {MOST_SEEN} 张，打印时是全部" if whole > MOST_SEEN else f"，{len(pages)} 页"
        self.told.setText(f"共 {drawn.count:,} {'张' if drawn.kind.each else '行'}{more}。A4 纸，黑白打印即可。")

    def _enable(self, on: bool) -> None:
        self.print_it.setEnabled(on)
        self.save_it.setEnabled(on)

    def ask_where(self) -> None:
        """Ask for the PDF's name and place, then write it."""
        if not self.save_it.isEnabled() or not self.choices.ready():
            return
        name = f"{self.title.text().partition('：')[2]}{self.seat.desk.today():%Y%m%d}.pdf"
        if path := choosing.save_as(self, self.seat, "存为 PDF", name.replace("/", "-"), PDFS, "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the PDF; it is logged as printed."""
        order = self.choices.asked()
        self._enable(False)
        self.written.hide()
        self.seat.ask(lambda: desk.draw_up(self.seat.desk, order, out=True), lambda drawn: self._write(drawn, path), failed=self._refused)

    def _write(self, drawn: Any, path: Path) -> None:
        job = self.seat.work(
            lambda step: (write_pdf(drawn.paper, path, step), path), self._saved, text=f"正在写“{path.name}”……", lane=self.seat.files,
        )
        job.ended.connect(lambda: self._enable(True))

    def _saved(self, found: tuple[int, Path]) -> None:
        count, path = found
        self.choices.calm()
        self.written.tell(f"PDF 写好了，{count:,} 页。里面有个人信息的，请妥善保管，用完删除。", path)
        self.seat.say(f"PDF 写好了，共 {count:,} 页。", "打开", self.written.open)

    def print_out(self) -> None:
        """Ask the system which printer, then print; it is logged."""
        if not self.print_it.isEnabled() or not self.choices.ready():
            return
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

        if not QPrinterInfo.availablePrinterNames():
            self.seat.say("这台电脑上没有找到打印机。请先装好打印机，或存为 PDF 拿到有打印机的电脑上打印。", "存为 PDF", self.ask_where)
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("选择打印机")
        dialog.setMinMax(1, len(self.view.pages or ()))
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_with(printer)

    def print_with(self, printer: QPrinter) -> None:
        """Print on a printer that was chosen."""
        order = self.choices.asked()
        self.seat.ask(lambda: desk.draw_up(self.seat.desk, order, out=True), lambda drawn: self._lay_for(drawn, printer), failed=self._refused)

    def _lay_for(self, drawn: Any, printer: QPrinter) -> None:
        def laid(pages: Pages) -> None:
            print_on(pages, printer)
            self.choices.calm()
            self.seat.say(f"已交给打印机，共 {len(pages):,} 页。")

        self.seat.work(lambda step: Pages(drawn.paper, step).hand_over(), laid, text="正在排版……", lane=self.seat.files)

