"""Which pages there are, where they stand in the rail, and who makes them. The modules are imported when a page is first shown."""
from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gridapp.ui.seat import Seat


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its key (what seat.go takes; a record page's is its record), group and name in the rail (no name: not there), module and class."""

    key: str
    group: str
    name: str
    module: str
    maker: str

    def make(self, seat: Seat) -> QWidget:
        """The page itself; imports its module."""
        made = getattr(importlib.import_module(f"gridapp.ui.{self.module}"), self.maker)
        return made(seat, self.key) if self.module == "record_page" else made(seat)


def _of_record(key: str, group: str, name: str) -> Page:
    return Page(key, group, name, "record_page", "RecordPage")


PAGES: tuple[Page, ...] = (
    Page("today", "", "今日", "today_page", "TodayPage"),
    _of_record("household", "人和户", "住户"),
    _of_record("resident", "人和户", "居民"),
    _of_record("service_need", "人和户", "重点对象"),
    _of_record("member", "人和户", "党员"),
    _of_record("visit", "工作", "走访"),
    _of_record("request", "工作", "服务事项"),
    Page("giving", "往来", "台账", "giving_page", "GivingPage"),
    Page("reports", "往来", "报表", "reports_page", "ReportsPage"),
    Page("exchange", "往来", "交换", "exchange_page", "ExchangePage"),
    Page("news", "往来", "下发", "news_page", "NewsPage"),
    Page("review", "往来", "待核对", "review_page", "ReviewPage"),
    Page("settings", "foot", "设置与体检", "settings_page", "SettingsPage"),
    _of_record("building", "", ""),
    _of_record("org", "", ""),
    _of_record("consent", "", ""),
    Page("intake", "", "", "intake_page", "IntakePage"),
    Page("visit_entry", "", "", "visit_entry", "VisitEntry"),
    Page("loan", "", "", "review_bundle", "ReviewBundlePage"),
    Page("printing", "", "", "printing_page", "PrintingPage"),
    Page("counted", "", "", "counted_page", "CountedPage"),
    Page("duplicates", "", "", "duplicates_page", "DuplicatesPage"),
)
BY_KEY = {page.key: page for page in PAGES}
# A page without a place of its own in the rail lights up the one it belongs to.
BELONGS = {
    "building": "settings", "org": "settings", "consent": "service_need", "intake": "giving", "visit_entry": "visit", "duplicates": "resident",
    "loan": "exchange", "printing": "giving", "counted": "reports",
}


def load() -> None:
    """Import every page's module, on the store's lane while the password is typed, so that the first click finds them there."""
    for page in PAGES:
        importlib.import_module(f"gridapp.ui.{page.module}")
