"""报表: each number opens its rows and the way back; periods; charts; nothing leaves without a purpose, and outside the small groups are hidden."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk
from gridapp.rules.purposes import Purpose
from gridapp.ui import charts, choosing
from gridapp.ui.charts import ChartView
from gridapp.ui.reports_page import ReportsPage
from gridapp.ui.seat import Seat
from gridapp.ui.window import Window

Rest = Callable[[Seat], None]


@pytest.fixture
def page(seat: Seat, qtbot: Any, rest: Rest) -> ReportsPage:
    made = ReportsPage(seat)
    qtbot.addWidget(made)
    made.resize(1176, 640)
    made.show()
    made.refresh()
    rest(seat)
    return made


def cell(page: ReportsPage, title: str, line: int = 0) -> Any:
    row = [each.title for each in page.table.figures.measures].index(title)
    return page.table.figures.index(row, line)


def test_this_months_requests_with_charts_and_definitions(page: ReportsPage) -> None:
    assert cell(page, "受理").data() == "3" and cell(page, "环比").data() == "—"
    assert [line.role for line in page.table.figures.lines][:3] == ["total", "before", "change"]
    assert len(page.findChildren(ChartView)) == 2
    said = " ".join(each.text() for each in page.findChildren(QLabel))
    assert "按期办结率：按期办结÷应办结" in said and "没有填领域的" not in " ".join(page.report.hot if page.report else ())


def test_a_number_opens_exactly_its_rows(page: ReportsPage, qtbot: Any) -> None:
    page.table.setCurrentIndex(cell(page, "受理"))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    shell: Any = page.seat.shell
    where = shell.went[-1][1]
    assert shell.went[-1][0] == "counted" and where["record"] == "request" and len(where["ids"]) == 3
    assert where["heading"].endswith("受理：3 件") and page.period.period.title in where["heading"]
    listed = desk.listing(page.seat.desk, "request", only=where["ids"])
    assert {row.id for row in listed.rows} == set(where["ids"])
    page.table.setCurrentIndex(cell(page, "办结率"))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert "3 件，其中 0 件算在里面（0.0%）" in shell.went[-1][1]["heading"]
    before = len(shell.went)
    page.table.setCurrentIndex(cell(page, "转派"))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert len(shell.went) == before, "nothing counted, nothing to open"


def test_a_bar_opens_its_rows_too(page: ReportsPage, qtbot: Any) -> None:
    view = page.findChildren(ChartView)[0]
    bar = next(bar for bar, _ in charts.bars(view.chart, view.rect().toRectF().adjusted(2, 2, -2, -2), charts.QFontMetricsF(view._font())))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=bar.place.center().toPoint())
    shell: Any = page.seat.shell
    assert shell.went[-1][1]["ids"] == bar.figure.rows and bar.label in shell.went[-1][1]["heading"]
    assert view.at(bar.place.center()) == bar and view.at(bar.place.center() + QPoint(0, 10_000)) is None
    assert "3 件" in view.accessibleName()


def test_periods_one_after_another_and_any_two_days(page: ReportsPage, rest: Rest) -> None:
    now = page.period.period
    page.period.back.click()
    rest(page.seat)
    assert page.period.period == now.before() and cell(page, "受理").data() == "0"
    page.period.on.click()
    page.period.kinds.choose("quarter")
    rest(page.seat)
    assert page.report and page.report.title == "诉求办理季报" and cell(page, "受理").data() == "3"
    page.period.kinds.choose("days")
    assert page.period.days.isVisible() and not page.period.steps.isVisible()
    day = page.seat.desk.today().isoformat()
    for editor in (page.period.since, page.period.until):
        editor.line.setText(day)
    page.period.since.edited.emit()
    rest(page.seat)
    assert page.report.title == "诉求办理情况表" and cell(page, "受理").data() == "3"
    page.period.until.line.setText("2020-01-01")
    page.period.until.edited.emit()
    assert "早于" in page.period.fault.text() and page.period.fault.isVisible()


def test_each_report_keeps_its_own_period(page: ReportsPage, rest: Rest) -> None:
    page.kinds.choose("members")
    rest(page.seat)
    assert page.period.period.kind == "year" and cell(page, "党员总数").data() == "3"
    page.period.back.click()
    rest(page.seat)
    page.kinds.choose("visits")
    rest(page.seat)
    assert page.period.period.kind == "month" and cell(page, "本期走访户次").data() == "12"
    page.kinds.choose("members")
    assert page.period.period.since.year == page.seat.desk.today().year - 1


def test_no_purpose_no_file(page: ReportsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "save_as", lambda *_: pytest.fail("asked for a place"))
    page.give.click()
    page.out.book.click()
    page.out.pdf.click()
    assert "还没有写用途" in page.out.aim.fault.text() and page.out.isVisible()


def test_out_as_a_workbook_for_outsiders(page: ReportsPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page.kinds.choose("visits")
    rest(page.seat)
    monkeypatch.setattr(choosing, "save_as", lambda *_: tmp_path / "报表.xlsx")
    page.offer()
    page.out.choices[Purpose.UPWARD].setChecked(True)
    assert "<3" in page.out.says.text()
    page.out.aim.line.setText("报街道")
    page.out.book.click()
    rest(page.seat)
    assert page.out.written.isVisible() and "走访服务月报" in page.out.written.told.text()
    book: Any = load_workbook(tmp_path / "报表.xlsx")
    assert book["报表"]["A1"].value == "走访服务月报" and book["报表"]._charts
    assert "走访服务月报" in desk.audit(page.seat.desk, 1)[0]["purpose"] and "上报" in desk.audit(page.seat.desk, 1)[0]["purpose"]


def test_out_as_a_pdf(page: ReportsPage, rest: Rest, tmp_path: Path) -> None:
    page.offer()
    page.out.aim.line.setText("存档")
    page.out.write(tmp_path / "报表.pdf")
    rest(page.seat)
    data = (tmp_path / "报表.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and b"/Image" in data and str(tmp_path / "报表.pdf") in page.out.written.told.text()
    assert "诉求办理月报" in desk.audit(page.seat.desk, 1)[0]["purpose"]
    page.out.write(tmp_path / "没有" / "报表.pdf")
    rest(page.seat)
    shell: Any = page.seat.shell
    assert shell.warned and not page.out.written.isVisible()


def test_a_chart_is_drawn_in_both_themes(page: ReportsPage) -> None:
    from gridapp.ui import theme

    view = page.findChildren(ChartView)[1]
    seen = set()
    for colours in (theme.LIGHT, theme.DARK):
        image = QImage(view.size(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = charts.QPainter(image)
        charts.paint(painter, view.chart, view.rect().toRectF(), charts.ink(theme.palette(colours)))
        painter.end()
        seen |= {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert {charts.ink(theme.palette(each)).series[0].name() for each in (theme.LIGHT, theme.DARK)} <= seen


def test_where_there_is_little_room_one_stands_under_the_other(page: ReportsPage) -> None:
    page.resize(700, 500)
    assert page.table.minimumHeight() == page.table.whole_height() > 400 and page.left.isVisible()
    page.offer()
    assert not page.left.isVisible() and page.out.isVisible()
    page.out.done.emit()
    assert page.left.isVisible()


def test_the_list_behind_a_number_and_the_way_back(window: Window, rest: Rest) -> None:
    window.go("reports")
    rest(window.seat)
    assert window.main is not None
    page: Any = window.main.page
    page.table._open(cell(page, "受理"))
    rest(window.seat)
    counted: Any = window.main.page
    assert counted.heading.whole().endswith("受理：3 件") and counted.list.count.text() == "3 件"
    assert len(counted.list.table.listing_model.rows) == 3 and counted.list.story.isVisible()
    next(each for each in counted.findChildren(QPushButton) if each.text() == "回到报表").click()
    assert window.main.page is page
    page.kinds.choose("visits")
    rest(window.seat)
    page.table._open(cell(page, "应访"))
    rest(window.seat)
    assert len(counted.list.table.listing_model.rows) == len(page.report.at(page.report.line("total"), "due").keys) > 0
    assert counted.list.record == "resident"
