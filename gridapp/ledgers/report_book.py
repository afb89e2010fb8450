"""A report as .xlsx: the table as it is prescribed, its charts beneath it drawn by Excel itself, and a sheet that says how everything was counted."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridapp.ledgers import landing
from gridapp.ledgers.frame import A4, LINE, PADDING, TITLE, UNIT, Whole, close, set_up_print
from gridapp.ledgers.looks import CELL, FIXED, lines
from gridapp.ledgers.row_text import RISKY

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Number = int | float | None
HEADER, FIRST, ABREAST = 2, 3, 2
NAME_WIDTH, WIDTH, NARROW, MANY = 16, 8.5, 6.2, 20  # of columns, in characters; from MANY headings on they are narrow
SERIES = ("#B3312C", "#8B9098")
CHART_HEIGHT, ROW_PX, CHAR_PX = 300, 20, 7.6
KINDS = {"bars": {"type": "bar"}, "months": {"type": "column"}}
TABLE, DATA, SAYS = "报表", "图表数据", "说明"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and its number where it is one to reckon with. look: text, count, share or change (both: 0.5 for 50 %)."""

    text: str
    number: Number = None
    look: str = "text"


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of the table. strong: a total."""

    name: str
    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class BookChart:
    """A chart: bars (groups) or months; points are (label, a cell for each series)."""

    title: str
    sort: str
    series: tuple[str, ...]
    points: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the workbook holds. says: (what, its definition); notes: sentences."""

    title: str
    place: str
    about: str
    corner: str
    headings: tuple[str, ...]
    lines: tuple[BookLine, ...]
    charts: tuple[BookChart, ...]
    says: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    aim: str
    made_on: dt.date
    made_by: str


def write_report(book: Book, out: Path) -> None:
    """Write it. Raises Trouble when the place will not take the file; nothing half written is left."""
    from xlsxwriter import Workbook

    with landing.scratch_beside(out) as scratch:
        whole = Whole()
        made = Workbook(whole, {"in_memory": True, "default_format_properties": {"font_name": "宋体", "font_size": 11}})
        made.set_properties({"title": book.title, "created": dt.datetime.combine(book.made_on, dt.time())})
        looks = _looks(made)
        table, says = made.add_worksheet(TABLE), made.add_worksheet(SAYS)
        end = _table(book, table, looks)
        if book.charts:
            _charts(book, made, table, made.add_worksheet(DATA), looks, end + 1)
        _says(book, says, looks)
        close(made)
        landing.land(whole.getvalue(), scratch, out)


def _looks(made: Workbook) -> dict[str, Format]:
    cell = {**CELL, "align": "center", "num_format": "General"}
    name, number = {**cell, "align": "left", "indent": 1}, {**cell, "text_wrap": False, "shrink": True}
    facts: dict[str, dict[str, Any]] = {
        "name": name, "text": cell, "count": {**cell, "num_format": "#,##0"}, "share": {**number, "num_format": "0.0%"},
        "change": {**number, "num_format": "+0.0%;-0.0%;0.0%"},
    }  # fmt: skip
    strong = {f"{key} strong": {**fact, "bold": True, "bg_color": "#F6F5F2"} for key, fact in facts.items()}
    quoted = {f"{key} quoted": {**fact, "quote_prefix": True} for key, fact in (facts | strong).items() if key.startswith("name")}
    more = {"says": {**name, "num_format": "@"}, "section": {"bold": True, "font_size": 12, "valign": "vcenter"}}
    return {key: made.add_format(fact) for key, fact in (FIXED | facts | strong | quoted | more).items()}


