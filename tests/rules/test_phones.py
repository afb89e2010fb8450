"""Telephone cells as ledgers have them."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import phones

ONE, TWO = "16122710288", "16104530289"


@pytest.mark.parametrize("raw", [
    ONE, int(ONE), float(ONE), "161 2271 0288", "161-2271-0288", "+86 16122710288", "008616122710288", "86-16122710288", "１６１２２７１０２８８",
    f"'{ONE}", f"{ONE}.0", f"{ONE}\n", f"\u202d{ONE}\u202c", f"{ONE}（女儿）", f"儿子{ONE}", f"手机：{ONE}", "1612 2710 288", f"{ONE}、{ONE}"])
def test_one_mobile(raw):
    reading = phones.read(raw)
    assert (reading.value, reading.faults) == (ONE, ())


@pytest.mark.parametrize("sign", ["/", "、", "，", ",", ";", "；", "\n", " ", "  ", "或", "\\", " / ", "|"])
def test_two_mobiles(sign):
    reading = phones.read(f"{ONE}{sign}{TWO}")
    assert (reading.value, reading.faults) == (f"{ONE}、{TWO}", ())


@pytest.mark.parametrize(("raw", "expected"), [
    ("0320-5550334", "0320-5550334"), ("03205550336", "0320-5550336"), ("（0320）5550338", "0320-5550338"), ("0320 5550338", "0320-5550338"),
    ("010-55503340", "010-55503340"), ("01055503340", "010-55503340"), ("02155503340", "021-55503340"), ("5550340", "5550340"),
    ("0320-5550342-801", "0320-5550342-801"), ("0320-5550344转801", "0320-5550344-801"), ("4008001234", "400-800-1234"),
    (f"家：0320-5550325 手机：{ONE}", f"0320-5550325、{ONE}"), (f"{ONE}/0320-5550322", f"{ONE}、0320-5550322"),
    (f"{ONE}(本人)\n{TWO}(女儿)", f"{ONE}、{TWO}"), ("0320-5550325、5550326", "0320-5550325、5550326"),
])
def test_land_lines(raw, expected):
    reading = phones.read(raw)
    assert (reading.value, reading.faults) == (expected, ())


@pytest.mark.parametrize("raw", [None, "", "无", "—", "/", "-", "暂无", "空号", "没有", "无电话"])
def test_blank(raw):
    reading = phones.read(raw)
    assert (reading.value, reading.faults) == (None, ())


@pytest.mark.parametrize(("raw", "expected"), [
    ("1619510035", "1619510035"), ("161895303555", "161895303555"), ("1.61E+10", None), ("161****0358", None), (f"{ONE}/88", ONE), ("同上", None),
    (f"{ONE}、1610453028", f"{ONE}、1610453028"), ("11122710288", "11122710288")])
def test_wrong_numbers_are_said_and_never_stop_a_row(raw, expected):
    reading = phones.read(raw)
    assert reading.value == expected
    assert [fault.code for fault in reading.faults] == ["phone_invalid"] and not reading.refused


def test_split():
    assert phones.split(f"{ONE}、0320-5550322") == (ONE, "0320-5550322")
    assert phones.split(None) == phones.split("") == ()


mobiles = st.from_regex(r"161[0-9]{8}", fullmatch=True)
lines = st.from_regex(r"0320-[2-8][0-9]{6}(-[1-9][0-9]{2})?", fullmatch=True)


@given(st.lists(st.one_of(mobiles, lines), min_size=1, max_size=5, unique=True))
def test_what_is_kept_reads_as_itself(numbers):
    value = "、".join(numbers)
    reading = phones.read(value)
    assert (reading.value, reading.faults) == (value, ())


@given(st.one_of(st.text(), st.text("0123456789-+()（）、/ *转家：", max_size=60)))
def test_no_digit_is_made_up(raw):
    value = phones.read(raw).value or ""
    assert set(value) <= set("0123456789-、")
    assert sum(map(str.isdigit, value)) <= sum(map(str.isdigit, raw))
