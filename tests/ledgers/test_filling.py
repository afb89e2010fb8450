"""Somebody else's table, filled: what is filled, what stays byte for byte, what follows when rows are put in, and that it reads back the same."""
from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from gridapp.ledgers import putting
from gridapp.ledgers.reader import read_ledger
from gridapp.ledgers.sniff import Unreadable
from gridapp.ledgers.template import Table, read_template

PEOPLE = [
    {
        "name": f"测试{at}", "sex": "男" if at % 2 else "女", "birth": f"19{50 + at}-03-{at + 10}", "phone": f"161000000{at:02d}",
        "building": "3号楼", "room": f"{at}01", "address": f"3号楼{at}01室", "join_date": f"19{75 + at}-07-01", "member_type": "正式党员",
        "notes": "=HYPERLINK(1)" if at == 3 else "",
    }
    for at in range(12)
]  # fmt: skip
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1"
WORDS = {"填报单位": "示范网格党支部", "填报日期": "2026年11月22日", "单位": "示范网格党支部", "年": "2026"}
LINES = Border(*[Side(style="thin")] * 4)


def frame(sheet: Any, first: int, last: int, width: int) -> None:
    for row in range(first, last + 1):
        sheet.row_dimensions[row].height = 25
        for column in range(1, width + 1):
            sheet.cell(row, column).border = LINES


def roster(book: Any) -> None:
    """A roster of members: formulas beside and below, print set-up, validation, colours, a comment, a chart, a second sheet that looks here."""
    sheet = book.active
    sheet.title = "花名册"
    sheet["A1"] = "{{单位}}党员花名册（{{年}}年）"
    sheet.merge_cells("A1:G1")
    sheet["A2"], sheet["E2"] = "填报单位：", "填报日期：    年   月   日"
    for column, heading in enumerate(["序号", "姓名", "性别", "出生年月（如1965.03）", "月应交", "年应交", "备注"], 1):
        sheet.cell(3, column, heading)
    frame(sheet, 4, 7, 7)
    for row in range(4, 8):
        sheet.cell(row, 6, f"=E{row}*12")
        sheet.merge_cells(f"G{row}:H{row}")
    sheet["A8"], sheet["E8"], sheet["F8"] = "合计", "=SUM(E4:E7)", "=SUM(F4:F7)"
    sheet.merge_cells("A8:D8")
    sheet["A9"] = "填表人：        审核人：        年  月  日"
    sheet.merge_cells("A9:G9")
    sheet["A9"].comment = Comment("请盖章", "街道")
    sheet.print_area, sheet.print_title_rows = "A1:H9", "1:3"
    rule = DataValidation(type="list", formula1='"男,女"')
    rule.add("C4:C7")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add("E4:E7", CellIsRule(operator="lessThan", formula=["$E$8"], fill=PatternFill("solid", bgColor="FF0000")))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=3, max_row=7), titles_from_data=True)
    sheet.add_chart(chart, "A12")
    other = book.create_sheet("汇总")
    other["A1"], other["A2"], other["A3"] = "=花名册!E8", "=SUM(花名册!E4:E7)", "=A1+A8"


def three_levels(book: Any) -> None:
    """A header of three merged levels with columns to tick, no total, a note for the signer below."""
    sheet = book.active
    sheet["A1"] = "某街道居民信息采集表"
    heads = [
        ["序号", "基本情况", None, None, None, "联系方式", "居住情况", None, "备注"],
        [None, "姓名", "性别", None, "出生年月", "手机号码", "楼栋", "房号", None],
        [None, None, "男", "女", None, None, None, None, None],
    ]
    for row, texts in enumerate(heads, 3):
        for column, text in enumerate(texts, 1):
            sheet.cell(row, column, text)
    for area in ("A3:A5", "B3:E3", "B4:B5", "C4:D4", "E4:E5", "F4:F5", "G3:H3", "G4:G5", "H4:H5", "I3:I5"):
        sheet.merge_cells(area)
    frame(sheet, 6, 8, 9)
    for row in range(6, 9):
        sheet.cell(row, 1, row - 5)
    sheet["A9"] = "填表人：         审核人：         年  月  日"


