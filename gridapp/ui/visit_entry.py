"""记走访: one quick page, keyboard alone: which household, what was said, and the request that came out of it, kept in one go."""
from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import BY_NAME, column
from gridapp.rules.reading import Fault
from gridapp.ui.editors import DateEditor, ParagraphEditor
from gridapp.ui.fields import Field
from gridapp.ui.household_picker import HouseholdPicker
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, ground, holding, label, row, rule, scroll, shortcut
from gridapp.ui.widgets import column as lay_column

# Each line: (column, how many of the twelve parts of the width).
VISIT = ((("visit_date", 4), ("manner", 2), ("visitors", 3), ("interviewee", 3)), (("content", 12),), (("problem", 12),))
REQUEST = ((("request_type", 3), ("urgency", 3), ("category", 3), ("handler", 3)), (("content", 12),))
DRAFT = "draft.visit_entry"
RECORDS = frozenset({"visit", "request", "request_event"})


class VisitEntry(QWidget):
    """The quick entry page. arrive(household_id=...) starts with a household."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.visit = {name: _field("visit", name) for line in VISIT for name, _ in line} | {"place": _field("visit", "place")}
        self.request = {name: _field("request", name) for line in REQUEST for name, _ in line}
        self.picker = HouseholdPicker(seat, self._chosen)
        self.note = label("", "fault", wrap=True)
        self.note.hide()
        self.more = QCheckBox("同时记一件服务事项（编号、时限自动填好）")
        self.more.toggled.connect(self._asked)
        self._empty = button("清空", "plain", self.clear)
        self.save = button("保存", "primary", self.keep, tip="Ctrl+Enter")
        self._request_box = holding(_grid(self.request, REQUEST))
        self._outdoors = button("走访的不是住户？填写地点", "link", self._ask_place)
        self._lay_out()
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            shortcut(keys, self, self.keep)
        shortcut("Esc", self, lambda: seat.shell.back())
        self.setFocusProxy(self.picker.line)
        self.clear()

    def _lay_out(self) -> None:
        self.picker.layout().addWidget(self._outdoors)
        self.picker.layout().addWidget(self.visit["place"])
        inside = card(_grid(self.visit, VISIT), rule(), self.more, self._request_box, None, gap=12)
        left, self._scroll = self.picker, scroll(holding(lay_column(inside)))
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left.setMinimumWidth(320)
        left.setMaximumWidth(400)
        words = label("找到住户，写下要点，按 Ctrl+Enter 就记好了；按 Esc 返回。", "sub")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(label("记走访", "title"), words, None, self._empty, self.save))
        box.addWidget(self.note)
        body = row(left, self._scroll, gap=14)
        body.setStretch(0, 1)
        body.setStretch(1, 2)
        box.addLayout(body, 1)
        self._order()

    def _order(self) -> None:
        # The buttons stand above the fields, and yet come after them.
        fields = [self.visit[name].editor for line in VISIT for name, _ in line] + [self.more]
        fields += [self.request[name].editor for line in REQUEST for name, _ in line]
        way = [self.picker.line, self._outdoors, self.visit["place"].editor, *fields, self.save, self._empty]
        stops = [stop for each in way for stop in _stops(each)]
        for before, after in zip(stops, stops[1:], strict=False):
            self.setTabOrder(before, after)

    def refresh(self) -> None:
        """Fill in who visited last where nobody has been typed yet, and what was put away unfinished."""
        if self.visit["visitors"].editor.value() is None:
            self.seat.ask(lambda: (desk.last_visitors(self.seat.desk), desk.setting(self.seat.desk, DRAFT, "")), self._begin)

    def arrive(self, household_id: str | None = None, **_: Any) -> None:
        """Start anew, with a household where one is given."""
        if household_id:
            self.clear()
            self.picker.choose(household_id)
        else:
            self.picker.line.setFocus()

    def leave(self) -> bool:
        """What was typed stays here until it is saved or cleared."""
        return True

    @property
    def dirty(self) -> bool:
        """Whether something worth keeping has been typed."""
        return any(self.visit[name].editor.value() for name in ("content", "problem"))

    def _begin(self, found: tuple[str, str]) -> None:
        names, draft = found
        if self.visit["visitors"].editor.value() is None:
            self.visit["visitors"].editor.set_value(names)
        if draft and not self.dirty:
            self._take_up(json.loads(draft))

    def put_away(self) -> None:
        """Before the window locks or closes: what was typed goes into the encrypted store, to be taken up the next time."""
        if not self.dirty:
            return
        at, (visit, request) = self.seat.desk, self.raws()
        text = json.dumps({"visit": visit, "request": request}, ensure_ascii=False)
        self.seat.ask(lambda: desk.put_setting(at, DRAFT, text))

    def _take_up(self, draft: dict[str, Any]) -> None:
        for name, field in self.visit.items():
            field.editor.set_value(draft["visit"].get(name))
        if draft["request"] is not None:
            self.more.setChecked(True)
            for name, field in self.request.items():
                field.editor.set_value(draft["request"].get(name))
        if draft["visit"].get("place"):
            self._ask_place()
        if home := draft["visit"].get("household_id"):
            self.picker.choose(home)
        self.seat.ask(lambda: desk.put_setting(self.seat.desk, DRAFT, ""))
        self.seat.say("已恢复上次没有保存的走访，请接着写。")

    def clear(self) -> None:
        """Ready for the next visit; date, manner and visitors stay."""
        self.picker.reset()
        for name in ("interviewee", "content", "problem", "place"):
            self.visit[name].editor.set_value(None)
        for field in self.request.values():
            field.editor.set_value(field.column.default)
        if self.visit["visit_date"].editor.value() is None and self.seat.desk:
            self.visit["visit_date"].editor.set_value(self.seat.desk.today().isoformat())
            self.visit["manner"].editor.set_value(self.visit["manner"].column.default)
        self.visit["place"].hide()
        self._outdoors.show()
        self.more.setChecked(False)
        self._request_box.hide()
        self._faults([])
        self.picker.line.setFocus()

    def _chosen(self, hit: Any) -> None:
        self._outdoors.setVisible(hit is None)
        self.visit["place"].setVisible(hit is None and bool(self.visit["place"].editor.value()))
        if hit:
            self.visit["content"].editor.setFocus()

    def _ask_place(self) -> None:
        self._outdoors.hide()
        self.visit["place"].show()
        self.visit["place"].editor.setFocus()

    def _asked(self, wanted: bool) -> None:
        self._request_box.setVisible(wanted)
        if wanted:
            content = self.request["content"].editor
            if content.value() is None:
                content.set_value(self.visit["problem"].editor.value())
            content.setFocus()
            QTimer.singleShot(0, self._reach)

    def _reach(self) -> None:
        self._scroll.ensureWidgetVisible(self.request["content"], 0, 20)

    def raws(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """What would be kept: the visit, and the request where one is asked for."""
        visit = {name: field.editor.value() for name, field in self.visit.items()}
        visit["household_id"] = self.picker.hit.household_id if self.picker.hit else None
        if not self.more.isChecked():
            return visit, None
        return visit, {name: value for name, field in self.request.items() if (value := field.editor.value()) is not None}

    def keep(self) -> None:
        """Keep both, or show what is missing beside the fields."""
        if not self.save.isEnabled():
            return
        self.picker.take_current()
        visit, request = self.raws()
        self.save.setEnabled(False)
        self.seat.ask(lambda: desk.keep_visit(self.seat.desk, visit, request), self._kept, failed=self._failed)

    def _kept(self, kept: Any) -> None:
        self.save.setEnabled(True)
        if not kept.saved:
            self._faults(kept.faults)
            return
        where = self.picker.hit.title if self.picker.hit else self.visit["place"].editor.value()
        text = f"{where} 的走访和服务事项都记好了。" if self.more.isChecked() else f"{where} 的走访记好了。"
        self.clear()
        self.seat.kept(kept, RECORDS, text + "可以接着记下一户。")

    def _failed(self, trouble: Any) -> None:
        self.save.setEnabled(True)
        self._say(trouble.text)

    def _faults(self, faults: Iterable[Fault]) -> None:
        faults = list(faults)
        rest = self._place_faults(faults)
        self.picker.say("".join(f"{fault.text}{fault.hint}" for fault in faults if fault.field == "household_id"))
        self._say("\n".join(f"{fault.text}{fault.hint}" for fault in rest))
        self._focus_first(faults)

    def _place_faults(self, faults: list[Fault]) -> list[Fault]:
        known = {"household_id"}
        for prefix, fields in (("", self.visit), ("request.", self.request)):
            for name, field in fields.items():
                field.show_fault([fault for fault in faults if fault.field == prefix + name])
                known.add(prefix + name)
        return [fault for fault in faults if fault.field not in known]

    def _focus_first(self, faults: list[Fault]) -> None:
        first = next((fault.field for fault in faults if fault.fatal), None)
        if first == "household_id":
            self.picker.line.setFocus()
        elif first:
            fields, name = (self.request, first.removeprefix("request.")) if first.startswith("request.") else (self.visit, first)
            if name in fields:
                fields[name].editor.setFocus()

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))


def _field(record: str, name: str) -> Field:
    found = column(BY_NAME[record], name)
    # The desk fills the handler in where it is left blank.
    made = Field(replace(found, required=False) if name == "handler" else found, None)
    if isinstance(made.editor, DateEditor):
        made.editor.line.setMinimumWidth(made.fontMetrics().horizontalAdvance("2026-03-05") + 34)
    return made


def _stops(widget: QWidget) -> list[QWidget]:
    return [widget.line, widget.pick] if isinstance(widget, DateEditor) else [widget]


def _grid(fields: dict[str, Field], lines: tuple[tuple[tuple[str, int], ...], ...]) -> QGridLayout:
    made = QGridLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setHorizontalSpacing(14)
    made.setVerticalSpacing(10)
    for at, line in enumerate(lines):
        start = 0
        for name, parts in line:
            made.addWidget(fields[name], at, start, 1, parts)
            start += parts
            if isinstance(editor := fields[name].editor, ParagraphEditor):
                height = editor.fontMetrics().lineSpacing() * 2 + 20
                editor.setMinimumHeight(height)
                editor.setMaximumHeight(height)
    for part in range(12):
        made.setColumnStretch(part, 1)
    return made
