"""核对六个词: who asks to join, the six words to compare, and what they are enrolled as."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QFrame

from gridapp.ui.exchange_parts import three_and_three, words_line
from gridapp.ui.widgets import button, column, holding, label, row

ROLES = (("grid", "网格"), ("office", "下级中心（自己也管网格）"))


class CompareCard(QFrame):
    """same() when the words agree, differ() when not."""

    def __init__(self, same: Callable[[], object], differ: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.words, self.asker, self.instead = words_line(), label("", wrap=True), label("", "sub", wrap=True)
        self.roles = QComboBox()
        self.roles.setMinimumHeight(40)
        self.roles.setAccessibleName("登记为")
        for key, text in ROLES:
            self.roles.addItem(text, key)
        name = label("登记为", "small")
        name.setBuddy(self.roles)
        self.choice = holding(column(name, self.roles, gap=4))
        buttons = row(button("一样，登记", "primary", same), button("不一样，放弃", then=differ), None)
        box = column(label("核对六个词", "section"), self.asker, self.words, self.choice, self.instead, buttons, None, gap=12)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def begin(self, asked: Any, replaced: str) -> None:
        """An Enrolled to compare; replaced: the name of the grid whose new computer it is, '' for somebody new."""
        self.words.setText(three_and_three(asked.words))
        self.asker.setText(f"“{asked.grid_name}”申请加入。请让对方读出他窗口里的六个词，逐个对照；六个都一样才登记。")
        self.choice.setVisible(not replaced)
        self.roles.setCurrentIndex(0)
        self.instead.setVisible(bool(replaced))
        self.instead.setText(
            f"这是“{replaced}”的新电脑：登记以后，原来的电脑停用，编号不变，第一个回执包带上它的全部记录。"
            "原来的电脑还没交来的包，以后找到了会单独放着，由您决定是否收进。"
        )

    @property
    def role(self) -> str:
        """grid or office."""
        return str(self.roles.currentData())
