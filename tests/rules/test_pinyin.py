"""Initials, spellings, order; and pypinyin only when asked."""
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import pinyin


@pytest.mark.parametrize(("name", "initials", "spelled"), [
    ("张三", "zs", "zhangsan"), ("李秀英", "lxy", "lixiuying"), ("单伟", "sw dw", "shanwei danwei"),
    ("尉迟建国", "ycjg wcjg", "yuchijianguo weichijianguo"),
    ("万俟清", "mqq wqq", "moqiqing wanqiqing"), ("欧阳翠莲", "oycl", "ouyangcuilian"), ("吕布", "lb", "lvbu"),
    ("John Smith", "johnsmith", "johnsmith"),
    ("阿依古丽·买买提", "ayglmmt", "ayigulimaimaiti"), ("", "", ""), (None, "", ""), ("王\ue000", "w", "wang")])
def test_names(name, initials, spelled):
    assert pinyin.spelling(name)[:2] == (initials, spelled)


@pytest.mark.parametrize(("surname", "reading"), [
    ("单", "shan"), ("曾", "zeng"), ("仇", "qiu"), ("解", "xie"), ("区", "ou"), ("查", "zha"), ("翟", "zhai"), ("乐", "yue"), ("覃", "qin"),
    ("缪", "miao"), ("朴", "piao"),
    ("盖", "ge"), ("员", "yun"), ("黑", "he"), ("折", "she"), ("种", "chong"), ("召", "shao"), ("秘", "bi"), ("繁", "po"), ("句", "gou"),
    ("卜", "bu"), ("阚", "kan"),
    ("祭", "zhai"), ("薄", "bo"), ("藏", "zang"), ("石", "shi"), ("沈", "shen"), ("万", "wan"), ("任", "ren"), ("宁", "ning"), ("燕", "yan"),
    ("华", "hua")])
def test_surnames_are_read_as_surnames_first(surname, reading):
    assert pinyin.spelling(f"{surname}伟").spelled.split()[0] == f"{reading}wei"


def test_every_surname_in_the_table_says_something_new():
    assert [char for char, readings in pinyin._surnames().items() if readings == [pinyin._syllable(char)]] == []


def sort_key(text):
    return pinyin.spelling(text).sort_key


def test_order():
    names = ["张三", "单伟", "李安", "连安", "欧阳娜", "吕布", "3号楼10单元", "3号楼2单元", "阿明"]
    assert sorted(names, key=sort_key) == ["3号楼2单元", "3号楼10单元", "阿明", "李安", "连安", "吕布", "欧阳娜", "单伟", "张三"]
    assert sort_key("") == sort_key(None) == ""


@given(st.text(), st.text())
def test_a_sort_key_tells_texts_apart(one, other):
    assert (sort_key(one) == sort_key(other)) <= (sort_key(one).split("\t")[-1] == sort_key(other).split("\t")[-1])


@given(st.text())
def test_spellings_are_plain_letters(name):
    assert all(letter.isascii() and (letter.isalnum() or letter == " ") for letter in "".join(pinyin.spelling(name)[:2]))


def test_the_rules_load_nothing_heavy():
    modules = "addresses codes dates due id_numbers masking names numbers packs phones pinyin relations stages text"
    heavy = ("pypinyin", "openpyxl", "sqlmodel", "PySide6")
    script = f"""
import importlib, sys
for name in {modules.split()}: importlib.import_module("gridapp.rules." + name)
print([name for name in {heavy} if name in sys.modules])"""
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"
