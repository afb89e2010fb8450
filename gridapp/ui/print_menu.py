"""打印 wherever a secretary stands: what can be printed of a row, and of a page."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu, QPushButton

from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button

Offer = tuple[str, dict[str, Any]]  # what the menu says, and what the printing page is told

OF_ROW = {
    "household": (("household", "一户一档卡"), ("visit_blank", "空白走访单")),
    "visit": (("visit", "走访记录单"),),
    "request": (("request", "服务事项办理单"),),
    "resident": (("notice", "个人信息告知书"), ("person", "本人信息一览")),
    "member": (("person", "本人信息一览"),),
}
OF_PAGE = {
    "household": (("route", "走访路线"), ("visit_blank", "空白走访单"), ("household", "一户一档卡")),
    "service_need": (("route", "走访路线"), ("visit_blank", "空白走访单"), ("care", "慰问签领表")),
    "visit": (("visit_blank", "空白走访单"), ("route", "走访路线"), ("visit", "本月的走访记录单")),
    "request": (("request", "没有办完的办理单"),),
    "resident": (("notice", "空白的个人信息告知书"),),
    "member": (("sign_in", "签到表"), ("care", "慰问签领表")),
}
OF_LISTED: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "household": ("户", (("route", "走访路线"), ("visit_blank", "空白走访单"), ("household", "一户一档卡"))),
    "visit": ("次", (("visit", "走访记录单"),)),
    "request": ("件", (("request", "办理单"),)),
    "resident": ("人", (("notice", "个人信息告知书"),)),
}
SHEETS: tuple[Offer, ...] = (
    ("签到表", {"sheet": "sign_in"}), ("慰问签领表", {"sheet": "care"}), ("空白走访单", {"sheet": "visit_blank"}), ("走访路线", {"sheet": "route"}),
    ("一户一档卡", {"sheet": "household"}), ("没有办完的办理单", {"sheet": "request"}), ("空白的个人信息告知书", {"sheet": "notice"}),
)
LEDGERS = {
    "household": "household", "service_need": "service", "visit": "visit", "request": "request", "resident": "all-resident", "member": "member",
}


def of_row(record: str, row_id: str, household_id: str | None = None) -> list[Offer]:
    """What can be printed of one row, and of the household it belongs to."""
    found: list[Offer] = [(text, {"sheet": sheet, "ids": (row_id,)}) for sheet, text in OF_ROW.get(record, ())]
    if household_id and record != "household":
        found += [(f"这一户的{text}", {"sheet": sheet, "ids": (household_id,)}) for sheet, text in OF_ROW["household"]]
    return found


def of_page(record: str, listed: tuple[str, ...] = ()) -> list[Offer]:
    """What can be printed of a page: sheets of the rows a filter left over, its other sheets, its ledger."""
    unit = OF_LISTED.get(record, ("", ()))[0]
    found: list[Offer] = [(f"列出的 {len(listed)} {unit}：{text}", {"sheet": sheet, "ids": listed})
                          for sheet, text in OF_LISTED.get(record, ("", ()))[1] if listed]
    found += [(text, {"sheet": sheet}) for sheet, text in OF_PAGE.get(record, ())]
    return [*found, ("台账", {"sheet": "ledger", "ledger": LEDGERS[record]})] if record in LEDGERS else found


def menu_button(seat: Seat, offers: Callable[[], Iterable[Offer]], kind: str = "plain", text: str = "打印") -> QPushButton:
    """A button whose menu leads to the printing page; offers are asked for when it is opened."""
    made = button(text, kind, tip="先预览，再打印或存为 PDF")
    made.clicked.connect(lambda: _pop(made, seat, offers()))
    return made


def _pop(at: QPushButton, seat: Seat, offers: Iterable[Offer]) -> None:
    menu = QMenu(at)
    for text, where in offers:
        menu.addAction(text).triggered.connect(partial(_go, seat, where))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at.mapToGlobal(at.rect().bottomLeft()))


def _go(seat: Seat, where: dict[str, Any], *_: object) -> None:
    seat.go("printing", **where)
