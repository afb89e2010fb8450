"""Finding a household by what one remembers (李秀兰, lxl, 3-2-501, last four digits), with the keyboard alone; then its story in a few lines."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout

from gridapp import desk
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import clear, column, faulty, flow, holding, label, scroll, tag, timer

PAUSE = 120  # milliseconds of rest in typing before the desk is asked
MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class HouseholdPicker(QFrame):
    """A search line, the hits beneath it, and the story of the household chosen. chosen(hit) is told when there is a new one (None: taken back)."""

    def __init__(self, seat: Seat, chosen: Callable[[Any], object]) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat, self._chosen = seat, chosen
        self.hit: Any = None
        self._hits: list[Any] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText("姓名、拼音首字母或楼栋房号")
        self.line.setAccessibleName("走访哪一户")
        self.line.setMinimumHeight(40)
        self.list = QListWidget()
        self.list.setAccessibleName("找到的住户")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda item: self._take(self.list.row(item)))
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self._note = label("", "sub", wrap=True)
        self._story = QVBoxLayout()
        self._story.setContentsMargins(0, 0, 0, 0)
        self._story.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(8)
        name = label("走访哪一户", "small")
        name.setBuddy(self.line)
        for part in (name, self.line, self.fault, self._note, self.list):
            box.addWidget(part)
        told = scroll(holding(column(holding(self._story), None)))
        told.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.addWidget(told, 1)
        self._rest = timer(self, PAUSE, self._look)
        self.line.textEdited.connect(lambda _: self._typed())
        self.line.installEventFilter(self)
        self.reset()

    def reset(self) -> None:
        """Nothing chosen, nothing typed."""
        self._rest.stop()
        self.hit = None
        self.line.clear()
        clear(self._story)
        self.say("")
        self.list.hide()
        self._tell("输入几个字母就开始查找，例如 lxl 或 3-2-501；用上下键选择，回车确定。")

    def say(self, text: str) -> None:
        """A fault under the line, or none."""
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.line, bool(text), text)

    def choose(self, household_id: str) -> None:
        """Choose a household known by its id (its story names it)."""
        self.seat.ask(lambda: desk.story(self.seat.desk, "household", household_id), self._arrived)

    def _arrived(self, story: Any) -> None:
        if story.household_id is None:
            self._tell(f"{story.subtitle}请另外查找。")
            return
        self._settle(desk.Hit("household", story.household_id, story.title, story.subtitle, story.household_id))
        self._tell_story(story)

    def _typed(self) -> None:
        if self.hit:
            self.hit = None
            clear(self._story)
            self._chosen(None)
        self.say("")
        self._rest.start()

    def _look(self) -> None:
        text = self.line.text().strip()
        if not text:
            self.reset()
            return
        self.seat.ask(lambda: desk.households(self.seat.desk, text), self._show, key="households")

    def _show(self, hits: list[Any]) -> None:
        if self.hit:
            return
        self._hits = hits
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(f"{hit.title}    {hit.subtitle}")
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.list.setVisible(bool(hits))
        self.list.setCurrentRow(0 if hits else -1)
        self.list.setFixedHeight(min(len(hits), 8) * 40 + 6)
        self._tell("" if hits else "没有找到这一户。请换几个字再试；也可以在下面填写走访地点。")

    def _tell(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def take_current(self) -> bool:
        """Choose the hit under the cursor; False when there is none."""
        if self.hit is None and self.list.isVisibleTo(self) and self.list.currentRow() >= 0:
            self._take(self.list.currentRow())
            return True
        return self.hit is not None

    def _take(self, row: int) -> None:
        hit = self._hits[row]
        self._settle(hit)
        self.seat.ask(lambda: desk.story(self.seat.desk, "household", hit.household_id), self._tell_story, key="story")

    def _settle(self, hit: Any) -> None:
        self.hit = hit
        self._rest.stop()
        self.line.setText(hit.title)
        self.list.hide()
        self._tell("")
        self.say("")
        self._chosen(hit)

    def _tell_story(self, story: Any) -> None:
        if self.hit is None or story.household_id != self.hit.household_id:
            return
        clear(self._story)
        for part in story_parts(story):
            self._story.addWidget(part)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in MOVES and self.list.isVisible():
            self.list.keyPressEvent(event)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            return self.take_current()
        return False


def story_parts(story: Any) -> list[Any]:
    """A story in short: where, tags, who lives there, whom to call, the last visits, what is open."""
    parts: list[Any] = [label(story.title, "title"), label(story.subtitle, "sub", wrap=True)]
    if story.tags:
        parts.append(flow(*(tag(text, tone) for text, tone in story.tags)))
    parts += [_line(f"{person.name}  {person.line}  {person.phone}".rstrip()) for person in story.people[:4]]
    parts += [_soft(text) for text in story.contacts[:3]]
    if story.visits:
        parts.append(column_of("上次走访", [f"{line.when} {line.text}" for line in story.visits[:2]]))
    if story.requests:
        parts.append(column_of("服务事项", [f"{line.text}（{line.tag}）" for line in story.requests[:2]]))
    return parts


def column_of(title: str, lines: list[str]) -> Any:
    """A small heading over lines."""
    return holding(column(label(title, "section"), *(_soft(text) for text in lines), gap=4))


def _line(text: str) -> QLabel:
    return label(text, wrap=True)


def _soft(text: str) -> QLabel:
    made = label(text if len(text) <= 90 else text[:89] + "…", "sub", wrap=True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made
