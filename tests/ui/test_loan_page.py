"""借用包 and 设备与密钥 on a real desk: made, opened, looked at, the chosen ones kept; keys changed; a computer withdrawn and taken back."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from gridapp import desk, office
from gridapp.desk import loan
from gridapp.store.keys import QUICK
from gridapp.ui.exchange_page import ExchangePage
from gridapp.ui.keys_card import DevicesCard, KeysCard
from gridapp.ui.review_bundle import ReviewBundlePage
from gridapp.ui.seat import Seat

Rest = Callable[[Seat], None]
WORD = "借用密码2026"


@pytest.fixture
def lent(tmp_path: Path) -> Path:
    """A password bundle of a laptop that holds one building, one household and one who lives there."""
    laptop, _ = desk.init(tmp_path / "laptop", "synthetic-pass-9", grid_name="借来的电脑", cost=QUICK)
    building = desk.keep(laptop, "building", {"building": "9"}).row_id
    home = desk.keep(laptop, "household", {"building_id": building, "unit": "2", "room": "901"}).row_id
    desk.keep(laptop, "resident", {"household_id": home, "name": "李秀英", "phone": "16100000001"})
    path, _ = loan.make_password_bundle(laptop, tmp_path, WORD, QUICK)
    laptop.close()
    return path


@pytest.fixture
def page(seat: Seat, qtbot: Any) -> ReviewBundlePage:
    made = ReviewBundlePage(seat, QUICK)
    qtbot.addWidget(made)
    made.show()
    return made


def test_opened_looked_at_and_kept(page: ReviewBundlePage, seat: Seat, rest: Rest, lent: Path) -> None:
    page.open()
    assert "选文件" in page.open_word.fault.text()
    page.arrive(path=lent)
    page.open_word.line.setText("别的密码2026")
    page.open()
    rest(seat)
    assert "密码不对" in page.open_word.fault.text()
    page.open_word.line.setText(WORD)
    page.open()
    rest(seat)
    assert (page.stages.currentIndex(), page.open_word.text) == (1, "")
    assert "借来的电脑" in page.about.text()
    at = next(at for at, each in enumerate(page.shown) if each.record == "household")
    page.table.selectRow(at)
    assert page.take_button.text() == "收下选中的 1 条"
    assert "901" in [theirs for _, _, theirs in page.fields.cells.rows]
    before = len(desk.listing(seat.desk, "household").rows)
    page.take()
    rest(seat)
    assert len(desk.listing(seat.desk, "household").rows) == before + 1
    page.leave_review()
    assert page.stages.currentIndex() == 0


def test_masked_until_somebody_asks(page: ReviewBundlePage, seat: Seat, rest: Rest, lent: Path) -> None:
    page.arrive(path=lent)
    page.open_word.line.setText(WORD)
    page.open()
    rest(seat)

    def said() -> list[str]:
        return [theirs for _, _, theirs in page.fields.cells.rows]

    page.table.selectRow(next(at for at, each in enumerate(page.shown) if each.record == "building"))
    assert page.eye.isHidden()
    page.table.selectRow(next(at for at, each in enumerate(page.shown) if each.record == "resident"))
    assert "161****0001" in said()
    page.eye.click()
    rest(seat)
    assert ("16100000001" in said(), page.eye.text()) == (True, "隐藏")
    looked = [each["field"] for each in desk.audit(seat.desk) if each["what"] == "reveal"]
    assert "phone" in looked
    page.eye.click()
    assert ("161****0001" in said(), page.eye.text()) == (True, "显示")


def test_made_here(page: ReviewBundlePage, seat: Seat, rest: Rest, tmp_path: Path) -> None:
    page.make_word.line.setText("short")
    page.ask_where()
    assert "至少要 8 位" in page.make_word.fault.text()
    page.make_word.line.setText(WORD)
    page.make_into(tmp_path)
    rest(seat)
    assert len(list(tmp_path.glob("*.gbx"))) == 1
    assert page.make_word.text == ""


def test_taken_by_the_ordinary_button_it_leads_here(seat: Seat, qtbot: Any, rest: Rest, lent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, went = ExchangePage(seat), []
    qtbot.addWidget(made)
    monkeypatch.setattr(seat, "go", lambda key, **where: went.append((key, where)))
    made.stick.take([lent])
    rest(seat)
    assert went == [("loan", {"path": lent})]


def test_new_keys_are_asked_about_and_explained(seat: Seat, qtbot: Any, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    card = KeysCard(seat)
    qtbot.addWidget(card)
    before = desk.state(seat.desk).words
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    card.ask()
    rest(seat)
    assert desk.state(seat.desk).words == before
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    card.ask()
    rest(seat)
    assert desk.state(seat.desk).words != before
    assert desk.state(seat.desk).words in card.said.text()


def test_a_computer_is_withdrawn_and_taken_back(seat: Seat, qtbot: Any, rest: Rest, tmp_path: Path) -> None:
    centre, _ = desk.init(tmp_path / "centre", "synthetic-pass-8", grid_name="示范社区", role="office", cost=QUICK)
    office.enrol(centre, desk.ask_to_join(seat.desk, tmp_path))
    seat.desk, grid = centre, seat.desk
    grid.close()
    card = DevicesCard(seat)
    qtbot.addWidget(card)
    card.refresh()
    rest(seat)
    assert not card.withdraw.isEnabled()
    card.table.selectRow(0)
    card.revoke()
    rest(seat)
    assert "原因" in card.said.text()
    card.why.setText("电脑丢失")
    card.revoke()
    rest(seat)
    assert (card.table.cells.rows[0][2], card.why.text()) == ("已停用", "")
    card.table.selectRow(0)
    assert not card.withdraw.isEnabled()
    card.reinstate()
    rest(seat)
    assert card.table.cells.rows[0][2] == "在用"
