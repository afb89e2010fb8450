"""导入台账: choose or drop a file, look at what it would do, then take it in; one file is one batch and one 撤销."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing, intake_words
from gridapp.ui.aside_view import AsideView
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.grid_view import GridView
from gridapp.ui.mapping_view import MappingView
from gridapp.ui.offer_bar import OfferBar
from gridapp.ui.seat import Seat
from gridapp.ui.taken_view import TakenView
from gridapp.ui.views import Views
from gridapp.ui.widgets import Chips, button, card, column, empty, ground, holding, label, row, scroll

ROWS = (Heading("工作表", 110), Heading("行", 64, right=True), Heading("结果", 92), Heading("内容", 220), Heading("说明"))
FAULTS = (Heading("工作表", 120), Heading("单元格", 84), Heading("栏目", 130), Heading("问题", 340), Heading("怎么改"))
BLANK = "可以是 Excel、WPS 表格或 CSV：居民、住户、党员、走访、服务事项。先给您看会怎样，确认以后才写入，写入以后也能撤销。"
VIEWS, VIEW_NAMES = ("rows", "faults", "grid", "mapping"), ("逐行结果", "问题和建议", "原表", "列的对应")


class IntakePage(QWidget):
    """The import page. arrive(path=... or files=[...]) starts with files; several are gone through one after the other."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.waiting: list[Path] = []
        self.path: Path | None = None
        self.preview: Any = None
        self.said: dict[str, Any] = {}
        self._reading: Any = None
        self.setAcceptDrops(True)
        self.subtitle = label("", "sub")
        self.sentence = label("", wrap=True, selectable=True)
        self.choose = button("选择文件", "plain", self.pick)
        self.confirm = button("确认导入", "primary", self.take_in)
        self.waiting_rows = button("待处理", "plain", self.show_waiting)
        self.outcomes, self.views = Chips(), Chips()
        self.rows, self.faults = CellsTable("逐行结果", *ROWS), CellsTable("问题和建议", *FAULTS)
        self.grid, self.mapping, self.offer = GridView(self.correct), MappingView(self.correct), OfferBar(self.correct)
        self.outcomes.chosen.connect(self._filter)
        self.views.chosen.connect(self._view)
        self._lay_out()
        self._blank()

    def _lay_out(self) -> None:
        self.tables = Views()
        words = label("原文件不会改动。不能导入的行会放进“待处理”，可以在那里改好。", "sub", wrap=True)
        table = button("另存问题表", "plain", self.save_problems, tip="原表加上“问题”和“建议”两列")
        copy = button("复制全部问题", "plain", self.copy_faults)
        for part in (
            column(self.outcomes, self.rows, gap=10),
            column(_first(row(words, copy, table)), self.faults, gap=8),
            column(self.grid, gap=0),
            column(self.mapping, gap=0),
        ):
            self.tables.addWidget(holding(part))
        self.stages = QStackedWidget()
        self.blank = card(empty("把台账文件拖到这里", BLANK, button("选择文件", "primary", self.pick)))
        self.refused_text = label("", wrap=True, selectable=True)
        self.refused_text.setFixedWidth(620)
        self.refused_text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.point = button("在原表里指出表头", "plain", lambda: self._show("grid"))
        refusal = column(None, self.refused_text, row(None, button("换一个文件", "primary", self.pick), self.point, None), None, gap=14)
        refusal.setAlignment(self.refused_text, Qt.AlignmentFlag.AlignHCenter)
        self.refused = holding(refusal)
        self.working = empty("正在读这个文件……", "大的文件要几秒钟；可以随时取消，什么也不会写入。", button("取消", "plain", self.cancel))
        self.ready = scroll(holding(_last(column(self.sentence, self.offer, self.views, self.tables, gap=10))))
        self.taken = TakenView(self.seat, self.pick, self.show_waiting)
        self.aside = AsideView(self.seat)
        for stage in (self.blank, self.refused, self.working, self.ready, self.taken, self.aside):
            self.stages.addWidget(stage)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(label("导入台账", "title"), self.subtitle, None, self.waiting_rows, self.choose, self.confirm))
        box.addWidget(self.stages, 1)

    def arrive(self, path: Path | None = None, files: Iterable[Path] = (), **_: Any) -> None:
        """Preview these files."""
        if wanted := [*([path] if path else []), *files]:
            self.open(wanted)

    def refresh(self) -> None:
        """Ask how many rows wait to be mended."""
        self.seat.ask(lambda: desk.waiting_rows(self.seat.desk), self._count_waiting, key="waiting")
        if self.stages.currentWidget() is self.aside:
            self.aside.refresh()

    def _count_waiting(self, count: int) -> None:
        self.waiting_rows.setText(f"待处理 {count:,} 行")
        self.waiting_rows.setVisible(bool(count) and self.stages.currentWidget() in (self.blank, self.taken, self.refused))

    def show_waiting(self) -> None:
        """The rows that could not be kept."""
        self.path = self.preview = None
        self._say_file()
        self.confirm.hide()
        self.waiting_rows.hide()
        self.choose.setText("导入一个文件")
        self.choose.show()
        self.stages.setCurrentWidget(self.aside)
        self.aside.refresh()

    def pick(self) -> None:
        """Ask for files."""
        if picked := choosing.files(self, self.seat, "选择台账文件", choosing.LEDGERS, "ledgers"):
            self.open(picked)

    def open(self, paths: list[Path]) -> None:
        """Preview the first; the others wait their turn."""
        self.cancel()
        self.path, self.waiting = paths[0], paths[1:]
        self.preview, self.said = None, {}
        self._say_file()
        self.waiting_rows.hide()
        self.confirm.hide()
        self.stages.setCurrentWidget(self.working)
        self._read(self.path, self.said, self._previewed, self._refused)

    def _read(self, path: Path, said: dict[str, Any], then: Callable[[Any], object], failed: Callable[[Any], object] | None = None) -> Any:
        """Preview the file with what the user said of its tables."""
        job = self._reading = self.seat.work(
            lambda step: desk.preview(self.seat.desk, path, step, said), then, text=f"正在读“{path.name}”……", failed=failed
        )
        job.ended.connect(lambda: self._ended(job))
        return job

    def correct(self, said: dict[str, Any]) -> None:
        """The user says what tables or columns of them are, by signature: the preview is made again; cancelled, everything stays as it was."""
        if self.path is None:
            return
        every = {**self.said, **said}
        self.confirm.setEnabled(False)
        self._listen(False)
        self._read(self.path, every, partial(self._corrected, self.preview, every)).ended.connect(self._stand_again)

    def _listen(self, on: bool) -> None:
        """Take corrections, or none while the file is read again."""
        for view in (self.mapping, self.offer, self.grid):
            view.setEnabled(on)

    def _corrected(self, before: Any, said: dict[str, Any], preview: Any) -> None:
        if self.preview is before:
            self.said, self.preview = said, preview

    def _stand_again(self) -> None:
        if self.preview is not None:
            self._show(self.views.current)

    def cancel(self) -> None:
        """Stop reading; nothing was written."""
        if self._reading:
            self._reading.cancel()

    def _ended(self, job: Any) -> None:
        if self._reading is job:
            self._reading = None
            if self.stages.currentWidget() is self.working:
                self._blank()

    def _say_file(self) -> None:
        rest = f" · 后面还有 {len(self.waiting)} 个文件" if self.waiting else ""
        self.subtitle.setText(f"{self.path.name}{rest}" if self.path else "")

    def _blank(self) -> None:
        self.path, self.preview, self.waiting, self.said = None, None, [], {}
        self._say_file()
        self.confirm.hide()
        self.choose.hide()
        self.stages.setCurrentWidget(self.blank)
        if self.seat.desk is not None:
            self.refresh()

    def _refused(self, trouble: Any) -> None:
        self._refuse(trouble.text, False)

    def _refuse(self, text: str, can_point: bool) -> None:
        self.choose.hide()
        self.point.setVisible(can_point)
        self.refused_text.setText(text)
        self.refused_text.setMinimumHeight(self.refused_text.heightForWidth(self.refused_text.width()))
        self.stages.setCurrentWidget(self.refused)

    def _previewed(self, preview: Any) -> None:
        self.preview, self.mapping.at, self.grid.preview = preview, 0, None
        if preview.file_error and not any(sheet.tables for sheet in preview.sheets):
            self._refuse(preview.file_error, any(any(cells) for sheet in preview.sheets for cells in sheet.grid))
            return
        self._show("mapping" if preview.file_error else "rows" if preview.rows else "grid")

    def _show(self, view: str) -> None:
        preview = self.preview
        self.sentence.setText(intake_words.summary(preview))
        counts = preview.counts
        news = counts["new"] or counts["changed"] or (counts["cannot"] and not counts["same"])
        self.confirm.setEnabled(bool(news or (self.said and preview.rows)))
        self.confirm.show()
        self.choose.setText("换一个文件")
        self.choose.show()
        faults = intake_words.fault_lines(preview)
        self.faults.put(faults)
        self._listen(True)
        self.offer.show_preview(preview)
        self.mapping.show_preview(preview)
        self.grid.show_preview(preview)
        counts = (len(preview.rows), len(faults), None, None)
        self.views.show_chips(list(zip(VIEWS, VIEW_NAMES, counts, strict=True)), view)
        self._view(view)
        self._filter("all")
        self.stages.setCurrentWidget(self.ready)

    def _view(self, key: str) -> None:
        self.tables.setCurrentIndex(VIEWS.index(key))

    def _filter(self, key: str) -> None:
        self.outcomes.show_chips(intake_words.chips(self.preview), key)
        shown = [each for each in self.preview.rows if intake_words.fits(each, key)]
        self.rows.put(intake_words.row_lines(shown), {(at, 2) for at, each in enumerate(shown) if each.outcome == "cannot"})

    def copy_faults(self) -> None:
        """Every fault to the clipboard, as rows Excel can take."""
        QGuiApplication.clipboard().setText(self.faults.cells.text())
        self.seat.say("全部问题已复制，可以粘贴到表格或聊天里发给填表的人。")

    def save_problems(self) -> None:
        """A copy of the workbook with what is wrong in it, for whoever filled it in."""
        path, said = self.path, self.said
        if path is None:
            return
        out = choosing.save_as(self, self.seat, "另存问题表", f"{path.stem}-问题表.xlsx", "Excel 工作簿 (*.xlsx)", "ledgers")
        if out is None:
            return
        if out.resolve() == path.resolve():
            self.seat.say("请换一个文件名：原文件要留着，问题表另存一份。")
            return
        self.seat.work(lambda step: desk.problem_copy(self.seat.desk, path, out, step, said), partial(self._saved, out), text="正在写问题表……")

    def _saved(self, out: Path, rows: int) -> None:
        self.seat.say(f"问题表写好了，{rows:,} 行有说明。改好以后可以直接导入它。", "打开", partial(choosing.show_in_system, self.seat, out))

    def take_in(self) -> None:
        """The import itself."""
        if self.path is None or self.preview is None or not self.confirm.isEnabled():
            return
        self.confirm.setEnabled(False)
        path, said = self.path, self.said
        job = self.seat.work(lambda step: desk.take_in(self.seat.desk, path, step, said), self._taken, text=f"正在导入“{path.name}”……")
        job.ended.connect(lambda: self.confirm.setEnabled(True))

    def _taken(self, done: Any) -> None:
        waiting = self.waiting
        self._blank()
        self.seat.kept(done, frozenset(done.records), intake_words.outcome(done))
        if waiting:
            self.open(waiting)
        else:
            self.taken.show_done(done)
            self.stages.setCurrentWidget(self.taken)
            self.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if choosing.dropped_ledgers(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.open(choosing.dropped_ledgers(event.mimeData()))


def _first(box: QBoxLayout) -> QBoxLayout:
    """A layout whose first part takes the room that is left."""
    box.setStretch(0, 1)
    return box


def _last(box: QBoxLayout) -> QBoxLayout:
    """A layout whose last part takes the room that is left."""
    box.setStretch(box.count() - 1, 1)
    return box
