"""记走访: found by initials, kept with its request in one go, faults beside the fields, the keyboard alone."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp import desk
from gridapp.ui.seat import Seat
from gridapp.ui.visit_entry import VisitEntry

Rest = Callable[[Seat], None]
CONTENT = "老人腿脚不便，已约好下周陪同就医。"


@pytest.fixture
def page(seat: Seat, qtbot: Any, rest: Rest) -> VisitEntry:
    made = VisitEntry(seat)
    qtbot.addWidget(made)
    made.resize(1176, 640)
    made.show()
    made.refresh()
    rest(seat)
    return made


def look_for(page: VisitEntry, text: str, qtbot: Any, rest: Rest) -> None:
    """Type (Chinese comes from an input method, not from keys), and wait until the desk has answered."""
    if text.isascii():
        qtbot.keyClicks(page.picker.line, text)
    else:
        page.picker.line.setText(text)
        page.picker.line.textEdited.emit(text)
    qtbot.waitUntil(lambda: not page.picker._rest.isActive())
    rest(page.seat)


def counts(seat: Seat) -> tuple[int, int]:
    return len(desk.listing(seat.desk, "visit").rows), len(desk.listing(seat.desk, "request").rows)


def test_today_and_the_last_visitors_stand_there(page: VisitEntry) -> None:
    assert page.visit["visit_date"].editor.value() == page.seat.desk.today().isoformat()
    assert page.visit["visitors"].editor.value() == "王建平"


@pytest.mark.parametrize("typed", ["lxy", "李秀", "lixiuy", "3-1-101"])
def test_a_household_by_what_one_remembers(page: VisitEntry, qtbot: Any, rest: Rest, typed: str) -> None:
    look_for(page, typed, qtbot, rest)
    assert page.picker.list.isVisible()
    qtbot.keyClick(page.picker.line, Qt.Key.Key_Return)
    rest(page.seat)
    assert page.picker.hit.title == "3-1-101"
    assert not page.picker.list.isVisible()
    assert page.visit["content"].editor.hasFocus()


def test_the_arrows_choose_another(page: VisitEntry, qtbot: Any, rest: Rest) -> None:
    look_for(page, "3-", qtbot, rest)
    first = page.picker.list.currentRow()
    qtbot.keyClick(page.picker.line, Qt.Key.Key_Down)
    assert page.picker.list.currentRow() == first + 1


def test_nobody_found_says_what_to_do(page: VisitEntry, qtbot: Any, rest: Rest) -> None:
    look_for(page, "zzzz", qtbot, rest)
    assert "没有找到" in page.picker._note.text()
    assert not page.picker.list.isVisible()


def test_a_visit_by_keyboard_alone_and_taken_back(page: VisitEntry, qtbot: Any, rest: Rest) -> None:
    visits, requests = counts(page.seat)
    look_for(page, "lxy", qtbot, rest)
    qtbot.keyClick(page.picker.line, Qt.Key.Key_Return)
    page.visit["content"].editor.setPlainText(CONTENT)
    qtbot.keyClick(page.visit["content"].editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(page.seat)
    shell: Any = page.seat.shell
    assert "3-1-101 的走访记好了" in shell.said[-1]
    assert counts(page.seat) == (visits + 1, requests)
    assert page.picker.hit is None
    assert page.visit["content"].editor.value() is None
    assert page.visit["visitors"].editor.value() == "王建平"
    assert page.picker.line.hasFocus()
    shell.then()
    rest(page.seat)
    assert counts(page.seat) == (visits, requests)


def test_a_visit_and_its_request_in_one_go(page: VisitEntry, qtbot: Any, rest: Rest) -> None:
    visits, requests = counts(page.seat)
    look_for(page, "lxy", qtbot, rest)
    page.visit["content"].editor.setPlainText(CONTENT)
    page.visit["problem"].editor.setPlainText("希望加装扶手")
    page.more.setChecked(True)
    assert page.request["content"].editor.value() == "希望加装扶手"
    page.keep()
    rest(page.seat)
    assert counts(page.seat) == (visits + 1, requests + 1)
    assert not page.more.isChecked()
    newest = max(desk.listing(page.seat.desk, "request").rows, key=lambda row: row.id)
    kept = desk.values(page.seat.desk, "request", newest.id)
    assert kept["visit_id"]
    assert kept["household_id"]
    assert kept["due_date"]
    assert kept["source"] == "visit"


def test_faults_stand_beside_their_fields_and_nothing_is_kept(page: VisitEntry, rest: Rest) -> None:
    before = counts(page.seat)
    page.visit["visit_date"].editor.set_value(None)
    page.visit["visit_date"].editor.line.setText("昨天吧")
    page.more.setChecked(True)
    page.keep()
    rest(page.seat)
    assert counts(page.seat) == before
    for field in (page.visit["visit_date"], page.visit["content"], page.request["content"]):
        assert field.fault.isVisible()
        assert field.fault.text()
    assert "哪一户" in page.picker.fault.text()
    assert page.save.isEnabled()


def test_a_place_instead_of_a_household(page: VisitEntry, rest: Rest) -> None:
    before = counts(page.seat)
    page._outdoors.click()
    page.visit["place"].editor.setText("小区东门")
    page.visit["content"].editor.setPlainText(CONTENT)
    page.keep()
    rest(page.seat)
    assert counts(page.seat) == (before[0] + 1, before[1])


def test_arriving_with_a_household(page: VisitEntry, rest: Rest) -> None:
    home = desk.households(page.seat.desk, "3-1-101")[0].household_id
    page.arrive(household_id=home)
    rest(page.seat)
    assert page.picker.hit.household_id == home
    assert page.picker.line.text() == "3-1-101"


def test_esc_goes_back(page: VisitEntry, qtbot: Any) -> None:
    qtbot.keyClick(page.picker.line, Qt.Key.Key_Escape)
    shell: Any = page.seat.shell
    assert shell.went[-1][0] == "back"


def test_what_was_typed_outlives_the_lock(page: VisitEntry, qtbot: Any, rest: Rest) -> None:
    look_for(page, "lxy", qtbot, rest)
    qtbot.keyClick(page.picker.line, Qt.Key.Key_Return)
    rest(page.seat)
    page.visit["content"].editor.setPlainText(CONTENT)
    page.more.setChecked(True)
    page.request["content"].editor.setPlainText("加装扶手")
    page.put_away()
    rest(page.seat)
    again = VisitEntry(page.seat)
    qtbot.addWidget(again)
    again.show()
    again.refresh()
    rest(page.seat)
    assert again.visit["content"].editor.value() == CONTENT
    assert again.request["content"].editor.value() == "加装扶手"
    assert again.picker.hit.title == "3-1-101"
    assert desk.setting(page.seat.desk, "draft.visit_entry", "") == ""


def test_an_empty_page_leaves_no_draft(page: VisitEntry, rest: Rest) -> None:
    page.put_away()
    rest(page.seat)
    assert desk.setting(page.seat.desk, "draft.visit_entry", "") == ""


def test_tab_goes_through_the_fields_and_ends_at_save(page: VisitEntry, qtbot: Any) -> None:
    page.more.setChecked(True)
    page.picker.line.setFocus()
    seen = []
    for _ in range(30):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        seen.append(page.focusWidget())
        if page.save.hasFocus():
            break
    assert page.save.hasFocus()
    wanted = [page.visit[name].editor for name in ("manner", "visitors", "interviewee", "content", "problem")] + [page.more]
    wanted += [page.request[name].editor for name in ("request_type", "urgency", "category", "handler", "content")]
    assert [each for each in seen if each in wanted] == wanted
