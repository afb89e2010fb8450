"""A small synthetic town in a real store, made once and copied for each test, and a window or a bare seat upon it."""
from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from gridapp import desk
from gridapp.store import keys
from gridapp.ui import theme
from gridapp.ui.seat import Seat
from gridapp.ui.window import Window

PASSWORD = "synthetic-pass-1"
NAMES = ["李秀英", "张国强", "周玉兰", "何美华", "孙长河", "赵德福", "欧阳静", "单文彬", "曾桂香", "覃志勇", "王建平", "陈志远"]


def settled(kept: desk.Kept) -> str:
    """The row that was kept; a fault in the town itself is a bug of this file."""
    assert kept.saved, kept.faults
    return kept.row_id


def settle_town(at: desk.Desk) -> None:
    """Twelve doors, a person or two behind each, three members, visits, requests."""
    day = at.today().isoformat()
    building = settled(desk.keep(at, "building", {"building": "3", "unit_count": "2"}))
    for number, name in enumerate(NAMES):
        unit, room = str(number % 2 + 1), f"{number // 2 + 1}0{number % 3 + 1}"
        door = {"building_id": building, "unit": unit, "room": room, "dwelling": "租住" if number % 4 == 3 else "自住"}
        home = settled(desk.keep(at, "household", door))
        person = {"name": name, "household_id": home, "relation": "户主", "sex": "女" if number % 2 == 0 else "男", "birth_year": 1940 + number}
        resident = settled(desk.keep(at, "resident", {**person, "phone": f"161{number:08d}"}))
        if number < 4:
            consent = {"resident_id": resident, "given_on": day, "notice_version": "1"}
            settled(desk.keep(at, "consent", {**_first("consent"), **consent}))
            settled(desk.keep(at, "service_need", {**_first("service_need"), "resident_id": resident, "review_on": day}))
        visit = {"visit_date": day, "visitors": "王建平", "household_id": home, "content": "血压药快用完，已联系社区医院送药上门。"}
        request = {"content": "楼道灯不亮，住户希望尽快修好。", **_first("request")} if number < 3 else None
        settled(desk.keep_visit(at, visit, request))
    for name in NAMES[9:]:
        member = {"name": name, "birth": "1956-11-26", "join_date": "1996-11-26", "regular_date": "1997-11-26"}
        settled(desk.keep(at, "member", {**_first("member"), **member}))


def _first(record: str) -> dict[str, Any]:
    """The first code of every required choice."""
    from gridapp.records import BY_NAME, columns
    from gridapp.records.kinds import Choice

    return {each.name: next(iter(each.kind.codes.items)) for each in columns(BY_NAME[record]) if each.required and isinstance(each.kind, Choice)}


@pytest.fixture(scope="session")
def town_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's folder; do not open it, copy it."""
    folder = tmp_path_factory.mktemp("town") / "data"
    at, _ = desk.init(folder, PASSWORD, grid_name="3号网格", who="王建平", cost=keys.QUICK, sample=True)
    settle_town(at)
    at.close()
    return folder


@pytest.fixture
def town(town_once: Path, tmp_path: Path) -> Path:
    """A test's own copy of the town."""
    return Path(shutil.copytree(town_once, tmp_path / "data"))


@pytest.fixture(autouse=True)
def dressed(qapp: Any) -> Any:
    """The application in its light dress, whatever the test before chose."""
    theme.apply(qapp, "light", theme.NORMAL)
    return qapp


class Recorder:
    """A shell that only remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.warned: list[str] = []
        self.went: list[tuple[str, dict[str, Any]]] = []
        self.then: Any = None

    def say(self, text: str, action: str = "", then: Any = None) -> None:
        self.said.append(text)
        self.then = then

    def warn(self, text: str) -> None:
        self.warned.append(text)

    def go(self, page: str, **where: Any) -> None:
        self.went.append((page, where))

    def back(self) -> None:
        self.went.append(("back", {}))

    def help(self) -> None:
        self.went.append(("help", {}))

    def lock(self) -> None:
        self.went.append(("lock", {}))

    def redress(self) -> None:
        self.went.append(("redress", {}))


@pytest.fixture
def seat(dressed: Any, town: Path, qtbot: Any) -> Iterator[Seat]:
    """A seat at the town's desk, with a shell that records (seat.shell.said, .warned, .went)."""
    made = Seat(town, Recorder())
    opened: list[Any] = []
    made.ask(lambda: desk.open_desk(town, PASSWORD), opened.append)
    qtbot.waitUntil(lambda: bool(opened))
    made.desk = opened[0]
    bugs: list[BaseException] = []
    made.bug = bugs.append  # type: ignore[method-assign]
    yield made
    made.close()
    assert not bugs


@pytest.fixture
def rest(qtbot: Any) -> Callable[[Seat], None]:
    """Wait until a seat's lanes have nothing left to do and what they brought is laid out."""

    def idle(seat: Seat) -> bool:
        return not seat.store.busy and not seat.files.busy

    def wait(seat: Seat) -> None:
        settled = False
        while not settled:
            qtbot.waitUntil(lambda: idle(seat), timeout=15000)
            for _ in range(3):
                QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
                QApplication.processEvents()
            settled = idle(seat)

    return wait


@pytest.fixture
def imported(seat: Seat, qtbot: Any, rest: Callable[[Seat], None], tmp_path: Path) -> Callable[..., Any]:
    """imported(*lines): the import page after a workbook of these lines was taken in."""
    from openpyxl import Workbook

    from gridapp.ui.intake_page import IntakePage

    def take(*lines: list[Any]) -> IntakePage:
        book = Workbook()
        for line in lines:
            book.active.append(line)  # type: ignore[union-attr]
        book.save(tmp_path / "居民.xlsx")
        page = IntakePage(seat)
        qtbot.addWidget(page)
        page.resize(1176, 640)
        page.show()
        page.open([tmp_path / "居民.xlsx"])
        rest(seat)
        page.take_in()
        rest(seat)
        return page

    return take


@pytest.fixture
def window(dressed: Any, town: Path, qtbot: Any, rest: Callable[[Seat], None]) -> Iterator[Window]:
    """The window, sitting at the town's desk on the 今日 page."""
    made = Window(town)
    made.resize(1366, 768)
    opened: list[Any] = []
    made.seat.ask(lambda: desk.open_desk(town, PASSWORD), opened.append)
    qtbot.waitUntil(lambda: bool(opened))
    made.show()
    bugs: list[BaseException] = []
    made.seat.bug = bugs.append  # type: ignore[method-assign]
    made.sit(opened[0])
    rest(made.seat)
    yield made
    made.close()
    assert not bugs
    made.deleteLater()


def child(widget: QWidget, kind: type, text: str) -> Any:
    """The first visible child of a kind with exactly this text."""
    return next(each for each in widget.findChildren(kind) if each.isVisible() and each.text() == text)


@pytest.fixture
def find_child() -> Callable[[QWidget, type, str], Any]:
    """child(widget, kind, text): the first visible child of a kind with exactly this text; StopIteration when there is none."""
    return child
