"""One grid (or office below) on the centre's page: how its exchange stands, in sentences, and what can be done about it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QFrame

from gridapp.ui.widgets import button, clear, column, flow, holding, label, row, scroll, tag

START_OVER = "数据对不上，或有一方从备份恢复过，可以重新全部发送：双方下次各发一份完整的，已有的不会重复，也不会丢。"


class PartyCard(QFrame):
    """verified, start_over and replace get the line shown; left() when put away."""

    def __init__(
        self, left: Callable[[], object], verified: Callable[[Any], object], start_over: Callable[[Any], object], replace: Callable[[Any], object]
    ) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.line: Any = None
        self.name, self.about, self.facts = label("", "section"), label("", "sub", wrap=True), column(gap=8)
        self.verified = button("已问过，没有问题", then=lambda: verified(self.line), tip="提醒会收起；再看到新的迹象还会提醒。")
        again = button("重新全部发送", then=lambda: start_over(self.line), tip=START_OVER)
        new = button("换电脑", then=lambda: replace(self.line), tip="电脑坏了、丢了或换了新的：登记新电脑，顶替原来的。")
        inside = column(self.about, self.facts, flow(self.verified, again, new), label(START_OVER, "sub", wrap=True), None, gap=12)
        box = column(row(self.name, None, button("收起", "link", left)), scroll(holding(inside)), gap=10)
        box.setContentsMargins(20, 14, 12, 14)
        self.setLayout(box)

    def show_line(self, line: Any) -> None:
        """A GridLine."""
        self.line = line
        self.name.setText(f"{line.name}（{line.code}）")
        kind = "下级中心" if line.role == "office" else "网格"
        self.about.setText(f"{kind} · 程序版本 {line.app or '--'} · 记录 {line.rows:,} 条 · 未确认 {line.unconfirmed:,} 条")
        clear(self.facts)
        for fact in line.facts or ("一切正常，没有要留意的。",):
            made = row(tag("留意" if line.facts else "正常", "warn" if line.facts else "good"), label(fact, wrap=True, selectable=True), gap=12)
            made.setStretch(1, 1)
            self.facts.addWidget(holding(made))
        self.verified.setVisible(line.restored)
