"""The ledgers one can ask for, under three headings: the standard ones, one's own, every record's plain one."""
from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from gridapp.desk import LedgerChoice, OwnLedger

KEY = Qt.ItemDataRole.UserRole
STANDARD, OWN, PLAIN = "标准台账", "自己的台账", "全部栏目"


class LedgerList(QListWidget):
    """put() fills it and keeps what was chosen; `picked` tells that another one is."""

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("台账")
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.choices: list[LedgerChoice] = []
        self.currentItemChanged.connect(lambda item, _: self.picked.emit() if item and item.data(KEY) else None)
        self.itemClicked.connect(lambda item: self.picked.emit() if item.data(KEY) else None)

    def put(self, standard: Iterable[LedgerChoice], own: Iterable[OwnLedger]) -> None:
        """Show these; the first one is chosen where the old choice is gone."""
        before, given = self.key, list(standard)
        mine = [LedgerChoice(each.key, each.form.title, False, each.form.record) for each in own]
        groups = ((STANDARD, [each for each in given if each.official]), (OWN, mine), (PLAIN, [each for each in given if not each.official]))
        self.choices = [each for _, choices in groups for each in choices]
        with QSignalBlocker(self):
            self.clear()
            for heading, choices in groups:
                self._head(heading, bool(choices))
                for each in choices:
                    item = QListWidgetItem(each.title.removesuffix("（全部栏目）") if heading == PLAIN else each.title)
                    item.setData(KEY, each.key)
                    self.addItem(item)
        self.choose(before if before in {each.key for each in self.choices} else self.choices[0].key)

    def _head(self, text: str, filled: bool) -> None:
        item = QListWidgetItem(text if filled else f"{text}：还没有，点下面的“新建”")
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        self.addItem(item)

    @property
    def key(self) -> str:
        """The chosen ledger's key; "" for none."""
        item = self.currentItem()
        return str(item.data(KEY) or "") if item else ""

    @property
    def choice(self) -> LedgerChoice:
        """The chosen ledger, else the first."""
        key = self.key
        return next((each for each in self.choices if each.key == key), self.choices[0])

    def choose(self, key: str) -> bool:
        """Choose one by its key; whether there is one."""
        for at in range(self.count()):
            if key and self.item(at).data(KEY) == key:
                self.setCurrentRow(at)
                return True
        return False
