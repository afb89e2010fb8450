"""设置与体检: views of cards; the check-up comes first."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp.ui import sample
from gridapp.ui.attachment_setting import AttachmentSetting
from gridapp.ui.headings_card import HeadingsCard
from gridapp.ui.keys_card import trust_view
from gridapp.ui.recovery_card import RecoveryCard
from gridapp.ui.seat import Seat
from gridapp.ui.settings_parts import AboutCard, BackupCard, CheckCard, LogCard, LooksCard, PasswordCard, titled
from gridapp.ui.update_card import UpdateCard
from gridapp.ui.widgets import Chips, button, column, ground, holding, label, row, scroll

VIEWS = (("check", "体检与备份"), ("looks", "密码与外观"), ("trust", "设备与密钥"), ("log", "查看与导出记录"), ("more", "资料与关于"))


class SettingsPage(QWidget):
    """arrive(view=...) opens one of the views."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.check, self.backup, self.password = CheckCard(seat), BackupCard(seat), PasswordCard(seat)
        self.recovery, self.headings = RecoveryCard(seat), HeadingsCard(seat)
        self.looks, self.log, self.about = LooksCard(seat), LogCard(seat), AboutCard(seat)
        self.attachments, self.update_card = AttachmentSetting(seat), UpdateCard(seat)
        self.views, self.stack = Chips(), QStackedWidget()
        trust, self.devices = trust_view(seat)
        secrets = holding(column(self.password, self.recovery, gap=14))
        lists = holding(column(self._lists(), self.headings, gap=14))
        for made in (_pair(self.check, self.backup), _pair(secrets, self.looks), trust, self.log, _pair(lists, self._more())):
            self.stack.addWidget(made)
        self.views.show_chips([(key, text, None) for key, text in VIEWS], "check")
        self.views.chosen.connect(self.view)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(label("设置与体检", "title"), None))
        box.addWidget(self.views)
        box.addWidget(self.stack, 1)

    def _lists(self) -> QWidget:
        go = self.seat.go
        return titled(
            "楼栋和组织", "楼栋表、党组织和网格的名称在这里改；住户、居民、党员都从这里选。",
            button("楼栋", then=lambda: go("building")), button("党组织和网格", then=lambda: go("org")), button("同意书", then=lambda: go("consent")),
        )

    def _more(self) -> QWidget:
        parts: list[QWidget] = [self.attachments, self.update_card, self.about]
        if self.seat.desk and self.seat.desk.is_sample:
            words = "现在看到的都是虚构的示例数据。删除以后回到首次设置，可以建立自己的网格；您自己的数据不受影响。"
            parts.insert(0, titled("示例数据", words, button("删除示例数据", then=lambda: remove_sample(self.seat))))
        elif sample.there(self.seat.folder):
            words = "这台电脑上还留着一份虚构的示例数据，不再需要时可以删除；您自己的数据不受影响。"
            self.leftover = titled("示例数据", words, button("删除示例数据", then=self._remove_leftover))
            parts.insert(0, self.leftover)
        return holding(column(*parts, None, gap=14))

    def refresh(self) -> None:
        """What may have changed elsewhere."""
        self.backup.refresh()
        self.log.refresh()
        self.looks.refresh()
        if self.devices:
            self.devices.refresh()
        self.headings.refresh()
        self.attachments.refresh()

    def arrive(self, view: str = "", **_: Any) -> None:
        """Open a view."""
        if view in dict(VIEWS):
            self.view(view)

    def view(self, key: str) -> None:
        """Show one of the views."""
        self.views.show_chips([(each, text, None) for each, text in VIEWS], key)
        self.stack.setCurrentIndex([each for each, _ in VIEWS].index(key))

    def _remove_leftover(self) -> None:
        folder = self.seat.folder
        self.seat.ask(lambda: sample.remove(folder), self._removed)

    def _removed(self, _: Any) -> None:
        self.leftover.hide()
        self.seat.say("示例数据已删除。您自己的数据没有变。")


def remove_sample(seat: Seat) -> None:
    """Leave the sample data and take them away; the window goes back to its gate."""
    folder = seat.folder
    seat.shell.lock()
    seat.ask(lambda: sample.remove(folder))


def _pair(left: QWidget, right: QWidget) -> QWidget:
    body = row(holding(column(left, None)), holding(column(right, None)), gap=14)
    body.setStretch(0, 1)
    body.setStretch(1, 1)
    return scroll(holding(body))
