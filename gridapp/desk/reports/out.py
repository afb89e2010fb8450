"""A report as a file: what is prescribed across, the definitions with it; for outsiders without what would point at somebody. Every one is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.desk.desk import Desk
from gridapp.desk.leaving import log_leaving, may_leave
from gridapp.desk.reports.hiding import outside
from gridapp.desk.reports.shape import Chart, Figure, Line, Report
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk.paper import Paper
    from gridapp.ledgers.report_book import Book, BookChart, BookLine, Cell

MANY, DRAWN = 20, 940  # columns from which the type is small; how wide the charts stand on paper together, in the pixels of QTextDocument
LOOKS = {"count": "count", "rate": "share", "change": "change"}


@dataclass(frozen=True)
class GivenReport:
    """A report that was written: where, what, and the report as it went out."""

    path: Path
    title: str
    report: Report


def for_reader(report: Report, purpose: Purpose) -> Report:
    """The report as its reader may see it."""
    least = purpose.rule.least_group
    return outside(report, least) if least and not report.outside else report


def give_report(desk: Desk, report: Report, out: Path, *, purpose: Purpose, aim: str) -> GivenReport:
    """Write a report as a workbook. Raises Trouble without an aim, for another ending, and when the place cannot take the file."""
    from gridapp.ledgers.report_book import write_report

    may_leave(desk, purpose, aim)
    if out.suffix.lower() != ".xlsx":
        raise Trouble(f"报表只写成 .xlsx 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 .xlsx 再导出。", "not_xlsx")
    told = for_reader(report, purpose)
    write_report(book(desk, told, remark(purpose, aim)), out)
    return left(desk, told, purpose, aim, out)


def left(desk: Desk, told: Report, purpose: Purpose, aim: str, out: Path) -> GivenReport:
    """Log that a report left."""
    with desk.store.work() as work:
        log_leaving(work.connection, desk, record="", title=f"{told.title} {told.period.title}", purpose=purpose, aim=aim)
        work.keep()
    return GivenReport(out, f"{told.title}（{told.period.title}）", told)


def remark(purpose: Purpose, aim: str) -> str:
    """For whom and what for; a report holds no names, so nothing is masked in it."""
    return f"{purpose.title}，{aim.strip()}"


def book(desk: Desk, told: Report, aim: str) -> Book:
    """The workbook's content."""
    from gridapp.ledgers.report_book import Book

    day = desk.today()
    return Book(
        told.title, told.place, f"期间：{told.period.title}　　制表日期：{day.year}年{day.month}月{day.day}日", told.corner,
        tuple(each.title for each in told.measures), tuple(map(_line, told.lines)), tuple(map(_chart, told.charts)), tuple(definitions(told)),
        (*told.notes, *told.missing, *hottest(told)), aim, day, desk.who,
    )  # fmt: skip


def paper(desk: Desk, told: Report, purpose: Purpose, aim: str, drawings: Sequence[tuple[str, float]]) -> Paper:
    """The report as pages, A4 on its side. drawings: its charts as (data address, height to width). Raises Trouble without an aim."""
    from gridapp.desk.paper import Paper, sheet

    may_leave(desk, purpose, aim)
    abreast = 3 if len(drawings) == 3 else 2
    width = DRAWN // abreast
    names = max((len(line.name) for line in told.lines), default=4)
    heads = [{"heading": told.corner, "width": max(6, names * 1.6), "align": "left"}]
    is_wide = len(told.measures) > MANY
    heads += [{"heading": each.title, "width": 4 if is_wide else max(3, min(len(each.title), 5)), "align": "center"} for each in told.measures]
    facts = {
        "title": told.title, "unit": told.place, "about": f"期间：{told.period.title}", "columns": heads, "hottest": hottest(told),
        "points": 7 if is_wide else 9.5, "table": [[line.name, *(figure.text for figure in line.figures)] for line in told.lines],
        "drawings": [
            {"title": each.title, "unit": each.unit, "image": image, "width": width, "height": round(width * high)}
            for each, (image, high) in zip(told.charts, drawings, strict=True)
        ],
        "notes": [*told.notes, *told.missing, "　".join(f"{what}：{said}" for what, said in definitions(told))], "who": desk.who, "abreast": abreast,
        "day": desk.today().isoformat(), "aim": remark(purpose, aim),
    }  # fmt: skip
    return Paper(told.title, (sheet("report", facts, landscape=True),), "", desk.grid_name)


def definitions(report: Report) -> list[tuple[str, str]]:
    """(heading, definition) of each measure that needs one."""
    return [(each.title, each.says) for each in report.measures if each.says]


def hottest(report: Report) -> tuple[str, ...]:
    """The leading categories in a sentence, if there are any."""
    return (f"热点：{'、'.join(report.hot)}。",) if report.hot else ()


def _line(line: Line) -> BookLine:
    from gridapp.ledgers.report_book import BookLine

    return BookLine(line.name, tuple(map(_cell, line.figures)), line.role == "total")


def _cell(figure: Figure) -> Cell:
    from gridapp.ledgers.report_book import Cell

    return Cell(figure.text, figure.value, LOOKS[figure.sort]) if figure.sort in LOOKS else Cell(figure.text)


def _chart(chart: Chart) -> BookChart:
    from gridapp.ledgers.report_book import BookChart

    return BookChart(chart.title, chart.sort, chart.series, tuple((point.label, tuple(map(_cell, point.figures))) for point in chart.points))
