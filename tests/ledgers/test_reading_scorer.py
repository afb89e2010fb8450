"""Whole ledgers against the truth: our own here, and the sixteen workbooks where they stand beside the checkout."""
from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from gridapp.ledgers.drafts import drafts
from gridapp.ledgers.produced import produced
from gridapp.ledgers.reader import read_ledger

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared" / "ledgers"
SAMPLE = REPOSITORY / "resources" / "sample"
SUFFIXES = (".xlsx", ".xls", ".csv")
EXPECTED = json.loads((SAMPLE / "expected.json").read_text("utf-8"))


def test_produced_has_the_form_of_the_shared_page(make_book):
    path = make_book({"居民": [["姓名", "性别", "电话"], ["王伟", "1", "16100000001/16100000002"], ["", "女", "16100000003"]]})
    fields = {"name": "王伟", "sex": "男", "phone": ["16100000001", "16100000002"]}
    assert produced([read_ledger(path)]) == {
        "台账.xlsx": {
            "file_error": None,
            "sheets": {
                "居民": {
                    "records": [{"row": 2, "block": 0, "fields": fields, "flags": []}],
                    "rejects": [{"row": 3, "code": "name_missing"}],
                }
            },
        }
    }
    json.dumps(produced([read_ledger(path)]))


def test_the_shared_workbooks_are_read_to_the_mark():
    """Where the shared folder is not beside the checkout, the sample ledgers must at least all be read."""
    folders = [SHARED] if SHARED.is_dir() else [SAMPLE / "grid1", SAMPLE / "grid2"]
    found = produced(read_ledger(path) for folder in folders for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES)
    if not SHARED.is_dir():
        assert len(found) >= 5 and all(book["file_error"] is None for book in found.values())
        return
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    totals, why = score.score(json.loads(json.dumps(found)))
    assert (totals["silent_bad"], totals["invented"]) == (0, 0), why
    assert totals["rows_ok"] >= 0.98 * totals["rows"], why
    assert totals["flags_seen"] == totals["flags"] and totals["file_errors_ok"] == totals["file_errors"], why


def test_the_sample_ledgers_are_read_row_for_row():
    """Every row counted, every fault planted to be seen in the file found, and nothing reported on a good row."""
    for grid in ("grid1", "grid2"):
        for name, told in EXPECTED[grid]["files"].items():
            book = read_ledger(SAMPLE / grid / name)
            assert sum(len(sheet.rows) + len(sheet.rejects) for sheet in book.sheets) == told["rows"], name
            flagged = {(sheet.name, draft.row) for sheet in book.sheets for draft in drafts(sheet) if draft.faults}
            planted = {(fault["sheet"].replace("*", "CSV"), row) for fault in told["faults"] for row in (fault["row"], *fault["others"])}
            assert flagged <= planted, name


def test_planted_faults_are_found_by_their_code():
    missed = []
    for grid in ("grid1", "grid2"):
        for name, told in EXPECTED[grid]["files"].items():
            book = read_ledger(SAMPLE / grid / name)
            seen = {(sheet.name, draft.row, fault.code) for sheet in book.sheets for draft in drafts(sheet) for fault in draft.faults}
            at_reading = [fault for fault in told["faults"] if fault["level"] == "read" and fault["code"] not in ("missing", "code_unknown")]
            missed += [fault for fault in at_reading if (fault["sheet"].replace("*", "CSV"), fault["row"], fault["code"]) not in seen]
    assert missed == []
