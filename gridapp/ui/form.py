"""The form of any record, made of its columns: beside the list, faults under their fields, an unfinished draft kept in the store."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import BY_NAME, columns
from gridapp.ui.fields import Fields
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Line, button, column, label, row, scroll, shortcut, timer

DRAFT_AFTER = 1500  # milliseconds of rest before an unfinished draft is put away

# What the desk fills in where a new row leaves it blank.
FILLED = {"request": ("req_no", "req_date", "due_date", "handler", "receiver")}


class Form(QFrame):
    """Edit one row (row_id) or a new one. saved(kept) and left() tell the page; start holds a new row's first values.

    Only what the user touched is sent, so two people who change different fields of a row never overwrite each other.
    """

    def __init__(
        self,
        seat: Seat,
        record: str,
        row_id: str | None = None,
        *,
        start: dict[str, Any] | None = None,
        saved: Callable[[Any], object] = lambda kept: None,
        left: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat, self.record, self.row_id = seat, record, row_id
        self._saved, self._left = saved, left
        self._before: dict[str, Any] = {}
        self._start = start or {}
        self.fields: Fields | None = None
        self._title = label(f"{'修改' if row_id else '新建'}{BY_NAME[record].title}", "title")
        self._note = label("", "fault", wrap=True)
        self._note.hide()
        self._recovered = QWidget()
        self._recovered.setLayout(row(label("已恢复上次没有保存的内容。", "sub", wrap=True), None, button("不要了", "link", self._drop)))
        self._recovered.hide()
        self.save = button("保存", "primary", self.keep, tip="Ctrl+S")
        self.cancel = button("取消", "plain", self.leave, tip="Esc")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(20, 16, 12, 14)
        self._box.setSpacing(10)
        self._box.addLayout(column(self._title, self._note, self._recovered))
        self._body = scroll(QWidget())
        self._box.addWidget(self._body, 1)
        foot = row(Line("Ctrl+S 保存 · Esc 取消", "sub"), self.cancel, self.save)
        foot.setStretch(0, 1)
        foot.setContentsMargins(0, 4, 8, 0)
        self._box.addLayout(foot)
        self._rest = timer(self, DRAFT_AFTER, self._put_draft)
        shortcut("Ctrl+S", self, self.keep)
        shortcut("Esc", self, self.leave)
        self.save.setEnabled(False)
        seat.ask(self._load, self._show)

    def _load(self) -> tuple[dict[str, Any], str, str]:
        seat = self.seat
        before = desk.to_edit(seat.desk, self.record, self.row_id) if self.row_id else {}
        return before, desk.setting(seat.desk, self._draft_key, ""), desk.setting(seat.desk, "fields_on", "")

    def _show(self, loaded: tuple[dict[str, Any], str, str]) -> None:
        before, draft, fields_on = loaded
        record = BY_NAME[self.record]
        on = set(fields_on.split())
        shown = [each for each in columns(record) if not each.kind.off or f"{self.record}.{each.name}" in on]
        defaults = {each.name: each.default for each in shown if each.default is not None}
        self._before = before
        self.fields = Fields(self.seat, shown)
        for name in () if self.row_id else FILLED.get(self.record, ()):
            self.fields.by_name[name].fills_itself()
        self.fields.set_values(before or {**defaults, **self._start})
        self._first = self.fields.raw()
        if draft:
            self.fields.set_raw(json.loads(draft))
            self._recovered.show()
        self.fields.edited.connect(self._rest.start)
        inside = column(self.fields, None)
        inside.setContentsMargins(0, 0, 12, 0)
        holder = QWidget()
        holder.setLayout(inside)
        holder.setObjectName("clear")
        self._body.setWidget(holder)
        self.save.setEnabled(True)
        self.fields.start()

    @property
    def dirty(self) -> bool:
        """Whether anything differs from what was loaded."""
        return self.fields is not None and self.fields.raw() != self._first

    def keep(self) -> None:
        """Give the draft to the desk; faults come back beside their fields."""
        if self.fields is None or not self.save.isEnabled():
            return
        raw = self.fields.raw()
        raw = self._touched(raw) if self.row_id else {**self._start, **raw}
        self.save.setEnabled(False)
        self.seat.ask(partial(self._store, raw), self._kept, failed=self._failed)

    def _store(self, raw: dict[str, Any]) -> Any:
        if self.record == "request" and not self.row_id:
            return desk.new_request(self.seat.desk, raw)
        return desk.keep(self.seat.desk, self.record, raw, self.row_id)

    def _touched(self, raw: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in raw.items() if value != self._first.get(name)}

    def _kept(self, kept: Any) -> None:
        self.save.setEnabled(True)
        if not kept.saved:
            self.show_faults(kept.faults)
            return
        self._clear_draft()
        self._saved(kept)

    def _failed(self, trouble: Any) -> None:
        self.save.setEnabled(True)
        self._say(trouble.text)

    def show_faults(self, faults: Iterable[Any]) -> None:
        """Under the fields; what belongs to none of them stands above."""
        rest = self.fields.show_faults(faults) if self.fields else list(faults)
        self._say("\n".join(f"{fault.text}{fault.hint}" for fault in rest) or "还有需要改正的地方，请看下面标红的栏目。")

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.show()

    def leave(self) -> None:
        """Go without keeping; what was typed stays as a draft for the next time."""
        if self.dirty:
            self.seat.say("没有保存，填写的内容已留作草稿。")
        self.put_away()
        self._left()

    def put_away(self) -> None:
        """Keep what was typed as a draft; for whoever takes the form away."""
        self._put_draft()

    @property
    def _draft_key(self) -> str:
        owner = self.row_id or self._start.get("household_id") or "new"
        return f"draft.{self.record}.{owner}"

    def _put_draft(self) -> None:
        self._rest.stop()
        if self.fields is None or not self.dirty or self.seat.desk is None:
            return
        text = json.dumps(self._touched(self.fields.raw()), ensure_ascii=False)
        self.seat.ask(lambda: desk.put_setting(self.seat.desk, self._draft_key, text))

    def _clear_draft(self) -> None:
        self._rest.stop()
        self.seat.ask(lambda: desk.put_setting(self.seat.desk, self._draft_key, ""))

    def _drop(self) -> None:
        self._recovered.hide()
        self._clear_draft()
        if self.fields:
            self.fields.set_raw(self._first)
