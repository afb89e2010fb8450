"""What a sheet asks before it is printed: whom it is for, what stands in its blanks, what it is for, and how much it shows."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.widgets import clear, column, faulty, holding, label, row

UNITS = {"household": "户", "visit": "次走访", "request": "件事项", "resident": "人", "member": "人"}
SHOWN = {
    "names": "只印姓名，电话、住址、服务类别都不印。",
    "own": "全号显示，只交给本人；会记入“查看与导出记录”。",
    "asked": "",
}
WHOLE = "全号会记入“查看与导出记录”，打印出来的纸请收好，用完粉碎。"


class PrintChoices(QWidget):
    """edited() is called when an answer changes. begin(order) lays the questions of its kind out."""

    def __init__(self, edited: Callable[[], object]) -> None:
        super().__init__()
        self._edited = edited
        self.order: desk.Order | None = None
        self.hint = label("", "sub", wrap=True)
        self.whom, self.purpose, self.fault = QComboBox(), QLineEdit(), label("", "fault", wrap=True)
        self.masked, self.full = QRadioButton("隐去一部分"), QRadioButton("全号")
        self.effect = label("", "sub", wrap=True)
        self.blanks: dict[str, QLineEdit] = {}
        self._blanks = QVBoxLayout()
        self._blanks.setContentsMargins(0, 0, 0, 0)
        self._blanks.setSpacing(6)
        self.for_whom, self.shown = label("", "small"), holding(row(self.masked, self.full, None, gap=24))
        self._build()

    def _build(self) -> None:
        for editor, name in ((self.whom, "打印哪些"), (self.purpose, "用途")):
            editor.setMinimumHeight(40)
            editor.setAccessibleName(name)
        self.purpose.setMaxLength(60)
        self.purpose.setPlaceholderText("给谁、做什么用")
        self.masked.setChecked(True)
        self.whom.activated.connect(lambda _: self._edited())
        self.purpose.textEdited.connect(lambda _: self._say(""))
        self.purpose.textEdited.connect(lambda _: self._edited())
        self.full.toggled.connect(self._switched)
        parts = (self.hint, self.for_whom, self.whom, holding(self._blanks), label("用途（印在水印里）", "small"), self.purpose, self.fault,
                 self.shown, self.effect)
        box = column(*parts, gap=8)
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)
        self.fault.hide()

    def begin(self, order: desk.Order) -> None:
        """The questions of an order's kind, with the answers it brings."""
        kind = desk.sheet_kinds()[order.sheet]
        self.order = order
        self.hint.setText(kind.hint)
        self.whom.clear()
        self.purpose.setText(order.purpose or kind.purpose)
        self._say("")
        for each in (self.masked, self.full):
            each.blockSignals(True)
        (self.full if order.whole else self.masked).setChecked(True)
        for each in (self.masked, self.full):
            each.blockSignals(False)
        self.shown.setVisible(kind.shows == "asked")
        self._tell()
        self._lay_blanks(kind.says)
        chosen = f"打印选中的 {len(order.ids)} {UNITS.get(kind.record, '条')}" if order.ids else ""
        self.for_whom.setText(chosen or "打印哪些")
        self.whom.setVisible(not order.ids)

    def _lay_blanks(self, says: tuple[tuple[str, str], ...]) -> None:
        clear(self._blanks)
        self.blanks = {}
        for key, text in says:
            editor = QLineEdit()
            editor.setMinimumHeight(38)
            editor.setMaxLength(60)
            editor.setAccessibleName(text)
            editor.setPlaceholderText("可以留空，打印后手写")
            editor.textEdited.connect(lambda _: self._edited())
            self.blanks[key] = editor
            self._blanks.addWidget(label(text, "small"))
            self._blanks.addWidget(editor)

    def offer(self, drawn: Any) -> None:
        """Whom it can be for, once the desk has said so."""
        assert self.order is not None
        chosen = self.whom.currentData() or self.order.whom
        self.whom.blockSignals(True)
        self.whom.clear()
        for choice in drawn.choices:
            self.whom.addItem(choice.label if choice.count is None else f"{choice.label}（{choice.count:,}）", choice.key)
        self.whom.setCurrentIndex(max(self.whom.findData(chosen), 0))
        self.whom.blockSignals(False)
        several = bool(drawn.choices) and not self.order.ids
        self.whom.setVisible(several)
        self.for_whom.setVisible(several or bool(self.order.ids))

    def asked(self) -> desk.Order:
        """The order as answered."""
        assert self.order is not None
        said = {key: editor.text() for key, editor in self.blanks.items()}
        whom = self.whom.currentData() or self.order.whom
        return replace(self.order, whom=whom, purpose=self.purpose.text(), whole=self.full.isChecked(), said=said)

    def ready(self) -> bool:
        """Whether a purpose is given; says so where it is not."""
        if self.purpose.text().strip():
            return True
        self._say("还没有写用途。请写明给谁、做什么用，再打印。")
        self.purpose.setFocus()
        return False

    def _switched(self, _: bool) -> None:
        self._tell()
        self._edited()

    def _tell(self) -> None:
        assert self.order is not None
        shows = desk.sheet_kinds()[self.order.sheet].shows
        self.effect.setText(WHOLE if shows == "asked" and self.full.isChecked() else SHOWN[shows])
        self.effect.setVisible(bool(self.effect.text()))

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.purpose, bool(text), text)
