"""The committed sample ledgers are what make_sample.py makes, hold only invented people, and carry the faults expected.json names."""
from __future__ import annotations

import csv
import datetime as dt
import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

SAMPLE = Path(__file__).parents[2] / "resources" / "sample"
PARTS = ("make_sample", "journals", "rosters", "spellings", "books", "town", "phrases")
EXPECTED = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
FILES = [(grid, name) for grid in (1, 2) for name in EXPECTED[f"grid{grid}"]["files"]]


@pytest.fixture(scope="module")
def made():
    """What the generator makes today: {grid: (town, {file: sheets})}; its modules are forgotten again afterwards."""
    sys.path.insert(0, str(SAMPLE))
    try:
        maker = importlib.import_module("make_sample")
        yield {grid: maker.ledgers(grid) for grid in maker.GRIDS}, maker
    finally:
        for name in PARTS:
            sys.modules.pop(name, None)
        sys.path[:] = [entry for entry in sys.path if entry != str(SAMPLE)]


def plain(value: Any) -> str:
    """A cell as text, whichever library read it."""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def tidy(rows: list[list[Any]]) -> list[list[str]]:
    """Rows of text without the empty cells and rows at the end."""
    told = [[plain(value) for value in row] for row in rows]
    for row in told:
        while row and not row[-1]:
            row.pop()
    while told and not told[-1]:
        told.pop()
    return told


def committed(grid: int, name: str) -> dict[str, list[list[str]]]:
    """The cells of a committed file by sheet."""
    path = SAMPLE / f"grid{grid}" / name
    if path.suffix == ".csv":
        with path.open(encoding="gb18030", newline="") as lines:
            return {"*": tidy(list(csv.reader(lines)))}
    book = CalamineWorkbook.from_path(str(path))
    return {sheet: tidy(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in book.sheet_names}


@pytest.mark.parametrize(("grid", "name"), FILES)
def test_committed_cells_are_what_the_generator_makes(made, grid, name):
    towns, _ = made
    sheets = towns[grid][1][name]
    assert committed(grid, name) == {sheet.name: tidy(sheet.rows) for sheet in sheets}


def test_expected_is_what_the_generator_expects(made):
    towns, maker = made
    for grid, (town, files) in towns.items():
        assert EXPECTED[f"grid{grid}"] == maker.expected_of(grid, town, files)


@pytest.mark.parametrize(("grid", "name"), FILES)
def test_only_invented_people(grid, name):
    text = "\n".join(cell for rows in committed(grid, name).values() for row in rows for cell in row).replace(" ", "")
    assert all(found.startswith("990101") for found in re.findall(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)", text))
    assert all(found.startswith("161") for found in re.findall(r"(?<!\d)1[3-9]\d{8,9}(?!\d)", text))
    assert all(found.startswith("0320-555") for found in re.findall(r"0\d{2,3}-\d{7,8}", text))


@pytest.mark.parametrize(("grid", "name"), FILES)
def test_small_enough_to_ship(grid, name):
    assert (SAMPLE / f"grid{grid}" / name).stat().st_size < 150_000


@pytest.mark.parametrize(("grid", "name"), FILES)
def test_planted_faults_stand_in_the_file(grid, name):
    """Each fault named in expected.json can be seen in the committed cells at its row."""
    told = EXPECTED[f"grid{grid}"]["files"][name]
    sheets = committed(grid, name)
    assert told["rows"] - told["good"] == len(told["faults"]) == len({(fault["sheet"], fault["row"]) for fault in told["faults"]}) >= 4
    for fault in told["faults"]:
        assert SIGNS[fault["code"]](sheets[fault["sheet"]], fault["row"] - 1), fault
        assert fault["row"] not in fault["others"] and bool(fault["others"]) == (fault["code"] in SHARED), fault


def has(pattern: str):
    return lambda rows, at: any(re.search(pattern, cell) for cell in rows[at])


def same_as_another(rows: list[list[str]], at: int) -> bool:
    """Another row holds the same values, but for its number, its date's spelling and what merging hides."""
    return any(rows[at][4:] == row[4:] for place, row in enumerate(rows) if place != at)


def bad_check_digit(rows: list[list[str]], at: int) -> bool:
    number = next(cell for cell in rows[at] if re.fullmatch(r"990101\d{11}[\dX]", cell))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(a) * b for a, b in zip(number, weights, strict=False)) % 11] != number[-1]


def sex_against_id(rows: list[list[str]], at: int) -> bool:
    number = next(re.sub(r"\W", "", cell) for cell in rows[at] if re.fullmatch(r"990101\d{11}[\dXx]", re.sub(r"\W", "", cell)))
    return ("女" if int(number[16]) % 2 else "男") in rows[at]


def out_of_order(rows: list[list[str]], at: int) -> bool:
    """转正 before 入党, or 办结 before 受理."""
    pairs = [[re.sub(r"\D", "", rows[at][place]) for place in places] for places in ((7, 8), (1, 12))]
    return any(re.match("19|20", first) and re.match("19|20", second) and second < first for first, second in pairs)


SHARED = ("already_present", "two_heads", "name_missing", "duplicate_no")
SIGNS = {
    "phone_invalid": has(r"^\W*161\d{7}\W*$"),
    "missing": lambda rows, at: rows[at][1] == "" and rows[at][3] != "",
    "code_unknown": has("^公摊$"),
    "household_unknown": has("^88号楼1单元101室$"),
    "date_unparsable": has("下旬$"),
    "date_invalid": has(r"02\.30$|32日$|-09-31$"),
    "date_order": out_of_order,
    "id_checksum": bad_check_digit,
    "id_length": has(r"^990101\d{11}$"),
    "id_birth_invalid": has("^9901011965023"),
    "id_precision_lost": has(r"^990101\d{11,12}$|E\+17"),
    "sex_id_mismatch": sex_against_id,
    "name_missing": lambda rows, at: rows[at][4] == "",
    "two_heads": lambda rows, at: rows[at][5] == "户主",
    "already_present": same_as_another,
    "duplicate_no": lambda rows, at: sum(row[0] == rows[at][0] for row in rows) == 2,
}


def test_the_same_facts_meet_across_ledgers(made):
    towns, _ = made
    for town, _ in towns.values():
        homes = set(map(id, town.homes))
        assert len({home.address for home in town.homes}) == len(town.homes)
        for comrade in town.comrades:
            assert comrade.person in comrade.home.people
        for event in [*town.calls, *town.asks]:
            assert event.person in event.home.people and id(event.home) in homes
        assert all(call.ask in town.asks and call.ask.day == call.day for call in town.calls if call.ask)


def test_numbers_belong_to_one_person(made):
    towns, _ = made
    people = [person for town, _ in towns.values() for home in town.homes for person in home.people]
    phones = [person.phone for person in people if person.phone]
    assert len({person.id_no for person in people}) == len(people)
    assert len(set(phones)) == len(phones) and all(re.fullmatch(r"161\d{8}", phone) for phone in phones)


def test_names_that_trip_programs_are_there(made):
    towns, _ = made
    for town, _ in towns.values():
        names = [person.name for home in town.homes for person in home.people]
        assert all(any(name.startswith(surname) for name in names) for surname in ("单", "曾", "仇", "解", "区", "查", "翟", "乐", "覃", "尉迟"))
        assert any("㛃" in name for name in names) and any("𬱖" in name for name in names)
