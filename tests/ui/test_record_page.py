"""A record's page over a real store: look, filter, edit beside the list, faults under fields, undo, drafts, deleting."""
from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk
from gridapp.ui.record_page import RecordPage


@pytest.fixture
def page(qtbot, seat, rest):
    made = RecordPage(seat, "household")
    qtbot.addWidget(made)
    made.resize(1150, 650)
    made.show()
    made.refresh()
    seat.changed.connect(lambda records: made.refresh())
    rest(seat)
    return made


def doors(page):
    return [row.cells[0] for row in page.table.listing_model.rows]


def test_it_shows_count_chips_rows_and_the_first_story(page):
    assert page.count.text().startswith("12 户")
    assert page.chips._buttons["all"].text() == "全部 12" and page.chips._buttons["rented"].text() == "租住 3"
    assert len(doors(page)) == 12 and doors(page)[0] == "3-1-101"
    assert page.story.row_id == page.table.chosen


def test_a_chip_and_a_word_filter_and_the_empty_result_says_what_to_do(qtbot, seat, rest, page):
    page.chips.choose("rented")
    rest(seat)
    assert len(doors(page)) == 3
    page.find_box.setText("绝无此人")
    page._rest.timeout.emit()
    rest(seat)
    assert doors(page) == []
    assert page.middle.currentIndex() == 1
    next(each for each in page.findChildren(QPushButton) if each.text() == "清除筛选").click()
    rest(seat)
    assert len(doors(page)) == 12


def test_editing_keeps_only_what_was_touched_and_undo_takes_it_back(qtbot, seat, rest, page):
    row_id = page.table.chosen
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    rest(seat)
    assert page.side.currentWidget() is page.form
    page.form.fields.editor("room").set_value("999")
    qtbot.keyClick(page.form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier) if page.form.isActiveWindow() else page.form.keep()
    rest(seat)
    assert page.form is None and page.side.currentWidget() is page.story
    assert page.table.chosen == row_id and "3-1-999" in doors(page)
    assert seat.shell.said[-1] == "住户已保存。"
    seat.shell.then()
    rest(seat)
    assert "3-1-999" not in doors(page) and seat.shell.said[-1].startswith("已撤销")


def test_faults_stand_under_their_fields_with_what_to_do(qtbot, seat, rest, page):
    page.new()
    rest(seat)
    form = page.form
    form.fields.editor("resident_count").set_raw("很多")
    form.keep()
    rest(seat)
    assert page.form is form
    for name in ("building_id", "room", "resident_count"):
        fault = form.fields.fault_label(name)
        assert fault.isVisible() and "请" in fault.text()
    assert not form.fields.fault_label("unit").isVisible()
    assert form._note.isVisible()


def test_an_unfinished_form_comes_back_as_a_draft(qtbot, seat, rest, page):
    row_id = page.table.chosen
    page.edit("household", row_id)
    rest(seat)
    page.form.fields.editor("notes").set_raw("门铃坏了，请敲门")
    page.form.leave()
    rest(seat)
    kept = []
    seat.ask(lambda: desk.setting(seat.desk, f"draft.household.{row_id}", ""), kept.append)
    rest(seat)
    assert json.loads(kept[0]) == {"notes": "门铃坏了，请敲门"}
    page.edit("household", row_id)
    rest(seat)
    assert page.form.fields.raw()["notes"] == "门铃坏了，请敲门" and page.form._recovered.isVisible()
    page.form._drop()
    rest(seat)
    assert page.form.fields.raw()["notes"] is None and not page.form.dirty


def test_a_row_with_others_behind_it_is_not_deleted_and_one_without_is(qtbot, seat, rest, page):
    page.remove(page.table.chosen)
    rest(seat)
    assert len(doors(page)) == 12 and "没有删除" in seat.shell.warned[-1]
    made = []
    building = page.table.chosen
    seat.ask(lambda: desk.keep(seat.desk, "household", {**desk.values(seat.desk, "household", building), "room": "999"}), made.append)
    rest(seat)
    page.remove(made[0].row_id)
    rest(seat)
    assert "3-1-999" not in doors(page) and seat.shell.said[-1] == "住户已删除。"
    seat.shell.then()
    rest(seat)
    assert "3-1-999" in doors(page)


