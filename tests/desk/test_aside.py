"""待处理: what an import could not keep waits, is mended and kept by the same rules, comes back when undone, or is dismissed."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from gridapp import desk as verbs
from gridapp.store.read import rows as read_rows
from tests.desk.conftest import SAMPLE
from tests.store.rows import content

HEAD = ["姓名", "性别", "联系电话", "楼栋", "单元", "房号", "绰号"]
GOOD = ["李秀英", "女", "16100000001", "3号楼", "1", "101", ""]
NAMELESS = ["", "男", "16100000002", "3号楼", "1", "102", "老王"]
HOMELESS = ["周新来", "男", "16100000003", "三栋楼上", "", "", ""]
HOMELESS_TOO = ["何新来", "女", "16100000004", "三栋楼上", "", "", ""]


def book(path: Path, *rows: list[Any], sheet: str = "居民") -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


def residents(desk: Any) -> set[str]:
    with desk.store.reading() as connection:
        return {row["name"] for row in read_rows(connection, "resident")}


def test_rows_that_cannot_be_kept_wait_with_their_faults(desk: Any, tmp_path: Path) -> None:
    verbs.take_in(desk, book(tmp_path / "a.xlsx", HEAD, GOOD, NAMELESS, HOMELESS))
    nameless, homeless = verbs.asides(desk)
    assert verbs.waiting_rows(desk) == 2 and nameless.place == "a.xlsx · 居民 · 第 3 行"
    cells = {cell.name: cell for cell in nameless.cells}
    assert (cells["name"].text, cells["phone"].text, cells["building"].text) == ("", "16100000002", "3号楼")
    assert cells["name"].faults[0].code == "name_missing" and "绰号" not in {cell.label for cell in nameless.cells}
    assert any(fault.field == "address" for cell in homeless.cells for fault in cell.faults)


def test_a_preview_puts_nothing_aside_and_the_same_file_nothing_twice(desk: Any, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", HEAD, GOOD, NAMELESS)
    verbs.preview(desk, path)
    assert verbs.waiting_rows(desk) == 0
    verbs.take_in(desk, path)
    verbs.take_in(desk, path)
    assert verbs.waiting_rows(desk) == 1


def test_mended_rows_are_kept_in_one_step_that_can_be_undone(desk: Any, tmp_path: Path) -> None:
    verbs.take_in(desk, book(tmp_path / "a.xlsx", HEAD, GOOD, NAMELESS, HOMELESS, HOMELESS_TOO))
    before = content(desk.store.engine)
    nameless, homeless, too = verbs.asides(desk)
    done = verbs.mend(desk, {nameless.n: {"name": "王建国"}, homeless.n: {"address": "3号楼1单元103"}, too.n: {}})
    assert (done.kept, done.left) == (2, 1) and residents(desk) == {"李秀英", "王建国", "周新来"}
    assert [each.n for each in verbs.asides(desk)] == [too.n]
    assert verbs.undo(desk, done.batch_id).left == 0
    assert content(desk.store.engine) == before
    assert [each.n for each in verbs.asides(desk)] == [nameless.n, homeless.n, too.n]
    assert {cell.name: cell.text for cell in verbs.asides(desk)[0].cells}["name"] == "王建国", "what was mended stays mended"


def test_words_that_do_not_help_are_remembered_and_the_row_waits(desk: Any, tmp_path: Path) -> None:
    verbs.take_in(desk, book(tmp_path / "a.xlsx", HEAD, GOOD, HOMELESS))
    (row,) = verbs.asides(desk)
    done = verbs.mend(desk, {row.n: {"address": "不知道哪里"}})
    assert (done.kept, done.left, done.batch_id) == (0, 1, "")
    assert {cell.name: cell.text for cell in verbs.asides(desk)[0].cells}["address"] == "不知道哪里"


def test_undoing_the_import_takes_what_it_put_aside(desk: Any, tmp_path: Path) -> None:
    done = verbs.take_in(desk, book(tmp_path / "a.xlsx", HEAD, GOOD, NAMELESS))
    verbs.undo(desk, done.batch_id)
    assert verbs.asides(desk) == []


def test_dismissed_rows_go_for_good(desk: Any, tmp_path: Path) -> None:
    verbs.take_in(desk, book(tmp_path / "a.xlsx", HEAD, GOOD, NAMELESS, HOMELESS))
    first, second = verbs.asides(desk)
    assert verbs.dismiss(desk, [first.n]) == 1
    assert [each.n for each in verbs.asides(desk)] == [second.n]


def test_a_row_set_aside_never_changes_a_request_that_is_kept(desk: Any, tmp_path: Path) -> None:
    head = ["编号", "诉求人", "诉求内容", "受理日期", "承办人", "办理状态"]
    one, other = ["S-1", "李秀英", "楼道灯不亮。", "2026-11-02", "物业", "办理中"], ["S-1", "周新来", "门口有积水。", "2026-11-03", "物业", "办理中"]
    verbs.take_in(desk, book(tmp_path / "a.xlsx", head, one, other, sheet="诉求"))
    before = content(desk.store.engine)
    (row,) = verbs.asides(desk)
    assert verbs.mend(desk, {row.n: {}}).kept == 0 and content(desk.store.engine) == before
    assert verbs.mend(desk, {row.n: {"req_no": "S-2"}}).kept == 1
    assert len(verbs.listing(desk, "request").rows) == 2


def test_a_number_that_lost_its_last_digits_stays_refused(desk: Any, tmp_path: Path) -> None:
    with desk.store.work() as work:
        from gridapp.store.notes import write_setting

        write_setting(work.connection, "fields_on", "resident.id_no")
        work.keep()
    verbs.take_in(desk, book(tmp_path / "a.xlsx", ["姓名", "身份证号", "住址"], ["", 990101196510060000, "3号楼1单元101"]))
    (row,) = verbs.asides(desk)
    cells = {cell.name: cell for cell in row.cells}
    assert "E+17" in cells["id_no"].text and cells["id_no"].faults
    assert verbs.mend(desk, {row.n: {"name": "王建国"}}).kept == 1
    with desk.store.reading() as connection:
        assert [each["id_no"] for each in read_rows(connection, "resident")] == [None]


def test_the_sample_s_rows_wait_and_say_the_same_again(sample: Any) -> None:
    """What is read from words is refused for the reason the ledger was refused for."""
    verbs.undo(sample, verbs.last_undo(sample)["id"])
    told = verbs.take_in(sample, SAMPLE / "服务事项台账.csv")
    cannot = [row for row in told.rows if row.outcome == "cannot"]
    waiting = [each for each in verbs.asides(sample) if each.place.startswith("服务事项台账.csv")]
    assert [row.row for row in cannot] == [int(each.place.split("第 ")[1].split()[0]) for each in waiting]
    for row, each in zip(cannot, waiting, strict=True):
        assert {fault.code for fault in row.faults if fault.fatal} & {fault.code for fault in each.faults if fault.fatal}


def test_an_id_number_this_grid_does_not_keep_does_not_wait_either(file_desk: Any, tmp_path: Path) -> None:
    """Its year and sex do: without them the mended row would know less than the ledger told."""
    from gridapp.rules.id_numbers import check_digit

    number = "99010119590503123"
    number += check_digit(number)
    path = book(tmp_path / "居民.xlsx", ["姓名", "身份证号", "住址"], ["王伟", number, "3号楼"], ["李娜", "", "3号楼2单元501室"])
    verbs.take_in(file_desk, path)
    with file_desk.store.reading() as connection:
        every = connection.exec_driver_sql("SELECT cells FROM set_aside").fetchall()
    assert len(every) == 1
    assert number not in str(every)
    assert "1959" in every[0][0]
    (waiting,) = verbs.asides(file_desk)
    assert verbs.mend(file_desk, {waiting.n: {"address": "3号楼2单元502室"}}).kept == 1