def _table(book: Book, sheet: Worksheet, looks: dict[str, Format]) -> int:
    """The table; gives the row beneath it."""
    last = len(book.headings)
    widths = _widths(book)
    sheet.set_column(0, 0, NAME_WIDTH)
    for place, width in enumerate(widths, 1):
        sheet.set_column(place, place, width)
    sheet.set_landscape()
    set_up_print(sheet, HEADER)
    sheet.freeze_panes(FIRST, 1)
    sheet.hide_gridlines(2)
    sheet.set_row(TITLE, 36)
    sheet.merge_range(TITLE, 0, TITLE, last, book.title, looks["title"])
    sheet.set_row(UNIT, 22)
    half = max(last // 2, 1)
    _across(sheet, UNIT, 0, half, f"单位：{book.place}", looks["unit"])
    _across(sheet, UNIT, half + 1, last, book.about, looks["date"])
    sheet.set_row(HEADER, PADDING + 6 + LINE * max(lines(heading, width) for heading, width in zip(book.headings, widths, strict=True)))
    for place, heading in enumerate((book.corner, *book.headings)):
        sheet.write_string(HEADER, place, heading, looks["header"])
    for at, line in enumerate(book.lines, FIRST):
        _line(sheet, at, line, looks)
    return FIRST + len(book.lines)


def _widths(book: Book) -> list[float]:
    return [NARROW if len(book.headings) > MANY else max(WIDTH, min(len(each) * 2 + 1, 11)) for each in book.headings]


def _across(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Format) -> None:
    if first >= last:
        sheet.write_string(row, first, text, look)
    else:
        sheet.merge_range(row, first, row, last, text, look)


def _line(sheet: Worksheet, at: int, line: BookLine, looks: dict[str, Format]) -> None:
    sheet.set_row(at, max(PADDING + LINE * lines(line.name, NAME_WIDTH), 24))
    strong = " strong" if line.strong else ""
    _name(sheet, at, line.name, looks, strong)
    for place, cell in enumerate(line.cells, 1):
        _cell(sheet, at, place, cell, looks, strong)


def _name(sheet: Worksheet, row: int, name: str, looks: dict[str, Format], strong: str = "") -> None:
    """What people wrote: always a string, whatever it begins with."""
    sheet.write_string(row, 0, name, looks[f"name{strong}" + (" quoted" if name[:1] in RISKY else "")])


def _cell(sheet: Worksheet, row: int, place: int, cell: Cell, looks: dict[str, Format], strong: str = "") -> None:
    if cell.number is None:
        sheet.write_string(row, place, cell.text, looks["text" + strong])
    else:
        sheet.write_number(row, place, cell.number, looks[cell.look + strong])


def _charts(book: Book, made: Workbook, table: Worksheet, data: Worksheet, looks: dict[str, Format], row: int) -> None:
    """Each chart's numbers on a sheet of their own, and the charts beneath the table, two abreast."""
    data.set_column(0, 0, 24)
    data.set_column(1, 9, 12)
    width = int((NAME_WIDTH + sum(_widths(book))) * CHAR_PX / ABREAST) - 14
    high, top = ceil(CHART_HEIGHT / ROW_PX) + 1, 0
    for at, chart in enumerate(book.charts):
        drawing = _chart(made, data, looks, chart, top)
        drawing.set_size({"width": width, "height": CHART_HEIGHT})
        place = {"x_offset": 4 + at % ABREAST * (width + 14), "y_offset": 6, "object_position": 2}
        table.insert_chart(row + at // ABREAST * high, 0, drawing, place)
        top += len(chart.points) + 2
    table.print_area(0, 0, row + ceil(len(book.charts) / ABREAST) * high, len(book.headings))


def _chart(made: Workbook, data: Worksheet, looks: dict[str, Format], chart: BookChart, top: int) -> Any:
    """Its numbers from row `top` of the data sheet on; gives the drawing over them."""
    data.write_string(top, 0, chart.title, looks["section"])
    for place, name in enumerate(chart.series, 1):
        data.write_string(top, place, name or chart.title, looks["header"])
    for at, (label, cells) in enumerate(chart.points, top + 1):
        _name(data, at, label, looks)
        for place, cell in enumerate(cells, 1):
            _cell(data, at, place, cell, looks)
    last = top + len(chart.points)
    drawing: Any = made.add_chart(KINDS[chart.sort])
    for place, (name, colour) in enumerate(zip(chart.series, SERIES, strict=False), 1):
        drawing.add_series({
            "name": name or chart.title, "categories": [DATA, top + 1, 0, last, 0], "values": [DATA, top + 1, place, last, place],
            "fill": {"color": colour}, "gap": 60, "data_labels": {"value": True},
        })  # fmt: skip
    _dress(drawing, chart)
    return drawing


def _dress(drawing: Any, chart: BookChart) -> None:
    quiet = {"line": {"none": True}, "major_gridlines": {"visible": False}}
    drawing.set_title({"name": chart.title, "name_font": {"name": "黑体", "size": 12, "bold": False}, "overlay": False})
    drawing.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
    values = {**quiet, "visible": False, "min": 0}
    names = {"line": {"color": "#C9C4BB"}, "major_tick_mark": "none", "num_font": {"name": "宋体", "size": 10}}
    if chart.sort == "bars":  # the names stand at the side, the first one lowest unless reversed
        drawing.set_y_axis({**names, "reverse": True})
        drawing.set_x_axis(values)
    else:
        drawing.set_x_axis(names)
        drawing.set_y_axis(values)
    drawing.set_chartarea({"border": {"color": "#E4E1DB"}})


def _says(book: Book, sheet: Worksheet, looks: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{book.title}：口径说明", looks["section"])
    made = f"{book.made_by}　{book.made_on.isoformat()}"
    rows = [*(("说明", note) for note in book.notes), *book.says, ("用途", book.aim), ("制表", made)]
    for at, (what, said) in enumerate(rows, 1):
        sheet.set_row(at, PADDING + LINE * max(lines(said, 100), lines(what, 18)))
        sheet.write_string(at, 0, what, looks["says"])
        sheet.write_string(at, 1, said, looks["says"])
