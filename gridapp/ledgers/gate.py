"""The gate before a zip workbook is parsed: sizes, ratios, names, DOCTYPE, far cells (reliability.md T8). Nothing is unpacked to disk."""
from __future__ import annotations

import io
import itertools
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from gridapp.ledgers.sniff import Unreadable

FILE_BYTES = 50 << 20
UNPACKED_BYTES = 300 << 20
PARTS = 2000
RATIO = 200
SMALL = 1 << 20  # a part below this may compress as well as it likes: blank formatted rows do
ROWS = 200_000
COLUMNS = 256
AREA = 1_600_000  # cells, blank ones too: 1.5 million read from a full ledger of 25 columns take 400 MB and 6 s
SHEETS = 200
LONGEST = 1 << 18  # bytes of XML: Excel stops at 32,767 characters, written out as &#x4e2d; eight bytes each
TEXTS = 100 << 20  # bytes of all texts once every cell has its own copy
MERGED = 2_000_000  # rows under merged cells, overlapping ones counted twice

FAR_COLUMN = rb"[A-Za-z]{3,}\d|[Ii][W-Zw-z]\d|[J-Zj-z][A-Za-z]\d"
FAR_ROW = rb"(?:[2-9]\d{5}|[1-9]\d{6,})"
FAR = re.compile(rb"r=[\"'](?:%s|[A-Za-z]{1,2}%s)" % (FAR_COLUMN, FAR_ROW))
# A cell that holds something: not one that ends in />. No class crosses a "<", so that an unended tag costs no more than itself.
FILLED = re.compile(rb"<(?:\w+:)?c (?:[^<>]*? )?r=[\"']([A-Za-z]{1,9})(\d{1,20})\d*[\"'](?:[^<>/]|/(?!>))*>")
UNPLACED = re.compile(rb"<c(?! r=)[ >/]")
PLACES = re.compile(rb"r=[\"'](?:[A-Za-z]{2}|[A-Za-z]\d{6})")  # without such a place a sheet is at most 26 columns by 99,999 rows
WIDE = re.compile(rb"r=[\"'][A-Za-z]{2,}\d")
TALL = re.compile(rb"r=[\"'][A-Za-z]{1,2}(?:[6-9]\d{3}|\d{5,})")  # rows that times 256 come to more than AREA
ANY_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
ROW_ENDS = re.compile(rb"</(?:\w+:)?row>")
ITEM = re.compile(rb"<(?:\w+:)?si[ />]")
SHARED = re.compile(rb"<(?:\w+:)?v>(\d{1,9})<")
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
SIXTEEN_BITS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
NOTICES = {
    "macros": "这个工作簿带有宏，程序只读了单元格，没有运行宏。",
    "objects": "这个工作簿里嵌着别的文件，程序没有打开它们。",
    "links": "这个工作簿引用了别的文件，程序只读了表里现有的值，没有去取外部数据。",
}
LOCAL_HEADER = 30
MARKS = (
    ("vbaproject", NOTICES["macros"]), ("xl/externallinks/", NOTICES["links"]), ("xl/connections", NOTICES["links"]),
    ("xl/embeddings/", NOTICES["objects"]),
)  # fmt: skip
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, OSError, NotImplementedError, RuntimeError, ValueError)


def check_size(size: int) -> None:
    """Refuses a file above 50 MB before it is read."""
    if size > FILE_BYTES:
        raise Unreadable("too_large")


def open_parts(data: bytes) -> zipfile.ZipFile:
    """The zip of a workbook whose directory has passed every limit. Raises Unreadable."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE:
        raise Unreadable("corrupt") from None
    infos = parts.infolist()
    _check_directory(infos)
    names = {info.filename.replace("\\", "/").lower() for info in infos}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise Unreadable("unsupported_format" if "content.xml" in names else "not_a_workbook" if names else "empty_file")
    if "xl/workbook.bin" in names:
        raise Unreadable("unsupported_format")
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable("encrypted")
    return parts


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > PARTS:
        raise Unreadable("too_many_parts")
    if sum(info.file_size for info in infos) > UNPACKED_BYTES:
        raise Unreadable("too_large_inside")
    if any(info.file_size > SMALL and info.file_size > RATIO * max(info.compress_size, 1) for info in infos):
        raise Unreadable("bomb")
    names = [info.filename.replace("\\", "/").lower() for info in infos]
    if len(set(names)) < len(names) or any(map(_escapes, names)) or any(map(_is_link, infos)):
        raise Unreadable("unsafe_names")
    if _overlap(infos):
        raise Unreadable("bomb")


def _escapes(name: str) -> bool:
    return name.startswith("/") or ":" in name or ".." in name.split("/")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether two entries share bytes: how a small file can hold the same large part a thousand times."""
    placed = sorted((info.header_offset, info.compress_size) for info in infos)
    return any(start + LOCAL_HEADER + size > later for (start, size), (later, _) in itertools.pairwise(placed))


