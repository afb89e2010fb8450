"""The one page of every record: title and count, filter chips, table, and at its side the story or the form."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import BY_NAME
from gridapp.ui.form import Form
from gridapp.ui.pages import BY_KEY
from gridapp.ui.print_menu import menu_button, of_page
from gridapp.ui.seat import Seat
from gridapp.ui.story import StoryView
from gridapp.ui.table import Table
from gridapp.ui.widgets import Chips, button, card, empty, holding, label, row, shortcut, timer

HINTS = "Enter 看详情 · F2 编辑 · Ctrl+N 新建 · Ctrl+F 查找 · Delete 删除"


class RecordPage(QWidget):
    """A record's page. arrive(row_id=..., view=..., new=True, start=...) opens a row, a view or a new form."""

    def __init__(self, seat: Seat, record: str) -> None:
        super().__init__()
        self.seat, self.record, self.title = seat, record, BY_KEY[record].name or BY_NAME[record].title
        self.view, self._wanted = "all", ""
        self._listed: tuple[str, ...] = ()  # the rows a filter left over
        self.only: frozenset[str] | None = None  # these rows and no others, such as a figure of a report counts
        self.count = label("", "sub")
        self.chips, self.table = Chips(), Table(record, seat.settings)
        self.find_box = QLineEdit()
        self.find_box.setPlaceholderText("在本页查找  Ctrl+F")
        self.find_box.setAccessibleName(f"在{self.title}里查找")
        self.find_box.setClearButtonEnabled(True)
        self.story = StoryView(seat)
        self.form: Form | None = None
        self.foot = label("", "sub")
        self.table.setAccessibleName(self.title)
        self.setFocusProxy(self.table)
        self._build()
        self._connect()

    def _build(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 18, 24, 10)
        page.setSpacing(12)
        page.addLayout(row(label(self.title, "title"), self.count, None, *self._buttons()))
        self.filters = holding(filters := row(self.chips, self.find_box))
        filters.setStretch(0, 1)
        filters.setAlignment(self.find_box, Qt.AlignmentFlag.AlignTop)
        page.addWidget(self.filters)
        self.side = QStackedWidget()
        self.side.addWidget(self.story)
        self.nothing = card(empty("还没有选中", "在左边选一行，这里显示这一户的人、走访和服务事项。"))
        self.side.addWidget(self.nothing)
        self.side.setCurrentWidget(self.nothing)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.table)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self.middle, 1)
        body.addWidget(self.side)
        page.addLayout(body, 1)
        page.addWidget(self.foot)

    def _buttons(self) -> list[Any]:
        if self.record == "visit":
            return [button("导出台账", then=lambda: self.seat.go("giving")), menu_button(self.seat, self._prints)]
        made = [button(f"＋ 新{self._short}", "primary", self.new, tip="Ctrl+N")]
        if self.record in ("resident", "member"):
            made.insert(0, button("查重", then=lambda: self.seat.go("duplicates"), tip="找出可能登记了两次的人"))
        if self.record == "household":
            made.insert(0, button("楼栋", then=lambda: self.seat.go("building")))
        if of_page(self.record):
            made.insert(0, menu_button(self.seat, self._prints))
        if self.record in ("household", "member", "service_need", "request"):
            made.insert(0, button("导出台账", then=lambda: self.seat.go("giving")))
        return made

    def _prints(self) -> list[Any]:
        return of_page(self.record, self._listed)

    @property
    def _short(self) -> str:
        return {"request": "事项", "org": "组织", "service_need": "登记"}.get(self.record, self.title)

    def _connect(self) -> None:
        self._rest = timer(self, 150, self.refresh)
        self.find_box.textChanged.connect(lambda _: self._rest.start())
        self.chips.chosen.connect(self._choose_view)
        self.table.picked.connect(self._picked)
        self.table.opened.connect(self._open)
        self.table.edit_asked.connect(lambda row_id: self.edit(self.record, row_id))
        self.table.remove_asked.connect(self.remove)
        self.story.edit_asked.connect(self.edit)
        self.story.add_asked.connect(lambda record, start: self.new(record, start))
        shortcut("Ctrl+F", self, self._to_find)
        shortcut("Ctrl+N", self, self._new_here)
        self.seat.changed.connect(self._changed)

    def arrive(self, row_id: str = "", view: str = "", new: bool = False, start: dict[str, Any] | None = None) -> None:
        """Open a row, a view, or a new form."""
        if row_id:
            self._drop_form()
            self._wanted, self.view = row_id, "all"
            self.find_box.clear()
        if view:
            self.view = view
        if new:
            self.new(self.record, start)

    def refresh(self) -> None:
        """Ask the desk again."""
        view, words, only = self.view, self.find_box.text().strip(), self.only
        self.seat.ask(lambda: desk.listing(self.seat.desk, self.record, view, words, only), self._show, key="listing")

    def _show(self, listing: Any) -> None:
        chosen = self._wanted or self.table.chosen
        self.count.setText(listing.count_text)
        self.chips.show_chips([(chip.key, chip.label, chip.count) for chip in listing.chips], self.view)
        self.table.show_listing(listing, chosen)
        filtered = bool(self.find_box.text().strip()) or self.view != "all"
        self._listed = tuple(row.id for row in listing.rows) if filtered else ()
        self._empty(not listing.rows, filtered)
        self.foot.setText(f"{len(listing.rows):,} 行 · {HINTS}" if listing.rows else HINTS)
        if self._wanted and not self.table.chosen:
            self._picked(self._wanted)
        elif not self.table.chosen and listing.rows:
            self.table.choose(0)
        elif not listing.rows and self.form is None:
            self.side.setCurrentWidget(self.nothing)
        self._wanted = ""

    def _empty(self, bare: bool, filtered: bool) -> None:
        if self.middle.count() > 1:
            self.middle.removeWidget(old := self.middle.widget(1))
            old.deleteLater()
        if bare:
            self.middle.addWidget(card(self._no_match() if filtered else self._none_yet()))
        self.middle.setCurrentIndex(1 if bare else 0)

    def _no_match(self) -> QWidget:
        return empty("没有符合条件的", "换几个字，或者清除筛选看全部。", button("清除筛选", "plain", self._clear_filter))

    def _none_yet(self) -> QWidget:
        if self.record == "service_need":
            return empty(
                "还没有重点对象",
                "服务类别是敏感信息：先在“居民”页选中本人，点“更多”记录本人同意，再登记服务类别。",
                button("去居民页", "plain", lambda: self.seat.go("resident")),
            )
        first = "＋ 记走访" if self.record == "visit" else f"＋ 新{self._short}"
        return empty(
            f"还没有{self.title}",
            f"手上有 Excel 台账就导入，一次把{self.title}都带进来；没有就从一条开始新建。",
            button("导入台账", "plain", lambda: self.seat.go("intake")),
            button(first, "plain", self._new_here),
        )

    def _clear_filter(self) -> None:
        self.view = "all"
        self.find_box.clear()
        self.refresh()

    def _choose_view(self, key: str) -> None:
        self.view = key
        self.refresh()

    def _picked(self, row_id: str) -> None:
        if self.form is None:
            self.story.ask(self.record, row_id)
            self.side.setCurrentWidget(self.story)

    def _open(self, row_id: str) -> None:
        self._picked(row_id)
        self.story.begin()

    def _to_find(self) -> None:
        self.find_box.setFocus()
        self.find_box.selectAll()

    def _new_here(self) -> None:
        if self.record == "visit":
            self.seat.go("visit_entry")
        else:
            self.new()

    def new(self, record: str = "", start: dict[str, Any] | None = None) -> None:
        """Open an empty form beside the list."""
        self._show_form(record or self.record, None, start)

    def edit(self, record: str, row_id: str) -> None:
        """Open the form of a row beside the list."""
        self._show_form(record, row_id, None)

    def _show_form(self, record: str, row_id: str | None, start: dict[str, Any] | None) -> None:
        self._drop_form()
        self.form = Form(self.seat, record, row_id, start=start, saved=self._saved, left=self._left)
        self._fit()
        self.side.addWidget(self.form)
        self.side.setCurrentWidget(self.form)

    def _drop_form(self) -> None:
        if self.form is not None:
            self.form.put_away()
            self.side.removeWidget(self.form)
            self.form.deleteLater()
            self.form = None
            self._fit()

    def _saved(self, kept: Any) -> None:
        form, self.form = self.form, None
        record = form.record if form else self.record
        if form:
            self.side.removeWidget(form)
            form.deleteLater()
        self._fit()
        if record == self.record:
            self._wanted = kept.row_id
        self.side.setCurrentWidget(self.story if self.table.chosen or self._wanted else self.nothing)
        notes = "".join(f"{fault.text}{fault.hint}" for fault in kept.faults)
        self.seat.kept(kept, {record}, f"{BY_NAME[record].title}已保存。{notes}")
        self.table.setFocus()

    def _left(self) -> None:
        self._drop_form()
        self.side.setCurrentWidget(self.story if self.table.chosen else self.nothing)
        self.table.setFocus()

    def remove(self, row_id: str) -> None:
        """Delete a row at once; the toast takes it back."""
        self.seat.ask(lambda: desk.remove(self.seat.desk, self.record, row_id), self._removed)

    def _removed(self, kept: Any) -> None:
        if kept.saved:
            self.seat.kept(kept, {self.record}, f"{self.title}已删除。")

    def _changed(self, records: object) -> None:
        if self.isVisible() and self.form is None and self.table.chosen:
            self.story.ask(self.record, self.table.chosen)

    def put_away(self) -> None:
        """Keep an unfinished form as a draft."""
        if self.form is not None:
            self.form.put_away()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room a form takes all of it; otherwise it stands beside the list."""
        letters = self.fontMetrics()
        em = letters.horizontalAdvance("一")
        low = self.height() < em * 28
        alone = self.form is not None and (low or self.width() < em * 46)
        for each in (self.filters, self.middle):
            each.setVisible(not alone)
        self.foot.setVisible(not low)
        self.side.setFixedWidth(self.width() - 48 if alone else min(em * 20, max(int(self.width() * 0.36), 280)))
        self.find_box.setFixedWidth(letters.horizontalAdvance(self.find_box.placeholderText()) + 52)
