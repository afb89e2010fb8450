"""Where tables are and what each row is: one feature of real ledgers a test."""
from __future__ import annotations

import datetime as dt
import sys
from functools import _lru_cache_wrapper

from gridapp.ledgers.reader import read_ledger
from gridapp.rules.id_numbers import check_digit

TODAY = dt.date(2026, 11, 21)


def person(birth: str, order: int = 1) -> str:
    """A synthetic ID number (area 990101)."""
    first = f"990101{birth}{order:03d}"
    return first + check_digit(first)


WANG, LI, ZHAO = person("19651006", 1), person("19680401", 2), person("20050112", 3)
HEAD = ["姓名", "身份证号", "联系电话", "住址"]


def sheet_of(path, at=0):
    return read_ledger(path, today=TODAY).sheets[at]


def named(sheet):
    return [(row.row, row.block, row.fields.get("name")) for row in sheet.rows]


def skipped(sheet):
    return {row: what for table in sheet.tables for row, what in table.skipped}


def test_one_header_row(make_book):
    sheet = sheet_of(make_book({"居民": [HEAD, ["王伟", WANG, "16100000001", "1号楼1单元101室"]]}))
    assert sheet.kind == "resident" and sheet.tables[0].header_rows == [1]
    assert sheet.rows[0].fields == {"name": "王伟", "id_no": WANG, "phone": ("16100000001",), "address": "1号楼1单元101室"}
    assert not sheet.rows[0].faults


def test_the_columns_tell_a_member_roster_where_no_title_does(text_file):
    head = "序号,姓名,性别,公民身份号码,出生日期,人员类别,入党日期,手机号码\n"
    sheet = sheet_of(text_file("a.csv", f"{head}1,王伟,男,{WANG},1965-10-06,正式党员,1990-05-01,16100000001\n".encode()))
    assert sheet.kind == "party"
    assert (sheet.rows[0].fields["member_type"], sheet.rows[0].fields["join_date"]) == ("正式党员", "1990-05-01")


def test_title_unit_line_two_level_header_sign_off_and_note(make_book):
    rows = [
        ["某社区居民信息登记表"],
        ["填报单位（盖章）：某社区", "", "", "填报日期：2024年3月5日"],
        ["序\n号", "基本信息", "", "联系方式", ""],
        ["", "姓  名", "性\n别", "手机号码", "固定电话"],
        [1, "王伟", "男", "16100000001", "0320-5550001"],
        [2, "李娜", "女", "", ""],
        ["填表人：          审核人：          填表日期：    年  月  日"],
        ["注：本表一式两份，社区、网格各存一份。"],
    ]
    sheet = sheet_of(make_book({"表": rows}, {"表": ["A1:E1", "A3:A4", "B3:C3", "D3:E3", "A7:E7", "A8:E8"]}))
    assert sheet.tables[0].header_rows == [3, 4]
    assert named(sheet) == [(5, 0, "王伟"), (6, 0, "李娜")]
    assert sheet.rows[0].fields["phone"] == ("16100000001", "0320-5550001")
    assert skipped(sheet) == {7: "sign-off", 8: "note"}


def test_three_level_header_with_party_group_sections(make_book):
    rows = [
        ["某支部党员花名册"],
        ["序号", "姓名", "性别", "党内情况", "", ""],
        ["", "", "", "入党时间", "", "人员类别"],
        ["", "", "", "接收预备党员日期", "转正日期", ""],
        ["第一党小组（组长：见备注）"],
        [1, "王伟", "男", "1990.05.03", "1991.05.03", "正式党员"],
        ["第二党小组"],
        [2, "李娜", "女", "2023.06", "—", "预备党员"],
        ["党员总数：2名，其中正式党员1名"],
    ]
    merges = ["A1:F1", "A2:A4", "B2:B4", "C2:C4", "D2:F2", "D3:E3", "F3:F4", "A5:F5", "A7:F7", "A9:F9"]
    sheet = sheet_of(make_book({"党员": rows}, {"党员": merges}))
    assert sheet.kind == "party" and sheet.tables[0].header_rows == [2, 3, 4]
    assert [row.fields["party_group"] for row in sheet.rows] == ["第一党小组", "第二党小组"]
    assert sheet.rows[0].fields["join_date"] == "1990-05-03" and sheet.rows[1].fields["regular_date"] is None
    assert skipped(sheet) == {5: "section", 7: "section", 9: "total"}


