"""What every export asks and tells: for whom and what for, masked or whole; and where the file is."""
from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QWidget

from gridapp.rules import purposes
from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, faulty, flow, holding, label, row

AIMS = {
    purposes.Purpose.INSIDE: ("支部内部工作使用", "走访时带着", "打印存档"),
    purposes.Purpose.UPWARD: ("上报社区党委", "上报街道", "上级核对"),
    purposes.Purpose.PUBLIC: ("公示栏张贴", "楼道公示"),
}
FULL = "全号：电话、身份证号、住址和敏感信息全部写出来。只在上级明确要求原件时使用，会记入“查看与导出记录”。"
LOCK = "给文件也加一个打开密码（建议）：文件丢了，别人也打不开。密码用电话告诉对方。"


def line(name: str, hint: str, *, secret: bool = False) -> QLineEdit:
    """A line to write in, at least 40 px high."""
    made = QLineEdit()
    made.setMinimumHeight(40)
    made.setMaxLength(100)
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


class Asked(QWidget):
    """A line with its label above and its fault below."""

    def __init__(self, text: str, hint: str, *, secret: bool = False) -> None:
        super().__init__()
        self.line = line(text, hint, secret=secret)
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.line.textChanged.connect(lambda _: self.say(""))
        caption = label(text, "small")
        caption.setBuddy(self.line)
        box = column(caption, self.line, self.fault, gap=6)
        self.setLayout(box)

    @property
    def text(self) -> str:
        return self.line.text().strip()

    def say(self, text: str) -> None:
        """Put a fault under the line; "" takes it away."""
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.line, bool(text), text)
        if text:
            self.line.setFocus()


class Purpose(QWidget):
    """For whom a paper is, what for (without which nothing leaves the house), and whether it leaves whole."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices = {each: QRadioButton(each.title) for each in purposes.Purpose}
        self.masked, self.full = QRadioButton("隐去一部分"), QRadioButton("全号")
        self.says = label("", "sub", wrap=True)
        self.aim = Asked("用途（必填）", "给谁、做什么用")
        self.line, self.fault = self.aim.line, self.aim.fault
        self.quick = flow(gap=0)
        self._offered: purposes.Purpose | None = None
        self.effect = label(FULL, "fault", wrap=True)
        self.unlock = Asked("再输一次开锁的密码", "打开本程序的密码", secret=True)
        self.lock = QCheckBox("给文件加打开密码")
        self.file = Asked("文件的打开密码", "至少 6 位，用电话告诉对方", secret=True)
        self.secrets = holding(column(self.effect, self.unlock, self.lock, self.file, gap=10))
        self._group((*self.choices.values(),), (self.masked, self.full))
        self._lay_out()
        self.choices[purposes.Purpose.INSIDE].setChecked(True)
        self.masked.setChecked(True)

    def _group(self, *groups: tuple[QRadioButton, ...]) -> None:
        for buttons in groups:
            group = QButtonGroup(self)
            for each in buttons:
                each.setMinimumHeight(36)
                group.addButton(each)
                each.toggled.connect(self._switched)
        self.lock.setToolTip(LOCK)
        self.lock.setMinimumHeight(36)
        self.lock.toggled.connect(self._switched)

    def _lay_out(self) -> None:
        box = column(
            label("给谁看", "small"), flow(*self.choices.values(), gap=28), self.says, self.aim, self.quick,
            label("显示方式", "small"), flow(self.masked, self.full, gap=28), self.secrets, gap=8,
        )
        self.setLayout(box)

    @property
    def text(self) -> str:
        """What it is for, in the user's words."""
        return self.aim.text

    @property
    def purpose(self) -> purposes.Purpose:
        return next(each for each, made in self.choices.items() if made.isChecked())

    @property
    def is_masked(self) -> bool:
        return not self.is_whole

    @property
    def is_whole(self) -> bool:
        return self.full.isChecked() and self.purpose.rule.may_be_whole

    @property
    def password(self) -> str:
        """The desk's password, where everything is to be shown."""
        return self.unlock.line.text() if self.is_whole else ""

    @property
    def file_password(self) -> str:
        """The file's own, where one is wanted."""
        return self.file.line.text() if self.is_whole and self.lock.isChecked() else ""

    def ready(self) -> bool:
        """Whether all that is needed is given; says what is not."""
        missing = [
            (not self.text, self.aim, "还没有写用途。请写明给谁、做什么用，再导出。"),
            (self.is_whole and not self.password, self.unlock, "导出全号前要再输一次开锁的密码。"),
            (self.is_whole and self.lock.isChecked() and not self.file_password, self.file, "请给文件定一个打开密码，或去掉上面的勾。"),
        ]
        for lacks, asked, said in missing:
            asked.say(said if lacks else "")
        first = next((asked for lacks, asked, _ in missing if lacks), None)
        if first:
            first.line.setFocus()
        return first is None

    def calm(self) -> None:
        """Back to masked, passwords forgotten: the next paper is asked anew."""
        self.masked.setChecked(True)
        for asked in (self.unlock, self.file):
            asked.line.clear()

    def _switched(self) -> None:
        if not any(made.isChecked() for made in self.choices.values()):
            return
        rule = self.purpose.rule
        self.says.setText(rule.says)
        self._offer_aims()
        self.full.setEnabled(rule.may_be_whole)
        if not rule.may_be_whole:
            self.masked.setChecked(True)
        if self.sender() in self.choices.values():
            self.lock.setChecked(rule.sealed)
        self.secrets.setVisible(self.is_whole)
        self.file.setVisible(self.lock.isChecked())
        self.changed.emit()

    def _offer_aims(self) -> None:
        if self._offered is self.purpose:
            return
        if self._offered and self.text in AIMS[self._offered]:
            self.line.clear()
        self._offered = self.purpose
        clear(self.quick.layout())
        for text in AIMS[self.purpose]:
            self.quick.layout().addWidget(button(text, "link", partial(self.line.setText, text)))
        self.quick.updateGeometry()


class Written(QWidget):
    """Where the file is; hidden until there is one."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat, self.path = seat, Path()
        self.told = label("", wrap=True, selectable=True)
        buttons = row(button("打开", then=self.open), button("打开所在文件夹", then=self._open_folder), None)
        box = column(card(label("写好了", "section"), self.told, buttons, gap=8))
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)
        self.hide()

    def tell(self, text: str, path: Path) -> None:
        """Show what was written."""
        self.path = path
        self.told.setText(f"{text}\n文件在：{path}")
        self.show()

    def open(self) -> None:
        choosing.show_in_system(self.seat, self.path)

    def _open_folder(self) -> None:
        choosing.show_in_system(self.seat, self.path.parent)
