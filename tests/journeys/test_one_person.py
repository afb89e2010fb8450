"""A grid and its centre find the same two rows to be one person, at once and not in the same way; the centre on each engine in turn."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.records import BY_NAME, every_column
from gridapp.rules.reading import Trouble
from gridapp.store.merged import merged_rows
from gridapp.store.read import rows
from gridapp.sync import digest
from tests.desk.town import kept

CONSENT = {"consent_purpose": "帮扶服务", "consent_manner": "签字", "given_on": "2026-07-01", "notice_version": "1"}


class Party:
    """The two seats, the stick between them, and three rows of one person, each with a consent."""

    def __init__(self, centre: Any, grid: Any, stick: Path) -> None:
        self.centre, self.grid, self.stick = centre, grid, stick
        building = kept(grid, "building", building="3")
        self.homes = [kept(grid, "household", building_id=building, unit="2", room=room) for room in ("501", "601", "701")]
        self.people = [kept(grid, "resident", name="李秀英", household_id=home, birth_year="1950", phone="16100000001") for home in self.homes]
        self.consents = [kept(grid, "consent", resident_id=each, **CONSENT) for each in self.people]
        self.trip()

    def trip(self) -> None:
        """Up and back."""
        assert office.take(self.centre, [desk.make_bundle(self.grid, self.stick).path])[0].ok
        desk.take(self.grid, office.make_return(self.centre, self.stick)[0].path)

    def settle(self) -> list[dict[str, Any]]:
        """Trips until both hold the same and nothing moves; the people who stand."""
        for _ in range(4):
            self.trip()
        sides = [self.seen(each) for each in (self.grid, self.centre)]
        assert sides[0] == sides[1]
        before = self.digests()
        assert before[0] == before[1]
        self.trip()
        assert self.digests() == before
        with self.grid.store.reading() as connection:
            people = rows(connection, "resident")
            pointed = {row["resident_id"] for row in rows(connection, "consent")}
            assert connection.exec_driver_sql("SELECT count(*) FROM sync_parked WHERE reason = 'parent'").scalar() == 0
        assert pointed <= {row["id"] for row in people}
        return sorted(people, key=lambda row: row["id"])

    def digests(self) -> list[str]:
        found = []
        for each in (self.grid, self.centre):
            with each.store.reading() as connection:
                found.append(digest.digest(connection, self.grid.scope))
        return found

    def seen(self, seat: Any) -> dict[str, Any]:
        """Every value of the grid's rows, and what is to be looked at."""
        found: dict[str, Any] = {}
        with seat.store.reading() as connection:
            for record in ("household", "resident", "consent", "apart"):
                merged = merged_rows(connection, record) if record == "resident" else []
                names = ("id", *(each.name for each in every_column(BY_NAME[record])))
                found[record] = sorted(([row[name] for name in names] for row in (*rows(connection, record), *merged)), key=str)
        return found | {"pairs": desk.pairs(seat)}


