"""Headers the user pointed out: read as told, known again in the next file, forgotten when taken back."""
from __future__ import annotations

from gridapp.ledgers.corrections import Correction, dump, load
from gridapp.ledgers.pointing import header_of
from gridapp.ledgers.reader import read_ledger

STRANGE = [
    ["街坊簿"],
    ["大名", "男女", "摇哪个号", "门儿"],
    ["王伟", "男", "16100000001", "1号楼1单元101室"],
    ["李娜", "女", "16100000002", "1号楼1单元102室"],
]
MEANT = {0: "name", 1: "sex", 2: "phone", 3: "address"}


def said(path, row, depth, kind="resident", columns=None):
    """The correction that says these rows (0-based first one) of the first sheet are a header."""
    header = header_of(read_ledger(path).sheets[0].grid, row, depth)
    return {header.mark: Correction(kind, columns or {}, depth)}


def read(path, corrections):
    return read_ledger(path, corrections=corrections).sheets[0]


def test_a_header_nobody_could_know_is_read_as_told(make_book):
    path = make_book({"表": STRANGE})
    assert read_ledger(path).error == "no_table_found"
    sheet = read(path, said(path, 1, 1, columns=MEANT))
    assert [row.fields["name"] for row in sheet.rows] == ["王伟", "李娜"] and sheet.rows[0].fields["phone"] == ("16100000001",)
    assert sheet.tables[0].header_rows == [2] and sheet.no_table == ""


def test_the_next_file_of_the_family_is_read_at_once(make_book):
    known = said(make_book({"表": STRANGE}), 1, 1, columns=MEANT)
    later = [["街坊簿"], ["二〇二五年"], [], STRANGE[1], ["周新来", "男", "16100000003", "2号楼1单元101室"]]
    sheet = read(make_book({"新的": later}, name="二.xlsx"), load(dump(known)))
    assert [row.fields["name"] for row in sheet.rows] == ["周新来"] and sheet.tables[0].header_rows == [4]
    other = [["小名", *STRANGE[1][1:]], *STRANGE[2:]]
    assert read_ledger(make_book({"表": other}, name="三.xlsx"), corrections=known).error == "no_table_found"


def test_it_goes_before_a_header_the_program_found(make_book):
    rows = [["住户", "称呼", "联络"], ["姓名", "性别", "联系电话"], ["王伟", "男", "16100000001"]]
    path = make_book({"表": rows})
    assert read_ledger(path).sheets[0].tables[0].header_rows == [2]
    sheet = read(path, said(path, 0, 2, columns={0: "name"}))
    assert sheet.tables[0].header_rows == [1, 2] and [row.fields["name"] for row in sheet.rows] == ["王伟"]


def test_three_rows_with_merged_cells(make_book):
    rows = [["甲", None, "乙"], ["人", None, "号"], ["大名", "男女", "摇"], ["王伟", "男", "16100000001"]]
    path = make_book({"表": rows}, merges={"表": ["A1:B1", "A2:B2"]})
    sheet = read(path, said(path, 0, 3, columns={0: "name", 1: "sex", 2: "phone"}))
    assert sheet.tables[0].mapping.headings[1] == "甲人男女" and [row.fields["sex"] for row in sheet.rows] == ["男"]


def test_a_header_printed_again_is_not_a_second_table(make_book):
    path = make_book({"表": [*STRANGE[1:3], STRANGE[1], STRANGE[3]]})
    sheet = read(path, said(path, 0, 1, columns=MEANT))
    assert len(sheet.tables) == 1 and len(sheet.rows) == 2 and sheet.tables[0].skipped == [(3, "repeated header")]


def test_a_form_card_said_to_be_a_table_is_read(make_book):
    card = [["姓名", "", "性别", ""], ["出生日期", "", "民族", ""], ["住址", "", "联系电话", ""], ["身份证号", "", "文化程度", ""]]
    path = make_book({"表": card})
    assert read_ledger(path).error == "form_layout"
    assert read(path, said(path, 0, 1)).tables


def test_headings_that_mean_nothing_leave_the_table_there_to_be_named(make_book):
    path = make_book({"表": STRANGE})
    sheet = read(path, said(path, 1, 1))
    assert [table.mapping.headings[0] for table in sheet.tables] == ["大名"] and sheet.rows == [] and "列的对应" in sheet.no_table


def test_a_header_said_not_to_be_read_is_left(make_book):
    path = make_book({"表": STRANGE})
    known = said(path, 1, 1, kind="")
    assert read_ledger(path, corrections=known).sheets[0].left and not read_ledger(path, corrections=known).sheets[0].tables


def test_older_settings_know_of_no_header_and_a_wild_one_is_bounded():
    assert load('{"a": {"kind": "resident", "columns": {}}}')["a"].header == 0
    assert load('{"a": {"kind": "resident", "columns": {}, "header": 99}}')["a"].header == 3
    assert load('{"a": {"kind": "resident", "columns": {}, "header": "x"}}') == {}


def test_tables_that_were_found_stay_beside_the_one_pointed_out(make_book):
    people = [["姓名", "性别", "联系电话"], ["张强", "男", "16100000009"]]
    path = make_book({"表": [*people, [], *STRANGE[1:], [], ["姓名", "性别", "住址"], ["赵敏", "女", "2号楼1单元101室"]]})
    sheet = read(path, said(path, 3, 1, columns=MEANT))
    assert [row.fields["name"] for row in sheet.rows] == ["张强", "王伟", "李娜", "赵敏"]
    assert [table.header_rows for table in sheet.tables] == [[1], [4], [8]]
