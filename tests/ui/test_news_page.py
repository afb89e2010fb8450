"""下发: the grid's list of what came, the centre's panel of what it sends; real windows, real bundles."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.store import keys
from gridapp.ui import choosing
from gridapp.ui.window import Window
from tests.journeys.test_sent_down import BOOK, CODES, RULES
from tests.ui.conftest import PASSWORD


@pytest.fixture
def open_window(dressed: Any, qtbot: Any, rest: Callable[[Any], None]) -> Iterator[Callable[[Path], Window]]:
    """Open a window at a folder's desk."""
    opened: list[Window] = []
    bugs: list[BaseException] = []

    def make(folder: Path) -> Window:
        made, desks = Window(folder), []
        made.resize(1366, 768)
        made.seat.bug = bugs.append  # type: ignore[method-assign]
        made.seat.ask(lambda: desk.open_desk(folder, PASSWORD), desks.append)
        qtbot.waitUntil(lambda: bool(desks))
        made.show()
        made.sit(desks[0])
        rest(made.seat)
        opened.append(made)
        return made

    yield make
    for each in opened:
        each.close()
        each.deleteLater()
    assert not bugs


@pytest.fixture
def settle(rest: Callable[[Any], None]) -> Callable[[Window], None]:
    """Wait until a window's lanes are idle."""
    return lambda window: rest(window.seat)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Path]:
    """A centre's folder, nobody at it."""
    folder = tmp_path / "centre"
    desk.init(folder, PASSWORD, grid_name="示范社区", who="周主任", role="office", cost=keys.QUICK)[0].close()
    yield folder


def joined(town: Path, centre: Path, stick: Path) -> str:
    """The town's grid enrols; gives its path."""
    grid, at = desk.open_desk(town, PASSWORD), desk.open_desk(centre, PASSWORD)
    done = office.enrol(at, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick)
    desk.take(grid, done.answer)
    grid.close()
    at.close()
    return done.scope


def sent(centre: Path, stick: Path, send: Callable[[Any], object]) -> Path:
    """What the centre does, and its bundle for the one grid."""
    at = desk.open_desk(centre, PASSWORD)
    send(at)
    path = office.make_return(at, stick)[0].path
    at.close()
    return path


def publish_all(at: Any, folder: Path) -> None:
    (folder / "代码.toml").write_text(CODES, "utf-8")
    office.publish(at, "notice", text="今晚有大风。", subject="大风提示")
    office.publish(at, file=folder / "代码.toml", subject="新增居住性质")
    office.publish(at, file=BOOK, subject="统计表")


def test_what_came_is_listed_read_and_saved(open_window: Any, town: Path, centre: Path, tmp_path: Path, settle: Any, monkeypatch: Any) -> None:
    joined(town, centre, tmp_path)
    path = sent(centre, tmp_path, lambda at: publish_all(at, tmp_path))
    window = open_window(town)
    window.go("household")
    settle(window)
    old = window.main.pages["household"]
    window.go("exchange", path=path)
    settle(window)
    window.go("today")
    settle(window)
    window.go("household")
    settle(window)
    assert window.main.pages["household"] is not old, "made anew with the new codes"
    window.go("news")
    settle(window)
    page = window.main.page.above
    assert [item.title for item in page.items] == ["统计表", "新增居住性质", "大风提示"]
    assert window.main.page.subtitle.text() == "3 条新的"
    page.table.selectRow(2)
    shown = texts(page.side)
    assert "今晚有大风。" in shown and any("示范社区 周主任" in text for text in shown)
    page.look(page.items[2].key)
    settle(window)
    assert window.main.page.subtitle.text() == "2 条新的"
    page.table.selectRow(1)
    assert "居住性质：新增 1 项（合住）。" in texts(page.side)
    page.table.selectRow(0)
    monkeypatch.setattr(choosing, "save_as", lambda *_: tmp_path / "out.xlsx")
    page.ask_where(page.items[0])
    settle(window)
    assert (tmp_path / "out.xlsx").read_bytes() == BOOK.read_bytes()
    page.look()
    settle(window)
    assert window.main.page.subtitle.text() == "没有新的"


def test_an_empty_list_says_what_to_do(open_window: Any, town: Path, settle: Any) -> None:
    window = open_window(town)
    window.go("news")
    settle(window)
    page = window.main.page.above
    assert page.nothing.isVisibleTo(page) and not page.full.isVisibleTo(page)


def test_today_says_that_something_is_new(open_window: Any, town: Path, centre: Path, tmp_path: Path, settle: Any) -> None:
    scope = joined(town, centre, tmp_path)
    path = sent(centre, tmp_path, lambda at: office.dispatch(at, scope, {"content": "请核实取暖情况。"}))
    window = open_window(town)
    window.go("exchange", path=path)
    settle(window)
    window.go("today")
    settle(window)
    assert "上级下发：1 条新的" in texts(window.main.page)
    window.go("news", view="above")
    settle(window)
    assert "请核实取暖情况" in window.main.page.above.items[0].title


def test_the_centre_writes_a_notice_checks_a_file_and_withdraws(open_window: Any, centre: Path, tmp_path: Path, settle: Any) -> None:
    window = open_window(centre)
    window.go("news")
    settle(window)
    panel = window.main.page.below
    panel.write()
    panel.subject.setText("开会")
    panel.text.setPlainText("周五开会。")
    panel.send()
    settle(window)
    assert [each.subject for each in panel.sent] == ["开会"]
    (tmp_path / "规则.toml").write_text(RULES, "utf-8")
    panel.look_at(tmp_path / "规则.toml")
    settle(window)
    assert "一般 7 天 → 5 天" in panel.changes.text() and not panel.day.isVisibleTo(panel)
    panel.title.setText("办理时限")
    panel.send()
    settle(window)
    assert [each.subject for each in panel.sent] == ["办理时限", "开会"]
    panel.table.selectRow(0)
    panel.withdraw(panel.sent[0])
    settle(window)
    assert [each.state for each in panel.sent] == ["已撤回", "生效中"]
    (tmp_path / "坏.toml").write_text("[", "utf-8")
    panel.look_at(tmp_path / "坏.toml")
    settle(window)
    assert "损坏" in window.notice.text and len(panel.sent) == 2


def texts(widget: Any) -> list[str]:
    """Every label's whole text."""
    from PySide6.QtWidgets import QLabel

    return [each.text() for each in widget.findChildren(QLabel)]
