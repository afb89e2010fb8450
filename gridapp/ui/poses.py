"""Pages in the middle of their work, for the pictures: an import previewed, a visit half written, a check-up done, full numbers asked for."""
from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gridapp.ui.window import Window


def _page(window: Window, key: str) -> Any:
    window.go(key)
    assert window.main is not None
    return window.main.page


def preview(window: Window) -> None:
    """The residents' ledger of the other sample grid, looked at before it is taken in."""
    from gridapp import places

    _page(window, "intake").open([places.resources("sample", "grid2", "居民台账.xlsx")])


def preview_faults(window: Window) -> None:
    """The same import: what is wrong, cell by cell."""
    _page(window, "intake").views.choose("faults")


def preview_grid(window: Window) -> None:
    """The same import: what each row was taken for."""
    _page(window, "intake").views.choose("grid")


def preview_mapping(window: Window) -> None:
    """The same import: what each column was taken for."""
    _page(window, "intake").views.choose("mapping")


def dues(window: Window) -> None:
    """A ledger of a kind that is not kept, and the offer to keep the columns that are known."""
    lines = ("2024年党费收缴台账", "姓名,性别,出生日期,党小组,月应交,1月,2月,3月", "覃志勇,男,1956-11-26,一组,10,10,10,10")
    _preview_lines(window, "党费收缴台账.csv", lines)


def strange(window: Window) -> None:
    """A ledger whose headings nobody could know: its header is about to be pointed out."""
    lines = ("幸福里街坊簿", "大名,男女,摇哪个号,门儿", "王新来,男,16100009001,8号楼1单元101室")
    page = _preview_lines(window, "街坊簿.csv", lines)
    page.point.click()
    page.grid.table.selectRow(1)
    page.grid.kind.set_value("resident")
    page.grid.kind.edited.emit()


def _preview_lines(window: Window, name: str, lines: Sequence[str]) -> Any:
    """The import page, with a small text ledger previewed."""
    from gridapp.ui.shots import settle

    page = _page(window, "intake")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text("\n".join(lines), "utf-8")
        page.open([path])
        settle(window)
    return page


def waiting_rows(window: Window) -> None:
    """What earlier imports could not keep."""
    page = _page(window, "intake")
    page.cancel()
    page.show_waiting()


def duplicates(window: Window) -> None:
    """Two rows that may be one person, side by side."""
    seat = window.seat
    seat.ask(partial(twice, seat), lambda _: _page(window, "duplicates"))


def twice(seat: Any) -> None:
    """Keep the first residents once more, at other doors, as two grids' ledgers would."""
    from gridapp import desk

    if desk.pairs(seat.desk):
        return
    first, second, *_, far = (desk.values(seat.desk, "resident", row.id) for row in desk.listing(seat.desk, "resident").rows)
    shared = ("name", "relation", "sex", "birth_year", "phone")
    for one, notes in ((first, "耳背，请敲门"), (second, None)):
        desk.keep(seat.desk, "resident", {**{name: one[name] for name in shared}, "household_id": far["household_id"], "notes": notes})


def visit(window: Window) -> None:
    """A visit to the first household, with a request beside it."""
    from gridapp import desk

    page = _page(window, "visit_entry")
    page.visit["content"].editor.setPlainText("身体尚好，想学用手机缴费；提到楼道灯坏了一周。")
    page.visit["problem"].editor.setPlainText("楼道灯不亮，晚上上下楼不方便。")
    page.more.setChecked(True)
    seat = window.seat
    seat.ask(lambda: desk.listing(seat.desk, "household").rows[:1], lambda rows: [page.picker.choose(row.id) for row in rows])


def waiting(window: Window) -> None:
    """What waits to be looked at: the same two people, in the one list."""
    _page(window, "review").arrive(view="all")


def full_numbers(window: Window) -> None:
    """An export in full, with its purpose."""
    page = _page(window, "giving")
    page.purpose.line.setText("上报社区党委")
    page.purpose.full.setChecked(True)


def filling(window: Window) -> None:
    """An office's empty table, looked at: what goes into it, what it asks besides."""
    from gridapp import places

    page = _page(window, "giving")
    page.arrive(template=places.resources("examples", "空表样例.xlsx"))


def own_ledger(window: Window) -> None:
    """An own ledger of residents, about to be kept."""
    from gridapp.ui.shots import settle

    page = _page(window, "giving")
    page.new_own()
    settle(window)
    page.editing.kinds.choose("resident")
    settle(window)
    page.editing.name.line.setText("三号楼联系表")
    page.editing.there.setCurrentRow(0)
    page.editing.add()


