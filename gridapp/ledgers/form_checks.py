"""Ledger forms and templates sent down: checked whole before a form counts or a workbook is kept."""
from __future__ import annotations

import re
from typing import Any

from gridapp.ledgers import gate, sniff
from gridapp.ledgers.forms import BLANK, SERIAL, Form, form_of, shipped
from gridapp.ledgers.sources import sources
from gridapp.rules.content import is_word, parse, wrong
from gridapp.rules.reading import Trouble

WHAT, KEY = "台账格式", re.compile(r"[a-z][a-z0-9_]{1,39}")
RECORDS = ("building", "household", "resident", "member", "visit", "request")
KINDS: dict[str, type] = {"key": str, "number": int, "title": str, "record": str, "columns": list, "unit": str, "landscape": bool, "freeze": int}
COLUMN: dict[str, type] = {"heading": str, "source": str, "width": int, "align": str, "number": bool}
MOST_COLUMNS, ALIGNS = 60, ("left", "center", "right")


def check_form(text: str) -> Form:
    """The form of a TOML text. Raises Trouble that names what is wrong."""
    return check_told(parse(text, WHAT))


def check_told(told: Any, also: tuple[str, ...] = ()) -> Form:
    """The form that parsed TOML tells. also: records a desk's own forms may list besides; theirs may hold what is sensitive, for masks hide it.

    Raises Trouble that names what is wrong.
    """
    if not _typed(told, KINDS, ("key", "number", "title", "record", "columns")) or not KEY.fullmatch(told["key"]) or told["key"].startswith("all"):
        raise wrong(WHAT, "应写明 key（代号，小写字母）、number（编号）、title（标题）、record（记录）和 columns（栏目），不写别的", "请补全后再试")
    if not is_word(told["title"], 60) or not is_word(told.get("unit", "条"), 4) or not 1 <= told["number"] <= 999:
        raise wrong(WHAT, "标题、单位或编号不对", "标题不超过 60 个字，单位不超过 4 个字，编号从 1 到 999")
    if not 0 <= told.get("freeze", 2) <= 10 or not 1 <= len(told["columns"]) <= MOST_COLUMNS:
        raise wrong(WHAT, f"栏目应有 1 到 {MOST_COLUMNS} 个，冻结的栏目不超过 10 个", "请改正后再试")
    known = {form.key: form for form in shipped()}
    replaced = known.get(told["key"])
    its_own = replaced is not None and told["number"] == replaced.number
    if not its_own and (taken := next((each for each in known.values() if each.number == told["number"]), None)) is not None:
        raise wrong(WHAT, f"编号 {told['number']} 已是“{taken.title}”", "请换一个编号")
    known_sources = _sources(told["record"], replaced, also)
    for column in told["columns"]:
        _check_column(column, known_sources)
    return form_of(told)


def _typed(told: Any, kinds: dict[str, type], needs: tuple[str, ...]) -> bool:
    return isinstance(told, dict) and set(needs) <= told.keys() <= kinds.keys() and all(type(value) is kinds[name] for name, value in told.items())


def _sources(record: str, replaced: Form | None, also: tuple[str, ...]) -> dict[str, str]:
    """What a form of the record may list, with labels: declared and worked out, nothing sensitive, nothing that a grid must switch on."""
    if record not in (replaced.record if replaced else "", *RECORDS, *also) or (replaced and record != replaced.record):
        raise wrong(WHAT, f"不能按“{record[:40]}”出台账", f"请写 {'、'.join([replaced.record] if replaced else RECORDS)}")
    plain = {name: kind.label for name, kind in sources(record).items() if (kind.secrecy < 3 or also) and not kind.off}
    return {SERIAL: "序号", BLANK: "留空手填", **plain, **{column.source: column.heading for column in (replaced.columns if replaced else ())}}


def _check_column(column: Any, sources: dict[str, str]) -> None:
    if not _typed(column, COLUMN, ("heading", "source")) or not is_word(column["heading"], 40):
        raise wrong(WHAT, "有一栏写得不对", "每栏写 heading（表头）和 source（取自），还可以写 width、align、number")
    if column["source"] not in sources:
        raise wrong(WHAT, f"“{column['heading']}”取自“{column['source'][:40]}”，没有这一项，或它属于敏感信息", f"可以取：{'、'.join(sources)}")
    if not 3 <= column.get("width", 12) <= 80 or column.get("align", "left") not in ALIGNS:
        raise wrong(WHAT, f"“{column['heading']}”的宽度或对齐不对", "宽度从 3 到 80，对齐写 left、center 或 right")


def changes(before: tuple[Form, ...], form: Form) -> list[str]:
    """What a form changes, in words."""
    old = next((each for each in before if each.key == form.key), None)
    if old is None:
        return [f"新增台账“{form.title}”，{len(form.columns)} 栏。"]
    added = [heading for heading in form.headings if heading not in old.headings]
    gone = [heading for heading in old.headings if heading not in form.headings]
    said = [f"{what} {len(names)} 栏（{'、'.join(names)}）" for what, names in (("增加", added), ("去掉", gone)) if names]
    return [f"台账“{form.title}”：{'；'.join(said) or '栏目不变，只调整顺序或样式'}。"]


def check_template(data: bytes) -> str:
    """The ending of a workbook that may be sent down: 'xlsx' or 'xls'. Raises Trouble for what is none, is damaged, or carries macros."""
    kind = sniff.form_of(data)
    if kind not in ("xlsx", "xls"):
        raise Trouble("表格模板应是 .xlsx 或 .xls 工作簿。请用 Excel 或 WPS 另存后再选。", "not_a_workbook")
    names = "".join(gate.open_parts(data).namelist()).lower() if kind == "xlsx" else ""
    if "vbaproject" in names or "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Trouble("这个工作簿带有宏，为了安全不能下发。请另存为不带宏的 .xlsx 再选。", "macros")
    return kind

