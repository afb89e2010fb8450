"""Offices' tables of many shapes, filled: what is not meant to change stays byte for byte, what is filled reads back, every program opens it."""
from __future__ import annotations

import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import load_workbook

from gridapp.ledgers import putting
from gridapp.ledgers.compound import Compound
from gridapp.ledgers.reader import read_ledger
from gridapp.ledgers.sniff import Unreadable
from gridapp.ledgers.template import Template, read_template
from tests.ledgers import shapes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORDS = {"单位": "示范网格", "填报单位": "示范网格", "填报日期": "2026年11月22日", "填表人": "王书记", "年": "2026", "人数": "12"}
PEOPLE = [
    {
        "name": f"测试{at}", "sex": "男" if at % 2 else "女", "birth": f"19{50 + at}-03-{at + 10}", "phone": f"161000000{at:02d}", "building": "3",
        "unit": "2", "room": f"{at}01", "address": f"3号楼2单元{at}01室", "join_date": f"19{75 + at}-07-01", "regular_date": f"19{76 + at}-07-01",
        "member_type": "正式党员", "household_head": f"测试{at}", "household_size": "3", "last_visit": "2026-10-01", "nation": "汉族",
        "education": "本科", "visit_date": f"2026-10-{at + 10}", "visitors": "李四光", "content": "家常", "visits:01": "2", "homes": "30",
        "relation": "户主", "people": "70",
    }
    for at in range(12)
]  # fmt: skip
TABLES = ("sealed", "listed", "monthly", "dues", "two_tables", "beside", "holed", "begun")
CARDS = ("person_card", "household_card")


def fill(source: Path, out: Path, people: list[dict[str, str]]) -> Template:
    """Fill all there is: every table with the people, a card for each of them."""
    template = read_template(source.read_bytes())
    book = template.book
    cards = {card.sheet for card in template.cards}
    for grid in [each for each in book.grids if each.name not in cards]:
        tables = [(table, people, {}) for table in template.tables if table.sheet == grid.name]
        putting.fill_words(book, grid.name, WORDS.get)
        for table, *_ in tables:
            putting.fill_labels(book, table.sheet, table.top, WORDS)
        putting.fill_tables(book, tables)
    for card in template.cards:
        names = [f"{at:03d}" for at in range(1, len(people) + 1)]
        if len(people) > 1:
            book.copy_sheet(card.sheet, names)
        for name, person in zip(names if len(people) > 1 else [card.sheet], people, strict=False):
            putting.fill_card(book, card, name, person, {0: [person, person, person], 1: [person]}, {}, WORDS)
    putting.write(template, out)
    return template


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def bare(body: bytes, written: set[str]) -> bytes:
    """A sheet's canonical XML without the cells that were written, stored results, the stated size and texts between page margins."""
    root = etree.fromstring(body)
    for element in root.iter(f"{MAIN}oddHeader", f"{MAIN}oddFooter"):
        element.text = None
    for element in list(root.iter(f"{MAIN}c")):
        if element.get("r") in written:
            element.getparent().remove(element)
        elif element.find(f"{MAIN}f") is not None and element.find(f"{MAIN}v") is not None:
            element.remove(element.find(f"{MAIN}v"))
    for element in root.iterfind(f"{MAIN}dimension"):
        root.remove(element)
    for row in list(root.iter(f"{MAIN}row")):
        row.attrib.pop("spans", None)
        if not len(row) and set(row.attrib) == {"r"}:
            row.getparent().remove(row)
    return etree.tostring(root, method="c14n")


