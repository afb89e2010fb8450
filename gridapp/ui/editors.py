"""One editor for each kind of value. An editor has value() (what kind.read takes; None when blank), set_value(stored),
set_raw(what value() once gave) and the signal edited."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QDate, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QCompleter, QLineEdit, QMenu, QPlainTextEdit, QWidget, QWidgetAction

from gridapp.records import kinds
from gridapp.ui.widgets import button, row, timer

Options = Callable[[str, Callable[[list[tuple[str, str]]], object]], None]
LONG_TEXT, MANY = 120, 10


class LineEditor(QLineEdit):
    """One line, read by its kind when it is kept."""

    edited = Signal()

    def __init__(self, kind: kinds.Kind, hint: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.setPlaceholderText(hint)
        self.textEdited.connect(lambda _: self.edited.emit())

    def value(self) -> str | None:
        return self.text().strip() or None

    def set_value(self, value: Any) -> None:
        self.set_raw(self.kind.show(value))

    def set_raw(self, raw: str | None) -> None:
        self.setText(raw or "")
        self.setCursorPosition(0)


class ParagraphEditor(QPlainTextEdit):
    """Several lines; Tab moves on."""

    edited = Signal()

    def __init__(self, kind: kinds.Kind) -> None:
        super().__init__()
        self.kind = kind
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * 3 + 28)
        self.textChanged.connect(self.edited.emit)

    def value(self) -> str | None:
        return self.toPlainText().strip() or None

    def set_value(self, value: Any) -> None:
        self.set_raw(self.kind.show(value))

    def set_raw(self, raw: str | None) -> None:
        with QSignalBlocker(self):
            self.setPlainText(raw or "")
            self.moveCursor(QTextCursor.MoveOperation.Start)


class Picker(QComboBox):
    """A list of (stored, label); many of them can be typed into and searched. The wheel turns it only while it is open."""

    edited = Signal()

    def __init__(self, items: list[tuple[Any, str]], searchable: bool = False, label: Callable[[Any], str] = str) -> None:
        super().__init__()
        self.label = label
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.addItem("", None)
        for stored, text in items:
            self.addItem(text, stored)
        if searchable:
            _make_searchable(self)
        self.activated.connect(lambda _: self.edited.emit())

    def value(self) -> Any:
        if not self.isEditable():
            return self.currentData()
        typed = self.currentText().strip()
        at = self.findText(typed, Qt.MatchFlag.MatchExactly)
        return (self.itemData(at) if at >= 0 else typed) if typed else None

    def set_value(self, value: Any) -> None:
        at = self.findData(value)
        if at < 0 and value is not None:
            # A code no longer offered, or of a newer version, stays what it is.
            self.addItem(self.label(value), value)
            at = self.count() - 1
        self.setCurrentIndex(max(at, 0))

    def set_raw(self, raw: Any) -> None:
        if self.isEditable() and raw is not None and self.findData(raw) < 0:
            self.setEditText(str(raw))
        else:
            self.set_value(raw)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _make_searchable(box: QComboBox) -> None:
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    completer = QCompleter(box.model(), box)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    box.setCompleter(completer)
    completer.popup().setMinimumWidth(260)
    box.lineEdit().textEdited.connect(lambda _: box.edited.emit())  # type: ignore[attr-defined]


class DateEditor(QWidget):
    """A day typed in any usual way, or picked from a calendar."""

    edited = Signal()

    def __init__(self, kind: kinds.Kind, hint: str) -> None:
        super().__init__()
        self.line = LineEditor(kind, hint)
        self.line.edited.connect(self.edited)
        self.pick = button("选日期", "link", self._open, name=f"{kind.label}：选日期")
        self.setLayout(row(self.line, self.pick, gap=4))
        self.setFocusProxy(self.line)

    def value(self) -> str | None:
        return self.line.value()

    def set_value(self, value: Any) -> None:
        self.line.set_value(value)

    def set_raw(self, raw: str | None) -> None:
        self.line.set_raw(raw)

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget(menu)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        known = QDate.fromString(self._as_day(), "yyyy-MM-dd")
        calendar.setSelectedDate(known if known.isValid() else QDate.currentDate())
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.activated.connect(lambda day: self._take(day, menu))
        calendar.clicked.connect(lambda day: self._take(day, menu))
        menu.popup(self.pick.mapToGlobal(self.pick.rect().bottomLeft()))
        calendar.setFocus()

    def _as_day(self) -> str:
        return str(self.line.kind.read(self.line.value()).value or "")

    def _take(self, day: QDate, menu: QMenu) -> None:
        self.line.setText(day.toString("yyyy-MM-dd"))
        menu.close()
        self.edited.emit()


class LinkEditor(Picker):
    """Another record, found by typing. options(text, answer) fetches (id, label) pairs; without it only what was set is known."""

    def __init__(self, kind: kinds.Kind, options: Options | None = None) -> None:
        super().__init__([], searchable=True)
        self.kind, self._options = kind, options
        self.lineEdit().setPlaceholderText(f"输入几个字查找{kind.label}")
        self._wait = timer(self, 150, self._look)
        self.lineEdit().textEdited.connect(lambda _: self._wait.start())
        if options:
            options("", self._fill)

    def set_value(self, value: Any, text: str = "") -> None:
        """value: an id; text: its label, where known (otherwise it is asked for)."""
        super().set_value(value)
        if value is not None and text:
            self.setItemText(self.currentIndex(), text)

    def _look(self) -> None:
        if self._options:
            self._options(self.currentText().strip(), self._found)

    def _found(self, pairs: list[tuple[str, str]]) -> None:
        self._fill(pairs)
        if pairs and self.lineEdit().hasFocus() and self.currentText():
            self.completer().complete()

    def _fill(self, pairs: list[tuple[str, str]]) -> None:
        chosen, typed, typing = self.value(), self.currentText(), self.lineEdit().hasFocus()
        with QSignalBlocker(self):
            kept = [(self.itemData(i), self.itemText(i)) for i in range(1, self.count()) if self.itemData(i) == chosen]
            known = {stored for stored, _ in pairs}
            self.clear()
            self.addItem("", None)
            for stored, text in [*pairs, *(pair for pair in kept if pair[0] not in known)]:
                self.addItem(text, stored)
            at = self.findData(chosen) if chosen else -1
            self.setCurrentIndex(max(at, 0))
            if at < 0 or typing:
                self.setEditText(typed)


def choice(kind: kinds.Kind, options: Options | None) -> Picker:
    """A closed list; searchable where it is long."""
    items = list(kind.codes.offered().items())  # type: ignore[attr-defined]
    return Picker(items, searchable=len(items) > MANY, label=kind.show)


def words(kind: kinds.Kind, options: Options | None) -> QWidget:
    """One line, or a paragraph where the text may be long."""
    return ParagraphEditor(kind) if getattr(kind, "longest", 0) > LONG_TEXT + 80 else LineEditor(kind)


def _line(hint: str) -> Callable[[kinds.Kind, Options | None], QWidget]:
    return lambda kind, options: LineEditor(kind, hint)


EDITORS: dict[type[kinds.Kind], Callable[[Any, Options | None], QWidget]] = {
    kinds.Text: words,
    kinds.Address: words,
    kinds.Name: _line(""),
    kinds.People: _line("几个人用顿号“、”隔开"),
    kinds.Choice: choice,
    kinds.Date: lambda kind, options: DateEditor(kind, "如 2026-03-05"),
    kinds.PartDate: lambda kind, options: DateEditor(kind, "如 1958-03-12，只知道年月也可以"),
    kinds.Year: _line("如 1958"),
    kinds.Moment: _line("如 2026-03-05 14:30"),
    kinds.Phone: _line("几个号码用顿号“、”隔开"),
    kinds.IdNumber: _line("18 位"),
    kinds.Count: _line(""),
    kinds.YesNo: lambda kind, options: Picker([(1, "是"), (0, "否")]),
    kinds.Link: lambda kind, options: LinkEditor(kind, options),
}


def editor_for(kind: kinds.Kind, options: Options | None = None) -> Any:
    """The editor of a kind, named for screen readers. KeyError: a kind without one (a test sees to it that there is none)."""
    made = EDITORS[type(kind)](kind, options)
    made.setAccessibleName(kind.label)
    if proxy := made.focusProxy():
        proxy.setAccessibleName(kind.label)
    made.setMinimumHeight(max(made.minimumHeight(), 40))
    return made


__all__ = ["EDITORS", "DateEditor", "LineEditor", "LinkEditor", "Options", "ParagraphEditor", "Picker", "editor_for"]
