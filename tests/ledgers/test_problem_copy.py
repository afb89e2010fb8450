"""问题表: the same cells with remarks and colours beside them; read again it says what the ledger it was made from says."""
from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gridapp.ledgers.drafts import drafts
from gridapp.ledgers.problem_copy import ADVICE, PROBLEM, write_problems
from gridapp.ledgers.reader import read_ledger
from gridapp.rules.reading import Fault, Trouble
from tests.ledgers.crafted import CASES

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared" / "ledgers"
SAMPLES = sorted(path for grid in ("grid1", "grid2") for path in (REPOSITORY / "resources" / "sample" / grid).iterdir() if path.suffix != ".json")
LEDGERS = [*SAMPLES, *sorted(path for path in SHARED.glob("*.*") if path.suffix in (".xlsx", ".xls", ".csv"))]
HEAD, ROWS = ["姓名", "联系电话", "住址"], [["王伟", "16100000001", "1号楼101室"], ["", "=1+1", "1号楼102室"]]


def told(book):
    found = [(sheet.name, draft) for sheet in book.sheets for draft in drafts(sheet) if draft.faults]
    return {(name, draft.row): draft.faults for name, draft in found}


def said(book):
    """What a ledger comes to, without what only the file itself can say (formulas without a result, error cells: a copy has values only)."""
    gone = {"formula_uncached", "cell_error"}
    return [
        [(draft.row, draft.record, draft.values, [fault for fault in draft.faults if fault.code not in gone]) for draft in drafts(sheet)]
        for sheet in book.sheets
    ]


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_copy_is_read_like_the_ledger(path, tmp_path):
    book = read_ledger(path)
    if book.error:
        return
    write_problems(book, told(book), tmp_path / "问题表.xlsx")
    again = read_ledger(tmp_path / "问题表.xlsx")
    assert said(again) == said(book)
    write_problems(again, told(again), tmp_path / "again.xlsx")
    assert said(read_ledger(tmp_path / "again.xlsx")) == said(book), "a copy of a copy has its remarks once"


def test_remarks_stand_beside_their_rows_and_cells_are_coloured(make_book, tmp_path):
    def as_text(sheet):
        sheet["B4"].data_type = "s"

    book = read_ledger(make_book({"居民": [["居民台账"], HEAD, *ROWS]}, dress=as_text))
    assert write_problems(book, told(book), tmp_path / "问题表.xlsx") == 1
    page = openpyxl.load_workbook(tmp_path / "问题表.xlsx")["居民"]
    assert (page["D2"].value, page["E2"].value) == (PROBLEM, ADVICE)
    assert "没有姓名" in page["D4"].value and "补上姓名" in page["E4"].value and page["D3"].value is None
    assert page["A4"].fill.fgColor.rgb == "FFF8D2CE" and page["A3"].fill.fgColor.rgb != "FFF8D2CE"
    assert page["B4"].data_type == "s" and page["B4"].value == "=1+1"


def test_a_mended_copy_is_a_ledger(make_book, tmp_path):
    book = read_ledger(make_book({"居民": [HEAD, *ROWS]}))
    write_problems(book, told(book), tmp_path / "问题表.xlsx")
    copy = openpyxl.load_workbook(tmp_path / "问题表.xlsx")
    copy["居民"]["A3"], copy["居民"]["B3"] = "李娜", "16100000002"
    copy.save(tmp_path / "改好.xlsx")
    sheet = read_ledger(tmp_path / "改好.xlsx").sheets[0]
    assert [row.fields["name"] for row in sheet.rows] == ["王伟", "李娜"] and not sheet.rejects
    assert sheet.tables[0].signature == book.sheets[0].tables[0].signature and not sheet.tables[0].mapping.unknown


@pytest.mark.parametrize("name", [name for name, _, outcome in CASES if name.startswith(("odd", "dates", "merged", "a merged", "long cells"))])
def test_odd_cells_can_be_copied(name, tmp_path):
    (tmp_path / name).write_bytes(next(build for title, build, _ in CASES if title == name)())
    book = read_ledger(tmp_path / name)
    write_problems(book, told(book), tmp_path / "问题表.xlsx")
    assert book.error or len(read_ledger(tmp_path / "问题表.xlsx").sheets[0].grid.rows) >= len(book.sheets[0].rows)


def test_a_place_that_takes_no_file_is_trouble(make_book, tmp_path):
    book = read_ledger(make_book({"居民": [HEAD, *ROWS]}))
    with pytest.raises(Trouble):
        write_problems(book, {("居民", 2): [Fault("x", "不对。")]}, tmp_path / "没有" / "问题表.xlsx")
    assert list(tmp_path.iterdir()) == [tmp_path / "台账.xlsx"]
