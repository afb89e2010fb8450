"""The gate before a zip workbook is parsed: sizes, ratios, names, DOCTYPE, far cells (reliability.md T8). Nothing is unpacked to disk."""
from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from gridapp.ledgers.sniff import Unreadable

FILE_BYTES = 50 << 20
UNPACKED_BYTES = 300 << 20
PARTS = 2000
RATIO = 200
SMALL = 1 << 20  # a part below this may compress as well as it likes: blank formatted rows do
ROWS = 200_000
COLUMNS = 256

FAR_COLUMN = rb"[A-Za-z]{3,}\d|[Ii][W-Zw-z]\d|[J-Zj-z][A-Za-z]\d"
FAR_ROW = rb"(?:[2-9]\d{5}|[1-9]\d{6,})"
FAR = re.compile(rb"r=[\"'](?:%s|[A-Za-z]{1,2}%s)" % (FAR_COLUMN, FAR_ROW))
FILLED = re.compile(rb"<(?:\w+:)?c [^>]*?r=[\"'](?:(%s)\d*|[A-Za-z]{1,2}%s)[\"'](?:[^>/]|/(?!>))*>" % (FAR_COLUMN, FAR_ROW))
NOTICES = {
    "macros": "这个工作簿带有宏，程序只读了单元格，没有运行宏。",
    "links": "这个工作簿引用了别的文件，程序只读了表里现有的值，没有去取外部数据。",
}
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
        raise Unreadable("not_a_workbook" if names else "empty_file")
    if "xl/workbook.bin" in names:
        raise Unreadable("unsupported_format")
    return parts


def _check_directory(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > PARTS:
        raise Unreadable("too_many_parts")
    if sum(info.file_size for info in infos) > UNPACKED_BYTES:
        raise Unreadable("too_large_inside")
    if any(info.file_size > SMALL and info.file_size > RATIO * max(info.compress_size, 1) for info in infos):
        raise Unreadable("bomb")
    names = [info.filename for info in infos]
    if len(set(names)) < len(names) or any(map(_escapes, names)):
        raise Unreadable("unsafe_names")


def _escapes(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name)


def read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    """One part in memory, never longer than its directory entry says; DOCTYPE is refused. Raises Unreadable."""
    try:
        with parts.open(name) as stream:
            body = stream.read(UNPACKED_BYTES + 1)
    except DAMAGE:
        raise Unreadable("corrupt") from None
    if b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body[:4096]:
        raise Unreadable("doctype")
    return body


def sheet_parts(parts: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in parts.namelist() if re.match(r"(?i)/?xl/worksheets/[^/]+\.xml$", name))


def check_cells(body: bytes) -> None:
    """Refuses a sheet with content beyond 200,000 rows or 256 columns: a dense reader would ask for all the memory there is."""
    if not FAR.search(body):
        return
    filled = FILLED.search(body)
    if filled:
        raise Unreadable("too_many_columns" if filled[1] else "too_many_rows")


def notices(parts: zipfile.ZipFile) -> tuple[str, ...]:
    """Sentences about what was left alone: macros, links to other files."""
    names = " ".join(parts.namelist()).lower()
    return tuple(text for mark, text in (("vbaproject", NOTICES["macros"]), ("xl/externallinks/", NOTICES["links"])) if mark in names)
