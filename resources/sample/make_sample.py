"""Make the sample ledgers of two grids and expected.json beside them: python resources/sample/make_sample.py

expected.json says, for each file, how many rows of data stand in it, how many have nothing wrong, and which fault was planted where
(rows count from 1; in a .csv the header is record 1), so that every count of an import can be explained.
"""
from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
ABOUT = ("good: rows with nothing planted; level read: the row (or its table) shows it; level desk: the store or what was kept before shows it; "
         "others: rows on which the same fault may be reported too; all people are invented")
sys.path.insert(0, str(HERE))

import journals  # noqa: E402
import rosters  # noqa: E402
from books import Sheet, write  # noqa: E402
from town import TODAY, Town, make_town  # noqa: E402

LOW = [(number, 4 if number % 4 else 3, 6) for number in range(1, 10)]
HIGH = [(number, 2, 11) for number in range(11, 20)]
GRIDS = {1: ("示范社区第一网格", LOW, 45), 2: ("示范社区第二网格", HIGH, 44)}
FILES: dict[int, dict[str, tuple[str, Any]]] = {
    1: {
        "住户台账.xlsx": ("household", rosters.household_sheet), "居民台账.xlsx": ("resident", rosters.resident_sheet),
        "党员花名册.xlsx": ("member", rosters.roster_sheet), "入户走访台账.xls": ("visit", journals.visit_sheets_by_month),
        "服务事项台账.csv": ("request", journals.request_sheet),
    },
    2: {
        "住户台账.xlsx": ("household", rosters.household_sheet), "居民台账.xlsx": ("resident", rosters.resident_sheets_by_building),
        "党员花名册.xlsx": ("member", rosters.roster_sheet), "入户走访台账.xlsx": ("visit", journals.visit_sheet),
        "服务事项台账.xlsx": ("request", journals.request_sheet_two_levels),
    },
}


def ledgers(grid: int) -> tuple[Town, dict[str, list[Sheet]]]:
    """The town of one grid and its ledgers by file name."""
    town = make_town(grid, *GRIDS[grid])
    return town, {name: build(town, Random(f"{grid}{name}")) for name, (_, build) in FILES[grid].items()}


def expected_of(grid: int, town: Town, files: dict[str, list[Sheet]]) -> dict[str, Any]:
    """What an import of one grid should count."""
    told = {}
    for name, sheets in files.items():
        faults = [fault for sheet in sheets for fault in sheet.faults]
        rows = {sheet.name: sheet.count for sheet in sheets if sheet.count}
        total = sum(rows.values())
        told[name] = {"kind": FILES[grid][name][0], "rows": total, "good": total - len(faults), "sheets": rows, "faults": faults}
    people = sum(len(home.people) for home in town.homes)
    truth = {"buildings": len({home.building for home in town.homes}), "households": len(town.homes), "residents": people,
             "members": len(town.comrades), "visits": len(town.calls), "requests": len(town.asks)}
    return {"name": town.name, "truth": truth, "files": told}


def main() -> None:
    """Write both grids' workbooks and expected.json."""
    told: dict[str, Any] = {"as_of": TODAY.isoformat(), "about": ABOUT}
    for grid in GRIDS:
        town, files = ledgers(grid)
        folder = HERE / f"grid{grid}"
        folder.mkdir(exist_ok=True)
        for name, sheets in files.items():
            write(folder / name, sheets)
        told[f"grid{grid}"] = expected_of(grid, town, files)
    (HERE / "expected.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
