"""A report's way out: for whom and what for, as a workbook or a PDF; where the file is."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from gridapp.desk import reports
from gridapp.rules.purposes import Purpose
from gridapp.ui import choosing
from gridapp.ui.giving_parts import AIMS, Asked, Written
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, label, row

WORKBOOK, PDFS = "Excel 工作簿 (*.xlsx)", "PDF 文件 (*.pdf)"
FINE, CHART_POINTS = 4.0, 380  # dots to the point, and how wide half a page on its side is


class ReportOut(QWidget):
    """take(report) says what goes out. done: the user has finished here."""

    done = Signal()

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.report: reports.Report | None = None
        self.choices = {each: QRadioButton(each.title) for each in Purpose}
        self.says, self.aim = label("", "sub", wrap=True), Asked("用途（必填）", "给谁、做什么用")
        self.quick, self.written = row(gap=0), Written(seat)
        self.book = button("导出 Excel…", "primary", lambda: self.ask_where(".xlsx", WORKBOOK))
        self.pdf = button("存为 PDF…", then=lambda: self.ask_where(".pdf", PDFS))
        group = QButtonGroup(self)
        for each in self.choices.values():
            each.setMinimumHeight(36)
            group.addButton(each)
            each.toggled.connect(self._switched)
        self.choices[Purpose.INSIDE].setChecked(True)
        form = card(
            label("导出报表", "section"), label("给谁看", "small"), row(*self.choices.values(), None, gap=28), self.says, self.aim, self.quick,
            row(button("返回图表", then=self.done.emit), None, self.pdf, self.book), gap=8,
        )
        box = column(form, self.written, gap=14)
        box.setContentsMargins(0, 0, 10, 0)
        self.setLayout(box)

    @property
    def purpose(self) -> Purpose:
        """For whom it is."""
        return next(each for each, made in self.choices.items() if made.isChecked())

    def take(self, report: reports.Report) -> None:
        """What goes out."""
        self.report = report

    def begin(self) -> None:
        """Ask anew."""
        self.written.hide()
        self.aim.line.setFocus()

    def _switched(self) -> None:
        if any(made.isChecked() for made in self.choices.values()):
            least = self.purpose.rule.least_group
            hidden = f"不足 {least} 的写“<{least}”，能由合计倒推出来的一并隐去。报表里没有姓名。"
            self.says.setText(hidden if least else "支部和网格自己用，数目照写。报表里没有姓名。")
            clear(self.quick)
            for text in AIMS[self.purpose]:
                self.quick.addWidget(button(text, "link", partial(self.aim.line.setText, text)))
            self.quick.addStretch()

    def ask_where(self, ending: str, kind: str) -> None:
        """Ask for the file's name and place, then write it."""
        self.aim.say("" if self.aim.text else "还没有写用途。请写明给谁、做什么用，再导出。")
        if not self.aim.text or self.report is None:
            return
        name = f"{self.report.title}{self.report.period.title}{ending}"
        if path := choosing.save_as(self, self.seat, "导出到", name, kind, "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the report as what the name's ending says."""
        desk, report, purpose, aim = self.seat.desk, self.report, self.purpose, self.aim.text
        self.written.hide()
        if report is None:
            return
        if path.suffix.lower() == ".pdf":
            self._write_pdf(report, path)
        else:
            self.seat.ask(lambda: reports.give_report(desk, report, path, purpose=purpose, aim=aim), self._given)

    def _write_pdf(self, report: reports.Report, path: Path) -> None:
        from gridapp.ui.printing import write_pdf

        desk, purpose, aim = self.seat.desk, self.purpose, self.aim.text
        told = reports.for_reader(report, purpose)
        paper = reports.paper(desk, told, purpose, aim, drawings(told))
        self.seat.work(
            lambda step: (write_pdf(paper, path, step), path)[1], lambda done: self._saved(done, told, purpose, aim), text=f"正在写“{path.name}”……",
            lane=self.seat.files,
        )

    def _saved(self, path: Path, told: reports.Report, purpose: Purpose, aim: str) -> None:
        desk = self.seat.desk
        self.seat.ask(lambda: reports.left(desk, told, purpose, aim, path), self._given)

    def _given(self, given: Any) -> None:
        self.written.tell(f"{given.title}，口径说明在文件里。", given.path)
        self.seat.say(f"{given.title}写好了。", "打开", self.written.open)


def drawings(report: reports.Report) -> tuple[tuple[str, float], ...]:
    """A report's charts as images for paper, in the light colours."""
    from PySide6.QtGui import QFont

    from gridapp.ui import theme
    from gridapp.ui.charts import ink, picture

    font = QFont(theme.family())
    font.setPixelSize(10)
    return tuple(picture(chart, font, ink(theme.palette(theme.LIGHT)), CHART_POINTS, FINE) for chart in report.charts)
