"""Masks show no more than domain.md section 6 allows."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import masking


@pytest.mark.parametrize(("value", "expected"), [
    ("李秀英", "李秀*"), ("李娜", "李*"), ("欧阳翠莲", "欧阳翠*"), ("王", "*"), ("阿依古丽·买买提", "阿依古丽·*"), ("John Smith", "John *"),
    (None, ""), ("", "")])
def test_name(value, expected):
    assert masking.name(value) == expected


@pytest.mark.parametrize(("value", "expected"), [
    ("16112345678", "161****5678"), ("16112345678、0320-5550043", "161****5678、0320-555****"), ("110", "****"), (None, ""),
    ("16112345678、16187654321", "161****5678、161****4321")])
def test_phone(value, expected):
    assert masking.phone(value) == expected


def test_id_number():
    assert masking.id_number("99010120010221303X", True) == "9****************X"
    assert masking.id_number("99010120010221303X", False) == "990101********303X"
    assert masking.id_number("E00000001", False) == "E****************1"
    assert masking.id_number(None) == ""


@pytest.mark.parametrize(("value", "expected"), [
    ("示范小区1号楼1单元101室", "示范小区1号楼***"), ("3-2-501", "3号楼***"), ("3号楼", "3号楼"), ("老槐树旁边", "***"), ("2单元501", "***"),
    (None, "")])
def test_address(value, expected):
    assert masking.address(value) == expected


def test_text():
    assert masking.text("有高血压") == "***" == masking.text("好") and masking.text("") == ""


@given(st.from_regex(r"990101(19|20)[0-9]{9}[0-9X]", fullmatch=True))
def test_beside_a_birth_column_no_inner_digit_is_left(number):
    assert set(masking.id_number(number, True)[1:-1]) == {"*"}
    assert masking.id_number(number, False)[6:14] == "********"


@given(st.from_regex(r"161[0-9]{8}", fullmatch=True))
def test_a_phone_keeps_seven_digits(number):
    assert sum(map(str.isdigit, masking.phone(number))) == 7
