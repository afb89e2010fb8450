"""A lost laptop is withdrawn, a key is changed, a community with grids joins the street: the same verbs the window uses."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.desk import held, keys
from gridapp.office import withdrawing
from gridapp.rules.reading import Trouble
from gridapp.sync import devices, trust
from gridapp.sync.sql import set_meta

NewDesk = Callable[..., Any]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def pair(new_desk: NewDesk, stick: Path) -> tuple[Any, Any]:
    """A community and its one grid."""
    community, grid = new_desk("sqlite", "community", grid_name="示范社区", role="office"), new_desk("sqlite", "grid", grid_name="示范一网格")
    desk.take(grid, office.enrol(community, desk.ask_to_join(grid, stick), out_dir=stick).answer)
    return community, grid


def purposes(seat: Any, what: str) -> list[str]:
    """What the log says of one sort of deed."""
    return [line["purpose"] for line in desk.audit(seat) if line["what"] == what]


def household(grid: Any, room: str) -> str:
    building = desk.keep(grid, "building", {"building": "3"})
    return desk.keep(grid, "household", {"building_id": building.row_id, "unit": "2", "room": room}).row_id


def test_a_lost_laptop_is_withdrawn_and_what_it_sends_waits(pair: tuple[Any, Any], stick: Path) -> None:
    community, grid = pair
    row_id = household(grid, "501")
    with pytest.raises(Trouble, match="原因"):
        withdrawing.revoke(community, grid.scope, " ")
    with pytest.raises(Trouble, match="没有找到"):
        withdrawing.revoke(community, "g009", "丢失")
    assert "待核对" in withdrawing.revoke(community, "g001", "电脑丢失")
    assert purposes(community, "revoke") == ["示范一网格：电脑丢失"]
    assert [each.withdrawn for each in withdrawing.devices(community)] == [True]
    with pytest.raises(Trouble, match="没有找到在用的"):
        withdrawing.revoke(community, "g001", "再停一次")
    (outcome,) = office.take(community, [desk.make_bundle(grid, stick).path])
    assert (outcome.ok, outcome.code) == (False, "held")
    assert "示范一网格" in outcome.sentence
    (kept,) = held.held(community)
    assert held.release(community, kept.key).new == 3
    assert desk.values(community, "household", row_id)["room"] == "501"
    assert held.held(community) == []
    assert not held.discard(community, kept.key)
    assert (purposes(community, "release"), purposes(community, "discard")) == ([kept.key], [kept.key])
    assert "回执包" in withdrawing.reinstate(community, grid.session.device)
    assert not withdrawing.devices(community)[0].withdrawn


def test_new_keys_need_no_new_enrolment(pair: tuple[Any, Any], stick: Path) -> None:
    community, grid = pair
    before = desk.state(grid).words
    said = keys.rotate_keys(grid)
    assert "上报包" in said
    assert desk.state(grid).words in said
    assert desk.state(grid).words != before
    household(grid, "501")
    assert "回执包" in keys.rotate_keys(community)
    assert office.take(community, [desk.make_bundle(grid, stick).path])[0].ok
    assert desk.take(grid, office.make_return(community, stick)[0].path).kind == "bundle"
    assert desk.state(grid).unconfirmed == 0
    assert withdrawing.devices(community)[0].words == desk.state(grid).words


def test_a_laptop_restored_from_before_its_new_keys_asks_again(pair: tuple[Any, Any], stick: Path) -> None:
    community, grid = pair
    household(grid, "501")
    keys.rotate_keys(grid)
    office.take(community, [desk.make_bundle(grid, stick).path])
    with grid.store.work() as work:
        former = trust.former_keys(work.connection)[0]
        devices.put_keys(work.connection, former)
        for name in ("keys_former", "handovers"):
            set_meta(work.connection, name, "[]")
        work.keep()
    with pytest.raises(Trouble, match="重新申请加入"):
        desk.take(grid, office.make_return(community, stick)[0].path)
    answer = office.enrol(community, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick).answer
    assert "已加入" in desk.take(grid, answer).sentence
    assert office.take(community, [desk.make_bundle(grid, stick).path])[0].ok
    desk.take(grid, office.make_return(community, stick)[0].path)
    assert desk.state(grid).unconfirmed == 0


def test_a_community_with_a_grid_joins_the_street(pair: tuple[Any, Any], new_desk: NewDesk, stick: Path) -> None:
    community, grid = pair
    row_id = household(grid, "501")
    office.take(community, [desk.make_bundle(grid, stick).path])
    desk.take(grid, office.make_return(community, stick)[0].path)
    street = new_desk("sqlite", "street", grid_name="示范街道", role="office")
    answer = stick / "answer.gbx"
    with street.store.work() as work:
        asked = trust.read_request(desk.ask_to_join(community, stick))
        trust.enrol(work.connection, asked, f"{street.scope}/c001", "office")
        answer.write_bytes(trust.answer(work.connection, asked.device))
        work.keep()
    assert "已加入" in desk.take(community, answer).sentence
    assert community.scope == f"{street.scope}/c001"
    late = household(grid, "502")
    assert office.take(community, [desk.make_bundle(grid, stick).path])[0].ok
    for made in office.make_return(community, stick):
        desk.take(grid, made.path)
    assert grid.scope == f"{street.scope}/c001/g001"
    assert office.take(street, [desk.make_bundle(community, stick).path])[0].ok
    for each in (row_id, late):
        assert desk.values(street, "household", each)["unit"] == "2"
        assert desk.values(grid, "household", each)["unit"] == "2"
