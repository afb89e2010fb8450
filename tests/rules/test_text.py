"""Cleaning takes away what nobody typed and nothing else."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import text


@pytest.mark.parametrize(("raw", "expected"), [
    (None, ""), ("  李秀英\u3000", "李秀英"), ("\ufeff姓名", "姓名"), ("陈\u200b静", "陈静"), ("\u202d16188970286\u202c", "16188970286"),
    ("\xa0990101", "990101"), ("１９６５．０３", "1965.03"), ("９Ｘｘ", "9Xx"), ("'1965-03-12", "1965-03-12"), ("‘990101", "990101"),
    ('="00123"', "00123"), ('= "0320-5550043"', "0320-5550043"), ("O'Brien", "O'Brien"), ("'a'", "'a'"), ("a\x00b", "ab"), ("a\x07b", "ab"),
    ("一\r\n二", "一\n二"), ("一_x000D_\n二", "一\n二"), (3.0, "3"), (612.5, "612.5"), (196503, "196503"), (dt.date(1965, 3, 12), "1965-03-12"),
    ("已报物业；希望（加装）扶手，谢谢。", "已报物业；希望（加装）扶手，谢谢。"), ("凞\uf9dc", "凞\uf9dc"), ("=1号楼", "=1号楼"),
])
def test_clean(raw, expected):
    assert text.clean(raw) == expected


@given(st.text())
def test_clean_twice_is_clean_once_up_to_nested_guards(words):
    once = text.clean(words)
    assert once == once.strip()
    assert len(text.clean(once)) <= len(once)
    assert "\x00" not in once and "\u200b" not in once and "\ufeff" not in once


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_han_text_stays_as_it_is(words):
    assert text.clean(words) == words


@pytest.mark.parametrize("raw", [
    None, "", " ", "　", "无", "无。", "无.", "/", "\\", "-", "--", "—", "——", "不详", "未知", "暂无", "N/A", "n/a", "空", "（无）", "…", "无 ",
    "NULL", "待补"])
def test_blank(raw):
    assert text.is_blank(raw)


@pytest.mark.parametrize("raw", ["0", 0, "否", "×", "无业", "吴", "同上", "1-1", "无名氏", "#N/A", "空调"])
def test_not_blank(raw):
    assert not text.is_blank(raw)


def test_compact_and_narrow():
    assert text.compact("接收预备\n党员 日期　") == "接收预备党员日期"
    assert text.narrow("（家）：1，2；") == "(家):1,2;"