@pytest.fixture(params=["sqlite", "postgresql"])
def party(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> Party:
    stick = tmp_path / "stick"
    stick.mkdir()
    centre = new_desk(request.param, "office", grid_name="示范社区", who="周主任", role="office")
    grid = new_desk("sqlite", "grid")
    desk.take(grid, office.enrol(centre, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick).answer)
    return Party(centre, grid, stick)


def test_a_merge_and_its_undo_travel(party: Party) -> None:
    first, second, third = party.people
    start = party.seen(party.centre)
    done = desk.merge(party.grid, "resident", first, second, {"household_id": party.homes[1]})
    assert [row["id"] for row in party.settle()] == [first, third]
    assert desk.values(party.centre, "consent", party.consents[1])["resident_id"] == first
    desk.undo(party.grid, done.batch_id)
    assert [row["id"] for row in party.settle()] == [first, second, third]
    assert party.seen(party.centre) == start


def test_merging_the_same_two_into_one_another_leaves_one(party: Party) -> None:
    first, second, third = party.people
    desk.merge(party.grid, "resident", first, second)
    desk.merge(party.centre, "resident", second, first, {"household_id": party.homes[0]})
    assert [row["id"] for row in party.settle()] == [first, third]


def test_a_chain_and_a_circle_of_three_end_with_one(party: Party) -> None:
    first, second, third = party.people
    desk.merge(party.grid, "resident", first, second)
    desk.merge(party.grid, "resident", third, first)
    desk.merge(party.centre, "resident", second, third)
    (stands,) = party.settle()
    assert stands["id"] == second  # the older of the two that were merged into one another


def test_one_merged_into_two_stays_with_one_of_them_and_the_other_choice_is_listed(party: Party) -> None:
    first, second, third = party.people
    desk.merge(party.grid, "resident", first, second)
    desk.merge(party.centre, "resident", third, second)
    assert [row["id"] for row in party.settle()] == [first, third]
    for seat in (party.grid, party.centre):
        clash = next(each for each in desk.conflicts(seat) if each.field_label == "并入")
        assert {clash.kept[0], clash.lost[0][0]} == {"李秀* 3-2-501", "李秀* 3-2-701"}


def test_a_child_that_hangs_on_the_row_that_went_is_led_on(party: Party) -> None:
    first, second, third = party.people
    late = kept(party.centre, "consent", resident_id=second, **CONSENT)
    desk.merge(party.grid, "resident", first, second)
    party.settle()
    assert desk.values(party.grid, "consent", late)["resident_id"] == first


def test_a_change_of_the_row_that_went_is_listed_on_both_sides(party: Party) -> None:
    first, second, third = party.people
    desk.keep(party.centre, "resident", {"phone": "16100000009"}, second)
    desk.merge(party.grid, "resident", first, second)
    assert [row["id"] for row in party.settle()] == [first, third]
    for seat in (party.grid, party.centre):
        (pair,) = [each for each in desk.pairs(seat) if each.merged]
        assert (pair.left[0], pair.right[0]) == (first, second)
    (pair,) = [each for each in desk.pairs(party.centre) if each.merged]
    phone = next(each for each in desk.compare(party.centre, pair).fields if each.name == "phone")
    desk.merge(party.centre, "resident", first, second, {"phone": phone.values[1]})
    assert "16100000009" in [row["phone"] for row in party.settle()]
    assert not [each for each in desk.pairs(party.grid) if each.merged]


@pytest.mark.parametrize("which", ["goes", "stays"])
def test_deleting_one_of_the_two_elsewhere_loses_nobody(party: Party, which: str) -> None:
    first, second, third = party.people
    gone = second if which == "goes" else first
    consent = party.consents[party.people.index(gone)]
    desk.remove(party.centre, "consent", consent)
    desk.remove(party.centre, "resident", gone)
    desk.merge(party.grid, "resident", first, second)
    assert [row["id"] for row in party.settle()] == [first, third]
    assert [each.field_label for each in desk.conflicts(party.centre) if each.row_id == gone] == ["删除与修改"]


def test_undoing_a_merge_while_the_centre_hung_something_on_it(party: Party) -> None:
    first, second, third = party.people
    done = desk.merge(party.grid, "resident", first, second)
    party.settle()
    late = kept(party.centre, "consent", resident_id=first, **CONSENT)
    desk.undo(party.grid, done.batch_id)
    assert [row["id"] for row in party.settle()] == [first, second, third]
    assert desk.values(party.grid, "consent", party.consents[1])["resident_id"] == second
    assert desk.values(party.grid, "consent", late)["resident_id"] == first


def test_that_two_are_two_is_known_on_both_sides(party: Party) -> None:
    first, second, third = party.people
    desk.set_apart(party.grid, "resident", first, second)
    desk.set_apart(party.centre, "resident", second, first)
    party.settle()
    left = [{pair.left[0], pair.right[0]} for pair in desk.pairs(party.centre)]
    assert left == [{first, third}, {second, third}]


def test_people_of_two_grids_are_shown_at_the_centre_and_not_merged(party: Party, new_desk: Callable[..., Any]) -> None:
    other = new_desk("sqlite", "other", grid_name="第二网格")
    desk.take(other, office.enrol(party.centre, desk.ask_to_join(other, party.stick), words=desk.state(other).words, out_dir=party.stick).answer)
    building = kept(other, "building", building="8")
    home = kept(other, "household", building_id=building, room="101")
    far = kept(other, "resident", name="李秀英", household_id=home, birth_year="1950", phone="16100000001")
    assert office.take(party.centre, [desk.make_bundle(other, party.stick).path])[0].ok
    pair = next(each for each in desk.pairs(party.centre) if far in (each.left[0], each.right[0]))
    assert desk.compare(party.centre, pair).why_not
    with pytest.raises(Trouble, match="网格"):
        desk.merge(party.centre, "resident", pair.left[0], pair.right[0])
