"""The three purposes: what each shows, and figures of small groups."""
from __future__ import annotations

import pytest

from gridapp.rules.purposes import Purpose, group_size, purpose_of, tells_birth
from gridapp.rules.reading import Trouble


def test_the_three_purposes() -> None:
    assert [each.title for each in Purpose] == ["内部", "上报", "公示"]
    assert all(each.rule.says.endswith("。") for each in Purpose)
    assert [each.rule.may_be_whole for each in Purpose] == [True, True, False]


def test_a_purpose_by_its_name() -> None:
    assert purpose_of("上报") is purpose_of("upward") is Purpose.UPWARD
    with pytest.raises(Trouble, match="内部、上报、公示"):
        purpose_of("外传")


@pytest.mark.parametrize(("count", "inside", "outside"), [(0, "0", "0"), (1, "1", "<3"), (2, "2", "<3"), (3, "3", "3"), (40, "40", "40")])
def test_small_groups_are_not_told_outside(count: int, inside: str, outside: str) -> None:
    assert group_size(count, Purpose.INSIDE) == inside
    assert group_size(count, Purpose.UPWARD) == group_size(count, Purpose.PUBLIC) == outside


@pytest.mark.parametrize(("names", "tells"), [
    (["name", "birth"], True), (["姓名", "出生年月"], True), (["年龄"], True), (["birth_year"], True), (["age"], True),
    (["name", "party_age"], False), (["政治生日", "党龄"], False), (["姓名", "身份证号"], False),
])
def test_which_columns_tell_a_birth(names: list[str], tells: bool) -> None:
    assert tells_birth(names) is tells
