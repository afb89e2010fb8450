"""What each row under a header is: a person (or visit, or request), or one of the rows that only look like one."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from gridapp.ledgers.mapping import Mapping, plain

TOTAL = re.compile(r"(.{0,10}?)(小计|合计|总计|累计|共计|总合计|承前页|过次页|转下页)([:：（(].*|[\d.]+.*)?$")
COUNTED = re.compile(r"^(本页|本月|本表|本季度?|本年度?|全年|全部|以上|党员|人员|户籍|总|共|合).{0,12}?\d+\s*(户|人|名|件|次|条|元|项|栋)")
SIGN_OFF = re.compile(
    r"(填表|制表|填报|经办|审核|审批|负责|复核|统计|登记|核查|调查|主管|分管|核对)(人|单位|领导|员)?(签[字名章])?(（[^）]*）|\([^)]*\))?[:：]"
    r"|签字|签名[:：（(]|盖章|签章|[（(]公?章[）)]|(书记|委员|组长|主任|领导|网格员|单位).{0,6}[:：]\s*$|年\s+月\s+日|^制表日期|^填表日期|^填报日期|^日期[:：]"
)
NOTE = re.compile(
    r"^(注|备注|说明|附注|填表说明|填写说明|填报说明|要求|提示|温馨提示|备注说明|※|注意)\s*[:：1一]|^[（(]?(注|备注|说明)[)）]"
    r"|^(\d+|[一二三四五六七八九十])[、.．].{12,}"
)
UNIT_LINE = re.compile(
    r"第\s*\d+\s*页|共\s*\d+\s*页|^单位[:：]|^页码|^-\s*\d+\s*-$|^\d+/\d+$|截[至止]|^(填报|制表)?(单位|日期|时间)[:：]|年度?[:：]|打印(时间|日期)"
)
SECTION = re.compile(r"(党小组|小组|支部|网格|单元|楼栋?|幢|栋|小区|组|村|社区|片区?|弄|巷)([（(：:].*)?$")
EXAMPLE = re.compile(r"^[（(【\[]?(填写)?(示例|样例|范例|举例|例如|例子|填写示范)|^例[:：）)]|^[（(]例[)）]")
INSTRUCTION = re.compile(
    r"必填|选填|可不填|不填|填写|格式|如[:：]?\S|例如|\d+位|请|/\S+/|下拉|选择|YYYY|yyyy|真实|是/否|男/女|区号|说明|规范|统一|自动|系统"
)
STOCK_NAMES = {"张三", "李四", "王五", "赵六", "某某", "某某某", "×××", "XXX", "xxx", "张某", "张某某", "示例"}

PLAIN_NAME = re.compile(r"[^\W\d_计签注表备填审经负字章单共页第示例姓请必]{2,4}")

Evidence = Callable[[Any], bool]


def _digits(least: int) -> Evidence:
    return lambda cell: sum(character.isdigit() for character in str(cell)) >= least


def _short(cell: Any) -> bool:
    return 0 < len(str(cell).strip()) <= 8 and not TOTAL.match(plain(cell)) and not re.search(r"\d", str(cell))


EVIDENCE: dict[str, Evidence] = {
    "id_no": _digits(6),
    "phone": _digits(7),
    "phone2": _digits(7),
    "birth": _digits(2),
    "join_date": _digits(4),
    "visit_date": _digits(2),
    "req_date": _digits(2),
    "req_no": _digits(1),
    "sex": lambda cell: str(cell).strip() in ("男", "女", "1", "2", "1.0", "2.0", "M", "F", "男性", "女性"),
    "relation": _short,
    "member_type": _short,
    "content": lambda cell: len(str(cell).strip()) > 1,
    "room": _digits(2),
    "address": _digits(1),
}


def what_is(cells: list[Any], mapping: Mapping, fresh: bool) -> str:
    """'' for a row of the ledger; else 'blank', 'subtotal', 'total', 'sign-off', 'note', 'unit/date line', 'section', 'title', 'instruction row' or
    'example row'. cells: the row's own cells (nothing filled down). fresh: no row of the ledger has come yet under this header."""
    filled = {column: cell for column, cell in enumerate(cells) if cell != "" and str(cell).strip()}
    mapped = {mapping.terms[column].name: cell for column, cell in filled.items() if column in mapping.terms}
    if not _says_something(mapped, filled):
        return "blank"
    if fresh and (guide := _guide(filled, mapped)):
        return guide
    if any(name in EVIDENCE and EVIDENCE[name](cell) for name, cell in mapped.items()) and not _lead_signs(filled, mapped):
        return ""
    return _apart(filled, mapped)


