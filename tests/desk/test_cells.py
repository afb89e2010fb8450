"""How a value reads on a paper for a purpose: tried on every kind with whatever people may have written."""
from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.desk.cells import showing
from gridapp.records import RECORDS, columns
from gridapp.records.kinds import Address, Choice, IdNumber, Name, PartDate, People, Phone, Text
from gridapp.rules import masking
from gridapp.rules.purposes import Purpose

ID = "990101196503120014"
MOBILE = "16112345678"
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
ids = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)
words = st.text(st.sampled_from("张李王明小走访说楼道灯 ，。abc"), max_size=8)
names = st.text(st.sampled_from("张李王赵欧阳明红军㛃𬱖"), min_size=1, max_size=6)


def test_an_id_beside_a_birth_shows_its_ends_alone() -> None:
    kind = IdNumber(0, "", secrecy=2)
    assert showing(Purpose.INSIDE, beside=("name", "id_no", "birth"))(kind, ID) == "9****************4"
    assert showing(Purpose.UPWARD, beside=("姓名", "身份证号"))(kind, ID) == "990101********0014"
    assert showing(Purpose.INSIDE)(kind, ID) == "9****************4", "what stands beside it is not known"
    assert showing(Purpose.PUBLIC, beside=("name",))(kind, ID) == ""


def test_whole_is_for_the_house_and_above() -> None:
    kind = Phone(0, "", secrecy=2)
    assert [showing(each, True)(kind, MOBILE) for each in Purpose] == [MOBILE, MOBILE, ""]


def test_a_birth_is_put_up_as_a_year_and_other_days_whole() -> None:
    show = showing(Purpose.PUBLIC)
    assert show(PartDate(0, "", secrecy=1), "1965-03-12") == "1965"
    assert show(PartDate(0, ""), "1990-07-01") == "1990-07-01"


def test_addresses() -> None:
    mine, door = Address(0, "", secrecy=2), Address(0, "", secrecy=1)
    shown = {each: (showing(each)(mine, "示范里3号楼2单元501"), showing(each)(door, "3-2-501")) for each in Purpose}
    assert shown[Purpose.INSIDE] == ("示范里3号楼2单元501", "3-2-501")
    assert shown[Purpose.UPWARD] == ("示范里3号楼***", "3-2-501")
    assert shown[Purpose.PUBLIC] == ("示范里3号楼***", "3号楼***")


@pytest.mark.parametrize("purpose", Purpose)
def test_what_is_sensitive_never_shows_masked(purpose: Purpose) -> None:
    assert showing(purpose)(Choice(0, "", table="service_category", secrecy=3), "alone") in ("", "***")
    assert showing(purpose)(Text(0, "", secrecy=3), "糖尿病") in ("", "***")


def test_stories_are_not_put_up() -> None:
    assert showing(Purpose.PUBLIC)(Text(0, "", longest=500), "家里困难") == ""
    assert showing(Purpose.PUBLIC)(Text(0, "", longest=40), "第一党小组") == "第一党小组"


@given(names)
def test_a_public_name_hides(name: str) -> None:
    shown = showing(Purpose.PUBLIC)(Name(0, "", secrecy=1), name)
    assert "*" in shown and len(shown) <= 3 and shown[0] in (name[0], "*") and name not in shown


@given(st.lists(names, min_size=1, max_size=4))
def test_public_names_hide_each(several: list[str]) -> None:
    shown = showing(Purpose.PUBLIC)(People(0, "", secrecy=1), "、".join(several))
    assert len(shown.split("、")) == len(several) and all("*" in each for each in shown.split("、"))


@pytest.mark.parametrize("purpose", Purpose)
@given(before=words, number=st.one_of(mobiles, ids), between=words, other=st.one_of(mobiles, ids), after=words)
def test_no_number_survives_in_any_text(purpose: Purpose, before: str, number: str, between: str, other: str, after: str) -> None:
    written = f"{before}{number}{between}{other}{after}"
    for kind in (Text(0, "", longest=100), Text(0, "", longest=2000), Name(0, "", secrecy=1), Address(0, "", secrecy=1), Address(0, "", secrecy=2)):
        shown = showing(purpose)(kind, written)
        assert not re.search(r"\d{11}", shown), (kind, shown)


@pytest.mark.parametrize("purpose", Purpose)
@given(number=st.one_of(mobiles, ids), joint=st.sampled_from((" ", "-")), every=st.sampled_from((3, 4, 6)))
def test_nor_in_groups(purpose: Purpose, number: str, joint: str, every: int) -> None:
    split = joint.join(number[at : at + every] for at in range(0, len(number), every))
    shown = showing(purpose)(Text(0, "", longest=100), f"电话 {split} 。")
    assert sum(map(str.isdigit, shown)) < 9


@pytest.mark.parametrize("text", ["2026-11-21 上门", "20261121", "2026-11-21 2026-11-25", "WG1-2026-001", "3-2-1001", "共 12000 元", ""])
def test_days_numbers_of_papers_and_doors_stay(text: str) -> None:
    assert masking.scrubbed(text) == text


@pytest.mark.parametrize("purpose", Purpose)
def test_every_column_there_is_can_be_shown(purpose: Purpose) -> None:
    show = showing(purpose)
    for each in (each for record in RECORDS for each in columns(record)):
        value = 1 if each.kind.stores is int else "x"
        assert isinstance(show(each.kind, value), str) and show(each.kind, None) == ""
        if each.kind.secrecy >= 2:
            assert show(each.kind, ID if isinstance(each.kind, IdNumber) else MOBILE) not in (ID, MOBILE)
