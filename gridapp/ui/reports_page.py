"""报表: numbers of a period beside the period before, each of which opens the rows it counts; charts, definitions, and the way out of the house."""
from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gridapp.desk import reports
from gridapp.rules import periods
from gridapp.ui.charts import ChartView
from gridapp.ui.figure_table import FigureTable
from gridapp.ui.period_bar import PeriodBar
from gridapp.ui.report_out import ReportOut
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Chips, Line, button, card, clear, column, ground, holding, label, row, scroll, shortcut, tag

NARROW = 56  # letters; below, the charts stand under the table
UNITS = {"request": "件", "visit": "次", "member": "名", "resident": "人", "household": "户"}


class ReportsPage(QWidget):
    """arrive(report=..., period=...) shows a report, by its key, of a period."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat, self.key = seat, reports.reports()[0].key
        self.report: reports.Report | None = None
        self._periods: dict[str, periods.Period] = {}
        self.place = label("", "sub")
        self.kinds, self.table, self.grids = Chips(), FigureTable(), QComboBox()
        self.period = PeriodBar(seat.desk.today())
        self.out = ReportOut(seat)
        self.give = button("导出…", "primary", self.offer, tip="Ctrl+S")
        self._side, self.sides = QVBoxLayout(), QStackedWidget()
        self.title = Line("", "section")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.grids.setAccessibleName("哪个网格")
        self.grids.setMinimumHeight(40)
        self.grids.hide()
        self.table.setAccessibleName("报表")
        self.setFocusProxy(self.table)
        hint = label("点一个数，看它数的是哪些；鼠标停在左边的栏目上，看口径。", "sub", wrap=True)
        inside = column(self.title, self.table, hint, gap=8)
        inside.setStretch(1, 1)
        self.left = card(inside, margins=(16, 14, 16, 12))
        self._side.setContentsMargins(0, 0, 10, 0)
        self._side.setSpacing(14)
        self.sides.addWidget(scroll(holding(self._side)))
        self.sides.addWidget(scroll(holding(column(self.out, None, gap=0))))
        self._body = QHBoxLayout()
        self._body.setSpacing(14)
        self._body.addWidget(self.left, 11)
        self._body.addWidget(self.sides, 9)
        self.whole = scroll(holding(self._body))
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 18, 14, 12)
        page.setSpacing(12)
        head = row(label("报表", "title"), self.place, None, self.grids, self.give)
        head.setContentsMargins(0, 0, 10, 0)
        page.addLayout(head)
        page.addWidget(self.kinds)
        page.addWidget(self.period)
        page.addWidget(self.whole, 1)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._choose)
        self.period.changed.connect(self._moved)
        self.table.asked.connect(self._open)
        self.grids.activated.connect(lambda _: self.refresh())
        self.out.done.connect(lambda: self._turn(0))
        shortcut("Ctrl+S", self, self.offer)
        self._show_period()

    def arrive(self, report: str = "", period: str = "") -> None:
        """Show a report."""
        if report:
            self.key = report
        if period:
            self._periods[self.key] = periods.read(period)
        self._turn(0)
        self._show_period()

    def refresh(self) -> None:
        """Ask the desk again."""
        key, period, scope = self.key, self.period.period, self.grids.currentData() or ""
        desk = self.seat.desk
        self.kinds.show_chips([(each.key, each.title, None) for each in reports.reports()], key)
        self.seat.ask(lambda: (reports.report(desk, key, period, scope), reports.report_places(desk)), self._show, key="report")

    def _choose(self, key: str) -> None:
        self.key = key
        self._show_period()
        self.refresh()

    def _show_period(self) -> None:
        self.period.show_period(self._periods.get(self.key) or reports.usual_period(self.seat.desk, self.key))

    def _moved(self) -> None:
        self._periods[self.key] = self.period.period
        self.refresh()

    def _show(self, found: Any) -> None:
        report, places = found
        self.report = report
        self.place.setText(f"{report.place} · {report.period.title}")
        self.title.setText(f"{report.title}，与{report.before}相比")
        self.table.show_report(report)
        self._fit()
        self._offer_grids(places)
        self.out.take(report)
        self._fill_side(report)

    def _offer_grids(self, places: Any) -> None:
        self.grids.setVisible(len(places) > 1)
        if self.grids.count() != len(places) + 1:
            self.grids.clear()
            self.grids.addItem("全部网格", "")
            for path, name in places:
                self.grids.addItem(name, path)

    def _fill_side(self, report: reports.Report) -> None:
        clear(self._side)
        if report.hot:
            self._side.addWidget(card(row(label("热点", "section"), *(tag(said) for said in report.hot), None)))
        for chart in report.charts:
            view = ChartView(chart)
            view.asked.connect(self._open)
            self._side.addWidget(card(row(label(chart.title, "section"), None, label(f"单位：{chart.unit}", "sub")), view, gap=10))
        said = [label(note, "sub", wrap=True) for note in (*report.missing, *report.notes)]
        said += [label(f"{what}：{words}", "sub", wrap=True) for what, words in reports.definitions(report)]
        self._side.addWidget(card(label("口径", "section"), *said, gap=4))
        self._side.addStretch()
        self._side.activate()

    def _open(self, figure: Any, what: str) -> None:
        assert self.report is not None
        unit = UNITS.get(figure.record, "条")
        told = f"{self.report.title}（{self.report.period.title}）· {what}：{_counted(figure, unit)}"
        self.seat.go("counted", record=figure.record, ids=figure.rows, heading=told)

    def offer(self) -> None:
        """Show what an export asks."""
        self._turn(1)
        self.out.begin()

    def _turn(self, side: int) -> None:
        self.sides.setCurrentIndex(side)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Side by side where there is room; else one under the other, the page scrolling around both, or what an export asks alone."""
        narrow = self.width() < self.fontMetrics().horizontalAdvance("一") * NARROW
        leaving = narrow and self.sides.currentIndex() == 1
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.left.setVisible(not leaving)
        self.table.setMinimumHeight(self.table.whole_height() if narrow else 0)
        self.sides.setMinimumHeight(self.height() if narrow and not leaving else 0)


def _counted(figure: Any, unit: str) -> str:
    """What the list shows, in words: 12 件; 应有 20 件里的 17 件; both periods."""
    if figure.sort == "rate":
        return f"{len(figure.base):,} {unit}，其中 {len(figure.keys):,} {unit}算在里面（{figure.text}）"
    if figure.sort in ("change", "points"):
        now, then = (figure.base, figure.then_base) if figure.sort == "points" else (figure.keys, figure.then)
        return f"本期 {len(now):,} {unit}，上期 {len(then):,} {unit}（{figure.text}）"
    return f"{len(figure.keys):,} {unit}"
