"""Files by what they are, not by their name; and every file that cannot be read has its own sentence."""
from __future__ import annotations

import io
import zipfile

import pytest
import xlwt

from gridapp.ledgers import gate, sniff
from gridapp.ledgers.reader import read_ledger
from gridapp.rules.id_numbers import check_digit

WANG = "99010119651006001" + check_digit("99010119651006001")
ROWS = [["姓名", "身份证号", "住址"], ["王伟", WANG, "1号楼101室"]]
MARK = b"\xef\xbb\xbf"


def names(path):
    book = read_ledger(path)
    assert not book.error, book.sentence
    return [row.fields["name"] for sheet in book.sheets for row in sheet.rows]


def old_excel() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("居民")
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(out)
    return out.getvalue()


def compound(stream: str) -> bytes:
    """The beginning of an OLE compound file with one named stream in its directory."""
    return sniff.OLE + bytes(504) + (stream.encode("utf-16-le")).ljust(64, b"\0") + bytes(448)


def lines(mark: str, rows=ROWS) -> str:
    return "\r\n".join(mark.join(row) for row in rows)


@pytest.mark.parametrize("name", ["甲.xls", "甲.xlsx", "甲.et", "甲.csv"])
def test_old_excel_under_any_name(text_file, name):
    assert names(text_file(name, old_excel())) == ["王伟"]


def test_xlsx_under_another_name(make_book):
    assert names(make_book({"居民": ROWS}, name="甲.xls")) == ["王伟"]


@pytest.mark.parametrize(
    "data",
    [
        lines(",").encode("gb18030"), lines(",").encode(), MARK + lines("\t").encode(), lines("\t").encode("utf-16"), lines(";").encode("gb18030"),
        lines(",", [ROWS[0], ["王伟", f'="{WANG}"', '"1号楼\n101室"']]).encode(),
    ],
    ids=["gb18030", "utf-8", "bom and tabs", "utf-16", "semicolons", "guarded"],
)
def test_text_tables(text_file, data):
    path = text_file("甲.csv", data)
    assert names(path) == ["王伟"]
    row = read_ledger(path).sheets[0].rows[0]
    assert (row.row, row.fields["id_no"], row.fields["address"]) == (2, WANG, "1号楼101室")


def test_html_table_saved_as_xls(text_file):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    page = f"<html><head><meta charset='gb2312'></head><table><tr><th colspan=3>居民台账</th></tr>{cells}</table></html>"
    assert names(text_file("甲.xls", page.encode("gb18030"))) == ["王伟"]


def spreadsheet(head: str = "") -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = "".join("<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>" for row in ROWS)
    begin = f'<?xml version="1.0"?>{head}<?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
    return f'{begin}<Worksheet ss:Name="居民"><Table>{cells}</Table></Worksheet></Workbook>'.encode()


def test_spreadsheetml_saved_as_xls(text_file):
    assert names(text_file("甲.xls", spreadsheet())) == ["王伟"]


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def repacked(path, change) -> bytes:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return packed(parts)


def refused(path) -> str:
    book = read_ledger(path)
    assert book.sentence == sniff.SENTENCES[book.error] and not any(sheet.tables for sheet in book.sheets)
    return book.error


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        (compound("EncryptedPackage"), "encrypted"),
        (compound("WordDocument"), "not_a_workbook"),
        (compound("Workbook"), "corrupt"),
        (compound("Other"), "corrupt"),
        (old_excel()[:2000], "corrupt"),
        (b"%PDF-1.7 ...", "not_a_workbook"),
        (packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "not_a_workbook"),
        (packed({"xl/workbook.bin": b"..."}), "unsupported_format"),
        ("各位网格员：\n请于周五前上报台账，姓名要写全。\n".encode(), "no_table_found"),
        (b"<html><p>404</p></html>", "not_a_workbook"),
        (spreadsheet('<!DOCTYPE a [<!ENTITY b "c">]>'), "doctype"),
        (spreadsheet()[:-40], "corrupt"),
    ],
)
def test_every_unreadable_file_has_its_own_sentence(text_file, data, code):
    assert refused(text_file("台账.xlsx", data)) == code


