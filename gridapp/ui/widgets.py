"""The few parts every page is made of: labels, buttons, cards, chips, tags, empty states. Looks live in theme.py, by class name."""
from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gridapp.ui.flow import Flow

Part = QWidget | QLayout | None


def classed(widget: QWidget, kind: str) -> None:
    """Give a widget its stylesheet class, again if need be."""
    widget.setProperty("class", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def faulty(editor: QWidget, wrong: bool, said: str) -> None:
    """Mark an editor as wrong, or as right again; said is what a screen reader adds to its name."""
    editor.setProperty("faulty", "true" if wrong else "")
    editor.style().unpolish(editor)
    editor.style().polish(editor)
    editor.setAccessibleDescription(said)


def label(text: str = "", kind: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Plain text (never markup). kind: '', title, section, sub, small, figure, fault, hint, code."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("class", kind)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
    return made


def tag(text: str, tone: str = "plain") -> QLabel:
    """A small coloured word. tone: late, warn (soon), good (fine), plain."""
    made = label(text, tone)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def button(text: str, kind: str = "plain", then: Callable[[], object] | None = None, *, tip: str = "", name: str = "") -> QPushButton:
    """A button at least 36 px high. kind: primary (one to a page), plain, link. name: what a screen reader says, where text alone is not enough."""
    made = QPushButton(text)
    if kind != "plain":
        made.setProperty("class", kind)
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setMinimumHeight(36)
    made.setAccessibleName(name or text)
    made.setToolTip(tip)
    if then:
        made.clicked.connect(lambda: then())
    return made


def row(*parts: Part, gap: int = 10) -> QHBoxLayout:
    """Side by side; None takes the room that is left."""
    return _fill(QHBoxLayout(), parts, gap)


def column(*parts: Part, gap: int = 6) -> QVBoxLayout:
    """One above the other; None takes the room that is left."""
    return _fill(QVBoxLayout(), parts, gap)


def _fill(box, parts: Iterable[Part], gap: int):
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for part in parts:
        if part is None:
            box.addStretch()
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)
    return box


def holding(layout: QLayout) -> QWidget:
    """A bare widget around a layout."""
    made = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    made.setLayout(layout)
    return made


def card(*parts: Part, gap: int = 6, margins: tuple[int, int, int, int] = (20, 16, 20, 16)) -> QFrame:
    """White paper with a thin edge."""
    made = QFrame()
    made.setProperty("class", "card")
    box = column(*parts, gap=gap)
    box.setContentsMargins(*margins)
    made.setLayout(box)
    return made


def rule() -> QFrame:
    """A thin line."""
    made = QFrame()
    made.setProperty("class", "rule")
    return made


def flow(*parts: QWidget, gap: int = 8) -> QWidget:
    """Parts on as many lines as they need."""
    made = QWidget()
    box = Flow(made, gap)
    for part in parts:
        box.addWidget(part)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    return made


def scroll(inside: QWidget) -> QScrollArea:
    """inside, scrolling up and down only, on no ground of its own."""
    inside.setObjectName("clear")
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidget(inside)
    made.viewport().setAutoFillBackground(False)
    return made


def ground(widget: QWidget, name: str = "ground") -> QWidget:
    """Let the stylesheet paint a bare QWidget's ground (names: ground, rail, bar, status)."""
    widget.setObjectName(name)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def clear(box: QLayout) -> None:
    """Take everything out of a layout and drop it."""
    while box.count():
        item = box.takeAt(0)
        if inner := item.layout():
            clear(inner)
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()


def shortcut(keys: str, parent: QWidget, then: Callable[[], object], *, everywhere: bool = False) -> QShortcut:
    """A key for a page (it and its children), or for the whole window."""
    made = QShortcut(QKeySequence(keys), parent)
    made.setContext(Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(lambda: then())
    return made


def timer(parent: QObject, milliseconds: int, then: Callable[[], object]) -> QTimer:
    """Runs then once, so long after its last start()."""
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(lambda: then())
    return made


def empty(title: str, text: str, *buttons: QPushButton) -> QWidget:
    """What stands where there is nothing yet: what this is, and what to do next."""
    centre = Qt.AlignmentFlag.AlignHCenter
    words = label(text, "sub", wrap=True)
    words.setAlignment(centre)
    words.setMaximumWidth(560)
    words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    middle = row(None, words, None, gap=0)
    middle.setStretch(1, 100)
    box = column(None, gap=10)
    box.addWidget(label(title, "section"), 0, centre)
    box.addLayout(middle)
    box.addLayout(row(None, *buttons, None))
    box.addStretch()
    return holding(box)


class Line(QLabel):
    """One line of plain text that ends in … where there is no room; the whole text is its tooltip."""

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            self.setProperty("class", kind)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._elide()
        super().paintEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._whole) + 4, super().sizeHint().height())

    def _elide(self) -> None:
        cut = QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 20)) if self.width() else self._whole
        if cut != self.text():
            super().setText(cut)
            self.setToolTip(self._whole if cut != self._whole else "")


class Chips(QWidget):
    """A row of filters, one of them chosen, each with its live count."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(self, gap=10)
        self._buttons: dict[str, QPushButton] = {}
        self.current = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("筛选")

    def show_chips(self, chips: Iterable[tuple[str, str, int | None]], current: str) -> None:
        """(key, label, count) each; count None shows none. Buttons are kept while the keys stay, so the focus does too."""
        chips = list(chips)
        if [key for key, _, _ in chips] != list(self._buttons):
            self._rebuild([key for key, _, _ in chips])
        for key, text, count in chips:
            self._buttons[key].setText(text if count is None else f"{text} {count:,}")
            self._buttons[key].setAccessibleName(text if count is None else f"{text}，{count} 条")
        self._mark(current)

    def _rebuild(self, keys: list[str]) -> None:
        clear(self._flow)
        self._buttons = {key: button("", "chip") for key in keys}
        for key, each in self._buttons.items():
            each.setCheckable(True)
            each.clicked.connect(lambda _=False, key=key: self.choose(key))
            self._flow.addWidget(each)

    def choose(self, key: str) -> None:
        """As if clicked."""
        self._mark(key)
        self.chosen.emit(key)

    def _mark(self, key: str) -> None:
        self.current = key
        for each, made in self._buttons.items():
            made.setChecked(each == key)
