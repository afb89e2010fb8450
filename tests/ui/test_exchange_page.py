"""交换, both sides of the stick on real stores: join, hand up, take in, dispatch, return."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk, office
from gridapp.store import keys
from gridapp.ui.exchange_page import ExchangePage
from gridapp.ui.exchange_parts import size
from gridapp.ui.seat import Seat
from gridapp.ui.story import StoryView

Rest = Callable[[Seat], None]


class Both:
    """A grid's page and the centre's, a stick between them, and what is on it."""

    def __init__(self, grid: ExchangePage, office: ExchangePage, stick: Path, rest: Rest) -> None:
        self.grid, self.office, self.stick, self._rest = grid, office, stick, rest
        self._seen: set[Path] = set()

    def rest(self) -> None:
        for page in (self.grid, self.office):
            self._rest(page.seat)
            page.refresh()
            self._rest(page.seat)

    def fresh(self) -> list[Path]:
        """Files that came onto the stick since the last call."""
        found = set(self.stick.glob("*.gbx")) - self._seen
        self._seen |= found
        return sorted(found)

    def join(self) -> None:
        self.grid.stick.join_into(self.stick)
        self.rest()
        self.office.stick.look_at(self.fresh()[0])
        self.rest()
        self.office.stick.enrol()
        self.rest()
        self.grid.stick.take(self.fresh())
        self.rest()

    def hand_up(self) -> None:
        self.grid.stick.make_into(self.stick)
        self.rest()
        self.office.stick.take(self.fresh())
        self.rest()

    def send_back(self) -> None:
        self.office.stick.return_into(self.stick)
        self.rest()
        self.grid.stick.take(self.fresh())
        self.rest()


@pytest.fixture
def both(seat: Seat, tmp_path: Path, qtbot: Any, rest: Rest) -> Iterator[Both]:
    centre = Seat(tmp_path / "office", type(seat.shell)())
    made: list[Any] = []
    centre.ask(lambda: desk.init(centre.folder, "synthetic-pass-9", grid_name="街道中心", who="李主任", role="office", cost=keys.QUICK), made.append)
    rest(centre)
    centre.desk = made[0][0]
    stick = tmp_path / "stick"
    stick.mkdir()
    pages = [ExchangePage(each) for each in (seat, centre)]
    for page in pages:
        qtbot.addWidget(page)
        page.resize(1176, 640)
        page.show()
    there = Both(*pages, stick, rest)
    there.rest()
    yield there
    centre.close()


def words_in(page: Any) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def test_before_joining_the_steps_stand_in_words(both: Both) -> None:
    assert both.grid.subtitle.text() == "还没有加入中心"
    assert "第一步" in words_in(both.grid)
    assert "生成申请文件以后显示" in words_in(both.grid)
    assert "还没有登记网格" in words_in(both.office)
    assert not both.office.stick.return_button.isEnabled()


def test_both_sides_see_the_same_six_words(both: Both) -> None:
    both.grid.stick.join_into(both.stick)
    both.rest()
    both.office.stick.look_at(both.fresh()[0])
    both.rest()
    assert both.grid.stick.words.text() == both.office.stick.compare.words.text()
    assert len(both.grid.stick.words.text().split()) == 6
    assert both.office.stick.compare.isVisible()


def test_words_that_differ_enrol_nobody(both: Both, find_child: Any) -> None:
    both.grid.stick.join_into(both.stick)
    both.rest()
    both.office.stick.look_at(both.fresh()[0])
    both.rest()
    find_child(both.office, QPushButton, "不一样，放弃").click()
    both.rest()
    assert not both.office.stick.side.isVisible()
    assert both.office.stick.grids == []


def test_a_request_swapped_after_the_words_were_compared_enrols_nobody(both: Both, tmp_path: Path) -> None:
    both.grid.stick.join_into(both.stick)
    both.rest()
    request = both.fresh()[0]
    both.office.stick.look_at(request)
    both.rest()
    other, _ = desk.init(tmp_path / "other", "synthetic-pass-8", grid_name="冒名", cost=keys.QUICK)
    request.write_bytes(desk.ask_to_join(other, tmp_path).read_bytes())
    other.close()
    both.office.stick.enrol()
    both.rest()
    shell: Any = both.office.seat.shell
    assert "六个词" in shell.warned[-1]
    assert both.office.stick.grids == []


def test_join_hand_up_and_have_it_confirmed(both: Both) -> None:
    both.join()
    assert "街道中心" in both.grid.subtitle.text()
    waiting = both.grid.stick.waiting.text()
    assert int(waiting.replace(",", "")) > 10
    both.hand_up()
    assert "完成" in words_in(both.office.stick.results)
    assert both.office.stick.grids[0].rows > 10
    both.send_back()
    assert both.grid.stick.waiting.text() == "0"
    assert [line[1] for line in both.grid.history.table.cells.rows[:2]] == ["收到", "发出"]


def test_a_dispatched_request_travels(both: Both) -> None:
    both.join()
    both.hand_up()
    before = len(desk.listing(both.grid.seat.desk, "request").rows)
    panel = both.office.stick
    panel.open_dispatch()
    both.rest()
    panel.dispatch.keep()
    both.rest()
    assert panel.dispatch.fields.fault_label("content").isVisible()
    panel.dispatch.fields.editor("content").setPlainText("请核实三号楼楼道照明")
    panel.dispatch.keep()
    both.rest()
    assert not panel.side.isVisible()
    both.send_back()
    assert len(desk.listing(both.grid.seat.desk, "request").rows) == before + 1


def test_good_and_bad_luck_are_said(both: Both, tmp_path: Path) -> None:
    both.join()
    both.grid.stick.make_into(both.stick)
    both.rest()
    assert "可以拔出" in words_in(both.grid.stick.results)
    assert both.grid.stick.results.folder == both.stick
    both.grid.stick.make_into(tmp_path / "拔掉了")
    both.rest()
    shell: Any = both.grid.seat.shell
    assert shell.warned[-1].endswith("。")
    assert both.grid.stick.make.isEnabled()
    wrong = tmp_path / "照片.gbx"
    wrong.write_bytes(b"not a bundle at all" * 9)
    for page in (both.grid, both.office):
        page.stick.take([wrong])
        both.rest()
        assert "没有收进" in words_in(page.stick.results)
        assert "照片.gbx：" in words_in(page.stick.results)


def test_a_bundle_on_a_lost_stick_is_written_again(both: Both, tmp_path: Path) -> None:
    both.join()
    both.grid.stick.make_into(both.stick)
    both.rest()
    assert "已导出" in both.grid.stick.breakdown.text()
    both.grid.view("history")
    view = both.grid.history
    assert not view.again.isEnabled()
    assert view.table.cells.rows[0][3:] == ("已导出", "已留副本")
    view.table.selectRow(0)
    assert view.again.isEnabled()
    other = tmp_path / "另一个U盘"
    other.mkdir()
    view.write_into(other)
    both.rest()
    assert "可以拔出" in words_in(view.results)
    assert [path.name for path in other.iterdir()] == [path.name for path in both.fresh()]
    both.send_back()


def test_a_row_says_quietly_how_far_it_is(both: Both, qtbot: Any) -> None:
    both.join()
    home = desk.households(both.grid.seat.desk, "3-1-101")[0].id
    view = StoryView(both.grid.seat)
    qtbot.addWidget(view)
    view.show()
    for state in ("待导出", "已导出", "已确认"):
        view.ask("household", home)
        both.rest()
        assert state in words_in(view)
        if state == "待导出":
            both.grid.stick.make_into(both.stick)
            both.rest()
        elif state == "已导出":
            both.office.stick.take(both.fresh())
            both.rest()
            both.send_back()


def test_a_copy_that_could_not_be_kept_is_said(both: Both) -> None:
    both.join()
    (both.grid.seat.folder / "outbox").write_bytes(b"")  # a file where the folder should be
    both.grid.stick.make_into(both.stick)
    both.rest()
    assert "没有留下它的副本" in words_in(both.grid.stick.results)
    assert "可以拔出" in words_in(both.grid.stick.results)


@pytest.mark.parametrize(("count", "text"), [(0, "0 KB"), (2048, "2 KB"), (3 << 20, "3.0 MB")])
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


def test_a_chosen_grid_shows_its_card_and_what_can_be_done(both: Both, find_child: Any) -> None:
    both.join()
    panel = both.office.stick
    assert panel.table.cells.rows[0][2] == "留意"
    panel.table.selectRow(0)
    assert panel.party.isVisible()
    assert "还没有收到过它的包" in words_in(panel.party)
    both.hand_up()
    assert panel.table.cells.rows[0][2] == "正常"
    assert "一切正常" in words_in(panel.party)
    assert not panel.party.verified.isVisible()
    find_child(panel.party, QPushButton, "重新全部发送").click()
    both.rest()
    shell: Any = both.office.seat.shell
    assert "全部记录" in shell.said[-1]
    assert int(panel.table.cells.rows[0][5]) > 10


def test_a_computer_that_looks_restored_is_told_until_somebody_has_asked(both: Both) -> None:
    from gridapp.sync import watch

    both.join()
    with both.grid.seat.desk.store.work() as work:
        watch.restored(work.connection, "backup")
        work.keep()
    both.hand_up()
    panel = both.office.stick
    panel.table.selectRow(0)
    assert "看起来是从备份恢复的（或有两台）：两台都可以继续用，不会丢数据，请核实。" in words_in(panel.party)
    panel.party.verified.click()
    both.rest()
    assert panel.table.cells.rows[0][2] == "正常"


def test_the_banner_says_what_the_witness_saw_until_it_is_heeded(both: Both, qtbot: Any, rest: Rest) -> None:
    from gridapp.sync import watch
    from gridapp.ui.witness_banner import WitnessBanner

    def banner() -> WitnessBanner:
        made = WitnessBanner(both.grid.seat)
        qtbot.addWidget(made)
        rest(both.grid.seat)
        return made

    assert banner().isHidden()
    both.join()
    with both.grid.seat.desk.store.work() as work:
        watch.restored(work.connection, "backup")
        work.keep()
    shown = banner()
    assert not shown.isHidden()
    assert "不会丢数据" in shown.words.text()
    shown.heeded.click()
    rest(both.grid.seat)
    assert shown.isHidden()
    assert banner().isHidden()


def test_a_centre_joins_a_centre_above_from_its_own_page(both: Both, tmp_path: Path) -> None:
    both.join()
    panel = both.office.stick
    panel.turn("above")
    assert "上级中心" in words_in(panel.above)
    panel.above.join_into(both.stick)
    both.rest()
    assert len(panel.above.words.text().split()) == 6
    street, _ = desk.init(tmp_path / "street", "synthetic-pass-7", grid_name="示范街道", role="office", cost=keys.QUICK)
    enrolled = office.enrol(street, both.fresh()[0], words=panel.above.words.text(), out_dir=both.stick, role="office")
    panel.above.take([enrolled.answer])
    both.rest()
    assert both.office.subtitle.text() == "已加入“示范街道”"
    both.hand_up()
    panel.above.make_into(both.stick)
    both.rest()
    assert office.take(street, both.fresh())[0].new > 10
    assert [each.role for each in office.status(street)] == ["office"]
    street.close()


def test_a_new_computer_is_enrolled_in_the_place_of_the_old(both: Both, tmp_path: Path) -> None:
    both.join()
    both.hand_up()
    fresh, _ = desk.init(tmp_path / "fresh", "synthetic-pass-6", grid_name="新电脑", cost=keys.QUICK)
    panel = both.office.stick
    panel.replaced = panel.grids[0]
    panel.look_at(desk.ask_to_join(fresh, both.stick))
    both.rest()
    assert "原来的电脑停用" in words_in(panel.compare)
    assert not panel.compare.choice.isVisible()
    panel.enrol()
    both.rest()
    assert [(each.name, each.code) for each in panel.grids] == [("新电脑", "g001")]
    fresh.close()
