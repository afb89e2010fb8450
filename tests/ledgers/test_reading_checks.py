"""Values with their number formats and marks, checks between cells and rows, and the rules the quick paths must agree with."""
from __future__ import annotations

import datetime as dt
import re
import zipfile

import pytest
from openpyxl.styles import Font

from gridapp.ledgers.reader import read_ledger
from gridapp.ledgers.values import ColumnReader, Context
from gridapp.ledgers.vocabulary import KINDS, Term, vocabulary
from gridapp.records import BY_NAME, column
from gridapp.rules import dates, id_numbers, names, phones
from gridapp.rules.reading import Cancelled

TODAY = dt.date(2026, 11, 21)


def person(birth: str, order: int = 1) -> str:
    first = f"990101{birth}{order:03d}"
    return first + id_numbers.check_digit(first)


WANG, LI = person("19651006", 1), person("19680401", 2)


def rows_of(path):
    return read_ledger(path, today=TODAY).sheets[0].rows


def test_the_number_format_tells_october_from_january(make_book):
    def dress(sheet):
        sheet["B2"].number_format = "0.00"

    first, second, third = rows_of(make_book({"表": [["姓名", "出生年月"], ["王伟", 1965.1], ["李娜", 1965.1], ["赵敏", 1965.03]]}, dress=dress))
    assert first.fields["birth"] == "1965-10" and not first.faults
    assert second.flags == ["date_ambiguous"]
    assert third.fields["birth"] == "1965-03"


def test_the_id_number_settles_an_ambiguous_month(make_book):
    row = rows_of(make_book({"表": [["姓名", "身份证号", "出生年月"], ["王伟", WANG, 1965.1]]}))[0]
    assert row.fields["birth"] == "1965-10" and not row.faults


def test_id_number_against_sex_and_birth(make_book):
    heads = ["姓名", "性别", "身份证号", "出生日期"]
    right, wrong = rows_of(make_book({"表": [heads, ["王伟", "男", WANG, "1965-10-06"], ["李娜", "男", LI, "1969-04-01"]]}))
    assert not right.faults and wrong.flags == ["sex_id_mismatch", "birth_id_mismatch"]


def test_a_numeric_id_number_is_an_error_never_a_value(make_book):
    row = rows_of(make_book({"表": [["姓名", "身份证号"], ["王伟", 990101196510060000.0]]}))[0]
    assert row.fields["id_no"] is None and row.flags == ["id_precision_lost"]


def test_another_document_is_taken_as_written(make_book):
    row = rows_of(make_book({"表": [["姓名", "证件类型", "证件号码"], ["王伟", "护照", "e00000001"]]}))[0]
    assert row.fields["id_no"] == "E00000001" and not row.faults


def test_a_row_without_a_name_is_rejected(make_book):
    sheet = read_ledger(make_book({"表": [["姓名", "身份证号"], ["", WANG], ["李娜", LI]]}), today=TODAY).sheets[0]
    assert [(row.row, row.faults[0].code) for row in sheet.rejects] == [(2, "name_missing")] and len(sheet.rows) == 1


def test_several_people_in_one_cell_are_rejected(make_book):
    sheet = read_ledger(make_book({"表": [["姓名", "住址"], ["王伟、李娜", "1号楼"], ["刘\n洋", "2号楼"]]}), today=TODAY).sheets[0]
    assert [row.faults[0].code for row in sheet.rejects] == ["name_multiple"]
    assert sheet.rows[0].fields["name"] == "刘洋"


def test_households_two_heads_no_head_and_count(make_book):
    heads = ["户号", "家庭人口", "姓名", "与户主关系"]
    rows = [heads, [1, 2, "王伟", "户主"], [1, 2, "李娜", "户主"], [2, 3, "赵敏", "妻"], [2, 3, "钱进", "子"]]
    found = [row.flags for row in rows_of(make_book({"表": rows}))]
    assert found == [["two_heads"], ["two_heads"], ["household_no_head", "count_mismatch"], ["household_no_head", "count_mismatch"]]


def test_the_same_person_twice(make_book):
    rows = [["姓名", "身份证号", "电话"], ["王伟", WANG, "16100000001"], ["王伟", WANG, "16100000001"], ["王伟", WANG, "16100000002"]]
    flags = [row.flags for row in rows_of(make_book({"表": rows}))]
    assert flags == [["duplicate_conflict"], ["already_present"], ["duplicate_conflict"]]


