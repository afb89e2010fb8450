"""What a file really is, told by its first bytes and never by its name; and the sentences for files that cannot be read."""
from __future__ import annotations

import re

from gridapp.rules.reading import Trouble

SENTENCES = {
    "encrypted": "这个工作簿设了打开密码，程序读不了。请在 Excel 或 WPS 里打开它，去掉密码另存一份，再导入。",
    "template_form": "只能填 .xlsx 和 .xls 的表格。请用 Excel 或 WPS 打开这份表，另存为 .xlsx，再选进来。",
    "old_excel": "这份表是 Excel 95 或更早的格式，填不了。请用 Excel 或 WPS 打开它，另存为 .xlsx，再选进来。",
    "corrupt": "这个文件不完整或已损坏，读不出来。请向发文件的人重新要一份，或用 Excel、WPS 打开修复后另存为 .xlsx 再导入。",
    "empty_file": "这个文件是空的，里面没有内容。请确认拿到的是填好的那一份，再导入。",
    "not_a_workbook": "这不是表格文件（只是名字像）。请用 Excel 或 WPS 打开确认内容，另存为 .xlsx 后再导入。",
    "no_table_found": "这个文件里没有找到台账：看不到“姓名、住址、日期”这样的表头。请检查表头是否还在，或换一个工作表再导入。",
    "form_layout": "这是一人（一户）一张的登记表，不是每行一人的台账。请改用逐行的花名册，或在程序里逐个录入。",
    "unsupported_format": "这种格式程序不认识。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。",
    "too_large": "这个文件太大（超过 50 MB）。请按网格或楼栋拆成几个文件，再分别导入。",
    "too_large_inside": "这个文件解开后超过 300 MB，不像正常的台账，程序没有打开它。请把需要的行复制到一个新工作簿，再导入。",
    "too_many_parts": "这个文件里的部件超过 2000 个，不像正常的台账，程序没有打开它。请把需要的行复制到一个新工作簿，再导入。",
    "bomb": "这个文件压缩得不正常，像是恶意文件，程序没有打开它。请向发文件的人核实，或把内容复制到一个新工作簿，再导入。",
    "unsafe_names": "这个文件内部的路径不正常，像是恶意文件，程序没有打开它。请向发文件的人核实后另存为 .xlsx，再导入。",
    "doctype": "这个文件里夹带了外部引用声明（DOCTYPE），程序没有打开它。请用 Excel 或 WPS 另存为 .xlsx，再导入。",
    "too_many_rows": "表格超过 20 万行，程序没有读它。请按网格或楼栋拆成几个文件，再分别导入。",
    "too_many_cells": "表格太大（把空白处也算上超过 160 万格），程序没有读它。请删去表格外面零散的内容，或拆成几个文件，再分别导入。",
    "too_many_sheets": "工作表超过 200 个，不像正常的台账，程序没有读它。请把需要的工作表复制到一个新工作簿，再导入。",
    "too_many_tables": "一个工作表里的表头超过 1000 个，不像正常的台账，程序没有读它。请核对内容，整理成一张表再导入。",
    "cell_too_long": "有一格里的字太多（超过 3 万字），不像正常的台账，程序没有读它。请在原表里找到这一格删短，再导入。",
    "too_many_columns": "有内容写到了第 256 列以外，程序没有读它。请删去表格右边多余的列，另存后再导入。",
}


class Unreadable(Trouble):
    """A file that cannot be read as a ledger; code is one of SENTENCES (the first seven are truth.json's)."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code], code)


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FOREIGN = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"GIF8", b"\x1f\x8b", b"SQLite format", b"MZ", b"\x7fELF")


def form_of(data: bytes) -> str:
    """'xlsx', 'xls', 'spreadsheetml', 'html' or 'text'. Raises Unreadable for anything that holds no table."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("empty_file")
    if data.startswith(b"PK"):
        return "xlsx"
    if data.startswith(OLE):
        return _ole(data)
    if data.startswith(FOREIGN):
        raise Unreadable("not_a_workbook")
    return _markup(data)


def _ole(data: bytes) -> str:
    """Compound files name their streams in UTF-16: Workbook or Book is BIFF, EncryptedPackage is a locked xlsx."""
    if _named(data, "EncryptedPackage"):
        raise Unreadable("encrypted")
    if _named(data, "WordDocument") or _named(data, "PowerPoint Document"):
        raise Unreadable("not_a_workbook")
    if _named(data, "Workbook") or _named(data, "Book"):
        return "xls"
    raise Unreadable("corrupt")


def _named(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in data


def _markup(data: bytes) -> str:
    head = data[:4096].decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head or "mso-application" in head:
        return "spreadsheetml"
    if re.search(r"<(html|table|!doctype html|meta)\b", head):
        return "html"
    return "text"
