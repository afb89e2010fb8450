"""Filling somebody else's template: 5,000 rows, against openpyxl loading and saving the same filled workbook."""
from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Side

from gridapp.ledgers import putting
from gridapp.ledgers.template import read_template
from tests.bench.figures import Figure, medians, timed

ROWS = 5000
HEADINGS = ("序号", "姓名", "性别", "出生年月", "身份证号", "与户主关系", "联系电话", "楼栋", "单元", "房号", "家庭住址", "年龄", "备注")


def figures(folder: Path, rows: int, times: int) -> list[Figure]:
    """The one line of performance.md; rows is what other groups take and counts for nothing here."""
    template, out = _template(folder / "空表.xlsx"), folder / "填好.xlsx"
    people = [_person(at) for at in range(ROWS)]
    _fill(template, out, people)
    ours, theirs = medians(times, lambda: timed(lambda: _fill(template, out, people)), lambda: timed(lambda: _again(out, folder / "再存.xlsx")))
    return [Figure(f"填空表 {ROWS:,} 行 × {len(HEADINGS)} 列", ours, theirs, 2, "openpyxl 打开并另存填好的表")]


def _template(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "居民信息登记表"
    line = Border(*[Side(style="thin")] * 4)
    for column, heading in enumerate(HEADINGS, 1):
        sheet.cell(2, column, heading).border = line
        for row in (3, 4, 5):
            sheet.cell(row, column).border = line
    sheet["A6"], sheet["B6"] = "合计", "=COUNTA(B3:B5)"
    book.save(path)
    return path


def _person(at: int) -> dict[str, str]:
    return {
        "name": f"测试{at}", "sex": "男", "birth": "1965-03", "id_no": f"99010119650301{at % 10_000:04d}", "relation": "户主",
        "phone": f"161{at:08d}", "building": "3", "unit": "2", "room": str(at), "address": f"示范小区3号楼2单元{at}室", "age": "61", "notes": "常住",
    }


def _fill(template: Path, out: Path, people: list[dict[str, str]]) -> None:
    found = read_template(template.read_bytes())
    putting.fill_tables(found.book, [(found.tables[0], people, {})])
    putting.write(found, out)


def _again(path: Path, out: Path) -> None:
    load_workbook(path).save(out)
