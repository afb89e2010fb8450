"""What the user says of headings goes before what the program finds, and is kept without a word of the ledger."""
from __future__ import annotations

from gridapp.ledgers.corrections import Correction, choices, dump, load, signature
from gridapp.ledgers.reader import read_ledger

HEAD = ["姓名", "性别", "绰号", "联系电话", "居住地"]
ROW = ["王伟", "男", "小王", "16100000001", "1号楼1单元101室"]


def mark_of(path) -> str:
    sheet = read_ledger(path).sheets[0]
    return sheet.tables[0].signature if sheet.tables else sheet.left[0][0]


def read(path, correction):
    return read_ledger(path, corrections={mark_of(path): correction}).sheets[0]


def test_a_column_means_what_the_user_says(make_book):
    path = make_book({"居民": [HEAD, ROW]})
    table = read(path, Correction("resident", {2: "notes"})).tables[0]
    assert table.rows[0].fields["notes"] == "小王" and not table.unkept


def test_a_column_taken_over_leaves_the_one_that_had_the_name(make_book):
    path = make_book({"居民": [HEAD, ROW]})
    table = read(path, Correction("resident", {2: "name"})).tables[0]
    assert table.rows[0].fields["name"] == "小王" and "姓名" in dict(table.unkept.values())


def test_a_column_not_to_be_kept_says_so(make_book):
    path = make_book({"居民": [HEAD, ROW]})
    table = read(path, Correction("resident", {3: ""})).tables[0]
    assert "phone" not in table.rows[0].fields and "您选定" in dict(table.unkept.values())["联系电话"]


def test_a_group_of_ticks_gives_way(make_book):
    rows = [["姓名", "性别", None, "住址"], [None, "男", "女", None], ["王伟", "√", "", "1号楼101室"]]
    path = make_book({"居民": rows}, merges={"居民": ["A1:A2", "B1:C1", "D1:D2"]})
    assert read(path, Correction("resident")).rows[0].fields["sex"] == "男"
    assert "sex" not in read(path, Correction("resident", {1: "", 2: ""})).rows[0].fields


def test_a_table_is_of_the_kind_the_user_says_or_is_not_read(make_book):
    path = make_book({"居民": [["姓名", "门牌", "联系电话"], ["王伟", "101", "16100000001"]]})
    assert read(path, Correction("household")).kind == "household"
    sheet = read(path, Correction(""))
    assert not sheet.tables and sheet.left
    assert read_ledger(path, corrections={mark_of(path): Correction("")}).error == "no_table_found"


def test_a_table_nobody_knew_can_be_named(make_book):
    path = make_book({"表": [["姓名", "性别"], ["王伟", "男"]]})
    found = read_ledger(path).sheets[0]
    assert read(path, Correction("resident", {0: "name"})).rows[0].fields["name"] == "王伟"
    assert found.tables or found.left


def test_a_ledger_of_a_kind_not_kept_can_be_said_to_be_ours(make_book):
    rows = [["党费收缴台账"], ["姓名", "性别", "联系电话", "1月", "2月", "应交"], ["王伟", "男", "16100000001", 5, 5, 60]]
    path = make_book({"党费": rows})
    assert read_ledger(path).sheets[0].no_table
    assert not read(path, Correction("resident")).no_table


def test_the_same_headings_are_the_same_wherever_they_stand(make_book):
    first = mark_of(make_book({"甲": [HEAD, ROW]}))
    assert first == mark_of(make_book({"乙": [["居民台账"], [], [" 姓　名*", "性 别", "绰号", "联系电话：", "居住地"], ROW]}, name="乙.xlsx"))
    assert first != mark_of(make_book({"甲": [[*HEAD, "备注"], ROW]}, name="丙.xlsx"))


def test_what_is_remembered_comes_back_and_holds_no_word_of_the_ledger(make_book):
    known = {mark_of(make_book({"居民": [HEAD, ROW]})): Correction("resident", {2: "notes", 3: ""})}
    assert load(dump(known)) == known and dump(known).isascii()
    assert load("") == load("[]") == load('{"a": {"kind": 1}}') == load("{") == {}


def test_words_of_another_version_are_found_as_always(make_book):
    path = make_book({"居民": [HEAD, ROW]})
    assert read(path, Correction("shares", {2: "notes"})).kind == "resident"
    assert read(path, Correction("resident", {0: "title_of_nobility", 99: "name"})).rows[0].fields["name"] == "王伟"


def test_choices_are_what_is_kept():
    assert {"name", "phone", "notes"} <= {term.name for term in choices("resident")}
    assert not any(term.unkept for term in choices("resident"))


def test_signature_is_of_the_headings_from_the_left():
    assert signature({3: ("姓名",), 5: ("性别",)}) == signature({0: ("姓名",), 1: ("性别",)}) != signature({0: ("性别",), 1: ("姓名",)})
