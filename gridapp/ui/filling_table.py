"""One table or card of a template as the filling view shows it: what it was taken for, what goes into it, what is asked of the user."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from gridapp.ui.editors import Picker
from gridapp.ui.picking_row import PickingRow
from gridapp.ui.widgets import button, column, holding, label, row

LACKING = "下面这些栏程序里没有。整列填一样的就写在这里，也可以从下拉里选用别的栏；会记住，下次不用再写。留空就空着。"
BEGUN = "别人已经填了 {} 行：同一个人的只补空格，其余接在后面，已有的一格不改。"
LEAVE = "{{留空}}"


class FillingTable(QWidget):
    """found: a desk.Found; kinds: (code, Chinese) of what its rows can be said to be. said: the user says what they are (its code)."""

    said = Signal(str)

    def __init__(self, found: Any, kinds: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.found = found
        self.kind = Picker(list(kinds))
        self.kind.removeItem(0)
        self.kind.set_value(found.code)
        self.kind.setMinimumHeight(36)
        self.kind.setMinimumWidth(150)
        self.kind.setAccessibleName("每行一条什么")
        self.kind.edited.connect(lambda: self.said.emit(self.kind.value()))
        self.picking = PickingRow(found.filters, found.suggested)
        self.answers: dict[str, Picker] = {}
        self.checked: dict[str, Picker] = {}
        self.check = button("认错了？逐栏核对", "link", self._check)
        self.checking = _form()
        self.setLayout(column(*self._parts(), gap=10))

    def _parts(self) -> list[Any]:
        each = self.found
        unit = "张" if each.card else "行"
        about = label(f"共 {each.rows:,} 条可填", "sub")
        parts: list[Any] = [row(label(f"工作表“{each.sheet}”：每{unit}一条"), self.kind, about, None), label(self._fills(), wrap=True)]
        parts += [row(self.check, None), holding(self.checking)] if each.known else []
        if each.begun:
            parts.append(label(BEGUN.format(each.begun), "sub", wrap=True))
        if each.filters:
            parts += [label("只填哪些", "small"), self.picking]
        if each.lacks:
            parts += [label(LACKING, "sub", wrap=True), holding(self._asked())]
        return parts

    def _fills(self) -> str:
        said = "、".join(heading if heading == meaning else f"{heading}（{meaning}）" for heading, meaning in self.found.fills)
        return f"会填上：{said}。" if said else "没有认出能填的栏。"

    def _asked(self) -> QFormLayout:
        form = _form()
        for heading in self.found.lacks:
            self.answers[heading] = self._editor(heading, self._fields())
            form.addRow(label(heading, wrap=True), self.answers[heading])
        return form

    def _fields(self) -> list[tuple[str, str]]:
        return [(f"{{{{{name}}}}}", f"用“{name}”") for name in self.found.fields]

    def _editor(self, heading: str, items: list[tuple[str, str]]) -> Picker:
        made = Picker(items, searchable=True)
        made.setMinimumHeight(36)
        made.setAccessibleName(heading)
        made.set_raw(self.found.answers.get(heading) or None)
        return made

    def _check(self) -> None:
        """Every column that was recognised, with what goes into it: another field, a text, or nothing."""
        self.check.hide()
        for heading, meaning in self.found.known:
            made = self._editor(heading, [(LEAVE, "留空"), *self._fields()])
            made.lineEdit().setPlaceholderText(f"{meaning}（认出的）")
            self.checked[heading] = made
            self.checking.addRow(label(heading, wrap=True), made)

    def answered(self) -> dict[str, str]:
        """Heading -> what was said of it; "" forgets."""
        return {heading: str(made.value() or "") for heading, made in (self.answers | self.checked).items()}


def _form() -> QFormLayout:
    made = QFormLayout()
    made.setHorizontalSpacing(14)
    made.setVerticalSpacing(8)
    return made