def test_header_levels_without_merged_cells(text_file):
    rows = "编号,诉求人,诉求内容,受理,,办结,\n,,,日期,受理人,日期,承办人\nS-1,王伟,路灯不亮,2024-01-03,赵网格,2024-01-05,物业\n"
    sheet = sheet_of(text_file("诉求.csv", rows.encode("gb18030")))
    assert sheet.kind == "request" and sheet.tables[0].header_rows == [1, 2]
    fields = sheet.rows[0].fields
    assert (fields["req_date"], fields["done_date"], fields["receiver"], fields["handler"]) == ("2024-01-03", "2024-01-05", "赵网格", "物业")


def test_merged_household_cells_fill_but_a_blank_phone_does_not(make_book):
    rows = [
        ["户号", "户主姓名", "家庭住址", "家庭人口", "成员姓名", "与户主关系", "本人电话"],
        ["1-01", "王伟", "1号楼1单元101室", 3, "王伟", "户主", "16100000001"],
        ["", "", "", "", "李娜", "妻", ""],
        ["", "", "", "", "王小明", "子", "16100000003"],
        ["第一网格小计", "", "", 3, "1户"],
        ["合    计", "", "", 3, "1户"],
    ]
    sheet = sheet_of(make_book({"户籍": rows}, {"户籍": ["A2:A4", "B2:B4", "C2:C4", "D2:D4"]}))
    assert [row.fields["household_no"] for row in sheet.rows] == ["1-01"] * 3
    assert [row.fields["phone"] for row in sheet.rows] == [("16100000001",), (), ("16100000003",)]
    assert {row.household for row in sheet.rows} == {1} and not any(row.faults for row in sheet.rows)
    assert skipped(sheet) == {5: "subtotal", 6: "total"}


def test_household_written_once_in_its_first_row(make_book):
    rows = [
        ["户主姓名", "家庭住址", "姓名", "与户主关系", "电话"],
        ["王伟", "1号楼1单元101室", "王伟", "户主", "16100000001"],
        ["", "", "李娜", "之妻", ""],
        ["赵敏", "1号楼1单元102室", "赵敏", "户主", ""],
        ["", "", "钱进", "夫", ""],
    ]
    sheet = sheet_of(make_book({"户籍": rows}))
    assert [row.fields["address"] for row in sheet.rows] == ["1号楼1单元101室"] * 2 + ["1号楼1单元102室"] * 2
    assert [row.household for row in sheet.rows] == [1, 1, 2, 2]
    assert sheet.rows[1].fields["phone"] == ()


def test_header_printed_on_every_page(make_book):
    page = [["某社区低保台账"], ["单位：人、元", "", "第1页 共2页"], ["序号", "户主姓名", "身份证号码", "家庭住址", "月保障金额"]]
    end = [["本页小计", "", "", "", 612.5], ["累计", "", "", "", 612.5], ["经办人：", "", "", "负责人：", ""], []]
    rows = [*page, [1, "王伟", WANG, "1组", 612.5], *end, *page, [2, "合计华", LI, "2组", 1225], [3, "总志强", ZHAO, "3组", 1225], *end]
    sheet = sheet_of(make_book({"低保": rows}))
    assert [name for _, _, name in named(sheet)] == ["王伟", "合计华", "总志强"]
    assert sheet.rows[0].fields["amount"] == 612.5


def test_instruction_and_example_rows(make_book):
    rows = [
        ["*公民姓名", "证件号码（必填）", "性 别（男/女）", "出生时间\n（如19650312）", "备注", "备注"],
        ["必填，真实姓名", "18位，X大写", "男/女", "格式：YYYYMMDD", "其他", "网格员备注"],
        ["示例：张三", "990101199001011234", "男", "19900101", "此行勿删", ""],
        ["王伟", WANG, "男", "19651006", "甲", "乙"],
    ]
    sheet = sheet_of(make_book({"人员": rows}))
    assert named(sheet) == [(4, 0, "王伟")]
    assert (sheet.rows[0].fields["notes"], sheet.rows[0].fields["notes2"]) == ("甲", "乙")
    assert skipped(sheet) == {2: "instruction row", 3: "example row"}


def test_two_tables_side_by_side(make_book):
    head = ["序号", "姓名", "电话"]
    rows = [["通讯录"], [*head, "", *head], [1, "王伟", "16100000001", "", 3, "赵敏", "16100000003"], [2, "李娜", "16100000002"]]
    assert named(sheet_of(make_book({"表": rows}))) == [(3, 0, "王伟"), (4, 0, "李娜"), (3, 1, "赵敏")]


def test_two_tables_side_by_side_that_touch(make_book):
    head = ["姓名", "电话", "住址"]
    rows = [[*head, *head], ["王伟", "16100000001", "1号楼", "赵敏", "16100000003", "2号楼"]]
    assert named(sheet_of(make_book({"表": rows}))) == [(2, 0, "王伟"), (2, 1, "赵敏")]


