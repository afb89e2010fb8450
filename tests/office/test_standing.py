"""office status in facts, a new computer for a grid, everything sent again, and stopping between two bundles."""
from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.desk import held, peers, witness
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.sync import watch
from tests.conftest import PASSWORD
from tests.office.conftest import doors, household, join

DAY = 86_400_000


def up(grid: Any, centre: Any, stick: Path) -> office.Outcome:
    return office.take(centre, [desk.make_bundle(grid, stick).path])[0]


def down(centre: Any, grid: Any, stick: Path) -> str:
    made = office.make_return(centre, stick, scopes=[grid.scope])[0]
    return desk.take(grid, made.path).sentence


def line(centre: Any, grid: Any) -> office.GridLine:
    return next(each for each in office.status(centre) if each.scope == grid.scope)


def shifted(at: Any, ms: int) -> None:
    now = at.session.clock()
    at.session.clock = lambda: now + ms


def test_the_order_is_that_of_the_paths_whoever_was_heard_last(centre: Any, grids: list[Any], stick: Path) -> None:
    for grid in reversed(grids[1:]):
        up(grid, centre, stick)
    assert [each.code for each in office.status(centre)] == ["g001", "g002", "g003"]
    assert office.status(centre)[0].facts == ("还没有收到过它的包。",)
    assert office.status(centre)[1].facts == ()


def test_silence_is_told_after_as_many_days_as_the_rule_says(centre: Any, grids: list[Any], stick: Path) -> None:
    up(grids[0], centre, stick)
    shifted(centre, 13 * DAY)
    assert line(centre, grids[0]).facts == ()
    shifted(centre, 2 * DAY)
    assert line(centre, grids[0]).facts == ("已有 15 天没有收到它的包。",)


@pytest.mark.parametrize(("app", "says"), [("0.0.9", "旧，请给它升级。"), ("99.1", "新，请升级本机。"), ("0.1.0", ""), ("unheard of", "")])
def test_older_and_newer_programs_are_told(centre: Any, grids: list[Any], stick: Path, app: str, says: str) -> None:
    centre.session.app, grids[0].session.app = "0.1.0", app
    up(grids[0], centre, stick)
    facts = line(centre, grids[0]).facts
    assert line(centre, grids[0]).app == app
    assert (facts[0].endswith(says) and app in facts[0]) if says else facts == ()


@pytest.mark.parametrize(("off", "says"), [(3 * DAY + 60_000, "快了约 3 天"), (2 * 3_600_000 + 60_000, "快了约 2 小时"), (600_000, "")])
def test_a_clock_that_is_off_is_told(centre: Any, grids: list[Any], stick: Path, off: int, says: str) -> None:
    shifted(grids[0], off)
    up(grids[0], centre, stick)
    facts = line(centre, grids[0]).facts
    assert says in facts[0] if says else facts == ()


