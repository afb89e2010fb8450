"""A grid and its centre find the same two rows to be one person, at once and not in the same way; the centre on each engine in turn."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.rules.reading import Trouble
from tests.desk.town import kept
from tests.journeys.couple import CONSENT, Couple


def test_a_merge_and_its_undo_travel(couple: Couple) -> None:
    first, second, third = couple.people
    start = couple.seen(couple.centre)
    done = desk.merge(couple.grid, "resident", first, second, {"household_id": couple.homes[1]})
    assert [row["id"] for row in couple.settle()] == [first, third]
    assert desk.values(couple.centre, "consent", couple.consents[1])["resident_id"] == first
    desk.undo(couple.grid, done.batch_id)
    assert [row["id"] for row in couple.settle()] == [first, second, third]
    assert couple.seen(couple.centre) == start


def test_merging_the_same_two_into_one_another_leaves_one(couple: Couple) -> None:
    first, second, third = couple.people
    desk.merge(couple.grid, "resident", first, second)
    desk.merge(couple.centre, "resident", second, first, {"household_id": couple.homes[0]})
    assert [row["id"] for row in couple.settle()] == [first, third]


def test_a_chain_and_a_circle_of_three_end_with_one(couple: Couple) -> None:
    first, second, third = couple.people
    desk.merge(couple.grid, "resident", first, second)
    desk.merge(couple.grid, "resident", third, first)
    desk.merge(couple.centre, "resident", second, third)
    (stands,) = couple.settle()
    assert stands["id"] == second  # the older of the two that were merged into one another


def test_one_merged_into_two_stays_with_one_of_them_and_the_other_choice_is_listed(couple: Couple) -> None:
    first, second, third = couple.people
    desk.merge(couple.grid, "resident", first, second)
    desk.merge(couple.centre, "resident", third, second)
    assert [row["id"] for row in couple.settle()] == [first, third]
    for seat in (couple.grid, couple.centre):
        item = next(each for each in desk.review.waiting(seat) if each.heading == "并入")
        assert {each.value for each in item.versions if each.choice} == {"居民 李秀* 3-2-501", "居民 李秀* 3-2-701"}


def test_a_child_that_hangs_on_the_row_that_went_is_led_on(couple: Couple) -> None:
    first, second, third = couple.people
    late = kept(couple.centre, "consent", resident_id=second, **CONSENT)
    desk.merge(couple.grid, "resident", first, second)
    couple.settle()
    assert desk.values(couple.grid, "consent", late)["resident_id"] == first


def test_a_change_of_the_row_that_went_is_listed_on_both_sides(couple: Couple) -> None:
    first, second, third = couple.people
    desk.keep(couple.centre, "resident", {"phone": "16100000009"}, second)
    desk.merge(couple.grid, "resident", first, second)
    assert [row["id"] for row in couple.settle()] == [first, third]
    for seat in (couple.grid, couple.centre):
        (pair,) = [each for each in desk.pairs(seat) if each.merged]
        assert (pair.left[0], pair.right[0]) == (first, second)
    (pair,) = [each for each in desk.pairs(couple.centre) if each.merged]
    phone = next(each for each in desk.compare(couple.centre, pair).fields if each.name == "phone")
    desk.merge(couple.centre, "resident", first, second, {"phone": phone.values[1]})
    assert "16100000009" in [row["phone"] for row in couple.settle()]
    assert not [each for each in desk.pairs(couple.grid) if each.merged]


@pytest.mark.parametrize("which", ["goes", "stays"])
def test_deleting_one_of_the_two_elsewhere_loses_nobody(couple: Couple, which: str) -> None:
    first, second, third = couple.people
    gone = second if which == "goes" else first
    consent = couple.consents[couple.people.index(gone)]
    desk.remove(couple.centre, "consent", consent)
    desk.remove(couple.centre, "resident", gone)
    desk.merge(couple.grid, "resident", first, second)
    assert [row["id"] for row in couple.settle()] == [first, third]
    assert [each.sort for each in desk.review.waiting(couple.centre) if each.sort == "deleted" and each.row_id == gone]


def test_undoing_a_merge_while_the_centre_hung_something_on_it(couple: Couple) -> None:
    first, second, third = couple.people
    done = desk.merge(couple.grid, "resident", first, second)
    couple.settle()
    late = kept(couple.centre, "consent", resident_id=first, **CONSENT)
    desk.undo(couple.grid, done.batch_id)
    assert [row["id"] for row in couple.settle()] == [first, second, third]
    assert desk.values(couple.grid, "consent", couple.consents[1])["resident_id"] == second
    assert desk.values(couple.grid, "consent", late)["resident_id"] == first


def test_that_two_are_two_is_known_on_both_sides(couple: Couple) -> None:
    first, second, third = couple.people
    desk.set_apart(couple.grid, "resident", first, second)
    desk.set_apart(couple.centre, "resident", second, first)
    couple.settle()
    left = [{pair.left[0], pair.right[0]} for pair in desk.pairs(couple.centre)]
    assert left == [{first, third}, {second, third}]


def test_people_of_two_grids_are_shown_at_the_centre_and_not_merged(couple: Couple, new_desk: Callable[..., Any]) -> None:
    other = new_desk("sqlite", "other", grid_name="第二网格")
    desk.take(other, office.enrol(couple.centre, desk.ask_to_join(other, couple.stick), words=desk.state(other).words, out_dir=couple.stick).answer)
    building = kept(other, "building", building="8")
    home = kept(other, "household", building_id=building, room="101")
    far = kept(other, "resident", name="李秀英", household_id=home, birth_year="1950", phone="16100000001")
    assert office.take(couple.centre, [desk.make_bundle(other, couple.stick).path])[0].ok
    pair = next(each for each in desk.pairs(couple.centre) if far in (each.left[0], each.right[0]))
    assert desk.compare(couple.centre, pair).why_not
    with pytest.raises(Trouble, match="网格"):
        desk.merge(couple.centre, "resident", pair.left[0], pair.right[0])
