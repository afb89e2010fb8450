"""Tables as offices send them, made here: for the tests of filling. Every function writes one file and returns its path."""
from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

LINES = Border(*[Side(style="thin")] * 4)


def picture(path: Path) -> Path:
    """A small red PNG: a seal."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\xd0\x20\x20" * 24 for _ in range(24))
    head = struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


def sealed(path: Path) -> Path:
    """A roster to be printed and sealed: a picture and a text box, a picture in the page header, lists, colours, notes, a locked sheet, a column
    nobody sees, breaks, a signature below."""
    seal = picture(path.with_suffix(".png"))
    with xlsxwriter.Workbook(path) as book:
        sheet, lists = book.add_worksheet("花名册"), book.add_worksheet("选项")
        cell, date = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "yyyy/m/d"})
        loose, title = book.add_format({"border": 1, "locked": False}), book.add_format({"bold": True, "align": "center", "font_size": 18})
        lists.write_column("A1", ["男", "女"])
        lists.write_column("B1", ["正式", "预备"])
        sheet.merge_range("A1:H1", "党员花名册", title)
        sheet.write("A2", "填报单位：")
        sheet.write("F2", "填报日期：    年  月  日")
        for column, text in enumerate(["序号", "姓名", "性别", "出生日期", "入党时间", "正式/预备", "联系电话", "编码"]):
            sheet.write(2, column, text, cell)
        for row in range(3, 8):
            sheet.set_row(row, 24)
            for column in range(8):
                sheet.write_blank(row, column, None, (date if column == 3 else loose if column == 6 else cell))
        sheet.merge_range("A9:B9", "合计", cell)
        sheet.write_formula("C9", "=COUNTA(B4:B8)", cell, 0)
        sheet.merge_range("A10:H10", "支部书记签字：            审核：            （盖章）")
        sheet.data_validation("C4:C8", {"validate": "list", "source": "=选项!$A$1:$A$2"})
        sheet.data_validation("F4:F8", {"validate": "list", "source": "=选项!$B$1:$B$2"})
        sheet.conditional_format("G4:G8", {"type": "duplicate", "format": book.add_format({"bg_color": "#FFC7CE"})})
        sheet.write_comment("E3", "接收为预备党员的日期")
        sheet.insert_image("G10", str(seal), {"object_position": 2})
        sheet.insert_textbox("C11", "本表一式两份，{{填报单位}}留存一份", {"width": 300, "height": 40})
        sheet.set_header("&L&G&C内部资料", {"image_left": str(seal)})
        sheet.set_footer("第 &P 页，共 &N 页  {{填报日期}}")
        sheet.print_area("A1:H10")
        sheet.repeat_rows(0, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(3, 2)
        sheet.set_h_pagebreaks([9])
        sheet.set_column("H:H", 10, None, {"hidden": True})
        sheet.protect("")
        lists.hide()
    return path


def listed(path: Path) -> Path:
    """An Excel table (ListObject) with a total row and a column it calculates."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("住户")
        sheet.write("A1", "2026年住户走访登记")
        sheet.add_table("A3:G6", {
            "name": "住户表", "total_row": False,
            "columns": [{"header": text} for text in ("楼栋", "单元", "房号", "户主姓名", "常住人数", "联系电话", "上次走访")],
        })  # fmt: skip
        sheet.write("A7", "合计")
        sheet.write_formula("E7", "=SUM(E4:E6)")
    return path


def monthly(path: Path) -> Path:
    """How often each household was visited, by month, with the sums calculated."""
    book = Workbook()
    sheet = book.active
    sheet.title = "走访次数"
    sheet["A1"] = "2026年度住户走访情况统计表"
    sheet.merge_cells("A1:R1")
    for column, text in enumerate(["序号", "楼栋", "房号", "户主姓名"], 1):
        sheet.cell(3, column, text)
        sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    sheet["E3"] = "走访次数"
    sheet.merge_cells("E3:P3")
    for month in range(1, 13):
        sheet.cell(4, month + 4, f"{month}月")
    sheet["Q3"] = "合计"
    sheet.merge_cells("Q3:Q4")
    sheet["R3"] = "党费（元）"
    sheet.merge_cells("R3:R4")
    for row in (5, 6):
        for column in range(1, 19):
            sheet.cell(row, column).border = LINES
        sheet.cell(row, 17, f"=SUM(E{row}:P{row})")
    sheet["A7"] = "合计"
    for column in "EFGHIJKLMNOPQ":
        sheet[f"{column}7"] = f"=SUM({column}5:{column}6)"
    book.save(path)
    return path


