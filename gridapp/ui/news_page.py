"""下发: what came from above and is new here; an office also sees what it sent down itself and how far it came."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.pages import BY_KEY
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Chips, button, card, clear, column, empty, flow, ground, holding, label, row, scroll, tag

HEADINGS = (Heading("", 56), Heading("标题"), Heading("种类", 104), Heading("谁发的", 150), Heading("时间", 130))
BOOKS = "Excel 工作簿 (*.xlsx *.xls);;全部文件 (*)"
NOTHING = "上级的通知、代码表、规则、台账格式和表格模板，派来的事项和改过的记录，收取回执包以后都列在这里：谁发的、什么时候、改了什么。"
TONES = {"生效中": "good", "没有启用": "late", "已撤回": "plain", "已有新版本": "plain"}
SIDE = 390


class NewsPage(QWidget):
    """arrive(view=...) opens above (what came) or below (what was sent)."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.subtitle, self.views, self.stack = label("", "sub"), Chips(), QStackedWidget()
        self.above = Above(seat, self._count)
        self.stack.addWidget(self.above)
        self.below: Any = None
        if seat.desk.role == "office":
            from gridapp.ui.publish_panel import PublishPanel

            self.below = PublishPanel(seat)
            self.stack.addWidget(self.below)
        self.views.chosen.connect(self.view)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(label("下发", "title"), self.subtitle, None))
        if self.below:
            box.addWidget(self.views)
        box.addWidget(self.stack, 1)
        self._unread, self.current = 0, ""
        self.view("below" if self.below else "above")

    def refresh(self) -> None:
        """Ask what there is."""
        self.above.refresh()
        if self.below:
            self.below.refresh()

    def arrive(self, view: str = "", **_: Any) -> None:
        """Open a view."""
        if view == "above" or (view == "below" and self.below):
            self.view(view)

    def view(self, key: str) -> None:
        """Show one of the two."""
        self.current = key
        self.stack.setCurrentWidget(self.above if key == "above" else self.below)
        if self.below:
            self.views.show_chips([("below", "我们下发的", None), ("above", "上级下发的", self._unread)], key)

    def _count(self, unread: int) -> None:
        self._unread = unread
        self.subtitle.setText(f"{unread} 条新的" if unread else "没有新的")
        self.view(self.current)


class Above(QWidget):
    """The list of what came, and the one chosen beside it. counted(n) hears how many are new."""

    def __init__(self, seat: Seat, counted: Any) -> None:
        super().__init__()
        self.seat, self._counted = seat, counted
        self.items: list[Any] = []
        self.key = ""
        self.table = CellsTable("上级下发", *HEADINGS)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.all_seen = button("全部标为已看", then=self.look)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(10)
        self.side = card(scroll(holding(column(holding(self._body), None))))
        self.side.setFixedWidth(SIDE)
        beside = row(self.table, self.side, gap=14)
        beside.setStretch(0, 1)
        self.full = holding(column(beside, row(self.all_seen, label("看没看过只记在本机，不会上报。", "sub"), None), gap=10))
        self.nothing = card(empty("还没有下发的内容", NOTHING, button("去收取", then=lambda: seat.go("exchange", view="stick"))))
        self.setLayout(column(self.full, self.nothing, gap=0))

    def refresh(self) -> None:
        """Ask the desk again."""
        self.seat.ask(lambda: desk.news(self.seat.desk), self._show, key="news")

    def _show(self, news: Any) -> None:
        self.items = news.items
        self.full.setVisible(bool(self.items))
        self.nothing.setVisible(not self.items)
        self.all_seen.setEnabled(news.unread > 0)
        self.table.put([_cells(each) for each in self.items], {(at, 0) for at, each in enumerate(self.items) if each.is_new})
        self._counted(news.unread)
        at = next((at for at, each in enumerate(self.items) if each.key == self.key), 0)
        if self.items:
            self.table.selectRow(at)

    def _choose(self) -> None:
        at = self.table.chosen()
        clear(self._body)
        if not at:
            return
        item = self.items[at[0]]
        self.key = item.key
        state = [tag(item.state, TONES.get(item.state, "warn"))] if item.state else []
        self._body.addWidget(label(item.title, "section", wrap=True))
        self._body.addWidget(flow(tag(item.sort_label), *state))
        self._body.addWidget(label(f"{item.who} · {item.when}".strip(" ·"), "sub", wrap=True))
        for line in item.lines:
            self._body.addWidget(label(line, "fault" if item.state == "没有启用" else "", wrap=True))
        if item.text:
            self._body.addWidget(label(item.text, wrap=True, selectable=True))
        self._body.addLayout(row(*self._actions(item), None))

    def _actions(self, item: Any) -> list[Any]:
        if item.sort == "template":
            return [button("另存为……", "primary", lambda: self.ask_where(item))]
        if item.sort in ("request", "change") and item.record in BY_KEY:
            return [button("去看", "primary", lambda: self.seat.go(item.record, row_id=item.row_id))]
        if item.is_new and item.record == "material":
            return [button("标为已看", then=lambda: self.look(item.key))]
        return []

    def look(self, *keys: str) -> None:
        """These (all without) were read."""
        self.seat.ask(lambda: desk.mark_seen(self.seat.desk, *keys), lambda _: self.refresh())

    def ask_where(self, item: Any) -> None:
        """Ask where the template goes."""
        if path := choosing.save_as(self, self.seat, "模板存到哪里", item.file_name or "模板.xlsx", BOOKS, "template"):
            self.save(item, path)

    def save(self, item: Any, path: Path) -> None:
        """Write it there."""
        self.seat.ask(lambda: desk.save_template(self.seat.desk, item.row_id, path), self._saved)
        self.look(item.key)

    def _saved(self, path: Path) -> None:
        self.seat.say(f"模板已存为 {path.name}。", "打开", lambda: choosing.show_in_system(self.seat, path))


def _cells(item: Any) -> tuple[str, ...]:
    state = f"（{item.state}）" if item.state not in ("", "生效中") else ""
    return "新" if item.is_new else " ", item.title + state, item.sort_label, item.who, item.when[5:]
