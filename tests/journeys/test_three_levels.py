"""A street, two communities, three grids, by files alone: facts go up, dispatches go down, corrections win by rank; and any of them restored."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from tests.conftest import PASSWORD
from tests.office.conftest import doors, household, join

BELOW = {"street": ("east", "west"), "east": ("e1", "e2"), "west": ("w1",)}
NAMES = {"street": "示范街道", "east": "东社区", "west": "西社区", "e1": "东1号网格", "e2": "东2号网格", "w1": "西1号网格"}
Town = dict[str, Any]


LATER = "the communities join later"
both_ways = pytest.mark.parametrize("town", ["from the top", LATER], indirect=True)


@pytest.fixture
def town(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> Town:
    stick = tmp_path / "stick"
    stick.mkdir()
    made: Town = {"stick": stick}
    for key, name in NAMES.items():
        role = "office" if key in BELOW else "grid"
        made[key] = new_desk("sqlite", key, grid_name=name, who=f"{name}书记", role=role)
    order = ("east", "west", "street") if getattr(request, "param", "") == LATER else ("street", "east", "west")
    for key in order:
        for low in BELOW[key]:
            join(made[low], made[key], stick, role="office" if low in BELOW else "grid")
            if low in BELOW and key != order[0]:
                trips(made)
    return made


def trips(town: Town, rounds: int = 2) -> None:
    """Everybody goes to the centre above and comes back."""
    for _ in range(rounds):
        for high in ("east", "west", "street"):
            for low in BELOW[high]:
                if desk.state(town[low]).enrolled:
                    assert office.take(town[high], [desk.make_bundle(town[low], town["stick"]).path])[0].ok
        for high in ("street", "east", "west"):
            if office.status(town[high]):
                for made, (scope, _) in zip(office.make_return(town[high], town["stick"]), office.grids(town[high]), strict=True):
                    low = next(key for key in BELOW[high] if desk_scope(town[key], scope))
                    desk.take(town[low], made.path)


def desk_scope(at: Any, scope: str) -> bool:
    """Whether the path is, or is the last part of, this desk's (it may not have heard of its longer one)."""
    return at.scope.rsplit("/", 1)[-1] == scope.rsplit("/", 1)[-1] and desk.state(at).enrolled


def reopened(town: Town, key: str) -> Any:
    town[key] = desk.open_desk(town[key].folder, PASSWORD)
    return town[key]


@both_ways
def test_facts_go_up_and_nobody_gets_a_neighbours(town: Town) -> None:
    for room, key in (("101", "e1"), ("201", "e2"), ("301", "w1")):
        household(town[key], room)
    trips(town)
    assert doors(town["street"]) == {"101", "201", "301"}
    assert doors(town["east"]) == {"101", "201"}
    assert [doors(town[key]) for key in ("west", "e1", "e2", "w1")] == [{"301"}, {"101"}, {"201"}, {"301"}]
    assert [each.name for each in office.status(town["street"])] == ["东社区", "西社区"]
    assert [each.role for each in office.status(town["street"])] == ["office", "office"]
    assert town["e1"].scope.startswith(town["east"].scope + "/") and town["east"].scope.startswith(town["street"].scope + "/")
    assert all(desk.state(town[key]).unconfirmed == 0 for key in ("east", "west", "e1", "e2", "w1"))


def test_a_dispatch_goes_down_two_levels_and_its_answer_comes_up(town: Town) -> None:
    trips(town)
    named = {name: scope for scope, name in office.addressees(town["street"])}
    kept = office.dispatch(town["street"], named["东社区 / 东2号网格"], {"content": "请核实独居老人取暖情况。"})
    trips(town)
    assert desk.progress(town["e2"], kept.row_id).state == "dispatched"
    assert not desk.listing(town["e1"], "request").rows
    assert not desk.listing(town["west"], "request").rows
    desk.act(town["e2"], kept.row_id, "sign")
    trips(town)
    assert desk.progress(town["street"], kept.row_id).state == "signed"


def test_the_higher_word_stands_where_two_wrote_at_once(town: Town) -> None:
    trips(town)
    named = {name: scope for scope, name in office.addressees(town["street"])}
    kept = office.dispatch(town["street"], named["东社区 / 东1号网格"], {"content": "请核实取暖情况。", "urgency": "normal"})
    trips(town)
    for key in ("street", "east", "e1"):  # the lowest writes last
        assert desk.keep(town[key], "request", {"handler": f"{NAMES[key]}派的人"}, kept.row_id).saved
    trips(town)
    assert {desk.values(town[key], "request", kept.row_id)["handler"] for key in ("street", "east", "e1")} == {"示范街道派的人"}


@pytest.mark.parametrize("key", ["e1", "east", "street"])
def test_any_of_them_put_back_from_a_backup_is_harmless_and_told(town: Town, tmp_path: Path, key: str) -> None:
    household(town["e1"], "101")
    trips(town)
    backup = desk.back_up(town[key], tmp_path / "one.gbk")
    household(town["e1"], "102")
    household(town["w1"], "301")
    trips(town)
    town[key].close()
    desk.restore(town[key].folder, backup, PASSWORD)
    assert "从备份恢复" in desk.noticed(reopened(town, key))
    household(town[key], "900")
    trips(town, 3)
    assert doors(town["street"]) == {"101", "102", "301"} | {"900"}
    assert doors(town["e1"]) == {"101", "102"} | ({"900"} if key == "e1" else set())
    high = next((each for each, low in BELOW.items() if key in low), None)
    if high:
        assert [each.restored for each in office.status(town[high]) if desk_scope(town[key], each.scope)] == [True]
    for low in BELOW.get(key, ()):
        assert "看起来是从备份恢复的" in desk.state(town[low]).facts[0]
    town[key].close()
