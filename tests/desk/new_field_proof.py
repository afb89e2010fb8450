"""Run by test_new_field with a changed copy of the program on PYTHONPATH: does the new field of a visit appear everywhere? One line of JSON.

python new_field_proof.py make FOLDER          before the change: a store with one visit
python new_field_proof.py prove FOLDER SCRATCH after it
"""
from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from gridapp import desk as verbs
from gridapp import office
from gridapp.records import BY_NAME, column
from gridapp.store.keys import QUICK
from gridapp.store.read import rows

PASSWORD, FIELD, LABEL = "correct-horse", "weather", "天气"
VISIT = {"visit_date": "2026-11-02", "visitors": "王书记", "place": "东门", "content": "巡查"}


def make(folder: Path) -> None:
    opened, _ = verbs.init(folder, PASSWORD, grid_name="示范网格", cost=QUICK)
    verbs.keep(opened, "visit", VISIT)
    opened.close()


def visits(opened: Any) -> list[dict[str, Any]]:
    with opened.store.reading() as connection:
        return rows(connection, "visit")


def from_form(opened: Any) -> str:
    """The value that came to the store through the window's form."""
    from PySide6.QtWidgets import QApplication

    from gridapp.ui.form import Form
    from gridapp.ui.seat import Seat

    app = QApplication.instance() or QApplication([])
    seat = Seat(opened.folder, None)  # type: ignore[arg-type]
    seat.desk, kept = opened, []
    form = Form(seat, "visit", saved=kept.append)
    _until(app, lambda: form.fields is not None)
    assert form.fields
    form.fields.set_raw(VISIT | {"place": "西门", FIELD: "有风"})
    form.keep()
    _until(app, lambda: bool(kept))
    seat.close()
    return verbs.values(opened, "visit", kept[0].row_id)[FIELD]


def _until(app: Any, done: Any) -> None:
    end = time.monotonic() + 60
    while not done() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    assert done()


def from_workbook(opened: Any, path: Path) -> str:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("走访台账")
        sheet.write_row(0, 0, ["走访日期", "走访人", "地点", "交谈要点", LABEL])
        sheet.write_row(1, 0, ["2026-11-03", "王书记", "南门", "看望", "小雨"])
    assert verbs.take_in(opened, path).counts["new"] == 1
    return next(row[FIELD] for row in visits(opened) if row["content"] == "看望")


def in_ledger(opened: Any, path: Path) -> list[str]:
    """The cells under the new heading of the plain ledger."""
    sheet = openpyxl.load_workbook(verbs.give_out(opened, "all-visit", path, purpose=verbs.Purpose.INSIDE, aim="试").path).active
    assert sheet is not None
    cells = [[value or "" for value in row] for row in sheet.iter_rows(values_only=True)]
    at = next(row.index(LABEL) for row in cells if LABEL in row)
    start = next(number for number, row in enumerate(cells) if LABEL in row)
    return sorted(str(row[at]) for row in cells[start + 1 :] if row[at])


def at_the_centre(opened: Any, scratch: Path) -> list[str]:
    """The values that reached the centre's store in a bundle."""
    centre, _ = verbs.init(scratch / "centre", PASSWORD, grid_name="中心", role="office", cost=QUICK)
    verbs.take(opened, office.enrol(centre, verbs.ask_to_join(opened, scratch), out_dir=scratch).answer)
    outcomes = office.take(centre, [verbs.make_bundle(opened, scratch).path])
    assert all(outcome.ok for outcome in outcomes), outcomes
    found = sorted(row[FIELD] for row in visits(centre) if row[FIELD])
    centre.close()
    return found


def prove(folder: Path, scratch: Path) -> dict[str, Any]:
    import gridapp

    opened = verbs.open_desk(folder, PASSWORD)
    old = visits(opened)
    page = verbs.listing(opened, "visit")
    told = {
        "program": gridapp.__file__,
        "column": sorted({FIELD} & set(old[0])),
        "old_rows": [row[FIELD] for row in old],
        "copies": [path.name for path in (folder / "backups").glob("*.gbk")],
        "heading": [each.heading for each in page.columns if each.heading == LABEL],
        "label": column(BY_NAME["visit"], FIELD).label,
        "form": from_form(opened),
        "workbook": from_workbook(opened, scratch / "in.xlsx"),
    }
    told["list"] = sorted(cell for row in verbs.listing(opened, "visit").rows for cell in row.cells if cell in ("有风", "小雨"))
    told["ledger"] = in_ledger(opened, scratch / "out.xlsx")
    told["centre"] = at_the_centre(opened, scratch)
    opened.close()
    return told


if sys.argv[1] == "make":
    make(Path(sys.argv[2]))
else:
    print(json.dumps(prove(Path(sys.argv[2]), Path(sys.argv[3])), ensure_ascii=False))
