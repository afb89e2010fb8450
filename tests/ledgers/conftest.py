"""Small messy workbooks, made in tmp_path."""
from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest


@pytest.fixture
def make_book(tmp_path):
    """make_book({sheet: rows}, merges={sheet: [ranges]}, name=...) -> the path of a new .xlsx."""

    def make(sheets, merges=None, name="台账.xlsx", dress=None) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for cells in rows:
                sheet.append(cells)
            for area in (merges or {}).get(title, ()):
                sheet.merge_cells(area)
            if dress:
                dress(sheet)
        path = tmp_path / name
        book.save(path)
        return path

    return make


@pytest.fixture
def text_file(tmp_path):
    """text_file(name, bytes) -> the path of a new file."""

    def make(name, data) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make
