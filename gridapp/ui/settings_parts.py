"""The cards of 设置与体检: check-up, backups, password, looks, the log, sample data, about."""
from __future__ import annotations

import platform
from typing import Any

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

import gridapp
from gridapp import desk
from gridapp.records import BY_NAME, columns
from gridapp.rules import moments
from gridapp.ui import choosing, safe_copies, theme
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.gate_card import SecretLine
from gridapp.ui.seat import Seat
from gridapp.ui.strength import strength
from gridapp.ui.widgets import Chips, button, card, classed, clear, column, holding, label, row, tag

THEMES = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))
WHAT = {
    "reveal": "查看全号", "export": "导出台账", "print": "打印", "import": "导入台账", "backup": "备份", "bundle": "生成上报包", "take": "收取文件",
    "again": "再写一次数据包", "enrol": "登记加入", "replace": "登记新电脑", "verified": "核实过电脑", "start over": "重新全部发送",
    "join": "申请加入", "joined": "加入中心", "return": "生成回执包", "resolve": "核对不一致",
    "recovery code": "更换恢复码", "rotate": "更换本机密钥", "revoke": "停用电脑", "reinstate": "恢复电脑", "release": "放行搁置的内容",
    "publish": "下发内容", "withdraw": "停用下发内容", "template": "另存下发的模板", "reassign": "划转住户",
    "discard": "丢弃搁置的内容", "loan": "生成借用包", "loan_taken": "收下借用包", "upgrade": "升级程序",
}
SHOWN = {"masked": "隐去一部分", "full": "全号"}
LOG = (Heading("时间", 190), Heading("谁", 110), Heading("做了什么", 130), Heading("对象", 150), Heading("栏目", 140), Heading("用途"))


class CheckCard(QFrame):
    """体检: each line with a tag 正常 or 要处理."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        self.start = button("现在体检", "primary", self.check)
        words = label("看数据文件是否完好、备份是否及时、磁盘够不够；不会改动任何内容。", "sub", wrap=True)
        box = column(row(label("体检", "section"), None, self.start), words, self.lines)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        self.setLayout(box)

    def check(self) -> None:
        """Ask the desk to look."""
        self.start.setEnabled(False)
        job = self.seat.work(lambda step: desk.check_up(self.seat.desk), self._show, text="正在体检……")
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _show(self, found: list[Any]) -> None:
        clear(self.lines)
        for line in found:
            words = label(line.text, wrap=True, selectable=True)
            made = row(tag("正常" if line.ok else "要处理", "good" if line.ok else "late"), words, gap=12)
            made.setStretch(1, 1)
            self.lines.addWidget(holding(made))


class BackupCard(QFrame):
    """备份: when the last one was, where they go, one now, and how to go back."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.last, self.where = label("", wrap=True), label("", "sub", wrap=True, selectable=True)
        self.now = button("立即备份", then=self.back_up)
        restore = "要用备份代替现在的数据，请先锁定，再在解锁页选“从备份恢复”；现在的数据会移到旁边留着。"
        box = column(
            label("备份", "section"), self.last, self.where,
            row(self.now, button("更换位置", then=self.pick), button("打开文件夹", "link", self.look), None),
            label(restore, "sub", wrap=True), row(button("锁定，去恢复", "link", seat.shell.lock), None), gap=8,
        )
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def refresh(self) -> None:
        """When and where."""
        self.seat.ask(lambda: (desk.last_backup(self.seat.desk), safe_copies.folder_of(self.seat.desk)), self._show, key="backup")

    def _show(self, found: Any) -> None:
        last, folder = found
        self.folder = folder
        self.last.setText(last + "。请现在备份一次。" if last.startswith("还没有") else f"上次备份：{last}。")
        self.where.setText(f"放在：{folder}")

    def back_up(self) -> None:
        """One now."""
        self.now.setEnabled(False)
        job = self.seat.work(lambda step: safe_copies.back_up(self.seat.desk), self._backed, text="正在备份……")
        job.ended.connect(lambda: self.now.setEnabled(True))

    def _backed(self, path: Any) -> None:
        self.refresh()
        self.seat.say(f"备份好了：{path.name}。", "打开所在文件夹", lambda: choosing.show_in_system(self.seat, path.parent))

    def pick(self) -> None:
        """Another folder."""
        if folder := choosing.folder(self, self.seat, "选择放备份的文件夹", "backups"):
            self.seat.ask(lambda: desk.put_setting(self.seat.desk, safe_copies.FOLDER, str(folder)), lambda _: self.refresh())

    def look(self) -> None:
        """Open the folder in the system."""
        choosing.show_in_system(self.seat, self.folder)


