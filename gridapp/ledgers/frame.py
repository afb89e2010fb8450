"""Everything of a ledger but its rows, as XlsxWriter makes it: the head above them, the foot below, how it prints, and the styles of the cells."""
from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.ledgers.forms import Form
from gridapp.ledgers.looks import ALIGNS, VARIANTS, lines, looks_of
from gridapp.ledgers.marks import letters

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TITLE, UNIT, HEADER, FIRST = range(4)
LINE, PADDING = 14.5, 8
A4 = 9
SHEET = "xl/worksheets/sheet1.xml"
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


class Whole(BytesIO):
    """XlsxWriter's file. It stays open for the zip that XlsxWriter leaves unfinished on a full disk, whose end would complain on stderr."""

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Telling:
    """What a ledger says besides its rows. note: what it is for and how it is masked."""

    org_name: str
    made_on: dt.date
    made_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of the file but the sheet; the sheet's XML before the rows and after them; the style number of each look of a cell."""

    parts: dict[str, bytes]
    top: bytes
    bottom: bytes
    styles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """The one sheet of a ledger while XlsxWriter has it."""

    form: Form
    sheet: Worksheet
    looks: dict[str, Format]

    @property
    def last(self) -> int:
        return len(self.form.columns) - 1


def frame(form: Form, telling: Telling, count: int, scratch: Path) -> Frame:
    """The ledger around count rows, which are not in it. scratch: where XlsxWriter may keep files meanwhile; OSError when they find no room.

    Under the foot XlsxWriter also writes a cell in each look, so that we learn its style numbers without knowing how it counts; those rows are
    cut off. Only the style numbers do not depend on count.
    """
    whole = Whole()
    book = open_book(form, whole, telling.made_on, scratch)
    page = Page(form, book.add_worksheet(form.sheet_name), looks_of(book))
    names = [f"{align}{variant}" for align in ALIGNS for variant in VARIANTS]
    try:
        head(page, telling)
        under = foot(page, FIRST + count, telling.note, (f"共 {count} {form.unit}      制表人：{telling.made_by}", "审核人：", "负责人（签字）："))
        for place, name in enumerate(names):
            page.sheet.write_blank(under + place, 0, None, page.looks[name])
        close(book)
    except BaseException:
        abandon(page.sheet)
        raise
    return cut(whole, names, f"A1:{letters(page.last)}{under}", FIRST + count + 1, under + 1)


def cut(whole: Whole, names: list[str], area: str, foot_row: int, model_row: int) -> Frame:
    """The frame out of XlsxWriter's file; foot_row and model_row as Excel counts."""
    with zipfile.ZipFile(whole) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    sheet = DIMENSION.sub(b'<dimension ref="%s"/>' % area.encode(), parts.pop(SHEET), count=1)
    rows, model, end = sheet.index(b'<row r="%d"' % foot_row), sheet.index(b'<row r="%d"' % model_row), sheet.index(b"</sheetData>")
    numbers = [found.decode() for found in re.findall(rb'<c [^>]* s="(\d+)"', sheet[model:end])]
    return Frame(parts, sheet[:rows], sheet[rows:model] + sheet[end:], dict(zip(names, numbers, strict=True)))


def open_book(form: Form, whole: Whole, made_on: dt.date, scratch: Path) -> Workbook:
    """A workbook that does not remember rows: else XlsxWriter would look up each of those that are not there."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "tmpdir": str(scratch), "default_format_properties": {"font_name": "宋体", "font_size": 11}}
    book = Workbook(whole, options)
    book.set_properties({"title": form.title, "created": dt.datetime.combine(made_on, dt.time())})
    return book


def close(book: Workbook) -> None:
    """Finish the workbook; XlsxWriter wraps what the disk says, we want it plain."""
    from xlsxwriter.exceptions import FileCreateError

    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error


def abandon(sheet: Worksheet) -> None:
    """Let go of an unfinished sheet's files, so that the scratch folder can be removed (Windows) and nothing dangles."""
    for file in (sheet.row_data_fh, sheet.fh):
        try:
            file.close()
        except OSError:
            continue


def head(page: Page, telling: Telling) -> None:
    """How the page prints, and the three rows above the data."""
    form, sheet, looks, day = page.form, page.sheet, page.looks, telling.made_on
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width)
    if page.form.landscape:
        sheet.set_landscape()
    set_up_print(sheet, HEADER)
    sheet.freeze_panes(FIRST, min(page.form.freeze, page.last))
    sheet.set_row(TITLE, 36)
    sheet.merge_range(TITLE, 0, TITLE, page.last, form.title, looks["title"])
    sheet.set_row(UNIT, 22)
    span(page, UNIT, 0, date_from(form) - 1, f"制表单位：{telling.org_name}", "unit")
    span(page, UNIT, date_from(form), page.last, f"制表日期：{day.year}年{day.month}月{day.day}日", "date")
    sheet.set_row(HEADER, PADDING + 6 + LINE * max(lines(column.heading, column.width) for column in form.columns))
    for place, column in enumerate(form.columns):
        sheet.write_string(HEADER, place, column.heading, looks["header"])


def set_up_print(sheet: Worksheet, header: int) -> None:
    """A4, as wide as the paper, the heading on every page and its number below."""
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.65)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer('&C&"宋体,常规"&9第 &P 页，共 &N 页')


def date_from(form: Form) -> int:
    """Where the date begins: the fewest columns from the right that have room for it, and never all of them."""
    place, room = len(form.columns), 0
    while room < 26 and place > 1:
        place -= 1
        room += form.columns[place].width
    return place


def span(page: Page, row: int, first: int, last: int, text: str, look: str) -> None:
    """Text over several columns of one row (Excel will not merge a single cell)."""
    if first == last:
        page.sheet.write_string(row, first, text, page.looks[look])
    else:
        page.sheet.merge_range(row, first, row, last, "", page.looks[look])
        page.sheet.write_string(row, first, text, page.looks[look])


def foot(page: Page, row: int, note: str, signs: tuple[str, ...]) -> int:
    """The note, if any, and the sign-off row, its parts side by side; then what is printed is known. Gives the row under it."""
    if note:
        page.sheet.set_row(row, PADDING + LINE * lines(note, sum(column.width for column in page.form.columns)))
        span(page, row, 0, page.last, f"说明：{note}", "note")
        row += 1
    page.sheet.set_row(row, 32)
    starts = equal_parts(page.form, len(signs))
    if len(starts) < len(signs):
        starts, signs = [0], ("      ".join(signs),)
    for sign, first, last in zip(signs, starts, [*(start - 1 for start in starts[1:]), page.last], strict=True):
        span(page, row, first, last, sign, "sign-off")
    page.sheet.print_area(0, 0, row, page.last)
    page.sheet.ignore_errors({"number_stored_as_text": f"A{FIRST + 1}:{letters(page.last)}{row + 1}"})
    return row + 1


def equal_parts(form: Form, parts: int) -> list[int]:
    """The columns at which the page falls into about equal parts; fewer parts where there are fewer columns."""
    whole, starts, passed = sum(column.width for column in form.columns), [0], 0
    for place, column in enumerate(form.columns):
        if place > starts[-1] and passed >= whole * len(starts) / parts:
            starts.append(place)
        passed += column.width
    return starts