def bare(book: Any) -> None:
    """Only headings, then the total at once."""
    sheet = book.active
    for column, text in enumerate(["姓名", "手机号码", "家庭住址", "备注"], 1):
        sheet.cell(1, column, text)
    sheet["A2"], sheet["B2"] = "合计", "=COUNTA(A1:A1)"


def headings_only(book: Any) -> None:
    """Headings and nothing below."""
    for column, text in enumerate(["姓名", "性别", "手机号码", "家庭住址"], 1):
        book.active.cell(2, column, text)


def half_filled(book: Any) -> None:
    """An instruction row, two people somebody wrote in, two rows left."""
    sheet = book.active
    for column, text in enumerate(["姓名（必填）", "性别", "联系电话", "住址"], 1):
        sheet.cell(1, column, text)
    for column, text in enumerate(["填写真实姓名", "男/女", "11位手机号", "格式：3号楼101室"], 1):
        sheet.cell(2, column, text)
    sheet.append(["原有一", "男", "16199999991", "1号楼101室"])
    sheet.append(["原有二", "女", "16199999992", "1号楼102室"])
    frame(sheet, 5, 6, 4)


TEMPLATES: dict[str, Callable[[Any], None]] = {each.__name__: each for each in (roster, three_levels, bare, headings_only, half_filled)}


def made(tmp_path: Path, build: Callable[[Any], None]) -> Path:
    book = Workbook()
    build(book)
    path = tmp_path / "模板.xlsx"
    book.save(path)
    return path


def fill(source: Path, out: Path, people: list[dict[str, str]]) -> Table:
    """Fill the one table of a template."""
    template = read_template(source.read_bytes())
    (table,) = template.tables
    putting.fill_words(template.book, table.sheet, WORDS.get)
    putting.fill_labels(template.book, table.sheet, table.top, WORDS)
    putting.fill_tables(template.book, [(table, people, {})])
    putting.write(template, out)
    return table


def filled(tmp_path: Path, build: Callable[[Any], None], people: list[dict[str, str]]) -> tuple[Path, Path, Table]:
    source, out = made(tmp_path, build), tmp_path / "填好.xlsx"
    return source, out, fill(source, out, people)


@pytest.mark.parametrize("build", TEMPLATES.values(), ids=TEMPLATES.keys())
@pytest.mark.parametrize("count", [0, 1, 3, 12])
def test_it_reads_back_as_the_people_it_was_filled_with(tmp_path: Path, build: Callable[[Any], None], count: int) -> None:
    _, out, template = filled(tmp_path, build, PEOPLE[:count])
    rows = [row for sheet in read_ledger(out).sheets for table in sheet.tables for row in (*table.rows, *table.rejects)]
    before = 2 if build is half_filled else 0
    rows = [row for row in rows if not str(row.fields.get("name")).startswith("原有")]
    assert [row.fields["name"] for row in rows] == [each["name"] for each in PEOPLE[:count]]
    assert [row.row for row in rows] == [template.first + at for at in range(count)] and template.first >= 2 + before
    for row, person in zip(rows, PEOPLE, strict=False):
        if "phone" in row.fields:
            assert row.fields["phone"] == (person["phone"],)
        if "sex" in row.fields:
            assert row.fields["sex"] == person["sex"]