def read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    """One part in memory, never longer than its directory entry says; DOCTYPE and texts no cell can hold are refused. Raises Unreadable."""
    try:
        with parts.open(name) as stream:
            body = b"".join(_pieces(stream, _is_markup(name)))
    except Unreadable:
        raise
    except DAMAGE:
        raise Unreadable("corrupt") from None
    if _is_markup(name) or body.lstrip()[:1] == b"<":
        _check_markup(body)
    return body


def _is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _pieces(stream: IO[bytes], markup: bool) -> Iterator[bytes]:
    """A part piece by piece, at most 300 MB of it; an endless text is refused before all of it is in memory."""
    read = 0
    while read <= UNPACKED_BYTES and (piece := stream.read(LONGEST)):
        read += len(piece)
        if markup and read > LONGEST and len(piece) == LONGEST and b"<" not in piece:
            raise Unreadable("cell_too_long")
        yield piece


def _check_markup(body: bytes) -> None:
    """What every part must be: in UTF-8 (as Excel and WPS write it, and as these searches need it), without DOCTYPE or endless texts."""
    if body[:2] in SIXTEEN_BITS:
        raise Unreadable("doctype" if DECLARATION.search(body.replace(b"\0", b"")) else "unsupported_format")
    if DECLARATION.search(body):
        raise Unreadable("doctype")
    check_lengths(body, b"<")


def check_lengths(body: bytes, mark: bytes) -> None:
    """Refuses a text no cell can hold: a window without any mark that ends a text."""
    if any(body.find(mark, start, start + LONGEST) < 0 for start in range(0, len(body) - LONGEST, LONGEST)):
        raise Unreadable("cell_too_long")


def is_sheet(body: bytes) -> bool:
    """Whether a part holds the cells of a sheet, whatever its name."""
    return b"sheetData" in body


def check_cells(body: bytes) -> None:
    """Refuses a sheet with content beyond 200,000 rows or 256 columns, or so sparse that a dense reader would ask for all the memory there is."""
    placed = not UNPLACED.search(body) and b":sheetData" not in body
    if placed and not PLACES.search(body):
        return
    if FAR.search(body) and (far := next((found for found in FILLED.finditer(body) if _is_far(found)), None)):
        raise Unreadable("too_many_columns" if FAR.match(b"r='" + far[1] + b"1") else "too_many_rows")
    if not placed or (TALL.search(body) and WIDE.search(body)):
        _check_area(body)


def check_texts(shared: bytes, bodies: Iterable[bytes]) -> None:
    """Refuses shared texts that come to more than 100 MB once each cell has its own copy."""
    lengths = [len(item) for item in ITEM.split(shared)[1:]]
    longest, cells, total = max(lengths, default=0), 0, 0
    if not lengths:
        return
    for body in bodies:
        cells += body.count(b't="s"')
        if longest * cells > TEXTS:
            total += sum(lengths[at] for found in SHARED.finditer(body) if (at := int(found[1])) < len(lengths))
    if total > TEXTS:
        raise Unreadable("too_large_inside")


def _is_far(found: re.Match[bytes]) -> bool:
    return bool(FAR.match(b"r='" + found[1] + found[2]))


def _check_area(body: bytes) -> None:
    """The rectangle all filled cells stand in; cells that do not say where they stand are counted along their row."""
    height, width = len(ROW_ENDS.findall(body)), 1
    for cell in FILLED.finditer(body):
        height, width = max(height, int(cell[2])), max(width, _column(cell[1]))
    if len(ANY_CELL.findall(body)) > len(re.findall(rb"<(?:\w+:)?c [^<>]*?\br=", body)):
        width = max(width, *(len(ANY_CELL.findall(row)) for row in ROW_ENDS.split(body)))
    if width > COLUMNS:
        raise Unreadable("too_many_columns")
    if height * width > AREA:
        raise Unreadable("too_many_cells")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def notices(parts: zipfile.ZipFile) -> tuple[str, ...]:
    """Sentences about what was left alone: macros, links to other files."""
    names = " ".join(parts.namelist()).lower()
    return tuple(text for mark, text in MARKS if mark in names)