def dues(path: Path) -> Path:
    """Dues by month: the people can be filled in, the money is not kept."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "2026年党费收缴登记表"
    for column, text in enumerate(["序号", "姓名", "月应交", *(f"{month}月" for month in range(1, 13)), "合计"], 1):
        sheet.cell(2, column, text)
    for row in (3, 4, 5):
        for column in range(1, 17):
            sheet.cell(row, column).border = LINES
    book.save(path)
    return path


def person_card(path: Path) -> Path:
    """One person a sheet: labels beside blanks, boxes to tick, a photograph's place, a seal, a line to sign."""
    seal = picture(path.with_suffix(".png"))
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("登记表")
        cell, big = book.add_format({"border": 1, "text_wrap": True}), book.add_format({"bold": True, "align": "center", "font_size": 18})
        sheet.merge_range("A1:F1", "党员信息登记表", big)
        sheet.write("A2", "所在党支部：")
        lines = [
            ["姓名", None, "性别", "□男  □女", "民族", None],
            ["出生年月", None, "学历", None, "手机号码", None],
            ["入党时间", None, "转正时间", None, "人员类别", "□正式党员 □预备党员"],
        ]
        for row, texts in enumerate(lines, 2):
            for column, text in enumerate(texts):
                sheet.write(row, column, text, cell)
        sheet.write("A6", "家庭住址", cell)
        sheet.merge_range("B6:F6", None, cell)
        sheet.write("A7", "入党介绍人", cell)
        sheet.merge_range("B7:C7", None, cell)
        sheet.write("D7", "党内职务", cell)
        sheet.merge_range("E7:F7", None, cell)
        sheet.merge_range("A8:A9", "紧急联系人", cell)
        for row, text in ((7, "姓名"), (8, "电话")):
            sheet.write(row, 1, text, cell)
            sheet.merge_range(row, 2, row, 5, None, cell)
        sheet.write("A10", "支部意见", cell)
        sheet.merge_range("B10:F10", "                （盖章）    年   月   日", cell)
        sheet.insert_image("E10", str(seal))
        sheet.insert_textbox("B12", "填表人：{{填表人}}")
        sheet.write_comment("B3", "与身份证一致")
        sheet.set_header("&C{{单位}}", {})
        sheet.print_area("A1:F10")
        sheet.set_paper(9)
        book.add_worksheet("填表说明").write("A1", "请用黑色笔填写。")
    return path


def household_card(path: Path) -> Path:
    """一户一档: the household's labels, then a small table of its people, then its visits."""
    book = Workbook()
    sheet = book.active
    sheet.title = "一户一档"
    sheet["A1"] = "一户一档信息卡"
    sheet.merge_cells("A1:F1")
    for row, texts in enumerate([["户主姓名", None, "联系电话", None, "居住性质", None], ["楼栋", None, "单元", None, "房号", None]], 2):
        for column, text in enumerate(texts, 1):
            sheet.cell(row, column, text).border = LINES
    sheet["A4"], sheet["A5"] = "详细住址", "家庭成员情况"
    sheet.merge_cells("B4:F4")
    sheet.merge_cells("A5:F5")
    for column in range(1, 7):
        sheet.cell(4, column).border = LINES
    for column, text in enumerate(["序号", "姓名", "与户主关系", "性别", "出生年份", "联系电话"], 1):
        sheet.cell(6, column, text).border = LINES
    for row in (7, 8):
        for column in range(1, 7):
            sheet.cell(row, column).border = LINES
    sheet["A9"] = "走访记录"
    sheet.merge_cells("A9:F9")
    for column, text in enumerate(["走访日期", "走访人", "走访内容", "反映问题", "处理情况", "备注"], 1):
        sheet.cell(10, column, text).border = LINES
    for row in (11, 12):
        for column in range(1, 7):
            sheet.cell(row, column).border = LINES
    sheet["A13"] = "建档人：            建档日期：    年  月  日"
    sheet.print_area = "A1:F13"
    book.save(path)
    return path


def two_tables(path: Path) -> Path:
    """Members above, visits below, on one sheet; a sum between them."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "一、党员名册"
    for column, text in enumerate(["序号", "姓名", "性别", "入党时间", "党内职务"], 1):
        sheet.cell(2, column, text)
    for column in range(1, 6):
        sheet.cell(3, column).border = LINES
    sheet["A4"], sheet["D4"] = "合计", "=COUNTA(B3:B3)"
    sheet["A6"] = "二、走访登记"
    for column, text in enumerate(["序号", "走访日期", "走访人", "受访人", "走访内容"], 1):
        sheet.cell(7, column, text)
    for column in range(1, 6):
        sheet.cell(8, column).border = LINES
    sheet["A10"] = "填表人：        审核人："
    book.save(path)
    return path


def holed(path: Path) -> Path:
    """A row of {{字段}} under headings of their own; more in the title, the foot and the sheet's second page."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "{{单位}}{{年}}年联系名册（共{{人数}}人）"
    for column, text in enumerate(["号", "谁", "住哪", "怎么找"], 1):
        sheet.cell(2, column, text).font = Font(bold=True)
    for column, text in enumerate(["{{序号}}", "{{姓名}}", "{{楼栋}}号楼{{房号}}室", "{{联系电话}}"], 1):
        sheet.cell(3, column, text).fill = PatternFill("solid", fgColor="EEEEEE")
    sheet["A4"] = "填表日期：{{填报日期}}"
    sheet.oddFooter.center.text = "{{单位}}"
    second = book.create_sheet("说明")
    second["A1"] = "本表由{{填表人}}填报。"
    book.save(path)
    return path