def test_one_name_twice_at_one_address_is_said_unless_id_numbers_differ(make_book):
    people = [(WANG, "1号楼101室"), ("", "1号楼101室"), (LI, "1号楼101室"), ("", "1号楼102室")]
    rows = [["姓名", "身份证号", "住址"], *[["王伟", *each] for each in people]]
    assert [row.flags for row in rows_of(make_book({"表": rows}))] == [[], ["same_name"], [], []]


def test_requests_with_one_number_and_dates_out_of_order(make_book):
    rows = [
        ["编号", "诉求人", "诉求内容", "受理日期", "办结日期"],
        ["S-1", "王伟", "路灯不亮", "2024-03-08", "2024-03-05"],
        ["S-1", "匿名", "漏水", "2024-03-08", ""],
    ]
    first, second = rows_of(make_book({"表": rows}))
    assert set(first.flags) == {"date_order", "duplicate_no"} and second.flags == ["duplicate_no"]
    assert not first.faults[-1].fatal and second.faults[-1].fatal


def test_strike_out_hidden_rows_and_formulas_without_value(make_book):
    def dress(sheet):
        sheet["A2"].font = Font(strike=True)
        sheet.row_dimensions[3].hidden = True
        sheet["C4"] = "=A4&1"

    rows = [["姓名", "身份证号", "住址"], ["王伟", WANG, "1号楼"], ["李娜", LI, "1号楼"], ["赵敏", "", ""], ["钱进", "", "2号楼"]]
    flags = [row.flags for row in rows_of(make_book({"表": rows}, dress=dress))]
    assert flags == [["strikethrough"], ["hidden_row"], ["formula_uncached"], []]


def test_an_error_cell_is_no_value(make_book, tmp_path):
    path, broken = make_book({"表": [["姓名", "住址"], ["王伟", "ERR"]]}), tmp_path / "错误.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                body = re.sub(rb'<c r="B2".*?</c>', b'<c r="B2" t="e"><v>#N/A</v></c>', body)
            new.writestr(name, body)
    row = rows_of(broken)[0]
    assert row.fields["address"] is None and row.flags == ["cell_error"]


def test_cancelling_stops_the_reading(make_book):
    def step(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        read_ledger(make_book({"表": [["姓名", "住址"], ["王伟", "1号楼"]]}), step)


def test_steps_never_run_past_the_total(make_book):
    seen = []
    rows = [["姓名", "住址"], *[["王伟", f"1号楼{room}"] for room in range(1200)]]
    read_ledger(make_book({"甲": rows, "乙": rows}), lambda done, total: seen.append((done, total)))
    assert len(seen) == 6 and all(done <= total == 2402 for done, total in seen) and seen == sorted(seen)


@pytest.mark.parametrize("raw", ["王伟", "欧阳翠莲", "无", "不详", "暂无", "未填写", "刘 洋", "马", "上官琳琳琳", "待定"])
def test_names_at_sight_agree_with_the_rule(raw):
    read = ColumnReader(Term("name", ("姓名",), "name"), 0, Context()).read(raw, 2)
    assert read.value == names.read(raw).value


@pytest.mark.parametrize("raw", ["16100000001", "161 0000 0001", "1610000001", "0320-5550001", "无", "26100000001"])
def test_phones_at_sight_agree_with_the_rule(raw):
    read, rule = ColumnReader(Term("phone", ("电话",), "phone"), 0, Context()).read(raw, 2), phones.read(raw)
    assert "、".join(read.value) == (rule.value or "") and [fault.code for fault in read.faults] == [fault.code for fault in rule.faults]


@pytest.mark.parametrize("raw", ["1965-03-12", "2065-03-12", "1865-03-12", "1965-02-30", "2026-11-21", "2026-11-22", "1900-01-01", "1965.3"])
def test_dates_at_sight_agree_with_the_rule(raw):
    read, rule = ColumnReader(Term("birth", ("出生",), "date"), 0, Context(today=TODAY)).read(raw, 2), dates.read(raw, latest=TODAY)
    assert read.value == rule.value and [fault.code for fault in read.faults] == [fault.code for fault in rule.faults]


def test_every_term_of_a_record_leads_to_its_column():
    for kind in KINDS:
        for term in vocabulary(kind):
            if term.of[0]:
                assert column(BY_NAME[term.of[0]], term.of[1]).ledger == term.name
