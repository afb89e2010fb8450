"""我们下发的: the centre writes a notice or adds a file, sees what it would change before it goes, and how many have it."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from gridapp import office
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, empty, flow, holding, label, row, scroll, tag

HEADINGS = (Heading("标题"), Heading("种类", 104), Heading("下发时间", 130), Heading("状态", 170), Heading("已确认", 110, right=True))
FILES = "可以下发的文件 (*.toml *.txt *.xlsx *.xls);;全部文件 (*)"
NOTHING = "写一条通知，或选一个文件：代码表、规则包、台账格式（.toml），表格模板（.xlsx、.xls）。下次生成回执包时带给下面所有的网格。"
LOOK, WRITE, CHECK = 0, 1, 2
SIDE = 440


class PublishPanel(QWidget):
    """The list of what was sent, and beside it the one chosen, a notice being written, or a file being checked."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.sent: list[Any] = []
        self.file: Path | None = None
        self.table = CellsTable("下发的内容", *HEADINGS)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.subject, self.title = _line("标题"), _line("标题")
        self.version, self.day = _line("版本（可不填）"), _line("生效日期，如 2026-12-01（不填就是今天）")
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("通知正文")
        self.text.setPlaceholderText("通知正文。不要写居民的姓名、电话和证件号码。")
        self.changes = label("", wrap=True)
        self.send_file = button("下发", "primary", self.send)
        self._detail = QVBoxLayout()
        self._detail.setContentsMargins(0, 0, 0, 0)
        self._detail.setSpacing(10)
        self.side = QStackedWidget()
        for made in (self._looking(), self._writing(), self._checking()):
            self.side.addWidget(made)
        self.side.setFixedWidth(SIDE)
        self.lists = QStackedWidget()
        self.lists.addWidget(card(empty("还没有下发过内容", NOTHING)))
        self.lists.addWidget(self.table)
        body = row(self.lists, self.side, gap=14)
        body.setStretch(0, 1)
        examples = button("样例文件", then=self.ask_where, tip="代码表、规则包、台账格式怎么写")
        buttons = row(button("写通知", "primary", self.write), button("选文件下发", then=self.pick), examples, None)
        box = column(buttons, body, gap=12)
        box.setStretch(1, 1)
        self.setLayout(box)

    def _looking(self) -> QWidget:
        return card(scroll(holding(column(holding(self._detail), None))))

    def _writing(self) -> QWidget:
        buttons = row(None, button("取消", then=self.leave), button("下发通知", "primary", self.send))
        made = card(label("写通知", "section"), self.subject, self.text, buttons, gap=10)
        made.layout().setStretch(2, 1)  # type: ignore[attr-defined]
        return made

    def _checking(self) -> QWidget:
        inside = column(label("下发前核对", "section"), self.changes, self.title, self.version, self.day, None, gap=10)
        return card(scroll(holding(inside)), row(None, button("取消", then=self.leave), self.send_file), gap=10)

    def refresh(self) -> None:
        """Ask how far everything came."""
        self.seat.ask(lambda: office.published(self.seat.desk), self._show, key="published")

    def _show(self, sent: list[Any]) -> None:
        self.sent = sent
        self.lists.setCurrentIndex(1 if sent else 0)
        self.table.put([(each.subject, each.kind_label, each.sent_on[5:], each.state, f"{each.confirmed}/{each.total}") for each in sent])
        self.side.setVisible(bool(sent) or self.side.currentIndex() != LOOK)
        if sent:
            self.table.selectRow(0)

    def _choose(self) -> None:
        at = self.table.chosen()
        if not at:
            return
        item = self.sent[at[0]]
        clear(self._detail)
        self._detail.addWidget(label(item.subject, "section", wrap=True))
        self._detail.addWidget(flow(tag(item.kind_label), tag(item.state, "good" if item.state == "生效中" else "plain")))
        for text in (f"{item.sent_by} · {item.sent_on}", f"{item.effective_from} 起生效", f"版本 {item.version}" if item.version else ""):
            if text:
                self._detail.addWidget(label(text, "sub", wrap=True))
        self._detail.addWidget(label(how_far(item), wrap=True))
        if item.is_ours and item.state != "已撤回":
            self._detail.addLayout(row(button("撤回", then=lambda: self.withdraw(item)), None))

    def _open(self, at: int) -> None:
        self.side.setCurrentIndex(at)
        self.side.show()

    def leave(self) -> None:
        """Nothing is sent."""
        self.file = None
        self.side.setCurrentIndex(LOOK)
        self.side.setVisible(bool(self.sent))

    def write(self) -> None:
        """An empty notice."""
        self.file = None
        self._open(WRITE)
        self.subject.setFocus()

    def pick(self) -> None:
        """Ask for a file."""
        if path := choosing.file(self, self.seat, "选择要下发的文件", FILES, "publish"):
            self.look_at(path)

    def ask_where(self) -> None:
        """Ask where the examples go."""
        if folder := choosing.folder(self, self.seat, "样例文件存到哪里", "publish"):
            self.seat.ask(lambda: office.examples(folder), lambda made: self._copied(folder, len(made)))

    def _copied(self, folder: Path, count: int) -> None:
        self.seat.say(f"{count} 个样例文件存好了，照着改再下发。", "打开所在文件夹", lambda: choosing.show_in_system(self.seat, folder))

    def look_at(self, path: Path) -> None:
        """Check it, and show what it would change."""
        self.seat.ask(lambda: office.look_at(self.seat.desk, file=path), lambda found: self._checked(path, found))

    def _checked(self, path: Path, found: Any) -> None:
        self.file = path
        self.title.setText(found.subject)
        lines = found.changes or ("内容不变。" if found.kind in ("codes", "rules", "form") else "各网格可以在“下发”里看到它。",)
        self.changes.setText("\n".join([f"{found.kind_label}：{path.name}", *lines]))
        self.day.setVisible(found.kind != "rules")
        self._open(CHECK)
        self.title.setFocus()

    def send(self) -> None:
        """Sign and keep it; it travels with the next bundles down."""
        at, file = self.seat.desk, self.file
        if file:
            more = {"subject": self.title.text(), "version": self.version.text(), "effective_from": self.day.text() if self.day.isVisible() else ""}
            self.seat.ask(lambda: office.publish(at, file=file, **more), self._sent)
        else:
            subject, text = self.subject.text(), self.text.toPlainText()
            self.seat.ask(lambda: office.publish(at, "notice", text=text, subject=subject), self._sent)

    def _sent(self, done: Any) -> None:
        for box in (self.subject, self.title, self.version, self.day):
            box.clear()
        self.text.clear()
        self.leave()
        self.seat.say(f"“{done.subject}”已下发，下次生成回执包时带给各网格。")
        self.seat.changed.emit(frozenset({"material"}))

    def withdraw(self, item: Any) -> None:
        """Take it back."""
        self.seat.ask(lambda: office.withdraw(self.seat.desk, item.row_id), lambda _: self._withdrawn(item))

    def _withdrawn(self, item: Any) -> None:
        self.seat.say(f"“{item.subject}”已撤回，下次生成回执包时告诉各网格。")
        self.seat.changed.emit(frozenset({"material"}))


def how_far(item: Any) -> str:
    """How many have confirmed it, and who has not."""
    if not item.total:
        return "下面还没有网格。登记网格以后，会随第一个回执包带去。"
    farther = "这里只数直接往来的；再下面的网格由社区转交，请在社区的程序里看。" if item.farther else ""
    if not item.waiting:
        return f"{item.total} 个都已确认收到。{farther}"
    names = "、".join(item.waiting[:12]) + (" 等" if len(item.waiting) > 12 else "")
    return f"{item.total} 个里 {item.confirmed} 个已确认收到。还没有确认：{names}。{farther}"


def _line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setMinimumHeight(40)
    made.setAccessibleName(name)
    made.setPlaceholderText(name)
    return made
