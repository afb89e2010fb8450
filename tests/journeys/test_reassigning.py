"""A household is given to another grid at the centre: by the verb, in the window's story, and listed read-only where it was."""
from __future__ import annotations

from typing import Any

import pytest

from gridapp import desk, office
from gridapp.rules.reading import Trouble
from gridapp.store.read import rows
from tests.journeys.test_review import both_write, only
from tests.journeys.test_two_desks import Party, household, round_trip


def there(seat: Any, row_id: str) -> bool:
    try:
        return bool(desk.values(seat, "household", row_id))
    except Trouble:
        return False


def test_a_household_is_given_to_another_grid(party: Party) -> None:
    home = household(party["g1"], "501")
    person = desk.keep(party["g1"], "resident", {"household_id": home, "name": "李秀英", "status": "here"}).row_id
    for name in ("g1", "g2"):
        round_trip(party, name)
    assert office.reassign(party["office"], [home], party["g2"].scope).saved
    assert not office.reassign(party["office"], [home], party["g2"].scope).saved
    desk.keep(party["g1"], "resident", {"notes": "听力不好"}, person)
    for name in ("g1", "g2", "g1", "g2"):
        round_trip(party, name)
    assert there(party["g2"], home)
    assert not there(party["g1"], home)
    assert desk.values(party["g2"], "resident", person)["notes"] == "听力不好"
    building = desk.values(party["g2"], "household", home)["building_id"]
    assert desk.values(party["g2"], "building", building)["building"] == "3"
    (left,) = desk.moved(party["g1"])
    assert left.title.startswith("3-2-501")
    assert left.confirmed
    assert desk.moved(party["g2"]) == []


def test_it_is_undone_as_one_step(party: Party) -> None:
    home = household(party["g1"], "501")
    round_trip(party, "g1")
    kept = office.reassign(party["office"], [home], party["g2"].scope)
    assert desk.undo(party["office"], kept.batch_id).left == 0
    round_trip(party, "g1")
    assert there(party["g1"], home)
    assert desk.values(party["office"], "household", home)["scope"] == party["g1"].scope


def test_only_to_a_grid_that_is_enrolled(party: Party) -> None:
    home = household(party["g1"], "501")
    round_trip(party, "g1")
    with pytest.raises(Trouble, match="没有这个网格"):
        office.reassign(party["office"], [home], "nowhere")


def listed(seat: Any) -> list[str]:
    """Of which rows the ledger of decisions says something."""
    with seat.store.reading() as connection:
        return [row["row_id"] for row in rows(connection, "decision")]


@pytest.mark.parametrize("who", ["office", "g1"])
def test_what_was_decided_stays_decided_where_the_household_went(party: Party, who: str) -> None:
    """By the centre before it gave the household away, or by the old grid, who had not heard of that."""
    home = both_write(party)
    item = only(party, who)
    assert desk.review.decide(party[who], item, item.default).saved
    assert office.reassign(party["office"], [home], party["g2"].scope).saved
    for name in ("g1", "g2", "g1", "g2"):
        round_trip(party, name)
    assert there(party["g2"], home)
    assert [desk.review.waiting(party[name]) for name in ("office", "g1", "g2")] == [[], [], []]
    assert (listed(party["office"]), listed(party["g1"]), listed(party["g2"])) == ([home], [], [home])