def beside(path: Path) -> Path:
    """Two tables side by side, with the same headings but other rows' worth of room; a list that stands apart to the right."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "楼栋及走访人统计"
    for column, text in enumerate(["楼栋", "户数", "人数"], 1):
        sheet.cell(2, column, text).border = LINES
        sheet.cell(3, column).border = LINES
    sheet["A5"] = "制表人："
    book.save(path)
    return path


def begun(path: Path) -> Path:
    """A roster the office has begun: an instruction row, the names of some, an ID number of one, what another office wrote of a stranger."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "居民信息登记表"
    lines = [
        ["序号", "姓名（必填）", "性别", "出生年月", "联系电话", "住址", "备注"],
        ["", "填写真实姓名", "男/女", "如1965年3月", "11位手机号", "", "选填"],
        [1, "王小雨", "", "", "", "", "街道已核"],
        [2, "外来人", "男", "1970年1月", "16199990000", "别处", "请勿改动"],
        [3, "曾乐天", "", "", "", "", ""],
    ]
    for row, texts in enumerate(lines, 2):
        for column, text in enumerate(texts, 1):
            sheet.cell(row, column, text or None).border = LINES
    for column in range(1, 8):
        sheet.cell(7, column).border = LINES
    sheet["A8"], sheet["B8"] = "合计", "=COUNTA(B4:B7)"
    sheet["B3"].alignment = Alignment(wrap_text=True)
    rule = DataValidation(type="list", formula1='"男,女"')
    rule.add("C4:C7")
    sheet.add_data_validation(rule)
    book.save(path)
    return path


SHAPES: dict[str, Callable[[Path], Any]] = {
    each.__name__: each for each in (sealed, listed, monthly, dues, person_card, household_card, two_tables, holed, beside, begun)
}


def old_roster(path: Path) -> Path:
    """An .xls roster: merged title, styled rows, formulas beside and below, another sheet that looks here, print titles, a page header."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet, other = book.add_sheet("花名册", cell_overwrite_ok=True), book.add_sheet("汇总")
    line = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin; font: name 宋体, height 240")
    big = xlwt.easyxf("font: bold on, height 360; align: horiz centre")
    sheet.write_merge(0, 0, 0, 6, "{{单位}}居民花名册", big)
    sheet.write(1, 0, "填报单位：")
    for column, text in enumerate(["序号", "姓名", "性别", "出生年月", "联系电话", "住址", "备注"]):
        sheet.write(2, column, text, line)
    for row in (3, 4):
        sheet.row(row).height = 500
        for column in range(7):
            sheet.write(row, column, None, line)
        sheet.write(row, 6, xlwt.Formula(f"LEN(B{row + 1})*2"), line)
    sheet.write(5, 0, "合计", line)
    sheet.write(5, 1, xlwt.Formula("COUNTA(B4:B5)"), line)
    sheet.write(5, 6, xlwt.Formula("SUM($G$4:$G$5)"), line)
    sheet.write_merge(6, 6, 0, 6, "填表人：          审核人：          年   月   日")
    other.write(0, 0, xlwt.Formula("'花名册'!B6"))
    other.write(1, 0, xlwt.Formula("SUM('花名册'!G4:G5)"))
    other.write(2, 0, "本表由{{填表人}}汇总。")
    sheet._Worksheet__header_str = "&C{{单位}}"  # its own setter takes ASCII alone
    sheet.set_horz_page_breaks([(6, 0, 255)])
    sheet.set_panes_frozen(True)
    sheet.set_horz_split_pos(3)
    sheet.col(1).width = 4000
    for at in range(300):
        other.write(at + 5, 0, f"第{at}条说明：" + "说" * 60)
    book.save(str(path))
    return path


def old_card(path: Path) -> Path:
    """An .xls card of a member."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("登记表")
    line = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")
    sheet.write_merge(0, 0, 0, 3, "党员信息登记表")
    for row, texts in enumerate([["姓名", None, "性别", "□男 □女"], ["出生年月", None, "手机号码", None], ["入党时间", None, "转正时间", None]], 1):
        for column, text in enumerate(texts):
            sheet.write(row, column, text, line)
    sheet.write(4, 0, "支部意见：          （盖章）")
    book.save(str(path))
    return path
