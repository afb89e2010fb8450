"""The unlock page: password or code, a sentence for each fault, a wait after five tries."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from gridapp import desk
from gridapp.store import keys
from gridapp.ui.seat import Seat
from gridapp.ui.unlock import FIRST_WAIT, LONGEST_WAIT, TRIES, Unlock, wait_after

PASSWORD = "synthetic-pass-2"
Rest = Callable[[Seat], None]


@pytest.fixture
def locked(seat: Seat, tmp_path: Path, qtbot: Any, rest: Rest) -> Iterator[tuple[Unlock, str, list[Any]]]:
    """An unlock page before a store of its own; the store's recovery code; the desks it opened."""
    seat.stand_up()
    rest(seat)
    seat.folder = tmp_path / "own"
    made, code = desk.init(seat.folder, PASSWORD, grid_name="5号网格", cost=keys.QUICK)
    made.close()
    page, opened = Unlock(seat), []  # type: ignore[var-annotated]
    page.opened.connect(opened.append)
    qtbot.addWidget(page)
    page.show()
    yield page, code, opened
    for each in opened:
        each.close()


def attempt(page: Unlock, secret: str, rest: Rest) -> None:
    page.secret.line.setText(secret)
    page.open()
    rest(page.seat)


def test_the_password_opens(locked: tuple[Unlock, str, list[Any]], rest: Rest) -> None:
    page, _, opened = locked
    attempt(page, PASSWORD, rest)
    assert [each.grid_name for each in opened] == ["5号网格"]


def test_the_recovery_code_opens_however_it_is_typed(locked: tuple[Unlock, str, list[Any]], rest: Rest) -> None:
    page, code, opened = locked
    page.other.click()
    assert page.secret.line.echoMode() == QLineEdit.EchoMode.Normal
    attempt(page, f" {code.lower().replace('-', ' ')} ", rest)
    assert len(opened) == 1


def test_blank_and_wrong_say_what_to_do(locked: tuple[Unlock, str, list[Any]], rest: Rest) -> None:
    page, _, opened = locked
    page.open()
    assert "还没有输入密码" in page.secret.fault.text()
    attempt(page, "wrong", rest)
    assert "密码不对" in page.secret.fault.text()
    assert page.secret.fault.isVisible()
    assert page.start.isEnabled()
    assert page.start.text() == "打开"
    assert not opened


def test_the_fifth_wrong_try_costs_a_wait(locked: tuple[Unlock, str, list[Any]], rest: Rest) -> None:
    page, _, opened = locked
    for _ in range(TRIES):
        attempt(page, "wrong", rest)
    assert not page.start.isEnabled()
    assert f"请等 {FIRST_WAIT} 秒" in page.secret.fault.text()
    page.secret.line.setText(PASSWORD)
    page.open()
    rest(page.seat)
    assert not opened
    for _ in range(FIRST_WAIT):
        page._second.timeout.emit()
    assert page.start.isEnabled()
    attempt(page, PASSWORD, rest)
    assert len(opened) == 1


def test_waits_grow_and_end() -> None:
    waits = [wait_after(wrong) for wrong in range(1, 15)]
    assert waits[: TRIES - 1] == [0] * (TRIES - 1)
    assert waits[TRIES - 1] == FIRST_WAIT
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_WAIT


def test_a_store_in_use_is_not_a_wrong_password(locked: tuple[Unlock, str, list[Any]], rest: Rest) -> None:
    page, _, _ = locked
    other = desk.open_desk(page.seat.folder, PASSWORD)
    attempt(page, PASSWORD, rest)
    other.close()
    assert page.wrong == 0
    assert page.secret.fault.text().endswith("。")
