"""What stands behind the gate: rail | bar, notice, pages, status line."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gridapp.rules import content
from gridapp.ui import pages
from gridapp.ui.seat import Seat
from gridapp.ui.toast import Notice
from gridapp.ui.widgets import button, ground, row, shortcut, timer

QUIET = 1500  # ms without a change before what waits is counted again


class Inside(QWidget):
    """One open desk's pages, each made when it is first shown. enlarge(by) changes the size of type."""

    def __init__(self, seat: Seat, notice: Notice, enlarge: Callable[[int], object]) -> None:
        super().__init__()
        from gridapp.ui.rail import Rail
        from gridapp.ui.sample_banner import SampleBanner
        from gridapp.ui.status import StatusLine
        from gridapp.ui.witness_banner import WitnessBanner

        ground(self)
        self.seat, self.notice = seat, notice
        notice.hide()
        self.pages: dict[str, QWidget] = {}
        self.current, self._content = "", content.HERE.now
        self._trail: list[str] = []
        self.rail, self.status, self.stack = Rail(), StatusLine(seat), QStackedWidget()
        self.rail.chosen.connect(self.go)
        self.bar = _bar(seat, self)
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self.bar)
        if seat.desk.is_sample:
            side.addWidget(SampleBanner(seat))
        side.addWidget(WitnessBanner(seat))
        side.addWidget(notice)
        side.addWidget(self.stack, 1)
        side.addWidget(self.status)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.rail)
        box.addLayout(side, 1)
        seat.changed.connect(self._changed)
        self._quiet = timer(self, QUIET, self._ask_waiting)  # looking for people kept twice takes a while: not between two clicks
        self._quiet.start()
        self._keys(enlarge)

    def _keys(self, enlarge: Callable[[int], object]) -> None:
        for keys, then in (
            ("Ctrl+L", self.seat.shell.lock),
            ("Ctrl+Z", self._undo),
            ("Ctrl+=", lambda: enlarge(1)),
            ("Ctrl+-", lambda: enlarge(-1)),
            ("Alt+Left", self.back),
            ("F5", self._refresh),
        ):
            shortcut(keys, self, then)

    @property
    def page(self) -> QWidget:
        """The page one is at."""
        return self.pages[self.current]

    def go(self, key: str, **where: Any) -> None:
        """Show a page; the one before may keep the user."""
        if self.current and self.current != key and not getattr(self.page, "leave", lambda: True)():
            self.rail.mark(self.current)
            return
        if self.current != key:
            self._trail.append(self.current)
        self._show(key)
        if where and hasattr(self.page, "arrive"):
            self.page.arrive(**where)
        self._refresh()

    def back(self) -> None:
        """To the page before this one; 今日 when there is none."""
        before = self._trail.pop() if self._trail else ""
        self._show(before or "today")
        self._refresh()

    def _forget_pages(self) -> None:
        """The centre changed code tables, rules or forms: pages that were made with the old ones are made anew, drafts put away first."""
        if content.HERE.now == self._content:
            return
        self._content = content.HERE.now
        for key in [each for each in self.pages if each != self.current]:
            page = self.pages.pop(key)
            if hasattr(page, "put_away"):
                page.put_away()
            self.stack.removeWidget(page)
            page.deleteLater()

    def _show(self, key: str) -> None:
        self._forget_pages()
        if key not in self.pages:
            self.pages[key] = pages.BY_KEY[key].make(self.seat)
            self.stack.addWidget(self.pages[key])
            if counted := getattr(self.pages[key], "counted", None):
                counted.connect(lambda waiting: self.rail.count(key, waiting))
        self.current = key
        self.notice.hide()
        self.rail.mark(key)
        self.stack.setCurrentWidget(self.pages[key])
        if self.pages[key].focusProxy():
            self.pages[key].setFocus()

    def _refresh(self) -> None:
        if hasattr(self.page, "refresh"):
            self.page.refresh()
        self.status.refresh()

    def _ask_waiting(self) -> None:
        self.seat.ask(self._waiting, self._count, key="waiting", failed=lambda trouble: None)

    def _waiting(self) -> int:
        from gridapp import desk

        return desk.review.how_many(self.seat.desk)

    def _count(self, waiting: int) -> None:
        self.rail.count("review", waiting)

    def _changed(self, records: object) -> None:
        self._refresh()
        self._quiet.start()

    def _undo(self) -> None:
        from gridapp import desk

        self.seat.ask(lambda: desk.last_undo(self.seat.desk), self._undo_step)

    def _undo_step(self, step: dict[str, Any] | None) -> None:
        if step:
            self.seat.undo(step["id"])
        else:
            self.seat.say("没有可以撤销的操作。")

    def put_away(self) -> None:
        """Before the window locks or closes: pages put unfinished drafts into the store."""
        self.seat.changed.disconnect(self._changed)
        for page in self.pages.values():
            if hasattr(page, "put_away"):
                page.put_away()

    def fit(self) -> None:
        """After the size of type changed."""
        self.rail.fit()


def _bar(seat: Seat, inside: QWidget) -> QWidget:
    from gridapp.ui.search import SearchBox

    made = ground(QWidget(), "bar")
    take_in = button("导入台账", then=lambda: seat.go("intake"))
    box = row(SearchBox(seat, inside), None, take_in, button("＋ 记走访", "primary", lambda: seat.go("visit_entry")))
    box.setContentsMargins(24, 9, 24, 9)
    made.setLayout(box)
    made.setFixedHeight(62)
    return made
