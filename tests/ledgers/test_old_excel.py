"""What an old .xls or .et says besides its values: 1904 dates, hidden rows, strike-out, number formats, errors, sheets that are none."""
from __future__ import annotations

import datetime as dt
import io
import struct

import pytest
import xlwt

from gridapp.ledgers.biff_marks import BOF, FONT, FORMAT, XF, BiffMarks, Styles
from gridapp.ledgers.reader import read_ledger

HEAD = ["姓名", "性别", "出生日期", "联系电话", "住址"]
ROWS = [["王伟", "男", "1965-03-12", "16100000001", "1号楼101室"], ["李娜", "女", "1970-05", "16100000002", "1号楼102室"]]


@pytest.fixture
def old_book(text_file):
    """old_book(dress, name=...) -> an .xls of two people; dress(workbook, sheet) changes it before it is written."""

    def make(dress, name="台账.xls"):
        book, out = xlwt.Workbook(), io.BytesIO()
        sheet = book.add_sheet("居民", cell_overwrite_ok=True)
        for row, cells in enumerate([HEAD, *ROWS]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
        dress(book, sheet)
        book.save(out)
        return text_file(name, out.getvalue())

    return make


def rows_of(path):
    return read_ledger(path).sheets[0].rows


@pytest.mark.parametrize("name", ["台账.xls", "台账.et"])
def test_dates_counted_from_1904(old_book, name):
    def dress(book, sheet):
        book.dates_1904 = True
        sheet.write(1, 2, dt.date(1965, 3, 12), xlwt.easyxf(num_format_str="yyyy-mm-dd"))

    assert rows_of(old_book(dress, name))[0].fields["birth"] == "1965-03-12"


def test_a_hidden_row_says_so(old_book):
    def dress(_, sheet):
        sheet.row(2).hidden = True

    assert [row.flags for row in rows_of(old_book(dress, "台账.et"))] == [[], ["hidden_row"]]


def test_a_struck_cell_says_so(old_book):
    def dress(_, sheet):
        for style in ("font: bold on", "font: italic on", "font: height 300", "font: underline on"):
            sheet.write(0, 9, "", xlwt.easyxf(style))
        sheet.write(1, 0, "王伟", xlwt.easyxf("font: struck_out on"))

    first, second = rows_of(old_book(dress))
    assert first.flags == ["strikethrough"] and first.faults[0].field == "name" and second.flags == []


def test_two_decimals_make_it_october(old_book):
    def dress(_, sheet):
        sheet.write(1, 2, 1965.1, xlwt.easyxf(num_format_str="0.00"))
        sheet.write(2, 2, 1970.1)

    first, second = rows_of(old_book(dress))
    assert (first.fields["birth"], first.flags) == ("1965-10", [])
    assert second.flags == ["date_ambiguous"]


def test_the_marks_are_of_their_own_sheet(old_book):
    def dress(book, _):
        other = book.add_sheet("二")
        for row, cells in enumerate([HEAD, *ROWS]):
            for column, cell in enumerate(cells):
                other.write(row, column, cell)
        other.row(1).hidden = True

    first, second = read_ledger(old_book(dress)).sheets
    assert [row.flags for row in first.rows] == [[], []] and [row.flags for row in second.rows] == [["hidden_row"], []]


def test_an_error_is_no_value(old_book):
    def dress(_, sheet):
        sheet.row(1).set_cell_error(4, "#DIV/0!")

    first, _ = rows_of(old_book(dress))
    assert "cell_error" in first.flags


def test_several_numbers_in_one_record_and_a_formula_that_failed():
    styles = Styles()
    for font in (0, 0, 0, 0, 8):
        styles.add(FONT, struct.pack("<HH", 200, font))
    for font, number in ((0, 0), (5, 2)):  # the fifth font is called 5: there is no 4
        styles.add(XF, struct.pack("<HH", font, number))
    marks = BiffMarks(styles)
    marks.add(0x00BD, 3, 1, struct.pack("<HHHIHIH", 3, 1, 0, 0, 1, 0, 2))
    marks.add(0x0006, 4, 0, struct.pack("<HHH", 4, 0, 0) + b"\x02\0\x07\0\0\0\xff\xff")
    assert marks.cells == {(4, 2): "strikethrough", (5, 0): "cell_error"}
    assert (marks.number_format(4, 1), marks.number_format(4, 2)) == ("", "0.00")


@pytest.mark.parametrize(("version", "body"), [(0x0500, struct.pack("<HB", 164, 4)), (0x0600, struct.pack("<HHB", 164, 4, 0))])
def test_formats_of_excel_95_and_later(version, body):
    styles = Styles()
    styles.add(BOF, struct.pack("<HH", version, 5))
    styles.add(FORMAT, body + b"0.00")
    styles.add(XF, struct.pack("<HH", 0, 164))
    for short in (BOF, FONT, FORMAT, XF):
        styles.add(short, b"\0")
    assert styles.format(0) == "0.00" and styles.format(9) == "" and not styles.is_struck(9)