def plain_row(mapping: Mapping) -> Callable[[list[Any]], bool]:
    """A quick test that knows most rows of a ledger at sight: a plain Han name, and another cell that proves it a person."""
    name = mapping.column("name")
    proofs = [(column, EVIDENCE[term.name]) for column, term in mapping.terms.items() if term.name in ("id_no", "phone", "sex", "visit_date")]

    def test(cells: list[Any]) -> bool:
        return (
            name is not None
            and cells[name].__class__ is str
            and PLAIN_NAME.fullmatch(cells[name]) is not None
            and any(cells[column] != "" and proof(cells[column]) for column, proof in proofs)
        )

    return test


def _says_something(mapped: dict[str, Any], filled: dict[int, Any]) -> bool:
    """Some mapped cell holds more than a zero or a serial number, or a line of text stands outside every mapped column."""
    if any(name != "serial" and cell not in (0, 0.0, "0") for name, cell in mapped.items()):
        return True
    return any(isinstance(cell, str) and not cell.strip().isdigit() for cell in mapped.values()) or (not mapped and _first(filled) != "")


def _first(filled: dict[int, Any]) -> str:
    return next((plain(cell) for _, cell in sorted(filled.items()) if isinstance(cell, str)), "")


def _lead_signs(filled: dict[int, Any], mapped: dict[str, Any]) -> bool:
    """A total, sign-off or note whose row happens to carry digits: it begins the row, and no name stands where the name should."""
    lead = next((str(cell) for _, cell in sorted(filled.items()) if isinstance(cell, str)), "")
    if len(filled) > 4:
        return False
    if TOTAL.fullmatch(plain(lead)):
        return not _named(mapped)
    return bool(SIGN_OFF.search(lead) or NOTE.search(lead) or UNIT_LINE.search(lead)) and len(lead) > 4 and not _named(mapped)


def _named(mapped: dict[str, Any]) -> bool:
    name = plain(mapped.get("name", ""))
    return 0 < len(name) <= 12 and not SIGN_OFF.search(name)


def _apart(filled: dict[int, Any], mapped: dict[str, Any]) -> str:
    """A row with nothing that proves it a person: told by its words; a lone plain name is still a person."""
    texts = [str(cell).strip() for _, cell in sorted(filled.items()) if isinstance(cell, str)]
    lead = plain(texts[0]) if texts else ""
    if any(TOTAL.fullmatch(plain(text)) for text in texts) or COUNTED.search(lead):
        return "subtotal" if re.search("小计|本页|累计|网格|组|楼|承前|过次", "".join(texts)) else "total"
    if any(SIGN_OFF.search(text) for text in texts):
        return "sign-off"
    if NOTE.search(lead):
        return "note"
    if any(UNIT_LINE.search(text) for text in texts):
        return "unit/date line"
    if len(filled) == 1 and ("name" not in mapped or SECTION.search(lead)):
        return "section" if SECTION.search(lead) and len(lead) <= 40 else "title" if texts else "blank"
    return "" if _proves(mapped) else "note" if texts else "blank"


def _proves(mapped: dict[str, Any]) -> bool:
    """Whether what is left is worth a row: a name, or two mapped cells."""
    return _named(mapped) or len([name for name in mapped if name != "serial"]) >= 2


def _guide(filled: dict[int, Any], mapped: dict[str, Any]) -> str:
    """Rows between the header and the first person: how to fill in, and a made-up example."""
    texts = [str(cell).strip() for cell in filled.values() if isinstance(cell, str)]
    if any(EXAMPLE.search(text) for text in texts) or (str(mapped.get("name", "")).strip() in STOCK_NAMES and not _whole_id(mapped.get("id_no", ""))):
        return "example row"
    hints = sum(bool(INSTRUCTION.search(text)) for text in texts)
    if hints >= 2 and hints * 3 >= len(filled) and not _whole_id(mapped.get("id_no", "")):
        return "instruction row"
    return ""


def _whole_id(cell: Any) -> bool:
    from gridapp.rules import id_numbers

    return id_numbers.read(cell).value is not None


def section_of(cells: list[Any]) -> str:
    """The name a section row gives, without what stands in brackets."""
    text = next((str(cell) for cell in cells if cell != ""), "")
    return re.sub(r"[（(：:].*$", "", text).strip()
