"""What a sheet asks before it is printed: whom it is for, what stands in its blanks, what it is for, and how much it shows."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QComboBox, QRadioButton, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.rules.purposes import Purpose
from gridapp.ui.giving_parts import Asked
from gridapp.ui.widgets import clear, column, holding, label, row

UNITS = {"household": "户", "visit": "次走访", "request": "件事项", "resident": "人", "member": "人"}
NAMES = "只印姓名，电话、住址、服务类别都不印。"
OWN = "打印出来是全号，只交给本人；预览里仍隐去一部分。"
WHOLE = "打印出来是全号，会记入“查看与导出记录”，用完请收好或粉碎；预览里仍隐去一部分。"


class PrintChoices(QWidget):
    """edited() is called when an answer changes. begin(order) lays the questions of its kind out."""

    def __init__(self, edited: Callable[[], object]) -> None:
        super().__init__()
        self._edited = edited
        self.order: desk.Order | None = None
        self.hint, self.effect = label("", "sub", wrap=True), label("", "sub", wrap=True)
        self.caption, self.whom, self.readers = label("", "small"), QComboBox(), QComboBox()
        self.aim, self.unlock = Asked("用途（印在水印里）", "给谁、做什么用"), Asked("再输一次开锁的密码", "打开本程序的密码", secret=True)
        self.masked, self.full = QRadioButton("隐去一部分"), QRadioButton("全号")
        self.blanks: dict[str, Asked] = {}
        self._blanks = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        for choice, name in ((self.whom, "打印哪些"), (self.readers, "给谁看")):
            choice.setMinimumHeight(40)
            choice.setAccessibleName(name)
            choice.activated.connect(lambda _: self._changed())
        for each in Purpose:
            self.readers.addItem(f"{each.title}：{each.rule.says.partition('：')[0]}", each)
        group = QButtonGroup(self)
        for way in (self.masked, self.full):
            group.addButton(way)
            way.clicked.connect(lambda _: self._changed())
        self.aim.line.setMaxLength(60)
        self.aim.line.textEdited.connect(lambda _: self._edited())
        self.shown = holding(row(self.masked, self.full, None, gap=24))
        self._blanks.setSpacing(6)
        self.for_readers = holding(column(label("给谁看", "small"), self.readers))
        asked = (self.hint, self.caption, self.whom, holding(self._blanks), self.for_readers, self.aim, self.shown, self.effect, self.unlock)
        box = column(*asked, gap=8)
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)

    @property
    def kind(self) -> desk.SheetKind:
        """The kind of the order."""
        assert self.order is not None
        return desk.sheet_kinds()[self.order.sheet]

    def begin(self, order: desk.Order) -> None:
        """The questions of an order's kind, with the answers it brings."""
        self.order = order
        kind = self.kind
        self.hint.setText(kind.hint)
        self.whom.clear()
        self.readers.setCurrentIndex(self.readers.findData(order.purpose))
        self.aim.line.setText(order.aim or kind.aim)
        self.unlock.line.clear()
        (self.full if order.whole else self.masked).setChecked(True)
        self.for_readers.setVisible(kind.key == "ledger")
        self._lay_blanks(kind.says)
        self.caption.setText(f"打印选中的 {len(order.ids)} {UNITS.get(kind.record, '条')}" if order.ids else "打印哪些")
        self._tell()

    def _lay_blanks(self, says: tuple[tuple[str, str], ...]) -> None:
        clear(self._blanks)
        self.blanks = {key: Asked(text, "可以留空，打印后手写") for key, text in says}
        for asked in self.blanks.values():
            asked.line.textEdited.connect(lambda _: self._edited())
            self._blanks.addWidget(asked)

    def offer(self, drawn: Any) -> None:
        """Whom it can be for, once the desk has said so."""
        assert self.order is not None
        chosen = self.whom.currentData() or self.order.whom
        self.whom.clear()
        for choice in drawn.choices:
            self.whom.addItem(choice.label if choice.count is None else f"{choice.label}（{choice.count:,}）", choice.key)
        self.whom.setCurrentIndex(max(self.whom.findData(chosen), 0))
        several = bool(drawn.choices) and not self.order.ids
        self.whom.setVisible(several)
        self.caption.setVisible(several or bool(self.order.ids))

    @property
    def purpose(self) -> Purpose:
        return self.readers.currentData() or Purpose.INSIDE

    @property
    def is_whole(self) -> bool:
        """Whether what leaves is whole."""
        return self.kind.shows == "own" or (self.kind.shows == "asked" and self.full.isChecked() and self.purpose.rule.may_be_whole)

    def asked(self) -> desk.Order:
        """The order as answered."""
        assert self.order is not None
        said = {key: blank.text for key, blank in self.blanks.items()}
        whom = self.whom.currentData() or self.order.whom
        password = self.unlock.line.text() if self.is_whole else ""
        return replace(self.order, whom=whom, purpose=self.purpose, aim=self.aim.text, whole=self.is_whole, password=password, said=said)

    def ready(self) -> bool:
        """Whether what must be given is given; says what is not."""
        self.unlock.say("打印全号前要再输一次开锁的密码。" if self.is_whole and not self.unlock.line.text() else "")
        self.aim.say("" if self.aim.text else "还没有写用途。请写明给谁、做什么用，再打印。")
        return bool(self.aim.text and (self.unlock.line.text() or not self.is_whole))

    def calm(self) -> None:
        """The password is forgotten: the next paper asks anew."""
        self.unlock.line.clear()

    def _changed(self) -> None:
        self._tell()
        self._edited()

    def _tell(self) -> None:
        shows, may = self.kind.shows, self.purpose.rule.may_be_whole
        self.shown.setVisible(shows == "asked")
        self.full.setEnabled(may)
        if not may:
            self.masked.setChecked(True)
        self.effect.setText({"names": NAMES, "own": OWN}.get(shows, WHOLE if self.is_whole else self.purpose.rule.says))
        self.unlock.setVisible(self.is_whole)
