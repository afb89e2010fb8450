"""A header pointed out: kept only when confirmed, remembered, carried to another computer, and found again in a mended problem copy."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridapp import desk as verbs
from gridapp.store.read import rows as read_rows
from tests.store.rows import content

STRANGE = [
    ["街坊簿"],
    ["大名", "男女", "摇哪个号", "门儿"],
    ["王新来", "男", "16100009001", "8号楼1单元101室"],
    ["李新来", "女", "16100009002", ""],
]
MEANT = {0: "name", 1: "sex", 2: "phone", 3: "address"}


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    for line in STRANGE:
        made.active.append(line)
    path = tmp_path / "街坊簿.xlsx"
    made.save(path)
    return path


def pointed(desk: Any, path: Path) -> dict[str, verbs.Said]:
    """What the user says: the second row is the header, and what its columns mean."""
    told = verbs.preview(desk, path)
    assert told.file_error and told.sheets[0].top is not None
    found = verbs.point_out(told.sheets[0].top, 2, 1)
    assert found is not None and found.kind == "" and verbs.point_out(told.sheets[0].top, 5, 1) is None
    return {found.signature: verbs.Said("resident", MEANT, found.rows)}


def names(desk: Any) -> set[str]:
    with desk.store.reading() as connection:
        return {row["name"] for row in read_rows(connection, "resident")}


def test_it_is_read_and_remembered_only_when_confirmed(desk: Any, strange: Path) -> None:
    before, said = content(desk.store.engine), pointed(desk, strange)
    assert verbs.preview(desk, strange, said=said).counts == {"new": 1, "changed": 0, "same": 0, "cannot": 1}
    assert content(desk.store.engine) == before and verbs.preview(desk, strange).file_error
    done = verbs.take_in(desk, strange, said=said)
    assert names(desk) == {"王新来"} and verbs.waiting_rows(desk) == 1
    assert verbs.preview(desk, strange).sheets[0].tables[0].header_rows == (2,)
    assert verbs.undo(desk, done.batch_id).left == 0 and names(desk) == set()


def test_a_mended_problem_copy_is_read_at_once(desk: Any, strange: Path, tmp_path: Path) -> None:
    said, out = pointed(desk, strange), tmp_path / "问题表.xlsx"
    assert verbs.problem_copy(desk, strange, out, said=said) == 1
    verbs.take_in(desk, strange, said=said)
    book = openpyxl.load_workbook(out)
    book.active["D4"] = "8号楼1单元102室"
    book.save(out)
    assert verbs.take_in(desk, out).counts["new"] == 1 and names(desk) == {"王新来", "李新来"}


def test_it_travels_to_another_computer(new_desk: Callable[..., Any], strange: Path, tmp_path: Path) -> None:
    here, there = new_desk("sqlite", "here"), new_desk("sqlite", "there")
    verbs.take_in(here, strange, said=pointed(here, strange))
    verbs.carry_out(here, tmp_path / "列的对应.json")
    assert verbs.preview(there, strange).file_error
    verbs.carry_in(there, tmp_path / "列的对应.json")
    assert verbs.preview(there, strange).counts["new"] == 1