def test_a_copied_folder_is_told_to_both_and_loses_nothing(
    centre: Any, grids: list[Any], stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = grids[0]
    household(one, "101")
    up(one, centre, stick)
    down(centre, one, stick)
    one.close()
    shutil.copytree(one.folder, tmp_path / "copy")
    monkeypatch.setattr(witness, "machine", lambda: "another computer")
    twin = desk.open_desk(tmp_path / "copy", PASSWORD)
    monkeypatch.undo()
    one = desk.open_desk(one.folder, PASSWORD)
    assert "另一台电脑" in desk.noticed(twin)
    assert desk.noticed(one) == ""
    desk.heed(twin)
    assert desk.noticed(twin) == ""
    household(one, "102")
    household(twin, "103")
    for each in (one, twin, one, twin):
        up(each, centre, stick)
        down(centre, each, stick)
    assert doors(one) == doors(twin) == doors(centre) == {"101", "102", "103"}
    found = line(centre, one)
    assert found.restored
    assert found.facts[0] == peers.LOOKS_RESTORED.format(name="1号网格")
    office.verified(centre, one.scope)
    assert not line(centre, one).restored
    for each in (one, twin):
        each.close()


def test_a_grid_put_back_from_its_backup_says_so_and_gets_back_what_had_been_sent(centre: Any, grids: list[Any], stick: Path, tmp_path: Path) -> None:
    one = grids[0]
    household(one, "101")
    up(one, centre, stick)
    down(centre, one, stick)
    backup = desk.back_up(one, tmp_path / "one.gbk")
    household(one, "102")
    up(one, centre, stick)
    one.close()
    desk.restore(one.folder, backup, PASSWORD)
    one = desk.open_desk(one.folder, PASSWORD)
    assert "从备份恢复" in desk.noticed(one)
    assert "中心" in desk.noticed(one)
    household(one, "103")
    for _ in range(2):
        up(one, centre, stick)
        down(centre, one, stick)
    assert doors(one) == doors(centre) == {"101", "102", "103"}
    assert line(centre, one).restored
    one.close()
    one = desk.open_desk(one.folder, PASSWORD)
    assert "从备份恢复" in desk.noticed(one), "until it is heeded"
    one.close()


def test_a_folder_rolled_back_behind_our_back_is_seen_by_the_witness(centre: Any, grids: list[Any], stick: Path, tmp_path: Path) -> None:
    one = grids[0]
    up(one, centre, stick)
    one.close()
    for name in ("store.db", "key.json"):
        shutil.copy(one.folder / name, tmp_path / name)
    one = desk.open_desk(one.folder, PASSWORD)
    assert desk.noticed(one) == ""
    household(one, "101")
    up(one, centre, stick)
    one.close()
    for name in ("store.db", "key.json"):
        shutil.copy(tmp_path / name, one.folder / name)
    one = desk.open_desk(one.folder, PASSWORD)
    assert "从备份恢复" in desk.noticed(one)
    one.close()


@pytest.mark.parametrize("spoilt", [None, b"", b"[1]", b"\xff\xfe", b'{"device": 5}'])
def test_a_spoilt_witness_holds_up_nobody(centre: Any, grids: list[Any], stick: Path, spoilt: bytes | None) -> None:
    up(grids[0], centre, stick)
    grids[0].close()
    path = grids[0].folder / witness.FILE
    path.unlink() if spoilt is None else path.write_bytes(spoilt)
    one = desk.open_desk(grids[0].folder, PASSWORD)
    assert "拷来" in desk.noticed(one)
    up(one, centre, stick)
    one.close()


def test_a_desk_that_never_exchanged_has_nothing_to_tell(new_desk: Callable[..., Any], tmp_path: Path) -> None:
    alone = new_desk("sqlite", "alone")
    household(alone, "101")
    backup = desk.back_up(alone, tmp_path / "a.gbk")
    alone.close()
    desk.restore(alone.folder, backup, PASSWORD)
    alone = desk.open_desk(alone.folder, PASSWORD)
    assert desk.noticed(alone) == ""
    alone.close()


def test_a_centre_put_back_from_its_backup_learns_everything_again_and_the_grids_are_told(
    centre: Any, grids: list[Any], stick: Path, tmp_path: Path
) -> None:
    for number, grid in enumerate(grids):
        household(grid, f"{number}01")
        up(grid, centre, stick)
        down(centre, grid, stick)
    backup = desk.back_up(centre, tmp_path / "centre.gbk")
    for number, grid in enumerate(grids):
        household(grid, f"{number}02")
        up(grid, centre, stick)
        down(centre, grid, stick)
    centre.close()
    desk.restore(centre.folder, backup, PASSWORD)
    centre = desk.open_desk(centre.folder, PASSWORD)
    assert "各网格" in desk.noticed(centre)
    for grid in grids:
        down(centre, grid, stick)
        up(grid, centre, stick)
        down(centre, grid, stick)
    assert doors(centre) == {room for grid in grids for room in doors(grid)}
    assert all(desk.state(grid).unconfirmed == 0 for grid in grids)
    assert all("看起来是从备份恢复的" in desk.state(grid).facts[0] for grid in grids)
    assert not any(each.restored for each in office.status(centre)), "nobody is suspected for the centre's own backup"
    centre.close()


def test_a_new_computer_takes_the_place_of_a_lost_one(centre: Any, grids: list[Any], stick: Path, new_desk: Callable[..., Any]) -> None:
    lost = grids[0]
    household(lost, "101")
    up(lost, centre, stick)
    household(lost, "102")
    late = desk.make_bundle(lost, stick).path
    fresh = new_desk("sqlite", "fresh", grid_name="1号网格", who="书记")
    enrolled = join(fresh, centre, stick, replace=lost.scope)
    assert enrolled.scope == fresh.scope == lost.scope
    assert [each.code for each in office.status(centre)] == ["g001", "g002", "g003"]
    down(centre, fresh, stick)
    assert doors(fresh) == {"101"}
    outcome = office.take(centre, [late])[0]
    assert (outcome.ok, outcome.code) == (False, "held")
    assert doors(centre) == {"101"}
    held.release(centre, held.held(centre)[0].key)
    down(centre, fresh, stick)
    assert doors(fresh) == doors(centre) == {"101", "102"}
    household(fresh, "103")
    assert up(fresh, centre, stick).ok
    assert doors(centre) == {"101", "102", "103"}


def test_a_computer_already_enrolled_takes_nobodys_place(centre: Any, grids: list[Any], stick: Path) -> None:
    asked = desk.ask_to_join(grids[1], stick)
    with pytest.raises(Trouble, match="已经登记"):
        office.enrol(centre, asked, replace=grids[0].scope)
    with pytest.raises(Trouble, match="没有这个网格"):
        office.start_over(centre, "nowhere")
    assert len(office.status(centre)) == 3


@pytest.mark.parametrize("who", ["centre", "grid"])
def test_everything_is_sent_again_when_asked_and_nothing_twice(centre: Any, grids: list[Any], stick: Path, who: str) -> None:
    household(grids[0], "101")
    up(grids[0], centre, stick)
    down(centre, grids[0], stick)
    assert line(centre, grids[0]).unconfirmed == 0
    name = office.start_over(centre, grids[0].scope) if who == "centre" else desk.start_over(grids[0])
    assert name == ("1号网格" if who == "centre" else "示范社区")
    for _ in range(2):
        up(grids[0], centre, stick)
        down(centre, grids[0], stick)
    assert desk.state(grids[0]).unconfirmed == 0
    assert doors(grids[0]) == doors(centre) == {"101"}
    assert not line(centre, grids[0]).restored


def test_nobody_to_send_everything_to(new_desk: Callable[..., Any]) -> None:
    with pytest.raises(Trouble, match="申请加入"):
        desk.start_over(new_desk("sqlite", "alone"))


def test_stopped_between_bundles_what_was_taken_stands_and_the_rest_is_left(centre: Any, grids: list[Any], stick: Path) -> None:
    for grid in grids:
        household(grid, "101")
    paths = [desk.make_bundle(grid, stick).path for grid in grids]
    told: list[office.Outcome] = []
    progress: list[tuple[int, int]] = []

    def step(done: int, total: int) -> None:
        progress.append((done, total))
        if len(told) == 2:
            raise Cancelled

    outcomes = office.take(centre, paths, step, told.append)
    assert [each.code for each in outcomes] == ["merged", "merged", "left"]
    assert len(doors(centre)) == 1, "three doors of one number, two of them here"
    assert len(desk.listing(centre, "household").rows) == 2
    assert progress == sorted(progress)
    assert {total for _, total in progress} == {3000}
    assert [each.code for each in office.take(centre, paths)] == ["again", "again", "merged"]


def test_one_bad_file_stops_nothing(centre: Any, grids: list[Any], stick: Path) -> None:
    good = [desk.make_bundle(grid, stick).path for grid in grids]
    bad = stick / "bad.gbx"
    bad.write_bytes(good[0].read_bytes()[:-40])
    outcomes = office.take(centre, [good[0], bad, stick / "gone.gbx", *good[1:]])
    assert [each.ok for each in outcomes] == [True, False, False, True, True]


def test_the_witness_remembers_what_went_last(centre: Any, grids: list[Any], stick: Path) -> None:
    up(grids[0], centre, stick)
    with grids[0].store.reading() as connection:
        last = watch.last_bundle(connection)
    assert last
    assert last in (grids[0].folder / witness.FILE).read_text("utf-8")
