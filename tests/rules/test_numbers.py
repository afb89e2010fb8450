"""Counts, amounts, yes and no."""
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import numbers


@pytest.mark.parametrize(("raw", "expected"),
    [("3", 3), (3, 3), (3.0, 3), ("3人", 3), ("３口人", 3), ("1,234", 1234), ("1，234户", 1234), ("-2", -2), ("", None), ("无", None)])
def test_whole(raw, expected):
    assert numbers.whole(raw).value == expected and not numbers.whole(raw).faults


@pytest.mark.parametrize(("raw", "expected"), [
    ("1837.50", "1837.5"), (1837.5, "1837.5"), ("¥1,837.50", "1837.5"), ("100元", "100"), ("0", "0"), ("-0.0", "0"), ("1e3", "1000"), (None, None),
    (0.1, "0.1")])
def test_decimal(raw, expected):
    assert numbers.decimal(raw).value == expected and not numbers.decimal(raw).faults


@pytest.mark.parametrize("raw", ["三", "3.5", "3-4", "nan1", "Infinity", "1,2,3", "1e999", float("inf")])
def test_not_whole(raw):
    assert [fault.code for fault in numbers.whole(raw).faults] == ["number_invalid"]


@pytest.mark.parametrize("raw", ["是", "有", 1, "1", "Y", "y", "√", "✓", "对", True, "是。", " 是 ", "Yes"])
def test_yes(raw):
    assert numbers.yes_no(raw).value is True


@pytest.mark.parametrize("raw", ["否", "无", 0, "0", "N", "×", "✗", "不是", False, "没有", "办理中", 0.0])
def test_no(raw):
    assert numbers.yes_no(raw).value is False


@pytest.mark.parametrize("raw", [None, "", "—", "/", "不详"])
def test_neither(raw):
    assert numbers.yes_no(raw).value is None and not numbers.yes_no(raw).faults


def test_unknown():
    assert [fault.code for fault in numbers.yes_no("也许").faults] == ["yes_no_unknown"]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_amounts_come_back(amount):
    kept = numbers.decimal(str(amount)).value
    assert Decimal(kept) == amount and numbers.decimal(kept).value == kept


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_nothing_raises(raw):
    for read in (numbers.whole, numbers.decimal, numbers.yes_no):
        assert not (read(raw).refused and read(raw).value is not None)
