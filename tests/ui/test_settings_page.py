"""设置与体检: the check-up, backups, the password, looks, the log."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

import gridapp
from gridapp import desk
from gridapp.rules.reading import Trouble
from gridapp.store import keys
from gridapp.ui import choosing, sample, theme
from gridapp.ui.recovery_card import RecoveryCard
from gridapp.ui.seat import Seat
from gridapp.ui.settings_page import SettingsPage
from gridapp.ui.settings_parts import WHAT, log_line

Rest = Callable[[Seat], None]
OLD, NEW = "synthetic-pass-1", "another pass 77"


@pytest.fixture
def page(seat: Seat, qtbot: Any, rest: Rest) -> SettingsPage:
    made = SettingsPage(seat)
    qtbot.addWidget(made)
    made.resize(1176, 640)
    made.show()
    made.refresh()
    rest(seat)
    return made


def test_the_check_up_shows_every_line(page: SettingsPage, rest: Rest) -> None:
    page.check.check()
    rest(page.seat)
    words = [each.text() for each in page.check.findChildren(QLabel)]
    for line in desk.check_up(page.seat.desk):
        # Free space changes while one looks.
        assert line.text in words or line.text.startswith("磁盘")
    assert any(word.startswith("磁盘") for word in words)
    assert "正常" in words


def test_backups_go_where_they_were_sent(page: SettingsPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(choosing, "folder", lambda *_: stick)
    assert "还没有备份" in page.backup.last.text()
    page.backup.pick()
    rest(page.seat)
    assert str(stick) in page.backup.where.text()
    page.backup.back_up()
    rest(page.seat)
    page.backup.back_up()
    rest(page.seat)
    assert len(list(stick.glob("*.gbk"))) == 2
    assert "今天" in page.backup.last.text()
    stick.rename(tmp_path / "gone")
    page.backup.back_up()
    rest(page.seat)
    shell: Any = page.seat.shell
    assert "找不到" in shell.warned[-1]


def change(page: SettingsPage, old: str, new: str, again: str, rest: Rest) -> None:
    for line, text in ((page.password.old, old), (page.password.new, new), (page.password.again, again)):
        line.line.setText(text)
    page.password.change()
    rest(page.seat)


@pytest.mark.parametrize(
    ("old", "new", "again", "where"), [("", NEW, NEW, "old"), ("wrong", NEW, NEW, "old"), (OLD, "short", "short", "new"), (OLD, NEW, "x", "again")]
)
def test_a_password_not_changed_says_why(page: SettingsPage, rest: Rest, old: str, new: str, again: str, where: str) -> None:
    page.view("looks")
    change(page, old, new, again, rest)
    assert getattr(page.password, where).fault.isVisible()
    with pytest.raises(Trouble):
        desk.change_password(page.seat.desk, NEW, "whatever else")


def test_a_new_password_opens_next_time(page: SettingsPage, rest: Rest) -> None:
    change(page, OLD, NEW, NEW, rest)
    assert page.password.old.text == ""
    folder = page.seat.folder
    page.seat.stand_up()
    rest(page.seat)
    again = desk.open_desk(folder, NEW)
    assert again.grid_name == "3号网格"
    again.close()


def test_theme_and_type_are_kept_and_dressed_at_once(page: SettingsPage) -> None:
    page.looks.themes.choose("dark")
    page.looks.more.click()
    shell: Any = page.seat.shell
    assert shell.went.count(("redress", {})) == 2
    assert page.seat.settings.value("theme") == "dark"
    assert page.looks.points == theme.NORMAL + 1
    for _ in range(20):
        page.looks.less.click()
    assert page.looks.points == theme.SMALLEST
    assert not page.looks.less.isEnabled()


def test_the_log_names_what_was_seen_and_never_the_value(page: SettingsPage, rest: Rest) -> None:
    person = desk.listing(page.seat.desk, "resident").rows[0].id
    value = desk.reveal(page.seat.desk, "resident", person, "phone")
    page.refresh()
    rest(page.seat)
    first = page.log.table.cells.rows[0]
    assert first[1:5] == ("王建平", "查看全号", "居民", "联系电话")
    assert all(value not in cell for row in page.log.table.cells.rows for cell in row)


def test_everything_the_program_notes_has_its_chinese_word() -> None:
    sources = [path.read_text("utf-8") for folder in ("desk", "office") for path in (Path(gridapp.__file__).parent / folder).glob("*.py")]
    noted = {what for source in sources for what in re.findall(r'\bnote\([\w.]+, desk, "([^"]+)"', source)}
    assert noted == set(WHAT)


def test_a_line_of_a_newer_version_is_shown_as_it_is() -> None:
    line = {"at": "2026-11-21T02:00:00.000Z", "who": "甲", "what": "teleport", "record": "moon", "field": "", "purpose": None}
    assert log_line(line)[1:] == ("甲", "teleport", "", "", "")


def test_leftover_sample_data_go_with_one_click(seat: Seat, qtbot: Any, rest: Rest, find_child: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    from gridapp.store import keys

    sample.open_sample(seat.folder, cost=keys.QUICK).close()
    seat.desk.is_sample = False
    made = SettingsPage(seat)
    qtbot.addWidget(made)
    made.show()
    made.view("more")
    find_child(made, QPushButton, "删除示例数据").click()
    rest(seat)
    assert not sample.there(seat.folder)
    assert not made.leftover.isVisible()
    assert desk.exists(seat.folder)


def test_a_lost_recovery_code_is_replaced_and_the_old_one_is_void(qtbot: Any, seat: Seat, rest: Rest) -> None:
    card = RecoveryCard(seat, keys.QUICK)
    qtbot.addWidget(card)
    card.secret.line.setText(OLD)
    card.renew()
    rest(seat)
    first = card.page.code
    assert keys.unlock(seat.desk.folder / "key.json", first) == seat.desk.store.key
    card.secret.line.setText(first)
    card.renew()
    rest(seat)
    assert card.page.code != first
    with pytest.raises(keys.WrongPassword):
        keys.unlock(seat.desk.folder / "key.json", first)


def test_what_was_said_of_columns_is_listed_carried_and_forgotten(
    page: SettingsPage, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "居民.csv"
    book.write_text("姓名,电话,楼号,单元,房号,别的\n钱新来,16100009001,3,1,101,会书法\n", "utf-8")
    at = page.seat.desk
    (table,) = desk.preview(at, book).sheets[0].tables
    desk.take_in(at, book, said={table.signature: desk.Said("resident").column(5, "notes")})
    page.view("more")
    page.refresh()
    rest(page.seat)
    assert page.headings.table.cells.rows == [("居民", "第 6 列是“备注”")]
    monkeypatch.setattr(choosing, "save_as", lambda *_: tmp_path / "列的对应.json")
    monkeypatch.setattr(choosing, "file", lambda *_: tmp_path / "列的对应.json")
    page.headings.carry_out()
    rest(page.seat)
    page.headings.table.selectRow(0)
    page.headings.forget()
    rest(page.seat)
    assert page.headings.known == [] and page.headings.none.isVisible()
    page.headings.carry_in()
    rest(page.seat)
    assert len(page.headings.known) == 1
    page.headings.carry_in()
    rest(page.seat)
    assert "都已经有了" in page.seat.shell.said[-1]


OTHERS = ["", "[]", "{}", '{"mark": "gridapp-headings"}', '{"mark": "other", "headings": {}}', "[" * 5000, "\ud7ff" * 400_000]


@pytest.mark.parametrize("text", OTHERS)
def test_another_file_is_no_headings_and_changes_nothing(seat: Seat, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Trouble, match="列的对应"):
        desk.carry_in(seat.desk, path)
    assert desk.remembered(seat.desk) == []
