"""The server of a folder: every file has one outcome, nothing is lost or done twice, whatever happens to the process."""
from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.office.serving import Server
from gridapp.rules.reading import Trouble
from gridapp.store import InUse, Work
from tests.conftest import PASSWORD, TODAY
from tests.office.conftest import doors, household, join

ROOT = Path(__file__).parents[2]


class Place:
    """A folder to serve, and what was said."""

    def __init__(self, root: Path, data: Path) -> None:
        self.root, self.data = root, data
        self.said: list[str] = []
        self.rows: int | None = None

    @contextmanager
    def sit(self) -> Iterator[Any]:
        opened = desk.open_desk(self.data, PASSWORD)
        opened.clock = lambda: TODAY
        try:
            yield opened
        finally:
            opened.close()

    def server(self, **more: Any) -> Server:
        return Server(self.root, self.sit, self.said.append, **({"every": 0.05, "patience": 0.0} | more))

    def once(self, **more: Any) -> None:
        self.server(**more).run(once=True)

    def put(self, *paths: Path) -> None:
        (self.root / "inbox").mkdir(parents=True, exist_ok=True)
        for path in paths:
            os.replace(path, self.root / "inbox" / path.name)

    def names(self, folder: str) -> set[str]:
        return {path.name for path in (self.root / folder).iterdir()}

    def lines(self) -> list[dict[str, str]]:
        with open(self.root / "outcomes.csv", encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def returns(self, code: str) -> list[Path]:
        return sorted((self.root / "returns" / code).glob("*.gbx")) if (self.root / "returns" / code).exists() else []


both_engines = pytest.mark.parametrize("centre", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def place(centre: Any, grids: list[Any], tmp_path: Path) -> Place:
    """The centre's own window is closed."""
    centre.close()
    return Place(tmp_path / "served", centre.folder)


def bundles(grids: list[Any], stick: Path) -> list[Path]:
    for number, grid in enumerate(grids):
        household(grid, f"{number + 1}01")
    return [desk.make_bundle(grid, stick).path for grid in grids]


@both_engines
def test_each_file_has_one_outcome_and_each_grid_its_return(place: Place, grids: list[Any], stick: Path, new_desk: Callable[..., Any]) -> None:
    made = bundles(grids, stick)
    whole = made[0].read_bytes()
    broken = stick / "李秀英的住户.gbx"
    broken.write_bytes(whole[: len(whole) // 2])
    (stick / "通知.docx").write_bytes(b"PK\x03\x04 something else entirely" * 9)
    stranger = desk.ask_to_join(new_desk("sqlite", "stranger", grid_name="7号网格"), stick)
    place.put(*made, broken, stick / "通知.docx", stranger)
    (place.root / "inbox" / "half.gbx.tmp").write_bytes(b"on its way")
    place.once()
    assert place.names("inbox") == {"half.gbx.tmp"}
    assert place.names("done") == {path.name for path in made}
    assert place.names("refused") == {broken.name, f"{broken.name}.txt", "通知.docx", "通知.docx.txt"}
    assert "请从原电脑重新拷贝" in (place.root / "refused" / f"{broken.name}.txt").read_text("utf-8")
    assert place.names("requests") == {stranger.name, f"{stranger.name}.txt"}
    assert sorted(line["结果"] for line in place.lines()) == ["bundle_damaged", "merged", "merged", "merged", "not_a_bundle", "request"]
    assert not [word for word in ("李秀英", "通知") if word in (place.root / "outcomes.csv").read_text("utf-8") + "".join(place.said)]
    assert place.names("returns") == {"g001", "g002", "g003"}
    with place.sit() as opened:
        assert doors(opened) == {"101", "201", "301"}
        assert len(office.grids(opened)) == 3, "a request enrols nobody"
    for number, grid in enumerate(grids):
        for path in place.returns(f"g00{number + 1}"):
            desk.take(grid, path)
        assert desk.state(grid).unconfirmed == 0


def test_returns_are_written_when_something_changed_and_only_then(place: Place, grids: list[Any], stick: Path) -> None:
    place.put(*bundles(grids, stick))
    place.once()
    codes = ("g001", "g002", "g003")
    before = [place.returns(code) for code in codes]
    assert [len(found) for found in before] == [1, 1, 1], "one each; what was not fetched is in the newest"
    place.once()
    place.once()
    assert [place.returns(code) for code in codes] == before
    household(grids[0], "901")
    place.put(desk.make_bundle(grids[0], stick).path)
    place.once()
    after = [place.returns(code) for code in codes]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, False, False]
    with place.sit() as opened:
        office.dispatch(opened, grids[1].scope, {"content": "请核实楼道照明。"})
    place.once()
    last = [place.returns(code) for code in codes]
    assert [one != other for one, other in zip(after, last, strict=True)] == [False, True, False]
    assert [len(found) for found in last] == [1, 1, 1]
    assert len(place.lines()) == 4


def test_the_same_bundle_twice_is_said_to_be_so(place: Place, grids: list[Any], stick: Path) -> None:
    made = bundles(grids, stick)[0]
    copy = made.read_bytes()
    place.put(made)
    place.once()
    made.write_bytes(copy)
    place.put(made)
    place.once()
    assert [line["结果"] for line in place.lines()] == ["merged", "again"]
    assert len(place.names("done")) == 2


def test_a_file_still_being_copied_is_left_until_it_is_whole(place: Place, grids: list[Any], stick: Path) -> None:
    made = bundles(grids, stick)[0]
    whole = made.read_bytes()
    made.write_bytes(whole[:-500])
    place.put(made)
    place.once(patience=60.0)
    assert place.names("inbox") == {made.name}
    assert place.lines() == []
    (place.root / "inbox" / made.name).write_bytes(whole)
    place.once(patience=60.0)
    assert [line["结果"] for line in place.lines()] == ["merged"]


def test_a_file_that_grows_between_two_looks_is_not_touched(place: Place, tmp_path: Path) -> None:
    place.once()
    server = place.server()
    growing = place.root / "inbox" / "big.gbx"
    growing.write_bytes(b"x" * 1000)
    assert server._ripe() == []
    growing.write_bytes(b"x" * 2000)
    assert server._ripe() == []
    assert server._ripe() == [growing]


def child(work: Callable[[], object]) -> int:
    """Run in a process of its own; its exit status (negative: the signal that killed it)."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the test's own process must never go on twice
            os._exit(3)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def deadly(place: Place, at: int) -> Callable[[], None]:
    """One round in which the at-th touch of the disk from our code is a kill -9 (before it, or after it)."""

    def work() -> None:
        count = [0]

        def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
            def call(*words: Any, **more: Any) -> Any:
                count[0] += 1
                if count[0] == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*words, **more)

            return call

        os.fsync, os.replace = wrapped(os.fsync), wrapped(os.replace)
        Work.write_steps = wrapped(Work.write_steps)  # type: ignore[method-assign]
        Server._told = wrapped(Server._told)  # type: ignore[method-assign]
        place.once()

    return work


@both_engines
def test_killed_at_any_step_and_started_again_nothing_is_lost_or_done_twice(
    place: Place, grids: list[Any], stick: Path, tmp_path: Path
) -> None:
    """kill -9 before each step in turn, the same folder going on through all of them; then one quiet round."""
    sent, kills = 0, 0
    for at in range(1, 60):
        number = at % 3
        household(grids[number], f"{at}01")
        place.put(desk.make_bundle(grids[number], stick).path)
        sent += 1
        status = child(deadly(place, at))
        assert status in (0, -signal.SIGKILL), at
        kills += status != 0
        if status == 0 and at > 20:
            break
    place.once()
    assert kills >= 10
    assert place.names("inbox") == set()
    assert len(place.lines()) == len(place.names("done")) == sent
    assert {line["结果"] for line in place.lines()} <= {"merged", "again"}
    with place.sit() as opened:
        assert doors(opened) == {room for grid in grids for room in doors(grid)}
    for number, grid in enumerate(grids):
        for path in place.returns(f"g00{number + 1}"):
            desk.take(grid, path)
        assert desk.state(grid).unconfirmed == 0


def run(data: Path, *words: Any) -> subprocess.Popen[str]:
    environment = os.environ | {"GRIDAPP_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gridapp", "--data", str(data), "office", "serve-folder", *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(fine: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not fine():
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.05)


def test_a_process_serves_until_told_to_end_and_a_second_one_says_so(place: Place, grids: list[Any], stick: Path) -> None:
    first = run(place.data, place.root, "--every", "0.2")
    place.put(*bundles(grids, stick))
    until(lambda: len(place.names("done")) == 3 if (place.root / "done").exists() else False)
    second = run(place.data, place.root, "--once")
    said = second.communicate(timeout=60)
    assert second.returncode == 11
    assert "另一个收包程序" in said[1]
    until(lambda: len(place.returns("g003")) == 1)
    first.send_signal(signal.SIGTERM)
    out, err = first.communicate(timeout=60)
    assert (first.returncode, err) == (0, "")
    assert out.count("收到“") == 3
    place.once()


def test_real_processes_killed_at_random_moments(place: Place, grids: list[Any], stick: Path) -> None:
    place.put(*bundles(grids, stick))
    for number in range(6):
        process = run(place.data, place.root, "--every", "0.1")
        time.sleep(0.6 + 0.25 * number)
        process.kill()
        process.communicate(timeout=60)
        household(grids[0], f"7{number}1")
        place.put(desk.make_bundle(grids[0], stick).path)
    place.once()
    assert len(place.lines()) == len(place.names("done")) == 9
    with place.sit() as opened:
        assert doors(opened) == {room for grid in grids for room in doors(grid)}


def serving(server: Server) -> threading.Thread:
    thread = threading.Thread(target=server.run)
    thread.start()
    return thread


def test_it_waits_while_the_window_is_open(place: Place, grids: list[Any], stick: Path) -> None:
    made = bundles(grids, stick)
    server = place.server()
    with place.sit():
        thread = serving(server)
        place.put(*made)
        until(lambda: bool(place.said))
        time.sleep(0.6)
        assert len(place.said) == 1
        assert "先等一等" in place.said[0]
        assert len(place.names("inbox")) == 3
    until(lambda: len(place.names("done")) == 3)
    server.stop.set()
    thread.join(30)


def test_what_the_officer_wants_sent_goes_out_without_anything_coming_in(place: Place, grids: list[Any], stick: Path) -> None:
    place.once()
    before = place.returns("g001")
    server = place.server(look_out=0.2)
    thread = serving(server)
    until(lambda: not server.tray.plan.exists())
    for _ in range(100):
        try:
            with place.sit() as opened:
                office.dispatch(opened, grids[0].scope, {"content": "请核实楼道照明。"})
            break
        except InUse:
            time.sleep(0.05)
    until(lambda: place.returns("g001") not in (before, []))
    server.stop.set()
    thread.join(30)


def test_a_log_that_is_held_by_somebody_waits_and_is_written_once(place: Place, grids: list[Any], stick: Path) -> None:
    place.once()
    log, aside = place.root / "outcomes.csv", place.root / "held.csv"
    place.put(*bundles(grids, stick))
    log.rename(aside)
    log.mkdir()
    with pytest.raises(Trouble, match="outcomes.csv"):
        place.once()
    log.rmdir()
    aside.rename(log)
    place.once()
    assert len(place.lines()) == 3
    assert place.names("inbox") == set()


def test_trouble_with_the_store_leaves_the_files_where_they_are(
    place: Place, grids: list[Any], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gridapp.desk import exchange

    place.put(*bundles(grids, stick))

    def full(*_: Any) -> Any:
        raise Trouble("磁盘已满，这一步没有保存，原有数据完好。请腾出空间后再试。", "disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(exchange, "take_one", full)
        with pytest.raises(Trouble, match="磁盘已满"):
            place.once()
    assert len(place.names("inbox")) == 3
    assert place.lines() == []
    place.once()
    assert len(place.lines()) == 3


def test_a_bug_met_with_one_file_holds_up_nobody(place: Place, grids: list[Any], stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gridapp.desk import exchange

    made = bundles(grids, stick)
    place.put(*made)
    real = exchange.take_one

    def broken(at: Any, path: Path, step: Any) -> Any:
        if path.name == made[1].name:
            raise KeyError("李秀英")
        return real(at, path, step)

    monkeypatch.setattr(exchange, "take_one", broken)
    place.once()
    assert sorted(line["结果"] for line in place.lines()) == ["bug", "merged", "merged"]
    assert made[1].name in place.names("refused")
    log = (place.data / "logs" / "crash.log").read_text("utf-8")
    assert "KeyError" in log
    assert "李秀英" not in log


def test_a_grid_does_not_serve(new_desk: Callable[..., Any], tmp_path: Path) -> None:
    grid = new_desk("sqlite", "grid")
    grid.close()
    with pytest.raises(Trouble, match="不是中心"):
        Place(tmp_path / "served", grid.folder).once()


def test_a_new_computer_of_a_grid_gets_all_its_rows_by_the_folder(
    place: Place, grids: list[Any], stick: Path, new_desk: Callable[..., Any]
) -> None:
    place.put(*bundles(grids, stick))
    place.once()
    late = desk.make_bundle(grids[0], stick).path
    fresh = new_desk("sqlite", "fresh", grid_name="1号网格", who="书记")
    with place.sit() as opened:
        join(fresh, opened, stick, replace=grids[0].scope)
    place.put(late)
    place.once()
    desk.take(fresh, place.returns("g001")[-1])
    assert doors(fresh) == {"101"}
    assert place.lines()[-1]["结果"] == "held"
