"""待核对 in the window, on both sides of the stick: counts, versions side by side, masked until asked for, decided and taken back."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk, office
from gridapp.store import keys
from gridapp.ui.review_page import ReviewPage
from gridapp.ui.seat import Seat
from gridapp.ui.secret import Secret
from gridapp.ui.window import Window

Rest = Callable[[Seat], None]
MINE, THEIRS = "16100001111", "16100002222"


class Pair:
    """The town's desk and its centre, joined; a stick between them."""

    def __init__(self, grid: Any, centre: Any, stick: Path) -> None:
        self.grid, self.centre, self.stick = grid, centre, stick
        answer = office.enrol(centre, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick).answer
        assert answer
        desk.take(grid, answer)
        self.trip()

    def trip(self) -> None:
        assert office.take(self.centre, [desk.make_bundle(self.grid, self.stick).path])[0].ok
        desk.take(self.grid, office.make_return(self.centre, self.stick)[0].path)

    def disagree(self, doors: int = 1) -> list[str]:
        """Both sides write the telephone of so many households; known to both."""
        homes = [row.id for row in desk.listing(self.grid, "household").rows[:doors]]
        for home in homes:
            assert desk.keep(self.centre, "household", {"phone": THEIRS}, home).saved
            sleep(0.005)  # so that the clock, not chance, chooses
            assert desk.keep(self.grid, "household", {"phone": MINE}, home).saved
        self.trip()
        return homes


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Any]:
    made, _ = desk.init(tmp_path / "office", "synthetic-pass-9", grid_name="街道中心", who="李主任", role="office", cost=keys.QUICK)
    yield made
    made.close()


@pytest.fixture
def pair(seat: Seat, centre: Any, tmp_path: Path, rest: Rest) -> Pair:
    made: list[Pair] = []
    (tmp_path / "stick").mkdir()
    seat.ask(lambda: Pair(seat.desk, centre, tmp_path / "stick"), made.append)
    rest(seat)
    return made[0]


@pytest.fixture
def page(seat: Seat, pair: Pair, qtbot: Any, rest: Rest) -> ReviewPage:
    made = ReviewPage(seat)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    made.show()
    made.refresh()
    rest(seat)
    return made


def disagree(page: ReviewPage, pair: Pair, rest: Rest, doors: int = 1) -> list[str]:
    homes: list[Any] = []
    page.seat.ask(lambda: pair.disagree(doors), homes.append)
    rest(page.seat)
    page.refresh()
    rest(page.seat)
    return homes[0]


def words_in(page: Any) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def chips_of(page: ReviewPage) -> list[str]:
    return [each.text() for each in page.chips.findChildren(QPushButton)]


def phone(page: ReviewPage, home: str) -> str:
    return desk.values(page.seat.desk, "household", home)["phone"]


def test_nothing_waits_and_the_page_says_what_would(page: ReviewPage) -> None:
    assert "没有要核对的" in words_in(page)
    assert chips_of(page)[0] == "全部 0"
    assert not page.everything.isEnabled()
    assert not page.detail.isVisible()


def test_both_versions_stand_side_by_side_masked(page: ReviewPage, pair: Pair, rest: Rest) -> None:
    disagree(page, pair, rest)
    shown = words_in(page)
    for word in ("两边都改过 1", "全部 1"):
        assert word in chips_of(page)
    for word in ("本机", "对方", "原来", "李主任 · 街道中心", "王建平 · 本机", "161****1111", "161****2222", "时间更晚", "现在用的"):
        assert word in shown
    assert MINE not in shown and THEIRS not in shown
    first, second = (page.detail.buttons[each].parentWidget() for each in page.detail.buttons)
    assert first.y() == second.y() and first.x() != second.x()
    assert all(each.minimumHeight() >= 36 for each in page.detail.buttons.values())


def test_a_look_is_logged_and_ends(page: ReviewPage, pair: Pair, rest: Rest) -> None:
    disagree(page, pair, rest)
    secret = next(each for each in page.detail.findChildren(Secret) if each.eye.accessibleName() == "显示本机的联系电话")
    secret.eye.click()
    rest(page.seat)
    assert secret.value.text() == MINE
    assert desk.audit(page.seat.desk)[0]["what"] == "reveal"
    secret.hide_again()
    assert MINE not in words_in(page)


def test_one_click_decides_and_the_toast_takes_it_back(page: ReviewPage, pair: Pair, rest: Rest) -> None:
    (home,) = disagree(page, pair, rest)
    page.detail.remark.setText("电话核实过")
    page.detail.buttons["1"].click()
    rest(page.seat)
    assert phone(page, home) == THEIRS
    assert "没有要核对的" in words_in(page)
    shell: Any = page.seat.shell
    assert shell.said[-1].endswith("核对好了。")
    page.chips.choose("done")
    rest(page.seat)
    assert page.done.isVisible() and len(page.done.listing_model.rows) == 1
    assert not {MINE, THEIRS} & {cell for row in page.done.listing_model.rows for cell in row.cells}
    assert page.export.isVisible()
    shell.then()
    rest(page.seat)
    page.chips.choose("all")
    rest(page.seat)
    assert phone(page, home) == MINE
    assert len(page.shown) == 1


