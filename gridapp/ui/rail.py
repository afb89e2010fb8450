"""The rail at the left: where one can go."""
from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gridapp.ui.pages import BELONGS, BY_KEY, PAGES
from gridapp.ui.widgets import button, ground, label, scroll


class Rail(QWidget):
    """Buttons for the pages, in their groups; the settings stand at the foot."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "rail")
        self.setAccessibleName("导航")
        self._buttons: dict[str, QPushButton] = {}
        outer, inner = QVBoxLayout(self), QVBoxLayout()
        outer.setContentsMargins(0, 0, 1, 8)
        outer.setSpacing(0)
        brand = label("网格支部")
        brand.setObjectName("brand")
        outer.addWidget(brand)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(1)
        self._fill(inner)
        inner.addStretch()
        holder = QWidget()
        holder.setLayout(inner)
        outer.addWidget(scroll(holder), 1)
        outer.addWidget(self._buttons["settings"])
        self.fit()

    def _fill(self, box: QVBoxLayout) -> None:
        group = ""
        for page in PAGES:
            if not page.name:
                continue
            if page.group not in (group, "foot"):
                box.addWidget(label(page.group))
            group = page.group
            made = button(page.name)
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, key=page.key: self.chosen.emit(key))
            self._buttons[page.key] = made
            if page.group != "foot":
                box.addWidget(made)

    def mark(self, key: str) -> None:
        """Show where one is."""
        key = BELONGS.get(key, key)
        for each, made in self._buttons.items():
            made.setChecked(each == key)

    def count(self, key: str, waiting: int) -> None:
        """Say beside a page's name how much waits there."""
        name = BY_KEY[key].name
        self._buttons[key].setText(f"{name}  {waiting:,}" if waiting else name)
        self._buttons[key].setAccessibleName(f"{name}，{waiting} 条" if waiting else name)

    def fit(self) -> None:
        """As wide as its longest word in the present type."""
        self.ensurePolished()
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("设置与体检") + 82)
