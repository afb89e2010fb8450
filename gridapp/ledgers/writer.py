"""Standard ledgers as .xlsx, ready to print: title, unit and date, header, bordered rows, sign-off; A4, one page wide, the header on every page."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from operator import length_hint
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.ledgers import landing
from gridapp.ledgers.forms import SERIAL, Form, FormColumn
from gridapp.ledgers.locking import lock
from gridapp.ledgers.looks import lines, looks_of
from gridapp.ledgers.marks import letters

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Step = Callable[[int, int], None]
TITLE, UNIT, HEADER, FIRST = range(4)
LINE, PADDING, TALLEST = 14.5, 8, 400
EVERY = 200
A4 = 9
# Text a spreadsheet could take for a formula when someone edits the cell; it gets the quote prefix besides being a string.
RISKY = ("=", "+", "-", "@", "\t", "\r")


class Whole(BytesIO):
    """The workbook in memory. It stays open for the zip that XlsxWriter leaves unfinished on a full disk, whose end would complain on stderr."""

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Page:
    """The one sheet of a ledger being written, row by row from the top (constant memory goes no other way)."""

    form: Form
    sheet: Worksheet
    looks: dict[str, Format]

    @property
    def last(self) -> int:
        return len(self.form.columns) - 1


def write_ledger(
    form: Form, rows: Iterable[dict[str, str]], out: Path, *, org_name: str, made_on: dt.date, made_by: str = "", note: str = "", password: str = "",
    step: Step = lambda done, total: None,
) -> int:
    """Write rows (values by FormColumn.source, already as they should read; a missing one is blank) to out, and give their number.

    note stands under the rows (what the ledger is for, how it is masked). password: the file opens with it alone, and no part of it is ever on a
    disk in the clear. step(done, total) is called now and then and may raise to stop;
    total is 0 where rows do not know their number. Raises Trouble when the place will not take the file. Whatever is raised, nothing half
    written is left, and a ledger that stood there before still does.
    """
    with landing.scratch_beside(out) as scratch:
        whole = Whole()
        book = open_book(form, whole, None if password else scratch, made_on)
        page = Page(form, book.add_worksheet(form.sheet_name), looks_of(book))
        try:
            head(page, org_name, made_on)
            count = fill(page, rows, step)
            foot(page, FIRST + count, note, (f"共 {count} {form.unit}      制表人：{made_by}", "审核人：", "负责人（签字）："))
            close(book)
        except BaseException:
            abandon(page.sheet)
            raise
        landing.land(lock(whole.getvalue(), password) if password else whole.getvalue(), scratch, out)
    return count


def open_book(form: Form, whole: BytesIO, scratch: Path | None, made_on: dt.date) -> Workbook:
    """A workbook kept on disk (in scratch) while it grows: about 20 MB of memory whatever the number of rows. Without scratch all in memory."""
    from xlsxwriter import Workbook

    kept = {"constant_memory": True, "tmpdir": str(scratch)} if scratch else {"in_memory": True}
    options = {**kept, "default_format_properties": {"font_name": "宋体", "font_size": 11}}
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
    for file in filter(None, (sheet.row_data_fh, sheet.fh)):
        with suppress(OSError):
            file.close()


def head(page: Page, org_name: str, made_on: dt.date) -> None:
    """How the page prints, and the three rows above the data."""
    form, sheet, looks = page.form, page.sheet, page.looks
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width)
    set_up_print(page)
    sheet.set_row(TITLE, 36)
    sheet.merge_range(TITLE, 0, TITLE, page.last, form.title, looks["title"])
    sheet.set_row(UNIT, 22)
    span(page, UNIT, 0, date_from(form) - 1, f"制表单位：{org_name}", "unit")
    span(page, UNIT, date_from(form), page.last, f"制表日期：{made_on.year}年{made_on.month}月{made_on.day}日", "date")
    sheet.set_row(HEADER, PADDING + 6 + LINE * max(lines(column.heading, column.width) for column in form.columns))
    for place, column in enumerate(form.columns):
        sheet.write_string(HEADER, place, column.heading, looks["header"])


def set_up_print(page: Page) -> None:
    sheet = page.sheet
    if page.form.landscape:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.65)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER)
    sheet.set_footer('&C&"宋体,常规"&9第 &P 页，共 &N 页')
    sheet.freeze_panes(FIRST, min(page.form.freeze, page.last))


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


def fill(page: Page, rows: Iterable[dict[str, str]], step: Step) -> int:
    """The rows themselves; gives their number."""
    total, count = length_hint(rows), 0
    for count, row in enumerate(rows, 1):
        write_row(page, FIRST + count - 1, count, row)
        if count % EVERY == 0:
            step(count, total)
    step(count, total or count)
    return count


def write_row(page: Page, at: int, serial: int, row: dict[str, str]) -> None:
    form, sheet, looks = page.form, page.sheet, page.looks
    row = {**row, SERIAL: str(serial)}
    cells = [(row.get(column.source) or "", column) for column in form.columns]
    sheet.set_row(at, min(PADDING + LINE * max(lines(value, column.width) for value, column in cells), TALLEST))
    for place, (value, column) in enumerate(cells):
        write_cell(sheet, at, place, value, column, looks)


def write_cell(sheet: Worksheet, row: int, place: int, value: str, column: FormColumn, looks: dict[str, Format]) -> None:
    """A number only where the form says so and it is one; else a string, whatever it begins with."""
    if not value:
        sheet.write_blank(row, place, None, looks[column.align])
    elif column.number and value.isascii() and value.isdigit() and (value[0] != "0" or value == "0"):
        sheet.write_number(row, place, int(value), looks[f"{column.align} number"])
    else:
        sheet.write_string(row, place, value, looks[f"{column.align} quoted" if value.startswith(RISKY) else column.align])


def foot(page: Page, row: int, note: str, signs: tuple[str, ...]) -> None:
    """The note, if any, and the sign-off row, its parts side by side; then what is printed is known."""
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


def equal_parts(form: Form, parts: int) -> list[int]:
    """The columns at which the page falls into about equal parts; fewer parts where there are fewer columns."""
    whole, starts, passed = sum(column.width for column in form.columns), [0], 0
    for place, column in enumerate(form.columns):
        if place > starts[-1] and passed >= whole * len(starts) / parts:
            starts.append(place)
        passed += column.width
    return starts
