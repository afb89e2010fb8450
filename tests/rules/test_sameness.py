"""Who may be one person twice: sure by the ID number, likely by name, birth and phone or door; never by a similar short name alone."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules.id_numbers import check_digit
from gridapp.rules.sameness import NEIGHBOURS, Person, alike, judge, person

NUMBER = "99010119650312001"
WHOLE = NUMBER + check_digit(NUMBER)
OLD = NUMBER[:6] + NUMBER[8:]
USUAL = {"name": "李秀英", "birth": 1965, "phone": "16100000001", "id_no": None, "door": "g 3-2-501", "sex": "2"}


def one(row_id: str = "a", **changes: Any) -> Person:
    return person(row_id, **{**USUAL, **changes})


@pytest.mark.parametrize("written", [WHOLE, WHOLE.lower(), OLD])
def test_one_id_number_is_one_person_however_it_is_written(written: str) -> None:
    found = judge(one(id_no=WHOLE), one("b", id_no=written, phone=None, door="", birth=None))
    assert found and found.certain and found.reason == "身份证号相同"


def test_an_id_number_under_two_names_is_said_to_be_that() -> None:
    found = judge(one(id_no=WHOLE), one("b", id_no=WHOLE, name="李秀兰"))
    assert found and found.certain and found.reason == "身份证号相同，姓名不同"


def test_two_id_numbers_are_two_people() -> None:
    other = "99010119650312002"
    assert judge(one(id_no=WHOLE), one("b", id_no=other + check_digit(other))) is None


@pytest.mark.parametrize(("changes", "reason"), [
    ({}, "姓名、出生年、电话、住户都相同"),
    ({"door": "g 9-9-909"}, "姓名、出生年、电话都相同"),
    ({"phone": "16100000099"}, "姓名、出生年、住户都相同"),
    ({"phone": "16100000099、16100000001", "door": ""}, "姓名、出生年、电话都相同"),
    ({"birth": None, "phone": None}, "姓名、住户都相同，有一条没有出生日期"),
    ({"birth": 1966}, "姓名、电话、住户都相同，出生年不一样"),
    ({"name": "李秀瑛", "door": ""}, "姓名同音，出生年、电话都相同"),
    ({"name": "李秀芳", "phone": None}, "姓名差一个字，出生年、住户都相同（也可能是双胞胎）"),
])
def test_likely_ones_come_with_their_reason(changes: dict[str, Any], reason: str) -> None:
    found = alike([one(), one("b", **changes)])
    assert [(each.certain, each.reason) for each in found] == [(False, reason)]


@pytest.mark.parametrize("changes", [
    {"phone": "16100000099", "door": "g 9-9-909"},
    {"birth": 1966, "door": ""},
    {"name": "李秀瑛", "birth": 1966},
    {"name": "李秀瑛", "birth": None},
    {"name": "李秀瑛", "phone": None, "door": ""},
    {"name": "李秀瑛", "sex": "1"},
    {"name": "李兰芳"},
    {"name": "李秀", "phone": None},
    {"name": "王秀英"},
    {"name": "王小明"},
])
def test_a_similar_short_name_or_a_shared_phone_is_not_enough(changes: dict[str, Any]) -> None:
    assert alike([one(), one("b", **changes)]) == []


@pytest.mark.parametrize(("left", "right", "reason"), [
    (("1965-03-12", "示范小区3号楼2单元501室"), ("1965-03-12", "3-2-501"), "姓名、出生日期都相同，住址相近"),
    (("1965-03", "测试路幸福里东侧平房旁"), ("1965-03-12", "测试路幸福里东侧平房旁边"), "姓名、出生年月都相同，住址相近"),
    (("1965-03-12", "示范小区3号楼2单元501室"), ("1965-03-12", None), "姓名、出生日期都相同，有一条没有电话和住址"),
    (("1965-03-12", "示范小区3号楼2单元501室"), ("1965-03-12", "3-2-601"), ""),
    (("1965", None), ("1965", None), ""),
])
def test_members_are_told_by_their_address(left: tuple[str, str | None], right: tuple[str, str | None], reason: str) -> None:
    people = [person(row_id, "王五", birth, None, None, "", address) for row_id, (birth, address) in zip("ab", (left, right), strict=True)]
    assert [each.reason for each in alike(people)] == ([reason] if reason else [])


def test_of_one_door_two_characters_with_one_alike_say_nothing_unless_they_sound_alike() -> None:
    first = one(name="潘伟", phone=None)
    assert alike([first, one("b", name="潘强", phone=None)]) == []
    assert [each.reason for each in alike([first, one("b", name="潘玮", phone=None)])] == ["姓名同音，出生年、住户都相同"]


def test_a_number_everybody_gives_makes_no_crowd_of_pairs() -> None:
    crowd = [one(f"{at:04d}", door="", birth=None) for at in range(500)]
    assert len(alike(crowd)) <= 500 * NEIGHBOURS


names = st.sampled_from(["李秀英", "李秀瑛", "李秀芳", "王五", "阿依古丽·买买提", "阿依古力·买买提", ""])
somebody = st.builds(
    person, st.just(""), names, st.sampled_from([None, 1965, "1965-03", "1965-03-12", "1966"]), st.sampled_from([None, "1", "2", "1、2"]),
    st.sampled_from([None, WHOLE, OLD]), st.sampled_from(["", "d1", "d2"]), st.sampled_from([None, "3-2-501", "3号楼2单元501", "平房"]), st.just("2"),
)


@given(st.lists(somebody, max_size=8), st.randoms())
def test_the_answer_depends_neither_on_the_order_nor_on_the_side(people: list[Person], shuffle: Any) -> None:
    people = [each._replace(id=f"{at:02d}") for at, each in enumerate(people)]
    found = alike(people)
    shuffled = list(people)
    shuffle.shuffle(shuffled)
    assert alike(shuffled) == found
    assert all(each.left < each.right for each in found)
    assert all(judge(a, b) == judge(b, a) for a in people for b in people if a.id != b.id)