def test_a_truncated_workbook(make_book, text_file):
    whole = make_book({"居民": ROWS}).read_bytes()
    assert refused(text_file("半截.xlsx", whole[: len(whole) // 2])) == "corrupt"


def test_no_content_and_prose_and_form_card(make_book):
    assert refused(make_book({"Sheet1": []})) == "empty_file"
    assert refused(make_book({"说明": [["各网格请于周五前上报。"], ["姓名要写全。"]]})) == "no_table_found"
    card = [["登记表"], ["姓名", "王伟", "性别", "男"], ["身份证号", WANG, "出生日期", "1965-10-06"], ["住址", "1号楼", "联系电话", "16100000001"]]
    assert refused(make_book({"表": [*card, ["文化程度", "高中", "政治面貌", "群众"]]})) == "form_layout"


def test_doctype_far_cells_bombs_and_unsafe_names(make_book, text_file):
    path = make_book({"居民": ROWS})

    def doctype(parts):
        parts["xl/workbook.xml"] = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts["xl/workbook.xml"]

    def far_column(parts):
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</row>", b'<c r="XFD1"><v>1</v></c></row>', 1)

    def far_row(parts):
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
            b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
        )

    def bomb(parts):
        parts["xl/media/image1.png"] = bytes(3 << 20)

    def unsafe(parts):
        parts["../../outside.xml"] = b"<a/>"

    codes = {far_column: "too_many_columns", far_row: "too_many_rows", bomb: "bomb", unsafe: "unsafe_names", doctype: "doctype"}
    assert {change: refused(text_file("坏.xlsx", repacked(path, change))) for change in codes} == codes


def test_blank_formatted_cells_far_away_are_harmless(make_book, text_file):
    def far(parts):
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        )

    assert names(text_file("远.xlsx", repacked(make_book({"居民": ROWS}), far))) == ["王伟"]


def test_a_wrong_dimension_is_not_believed(make_book, text_file):
    def lie(parts):
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1"')

    assert names(text_file("一格.xlsx", repacked(make_book({"居民": ROWS}), lie))) == ["王伟"]


def test_macros_and_links_are_ignored_and_said(make_book, text_file):
    def with_macro(parts):
        parts["xl/vbaProject.bin"] = b"\0"
        parts["xl/externalLinks/externalLink1.xml"] = b"<a/>"

    book = read_ledger(text_file("宏.xlsm", repacked(make_book({"居民": ROWS}), with_macro)))
    assert len(book.notices) == 2 and book.sheets[0].rows


def test_limits_stand(text_file):
    too_many = packed({"xl/workbook.xml": b"<a/>"} | {f"a/{at}": b"" for at in range(gate.PARTS)})
    assert refused(text_file("多.xlsx", too_many)) == "too_many_parts"
    path = text_file("大.xlsx", b"PK")
    with open(path, "r+b") as file:
        file.truncate(gate.FILE_BYTES + 1)
    assert refused(path) == "too_large"


def test_damage_anywhere_is_a_sentence_never_an_exception(make_book, text_file):
    whole = make_book({"居民": [ROWS[0], *[["王伟", WANG, "1号楼101室"]] * 50]}).read_bytes()
    outcomes = set()
    for at in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        book = read_ledger(text_file("坏.xlsx", bytes(damaged)))
        outcomes.add(book.error)
        assert not book.error or book.sentence
    assert "corrupt" in outcomes


def test_an_old_workbook_that_claims_too_much_is_refused_before_it_is_parsed(text_file):
    """The Rust reader reserves what DIMENSIONS and the string table claim; one damaged number would end the process."""
    whole = old_excel()
    dimensions = whole.index(bytes.fromhex("00020e00")) + 4
    strings = whole.index(bytes.fromhex("fc00")) + 4
    label = whole.index(bytes.fromhex("fd000a00")) + 4
    claims = {dimensions + 4: b"\xff\xff\xff\x7f", dimensions: b"\xff\x00\x00\x00", strings + 4: b"\xff\xff\xff\x7f", label + 2: b"\xff\xff"}
    for at, claim in claims.items():
        damaged = whole[:at] + claim + whole[at + len(claim) :]
        assert refused(text_file("旧.xls", damaged)) == "corrupt"


def test_damage_anywhere_in_an_old_workbook_is_a_sentence(text_file):
    whole = old_excel()
    for at in range(0, len(whole), 61):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        book = read_ledger(text_file("旧.xls", bytes(damaged)))
        assert not book.error or book.sentence