def filled_cells(before: Path, after: Path) -> set[str]:
    """The cells whose value is another one now."""
    old, new = load_workbook(before), load_workbook(after)
    return {
        cell.coordinate for sheet in new.worksheets for row in sheet.iter_rows() for cell in row
        if cell.value != old[sheet.title][cell.coordinate].value
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore:Cannot parse header or footer")
@pytest.mark.parametrize("name", TABLES)
def test_without_more_rows_only_the_cells_that_are_written_change(tmp_path: Path, name: str) -> None:
    source, out = tmp_path / "空表.xlsx", tmp_path / "填好.xlsx"
    shapes.SHAPES[name](source)
    template = fill(source, out, PEOPLE[:1])
    before, after = parts(source), parts(out)
    assert list(before) == list(after)
    changed = {part for part in before if before[part] != after[part]}
    sheets = {part for part in changed if part.startswith("xl/worksheets/")}
    assert changed - sheets <= {"xl/workbook.xml"} | ({"xl/drawings/drawing1.xml"} if name == "sealed" else set())
    written = filled_cells(source, out)
    for part in sheets:
        assert written and bare(before[part], written) == bare(after[part], written)
    assert template.tables and not template.cards


@pytest.mark.filterwarnings("ignore:Cannot parse header or footer")
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("count", [0, 1, 12])
def test_rows_out_are_the_rows_in(tmp_path: Path, name: str, count: int) -> None:
    source, out = tmp_path / "空表.xlsx", tmp_path / "填好.xlsx"
    shapes.SHAPES[name](source)
    fill(source, out, PEOPLE[:count])
    sheet = load_workbook(out).worksheets[0]
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    key = {"listed": "household_head", "monthly": "household_head", "beside": "building"}.get(name, "name")
    tables = 2 if name == "two_tables" else 1
    assert sum(text == each[key] for each in PEOPLE[:count] for text in said) == (count * (count if key == "building" else tables))


@pytest.mark.filterwarnings("ignore:Cannot parse header or footer")
def test_the_seal_the_header_picture_and_the_text_box_stay(tmp_path: Path) -> None:
    source, out = shapes.sealed(tmp_path / "空表.xlsx"), tmp_path / "填好.xlsx"
    fill(source, out, PEOPLE)
    before, after = parts(source), parts(out)
    assert list(before) == list(after) and {part for part in before if before[part] != after[part]} == {
        "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml",
    }  # fmt: skip
    assert after["xl/media/image1.png"] == before["xl/media/image1.png"]
    drawing = after["xl/drawings/drawing1.xml"].decode()
    assert "示范网格留存一份" in drawing and "<xdr:row>16</xdr:row>" in drawing
    book = load_workbook(out, rich_text=True)
    sheet = book["花名册"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["C4:C15", "F4:F15"]
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["G4:G15"]
    assert sheet.print_area == "'花名册'!$A$1:$H$17" and sheet.print_title_rows == "$1:$3" and sheet.row_breaks.brk[0].id == 16
    assert sheet.protection.sheet and sheet.column_dimensions["H"].hidden and sheet["C16"].value == "=COUNTA(B4:B15)"
    assert sheet["F4"].value == "正式" and sheet["D4"].number_format == "yyyy/m/d" and sheet["G15"].data_type == "s"
    assert not sheet["G15"].protection.locked and book["选项"].sheet_state == "hidden"


def test_an_excel_table_grows_with_its_rows(tmp_path: Path) -> None:
    source, out = shapes.listed(tmp_path / "空表.xlsx"), tmp_path / "填好.xlsx"
    fill(source, out, PEOPLE)
    sheet = load_workbook(out)["住户"]
    assert sheet.tables["住户表"].ref == "A3:G15" and sheet.tables["住户表"].autoFilter.ref == "A3:G15" and sheet["E16"].value == "=SUM(E4:E15)"


def test_a_card_is_copied_whole(tmp_path: Path) -> None:
    source, out = shapes.person_card(tmp_path / "空表.xlsx"), tmp_path / "填好.xlsx"
    fill(source, out, PEOPLE[:3])
    before, after = parts(source), parts(out)
    assert all(after[part] == body for part, body in before.items() if part.startswith(("xl/media/", "xl/theme/", "xl/styles", "docProps/")))
    book = load_workbook(out)
    assert book.sheetnames == ["001", "002", "003", "填表说明"]
    assert [bool(each.sheet_view.tabSelected) for each in book.worksheets] == [True, False, False, False]
    for at, sheet in enumerate(book.worksheets[:3]):
        assert sheet["B3"].value == f"测试{at}" and sheet["D3"].value == ("□男  ☑女" if at % 2 == 0 else "☑男  □女")
        assert sheet.print_area == f"'{sheet.title}'!$A$1:$F$10" and sheet["B3"].comment.text == "与身份证一致"
        assert sheet.oddHeader.center.text == "示范网格" and sheet["B10"].value.strip().startswith("（盖章）")
        assert [sheet[place].value for place in ("C8", "C9", "B7")] == [None, None, None]
    drawings = [body.decode() for part, body in after.items() if part.startswith("xl/drawings/drawing")]
    assert len(drawings) == 3 and all("填表人：王书记" in each and "<xdr:pic>" in each for each in drawings)
    seen = [body for part, body in after.items() if part.startswith("xl/drawings/_rels/drawing")]
    assert len(seen) == 3 and all(b"../media/image1.png" in each for each in seen)


def test_the_tables_of_a_card_take_the_records_own_rows(tmp_path: Path) -> None:
    source, out = shapes.household_card(tmp_path / "空表.xlsx"), tmp_path / "填好.xlsx"
    fill(source, out, PEOPLE[:2])
    sheet = load_workbook(out)["002"]
    assert [sheet.cell(row, 2).value for row in (7, 8, 9)] == ["测试1"] * 3 and sheet["A10"].value == "走访记录"
    assert [sheet.cell(12, column).value for column in (1, 2, 3)] == ["2026-10-11", "李四光", "家常"]
    assert sheet["A14"].value == "建档人：            建档日期：    年  月  日" and sheet.print_area == "'002'!$A$1:$F$14"


def test_what_was_filled_reads_back(tmp_path: Path) -> None:
    for name in ("sealed", "begun"):
        source, out = tmp_path / f"{name}.xlsx", tmp_path / f"{name}-填好.xlsx"
        shapes.SHAPES[name](source)
        fill(source, out, PEOPLE)
        rows = {row.fields["name"]: row for row in (row for sheet in read_ledger(out).sheets for table in sheet.tables for row in table.rows)}
        for person in PEOPLE:
            found = rows[person["name"]].fields
            assert found["phone"] == (person["phone"],) and found["sex"] == person["sex"] and found["birth"][:4] == person["birth"][:4]


OLD: list[tuple[str, Callable[[Path], Any]]] = [("old_roster", shapes.old_roster), ("old_card", shapes.old_card)]


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_an_old_workbook_is_filled_in_its_own_form(tmp_path: Path, count: int) -> None:
    import python_calamine as calamine

    source, out = shapes.old_roster(tmp_path / "空表.xls"), tmp_path / "填好.xls"
    people = [PEOPLE[at % 12] | {"name": f"人{at}"} for at in range(count)]
    template = fill(source, out, people)
    assert template.book.ending == ".xls" and "旧格式" in template.book.lost
    book = calamine.CalamineWorkbook.from_path(out)
    rows = book.get_sheet_by_name("花名册").to_python()
    assert rows[0][0] == "示范网格居民花名册" and rows[1][0] == "填报单位：示范网格"
    assert [row[:6] for row in rows[3 : 3 + count]] == [
        [at + 1, each["name"], each["sex"], each["birth"][:7].replace("-", "."), each["phone"], each["address"]] for at, each in enumerate(people)
    ]
    end = 3 + max(count, 2)
    assert rows[end][0] == "合计" and rows[end + 1][0].startswith("填表人") and len(rows) == end + 2
    assert set(book.get_sheet_by_name("花名册").merged_cell_ranges or ()) == {((0, 0), (0, 6)), ((end + 1, 0), (end + 1, 6))}
    other = book.get_sheet_by_name("汇总").to_python()
    assert other[2][0] == "本表由王书记汇总。" and [row[0] for row in other[5:]] == [f"第{at}条说明：" + "说" * 60 for at in range(300)]
    back = read_ledger(out)
    assert [row.fields["name"] for sheet in back.sheets for table in sheet.tables for row in table.rows] == [each["name"] for each in people]


def test_an_old_card_is_one_file(tmp_path: Path) -> None:
    import python_calamine as calamine

    source, out = shapes.old_card(tmp_path / "空表.xls"), tmp_path / "填好.xls"
    fill(source, out, PEOPLE[:1])
    rows = calamine.CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert rows[1] == ["姓名", "测试0", "性别", "□男 ☑女"] and rows[3][1] == "1975-07-01"


def test_the_other_streams_of_an_old_workbook_stay(tmp_path: Path) -> None:
    """Also where the table of sectors outgrows the header: more than seven megabytes."""
    from gridapp.ledgers.compound import rewritten

    source = shapes.old_roster(tmp_path / "空表.xls").read_bytes()
    for size in (100, 5000, 9_000_000):
        stream = bytes(range(256)) * (size // 256 + 1)
        made = rewritten(source, stream[:size])
        found = Compound(made)
        assert found.workbook() == stream[:size] and len(found.entries()) == len(Compound(source).entries())


def test_excel_95_is_refused_in_words(tmp_path: Path) -> None:
    from gridapp.ledgers.compound import rewritten

    data = shapes.old_roster(tmp_path / "空表.xls").read_bytes()
    stream = bytearray(Compound(data).workbook())
    struct.pack_into("<H", stream, 4, 0x0500)
    with pytest.raises(Unreadable, match="另存为 .xlsx"):
        read_template(rewritten(data, bytes(stream)))


def test_a_workbook_with_macros_stays_one_and_a_template_becomes_a_workbook(tmp_path: Path) -> None:
    source = shapes.begun(tmp_path / "空表.xlsx")
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    for told, ending, becomes in (
        (b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", ".xlsm", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        (b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", ".xlsx", plain),
    ):
        made = tmp_path / "改.xlsx"
        with zipfile.ZipFile(made, "w") as book:
            for name, body in parts(source).items():
                book.writestr(name, body.replace(plain, told))
        template = fill(made, tmp_path / f"填好{ending}", PEOPLE[:2])
        assert template.book.ending == ending and becomes in parts(tmp_path / f"填好{ending}")["[Content_Types].xml"]


def test_cells_without_places_get_them_and_the_strict_form_is_refused(tmp_path: Path) -> None:
    import re

    source = shapes.begun(tmp_path / "空表.xlsx")
    body = parts(source)
    for name, sheet in (("缺位.xlsx", re.sub(rb'(<(?:row|c)) r="[A-Z]*\d+"', rb"\1", body["xl/worksheets/sheet1.xml"])),
                        ("严格.xlsx", body["xl/worksheets/sheet1.xml"].replace(MAIN[1:-1].encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"))):
        with zipfile.ZipFile(tmp_path / name, "w") as book:
            for part, each in body.items():
                book.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" else each)
    with pytest.raises(Unreadable, match="另存为 .xlsx"):
        read_template((tmp_path / "严格.xlsx").read_bytes())


def test_blank_rows_nobody_drew_are_filled_down_to_the_signature(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for column, text in enumerate(["姓名", "性别", "手机号码"], 1):
        sheet.cell(1, column, text)
    sheet["A10"] = "填表人：        审核人："
    book.save(tmp_path / "空表.xlsx")
    template = fill(tmp_path / "空表.xlsx", tmp_path / "填好.xlsx", PEOPLE[:5])
    made = load_workbook(tmp_path / "填好.xlsx").active
    assert template.tables[0].ready == 7 and made["A6"].value == "测试4" and made["A10"].value.startswith("填表人")


EVERY = [*((name, ".xlsx") for name in (*TABLES, *CARDS)), ("old_roster", ".xls"), ("old_card", ".xls")]


@pytest.mark.faults
@pytest.mark.parametrize(("name", "ending"), EVERY)
def test_libreoffice_opens_it_and_an_old_one_calculates(tmp_path: Path, name: str, ending: str) -> None:
    source, out = tmp_path / f"空表{ending}", tmp_path / f"填好{ending}"
    getattr(shapes, name)(source)
    people = PEOPLE[: 1 if name == "old_card" else 12]
    fill(source, out, people)
    made = tmp_path / "看"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xlsx", "--outdir", str(made), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    book = load_workbook(made / "填好.xlsx", data_only=True)
    text = " ".join(str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    assert all(each["name"] in text or each["household_head"] in text or name == "beside" for each in people)
    if name == "old_roster":
        assert book["花名册"]["B16"].value == 12 and book["汇总"]["A1"].value == 12 and book["花名册"]["A1"].value == "示范网格居民花名册"
