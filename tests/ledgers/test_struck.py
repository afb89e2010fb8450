"""A cell of which only a part is struck out says what is left; one struck out from end to end is marked, however it was done."""
from __future__ import annotations

import pytest
import xlsxwriter

from gridapp.ledgers.reader import read_ledger


@pytest.fixture
def flags(tmp_path):
    """flags(runs, cell struck?) -> the flags of a person whose address is written in these runs; a run: its text, struck or None (as the cell)."""

    def made(runs, whole=False, constant=True):
        path = tmp_path / "台账.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": constant}) as book:
            sheet = book.add_worksheet()
            looks = {True: book.add_format({"font_strikeout": True}), False: book.add_format({"bold": True})}
            cell = book.add_format({"font_strikeout": whole})
            sheet.write_row(0, 0, ["姓名", "住址"])
            sheet.write(1, 0, "王伟")
            parts = [part for text, struck in runs for part in ([text] if struck is None else [looks[struck], text])]
            sheet.write_rich_string(1, 1, *parts, cell)
        return [row.flags for row in read_ledger(path).sheets[0].rows]

    return made


@pytest.mark.parametrize("constant", [True, False], ids=["in the cell", "shared"])
@pytest.mark.parametrize(("runs", "whole", "told"), [
    ([("1号楼101室", True), ("1号楼102室", False)], False, []), ([("1号楼101室", True), ("1号楼102室", None)], False, []),
    ([("1号楼", True), ("101室", True)], False, ["strikethrough"]), ([("1号楼101室", True), (" ", False)], False, ["strikethrough"]),
    ([("1号楼101室", False), ("1号楼102室", None)], True, []), ([("1号楼", None), ("101室", True)], True, ["strikethrough"]),
])
def test_only_what_is_struck_from_end_to_end_counts(flags, runs, whole, told, constant):
    assert flags(runs, whole, constant) == [told]
