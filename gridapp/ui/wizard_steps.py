"""The small pages of the first run: who one is, the password, which data to begin with, where backups go."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QWidget

from gridapp.ui import choosing
from gridapp.ui.gate_card import SecretLine
from gridapp.ui.seat import Seat
from gridapp.ui.strength import strength
from gridapp.ui.widgets import button, classed, column, label, row


def text_line(name: str, hint: str = "") -> QLineEdit:
    """One line with an accessible name."""
    made = QLineEdit()
    made.setMinimumHeight(42)
    made.setMaxLength(60)
    made.setPlaceholderText(hint)
    made.setAccessibleName(name)
    return made


class NamePage(QWidget):
    """Step 1: the grid's name, the user's name, and whether this seat is a grid's or the centre's."""

    def __init__(self) -> None:
        super().__init__()
        self.grid, self.who = text_line("网格名称", "如 幸福社区第三网格"), text_line("您的姓名", "如 王建国")
        self.for_grid, self.for_office = QRadioButton("网格使用"), QRadioButton("中心使用（汇总各网格）")
        self.for_grid.setChecked(True)
        self.seats = QButtonGroup(self)
        for each in (self.for_grid, self.for_office):
            self.seats.addButton(each)
        self.name = label("网格名称", "small")
        self.name.setBuddy(self.grid)
        who = label("您的姓名（记走访、办事项时用）", "small")
        who.setBuddy(self.who)
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.for_office.toggled.connect(lambda office: self.name.setText("中心名称" if office else "网格名称"))
        self.setLayout(column(row(self.for_grid, self.for_office, None, gap=24), self.name, self.grid, self.fault, who, self.who, None))
        self.setFocusProxy(self.grid)

    @property
    def role(self) -> str:
        return "office" if self.for_office.isChecked() else "grid"

    def ready(self) -> bool:
        """Whether one can go on; says what is missing."""
        there = bool(self.grid.text().strip())
        self.fault.setText("" if there else f"还没有填写{self.name.text()}。请填写后再点“下一步”。")
        self.fault.setVisible(not there)
        if not there:
            self.grid.setFocus()
        return there


class PasswordPage(QWidget):
    """Step 2: a password, twice."""

    def __init__(self, entered: Callable[[], object]) -> None:
        super().__init__()
        self.first, self.second = SecretLine("密码", lambda: self.second.setFocus()), SecretLine("再输入一次密码", entered)
        self.words = label("", "plain")
        self.first.line.textChanged.connect(lambda _: self._judge())
        first, second = label("密码", "small"), label("再输入一次", "small")
        first.setBuddy(self.first.line)
        second.setBuddy(self.second.line)
        advice = label("数据在这台电脑上加密保存，没有密码谁也打不开。不要用生日、电话或连续的数字。", "sub", wrap=True)
        self.setLayout(column(advice, first, self.first, row(self.words, None), second, self.second, None))
        self.setFocusProxy(self.first)
        self._judge()

    def _judge(self) -> None:
        found = strength(self.first.text)
        self.words.setText(found.text)
        classed(self.words, found.tone)
        self.first.say("")

    def ready(self) -> bool:
        """Whether both agree and are long enough; says what is not."""
        found = strength(self.first.text)
        self.first.say("" if found.level else f"密码太短。{found.text}")
        agree = self.first.text == self.second.text
        self.second.say("" if agree or not found.level else "两次输入的不一样。请再输入一次。")
        if not found.level:
            self.first.setFocus()
        elif not agree:
            self.second.setFocus()
        return bool(found.level and agree)

    def forget(self) -> None:
        """Out of the fields once it is no longer needed."""
        for each in (self.first, self.second):
            each.line.clear()
            each.reveal(False)


class BeginPage(QWidget):
    """Step 4: ledgers to import, the sample data, or nothing yet."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.files: list[Path] = []
        self.take_in, self.sample, self.later = QRadioButton("导入现有台账"), QRadioButton("先看示例数据"), QRadioButton("以后再说")
        self.take_in.setChecked(True)
        self.picked = label("", "sub", wrap=True)
        self.choose = button("选择文件", then=self.pick)
        self.take_in.toggled.connect(self.choose.setEnabled)
        notes = (
            "Excel、WPS 表格、CSV 都可以，格式不整齐也没关系；先预览，确认后才写入。",
            "虚构的一个网格，单独存放，和您的数据互不影响；看完可以一键删除。",
            "直接进入空白的窗口，随时可以再导入。",
        )
        self.setLayout(
            column(
                row(self.take_in, None, self.choose), label(notes[0], "sub", wrap=True), self.picked, self.sample, label(notes[1], "sub", wrap=True),
                self.later, label(notes[2], "sub", wrap=True), None,
            )
        )
        self._say()

    def pick(self) -> None:
        """Ask for files."""
        if files := choosing.files(self, self.seat, "选择台账文件", choosing.LEDGERS, "ledgers"):
            self.use(files)

    def use(self, files: list[Path]) -> None:
        """These files are to be previewed once the window stands."""
        self.files = files
        self.take_in.setChecked(True)
        self._say()

    def _say(self) -> None:
        self.picked.setText("已选择：" + "、".join(path.name for path in self.files) if self.files else "")
        self.picked.setVisible(bool(self.files))


class BackupPage(QWidget):
    """Step 5: where backups go."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.folder: Path | None = None
        self.beside, self.elsewhere = QRadioButton("放在数据旁边"), QRadioButton("放在另外的文件夹（U 盘或移动硬盘更稳妥）")
        self.beside.setChecked(True)
        self.choose = button("选择文件夹", then=self.pick)
        self.where = label("", "sub", wrap=True)
        self.now = QCheckBox("现在就备份一次")
        self.now.setChecked(True)
        self.elsewhere.clicked.connect(self.pick)
        self.beside.toggled.connect(lambda _: self._say())
        words = "备份也是加密的，用同一个密码或恢复码打开。电脑坏了，有备份就能在另一台电脑上接着用。"
        self.setLayout(column(label(words, "sub", wrap=True), self.beside, row(self.elsewhere, None, self.choose), self.where, self.now, None))
        self._say()

    def pick(self) -> None:
        """Ask for a folder."""
        if chosen := choosing.folder(self, self.seat, "选择放备份的文件夹", "backups"):
            self.use(chosen)
        elif self.folder is None:
            self.beside.setChecked(True)

    def use(self, folder: Path) -> None:
        """Backups go here."""
        self.folder = folder
        self.elsewhere.setChecked(True)
        self._say()

    @property
    def target(self) -> Path | None:
        """The folder chosen; None for beside the data."""
        return self.folder if self.elsewhere.isChecked() else None

    def _say(self) -> None:
        self.where.setText(f"备份会放在：{self.folder}" if self.target else "备份会放在数据文件夹里的 backups 文件夹。")
