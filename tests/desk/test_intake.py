"""Ledgers in: what expected.json knows is what the import says; twice is once, undone is never, a preview writes nothing."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gridapp import desk as verbs
from gridapp import places
from gridapp.records import RECORDS
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.store.read import count, rows
from tests.conftest import ENGINES, PASSWORD
from tests.desk.conftest import FILES, SAMPLE
from tests.store.rows import content

EXPECTED = json.loads(places.resources("sample", "expected.json").read_text("utf-8"))["grid1"]
MADE = ("building", "household", "resident", "member", "visit", "request", "request_event")


def totals(desk: Any) -> dict[str, int]:
    with desk.store.reading() as connection:
        return {name: count(connection, name) for name in MADE}


def book(path: Path, rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet("台账")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


HOMES = [["楼栋", "单元", "房号", "户主姓名", "联系电话", "居住性质"], ["3号楼", "2单元", "501", "曾乐天", "16100000011", "自住"]]


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_the_sample_is_accounted_for(sample_made: tuple[Path, dict[str, Any]], name: str) -> None:
    done, known = sample_made[1][name], EXPECTED["files"][name]
    assert sum(done.counts.values()) == known["rows"] == len(done.rows)
    told = {(row.sheet, row.row) for row in done.rows if row.faults or row.outcome in ("same", "cannot")}
    (only,) = {sheet for sheet, _ in told} if "*" in known["sheets"] else {""}

    def spot(fault: dict[str, Any], row: int) -> tuple[str, int]:
        return (only or fault["sheet"], row)

    # An unheard-of building is told once: when the residents come in, it is made.
    told_before = {spot(fault, fault["row"]) for fault in known["faults"] if fault["code"] == "household_unknown" and not name.startswith("居民")}
    planted = {spot(fault, fault["row"]) for fault in known["faults"]}
    excused = {spot(fault, row) for fault in known["faults"] for row in fault["others"]}
    assert planted - told == told_before - told, "every planted fault is told"
    assert told - planted - excused == set(), "nothing else is"


def test_the_town_that_came_in(sample: Any) -> None:
    truth, found = EXPECTED["truth"], totals(sample)
    assert abs(found["household"] - truth["households"]) <= 3 and abs(found["resident"] - truth["residents"]) <= 2
    assert abs(found["member"] - truth["members"]) <= 2 and abs(found["visit"] - truth["visits"]) <= 2
    assert found["request_event"] >= found["request"] > 35


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_again_changes_nothing(sample: Any, name: str) -> None:
    before = content(sample.store.engine)
    done = verbs.take_in(sample, SAMPLE / name)
    assert done.counts["new"] == done.counts["changed"] == 0 and done.records == {}
    assert content(sample.store.engine) == before


def test_undoing_each_batch_leaves_what_was_before(sample: Any) -> None:
    """The five imports taken back, newest first: no row is left."""
    for _ in FILES:
        step = verbs.last_undo(sample)
        assert step is not None and step["title"].startswith("导入")
        assert verbs.undo(sample, step["id"]).left == 0
    assert set(totals(sample).values()) == {0} and verbs.last_undo(sample) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_in_and_out_again_on_both_engines(new_desk: Callable[..., Any], engine: str) -> None:
    desk = new_desk(engine)
    before = content(desk.store.engine)
    done = verbs.take_in(desk, SAMPLE / "居民台账.xlsx")
    assert totals(desk)["resident"] == done.counts["new"] > 1000
    again = verbs.take_in(desk, SAMPLE / "居民台账.xlsx")
    assert again.counts["new"] == again.counts["changed"] == 0
    assert verbs.undo(desk, done.batch_id).left == 0
    assert content(desk.store.engine) == before


@pytest.mark.parametrize("name", FILES)
def test_a_preview_tells_what_the_import_does_and_writes_nothing(sample_made: Any, file_desk: Any, name: str) -> None:
    before = content(file_desk.store.engine)
    told = verbs.preview(file_desk, SAMPLE / name)
    assert content(file_desk.store.engine) == before and verbs.last_undo(file_desk) is None and verbs.audit(file_desk, 5) == []
    done = verbs.take_in(file_desk, SAMPLE / name)
    assert (told.counts, told.records, told.rows) == (done.counts, done.records, done.rows) and told.batch_id == "" != done.batch_id


def test_cancelling_at_any_step_leaves_nothing(file_desk: Any) -> None:
    before, steps = content(file_desk.store.engine), []
    verbs.preview(file_desk, SAMPLE / "居民台账.xlsx", lambda done, total: steps.append((done, total)))
    assert len(steps) > 3 and all(0 <= done <= total for done, total in steps)
    for last in range(len(steps)):
        left = iter(range(last))

        def step(done: int, total: int, left: Any = left) -> None:
            if next(left, None) is None:
                raise Cancelled

        with pytest.raises(Cancelled):
            verbs.take_in(file_desk, SAMPLE / "居民台账.xlsx", step)
        assert content(file_desk.store.engine) == before
    assert verbs.last_undo(file_desk) is None


def test_a_later_ledger_changes_what_it_says_and_erases_nothing(desk: Any, tmp_path: Path) -> None:
    verbs.take_in(desk, book(tmp_path / "a.xlsx", HOMES))
    later = [HOMES[0], ["3号楼", "2单元", "501", "曾乐天", "", "租住"]]
    done = verbs.take_in(desk, book(tmp_path / "b.xlsx", later))
    assert (done.counts["new"], done.counts["changed"]) == (0, 1)
    row = verbs.values(desk, "household", verbs.listing(desk, "household").rows[0].id)
    assert (row["dwelling"], row["phone"], row["contact"]) == ("rented", "16100000011", "曾乐天")
    verbs.undo(desk, done.batch_id)
    assert verbs.values(desk, "household", row["id"])["dwelling"] == "owned"


def test_the_preview_masks_people(sample: Any) -> None:
    with sample.store.reading() as connection:
        names = {row["name"] for row in rows(connection, "resident")}
    told = verbs.preview(sample, SAMPLE / "居民台账.xlsx")
    assert len(names) > 500 and not [row.title for row in told.rows if any(word in names for word in row.title.split())]


def test_columns_that_are_off_are_not_kept(sample: Any) -> None:
    told = {each.name: each.reason for each in verbs.preview(sample, SAMPLE / "居民台账.xlsx").sheets[0].tables[0].columns}
    assert "没有开启" in told["id_no"] and not told["name"]
    with sample.store.reading() as connection:
        assert {row["id_no"] for row in rows(connection, "resident")} == {None}


def test_the_import_is_logged(sample: Any) -> None:
    lines = [line for line in verbs.audit(sample, 50) if line["what"] == "import"]
    assert len(lines) == len(FILES) and all(line["who"] == "王书记" for line in lines)


@pytest.mark.parametrize(("name", "data"), [("空.xlsx", b""), ("假.xlsx", b"not a workbook"), ("断.xlsx", None)])
def test_an_unreadable_file_is_a_sentence(file_desk: Any, tmp_path: Path, name: str, data: bytes | None) -> None:
    whole = (SAMPLE / "住户台账.xlsx").read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2] if data is None else data)
    before = content(file_desk.store.engine)
    assert verbs.preview(file_desk, tmp_path / name).file_error.endswith("。")
    with pytest.raises(Trouble) as caught:
        verbs.take_in(file_desk, tmp_path / name)
    assert caught.value.text.endswith("。") and content(file_desk.store.engine) == before


def test_a_file_that_is_not_there(file_desk: Any, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        verbs.take_in(file_desk, tmp_path / "none.xlsx")


def test_a_folder_with_the_sample_can_be_opened_again(sample: Any) -> None:
    sample.close()
    again = verbs.open_desk(sample.folder, PASSWORD)
    assert all(line.ok for line in verbs.check_up(again) if line.grave)
    assert {record.__tablename__ for record in RECORDS} >= set(MADE)
    again.close()


def test_what_the_user_says_of_headings_is_kept_with_the_import(desk: Any, tmp_path: Path) -> None:
    rows = [[*HOMES[0], "特别说明事项"], [*HOMES[1], "门铃坏了"]]
    path = book(tmp_path / "a.xlsx", rows)
    (table,) = verbs.preview(desk, path).sheets[0].tables
    assert table.columns[6].name == "" and table.said is None
    said = {table.signature: verbs.Said(table.kind).column(6, "notes")}
    (told,) = verbs.preview(desk, path, said=said).sheets[0].tables
    assert told.columns[6].name == "notes" and verbs.preview(desk, path).sheets[0].tables == (table,)
    verbs.take_in(desk, path, said=said)
    assert verbs.values(desk, "household", verbs.listing(desk, "household").rows[0].id)["notes"] == "门铃坏了"
    (later,) = verbs.preview(desk, book(tmp_path / "b.xlsx", rows)).sheets[0].tables
    assert later.columns[6].name == "notes" and later.said is not None
    verbs.take_in(desk, path, said={table.signature: verbs.Said(automatic=True)})
    assert verbs.preview(desk, path).sheets[0].tables == (table,)
    assert "门铃" not in verbs.setting(desk, "ledger.headings") and "特别" not in verbs.setting(desk, "ledger.headings")


def test_the_problem_copy_says_what_the_preview_says_and_is_logged(sample: Any, tmp_path: Path) -> None:
    told = verbs.preview(sample, SAMPLE / "住户台账.xlsx")
    before = content(sample.store.engine)
    written = verbs.problem_copy(sample, SAMPLE / "住户台账.xlsx", tmp_path / "问题表.xlsx")
    assert written == len({(row.sheet, row.row) for row in told.rows if row.faults}) > 0
    assert content(sample.store.engine) == before and verbs.audit(sample, 1)[0]["what"] == "export"
    again = verbs.preview(sample, tmp_path / "问题表.xlsx")
    assert (again.counts, [row.outcome for row in again.rows]) == (told.counts, [row.outcome for row in told.rows])
    (tmp_path / "假.xlsx").write_bytes(b"x")
    with pytest.raises(Trouble):
        verbs.problem_copy(sample, tmp_path / "假.xlsx", tmp_path / "无.xlsx")
