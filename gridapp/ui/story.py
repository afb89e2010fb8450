"""The story at the side: who lives there, what help they need, the last visits, the open requests; values masked until asked for."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.print_menu import menu_button, of_row
from gridapp.ui.seat import Seat
from gridapp.ui.secret import Secret
from gridapp.ui.widgets import Line, button, clear, column, flow, holding, label, row, rule, scroll, tag

ATTACHED = ("household", "request", "visit")
ON_ITS_WAY = {
    "待导出": "改过以后还没有写进上报包。到“交换”页生成上报包。",
    "已导出": "写进了上报包，还没有收到中心的回执。",
    "已送达": "中心的回执说收到了，还没有逐条核对。",
    "已确认": "中心和本机核对过，一样。",
}


class StoryView(QFrame):
    """Shows the story of a row; a request's own steps stand under the title."""

    edit_asked = Signal(str, str)
    add_asked = Signal(str, object)

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.record = self.row_id = ""
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(20, 16, 14, 16)
        self._inside.setSpacing(8)
        holder = QWidget()
        holder.setLayout(self._inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        self._scroll = scroll(holder)
        outer.addWidget(self._scroll)

    def ask(self, record: str, row_id: str) -> None:
        """Fetch and show the story of a row."""
        same = (record, row_id) == (self.record, self.row_id)
        self.record, self.row_id = record, row_id
        if not same:
            self._scroll.verticalScrollBar().setValue(0)
        self.seat.ask(lambda: desk.story(self.seat.desk, record, row_id), self.show_story, key="story")

    def ensure(self, part: QWidget) -> None:
        """Scroll to a part of the story."""
        self._scroll.ensureWidgetVisible(part)

    def begin(self) -> None:
        """The keyboard to the first thing that can be done here."""
        if first := self.findChild(QPushButton):
            first.setFocus()

    def show_story(self, story: Any) -> None:
        """Lay a story out."""
        box = self._inside
        clear(box)
        edit = button("编辑", "link", lambda: self.edit_asked.emit(self.record, self.row_id), tip="F2")
        head = row(Line(story.title, "title"), *self._print_button(story.household_id), edit)
        head.setStretch(0, 1)
        box.addLayout(head)
        box.addWidget(label(story.subtitle, "sub", wrap=True))
        if story.tags or story.exchange:
            box.addWidget(flow(*(tag(text, tone) for text, tone in story.tags), *_exchange(story.exchange)))
        if self.record == "request":
            self._steps(box, dict(story.facts))
        self._own(box, story)
        if self.record == "household" and self.seat.desk.role == "office":
            from gridapp.ui.reassign_view import Reassign

            box.addWidget(Reassign(self.seat, self.row_id))
        self._people(box, story)
        if story.household_id:
            self._visits(box, story)
            self._requests(box, story)
        if self.record in ATTACHED:
            from gridapp.ui.attachment_card import AttachmentCard

            box.addWidget(AttachmentCard(self.seat, self.record, self.row_id))
        box.addStretch()

    def _print_button(self, household_id: str | None) -> list[QPushButton]:
        offers = of_row(self.record, self.row_id, household_id)
        return [menu_button(self.seat, lambda: offers, "link")] if offers else []

    def _steps(self, box: QVBoxLayout, facts: dict[str, str]) -> None:
        from gridapp.ui.request_steps import RequestSteps

        box.addWidget(label(f"{facts.get('编号', '')} {facts.get('内容', '')}".strip(), "section", wrap=True))
        box.addWidget(RequestSteps(self.seat, self.row_id))

    def _own(self, box: QVBoxLayout, story: Any) -> None:
        if not story.facts:
            return
        if story.household_id:
            box.addWidget(rule())
        for name, value in story.facts:
            box.addWidget(_fact(name, value))

    def _people(self, box: QVBoxLayout, story: Any) -> None:
        home = story.household_id
        if home and (self.record == "household" or story.people):
            add = button("＋ 居民", "link", lambda: self.add_asked.emit("resident", {"household_id": home})) if home else None
            box.addLayout(_heading("住在这里", add))
        for person in story.people:
            box.addWidget(PersonView(self, person))
        for text in story.contacts:
            box.addWidget(label(text, "sub", wrap=True))

    def _visits(self, box: QVBoxLayout, story: Any) -> None:
        add = button("＋ 记走访", "link", lambda: self.seat.go("visit_entry", household_id=story.household_id))
        box.addLayout(_heading("最近走访", add))
        for line in story.visits:
            box.addWidget(label(f"{line.when} {line.text}", "sub", wrap=True))
        if not story.visits:
            box.addWidget(label("还没有走访记录。", "sub"))

    def _request(self, line: Any) -> QWidget:
        foot = row(tag(line.tag, line.tone), None)
        if (self.record, self.row_id) != ("request", line.id):
            foot.addWidget(button("去办", "link", partial(self.seat.go, "request", row_id=line.id), name=f"去办 {line.text}"))
        return holding(column(label(line.text, "sub", wrap=True), foot, gap=2))

    def _requests(self, box: QVBoxLayout, story: Any) -> None:
        box.addLayout(_heading("服务事项"))
        for line in story.requests:
            box.addWidget(self._request(line))
        if not story.requests:
            box.addWidget(label("没有服务事项。", "sub"))


class PersonView(QWidget):
    """One person: name, a line, masked values with 显示, and what can be done."""

    def __init__(self, view: StoryView, person: Any) -> None:
        super().__init__()
        self._view, self._person = view, person
        name = label(person.name)
        font = QFont(name.font())
        font.setWeight(QFont.Weight.DemiBold)
        name.setFont(font)
        more = button("更多", "link", name=f"{person.name}：更多")
        more.clicked.connect(lambda: self._menu(more))
        about = label(person.line, "sub", wrap=True)
        about.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        box = column(row(name, about, more, gap=8), gap=0)
        for secret in person.reveal:
            ask = partial(desk.reveal, view.seat.desk, secret.record, secret.row_id, secret.column)
            box.addWidget(Secret(view.seat, secret.masked, ask, f"{person.name}的{secret.label}", caption=secret.label))
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)

    def _menu(self, at: QPushButton) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, then in self.choices():
            menu.addAction(text).triggered.connect(_bare(then))
        menu.popup(at.mapToGlobal(at.rect().bottomLeft()))

    def choices(self) -> list[tuple[str, Any]]:
        """What the menu offers: (text, what happens)."""
        view, person = self._view, self._person
        edit = ("编辑这个人", partial(view.edit_asked.emit, person.record, person.id))
        prints = [(f"打印{text}", partial(view.seat.go, "printing", **where)) for text, where in of_row(person.record, person.id)]
        if person.record != "resident":
            return [edit, *prints]
        return [
            edit,
            ("记录本人同意", partial(view.add_asked.emit, "consent", {"resident_id": person.id, "notice_version": desk.notice_version()})),
            ("登记服务类别", partial(view.add_asked.emit, "service_need", {"resident_id": person.id})),
            *prints,
        ]


def _exchange(state: str) -> list[QLabel]:
    if not state:
        return []
    made = tag(state)
    made.setToolTip(ON_ITS_WAY[state])
    made.setAccessibleName(f"交换：{state}。{ON_ITS_WAY[state]}")
    return [made]


def _bare(then: Callable[[], object]) -> Callable[..., object]:
    return lambda *_: then()


def _heading(text: str, act: QPushButton | None = None) -> Any:
    box = row(label(text, "section"), None, *([act] if act else []))
    box.setContentsMargins(0, 6, 0, 0)
    return box


def _fact(name: str, value: str) -> QWidget:
    left: QLabel = label(name, "sub")
    left.setFixedWidth(left.fontMetrics().horizontalAdvance("一二三四五") + 8)
    left.setAlignment(Qt.AlignmentFlag.AlignTop)
    left.setWordWrap(True)
    right = label(value, "small", wrap=True, selectable=True)
    right.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    box = row(left, right, gap=10)
    return holding(box)
