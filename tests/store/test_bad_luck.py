"""Bad luck: a second program, kill -9 in the middle of an import, a full disk. Nothing is half written and each gets its sentence."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gridapp.desk import back_up, check_up, init, open_desk, take_in
from gridapp.rules.reading import Trouble
from gridapp.store import InUse
from gridapp.store import engine as engines
from tests.conftest import PASSWORD
from tests.store.rows import content, home

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "resources" / "sample" / "grid1"
HOLD = (
    "import sys, pathlib; from gridapp.desk import open_desk; desk = open_desk(pathlib.Path(sys.argv[1]), 'correct-horse'); "
    "print('open', flush=True); input()"
)


def run(*arguments: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in arguments], capture_output=True, text=True, cwd=HERE.parents[1], timeout=300, **options)


def test_a_second_program_on_the_same_store(file_desk: Any) -> None:
    file_desk.close()
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(file_desk.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin and other.stdout and other.stdout.readline() == "open\n"
    with pytest.raises(InUse) as caught:
        open_desk(file_desk.folder, PASSWORD)
    assert caught.value.exit_code == 11 and "关闭" in caught.value.text
    other.kill()
    other.wait()
    other.stdin.close()
    other.stdout.close()
    open_desk(file_desk.folder, PASSWORD).close()


def test_a_second_opening_by_this_program(file_desk: Any) -> None:
    with pytest.raises(InUse):
        open_desk(file_desk.folder, PASSWORD)


def test_a_store_with_a_damaged_page_is_found_by_the_check_and_not_backed_up(file_desk: Any, tmp_path: Path) -> None:
    """The check-up says what is wrong instead of sending the user to itself; the damaged pages overwrite no good backup."""
    take_in(file_desk, SAMPLE / "居民台账.xlsx")
    file_desk.close()
    store = bytearray((file_desk.folder / "store.db").read_bytes())
    store[len(store) * 3 // 4] ^= 1  # among the import's undo steps, which were written last and which opening does not read
    (file_desk.folder / "store.db").write_bytes(store)
    again = open_desk(file_desk.folder, PASSWORD)
    assert [line.text for line in check_up(again) if line.grave and not line.ok and "备份" in line.text]
    with pytest.raises(Trouble) as caught:
        back_up(again, tmp_path / "a.gbk")
    assert caught.value.code == "damaged_store" and "换一个位置" not in caught.value.text
    assert not list(tmp_path.glob("a.gbk*"))
    again.close()


@pytest.mark.faults
def test_a_killed_import_leaves_all_or_nothing(file_desk: Any) -> None:
    file_desk.close()
    done = run(sys.executable, HERE / "kills.py", file_desk.folder, SAMPLE / "住户台账.xlsx", 25, 10)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    whole, nothing = told["whole"], [0, 0, True]
    assert whole[0] > 400 and told["total"] > 25
    assert all(each in (nothing, whole) for each in told["points"] + told["moments"])
    assert told["points"][0] == nothing and told["points"][-1] == whole
    assert told["points"] == sorted(told["points"]), "nothing up to the commit, all of it from there on"
    assert told["points"].count(nothing) > 10


def test_a_full_store_rolls_back_and_says_so(file_desk: Any) -> None:
    """The engine's own limit, where no small disk can be had."""
    before = content(file_desk.store.engine)
    with pytest.raises(Trouble) as caught, file_desk.store.work() as work:
        pages = work.connection.execute(text("PRAGMA page_count")).scalar()
        work.connection.execute(text(f"PRAGMA max_page_count = {pages + 8}"))
        home(work, 5000)
        work.keep()
    assert caught.value.code == "disk_full"
    assert content(file_desk.store.engine) == before


def small_disk(folder: Path) -> list[str]:
    """The start of a command line that runs on a disk of 4 MB mounted on the folder, seen by that command only."""
    inside = f'mount -t tmpfs -o size=4m none "{folder}" && exec "$@"'
    return ["unshare", *(["-m"] if os.geteuid() == 0 else ["-rm"]), "sh", "-c", inside, "sh"]


def can_mount(folder: Path) -> bool:
    return bool(shutil.which("unshare")) and run(*small_disk(folder), "true").returncode == 0


@pytest.mark.faults
def test_a_full_disk_stops_every_flow_and_harms_none(tmp_path: Path) -> None:
    where = tmp_path / "disk"
    where.mkdir()
    # Without the right to mount, a limit on the size of any one file comes nearest: the big import meets it, small files do not.
    is_full = can_mount(where)
    start = small_disk(where) if is_full else ["sh", "-c", 'ulimit -f 3000; exec "$@"', "sh"]
    done = run(*start, sys.executable, HERE / "full_disk.py", where, SAMPLE / "居民台账.xlsx")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["well"] and told["saved"]
    assert told["rows"]["household"] == told["rows"]["resident"] == 0
    if not is_full:  # SQLite calls a file that may not grow an I/O error
        assert told["told"]["import"][0] in ("disk_full", "damaged_store")
        return
    for flow in ("import", "keep", "backup", "export", "init"):
        code, sentence = told["told"][flow]
        assert code in ("disk_full", "cannot_write"), (flow, code)
        assert "空间" in sentence or "磁盘" in sentence
    assert told["left"] == {"out": [], "second": []}


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(Trouble) as caught:
        init(tmp_path / "file" / "desk", PASSWORD, grid_name="网格")
    assert caught.value.code == "cannot_write"


def test_a_store_whose_making_failed_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gridapp.desk import opening
    from gridapp.store.keys import QUICK

    def broken(*_: Any) -> None:
        raise Trouble("坏了。")

    monkeypatch.setattr(opening, "_first_day", broken)
    with pytest.raises(Trouble, match="坏了"):
        init(tmp_path / "desk", PASSWORD, grid_name="网格", cost=QUICK)
    monkeypatch.undo()
    desk, _ = init(tmp_path / "desk", PASSWORD, grid_name="网格", cost=QUICK)
    desk.close()


def test_a_write_to_a_busy_file_waits_then_says_so(file_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rival = engines.connect(file_desk.folder / "store.db", file_desk.store.key)
    rival.execute("BEGIN IMMEDIATE")
    with file_desk.store.reading() as connection:
        connection.execute(text("PRAGMA busy_timeout = 50"))
    with pytest.raises(Trouble) as caught, file_desk.store.work():
        pass
    assert caught.value.code == "busy"
    rival.close()
