"""Names and lists of names."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import names, text


@pytest.mark.parametrize(("raw", "expected"), [
    ("李秀英", "李秀英"), ("王\u3000伟", "王伟"), ("李 娜", "李娜"), (" 张敏 ", "张敏"), ("刘\n洋", "刘洋"), ("陈\u200b静", "陈静"),
    ("阿依古丽·买买提", "阿依古丽·买买提"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("阿依古丽．艾力", "阿依古丽·艾力"),
    ("阿依古丽‧艾合买提", "阿依古丽·艾合买提"),
    ("阿依古丽・吐尔逊", "阿依古丽·吐尔逊"), ("阿依古丽 · 买买提", "阿依古丽·买买提"), ("𬱖文静", "𬱖文静"), ("龑㛃", "龑㛃"),
    ("王\ue000", "王\ue000"),
    ("John  Smith", "John Smith"), ("J. Smith", "J. Smith"), ("合计华", "合计华"), (None, None), ("无", None), ("/", None)])
def test_read(raw, expected):
    reading = names.read(raw)
    assert (reading.value, reading.faults) == (expected, ())


@pytest.mark.parametrize(("raw", "expected"), [
    ("赵网格、钱书记", "赵网格、钱书记"), ("赵网格 孙楼长", "赵网格、孙楼长"), ("钱书记\n孙楼长", "钱书记、孙楼长"),
    ("赵网格,钱书记；孙楼长", "赵网格、钱书记、孙楼长"),
    ("赵网格/钱书记", "赵网格、钱书记"), ("赵网格、赵网格", "赵网格"), ("李 娜、赵网格", "李娜、赵网格"), ("李 娜", "李娜"),
    ("赵网格、钱书记等3人", "赵网格、钱书记"),
    ("赵网格", "赵网格"), ("John Smith", "John Smith"), ("无", None), ("", None), (None, None)])
def test_people(raw, expected):
    assert names.people(raw).value == expected


han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF, blacklist_characters="等"), min_size=2,
    max_size=4).filter(lambda name: not text.is_blank(name))


@given(st.lists(han, min_size=1, max_size=4, unique=True), st.sampled_from("、,，;；/\n "))
def test_people_come_back_in_order(people, sign):
    assert names.people(sign.join(people)).value == "、".join(people)


@given(st.text("李秀英古丽·•．. \n\u3000\u200bJohnÀ-"))
def test_a_kept_name_reads_as_itself(raw):
    value = names.read(raw).value
    assert names.read(value).value == value
