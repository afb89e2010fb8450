"""A preview of an import in rows of text: what each row becomes, what is wrong and where, how the sheet was understood. No Qt."""
from __future__ import annotations

from typing import Any

from gridapp import desk
from gridapp.ledgers.marks import letters

OUTCOMES = {"new": "新增", "changed": "更新", "same": "相同", "cannot": "不能导入"}
CHIPS = (("all", "全部"), *OUTCOMES.items(), ("noted", "有提醒"))
PLACES = (("household", "住户"), ("resident", "居民"), ("member", "党员"), ("visit", "走访"), ("request", "服务事项"))
ROW_KINDS = {"header": "表头", "data": "数据", "skipped": "跳过", "title": "标题"}


def cell_of(sheets: list[Any], sheet: str, row: int, label: str) -> str:
    """'D8' where the heading of that label is known, else '8 行'."""
    found = next((each for each in sheets if each.name == sheet), None)
    if found is None or not row:
        return f"{row} 行" if row else ""
    at = next((each.at for table in found.tables for each in table.columns if label and each.label == label), None)
    return f"{row} 行" if at is None else f"{letters(at)}{row}"


def chips(preview: Any) -> list[tuple[str, str, int]]:
    """(key, label, count) of the filters over the rows."""
    noted = sum(1 for row in preview.rows if fits(row, "noted"))
    counts = {"all": len(preview.rows), "noted": noted, **preview.counts}
    return [(key, text, counts.get(key, 0)) for key, text in CHIPS]


def fits(row: Any, key: str) -> bool:
    """Whether a row belongs under a filter; noted: it can be taken in, yet something should be looked at."""
    if key == "noted":
        return bool(row.faults) and row.outcome != "cannot"
    return key == "all" or row.outcome == key


def row_lines(rows: list[Any]) -> list[tuple[str, ...]]:
    """(sheet, row, outcome, title, remark) each."""
    return [(row.sheet, str(row.row), OUTCOMES[row.outcome], row.title, _remark(row)) for row in rows]


def _remark(row: Any) -> str:
    said = "；".join(fault.text for fault in row.faults)
    if row.outcome == "changed" and row.detail:
        return f"改动：{row.detail}" + (f"。{said}" if said else "")
    return said or row.detail


def fault_lines(preview: Any) -> list[tuple[str, ...]]:
    """(sheet, cell, field, what is wrong, what to do) each."""
    return [(sheet, cell_of(preview.sheets, sheet, row, label), label, text, hint) for sheet, row, label, text, hint in preview.faults]


def summary(preview: Any) -> str:
    """One sentence above the table: what the import would do, or why it can do nothing as the tables were understood."""
    if preview.file_error and not any(sheet.tables for sheet in preview.sheets):
        return f"{preview.file_error}如果它确实是台账，请在“原表”里选中表头那一行，再点“这一行是表头”。"
    if preview.file_error:
        return f"{preview.file_error}如果它确实是台账，请在下面选定每张表是什么、每一列是什么。"
    if not preview.rows:
        return "".join(_nothing(preview.sheets)) + "现在没有要写入的行。"
    counts = preview.counts
    kinds = "、".join(dict.fromkeys(sheet.kind_label for sheet in preview.sheets if sheet.kind_label))
    will = f"将新增 {counts['new']:,} 行、更新 {counts['changed']:,} 行，{counts['same']:,} 行没有变化"
    not_in = f"，{counts['cannot']:,} 行不能导入" if counts["cannot"] else ""
    return f"{'认出是' + kinds + '。' if kinds else ''}{will}{not_in}。现在还没有写入，请看过以后点“确认导入”。"


def _nothing(sheets: list[Any]) -> list[str]:
    """Why there is nothing to take in, but for what the offer above says."""
    offered = {sheet.name for sheet in sheets for table in sheet.tables if table.offer}
    return list(dict.fromkeys(sheet.no_table for sheet in sheets if sheet.no_table and sheet.name not in offered))


def offered(preview: Any) -> str:
    """What can be kept of ledgers the store does not keep, and of which it was said that it should; "" for none."""
    waiting, taken = ({(each.ledger, each.labels): each for each in desk.offers(preview, said).values()}.values() for said in (False, True))
    lines = [f"这是{each.ledger}台账，程序还不保存这一类；认得的栏有 {'、'.join(each.labels)}，可以只保存这些。" for each in waiting]
    lines += [f"{each.ledger}台账按您选定的只保存认得的栏：{'、'.join(each.labels)}。别的内容不保存，请自行留存原表。" for each in taken]
    return "\n".join(lines)


def first_table(sheets: list[Any]) -> int:
    """The first sheet in which a table was found."""
    return next((at for at, sheet in enumerate(sheets) if sheet.header_rows), 0)


def outcome(done: Any) -> str:
    """The toast after an import."""
    counts = done.counts
    left = f"，{counts['cannot']:,} 行没有导入" if counts["cannot"] else ""
    return f"“{done.file}”导入好了：新增 {counts['new']:,} 行，更新 {counts['changed']:,} 行{left}。"


def next_step(done: Any) -> str:
    """What to do after an import."""
    if done.counts["cannot"]:
        return f"{outcome(done)}没有导入的行放进了“待处理”，在那里改好就能接着导入，也可以不要。"
    return f"{outcome(done)}可以接着导入下一份台账，或先看看导入的结果；导错了可以按 Ctrl+Z 撤销。"
