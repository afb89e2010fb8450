"""导入台账 on real workbooks: preview, filters, faults with their cells, the import, its undo, files that are no ledgers."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk
from gridapp.desk.sample import ledgers
from gridapp.ledgers.marks import letters
from gridapp.ui import intake_words
from gridapp.ui.choosing import dropped_ledgers
from gridapp.ui.intake_page import IntakePage
from gridapp.ui.seat import Seat
from gridapp.ui.window import Window

Rest = Callable[[Seat], None]
HEAD = ["序号", "姓名", "性别", "身份证号", "联系电话", "楼号", "单元", "房号", "政治面貌"]
PEOPLE = [
    [1, "李秀英", "女", "", "16100000000", "3", "1", "101", "群众"],
    [2, "钱新来", "男", "", "16100009001", "8", "1", "201", "群众"],
    [3, "", "男", "", "16100009002", "8", "1", "202", "群众"],
    [4, "郑电话", "女", "", "1610000900", "8", "1", "203", "群众"],
]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A small residents' ledger with a title, a note row, a total, a nameless row and a short phone number."""
    book = Workbook()
    sheet = book.active
    sheet.title = "居民"
    for line in (["3号网格居民台账"], ["单位：人"], HEAD, *PEOPLE, ["合计", "4人"]):
        sheet.append(line)
    path = tmp_path / "居民台账.xlsx"
    book.save(path)
    return path


@pytest.fixture
def page(seat: Seat, qtbot: Any) -> IntakePage:
    made = IntakePage(seat)
    qtbot.addWidget(made)
    made.resize(1176, 640)
    made.show()
    return made


def test_a_preview_writes_nothing_and_says_what_it_would_do(page: IntakePage, ledger: Path, rest: Rest) -> None:
    before = len(desk.listing(page.seat.desk, "resident").rows)
    page.arrive(path=ledger)
    rest(page.seat)
    assert page.stages.currentWidget() is page.ready
    assert "现在还没有写入" in page.sentence.text()
    assert sum(page.preview.counts.values()) == len(PEOPLE)
    assert page.preview.counts["cannot"] >= 1
    assert page.confirm.isVisible()
    assert len(desk.listing(page.seat.desk, "resident").rows) == before


