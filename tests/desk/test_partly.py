"""A ledger of a kind not kept, of which the known columns are: nobody is made of too little, who is known is brought up to date."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gridapp import desk as verbs
from gridapp.store.read import rows as read_rows
from tests.store.rows import content

ROSTER = [
    ["姓名", "性别", "出生日期", "身份证号", "人员类别", "入党日期", "转正日期", "联系电话"],
    ["王伟", "男", "1965-03-12", "990101196503120011", "正式党员", "1990-07-01", "1991-07-01", "16100000001"],
    ["李娜", "女", "1970-05", "", "正式党员", "1995-07-01", "1996-07-01", "16100000002"],
]
DUES = [
    ["2024年党费收缴台账"],
    ["序号", "姓名", "性别", "出生日期", "身份证号", "联系电话", "月应交", "1月", "2月", "备注"],
    [1, "王伟", "男", "", "990101196503120011", "16100000009", 10, 10, 10, "欠缴一月"],
    [2, "李娜", "女", "1970-05", "", "16100000002", 10, 10, 10, ""],
    [3, "周新来", "男", "1980-01", "", "16100000003", 10, 10, 10, ""],
]


def book(path: Path, rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("台账")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


def members(desk: Any) -> dict[str, dict[str, Any]]:
    with desk.store.reading() as connection:
        return {row["name"]: row for row in read_rows(connection, "member")}


def accepted(desk: Any, path: Path) -> dict[str, verbs.Said]:
    return {table.signature: table.offer.said for sheet in verbs.preview(desk, path).sheets for table in sheet.tables if table.offer}


@pytest.fixture
def dues(desk: Any, tmp_path: Path) -> Path:
    roster = verbs.take_in(desk, book(tmp_path / "花名册.xlsx", ROSTER))
    assert roster.counts["new"] == 2, roster.faults
    return book(tmp_path / "党费.xlsx", DUES)


def test_unasked_nothing_comes_in(desk: Any, dues: Path) -> None:
    before = content(desk.store.engine)
    told = verbs.preview(desk, dues)
    (sheet,) = told.sheets
    assert told.rows == [] and sheet.kind_label == "" and "data" not in sheet.row_kinds.values()
    assert sheet.no_table.startswith("这是党费收缴台账，程序还不保存这一类；认得的栏有 姓名、")
    assert all(each.reason for each in sheet.tables[0].columns) and sheet.tables[0].kind == ""
    verbs.take_in(desk, dues)
    assert content(desk.store.engine) == before and verbs.waiting_rows(desk) == 0


def test_accepted_the_known_are_updated_and_the_others_wait(desk: Any, dues: Path) -> None:
    before, said = members(desk), accepted(desk, dues)
    assert verbs.preview(desk, dues, said=said).counts == {"new": 0, "changed": 1, "same": 1, "cannot": 1}
    assert members(desk) == before
    details = {row.detail for row in verbs.preview(desk, dues, said=said).rows if row.outcome == "changed"}
    assert details == {"手机号码"}, "changes are told as people call them"
    done = verbs.take_in(desk, dues, said=said)
    after = members(desk)
    assert set(after) == {"王伟", "李娜"} and after["王伟"]["phone"] == "16100000009"
    changed = {name for name, value in after["王伟"].items() if value != before["王伟"][name]} - {"sync_arrival", "sync_stamp"}
    assert changed == {"phone"}
    (waits,) = verbs.asides(desk)
    lacking = {cell.label for cell in waits.cells if cell.faults}
    assert {"人员类别", "入党日期"} <= lacking and not {"备注", "1月"} & {cell.label for cell in waits.cells}
    assert verbs.undo(desk, done.batch_id).left == 0 and members(desk)["王伟"]["phone"] == "16100000001"


def test_what_waits_is_kept_once_it_says_what_it_must(desk: Any, dues: Path) -> None:
    verbs.take_in(desk, dues, said=accepted(desk, dues))
    (waits,) = verbs.asides(desk)
    assert verbs.mend(desk, {waits.n: {"member_type": "正式党员"}}).kept == 0
    assert verbs.mend(desk, {waits.n: {"join_date": "2005-07-01"}}).kept == 1
    assert members(desk)["周新来"]["join_date"] == "2005-07-01"


def test_it_is_remembered_and_can_be_taken_back(desk: Any, dues: Path, tmp_path: Path) -> None:
    verbs.take_in(desk, dues, said=accepted(desk, dues))
    later = book(tmp_path / "明年.xlsx", [["2025年党费收缴台账"], *DUES[1:3]])
    (sheet,) = verbs.preview(desk, later).sheets
    assert sheet.tables[0].offer and sheet.tables[0].offer.taken and sheet.no_table == "" and sheet.tables[0].said
    told = verbs.preview(desk, later, said={sheet.tables[0].signature: verbs.Said(automatic=True)})
    assert told.rows == [] and told.sheets[0].no_table


def test_another_of_the_same_name_is_not_the_one_who_is_known(desk: Any, dues: Path, tmp_path: Path) -> None:
    namesake = [1, "王伟", "男", "1965-03", "99010119650312029X", "16100000005", 10, 10, 10, ""]
    rows = [*DUES[:2], namesake, [2, "李娜", "", "1971-05", "", "", 10, 10, 10, ""]]
    other = book(tmp_path / "别人.xlsx", rows)
    before = members(desk)
    assert verbs.preview(desk, other, said=accepted(desk, other)).counts["cannot"] == 2
    assert members(desk) == before
