"""原表: the user points at the header, by mouse or keys; the preview follows, it is remembered, it can be taken back."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest

from gridapp import desk
from gridapp.ui.intake_page import IntakePage
from gridapp.ui.seat import Seat

Rest = Callable[[Seat], None]
LINES = [
    ["街坊簿"],
    ["大名", "男女", "摇哪个号", "门儿"],
    ["王新来", "男", "16100009001", "8号楼1单元101室"],
    ["李新来", "女", "16100009002", "8号楼1单元102室"],
]
MEANT = {"大名": "name", "男女": "sex", "摇哪个号": "phone", "门儿": "address"}


def book(path: Path, lines: list[list[str]]) -> Path:
    made = Workbook()
    made.active.title = "街坊"
    for line in lines:
        made.active.append(line)
    made.save(path)
    return path


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A ledger whose headings no program could know."""
    return book(tmp_path / "街坊簿.xlsx", LINES)


@pytest.fixture
def page(seat: Seat, qtbot: Any) -> IntakePage:
    made = IntakePage(seat)
    qtbot.addWidget(made)
    made.resize(1176, 640)
    made.show()
    return made


def choose(page: IntakePage, first: int, last: int) -> None:
    """Select rows of the raw sheet, 0-based."""
    table = page.grid.table
    table.clearSelection()
    for at in range(first, last + 1):
        mode = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().select(page.grid.raw.index(at, 0), mode)


def point(page: IntakePage, rest: Rest, row: int = 1, kind: str = "resident") -> None:
    choose(page, row, row)
    page.grid.kind.set_value(kind)
    page.grid.kind.edited.emit()
    page.grid.head.click()
    rest(page.seat)


def name_columns(page: IntakePage, rest: Rest) -> None:
    for heading, name in MEANT.items():
        at = next(at for at, each in enumerate(page.mapping.tables[0].columns) if each.heading == heading)
        page.mapping.pickers[at].set_value(name)
        page.mapping.pickers[at].edited.emit()
        rest(page.seat)


def test_a_file_without_a_table_can_be_pointed_at(page: IntakePage, strange: Path, rest: Rest) -> None:
    page.open([strange])
    rest(page.seat)
    assert page.stages.currentWidget() is page.refused and page.point.isVisible()
    page.point.click()
    assert page.views.current == "grid" and "这一行是表头" in page.sentence.text() and not page.confirm.isEnabled()
    assert not page.grid.head.isEnabled()
    point(page, rest)
    assert page.grid.raw.rows[1][0] == "表头" and page.views.current == "grid" and page.grid.automatic.isVisible()
    name_columns(page, rest)
    assert page.preview.counts["new"] == 2 and page.grid.raw.rows[2][0] == "数据" and page.confirm.isEnabled()


def test_it_is_remembered_for_the_next_file_and_can_be_taken_back(page: IntakePage, strange: Path, tmp_path: Path, rest: Rest) -> None:
    page.open([strange])
    rest(page.seat)
    page.point.click()
    point(page, rest)
    name_columns(page, rest)
    before = len(desk.listing(page.seat.desk, "resident").rows)
    page.take_in()
    rest(page.seat)
    assert len(desk.listing(page.seat.desk, "resident").rows) == before + 2
    page.open([book(tmp_path / "下月.xlsx", [["下个月"], ["又一行"], *LINES[1:2], ["周新来", "男", "16100009003", "8号楼1单元103室"]])])
    rest(page.seat)
    assert page.preview.counts["new"] == 1
    page.views.choose("grid")
    assert page.grid.raw.rows[2][0] == "表头"
    page.grid.automatic.click()
    rest(page.seat)
    assert page.preview.file_error and "这一行是表头" in page.sentence.text() and not page.preview.rows


def test_a_slip_right_beside_is_replaced(page: IntakePage, strange: Path, rest: Rest) -> None:
    page.open([strange])
    rest(page.seat)
    page.point.click()
    point(page, rest, row=0)
    assert page.grid.raw.rows[0][0] == "表头"
    point(page, rest, row=1)
    assert [line[0] for line in page.grid.raw.rows[:2]] == ["不导入", "表头"] and len(page.mapping.tables) == 1


def test_one_to_three_rows_together(page: IntakePage, strange: Path, rest: Rest) -> None:
    page.open([strange])
    rest(page.seat)
    page.point.click()
    page.grid.kind.set_value("resident")
    for last, words, can in ((0, "这一行是表头", True), (1, "这 2 行是表头", True), (2, "这 3 行是表头", True), (3, "这一行是表头", False)):
        choose(page, 0, last)
        assert (page.grid.head.text(), page.grid.head.isEnabled()) == (words, can)
    page.grid.table.clearSelection()
    assert not page.grid.head.isEnabled()
    choose(page, 0, 0)
    page.grid.kind.set_value(None)
    page.grid.kind.edited.emit()
    assert not page.grid.head.isEnabled()


def test_by_keys_alone(page: IntakePage, tmp_path: Path, rest: Rest) -> None:
    """The kind is guessed where headings are known; Return points."""
    page.open([book(tmp_path / "居民.xlsx", [["居民台账"], ["姓名", "性别", "联系电话", "住址"], *LINES[2:]])])
    rest(page.seat)
    page.views.choose("grid")
    table = page.grid.table
    table.setFocus()
    table.setCurrentIndex(page.grid.raw.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.chosen() == [1] and page.grid.kind.value() == "resident" and page.grid.head.isEnabled()
    QTest.keyClick(table, Qt.Key.Key_Return)
    rest(page.seat)
    assert page.mapping.tables[0].said.header == 1 and page.preview.counts["new"] == 2


def test_the_kind_changed_afterwards_keeps_the_header(page: IntakePage, strange: Path, rest: Rest) -> None:
    page.open([strange])
    rest(page.seat)
    page.point.click()
    point(page, rest)
    page.mapping.kind.set_value("household")
    page.mapping.kind.edited.emit()
    rest(page.seat)
    (table,) = page.mapping.tables
    assert (table.kind, table.said.header, table.header_rows) == ("household", 1, (2,))


def test_a_damaged_file_has_nothing_to_point_at(page: IntakePage, tmp_path: Path, rest: Rest) -> None:
    path = tmp_path / "破.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 40)
    page.open([path])
    rest(page.seat)
    assert page.stages.currentWidget() is page.refused and not page.point.isVisible()
