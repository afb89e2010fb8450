"""Crafted hostile files (reliability.md T8): each a builder, and what must come of it: a code of sniff.SENTENCES, or the number of rows read."""
from __future__ import annotations

import base64
import hashlib
import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

import xlwt

from gridapp.ledgers import gate, sniff
from gridapp.rules.id_numbers import check_digit

WANG = "99010119651006001" + check_digit("99010119651006001")
HEAD, ROW = ["姓名", "身份证号", "联系电话", "住址"], ["王伟", WANG, "16100000001", "1号楼1单元101室"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMATS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{FORMATS}.sheet.main+xml"/></Types>'
)
TOP = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
SHEET, BOOK, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
Case = tuple[str, Callable[[], bytes], str | int]
CASES: list[Case] = []
XF, TALL_MERGE = '<xf numFmtId="%d"/>', '<mergeCell ref="D2:D190000"/>'


def text_cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def rows(*lines: list[str], first: int = 1) -> str:
    made = ("".join(text_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(line)) for number, line in enumerate(lines, first))
    return "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(made, first))


def sheet(inside: str = "", after: str = "", before: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheetData>{rows(HEAD, ROW)}{inside}</sheetData>{after}</worksheet>'


def book(sheets: str = '<sheet name="居民" sheetId="1" r:id="rId1"/>', before: str = "") -> str:
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{sheets}</sheets></workbook>'


def links(*targets: str) -> str:
    kind = f"{OFFICE}/worksheet"
    each = "".join(f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>' for at, target in enumerate(targets, 1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def parts(**more: str | bytes | None) -> dict[str, str | bytes]:
    """A plain workbook's parts; names of more: sheet, book, styles, strings, rels, or None to leave one out."""
    names = {"sheet": SHEET, "book": BOOK, "styles": STYLES, "strings": STRINGS, "rels": "xl/_rels/workbook.xml.rels"}
    made: dict[str, str | bytes | None] = {
        "[Content_Types].xml": TYPES, "_rels/.rels": TOP, BOOK: book(), names["rels"]: links("worksheets/sheet1.xml"), SHEET: sheet(),
    }  # fmt: skip
    made |= {names[key]: body for key, body in more.items()}
    return {name: body for name, body in made.items() if body is not None}


def packed(made: dict[str, str | bytes], change: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, body in made.items():
            archive.writestr(name, body)
        if change:
            change(archive)
    return out.getvalue()


def case(name: str, outcome: str | int, build: Callable[[], bytes]) -> None:
    CASES.append((name, build, outcome))


def workbook(name: str, outcome: str | int, **more: str | bytes | None) -> None:
    case(name, outcome, lambda: packed(parts(**more)))


def plus(name: str, outcome: str | int, extra: dict[str, str | bytes]) -> None:
    case(name, outcome, lambda: packed(parts() | extra))


@cache
def noise() -> bytes:
    """Twenty thousand letters that do not repeat, so that repeated they compress about a hundredfold, under the gate's ratio."""
    return b"".join(base64.b64encode(hashlib.sha256(b"%d" % at).digest()) for at in range(460))[:20_000]


# Declarations: entities that grow, files and addresses to fetch, wherever they stand.
LAUGHS = "<!DOCTYPE lolz [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
QUADRATIC = f"<!DOCTYPE q [<!ENTITY q '{'x' * 50_000}'>]>"
FETCH = "<!DOCTYPE f [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
workbook("billion laughs in the sheet.xlsx", "doctype", sheet=LAUGHS + sheet(rows(["&a11;"] * 4, first=3)))
workbook("billion laughs in the strings.xlsx", "doctype", strings=LAUGHS + f'<sst xmlns="{MAIN}"><si><t>&a11;</t></si></sst>')
workbook("billion laughs in the workbook.xlsx", "doctype", book=LAUGHS + book('<sheet name="&a11;" sheetId="1" r:id="rId1"/>'))
workbook("quadratic entities.xlsx", "doctype", book=QUADRATIC + book(f'<sheet name="{"&q;" * 50_000}" sheetId="1" r:id="rId1"/>'))
workbook("a file as entity.xlsx", "doctype", sheet=FETCH + sheet(rows(["&f;"] * 4, first=3)))
workbook("a parameter entity.xlsx", "doctype", styles="<!DOCTYPE s [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]><styleSheet/>")
workbook("an external declaration.xlsx", "doctype", rels="<!DOCTYPE r SYSTEM 'http://127.0.0.1:9/r.dtd'>" + links("worksheets/sheet1.xml"))
workbook("a declaration after a long comment.xlsx", "doctype", book=f"<!--{' ' * 9000}-->" + LAUGHS + book())
workbook("a declaration in sixteen bits.xlsx", "doctype", book=('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS + book()).encode("utf-16"))
workbook("a sheet in sixteen bits.xlsx", "unsupported_format", sheet=sheet().encode("utf-16"))
case("declarations in SpreadsheetML.xls", "doctype", lambda: (LAUGHS + '<?mso-application progid="Excel.Sheet"?><Workbook/>').encode())

# Sizes.
case("over fifty megabytes.xlsx", "too_large", lambda: b"PK" + bytes(gate.FILE_BYTES))
case("a cell of 200 MB.xlsx", "cell_too_long", lambda: packed(parts(sheet=b"<worksheet><sheetData><row><c><is><t>" + noise() * 10_000)))
case("a string of 60 MB.xlsx", "cell_too_long", lambda: packed(parts(strings=b"<sst><si><t>" + noise() * 3_000)))
case("400 MB unpacked.xlsx", "too_large_inside", lambda: packed(parts() | {f"xl/media/{at}.png": noise() * 4_500 for at in range(4)}))
plus("a part that packs a thousandfold.xlsx", "bomb", {"xl/media/a.png": bytes(30 << 20)})
plus("three thousand parts.xlsx", "too_many_parts", {f"xl/x/{at}.xml": "<a/>" for at in range(3000)})
NAMES = [f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(10_000)]
workbook("ten thousand names for one sheet.xlsx", "too_many_sheets", book=book("".join(NAMES)))
workbook("a hundred names for one sheet.xlsx", "bomb", book=book("".join(NAMES[:100])))
case("ten thousand sheets.xlsx", "too_many_parts", lambda: packed(parts() | {f"xl/worksheets/sheet{n}.xml": sheet() for n in range(2, 10_000)}))
case("long strings in every cell.xlsx", "too_large_inside", lambda: packed(parts(
    strings=f'<sst xmlns="{MAIN}"><si><t>{"字" * 30_000}</t></si></sst>',
    sheet=sheet("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 50_000))))))
XFS = "".join(XF % at for at in range(60_000))
workbook("sixty thousand styles.xlsx", 1, styles=f'<styleSheet xmlns="{MAIN}"><cellXfs>{XFS}</cellXfs></styleSheet>')
workbook("unended styles.xlsx", 1, styles=f'<styleSheet xmlns="{MAIN}"><!--{"<fonts strike <font><cellXfs " * 200_000}--></styleSheet>')

# Far cells, wrong sizes, blank rows.
workbook("the last cell there is.xlsx", "too_many_columns", sheet=sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
workbook("a far column.xlsx", "too_many_columns", sheet=sheet('<row r="3"><c r="ZZ3"><v>1</v></c></row>'))
workbook("a far row.xlsx", "too_many_rows", sheet=sheet('<row r="900000"><c r="A900000"><v>1</v></c></row>'))
workbook("two cells and a hundred million blanks.xlsx", "too_many_cells", sheet=sheet('<row r="199999"><c r="IV199999"><v>1</v></c></row>'))
NINE_THOUSAND = "<c><v>1</v></c>" * 9000
workbook("a row without addresses.xlsx", "too_many_columns", sheet=sheet(f"<row>{NINE_THOUSAND}</row><row r='199999'><c><v>1</v></c></row>"))
workbook("an address that is none.xlsx", "too_many_rows", sheet=sheet('<row r="3"><c r="A99999999999999999999"><v>1</v></c></row>'))
workbook("a blank at no address.xlsx", 1, sheet=sheet('<row r="3"><c r="A99999999999999999999" s="0"/></row>'))
workbook("no letters in an address.xlsx", "corrupt", sheet=sheet('<row r="3"><c r="333"><v>1</v></c></row>'))
workbook("nine letters in an address.xlsx", "too_many_columns", sheet=sheet('<row r="3"><c r="ABCDEFGHI3"><v>1</v></c></row>'))
workbook("a dimension of one cell.xlsx", 1, sheet=sheet(before='<dimension ref="A1"/>'))
workbook("a dimension of everything.xlsx", 1, sheet=sheet(before='<dimension ref="A1:XFD1048576"/>'))
workbook("a dimension back to front.xlsx", 1, sheet=sheet(before='<dimension ref="Z9:A1"/>'))
case("a million blank rows.xlsx", 1, lambda: packed(parts(sheet=sheet("".join(f'<row r="{n}"/>' for n in range(3, 1_048_577))))))
case("a million formatted cells.xlsx", 1, lambda: packed(parts(
    sheet=sheet("".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_048_577))))))
workbook("a merged cell over everything.xlsx", 1, sheet=sheet(after='<mergeCells><mergeCell ref="D2:XFD1048576"/></mergeCells>'))
workbook("merged cells over one another.xlsx", "too_many_cells", sheet=sheet(
    '<row r="190000"><c r="A190000"><v>1</v></c></row>', after=f"<mergeCells>{TALL_MERGE * 500}</mergeCells>"))
case("two hundred thousand rows, nearly.xlsx", 199_501, lambda: packed(parts(
    sheet=sheet(rows(*[["李娜", "", "", "2号楼"], ["周强"], ["", "1" * 18]] * 66_500, first=3)))))
case("a heading in every row.xlsx", "too_many_tables", lambda: packed(parts(sheet=sheet(rows(
    *[["姓名", "性别", "住址"] if n % 2 else ["姓名", "联系电话", "住址"] for n in range(5000)], first=3)))))
workbook("deep nesting.xlsx", "corrupt", book="<a>" * 300_000)
workbook("unended cells in a comment.xlsx", 1, sheet=sheet(f'<!--{"<c r= <row " * 300_000}--><row r="3"><c r="A3" t="e"><f>1</f></c></row>'))

# The archive itself.
EXTRA = {"../../outside.xml": "<a/>", "..\\..\\outside.xml": "<a/>", "/outside.xml": "<a/>", "C:\\outside.xml": "<a/>", "c:/outside.xml": "<a/>",
         "xl/a/../../../outside.xml": "<a/>", "\\\\host\\share\\outside.xml": "<a/>", "XL/WORKBOOK.XML": "<a/>"}
for at, (name, body) in enumerate(EXTRA.items()):
    plus(f"unsafe name {at}.xlsx", "unsafe_names", {name: body})


def _twice(archive: zipfile.ZipFile) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, sheet())


def _link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    archive.writestr(info, "/etc/passwd")


def overlapping() -> bytes:
    """The directory names one part's bytes a hundred times."""
    data = packed({BOOK: book(), "xl/media/a.png": noise() * 50})
    start = data.index(b"PK\x01\x02", data.index(b"xl/media/a.png"))
    end = data.rindex(b"PK\x05\x06")
    first, second = data[start:].split(b"PK\x01\x02")[1:3]
    entry = b"PK\x01\x02" + second[: end - data.rindex(b"PK\x01\x02") - 4]
    entries = b"PK\x01\x02" + first + b"".join(entry.replace(b"a.png", b"%05d" % at) for at in range(100))
    return data[:start] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 101, 101, len(entries), start, 0)


def locked_entries() -> bytes:
    data = bytearray(packed(parts()))
    at = -1
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + flags] |= 1
    return bytes(data)


def lying_size() -> bytes:
    """The directory says the sheet is ten bytes long."""
    data = bytearray(packed(parts(sheet=sheet(rows(*[ROW] * 5000, first=3)))))
    at = data.rindex(SHEET.encode()) - 46
    struct.pack_into("<L", data, at + 24, 10)
    return bytes(data)


case("one name twice.xlsx", "unsafe_names", lambda: packed(parts(), _twice))
case("a symbolic link.xlsx", "unsafe_names", lambda: packed(parts(), _link))
case("overlapping parts.xlsx", "bomb", overlapping)
case("locked parts.xlsx", "encrypted", locked_entries)
case("a size that lies.xlsx", "corrupt", lying_size)
case("half a workbook.xlsx", "corrupt", lambda: packed(parts())[:700])
case("rubbish in front.xlsx", "not_a_workbook", lambda: b"\x89PNG" + bytes(300) + packed(parts()))
case("another archive inside.xlsx", "not_a_workbook", lambda: packed({"inner.xlsx": packed(parts())}))
case("a document.xlsx", "not_a_workbook", lambda: packed({"[Content_Types].xml": TYPES, "word/document.xml": "<a/>"}))
case("an OpenDocument sheet.xlsx", "unsupported_format", lambda: packed({"mimetype": "application/vnd.oasis", "content.xml": "<a/>"}))
case("a binary workbook.xlsx", "unsupported_format", lambda: packed({"xl/workbook.bin": b"\x83\x01"}))
case("nothing inside.xlsx", "empty_file", lambda: packed({}))
workbook("no list of sheets.xlsx", "corrupt", rels=None)
workbook("a sheet that is not there.xlsx", "corrupt", rels=links("worksheets/none.xml"))
workbook("a sheet outside.xlsx", "corrupt", rels=links("../../../../etc/passwd"))
workbook("a sheet at an address.xlsx", "corrupt", rels=links("file:///etc/passwd"))
case("far cells under another name.xlsx", "too_many_columns", lambda: packed(
    parts(rels=links("evil/s.dat")) | {"xl/evil/s.dat": sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}))

# What is left alone, and said.
plus("macros.xlsm", 1, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
plus("links to other files.xlsx", 1, {"xl/externalLinks/externalLink1.xml": "<externalLink><externalBook/></externalLink>"})
plus("DDE links.xlsx", 1, {"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'})
plus("embedded objects.xlsx", 1, {"xl/embeddings/oleObject1.bin": sniff.OLE})
plus("connections.xlsx", 1, {"xl/connections.xml": '<connections><connection odcFile="http://127.0.0.1:9/"/></connections>'})
workbook("a DDE formula.xlsx", 2, sheet=sheet(
    '<row r="3"><c r="A3" t="str"><f>cmd|\'/c calc\'!A0</f><v>李娜</v></c><c r="D3" t="str"><v>1号楼</v></c></row>'))
workbook("names that are formulas.xlsx", 2, sheet=sheet(rows(["=1+1李娜", "", "16100000002", "@SUM(1)"], first=3)))

# Cells of every odd sort.
ODD = ["<v>1E+999</v>", "<v>NaN</v>", "<v>-1</v>", "<v>99999999999999999999</v>", "<v>1e-320</v>"]
ODD += ['t="b"><v>1</v>', 't="e"><v>#N/A</v>', 't="d"><v>9999-99-99</v>']
workbook("a string that is not there.xlsx", "corrupt", sheet=sheet('<row r="3"><c r="A3" t="s"><v>999999999</v></c></row>'))
for at, odd in enumerate(ODD):
    tag = "".join(f'<c r="{letter}3" {odd if odd[0] == "t" else ">" + odd}</c>' for letter in "BCD")
    workbook(f"odd cells {at}.xlsx", 2, sheet=sheet(f'<row r="3">{text_cell("A3", "李娜")}{tag}</row>'))
workbook("dates from 1904.xlsx", 1, book=book(before='<workbookPr date1904="1"/>'))
ODD_TEXTS = {
    "right to left": "\u202e伟王\u202c", "zero width": "王\u200b\u2060伟\ufeff", "control": "王_x0000_伟_x0008_", "private": "王\ue000\U000f0000伟",
}  # fmt: skip
for title, text in ODD_TEXTS.items():
    workbook(f"{title} names.xlsx", 2, sheet=sheet(rows([text, "", "16100000002", "1号楼1单元102室"], first=3)))
LONG = ["1" * 30_000, " " * 30_000 + "x", "(" * 30_000, "1号楼" * 10_000, "1.1、" * 8_000, "王、" * 15_000, "年月" * 15_000, "1-" * 15_000]
LINES_OF_LONG = [*([text] * 4 for text in LONG), *(["李娜", text, text, text] for text in LONG)]
workbook("long cells.xlsx", -1, sheet=sheet(rows(*LINES_OF_LONG, first=3)))

# Compound files.
def old_book(change: Callable[[xlwt.Workbook], None] | None = None) -> bytes:
    made, out = xlwt.Workbook(), io.BytesIO()
    page = made.add_sheet("居民")
    for row, line in enumerate([HEAD, ROW]):
        for column, cell in enumerate(line):
            page.write(row, column, cell)
    if change:
        change(made)
    made.save(out)
    return out.getvalue()


def _sparse(made: xlwt.Workbook) -> None:
    made.get_sheet(0).write(65_535, 255, "x")


def ring() -> bytes:
    """The allocation table leads every sector to itself."""
    data = bytearray(old_book())
    at = 512 * (struct.unpack_from("<I", data, 76)[0] + 1)
    data[at : at + 512] = struct.pack("<128I", *range(128))
    return bytes(data)


def compound(stream: str) -> bytes:
    return sniff.OLE + bytes(504) + stream.encode("utf-16-le").ljust(64, b"\0") + bytes(448)


case("an old workbook.csv", 1, old_book)
case("a locked workbook.xlsx", "encrypted", lambda: compound("EncryptedPackage"))
case("an old document.xls", "not_a_workbook", lambda: compound("WordDocument"))
case("an empty compound file.xls", "corrupt", lambda: compound("Other"))
case("an old sheet of two cells.xls", "too_many_cells", lambda: old_book(_sparse))
case("an old workbook that goes in a ring.xls", "corrupt", ring)
case("half an old workbook.xls", "corrupt", lambda: old_book()[:2500])

# Text, pages, other things under a ledger's name.
LINES = "\r\n".join(",".join(line) for line in (HEAD, ROW))
case("GBK.csv", 1, lambda: LINES.encode("gb18030"))
case("GBK behind the mark of UTF-8.csv", 1, lambda: b"\xef\xbb\xbf" + LINES.encode("gb18030"))
case("UTF-8 twice marked.csv", 1, lambda: b"\xef\xbb\xbf" * 2 + LINES.encode())
case("text under a workbook's name.xlsx", 1, LINES.encode)
case("NUL in text.csv", "not_a_workbook", lambda: LINES.encode() + b"\0" * 50)
case("no text at all.csv", "not_a_workbook", lambda: LINES.encode() + bytes([0xFF, 0xFE, 0x81, 0xFF]) * 100)
case("a field of 30 MB.csv", "cell_too_long", lambda: LINES.encode() + b'\r\n"' + noise() * 1500)
case("forty million commas.csv", "too_many_cells", lambda: LINES.encode() + b"," * 40_000_000)
case("three hundred thousand lines.csv", "too_many_rows", lambda: (LINES + "\r\n王伟,,,1号楼" * 300_000).encode())
case("three hundred columns.csv", "too_many_columns", lambda: (LINES + "," * 300 + "x").encode())
case("a page of unended comments.xls", "cell_too_long", lambda: b"<html><table><tr><td>" + b"x" * 600_000)
case("a page of comments.xls", "empty_file", lambda: b"<html><table><tr><td>" + b"<!--" * 3_000_000)
case("a page of great spans.xls", "too_many_cells", lambda: b"<table>" + b"<tr><td rowspan=9999 colspan=9999>x" * 500)
case("a page of tables.xls", "too_many_sheets", lambda: b"<table></table>" * 20_000)
case("a page that fetches.xls", 1, lambda: ("<html><img src='http://127.0.0.1:9/'><script src='file:///etc/passwd'>姓名</script><table>" + "".join(
    f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in (HEAD, ROW)) + "</table>").encode())
case("a picture.xlsx", "not_a_workbook", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100))
case("a program.xlsx", "not_a_workbook", lambda: b"MZ" + bytes(1000))
case("blanks only.csv", "empty_file", lambda: b" \r\n\t" * 1000)


def built() -> Iterator[tuple[str, bytes, str | int]]:
    """(file name, bytes, what must come of it) one after the other: some are large."""
    for name, build, outcome in CASES:
        yield name, build(), outcome
