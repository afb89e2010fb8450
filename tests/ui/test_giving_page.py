"""台账: no export without a purpose, masked unless asked for, logged, and the page says where the file is."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from gridapp import desk
from gridapp.desk import Purpose
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable
from gridapp.ui.giving_page import GivingPage
from gridapp.ui.own_ledger_view import OwnLedgerView
from gridapp.ui.seat import Seat
from tests.ui.conftest import PASSWORD

Rest = Callable[[Seat], None]


@pytest.fixture
def page(seat: Seat, qtbot: Any) -> GivingPage:
    made = GivingPage(seat)
    qtbot.addWidget(made)
    made.resize(1176, 640)
    made.show()
    return made


def text_of(path: Path) -> str:
    sheet = load_workbook(path).worksheets[0]
    return " ".join(str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell is not None)


def test_without_a_purpose_nothing_is_asked(page: GivingPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "save_as", lambda *_: pytest.fail("asked for a place"))
    page.start.click()
    assert "还没有写用途" in page.purpose.fault.text()
    assert page.purpose.fault.isVisible()
    page.purpose.line.setText("上报社区党委")
    assert not page.purpose.fault.isVisible()


def test_masked_by_default_and_logged(page: GivingPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "住户.xlsx"
    monkeypatch.setattr(choosing, "save_as", lambda *_: out)
    page.arrive(key="household")
    page.purpose.line.setText("打印存档")
    page.ask_where()
    rest(page.seat)
    assert "李秀英" in text_of(out), "the branch knows its own people"
    assert "161****0000" in text_of(out) and "16100000000" not in text_of(out)
    assert str(out) in page.written.told.text()
    assert page.written.isVisible()
    last = desk.audit(page.seat.desk, 1)[0]
    assert (last["what"], last["field"]) == ("export", "masked")
    assert "打印存档" in last["purpose"]


def test_full_numbers_when_switched_on_and_only_once(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.arrive(key="household")
    page.purpose.full.setChecked(True)
    assert "查看与导出记录" in page.purpose.effect.text()
    page.purpose.line.setText("上级要求原件")
    assert not page.purpose.ready() and "密码" in page.purpose.unlock.fault.text()
    page.purpose.unlock.line.setText(PASSWORD)
    assert page.purpose.ready()
    page.write(tmp_path / "全.xlsx")
    rest(page.seat)
    assert "16100000000" in text_of(tmp_path / "全.xlsx")
    assert desk.audit(page.seat.desk, 1)[0]["field"] == "full"
    assert page.purpose.masked.isChecked()


def test_the_wrong_password_writes_nothing(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.purpose.full.setChecked(True)
    page.purpose.line.setText("上级要求原件")
    page.purpose.unlock.line.setText("not-the-password")
    page.write(tmp_path / "全.xlsx")
    rest(page.seat)
    shell: Any = page.seat.shell
    assert "密码不对" in shell.warned[-1] and not (tmp_path / "全.xlsx").exists()


def test_what_goes_up_whole_is_offered_a_password_of_its_own(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    from gridapp.ledgers import locking

    page.purpose.choices[Purpose.UPWARD].setChecked(True)
    page.purpose.full.setChecked(True)
    assert page.purpose.lock.isChecked()
    page.purpose.line.setText("上级要求原件")
    page.purpose.unlock.line.setText(PASSWORD)
    assert not page.purpose.ready() and page.purpose.file.fault.text()
    page.purpose.file.line.setText("示范密码1234")
    page.write(tmp_path / "全.xlsx")
    rest(page.seat)
    assert locking.unlock((tmp_path / "全.xlsx").read_bytes(), "示范密码1234").startswith(b"PK")
    assert not page.purpose.unlock.line.text() and not page.purpose.file.line.text(), "asked anew the next time"


def test_for_the_street_there_is_no_whole(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.purpose.full.setChecked(True)
    page.purpose.choices[Purpose.PUBLIC].setChecked(True)
    assert page.purpose.masked.isChecked() and not page.purpose.full.isEnabled()
    page.arrive(key="household")
    page.purpose.line.setText("公示栏张贴")
    page.write(tmp_path / "公示.xlsx")
    rest(page.seat)
    assert "李*英" in text_of(tmp_path / "公示.xlsx") and "李秀英" not in text_of(tmp_path / "公示.xlsx")


def test_every_ledger_can_be_written(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.purpose.line.setText("支部内部工作使用")
    for at, choice in enumerate(page.list.choices):
        page.arrive(key=choice.key)
        rest(page.seat)
        page.write(tmp_path / f"{at}.xlsx")
        rest(page.seat)
        assert page.written.path == tmp_path / f"{at}.xlsx", choice.key
        assert choice.title.removesuffix("（全部栏目）") in page.written.told.text()
        assert (tmp_path / f"{at}.xlsx").is_file()


def test_a_part_of_the_rows(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.arrive(key="visit")
    rest(page.seat)
    assert {"building", "since", "until"} <= page.picking.fields.keys()
    page.purpose.line.setText("打印存档")
    page.picking.fields["since"].set_raw("昨天吧")
    assert not page.picking.ready() and page.picking.fault.text().endswith("。")
    page.picking.fields["since"].set_raw("2030-01-02")
    page.picking.fields["until"].set_raw("2030-01-01")
    assert not page.picking.ready() and "晚于" in page.picking.fault.text()
    page.picking.fields["until"].set_raw("2030-01-03")
    assert page.picking.ready()
    page.write(tmp_path / "a.xlsx")
    rest(page.seat)
    assert "，0 行" in page.written.told.text() and "2030-01-02 至 2030-01-03" in text_of(tmp_path / "a.xlsx")


def test_what_is_never_public_is_said_before_it_is_asked(page: GivingPage) -> None:
    page.purpose.choices[Purpose.PUBLIC].setChecked(True)
    page.arrive(key="service")
    assert "不能公示" in page.fault.text() and not page.start.isEnabled()
    page.arrive(key="member")
    assert not page.fault.text() and page.start.isEnabled()


def test_a_list_by_category_is_said_to_be_sensitive_before_it_is_asked(page: GivingPage, rest: Rest) -> None:
    page.arrive(key="household")
    rest(page.seat)
    page.picking.fields["category"].set_value("alone")
    page.picking.changed.emit()
    assert "服务类别" in page.fault.text() and not page.start.isEnabled()
    page.purpose.full.setChecked(True)
    assert not page.fault.text() and page.start.isEnabled()
    page.purpose.calm()
    page.picking.fields["category"].set_value(None)
    page.picking.changed.emit()
    assert page.start.isEnabled()


def test_an_aim_goes_with_its_purpose(page: GivingPage) -> None:
    page.purpose.line.setText("走访时带着")
    page.purpose.choices[Purpose.PUBLIC].setChecked(True)
    assert page.purpose.text == ""
    page.purpose.line.setText("自己写的")
    page.purpose.choices[Purpose.UPWARD].setChecked(True)
    assert page.purpose.text == "自己写的"


@pytest.fixture
def editing(page: GivingPage, rest: Rest) -> OwnLedgerView:
    """An own ledger of residents being made."""
    page.new_own()
    rest(page.seat)
    page.editing.kinds.choose("resident")
    rest(page.seat)
    return page.editing


def taken(editing: OwnLedgerView) -> list[str]:
    return [editing.taken.item(at).text() for at in range(editing.taken.count())]


def choose(editing: OwnLedgerView, text: str) -> None:
    at = next(at for at in range(editing.there.count()) if editing.there.item(at).text() == text)
    editing.there.setCurrentRow(at)
    editing.add()


def test_an_own_ledger_is_made_changed_given_out_and_deleted(
    page: GivingPage, editing: OwnLedgerView, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert taken(editing) == ["姓名", "楼栋房号", "联系电话"]
    editing.keep()
    assert "名称" in editing.name.fault.text()
    choose(editing, "年龄")
    editing.shift(-1)
    editing.taken.item(0).setText("名字")
    editing.taken.setCurrentRow(1)
    editing.take_off()
    assert taken(editing) == ["名字", "年龄", "联系电话"]
    editing.name.line.setText("联系表")
    editing.keep()
    rest(page.seat)
    assert page.choice.title == "联系表" and page.mine.isVisible() and page.sides.currentIndex() == 0
    page.purpose.line.setText("走访时带着")
    page.write(tmp_path / "a.xlsx")
    rest(page.seat)
    assert "名字 年龄 联系电话" in text_of(tmp_path / "a.xlsx") and "161****0000" in text_of(tmp_path / "a.xlsx")
    page.edit_own()
    rest(page.seat)
    assert taken(editing) == ["名字", "年龄", "联系电话"]
    choose(editing, "留空手填")
    editing.save.click()
    rest(page.seat)
    assert page.own[page.choice.key].form.headings[-1] == "留空手填"
    monkeypatch.setattr(choosing, "save_as", lambda *_: tmp_path / "联系表.toml")
    monkeypatch.setattr(choosing, "file", lambda *_: tmp_path / "联系表.toml")
    page.share()
    rest(page.seat)
    page.drop()
    rest(page.seat)
    assert not page.own and not page.mine.isVisible()
    page.take()
    rest(page.seat)
    assert page.choice.title == "联系表"
    assert desk.drop_ledger(page.seat.desk, page.choice.key)


def test_the_first_rows_are_shown_before_it_is_kept(editing: OwnLedgerView, rest: Rest, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: "共" in editing.counted.text())
    table = editing.peeked.itemAt(0).widget()
    assert isinstance(table, CellsTable) and table.cells.headings[1].text == "姓名"
    assert not [cells for cells in table.cells.rows if cells[3] and "****" not in cells[3]]
    while editing.taken.count():
        editing.taken.setCurrentRow(0)
        editing.take_off()
    qtbot.waitUntil(lambda: "还没有选栏目" in editing.counted.text())
    editing.name.line.setText("空的")
    editing.keep()
    assert "至少选一栏" in editing.fault.text() and editing.isVisible()
    editing.leave()


def test_a_choice_from_elsewhere_does_not_widen_unseen(page: GivingPage, rest: Rest) -> None:
    own = desk.draft_ledger("member", "远方的", [("name", "")], picked=desk.Picked(building="九十九号楼", group="没有的组"))
    key = desk.keep_ledger(page.seat.desk, own)
    page.refresh(key)
    rest(page.seat)
    assert page.picking.picked() == desk.Picked(building="九十九号楼", group="没有的组")
    desk.drop_ledger(page.seat.desk, key)


def test_a_place_that_cannot_take_it_is_said(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.purpose.line.setText("打印存档")
    page.write(tmp_path / "没有" / "住户.xlsx")
    rest(page.seat)
    shell: Any = page.seat.shell
    assert shell.warned[-1].endswith("。")
    assert not page.written.isVisible()
    assert page.start.isEnabled()


def test_open_and_open_folder(page: GivingPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find_child: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    opened: list[Path] = []
    monkeypatch.setattr(choosing, "show_in_system", lambda seat, path: opened.append(path))
    page.purpose.line.setText("打印存档")
    page.write(tmp_path / "a.xlsx")
    rest(page.seat)
    find_child(page, QPushButton, "打开").click()
    find_child(page, QPushButton, "打开所在文件夹").click()
    assert opened == [tmp_path / "a.xlsx", tmp_path]


def template(path: Path, headings: list[str]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["某街道居民情况表"])
    sheet.append(headings)
    book.save(path)
    return path


def test_somebody_elses_table_is_filled_and_what_was_said_is_remembered(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    empty, out = template(tmp_path / "空表.xlsx", ["序号", "姓名", "联系电话", "包保单位"]), tmp_path / "填好.xlsx"
    page.arrive(template=empty)
    rest(page.seat)
    assert "要填 12 条" in page.filling.title.text() and list(page.filling.answers) == ["包保单位"]
    page.filling.answers["包保单位"].set_raw("示范单位")
    page.filling.purpose.line.setText("报街道")
    page.filling.write(out)
    rest(page.seat)
    assert page.filling.written.isVisible() and "填了 12 行" in page.filling.written.told.text()
    assert "示范单位" in text_of(out) and "161****" in text_of(out) and "16100000" not in text_of(out)
    page.arrive(template=empty)
    rest(page.seat)
    assert page.filling.answers["包保单位"].value() == "示范单位" and not page.filling.written.isVisible()


def test_a_file_that_cannot_be_filled_says_why_in_its_place(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    (tmp_path / "通知.csv").write_text("姓名,电话\n", "utf-8")
    page.arrive(template=tmp_path / "通知.csv")
    rest(page.seat)
    assert "填不了" in page.filling.title.text() and not page.filling.start.isEnabled()
    page.list.setCurrentRow(2)
    assert page.sides.currentIndex() == 0


def test_what_is_chosen_goes_to_the_printing_page(page: GivingPage, rest: Rest) -> None:
    page.arrive(key="visit")
    rest(page.seat)
    page.purpose.line.setText("月底存档")
    page.paper.click()
    shell: Any = page.seat.shell
    went, where = shell.went[-1]
    assert went == "printing" and (where["sheet"], where["ledger"], where["aim"], where["whole"]) == ("ledger", "visit", "月底存档", False)
    assert where["picked"] == desk.Picked()


def test_a_column_taken_for_the_wrong_thing_is_put_right_and_stays_so(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    empty, out = template(tmp_path / "空表.xlsx", ["序号", "姓名", "联系电话", "备注"]), tmp_path / "填好.xlsx"
    page.arrive(template=empty)
    rest(page.seat)
    (shown,) = page.filling.tables
    shown.check.click()
    assert list(shown.checked) == ["姓名", "联系电话", "备注"]
    shown.checked["备注"].set_raw("{{楼号}}")
    shown.checked["联系电话"].set_raw("{{留空}}")
    page.filling.purpose.line.setText("报街道")
    page.filling.write(out)
    rest(page.seat)
    assert "161****" not in text_of(out) and page.filling.written.isVisible()
    page.arrive(template=empty)
    rest(page.seat)
    page.filling.tables[0].check.click()
    assert page.filling.tables[0].checked["备注"].value() == "{{楼号}}"


def test_what_the_rows_are_can_be_said(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    page.arrive(template=template(tmp_path / "空表.xlsx", ["姓名", "性别", "联系电话"]))
    rest(page.seat)
    page.filling.tables[0].kind.set_value("party")
    page.filling.tables[0].kind.edited.emit()
    rest(page.seat)
    assert page.filling.tables[0].found.kind == "党员" and page.filling.kinds


def test_cards_ask_how_they_are_put(page: GivingPage, rest: Rest, tmp_path: Path) -> None:
    from tests.ledgers import shapes

    page.arrive(template=shapes.household_card(tmp_path / "卡.xlsx"))
    rest(page.seat)
    assert not page.filling.cards.isHidden() and page.filling.together.isChecked()
    page.filling.apart.setChecked(True)
    page.filling.purpose.line.setText("走访时带着")
    page.filling.write(tmp_path / "卡片.xlsx")
    rest(page.seat)
    made = list((tmp_path / "卡片").glob("*.xlsx"))
    assert made and f"{len(made)} 个文件" in page.filling.written.told.text()
