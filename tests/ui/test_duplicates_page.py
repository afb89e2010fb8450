"""查重 on a real desk: two rows side by side, a value chosen, one made of two and taken back, two people said to be two."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk
from gridapp.ui.comparison_view import Side
from gridapp.ui.duplicates_page import DuplicatesPage
from gridapp.ui.poses import twice
from gridapp.ui.seat import Seat

Rest = Callable[[Seat], None]


def opened(seat: Seat, qtbot: Any, rest: Rest) -> DuplicatesPage:
    page = DuplicatesPage(seat)
    qtbot.addWidget(page)
    page.resize(1176, 640)
    page.show()
    page.refresh()
    rest(seat)
    return page


@pytest.fixture
def page(seat: Seat, qtbot: Any, rest: Rest) -> Iterator[DuplicatesPage]:
    """The page over two people who are there twice."""
    twice(seat)
    yield opened(seat, qtbot, rest)


def residents(page: DuplicatesPage) -> int:
    return len(desk.listing(page.seat.desk, "resident").rows)


def side(page: DuplicatesPage, name: str, at: int) -> Side:
    """One side of a field."""
    return [each for each in page.view.findChildren(Side) if each._place[2] == name][at]


def test_nobody_twice_says_what_was_looked_at(seat: Seat, qtbot: Any, rest: Rest) -> None:
    page = opened(seat, qtbot, rest)
    said = " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())
    assert "居民 12 人、党员 3 人" in said and "身份证号相同" in said


def test_pairs_stand_side_by_side_what_differs_first(page: DuplicatesPage) -> None:
    assert [row[0] for row in page.table.cells.rows] == ["可能", "可能"]
    assert page.view.comparison.pair == page.pairs[0] == page.pair
    assert set(page.view.groups) == {"household_id", "notes"}
    assert page.view.chosen()["notes"] == "耳背，请敲门"


def test_the_chosen_values_stay_and_undo_brings_both_back(page: DuplicatesPage, rest: Rest) -> None:
    before, pair = residents(page), page.pair
    home = desk.values(page.seat.desk, "resident", pair.left[0])["household_id"]
    radio = side(page, "household_id", 0).radio
    assert radio is not None
    radio.click()
    page.merge_button.click()
    rest(page.seat)
    assert residents(page) == before - 1 and len(page.pairs) == 1
    stands = desk.values(page.seat.desk, "resident", pair.left[0])
    assert (stands["household_id"], stands["notes"]) == (home, "耳背，请敲门")
    page.seat.shell.then()
    rest(page.seat)
    page.refresh()
    rest(page.seat)
    assert residents(page) == before and pair in page.pairs


def test_a_masked_value_is_shown_on_asking_logged_and_hidden_again(page: DuplicatesPage, rest: Rest) -> None:
    phone = side(page, "phone", 0)
    masked = phone.value.text()
    assert "****" in masked
    phone.eye.click()
    rest(page.seat)
    assert phone.value.text().isdigit()
    line = desk.audit(page.seat.desk, 1)[0]
    assert (line["what"], line["field"], line["row_id"]) == ("reveal", "phone", page.pair.left[0])
    phone.hide_again()
    assert phone.value.text() == masked


def test_two_people_are_not_asked_about_again(page: DuplicatesPage, rest: Rest) -> None:
    said = page.pair
    page.apart_button.click()
    rest(page.seat)
    assert said not in page.pairs and len(page.pairs) == 1
    assert "两个人" in page.seat.shell.said[-1]


def test_put_off_goes_out_of_the_way_and_can_be_fetched(page: DuplicatesPage, rest: Rest, find_child: Any) -> None:
    page.later_button.click()
    rest(page.seat)
    page.later_button.click()
    rest(page.seat)
    assert page.shown == [] and len(page.pairs) == 2
    find_child(page, QPushButton, "看全部").click()
    rest(page.seat)
    assert len(page.shown) == 2
    page.later_button.click()
    rest(page.seat)
    page.chips.choose("all")
    assert len(page.shown) == 1


def test_arriving_with_a_pair_opens_it(page: DuplicatesPage, rest: Rest) -> None:
    page.arrive(key=page.pairs[1].key)
    page.refresh()
    rest(page.seat)
    assert page.pair == page.pairs[1]


def test_what_does_not_go_together_is_said_and_nothing_saved(page: DuplicatesPage, rest: Rest) -> None:
    page.view.comparison = type(page.view.comparison)(page.pair, ("", ""), ())
    page.view.groups = {}
    desk.remove(page.seat.desk, "resident", page.pair.right[0])
    page.merge_button.click()
    rest(page.seat)
    assert "刷新" in page.seat.shell.warned[-1]
    assert len(page.pairs) == 1


def test_an_import_with_somebody_twice_leads_here(seat: Seat, imported: Any, find_child: Any) -> None:
    page = imported(["姓名", "性别", "出生年", "联系电话", "楼号", "单元", "房号"], ["李秀瑛", "女", "1940", "16100000000", "3", "2", "102"])
    find_child(page, QPushButton, "可能有重复的人 1 对，去看看").click()
    assert seat.shell.went[-1][0] == "duplicates"
