"""Filling an office's own table from the desk: what it finds and lacks, masked by its purpose, answers remembered, every filling logged."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from gridapp import desk as verbs
from gridapp.desk import Picked, Purpose
from gridapp.rules.reading import Trouble
from tests.conftest import PASSWORD
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, TENANT, WIFE, kept, settle
from tests.ledgers import shapes

Town = tuple[Any, dict[str, str]]
RESIDENTS = ["序号", "姓名", "出生年月", "年龄", "楼栋", "房号", "与户主关系", "联系电话", "参加志愿活动次数"]
MEMBERS = ["姓名", "入党日期（如1965年3月12日）", "党龄", "学历", "手机号码"]
WHOLE = {"purpose": Purpose.UPWARD, "aim": "报街道", "whole": True, "password": PASSWORD}


def table(path: Path, title: str, headings: list[str]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title])
    sheet.append(["填报单位："])
    sheet.append(headings)
    book.save(path)
    return path


def rows(path: Path, sheet: str = "") -> list[list[Any]]:
    book = load_workbook(path)
    return [list(row) for row in (book[sheet] if sheet else book.worksheets[0]).iter_rows(min_row=2, values_only=True)]


def test_it_tells_what_it_finds_and_what_it_lacks(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    look = verbs.look_at_template(desk, table(tmp_path / "空表.xlsx", "居民基本情况表", RESIDENTS))
    (found,) = look.found
    assert (found.kind, found.rows, found.lacks, look.ending) == ("居民", 4, ("参加志愿活动次数",), ".xlsx")
    assert [heading for heading, _ in found.fills] == RESIDENTS[:-1]
    assert {each.field for each in found.filters} >= {"building", "category"}


def test_whole_when_asked_with_answers_that_are_remembered(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "居民基本情况表", RESIDENTS)
    answers = {"参加志愿活动次数": "0次"}
    verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE, answers=answers)
    filled = verbs.fill_in(desk, empty, tmp_path / "二.xlsx", **WHOLE)
    unit, _, *people = rows(filled.path)
    assert unit[0] == "填报单位：示范网格" and filled.rows == len(people) == 4
    head = next(row for row in people if row[1] == HEAD)
    assert head[2:] == ["1958", 68, "3", "501", "户主", PHONES[HEAD], "0次"]
    assert [row[0] for row in people] == [1, 2, 3, 4]
    assert verbs.look_at_template(desk, empty).found[0].answers == answers
    next_year = table(tmp_path / "明年.xlsx", "2027年居民基本情况表", RESIDENTS)
    assert verbs.look_at_template(desk, next_year).found[0].answers == answers
    assert "报街道" in verbs.audit(desk, 5)[0]["purpose"] and verbs.audit(desk, 5)[0]["field"] == "full"


def test_an_answer_can_be_another_field(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "居民情况", ["姓名", "摇号", "去向"])
    verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE, answers={"摇号": "{{联系电话}}", "去向": "{{楼栋}}号楼{{房号}}室"})
    assert [HEAD, PHONES[HEAD], "3号楼501室"] in rows(tmp_path / "一.xlsx")


def test_masked_by_default(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "居民基本情况表", RESIDENTS)
    text = str(rows(verbs.fill_in(desk, empty, tmp_path / "一.xlsx", purpose=Purpose.UPWARD, aim="报街道").path))
    assert not [word for word in PHONES.values() if word in text] and "161****" in text
    public = str(rows(verbs.fill_in(desk, empty, tmp_path / "二.xlsx", purpose=Purpose.PUBLIC, aim="公示").path))
    assert not [word for word in (HEAD, ALONE, "161", "501") if word in public]


def test_members_by_the_title_and_dates_as_the_heading_shows(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "党员花名册", MEMBERS)
    filled = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE)
    assert rows(filled.path)[2] == [COMRADE, "1992年11月30日", 32, "本科", PHONES[COMRADE]]


def test_without_a_purpose_nothing_is_written(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    with pytest.raises(Trouble, match="用途"):
        verbs.fill_in(desk, table(tmp_path / "空表.xlsx", "党员花名册", MEMBERS), tmp_path / "一.xlsx", purpose=Purpose.INSIDE, aim=" ")
    assert not (tmp_path / "一.xlsx").exists()


def test_only_those_picked(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "居民情况", ["姓名", "楼栋", "房号"])
    key = verbs.look_at_template(desk, empty).found[0].key
    filled = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE, picked={key: Picked(building="5号楼")})
    assert filled.rows == 1 and rows(filled.path)[2:] == [[TENANT, "5", "101"]]
    assert "5号楼" in verbs.audit(desk, 1)[0]["purpose"]


def test_a_list_by_service_category_is_never_made_masked(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "独居老人关爱台账", ["姓名", "类别", "住址", "结对党员", "下次应访"])
    (found,) = verbs.look_at_template(desk, empty).found
    assert (found.kind, found.suggested.category) == ("重点服务对象", "alone")
    with pytest.raises(Trouble, match="全号"):
        verbs.fill_in(desk, empty, tmp_path / "一.xlsx", purpose=Purpose.UPWARD, aim="报民政", picked={found.key: found.suggested})
    filled = verbs.fill_in(desk, empty, tmp_path / "二.xlsx", **WHOLE, picked={found.key: found.suggested})
    assert rows(filled.path)[2:] == [[ALONE, "独居", "3号楼2单元1001室", COMRADE, "2026-11-21"]]


def test_the_user_can_say_what_the_rows_are(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "情况表", ["姓名", "性别", "联系电话"])
    (found,) = verbs.look_at_template(desk, empty).found
    assert found.kind == "居民"
    verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE, kinds={found.key: "party"})
    assert rows(tmp_path / "一.xlsx")[2:] == [[COMRADE, "男", PHONES[COMRADE]]]
    assert verbs.look_at_template(desk, empty).found[0].kind == "党员"


def test_rows_others_have_begun_are_completed_and_never_changed(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = shapes.begun(tmp_path / "空表.xlsx")
    assert verbs.look_at_template(desk, empty).found[0].begun == 3
    filled = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE)
    assert (filled.rows, filled.matched) == (4, 2)
    lines = {row[1]: row for row in rows(filled.path) if row[1]}
    assert lines[WIFE] == [1, WIFE, "女", "1960年", None, "3号楼2单元501室", "街道已核"]
    assert lines["外来人"] == [2, "外来人", "男", "1970年1月", "16199990000", "别处", "请勿改动"]
    assert [lines[name][0] for name in (HEAD, ALONE, TENANT)] == [3, 4, 5]


def visits(desk: Any, ids: dict[str, str]) -> None:
    for day in ("2026-01-05", "2026-01-19", "2026-11-03", "2025-06-01"):
        kept(desk, "visit", visit_date=day, visitors="李四光", household_id=ids["home"], interviewee=HEAD, content="家常", manner="入户")


def test_months_are_counted_and_what_is_not_kept_is_told(town: Town, tmp_path: Path) -> None:
    desk, ids = town
    visits(desk, ids)
    empty = shapes.monthly(tmp_path / "空表.xlsx")
    assert verbs.look_at_template(desk, empty).found[0].lacks == ("党费(元)",)
    verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE)
    first = rows(tmp_path / "一.xlsx")[3]
    assert first[:4] == [1, "3", "501", HEAD] and first[4:16] == [2, *[0] * 9, 1, None] and first[16] == "=SUM(E5:P5)"


def test_dues_are_never_invented(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = shapes.dues(tmp_path / "空表.xlsx")
    (found,) = verbs.look_at_template(desk, empty).found
    assert found.kind == "党员" and set(found.lacks) == {"月应交", "合计", *(f"{month}月" for month in range(1, 13))}
    verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE)
    assert rows(tmp_path / "一.xlsx")[1] == [1, COMRADE, *[None] * 14]


def test_a_card_a_household(town: Town, tmp_path: Path) -> None:
    desk, ids = town
    visits(desk, ids)
    empty = shapes.household_card(tmp_path / "空表.xlsx")
    (found,) = verbs.look_at_template(desk, empty).found
    assert (found.card, found.kind, found.rows) == (True, "住户", 3)
    filled = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE)
    book = load_workbook(filled.path)
    assert filled.rows == 3 and book.sheetnames == [f"001 {HEAD}", f"002 {ALONE}", f"003 {TENANT}"]
    home = book.worksheets[0]
    assert [home[place].value for place in ("B2", "D2", "F2", "B3", "D3", "F3", "B4")] == [
        HEAD, PHONES[HEAD], "自住", "3", "2", "501", "3号楼2单元501室",
    ]  # fmt: skip
    assert [home.cell(row, 2).value for row in (7, 8)] == [HEAD, WIFE]
    assert [home.cell(row, 1).value for row in (11, 12, 13, 14)] == ["2025-06-01", "2026-01-05", "2026-01-19", "2026-11-03"]
    assert book.worksheets[1].print_area == f"'002 {ALONE}'!$A$1:$F$13" and home.print_area == f"'001 {HEAD}'!$A$1:$F$15"


def test_tabs_and_files_tell_no_names_where_they_are_masked(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = shapes.household_card(tmp_path / "空表.xlsx")
    masked = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", purpose=Purpose.UPWARD, aim="报街道")
    assert load_workbook(masked.path).sheetnames == ["001", "002", "003"]
    apart = verbs.fill_in(desk, empty, tmp_path / "卡片.xlsx", **WHOLE, apart=True)
    names = sorted(each.name for each in apart.path.iterdir())
    assert apart.files == 3 and names == [f"卡片-{at:03d}.xlsx" for at in (1, 2, 3)]
    assert [load_workbook(apart.path / name).active["B2"].value for name in names] == [HEAD, ALONE, TENANT]  # type: ignore[index,union-attr]


def test_holes_in_a_row_are_a_row_a_record(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    filled = verbs.fill_in(desk, shapes.holed(tmp_path / "空表.xlsx"), tmp_path / "一.xlsx", **WHOLE)
    book = load_workbook(filled.path)
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "示范网格2026年联系名册（共4人）" and sheet["A7"].value == "填表日期：2026年11月21日"
    assert [cell.value for cell in sheet[3]] == [1, HEAD, "3号楼501室", PHONES[HEAD]]
    assert sheet.oddFooter.center.text == "示范网格" and book["说明"]["A1"].value == "本表由王书记填报。" and not filled.open_holes


def test_two_tables_of_a_sheet_are_both_filled(town: Town, tmp_path: Path) -> None:
    desk, ids = town
    visits(desk, ids)
    filled = verbs.fill_in(desk, shapes.two_tables(tmp_path / "空表.xlsx"), tmp_path / "一.xlsx", **WHOLE)
    lines = rows(filled.path)
    assert filled.rows == 5 and lines[1] == [1, COMRADE, "男", "1992-11-30", None] and lines[2][3] == "=COUNTA(B3:B3)"
    assert [line[1] for line in lines[6:10]] == ["2025-06-01", "2026-01-05", "2026-01-19", "2026-11-03"]
    assert lines[-1][0] == "填表人：        审核人："


def test_a_password_of_the_files_own(town: Town, tmp_path: Path) -> None:
    from gridapp.ledgers.locking import unlock

    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "党员花名册", MEMBERS)
    filled = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", **WHOLE, file_password="secret-1")
    (tmp_path / "开.xlsx").write_bytes(unlock(filled.path.read_bytes(), "secret-1"))
    assert rows(tmp_path / "开.xlsx")[2][0] == COMRADE


def words_in(path: Path) -> str:
    """Everything a file holds, unpacked, in every encoding it may stand in."""
    import zipfile

    from gridapp.ledgers.compound import Compound

    if path.suffix == ".xls":
        body = Compound(path.read_bytes()).workbook()
        return body.decode("latin-1") + body.decode("utf-16-le", "ignore") + body[1:].decode("utf-16-le", "ignore")
    with zipfile.ZipFile(path) as parts:
        return "".join(name + parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())


def id_number(stem: str) -> str:
    """The 17 digits with their check digit."""
    from gridapp.rules import id_numbers

    return next(f"{stem}{last}" for last in "0123456789X" if id_numbers.read(f"{stem}{last}").value)


SECRET = id_number("99010119701105001")
EVERY = (*shapes.SHAPES, "old_roster", "old_card")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_no_file_holds_a_number_it_should_not(file_desk: Any, tmp_path: Path, purpose: Purpose) -> None:
    """Every shape, for every purpose: neither an ID number nor a telephone of the store, in any part of the file; whole, they are there."""
    ids = settle(file_desk)
    visits(file_desk, ids)
    verbs.keep(file_desk, "member", {"id_no": SECRET}, row_id=ids["member"])
    numbered = table(tmp_path / "带证号.xlsx", "党员花名册", ["姓名", "身份证号", "出生日期", "手机号码"])
    for name in (*EVERY, ""):
        ending = ".xls" if name.startswith("old") else ".xlsx"
        empty = getattr(shapes, name)(tmp_path / f"{name}{ending}") if name else numbered
        out = tmp_path / f"{name}-{purpose.value}{ending}"
        try:
            filled = verbs.fill_in(file_desk, empty, out, purpose=purpose, aim="试", apart=ending == ".xls")
        except Trouble as trouble:
            assert trouble.code == "never_public"
            continue
        for path in sorted(filled.path.iterdir()) if filled.path.is_dir() else [filled.path]:
            text = words_in(path)
            assert not [each for each in (*PHONES.values(), SECRET) if each in text], f"{name} {path.name}"
    whole = verbs.fill_in(file_desk, numbered, tmp_path / "全号.xlsx", **WHOLE)
    assert SECRET in words_in(whole.path) and PHONES[COMRADE] in words_in(whole.path)


def test_an_old_card_a_file_each(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    kept(desk, "member", name="程咬金", sex="男", birth="1960", join_date="1990-01-01", member_type="正式党员")
    empty = shapes.old_card(tmp_path / "表.xls")
    with pytest.raises(Trouble, match="每条一个文件"):
        verbs.fill_in(desk, empty, tmp_path / "一.xls", **WHOLE)
    filled = verbs.fill_in(desk, empty, tmp_path / "卡.xls", **WHOLE, apart=True)
    assert (filled.files, filled.rows) == (2, 2) and "旧格式" in filled.lost


def test_the_sheets_name_and_the_title_say_which(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "2026年11月走访登记表", ["日期", "走访人", "走访内容"])
    (found,) = verbs.look_at_template(desk, empty).found
    assert (found.suggested.since, found.suggested.until) == ("2026-11-01", "2026-11-30")
    book = load_workbook(table(tmp_path / "分楼.xlsx", "居民情况", ["姓名", "房号", "联系电话"]))
    book.worksheets[0].title = "5号楼"
    book.save(tmp_path / "分楼.xlsx")
    (found,) = verbs.look_at_template(desk, tmp_path / "分楼.xlsx").found
    assert found.suggested.building == "5号楼"
