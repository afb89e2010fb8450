"""Addresses in parts."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import addresses
from gridapp.rules.addresses import Address


@pytest.mark.parametrize(("raw", "expected"), [
    ("7号楼2单元1801室", Address("", "7", "2", "1801")), ("示范小区1号楼1单元101室", Address("示范小区", "1", "1", "101")),
    ("3-2-501", Address("", "3", "2", "501")),
    ("3栋501", Address("", "3", "", "501")), ("3号楼", Address("", "3")), ("1组", Address("", "1组")), ("28组", Address("", "28组")),
    ("0号楼", Address("", "0")),
    ("3号楼\n2单元501", Address("", "3", "2", "501")), ("３号楼２单元５０２室", Address("", "3", "2", "502")), ("=1号楼", Address("", "1")),
    ("三号楼二单元501", Address("", "3", "2", "501")), ("十二号楼二单元501", Address("", "12", "2", "501")),
    ("3幢2单元5层501", Address("", "3", "2", "501")),
    ("3#2-501", Address("", "3", "2", "501")), ("3#楼501", Address("", "3", "", "501")), ("A座1202", Address("", "A", "", "1202")),
    ("3-501", Address("", "3", "", "501")),
    ("示范小区3-2-501", Address("示范小区", "3", "2", "501")), ("星河街道示范社区3号楼", Address("星河街道示范社区", "3")),
    ("2单元501室", Address("", "", "2", "501")),
    ("3号楼2单元501室 ", Address("", "3", "2", "501")), ("03号楼01单元0501室", Address("", "3", "1", "501")),
    ("3—2—501", Address("", "3", "2", "501")),
    ("示范小区 3 号楼 2 单元 501 室", Address("示范小区", "3", "2", "501")), ("5栋2门301号", Address("", "5", "2", "301"))])
def test_read(raw, expected):
    reading = addresses.read(raw)
    assert (reading.value, reading.faults) == (expected, ())


@pytest.mark.parametrize("raw", [None, "", "无", "/"])
def test_blank(raw):
    assert addresses.read(raw).value is None and not addresses.read(raw).faults


@pytest.mark.parametrize("raw", ["随便", "已搬走", "门口 " * 2000])
def test_unclear_addresses_are_flagged_not_refused(raw):
    reading = addresses.read(raw)
    assert reading.value is None and not reading.refused
    assert [fault.code for fault in reading.faults] == ["address_unparsed"]


def test_short_and_show():
    assert addresses.short("3", "2", "501") == "3-2-501"
    assert addresses.short("3", None, "501") == "3-501"
    assert addresses.short("3", "", "") == "3"
    assert addresses.show(Address("示范小区", "1", "1", "101")) == "示范小区1号楼1单元101室"
    assert addresses.show(Address("", "1组")) == "1组"
    assert addresses.show(None) == ""


number = st.integers(1, 999).map(str)
places = st.builds(Address, st.sampled_from(["", "示范小区", "星河花园"]), number | st.sampled_from(["A", "B", "A1", "东"]), number | st.just(""),
    number)


@given(places)
def test_what_is_shown_reads_as_itself(place):
    assert addresses.read(addresses.show(place)).value == place


@given(places)
def test_the_short_form_reads_as_the_same_room(place):
    found = addresses.read(addresses.short(place.building, place.unit, place.room)).value
    assert found == Address("", place.building, place.unit, place.room)


@given(st.text(max_size=200))
def test_anything_can_come(raw):
    assert not addresses.read(raw).refused