def test_a_list_beside_the_table_is_not_the_table(make_book):
    rows = [[*HEAD, "", "政治面貌", "与户主关系"], ["王伟", WANG, "", "1号楼", "", "群众", "户主"], ["李娜", LI, "", "1号楼", "", "中共党员", "配偶"]]
    sheet = sheet_of(make_book({"居民": rows}))
    assert len(sheet.tables) == 1 and "relation" not in sheet.rows[0].fields


def test_stray_notes_right_of_the_table_are_left_alone(make_book):
    rows = [HEAD, ["王伟", WANG, "", "1号楼"], ["李娜", LI, "", "2号楼", "", "", "小李：核对到这里"], ["", "", "", "", "", "", "第二批待补"]]
    sheet = sheet_of(make_book({"居民": rows}))
    assert [name for _, _, name in named(sheet)] == ["王伟", "李娜"]


def test_total_directly_under_a_header_and_zero_filled_rows(make_book):
    rows = [["序号", "姓名", "身份证号", "家庭人口"], ["总合计", "", "", 5], [1, "王伟", WANG, 3], [2, 0, "", 0], [3, "", "", 0]]
    sheet = sheet_of(make_book({"表": rows}))
    assert named(sheet) == [(3, 0, "王伟")] and skipped(sheet) == {2: "total"}


def test_ticks_under_a_group_heading(make_book):
    rows = [["姓名", "性别", "", "身份证号"], ["", "男", "女", ""], ["王伟", "√", "", WANG], ["李娜", "", "√", ""]]
    sheet = sheet_of(make_book({"表": rows}, {"表": ["A1:A2", "B1:C1", "D1:D2"]}))
    assert [row.fields["sex"] for row in sheet.rows] == ["男", "女"]
    assert not sheet.tables[0].mapping.unknown


def test_a_sheet_per_building_names_the_building(make_book):
    rows = [["单元", "房号", "户主", "联系电话", "居住性质"], ["1", "101", "王伟", "16100000001", "自住"]]
    book = read_ledger(make_book({"3号楼": rows, "5号楼": rows}), today=TODAY)
    assert [sheet.rows[0].fields["building"] for sheet in book.sheets] == ["3号楼", "5号楼"]
    assert book.sheets[0].kind == "household"


def test_hidden_dictionary_and_empty_sheets_are_skipped(make_book):
    def dress(sheet):
        if sheet.title == "旧":
            sheet.sheet_state = "hidden"

    listed = [["政治面貌", "与户主关系"], ["中共党员", "户主"], ["群众", "配偶"]]
    rows = [HEAD, ["王伟", WANG, "", "1号楼"]]
    book = read_ledger(make_book({"居民": rows, "旧": rows, "字典": listed, "Sheet3": []}, dress=dress), today=TODAY)
    assert [bool(sheet.rows) for sheet in book.sheets] == [True, False, False, False]
    assert all(sheet.no_table for sheet in book.sheets[1:]) and "隐藏" in book.sheets[1].no_table


def test_visits_take_the_year_from_the_title_and_dates_from_above(make_book):
    rows = [
        ["2024年3月份入户走访台账"],
        ["走访时间", "走访人", "走访对象", "走访内容", "是否办结"],
        ["3月5日", "赵网格、钱书记", "王伟", "了解近况，\n宣传防火。", "√"],
        ["〃", "赵网格 孙楼长", "李娜", "了解近况", "×"],
        ["3月8日", "赵网格", "赵敏", "走访", "是"],
        ["", "", "钱进", "走访", "办理中"],
        ["3月32日", "赵网格", "孙一", "走访", "是"],
        ["本月共走访5户"],
    ]
    sheet = sheet_of(make_book({"3月": rows}, {"3月": ["A1:E1", "A5:A6", "B5:B6", "A8:E8"]}))
    assert [row.fields["visit_date"] for row in sheet.rows] == ["2024-03-05", "2024-03-05", "2024-03-08", "2024-03-08"]
    assert sheet.rows[1].fields["visitors"] == ("赵网格", "孙楼长")
    assert [row.fields["done"] for row in sheet.rows] == ["是", "否", "是", "否"]
    assert [(row.row, row.faults[0].code) for row in sheet.rejects] == [(7, "date_invalid")]
    assert skipped(sheet) == {8: "total"}