class PasswordCard(QFrame):
    """更换密码. The recovery code stays good."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.old, self.new, self.again = SecretLine("现在的密码或恢复码"), SecretLine("新密码"), SecretLine("再输入一次新密码", self.change)
        self.words = label("", "plain")
        self.new.line.textChanged.connect(lambda _: self._judge())
        self.start = button("更换密码", then=self.change)
        parts: list[Any] = [label("密码", "section")]
        for name, line in (("现在的密码（忘了可以用恢复码）", self.old), ("新密码", self.new), ("再输入一次", self.again)):
            buddy = label(name, "small")
            buddy.setBuddy(line.line)
            parts += [buddy, line]
            if line is self.new:
                parts.append(row(self.words, None))
        box = column(*parts, row(label("换密码以后，打印的恢复码仍然有效。", "sub", wrap=True), None, self.start), gap=8)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)
        self._judge()

    def _judge(self) -> None:
        found = strength(self.new.text)
        self.words.setText(found.text)
        classed(self.words, found.tone)

    def change(self) -> None:
        """Change it, or say what is missing."""
        if not self.start.isEnabled() or not self._ready():
            return
        old, new = self.old.text, self.new.text
        self.start.setEnabled(False)
        job = self.seat.ask(lambda: desk.change_password(self.seat.desk, old, new), self._changed, failed=lambda trouble: self.old.say(trouble.text))
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _ready(self) -> bool:
        found = strength(self.new.text)
        self.old.say("" if self.old.text else "请先输入现在的密码。")
        self.new.say("" if found.level else f"新密码太短。{found.text}")
        self.again.say("" if self.again.text == self.new.text else "两次输入的不一样。请再输入一次。")
        return bool(self.old.text and found.level and self.again.text == self.new.text)

    def _changed(self, _: Any) -> None:
        for each in (self.old, self.new, self.again):
            each.line.clear()
            each.reveal(False)
        self.seat.say("密码换好了。下次打开请用新密码。")


class LooksCard(QFrame):
    """外观: theme and size of type, at once."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.themes = Chips()
        self.themes.setAccessibleName("配色")
        self.themes.chosen.connect(lambda key: self._keep("theme", key))
        self.type_size = label("")
        self.less, self.more = button("小一号", then=lambda: self._resize(-1)), button("大一号", then=lambda: self._resize(1))
        box = column(
            label("外观", "section"), label("配色", "small"), self.themes, label("字号", "small"), row(self.less, self.type_size, self.more, None),
            label("任何时候都可以按 Ctrl+= 放大、Ctrl+- 缩小。", "sub", wrap=True), gap=8,
        )
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)
        self.refresh()

    @property
    def points(self) -> int:
        return int(self.seat.settings.value("points", theme.NORMAL))  # type: ignore[call-overload]

    def refresh(self) -> None:
        """What is chosen."""
        self.themes.show_chips([(key, text, None) for key, text in THEMES], str(self.seat.settings.value("theme", "system")))
        self.type_size.setText(f"{self.points} 磅" + ("（标准）" if self.points == theme.NORMAL else ""))
        self.less.setEnabled(self.points > theme.SMALLEST)
        self.more.setEnabled(self.points < theme.LARGEST)

    def _resize(self, by: int) -> None:
        self._keep("points", self.points + by)

    def _keep(self, key: str, value: Any) -> None:
        self.seat.settings.setValue(key, value)
        self.refresh()
        self.seat.shell.redress()


class LogCard(QWidget):
    """查看与导出记录: who looked at or gave out what, and what for; never the values."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.table = CellsTable("查看与导出记录", *LOG)
        words = "谁在什么时候看过全号、导出过台账、做过备份，都记在这里，只记做了什么，不记内容。最近 500 条；这份记录不能修改。"
        top = row(label(words, "sub", wrap=True), button("复制", then=self.table.copy))
        top.setStretch(0, 1)
        self.setLayout(column(top, self.table, gap=10))

    def refresh(self) -> None:
        """Ask again."""
        self.seat.ask(lambda: desk.audit(self.seat.desk, 500), self._show, key="log")

    def _show(self, lines: list[dict[str, Any]]) -> None:
        self.table.put([log_line(line) for line in lines])


def log_line(line: dict[str, Any]) -> tuple[str, ...]:
    """A line of the log as people read it: when, who, what, which record, which field, what for."""
    record = BY_NAME.get(line["record"] or "")
    field = line["field"] or ""
    named = next((each.label for each in columns(record) if each.name == field), "") if record else ""
    return (
        moments.show(line["at"]), line["who"] or "", WHAT.get(line["what"], line["what"]), record.title if record else "",
        named or SHOWN.get(field, field), line["purpose"] or "",
    )


class AboutCard(QFrame):
    """关于: the version, where the data are, and a text for whoever helps."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        built = f"{platform.system()} · Python {platform.python_version()} · Qt {qVersion()}"
        self.text = f"网格支部 {gridapp.__version__}\n{built}\n数据在：{seat.desk.folder}"
        words = "只保存工作必需的信息，默认隐去全号，不联网；没有打分、排名、定位和重点人员名单。"
        box = column(
            label("关于", "section"), label(self.text, selectable=True, wrap=True), label(words, "sub", wrap=True),
            row(button("复制版本信息", then=self.copy), button("打开数据文件夹", "link", self._look), None), gap=8,
        )
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def _look(self) -> None:
        choosing.show_in_system(self.seat, self.seat.desk.folder)

    def copy(self) -> None:
        """The version to the clipboard, without the folder."""
        QGuiApplication.clipboard().setText("\n".join(line for line in self.text.splitlines() if not line.startswith("数据在")))
        self.seat.say("版本信息已复制，可以发给维护人员。")


def titled(title: str, text: str, *buttons: QWidget) -> QFrame:
    """A small card: what it is, a sentence, what can be done."""
    return card(label(title, "section"), label(text, "sub", wrap=True), row(*buttons, None), gap=8)
