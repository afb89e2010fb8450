"""Two grids and a centre, by files alone; the centre on each engine in turn."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.rules.reading import Trouble
from gridapp.sync import capture, schema
from gridapp.sync.sql import run

Party = dict[str, Any]


def household(grid: Any, room: str) -> str:
    building = desk.keep(grid, "building", {"building": "3"})
    return desk.keep(grid, "household", {"building_id": building.row_id, "unit": "2", "room": room, "contact": "李秀英"}).row_id


def round_trip(party: Party, name: str) -> office.Outcome:
    outcome = office.take(party["office"], [desk.make_bundle(party[name], party["stick"]).path])[0]
    scope = party[name].scope
    for made, (path, _) in zip(office.make_return(party["office"], party["stick"]), office.grids(party["office"]), strict=True):
        if path == scope:
            desk.take(party[name], made.path)
    return outcome


def test_what_a_grid_keeps_arrives_and_is_confirmed(party: Party) -> None:
    row_id = household(party["g1"], "501")
    assert desk.state(party["g1"]).unconfirmed > 0
    assert round_trip(party, "g1").ok
    assert desk.values(party["office"], "household", row_id)["contact"] == "李秀英"
    assert desk.state(party["g1"]).unconfirmed == 0
    assert desk.today(party["g1"]).unconfirmed == 0


def test_a_grid_never_gets_another_grids_rows(party: Party) -> None:
    household(party["g1"], "501")
    theirs = household(party["g2"], "502")
    for name in ("g1", "g2", "g1"):
        round_trip(party, name)
    with pytest.raises(Trouble):
        desk.values(party["g1"], "household", theirs)


def test_a_dispatched_request_and_a_correction_come_down(party: Party) -> None:
    row_id = household(party["g1"], "501")
    round_trip(party, "g1")
    asked = office.dispatch(party["office"], party["g1"].scope, {"content": "请核实独居老人取暖情况。"})
    desk.keep(party["office"], "household", {"notes": "中心核对过门牌"}, row_id)
    round_trip(party, "g1")
    assert desk.values(party["g1"], "household", row_id)["notes"] == "中心核对过门牌"
    assert desk.progress(party["g1"], asked.row_id).state == "dispatched"
    desk.act(party["g1"], asked.row_id, "sign")
    round_trip(party, "g1")
    assert desk.progress(party["office"], asked.row_id).state == "signed"


def test_bundles_twice_and_out_of_order_change_nothing_more(party: Party) -> None:
    household(party["g1"], "501")
    first = desk.make_bundle(party["g1"], party["stick"]).path
    household(party["g1"], "601")
    second = desk.make_bundle(party["g1"], party["stick"]).path
    assert [each.ok for each in office.take(party["office"], [second, first, second, first])] == [True] * 4
    assert len(desk.listing(party["office"], "household").rows) == 2
    again = office.take(party["office"], [second])[0]
    assert again.code == "again"
    assert (again.new, again.changed) == (0, 0)


def test_a_difference_behind_everyones_back_is_told_and_mended(party: Party) -> None:
    row_id = household(party["g1"], "501")
    round_trip(party, "g1")
    with party["g1"].store.work() as work, capture.paused(work.connection, schema.current()):
        run(work.connection, "DELETE FROM household WHERE id = ?", [row_id])
        work.keep()
    taken = [send_and_take(party) for _ in range(2)]
    assert "数据不一致" in taken[0].sentence
    assert "数据不一致" not in taken[1].sentence
    assert desk.values(party["g1"], "household", row_id)["contact"] == "李秀英"


def send_and_take(party: Party) -> desk.TakenIn:
    """A trip of the first grid; what its return did."""
    office.take(party["office"], [desk.make_bundle(party["g1"], party["stick"]).path])
    return desk.take(party["g1"], office.make_return(party["office"], party["stick"])[0].path)


def test_each_wrong_file_has_its_own_sentence_and_holds_up_nobody(party: Party) -> None:
    household(party["g1"], "501")
    good = desk.make_bundle(party["g1"], party["stick"]).path
    data = good.read_bytes()
    files = {
        "damaged": data[:-100] + bytes(100),
        "cut": data[: len(data) // 2],
        "empty": b"",
        "other": b"just some text that is not a bundle at all",
        "newer": data[:8] + bytes([data[8] + 9]) + data[9:],
    }
    paths = []
    for name, content in files.items():
        paths.append(party["stick"] / f"{name}.gbx")
        paths[-1].write_bytes(content)
    foreign = desk.make_bundle(party["g2"], party["stick"]).path
    outcomes = office.take(party["office"], [*paths, good])
    assert [each.ok for each in outcomes] == [False] * 5 + [True]
    assert all(each.sentence.endswith("。") for each in outcomes)
    assert len({each.sentence for each in outcomes[:5]}) >= 3
    with pytest.raises(Trouble, match="给“"):
        desk.take(party["g1"], foreign)


def test_enrolling_needs_the_same_six_words(party: Party, new_desk: Callable[..., Any]) -> None:
    stranger = new_desk("sqlite", "stranger", grid_name="别处")
    asked = desk.ask_to_join(stranger, party["stick"])
    with pytest.raises(Trouble, match="六个词"):
        office.enrol(party["office"], asked, words="西瓜 西瓜 西瓜 西瓜 西瓜 西瓜")
    assert len(office.grids(party["office"])) == 2


def test_without_a_centre_there_is_no_bundle(new_desk: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="申请加入"):
        desk.make_bundle(new_desk("sqlite", "alone"), tmp_path)


def test_a_desk_without_a_centre_does_not_gather_its_edits_for_ever(new_desk: Callable[..., Any]) -> None:
    alone = new_desk("sqlite", "alone")
    household(alone, "501")
    assert desk.back_up_when_due(alone)
    with alone.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sync_log").scalar() == 0
    assert desk.state(alone).unconfirmed == 0