def test_unknown_and_unkept_columns_are_told_with_a_reason(make_book):
    sheet = sheet_of(make_book({"居民": [["姓名", "住址", "政治面貌", "信用分"], ["王伟", "1号楼", "群众", 85]]}))
    told = dict(sheet.tables[0].unkept.values())
    assert set(told) == {"政治面貌", "信用分"} and all(why.startswith("这一列不保存：") for why in told.values())
    assert sheet.rows[0].fields["political"] == "群众"


def test_a_ledger_of_a_kind_not_kept_says_so(make_book):
    months = [f"{month}月" for month in range(1, 13)]
    sheet = sheet_of(make_book({"党费": [["2024年党费收缴台账"], ["序号", "姓名", "月应交", *months, "备注"], [1, "王伟", 10, *[10] * 12, ""]]}))
    assert "党费收缴" in sheet.no_table and sheet.tables[0].foreign


def test_far_headings_spelled_a_little_differently(make_book):
    sheet = sheet_of(make_book({"居民": [["居民姓名", "居民身份证件号码", "父身份证号", "现居住的地址"], ["王伟", WANG, LI, "1号楼"]]}))
    names = {term.name for term in sheet.tables[0].mapping.terms.values()}
    assert "id_no" in names and sheet.rows[0].fields["id_no"] == WANG
    assert "父身份证号" in sheet.tables[0].mapping.unknown.values()


def caches():
    """How much every cache of the program holds."""
    modules = [module for name, module in sys.modules.items() if name.startswith("gridapp.")]
    return {f"{each.__module__}.{each.__qualname__}": each.cache_info().currsize for module in modules for each in vars(module).values()
            if isinstance(each, _lru_cache_wrapper)}


def test_no_cell_is_remembered_once_a_file_is_read(make_book):
    read_ledger(make_book({"居民": [HEAD, ["王伟", WANG, "", "1号楼"]]}))
    before = caches()
    assert before
    read_ledger(make_book({"居民": [["李娜家庭情况", "周强的备注"], HEAD, ["李娜", LI, "", "2号楼"], ["合计李娜", "", "", "", ""]]}))
    assert caches() == before


def test_a_third_level_under_part_of_a_group_and_the_grand_total_on_top(make_book):
    rows = [
        ["服务对象基本情况表"],
        ["序号", "基本信息", "", "", "", "联系方式", ""],
        ["", "姓名", "性别", "身份证", "", "本人", "家庭"],
        ["", "", "", "号码", "出生年月", "手机", "住址"],
        ["总合计", "", "", "", "", "", 12],
        [1, "王伟", "男", WANG, "1965.10", "16100000001", "1号楼1单元101室"],
    ]
    sheet = sheet_of(make_book({"2024": rows}, merges={"2024": ["A2:A4", "B2:E2", "B3:B4", "C3:C4", "F2:G2"]}))
    assert sheet.tables[0].header_rows == [2, 3, 4] and skipped(sheet)[5] == "total"
    wanted = {"name": "王伟", "sex": "男", "id_no": WANG, "birth": "1965-10", "phone": ("16100000001",), "address": "1号楼1单元101室"}
    assert wanted.items() <= sheet.rows[0].fields.items()


def test_a_household_a_row_with_all_its_people_in_one_cell_keeps_the_household(make_book):
    head = ["户主姓名", "家庭成员", "住址", "联系电话"]
    people = "、李娜（妻）、王小伟（子）"
    rows = [[name, name + people, f"1号楼1单元{at}01室", f"1610000000{at}"] for at, name in enumerate(["王伟", "张强"], 1)]
    table = sheet_of(make_book({"一户一行": [head, *rows]})).tables[0]
    assert table.kind == "household" and not table.rejects
    assert [row.fields["household_head"] for row in table.rows] == ["王伟", "张强"]
    assert "name" not in table.rows[0].fields and "每人一行" in table.unkept[1][1]


def test_one_person_a_row_stays_a_roster_though_a_cell_names_two(make_book):
    head = ["户主姓名", "家庭成员", "与户主关系", "住址"]
    rows = [["王伟", "王伟", "户主", "1号楼1单元101室"], ["王伟", "李娜", "妻", ""], ["张强", "张强、赵敏", "户主", "1号楼1单元102室"]]
    table = sheet_of(make_book({"花名册": [head, *rows]})).tables[0]
    assert table.kind == "resident" and len(table.rows) == 2 and [row.faults[0].code for row in table.rejects] == ["name_multiple"]


def test_a_title_about_residents_is_not_about_visits(make_book):
    """居民情况 holds the letters of 民情."""
    sheet = sheet_of(make_book({"表": [["某街道居民情况表"], ["姓名", "联系电话", "走访人"], ["王伟", "16100000001", ""]]}))
    assert sheet.kind == "resident"
