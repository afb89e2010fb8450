"""A secretary's own ledger: a form with the choice of rows and their order, as a small TOML that can be shared; it holds nothing personal.

What comes from elsewhere is checked like a form sent down: by the same checker, and every choice by what the record knows.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from gridapp.ledgers.form_checks import check_told
from gridapp.ledgers.forms import BLANK, SERIAL, WIDTHS, Form, FormColumn
from gridapp.ledgers.sources import sources
from gridapp.records.base import new_id
from gridapp.records.kinds import Kind
from gridapp.rules.content import is_word, parse, wrong

WHAT, MARK, PREFIX = "自己的台账", "gridapp-ledger", "own_"
NUMBER = 900  # behind all others
FILTER = ("grid", "building", "group", "since", "until", "category", "state", "sort")
LISTED = ("member", "household", "resident", "service_need", "visit", "request", "request_event", "building")
UNITS = {"member": "名", "resident": "人", "household": "户", "building": "栋", "service_need": "人", "visit": "次", "request": "件"}
WIDE = {"notes": 24, "content": 32, "problem": 30, "result": 26}


@dataclass(frozen=True, slots=True)
class OwnLedger:
    """form: its columns and title. chosen: which rows, by the fields of a desk's Picked. order: a source, '-' before it for the last first."""

    form: Form
    chosen: Mapping[str, Any] = field(default_factory=dict)
    order: str = ""

    @property
    def key(self) -> str:
        return self.form.key


def offered(record: str) -> dict[str, Kind]:
    """What an own ledger of the record may list, by source; nothing that a grid must switch on. What is sensitive is masked when it is written."""
    return {name: kind for name, kind in sources(record).items() if not kind.off}


def make(record: str, title: str, columns: Sequence[tuple[str, str]], chosen: Mapping[str, str], order: str = "", key: str = "") -> OwnLedger:
    """An own ledger of (source, heading) columns, 序号 first; checked. Raises Trouble that says what to mend."""
    told = [FormColumn("序号", SERIAL, 6, "center", number=True), *(_column(record, source, heading.strip()) for source, heading in columns)]
    form = Form(key or f"{PREFIX}{new_id()[-12:]}", NUMBER, title.strip(), record, tuple(told), UNITS.get(record, "条"))
    return check_own(text_of(OwnLedger(form, {name: value for name, value in chosen.items() if value}, order)))


def _column(record: str, source: str, heading: str) -> FormColumn:
    kind = offered(record).get(source)
    if kind is None:
        return FormColumn(heading or ("备注" if source == BLANK else source[:40]), source, 16)
    usual = WIDE.get(source) or WIDTHS.get(type(kind)) or (30 if getattr(kind, "longest", 0) > 300 else 14)
    return FormColumn(heading or kind.label, source, max(usual, 2 * len(heading or kind.label) + 2), "right" if kind.right else "left", kind.right)


def text_of(own: OwnLedger) -> str:
    """The TOML of an own ledger."""
    form = own.form
    head = {"mark": MARK, "key": form.key, "number": form.number, "title": form.title, "record": form.record, "unit": form.unit, "order": own.order}
    lines = [f"{name} = {_value(value)}" for name, value in head.items()]
    lines += ["", "[filter]", *(f"{name} = {_value(value)}" for name, value in own.chosen.items())]
    for column in form.columns:
        lines += ["", "[[columns]]", *(f"{each.name} = {_value(getattr(column, each.name))}" for each in fields(FormColumn))]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # of texts without control characters, numbers and booleans, JSON is TOML


def check_own(text: str) -> OwnLedger:
    """The own ledger of a TOML text. Raises Trouble that names what is wrong."""
    told = parse(text, WHAT)
    if told.pop("mark", "") != MARK:
        raise wrong(WHAT, "这不是从“自己的台账”里分享出来的文件", "请选择用“分享”写出的 .toml 文件")
    if not is_word(told.get("title"), 60):
        raise wrong(WHAT, "还没有名称，或名称太长", "请起一个名称，不超过 60 个字，例如“第一党小组联系表”")
    if told.get("record") not in LISTED or not str(told.get("key", "")).startswith(PREFIX):
        raise wrong(WHAT, "写的记录或代号本程序不认识", "请对方用新版程序重新分享")
    order, chosen = told.pop("order", ""), told.pop("filter", {})
    form = check_told(told, LISTED)
    if not [column for column in form.columns if column.source != SERIAL]:
        raise wrong(WHAT, "还没有选栏目", "请至少选一栏")
    _check_choice(form, chosen, order)
    return OwnLedger(form, dict(chosen), order)


def _check_choice(form: Form, chosen: Any, order: Any) -> None:
    if not isinstance(chosen, dict) or not chosen.keys() <= set(FILTER) or not all(is_word(value, 60) for value in chosen.values()):
        raise wrong(WHAT, "选取的条件不对", f"条件可以写 {'、'.join(FILTER)}")
    if not isinstance(order, str) or (order and order.removeprefix("-") not in offered(form.record)):
        raise wrong(WHAT, "排列顺序取自不认识的栏目", "请换一个栏目排列，或留空")