def printing(window: Window) -> None:
    """Visit sheets of those who are due, as they will leave the printer."""
    window.go("printing", sheet="visit_blank")


def printing_list(window: Window) -> None:
    """A list to sign, with its blanks filled."""
    window.go("printing", sheet="sign_in")
    page = _page(window, "printing")
    page.choices.blanks["event"].line.setText("支部党员大会")
    page.refresh()


def check_up(window: Window) -> None:
    """The check-up, done."""
    page = _page(window, "settings")
    page.view("check")
    page.check.check()


def log(window: Window) -> None:
    """Who looked at what."""
    _page(window, "settings").view("log")


def update(window: Window) -> None:
    """A package that was looked at, with what is new."""
    from gridapp.update.manifest import Entry, Manifest, here
    from gridapp.update.package import Offer

    page = _page(window, "settings")
    page.view("more")
    notes = "台账：\n- 两万行的台账一秒写完。\n窗口：\n- 可以用升级包升级，先备份，自检不通过就退回。"
    page.update_card.show_offer(Offer(Path("gridapp.gup"), Manifest("0.2.0", here(), "gridapp", notes, (Entry("gridapp", 171 << 20),)), ""))


def devices(window: Window) -> None:
    """This computer's keys, the others' computers."""
    _page(window, "settings").view("trust")


def loan(window: Window) -> None:
    """A borrowed laptop's rows beside ours: this desk's own, one changed since."""
    from gridapp import desk
    from gridapp.desk import loan as lent
    from gridapp.store.keys import QUICK

    page, seat = _page(window, "loan"), window.seat

    def lend() -> Any:
        with tempfile.TemporaryDirectory() as folder:
            path, _ = lent.make_password_bundle(seat.desk, Path(folder), "synthetic-pass-1", QUICK)
            first = desk.listing(seat.desk, "resident").rows[0]
            desk.keep(seat.desk, "resident", {"phone": "16100009999"}, row_id=first.id)
            return lent.review_bundle(seat.desk, path, "synthetic-pass-1")

    seat.ask(lend, page._show)


def bundles(window: Window) -> None:
    """What went and what came."""
    _page(window, "exchange").view("history")


def attachment(window: Window) -> None:
    """A picture about to be added to a household."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    from gridapp.ui.attachment_card import AttachmentCard
    from gridapp.ui.pictures import jpeg
    from gridapp.ui.shots import settle

    page = _page(window, "household")
    settle(window)
    card = page.story.findChild(AttachmentCard)
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    card.ask_caption(jpeg(image))
    settle(window)
    page.story.ensure(card)


def report(window: Window) -> None:
    """The Party members by age and years, this year."""
    page = _page(window, "reports")
    page.arrive(report="members")
    page.refresh()


def report_out(window: Window) -> None:
    """A report about to leave for the office above."""
    from gridapp.rules.purposes import Purpose

    page = _page(window, "reports")
    page.offer()
    page.out.choices[Purpose.UPWARD].setChecked(True)
    page.out.aim.line.setText("上报社区党委")


def counted(window: Window) -> None:
    """The rows behind a figure."""
    from gridapp.ui.shots import settle

    page = _page(window, "reports")
    page.arrive(report="visits")
    page.refresh()
    settle(window)
    page.table._open(page.table.figures.index(1, 0))


def tidy(window: Window) -> None:
    """Leave nothing half written behind."""
    assert window.main is not None
    entry: Any = window.main.pages.get("visit_entry")
    if entry:
        entry.clear()


POSES: tuple[tuple[str, Callable[[Window], None]], ...] = (
    ("intake-preview", preview), ("intake-faults", preview_faults), ("intake-grid", preview_grid),
    ("intake-mapping", preview_mapping), ("intake-offer", dues), ("intake-point", strange), ("intake-waiting", waiting_rows),
    ("visit_entry-filled", visit), ("duplicates-pair", duplicates),
    ("review-item", waiting),
    ("giving-full", full_numbers), ("giving-own", own_ledger), ("giving-filling", filling),
    ("settings-check", check_up), ("settings-log", log),
    ("printing-visit", printing), ("printing-list", printing_list),
    ("settings-trust", devices), ("settings-update", update), ("loan-review", loan),
    ("reports-members", report), ("reports-out", report_out), ("counted-visits", counted),
    ("exchange-history", bundles), ("household-attachment", attachment),
)