def test_arriving_opens_the_row(qtbot, seat, rest, page):
    wanted = page.table.listing_model.rows[5].id
    page.arrive(row_id=wanted)
    page.refresh()
    rest(seat)
    assert page.table.chosen == wanted == page.story.row_id


def test_a_revealed_value_is_logged_and_hides_again(qtbot, seat, rest, page):
    from gridapp.ui.secret import Secret

    secret = page.story.findChildren(Secret)[0]
    masked = secret.value.text()
    assert "****" in masked
    secret.eye.click()
    rest(seat)
    assert secret.value.text().startswith("161") and "*" not in secret.value.text() and secret.eye.text() == "隐藏"
    assert secret._timer.isActive() and secret._timer.interval() == 30_000
    log = []
    seat.ask(lambda: desk.audit(seat.desk, 10), log.append)
    rest(seat)
    assert [line["what"] for line in log[0]].count("reveal") == 1 and "161" not in str(log[0])
    secret._timer.timeout.emit()
    assert secret.value.text() == masked and secret.eye.text() == "显示"


def test_a_request_shows_how_far_it_is_and_takes_its_next_step(qtbot, seat, rest):
    from gridapp.ui.request_steps import RequestSteps

    made = RecordPage(seat, "request")
    qtbot.addWidget(made)
    made.resize(1150, 650)
    made.show()
    made.refresh()
    rest(seat)
    steps = made.story.findChildren(RequestSteps)[0]
    close = next(each for each in steps.findChildren(QPushButton) if each.text() == "办结")
    close.click()
    assert steps.fields.raw()["by"] == "王建平"
    steps.fields.editor("note").set_raw("灯已更换")
    next(each for each in steps.findChildren(QPushButton) if each.text() == "记下").click()
    rest(seat)
    assert seat.shell.said[-1] == "已记下：办结。"
    made.refresh()
    rest(seat)
    fresh = made.story.findChildren(RequestSteps)[-1]
    assert any("灯已更换" in each.text() for each in fresh.findChildren(QLabel))


def test_a_new_request_needs_only_what_a_person_knows(qtbot, seat, rest):
    made = RecordPage(seat, "request")
    qtbot.addWidget(made)
    made.show()
    made.new()
    rest(seat)
    made.form.fields.editor("content").set_raw("电梯异响，住户希望尽快检修。")
    made.form.keep()
    rest(seat)
    assert made.form is None, seat.shell.warned
    made.refresh()
    rest(seat)
    assert any("电梯异响" in cell for row in made.table.listing_model.rows for cell in row.cells)


@pytest.mark.parametrize("record", ["org", "building", "household", "resident", "member", "visit", "request", "service_need", "consent"])
def test_every_record_has_its_page_and_its_form(qtbot, seat, rest, record):
    made = RecordPage(seat, record)
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    rest(seat)
    assert made.table.listing_model.rowCount() > 0
    made.edit(record, made.table.chosen)
    rest(seat)
    assert made.form.fields.by_name and not made.form.dirty
    made.form.keep()
    rest(seat)
    assert made.form is None


def test_an_empty_record_offers_the_next_step(qtbot, tmp_path, rest):
    from gridapp.store import keys
    from gridapp.ui.seat import Seat

    class Quiet:
        went: list = []

        def go(self, page, **where):
            self.went.append(page)

    bare = Seat(tmp_path, Quiet())
    opened = []
    bare.ask(lambda: desk.init(tmp_path / "bare", "synthetic-pass-1", grid_name="空网格", cost=keys.QUICK)[0], opened.append)
    rest(bare)
    bare.desk = opened[0]
    page = RecordPage(bare, "resident")
    qtbot.addWidget(page)
    page.show()
    page.refresh()
    rest(bare)
    next(each for each in page.findChildren(QPushButton) if each.text() == "导入台账" and each.isVisible()).click()
    assert Quiet.went == ["intake"]
    bare.close()


def test_arriving_puts_an_open_form_away_and_enter_leads_into_the_story(qtbot, seat, rest, page):
    page.edit("household", page.table.chosen)
    rest(seat)
    wanted = page.table.listing_model.rows[3].id
    page.arrive(row_id=wanted)
    page.refresh()
    rest(seat)
    assert page.form is None and page.side.currentWidget() is page.story and page.story.row_id == wanted
    assert page.focusProxy() is page.table
