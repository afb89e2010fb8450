"""A report as a workbook: values, charts and definitions are in it; no purpose, no file; what a click opens is what was counted."""
from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridapp import desk as verbs
from gridapp.desk import reports
from gridapp.rules import periods
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from tests.desk.town import kept, settle


def made(desk: Any, key: str, period: str) -> Any:
    return reports.report(desk, key, periods.read(period))


@pytest.mark.parametrize(("key", "period"), [("members", "2026"), ("requests_by_type", "2026"), ("requests", "2026-10"), ("visits", "2026-Q4")])
def test_every_figure_opens_exactly_its_rows(sample: Any, key: str, period: str) -> None:
    report = made(sample, key, period)
    figures = [figure for line in report.lines for figure in line.figures]
    figures += [figure for chart in report.charts for point in chart.points for figure in point.figures]
    by_rows = {(figure.record, figure.rows) for figure in figures if figure.rows}
    assert by_rows
    for record, rows in by_rows:
        listed = verbs.listing(sample, record, only=rows)
        assert sorted(row.id for row in listed.rows) == sorted(rows)
        assert listed.chips[0].count == len(rows)


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_the_workbook_has_values_charts_and_definitions(sample: Any, tmp_path: Path) -> None:
    report = made(sample, "requests_by_type", "2026-10")
    given = reports.give_report(sample, report, tmp_path / "r4.xlsx", purpose=Purpose.INSIDE, aim="报社区")
    rows = cells(given.path, "报表")
    assert rows[0][0] == "诉求办理月报" and "示范网格" in rows[1][0] and rows[2][0] == "类别"
    assert rows[2][1:] == [each.title for each in report.measures]
    by_name = {row[0]: row[1:] for row in rows[3:] if row[0]}
    assert list(by_name) == [line.name for line in report.lines]
    for line in report.lines:
        for figure, cell in zip(line.figures, by_name[line.name], strict=True):
            assert cell == (pytest.approx(figure.value) if figure.sort in ("count", "rate", "change") and figure.value is not None else figure.text)
    book = openpyxl.load_workbook(given.path)
    sheet: Any = book["报表"]
    assert len(sheet._charts) == len(report.charts) == 2
    assert sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9" and sheet.print_area
    with zipfile.ZipFile(given.path) as package:
        drawn = package.read("xl/charts/chart1.xml").decode()
    assert "barChart" in drawn and "图表数据" in drawn
    data = {row[0]: row[1] for row in cells(given.path, "图表数据") if row[0]}
    assert all(data[point.label] == len(point.figures[0].keys) for point in report.charts[0].points)
    said = " ".join(str(cell) for row in cells(given.path, "说明") for cell in row if cell)
    assert all(each.says in said for each in report.measures) and "报社区" in said and "上期：2026年9月" in said and "热点：" in said


def test_r1_fits_on_a_page_with_all_its_columns(sample: Any, tmp_path: Path) -> None:
    reports.give_report(sample, made(sample, "members", "2026"), tmp_path / "r1.xlsx", purpose=Purpose.INSIDE, aim="存档")
    sheet: Any = openpyxl.load_workbook(tmp_path / "r1.xlsx")["报表"]
    assert sheet.max_column == 27 and sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.freeze_panes == "B4"


def test_names_and_numbers_of_people_are_nowhere_and_nothing_is_a_formula(file_desk: Any, tmp_path: Path) -> None:
    settle(file_desk)
    kept(
        file_desk, "member", name="曾乐天", sex="男", birth="1970-06-15", join_date="1992-03", regular_date="1993-03", member_type="正式党员",
        party_group='=HYPERLINK("x")', phone="16100000099",
    )  # fmt: skip
    report = made(file_desk, "members", "2026")
    reports.give_report(file_desk, report, tmp_path / "r.xlsx", purpose=Purpose.INSIDE, aim="=1+1")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as package:
        whole = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "ignore")
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert "曾乐天" not in whole and "16100000099" not in whole and "=HYPERLINK" in whole
    assert not any("<f>" in sheet for sheet in sheets)


def test_for_outsiders_the_small_groups_are_hidden_in_every_sheet(sample: Any, tmp_path: Path) -> None:
    report = made(sample, "members", "2026")
    given = reports.give_report(sample, report, tmp_path / "公示.xlsx", purpose=Purpose.PUBLIC, aim="公示")
    rows = cells(given.path, "报表") + cells(given.path, "图表数据")
    told = [cell for row in rows for cell in row if isinstance(cell, int | float)]
    assert given.report.outside and not [number for number in told if number in (1, 2)]
    assert "<3" in {cell for row in rows for cell in row} and "职业 44 名" not in str(cells(given.path, "说明"))
    assert reports.for_reader(given.report, Purpose.UPWARD) is given.report


def test_no_purpose_no_file_and_every_export_is_logged(sample: Any, tmp_path: Path) -> None:
    report = made(sample, "visits", "2026-10")
    for aim, name, code in (("  ", "a.xlsx", "no_purpose"), ("存档", "a.xls", "not_xlsx"), ("存档", "没有/a.xlsx", "no_folder")):
        with pytest.raises(Trouble) as caught:
            reports.give_report(sample, report, tmp_path / name, purpose=Purpose.INSIDE, aim=aim)
        assert caught.value.code == code
    assert list(tmp_path.glob("*.xls*")) == []
    reports.give_report(sample, report, tmp_path / "a.xlsx", purpose=Purpose.UPWARD, aim="存档")
    line = verbs.audit(sample, 1)[0]
    assert (line["what"], line["field"]) == ("export", "masked") and "走访服务月报 2026年10月：存档（上报）" in line["purpose"]
