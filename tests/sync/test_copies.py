"""Two live copies of one office give rows away, each without the other's knowledge: they settle, and the later word stands."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from gridapp.sync import following, moving, rows, trust
from gridapp.sync import stamp as stamps
from tests.sync.nodes import OFFICE, ONE, TWO, Node, enrol, exchange, settle, state
from tests.sync.test_moves import family, move, standing

Four = tuple[Node, Node, Node, Node, dict[str, str]]
History = Callable[[Four, Path], None]
Mutate = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def copies(new_node: Callable[[str], Node], tmp_path: Path) -> Four:
    """An office, its copy, and two grids that all know a family of the first grid."""
    office, one, two = (new_node(name) for name in ("office", "one", "two"))
    office.do(trust.found_office, "测试社区", OFFICE)
    for grid, scope in ((one, ONE), (two, TWO)):
        enrol(office, grid, scope)
    ids = family(one, ONE)
    settle(office, [one, two], tmp_path, 2)
    return office, office.copy(tmp_path / "copy.db"), one, two, ids


def settled(copies: Four, folder: Path) -> str:
    """Trips until all is quiet: both copies and the grids hold the same, and one trip more changes nothing. Gives the household's path."""
    office, copy, one, two, ids = copies
    for _ in range(4):
        for each in (office, copy):
            for grid in (one, two):
                if not all(taken.claimed for taken in exchange(grid, each, folder)):
                    exchange(grid, each, folder)
    assert state(office) == state(copy)
    assert (office.digest(ONE), office.digest(TWO)) == (one.digest(), two.digest())
    final = state(office)
    for each in (office, copy):
        settle(each, [one, two], folder, 1)
    assert state(office) == state(copy) == final
    return office.value("household", ids["household"], "scope")


def test_given_away_and_taken_back_at_one_copy_while_the_other_hears_half_of_it(copies: Four, tmp_path: Path) -> None:
    _, copy, one, _, ids = copies
    move(copy, ids["household"], TWO)
    exchange(one, copy, tmp_path)
    move(copy, ids["household"], ONE)
    assert settled(copies, tmp_path) == ONE
    assert standing(one, ids) == set(ids)


def test_one_copy_gives_it_away_the_other_gave_it_away_and_took_it_back(copies: Four, tmp_path: Path) -> None:
    office, copy, one, two, ids = copies
    move(copy, ids["household"], TWO)
    exchange(one, copy, tmp_path)
    move(copy, ids["household"], ONE)
    exchange(two, copy, tmp_path)
    move(office, ids["household"], TWO)
    assert settled(copies, tmp_path) == TWO
    assert standing(two, ids) == set(ids)


def test_a_resident_given_to_a_household_elsewhere_does_not_stay_for_its_old_one(copies: Four, tmp_path: Path) -> None:
    office, copy, one, two, ids = copies
    other = two.add("household", TWO, room="202")
    exchange(two, office, tmp_path)
    office.edit("resident", ids["resident"], household_id=other, scope=TWO)
    copy.edit("household", ids["household"], room="102")
    assert settled(copies, tmp_path) == ONE
    assert not standing(one, {"resident": ids["resident"]})
    assert standing(two, {"resident": ids["resident"]})


def always_again(patch: pytest.MonkeyPatch) -> None:
    """Whatever a grid remembers and the office does not is done again."""
    patch.setattr(following, "_wins", lambda *_: True)


def again_by_the_clock_of_today(patch: pytest.MonkeyPatch) -> None:
    """A move done again is a new word, later than all that was said since."""
    right = following.run
    patch.setattr(following, "run", lambda connection, sql, values=(): 0 if sql.startswith("UPDATE sync_log") else right(connection, sql, values))


def never_given_up(patch: pytest.MonkeyPatch) -> None:
    """A grid keeps to a move though its office says that it counts no more."""
    patch.setattr(moving, "forget", lambda *_: None)


def marks_without_a_context(patch: pytest.MonkeyPatch) -> None:
    """A mark names the writing, and not what its writer had seen."""
    right = moving.mark

    def mark(place: Sequence[Any], row: rows.Kept) -> moving.Mark:
        *names, stamp = right(place, row)
        return (*names, stamps.fresh(stamps.read(stamp).base))

    patch.setattr(moving, "mark", mark)


def home_is_home(patch: pytest.MonkeyPatch) -> None:
    """What belongs to a household that stands here stays, even if whoever moved it knew that."""
    right = rows.is_away
    patch.setattr(rows, "is_away", lambda *known: right(*known) and not rows.is_home(known[0], *known[3:]))


def nobody_is_told(patch: pytest.MonkeyPatch) -> None:
    """A bundle with a row that stands elsewhere by now leaves no mark."""
    patch.setattr(moving, "met", lambda *_: None)


MUTANTS = [
    (always_again, test_given_away_and_taken_back_at_one_copy_while_the_other_hears_half_of_it),
    (again_by_the_clock_of_today, test_given_away_and_taken_back_at_one_copy_while_the_other_hears_half_of_it),
    (never_given_up, test_one_copy_gives_it_away_the_other_gave_it_away_and_took_it_back),
    (marks_without_a_context, test_a_resident_given_to_a_household_elsewhere_does_not_stay_for_its_old_one),
    (home_is_home, test_a_resident_given_to_a_household_elsewhere_does_not_stay_for_its_old_one),
    (nobody_is_told, test_a_resident_given_to_a_household_elsewhere_does_not_stay_for_its_old_one),
]


@pytest.mark.parametrize(("mutate", "history"), MUTANTS)
def test_a_mutant_falls(copies: Four, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutate: Mutate, history: History) -> None:
    mutate(monkeypatch)
    with pytest.raises(AssertionError):
        history(copies, tmp_path)