def test_rows_put_in_push_everything_that_belongs_below(tmp_path: Path) -> None:
    _, out, _ = filled(tmp_path, roster, PEOPLE)
    book = load_workbook(out)
    sheet, other = book["花名册"], book["汇总"]
    assert (sheet["A1"].value, sheet["A2"].value, sheet["E2"].value) == (
        "示范网格党支部党员花名册（2026年）", "填报单位：示范网格党支部", "填报日期：2026年11月22日",
    )  # fmt: skip
    assert [sheet.cell(row, 1).value for row in range(4, 16)] == list(range(1, 13))
    assert [sheet.cell(row, 6).value for row in (4, 8, 15)] == ["=E4*12", "=E8*12", "=E15*12"]
    assert (sheet["A16"].value, sheet["E16"].value, sheet["F16"].value) == ("合计", "=SUM(E4:E15)", "=SUM(F4:F15)")
    assert sheet["A17"].value == "填表人：        审核人：        年  月  日" and "请盖章" in sheet["A17"].comment.text
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:G1", "A16:D16", "A17:G17"} <= merged and {f"G{row}:H{row}" for row in range(4, 16)} <= merged and len(merged) == 15
    assert sheet.print_area == "'花名册'!$A$1:$H$17" and sheet.print_title_rows == "$1:$3"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C4:C15"
    conditional = next(iter(sheet.conditional_formatting))
    assert str(conditional.sqref) == "E4:E15" and conditional.rules[0].formula == ["$E$16"]
    assert [other[place].value for place in ("A1", "A2", "A3")] == ["=花名册!E16", "=SUM(花名册!E4:E15)", "=A1+A8"]
    assert sheet._charts[0].series[0].val.numRef.f == "'花名册'!$E$4:$E$15" and sheet._charts[0].anchor._from.row == 19
    assert {sheet.row_dimensions[row].height for row in range(4, 16)} == {25} and sheet["B15"].border.left.style == "thin"
    assert (sheet["G7"].value, sheet["G7"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["D5"].value == "1951.03"


def test_fewer_people_than_rows_leave_the_rest_ready(tmp_path: Path) -> None:
    source, out, _ = filled(tmp_path, roster, PEOPLE[:2])
    before, after = load_workbook(source)["花名册"], load_workbook(out)["花名册"]
    assert (after["A6"].value, after["B6"].value, after["F7"].value) == (None, None, "=E7*12")
    assert after["E8"].value == "=SUM(E4:E7)"
    assert {str(area) for area in before.merged_cells.ranges} == {str(area) for area in after.merged_cells.ranges}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as found:
        return {name: found.read(name) for name in found.namelist()}


def with_strangers(path: Path) -> None:
    """Parts no library here knows: a seal drawn as a text box, printer settings, custom XML."""
    strangers = {"xl/printerSettings/one.bin": b"\0\1\2seal", "customXml/item1.xml": b"<a><b>x</b></a>", "xl/media/image9.png": b"\x89PNG..."}
    with zipfile.ZipFile(path, "a") as more:
        for name, body in strangers.items():
            more.writestr(name, body)


@pytest.mark.parametrize(("count", "touched"), [(3, set()), (12, {"xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/comments/comment1.xml"})])
def test_every_other_part_stays_byte_for_byte(tmp_path: Path, count: int, touched: set[str]) -> None:
    source, out = made(tmp_path, roster), tmp_path / "填好.xlsx"
    with_strangers(source)
    fill(source, out, PEOPLE[:count])
    before, after = parts(source), parts(out)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    own = {"xl/worksheets/sheet1.xml", "xl/workbook.xml"} | ({"xl/worksheets/sheet2.xml"} if count == 12 else set())
    drawn = {name for name in changed if "commentsDrawing" in name or "vml" in name.lower()}
    assert own <= changed and changed - own - drawn == touched


def test_ticks_stand_under_the_right_heading(tmp_path: Path) -> None:
    _, out, _ = filled(tmp_path, three_levels, PEOPLE[:4])
    sheet = load_workbook(out).active
    assert [(sheet.cell(row, 3).value, sheet.cell(row, 4).value) for row in range(6, 10)] == [(None, "√"), ("√", None), (None, "√"), ("√", None)]


def test_another_form_of_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,性别\n", "utf-8")
    with pytest.raises(Unreadable, match="另存为 .xlsx"):
        read_template(path.read_bytes())


@pytest.mark.faults
@pytest.mark.parametrize("build", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_libreoffice_opens_it(tmp_path: Path, build: Callable[[Any], None]) -> None:
    _, out, _ = filled(tmp_path, build, PEOPLE)
    command = ["soffice", "--headless", "--convert-to", CSV, "--outdir", str(tmp_path), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "填好.csv").read_text("utf-8", errors="replace")
    assert all(each["name"] in text for each in PEOPLE)
