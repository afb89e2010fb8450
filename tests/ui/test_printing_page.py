"""The printing page: what it asks, what it shows, what it writes and what the log says."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QMenu, QPushButton

from gridapp import desk
from gridapp.rules.purposes import Purpose
from gridapp.ui import choosing
from gridapp.ui.printing_page import PrintingPage
from gridapp.ui.record_page import RecordPage
from gridapp.ui.seat import Seat
from tests.ui.conftest import NAMES, PASSWORD
from tests.ui.pdf_text import Pdf

Rest = Callable[[Seat], None]


@pytest.fixture
def page(seat: Seat, qtbot: Any) -> PrintingPage:
    made = PrintingPage(seat)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def arrive(page: PrintingPage, rest: Rest, sheet: str, **where: Any) -> None:
    page.arrive(sheet, **where)
    page.refresh()
    rest(page.seat)


def test_those_due_are_seen_at_once_and_others_when_chosen(page: PrintingPage, rest: Rest) -> None:
    arrive(page, rest, "visit_blank")
    assert page.title.text() == "打印：走访记录单（空白）"
    assert page.view.pages is not None and len(page.view.pages) == 4 and page.print_it.isEnabled()
    choices = page.choices
    assert "（4）" in choices.whom.currentText() and "4 张" in page.told.text()
    choices.whom.setCurrentIndex(choices.whom.findData("none"))
    choices.whom.activated.emit(choices.whom.currentIndex())
    page.refresh()
    rest(page.seat)
    assert len(page.view.pages) == 1 and page.choices.asked().whom == "none"


def test_the_pages_are_painted_black_on_white_in_the_dark_too(page: PrintingPage, rest: Rest, qapp: Any) -> None:
    from gridapp.ui import theme

    theme.apply(qapp, "dark", theme.NORMAL)
    arrive(page, rest, "sign_in")
    seen = QImage(page.view.size(), QImage.Format.Format_Grayscale8)
    page.view.render(seen, QPoint())
    place = page.view.places()[0].toRect()
    sheet = seen.copy(place.adjusted(4, 4, -4, -4))
    shades = [bytes(sheet.constScanLine(row))[: sheet.width()] for row in range(0, sheet.height(), 3)]
    assert sum(shade > 200 for line in shades for shade in line) > 0.8 * sum(map(len, shades))
    assert min(map(min, shades)) < 80


def test_small_print_can_be_looked_at_closely(page: PrintingPage, rest: Rest) -> None:
    arrive(page, rest, "ledger", ledger="visit")
    before = page.view.places()[0].width()
    page.closer.click()
    assert page.view.places()[0].width() > 1.5 * before and page.closer.text() == "看整页"
    page.closer.click()
    assert page.view.places()[0].width() == before


def test_a_pdf_is_written_masked_and_logged(page: PrintingPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "路线.pdf"
    monkeypatch.setattr(choosing, "save_as", lambda *_: out)
    arrive(page, rest, "route")
    page.choices.aim.line.setText("周末入户")
    page.save_it.click()
    rest(page.seat)
    text = Pdf(out.read_bytes()).text
    assert NAMES[0] in text and "161****0000" in text and "16100000000" not in text and "周末入户" in text
    assert page.written.isVisible() and str(out) in page.written.told.text()
    last = desk.audit(page.seat.desk, 1)[0]
    assert (last["what"], last["field"]) == ("print", "masked") and "周末入户" in last["purpose"]
    assert page.save_it.isEnabled()


def test_the_whole_takes_the_password(page: PrintingPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "save_as", lambda *_: pytest.fail("asked for a place"))
    arrive(page, rest, "route")
    page.choices.full.click()
    assert page.choices.unlock.isVisible()
    page.ask_where()
    assert "密码" in page.choices.unlock.fault.text()
    page.choices.unlock.line.setText("not-the-password")
    page.write(tmp_path / "a.pdf")
    rest(page.seat)
    assert "密码不对" in page.choices.unlock.fault.text() and not (tmp_path / "a.pdf").exists() and page.save_it.isEnabled()
    page.choices.unlock.line.setText(PASSWORD)
    page.write(tmp_path / "a.pdf")
    rest(page.seat)
    assert "16100000000" in Pdf((tmp_path / "a.pdf").read_bytes()).text
    assert desk.audit(page.seat.desk, 1)[0]["field"] == "full" and not page.choices.unlock.line.text()


def test_without_an_aim_or_a_printer_it_says_what_to_do(page: PrintingPage, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    arrive(page, rest, "sign_in")
    page.choices.aim.line.clear()
    page.print_it.click()
    assert "还没有写用途" in page.choices.aim.fault.text()
    page.choices.aim.line.setText("会议签到")
    page.print_it.click()
    shell: Any = page.seat.shell
    assert "没有找到打印机" in shell.said[-1]


def test_a_printer_gets_what_was_chosen(page: PrintingPage, rest: Rest, tmp_path: Path) -> None:
    arrive(page, rest, "care")
    page.choices.blanks["amount"].line.setText("300")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printer.pdf"))
    page.print_with(printer)
    rest(page.seat)
    shell: Any = page.seat.shell
    assert "已交给打印机" in shell.said[-1]
    assert "900" in Pdf((tmp_path / "printer.pdf").read_bytes()).text and desk.audit(page.seat.desk, 1)[0]["what"] == "print"


def test_nothing_to_print_says_so(page: PrintingPage, rest: Rest) -> None:
    arrive(page, rest, "request", whom="late")
    assert page.sides.currentWidget() is page.nothing and not page.print_it.isEnabled() and "一条也没有" in page.told.text()
    arrive(page, rest, "sign_in")
    assert page.sides.currentIndex() == 0 and page.print_it.isEnabled()


def test_a_ledger_says_for_whom(page: PrintingPage, rest: Rest) -> None:
    arrive(page, rest, "ledger", ledger="member", purpose=Purpose.PUBLIC)
    assert page.choices.for_readers.isVisible() and not page.choices.full.isEnabled()
    assert page.choices.asked().purpose is Purpose.PUBLIC
    arrive(page, rest, "notice")
    assert not page.choices.for_readers.isVisible() and not page.choices.shown.isVisible()


def test_a_place_that_cannot_take_it_is_said(page: PrintingPage, rest: Rest, tmp_path: Path) -> None:
    arrive(page, rest, "sign_in")
    page.write(tmp_path / "没有" / "a.pdf")
    rest(page.seat)
    shell: Any = page.seat.shell
    assert "文件夹不存在" in shell.warned[-1] and not page.written.isVisible() and page.save_it.isEnabled()


def offers(button: QPushButton) -> list[str]:
    button.click()
    menu = button.findChildren(QMenu)[-1]
    found = [action.text() for action in menu.actions()]
    menu.close()
    return found


def test_printing_is_offered_where_the_row_stands(seat: Seat, rest: Rest, qtbot: Any, find_child: Any) -> None:
    made = RecordPage(seat, "household")
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    rest(seat)
    rest(seat)
    assert offers(find_child(made.story, QPushButton, "打印")) == ["一户一档卡", "空白走访单"]
    own = next(each for each in made.findChildren(QPushButton) if each.text() == "打印" and not made.story.isAncestorOf(each))
    assert offers(own) == ["走访路线", "空白走访单", "一户一档卡", "台账"]
    own.click()
    own.findChildren(QMenu)[-1].actions()[0].trigger()
    shell: Any = seat.shell
    assert shell.went[-1] == ("printing", {"sheet": "route"})


def test_what_a_filter_left_over_is_printed(seat: Seat, rest: Rest, qtbot: Any, page: PrintingPage) -> None:
    made = RecordPage(seat, "household")
    qtbot.addWidget(made)
    made.show()
    made.find_box.setText("3-1-")
    made.refresh()
    rest(seat)
    own = next(each for each in made.findChildren(QPushButton) if each.text() == "打印" and not made.story.isAncestorOf(each))
    assert offers(own)[:2] == ["列出的 6 户：走访路线", "列出的 6 户：空白走访单"]
    own.click()
    own.findChildren(QMenu)[-1].actions()[1].trigger()
    shell: Any = seat.shell
    where = shell.went[-1][1]
    arrive(page, rest, **where)
    assert page.view.pages is not None and len(page.view.pages) == 6 and page.choices.caption.text() == "打印选中的 6 户"