def test_the_keyboard_alone(page: ReviewPage, pair: Pair, rest: Rest, qtbot: Any) -> None:
    homes = disagree(page, pair, rest, 2)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.detail.item == page.shown[1]
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.focusWidget() is page.detail.buttons["0"]
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    rest(page.seat)
    assert len(page.shown) == 1
    qtbot.keyClick(page.table, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    rest(page.seat)
    assert page.shown == []
    assert {phone(page, home) for home in homes} == {MINE, THEIRS}


def test_all_defaults_and_what_is_put_behind(page: ReviewPage, pair: Pair, rest: Rest) -> None:
    homes = disagree(page, pair, rest, 3)
    first = page.shown[0].key
    page.detail.postpone.click()
    rest(page.seat)
    assert page.shown[-1].key == first
    assert page.detail.item.key == page.shown[0].key != first
    assert page.everything.text() == "都采用默认（3）"
    page.everything.click()
    rest(page.seat)
    assert page.shown == []
    assert [phone(page, home) for home in homes] == [MINE] * 3
    shell: Any = page.seat.shell
    shell.then()
    rest(page.seat)
    page.refresh()
    rest(page.seat)
    assert len(page.shown) == 3


def test_what_changed_meanwhile_is_told_and_shown_anew(page: ReviewPage, pair: Pair, rest: Rest) -> None:
    (home,) = disagree(page, pair, rest)
    page.seat.ask(lambda: desk.keep(page.seat.desk, "household", {"phone": "16100003333"}, home))
    page.detail.buttons["1"].click()
    rest(page.seat)
    shell: Any = page.seat.shell
    assert "刚刚变了" in shell.warned[-1]
    assert "161****3333" in words_in(page)


def test_the_rail_counts_what_waits(window: Window, centre: Any, tmp_path: Path, rest: Rest) -> None:
    (tmp_path / "stick").mkdir()
    seat = window.seat
    seat.ask(lambda: Pair(seat.desk, centre, tmp_path / "stick").disagree(2))
    rest(seat)
    window.go("review")
    assert window.main is not None
    rest(seat)
    words = [each.text() for each in window.main.rail.findChildren(QPushButton)]
    assert "待核对  2" in words
    page: Any = window.main.page
    page.everything.click()
    rest(seat)
    assert "待核对" in [each.text() for each in window.main.rail.findChildren(QPushButton)]


def test_people_kept_twice_lead_to_the_comparison_or_are_told_apart(page: ReviewPage, pair: Pair, rest: Rest) -> None:
    at = page.seat.desk
    known = desk.values(at, "resident", desk.listing(at, "resident").rows[0].id)
    twin = {name: known[name] for name in ("name", "household_id", "sex", "birth_year", "phone", "relation")}
    page.seat.ask(lambda: desk.keep(at, "resident", twin))
    page.refresh()
    rest(page.seat)
    assert "疑似重复 1" in chips_of(page)
    buttons = {each.text(): each for each in page.detail.findChildren(QPushButton) if each.isVisible()}
    buttons["去查重"].click()
    shell: Any = page.seat.shell
    assert shell.went[-1] == ("duplicates", {"key": desk.pairs(at)[0].key})
    buttons["不是同一人"].click()
    rest(page.seat)
    assert page.shown == []
    shell.then()
    rest(page.seat)
    page.refresh()
    rest(page.seat)
    assert len(page.shown) == 1


def test_an_officer_lets_in_what_was_kept_apart_and_a_grid_only_reads_of_it(page: ReviewPage, pair: Pair, rest: Rest, qtbot: Any) -> None:
    def stray() -> None:
        with pair.grid.store.work() as work:
            work.insert("resident", [{"scope": "elsewhere", "name": "李秀英", "phone": MINE, "status": "here"}])
            work.keep()
        pair.trip()

    page.seat.ask(stray)
    rest(page.seat)
    officer = Seat(pair.centre.folder, type(page.seat.shell)())
    officer.desk = pair.centre
    made = ReviewPage(officer)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    made.show()
    made.refresh()
    rest(officer)
    shown = words_in(made)
    assert "越界的记录" in shown and "3号网格" in shown and "李秀英" not in shown
    assert not made.everything.isEnabled()
    made.detail.buttons["release"].click()
    rest(officer)
    assert made.shown == []
    shell: Any = officer.shell
    assert shell.said[-1].endswith("这一步不能撤销。") and shell.then is None
    officer.desk = None
    officer.close()
