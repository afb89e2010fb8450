"""待处理 on a real import: rows wait, one is mended, the same fault in others too, the rest put away; undone, they wait again."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from gridapp import desk
from gridapp.ui.aside_view import AsideView
from gridapp.ui.seat import Seat

Rest = Callable[[Seat], None]
HEAD = ["姓名", "性别", "联系电话", "楼号", "单元", "房号"]
PEOPLE = [
    ["钱新来", "男", "16100009001", "8", "1", "201"],
    ["", "男", "16100009002", "8", "1", "202"],
    ["周远来", "女", "16100009003", "八号楼上", "", ""],
    ["吴远来", "女", "16100009004", "八号楼上", "", ""],
]


@pytest.fixture
def view(seat: Seat, imported: Any, rest: Rest, find_child: Any) -> Iterator[AsideView]:
    """The view after an import that left three rows."""
    page = imported(HEAD, *PEOPLE)
    find_child(page, QPushButton, "改没有导入的 3 行").click()
    rest(seat)
    assert page.stages.currentWidget() is page.aside
    yield page.aside


def type_in(view: AsideView, name: str, text: str) -> None:
    view.boxes[name].setText(text)
    view.boxes[name].textEdited.emit(text)


def people(view: AsideView) -> int:
    return len(desk.listing(view.seat.desk, "resident").rows)


def test_a_row_is_mended_in_place_and_kept(view: AsideView, rest: Rest) -> None:
    before = people(view)
    assert len(view.asides) == len(view.table.cells.rows) == 3
    assert view.boxes["name"].property("faulty") == "true"
    type_in(view, "name", "孙补名")
    view.mend()
    rest(view.seat)
    assert people(view) == before + 1
    assert len(view.asides) == 2
    shell: Any = view.seat.shell
    shell.then()
    rest(view.seat)
    assert people(view) == before
    view.refresh()
    rest(view.seat)
    assert len(view.asides) == 3


def test_what_is_written_alike_is_mended_at_one_go(view: AsideView, rest: Rest) -> None:
    before = people(view)
    view.table.selectRow(1)
    assert not view.same.isVisible()
    type_in(view, "building", "8号楼")
    type_in(view, "unit", "1")
    type_in(view, "room", "303")
    assert view.same.isVisible()
    assert "另有 1 行" in view.same.text()
    view.same.setChecked(True)
    view.mend()
    rest(view.seat)
    assert people(view) == before + 2
    assert len(view.asides) == 1


def test_a_row_that_still_cannot_be_kept_says_so(view: AsideView, rest: Rest) -> None:
    view.mend()
    rest(view.seat)
    shell: Any = view.seat.shell
    assert "还不能导入" in shell.said[-1]
    assert len(view.asides) == 3


def test_rows_nobody_wants_go(view: AsideView, rest: Rest) -> None:
    view.table.selectAll()
    view.dismiss()
    rest(view.seat)
    assert view.asides == []
    assert view.nothing.isVisible()
    assert not view.whole.isVisible()