def test_the_chips_filter_the_rows(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    for key, _, count in intake_words.chips(page.preview):
        page.outcomes.choose(key)
        assert page.rows.cells.rowCount(QModelIndex()) == count
    page.outcomes.choose("cannot")
    assert {line[2] for line in page.rows.cells.rows} == {"不能导入"}


def test_every_fault_names_its_cell_and_can_be_copied(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    lines = page.faults.cells.rows
    assert len(lines) == len(page.preview.faults)
    phone = next(line for line in lines if line[2] == "联系电话")
    assert phone[1] == "E7"
    assert all(line[3] and line[4] for line in lines)
    page.copy_faults()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[1] == "单元格"
    assert len(copied) == len(lines) + 1


def test_the_problem_copy_is_written_where_the_user_says(page: IntakePage, ledger: Path, rest: Rest, tmp_path: Path, monkeypatch: Any) -> None:
    page.open([ledger])
    rest(page.seat)
    monkeypatch.setattr("gridapp.ui.choosing.save_as", lambda *_: ledger)
    before = ledger.read_bytes()
    page.save_problems()
    rest(page.seat)
    assert ledger.read_bytes() == before
    monkeypatch.setattr("gridapp.ui.choosing.save_as", lambda *_: tmp_path / "问题表.xlsx")
    page.save_problems()
    rest(page.seat)
    assert (tmp_path / "问题表.xlsx").exists()
    shell: Any = page.seat.shell
    assert "问题表写好了" in shell.said[-1]


def test_the_raw_rows_say_what_they_were_taken_for(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    kinds = [line[0] for line in page.grid.raw.rows]
    assert kinds[2] == "表头"
    assert kinds[3] == "数据"
    assert kinds[7] == "跳过"
    assert page.grid.raw.rows[2][2] == "姓名"


def test_columns_that_are_not_kept_give_their_reason(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    (table,) = page.mapping.tables
    lines = {each.heading: (picker, each.reason) for each, picker in zip(table.columns, page.mapping.pickers, strict=True)}
    assert lines["姓名"][0].currentText() == "姓名"
    assert lines["政治面貌"][0].currentText() == "不保存"
    assert lines["政治面貌"][1]


def pick(page: IntakePage, heading: str, name: str) -> None:
    """Say what a column means, as if chosen in its list."""
    at = next(at for at, each in enumerate(page.mapping.tables[0].columns) if each.heading == heading)
    page.mapping.pickers[at].set_value(name or None)
    page.mapping.pickers[at].edited.emit()


def test_a_column_put_right_is_read_again_and_remembered(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    page.views.choose("mapping")
    pick(page, "政治面貌", "notes")
    assert not page.confirm.isEnabled()
    rest(page.seat)
    assert page.confirm.isEnabled()
    assert page.views.current == "mapping"
    assert page.mapping.tables[0].columns[8].label == "备注"
    page.take_in()
    rest(page.seat)
    page.open([ledger])
    rest(page.seat)
    assert page.mapping.tables[0].columns[8].label == "备注"
    assert page.mapping.tables[0].said is not None
    page.mapping.automatic.click()
    rest(page.seat)
    assert page.mapping.tables[0].columns[8].reason
    assert not page.mapping.automatic.isVisible()


def test_a_sheet_said_to_be_something_else(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    page.mapping.kind.set_value("household")
    page.mapping.kind.edited.emit()
    rest(page.seat)
    assert page.preview.sheets[0].kind_label == "住户"
    page.mapping.kind.set_value(None)
    page.mapping.kind.edited.emit()
    rest(page.seat)
    assert not page.preview.rows
    assert "请在下面选定" in page.sentence.text()
    assert not page.confirm.isEnabled()


def test_a_reading_cancelled_leaves_everything_as_it_was(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    before = page.preview
    pick(page, "政治面貌", "notes")
    page.cancel()
    rest(page.seat)
    assert page.preview is before or page.said
    assert page.mapping.isEnabled()
    assert page.confirm.isEnabled()


def test_confirmed_it_is_kept_and_can_be_taken_back(page: IntakePage, ledger: Path, rest: Rest) -> None:
    before = len(desk.listing(page.seat.desk, "resident").rows)
    page.open([ledger])
    rest(page.seat)
    new = page.preview.counts["new"]
    page.take_in()
    rest(page.seat)
    shell: Any = page.seat.shell
    assert f"新增 {new} 行" in shell.said[-1]
    assert len(desk.listing(page.seat.desk, "resident").rows) == before + new
    assert page.stages.currentWidget() is page.taken
    shell.then()
    rest(page.seat)
    assert len(desk.listing(page.seat.desk, "resident").rows) == before


def test_after_an_import_the_page_leads_on(page: IntakePage, ledger: Path, rest: Rest, find_child: Any) -> None:
    page.open([ledger])
    rest(page.seat)
    page.take_in()
    rest(page.seat)
    words = " ".join(each.text() for each in page.taken.findChildren(QLabel))
    assert "没有导入的行放进了“待处理”" in words
    find_child(page, QPushButton, "看居民").click()
    shell: Any = page.seat.shell
    assert shell.went[-1] == ("resident", {})


def test_the_same_ledger_again_changes_nothing(page: IntakePage, ledger: Path, rest: Rest) -> None:
    for _ in range(2):
        page.open([ledger])
        rest(page.seat)
        page.take_in()
        rest(page.seat)
    page.open([ledger])
    rest(page.seat)
    assert page.preview.counts["new"] == 0
    assert page.preview.counts["changed"] == 0
    assert not page.confirm.isEnabled()


def test_several_files_one_after_the_other(page: IntakePage, rest: Rest) -> None:
    files = ledgers("grid1")[:2]
    page.arrive(files=files)
    rest(page.seat)
    assert page.path == files[0]
    assert "后面还有 1 个文件" in page.subtitle.text()
    page.take_in()
    rest(page.seat)
    assert page.path == files[1]
    assert page.stages.currentWidget() is page.ready


@pytest.mark.parametrize(("name", "content"), [("空.xlsx", b""), ("破.xlsx", b"PK\x03\x04" + b"\0" * 40), ("说明.csv", "今天天气很好\n".encode())])
def test_a_file_that_is_no_ledger_gets_its_sentence(page: IntakePage, tmp_path: Path, rest: Rest, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    page.open([path])
    rest(page.seat)
    assert page.stages.currentWidget() is page.refused
    assert page.refused_text.text().endswith("。")
    assert not page.confirm.isVisible()


def test_a_file_that_is_gone(page: IntakePage, tmp_path: Path, rest: Rest) -> None:
    page.open([tmp_path / "没有.xlsx"])
    rest(page.seat)
    assert page.stages.currentWidget() is page.refused


def test_cancelled_it_goes_back_to_the_start(page: IntakePage, rest: Rest) -> None:
    page.open([ledgers("grid1")[1]])
    page.cancel()
    rest(page.seat)
    assert page.stages.currentWidget() is page.blank
    assert page.path is None


def test_only_ledgers_can_be_dropped(tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.XLSX", "b.png", "c.csv")])
    assert [path.name for path in dropped_ledgers(data)] == ["a.XLSX", "c.csv"]


@pytest.mark.parametrize(("column", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(column: int, text: str) -> None:
    assert letters(column) == text


def test_files_dropped_anywhere_in_the_window_are_previewed(window: Window, ledger: Path, rest: Rest) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (ledger, ledger)])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, left, none))
    rest(window.seat)
    assert window.main is not None
    page: Any = window.main.page
    assert page.path == ledger
    assert page.waiting == [ledger]
    assert page.stages.currentWidget() is page.ready


@pytest.fixture
def dues(tmp_path: Path) -> Path:
    """The dues of two people, month by month: a kind of ledger that is not kept."""
    book = Workbook()
    sheet = book.active
    sheet.title = "党费"
    months = [f"{month}月" for month in range(1, 13)]
    head = ["序号", "姓名", "性别", "出生日期", "联系电话", *months]
    for line in (["2024年党费收缴台账"], head, [1, "周新来", "男", "1980-01", "16100000003", *[10] * 12]):
        sheet.append(line)
    path = tmp_path / "党费.xlsx"
    book.save(path)
    return path


def test_a_ledger_not_kept_offers_the_columns_that_are_known(page: IntakePage, dues: Path, rest: Rest) -> None:
    page.open([dues])
    rest(page.seat)
    assert page.offer.isVisible() and page.offer.words.text().startswith("这是党费收缴台账，程序还不保存这一类；认得的栏有 姓名、性别、")
    assert not page.preview.rows and not page.confirm.isEnabled() and not page.offer.automatic.isVisible()
    page.offer.accept.click()
    assert not page.offer.isEnabled()
    rest(page.seat)
    assert page.preview.counts["cannot"] == 1 and page.confirm.isEnabled()
    assert "只保存认得的栏" in page.offer.words.text() and not page.offer.accept.isVisible()
    page.offer.automatic.click()
    rest(page.seat)
    assert not page.preview.rows and page.offer.accept.isVisible()


def test_an_offer_accepted_is_remembered(page: IntakePage, dues: Path, rest: Rest) -> None:
    page.open([dues])
    rest(page.seat)
    page.offer.accept.click()
    rest(page.seat)
    page.take_in()
    rest(page.seat)
    assert desk.waiting_rows(page.seat.desk) == 1
    page.open([dues])
    rest(page.seat)
    assert page.preview.rows and page.offer.automatic.isVisible()


def test_an_ordinary_ledger_offers_nothing(page: IntakePage, ledger: Path, rest: Rest) -> None:
    page.open([ledger])
    rest(page.seat)
    assert not page.offer.isVisible()


def test_on_a_low_screen_the_page_scrolls_and_nothing_is_squeezed(page: IntakePage, dues: Path, rest: Rest, qtbot: Any) -> None:
    """150 % of a 1366 x 768 screen leaves the page about 740 x 320."""
    page.resize(740, 320)
    page.open([dues])
    rest(page.seat)
    for key in ("rows", "faults", "grid", "mapping"):
        page.views.choose(key)
        qtbot.wait(20)
        view = page.tables.currentWidget()
        low = [
            each
            for each in page.ready.widget().findChildren(QLabel)
            if each.isVisible() and each.wordWrap() and each.height() < each.heightForWidth(each.width())
        ]
        assert not low and view.height() >= view.minimumSizeHint().height(), key
    assert page.ready.verticalScrollBar().maximum() > 0
    page.views.choose("grid")
    page.ready.ensureWidgetVisible(page.grid.table)
    assert page.grid.table.height() >= 120 and page.grid.table.visibleRegion().boundingRect().height() >= 120


def test_on_a_full_screen_it_does_not_scroll(page: IntakePage, ledger: Path, rest: Rest, qtbot: Any) -> None:
    page.open([ledger])
    rest(page.seat)
    qtbot.wait(20)
    assert page.ready.verticalScrollBar().maximum() == 0 and page.rows.height() > 300


def test_the_rows_that_wait_fit_a_low_screen(page: IntakePage, ledger: Path, rest: Rest, qtbot: Any) -> None:
    page.open([ledger])
    rest(page.seat)
    page.take_in()
    rest(page.seat)
    page.resize(740, 320)
    page.show_waiting()
    rest(page.seat)
    qtbot.wait(20)
    assert page.aside.table.height() >= 200 and page.aside.table.width() >= 300
    assert page.aside.table.columnWidth(2) >= 100 and page.aside.table.horizontalScrollBar().maximum() == 0
    page.aside.whole.ensureWidgetVisible(page.aside.keep)
    assert page.aside.keep.visibleRegion().boundingRect().size() == page.aside.keep.size()
