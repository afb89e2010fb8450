"""What the centre sent down takes effect: the materials in force are checked once more and put in their place, without the program being reinstalled.

Nothing that comes in a bundle is believed: a text that does not fit is refused with a sentence and everything else stands.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from gridapp.desk.desk import Desk
from gridapp.records.material import MOST_BYTES
from gridapp.rules import code_changes, codes, content, pack_checks, packs
from gridapp.rules.content import Content
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.read import Row, rows
from gridapp.sync import schema, sealing

MOST_NOTICE = 20_000
TEXTS = ("codes", "rules", "form")
FORGED = "签名核对不上，内容可能被改动过，没有启用。请向下发单位核实，请他们重新下发。"
Outcome = tuple[Content, list[str]]


@dataclass
class Weighed:
    """What came of all materials of the kinds that change how the program works. said: what each in force changes; refused: why not, by its id."""

    content: Content = field(default_factory=Content)
    said: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def apply(desk: Desk) -> Weighed:
    """Check what this desk has from its offices and let it take effect. Raises nothing for what is damaged or hostile: that is told in `refused`."""
    with desk.store.reading() as connection:
        found = weigh(connection, desk.scope, desk.today())
    content.HERE.now, content.HERE.day = found.content, desk.today().isoformat()
    return found


def apply_on_a_new_day(desk: Desk) -> None:
    """What was to wait until today takes effect in a program left open over night."""
    if content.HERE.day not in ("", desk.today().isoformat()):
        apply(desk)


def weigh(connection: Connection, scope: str, today: dt.date, draft: Row | None = None) -> Weighed:
    """What materials come to, without effect. draft: one more, about to be sent."""
    found = Weighed()
    materials = [row for row in rows(connection, "material", kind=TEXTS) if is_for(scope, row["scope"])]
    found.refused = {row["id"]: FORGED for row in materials if not is_genuine(connection, row)}
    genuine = [row for row in materials if row["id"] not in found.refused] + ([draft] if draft else [])
    begun = [row for row in genuine if (row["effective_from"] or "") <= today.isoformat()]
    begun.sort(key=age, reverse=True)
    groups = [list(each) for _, each in groupby(sorted(begun, key=_order), key=group_of)]
    standing = [[row for row in group if not row["withdrawn_on"]] for group in groups]
    found.content = _with_past(begun, {group[0]["id"] for group in standing if group})
    for group in standing:
        _take_newest(found, group)
    return found


def is_for(scope: str, of: str) -> bool:
    """Whether what an office of path `of` sends down is for a desk of this path."""
    return bool(of) and (scope == of or scope.startswith(of + "/"))


def is_genuine(connection: Connection, row: Row) -> bool:
    """Whether the office whose path it has signed it as it is."""
    return sealing.sealed(connection, schema.current().by_name["material"], row["id"], row)


def group_of(row: Row) -> tuple[str, ...]:
    """Of two in one group the later counts. Packs of one name but other days stand side by side: a case is judged by its own day's rule."""
    return row["kind"], row["scope"], row["key"] or "", (row["effective_from"] or "") if row["kind"] == "rules" else ""


def state(row: Row, rows: list[Row], today: str, refused: dict[str, str]) -> str:
    """How a material stands, in a word or two."""
    if row["withdrawn_on"]:
        return "已撤回"
    if row["id"] in refused:
        return "没有启用"
    if (row["effective_from"] or "") > today:
        return f"{row['effective_from'][:10]} 起生效"
    group = group_of(row)
    newer = [each for each in rows if group_of(each) == group and not each["withdrawn_on"] and (each["effective_from"] or "") <= today]
    return "生效中" if max(newer, key=age, default=row) is row else "已有新版本"


def age(row: Row) -> tuple[str, str]:
    """Of a group's materials the greatest counts."""
    return row["sent_on"] or "", row["id"]


def _order(row: Row) -> tuple[object, ...]:
    """Code tables from the top office down (a lower one fits in with it); of rules and forms the top office's come last, so that they count."""
    depth = row["scope"].count("/") * (1 if row["kind"] == "codes" else -1)
    return TEXTS.index(row["kind"]), depth, *group_of(row)


def _with_past(begun: Iterable[Row], newest: set[str]) -> Content:
    """Code tables withdrawn or replaced: their codes still show."""
    past: tuple[str, ...] = ()
    for row in begun:
        if row["kind"] == "codes" and row["id"] not in newest and row["body"]:
            try:
                codes.amended((), (*past, row["body"]))
            except Trouble:
                continue
            past = (*past, row["body"])
    return Content(past=past)


def _take_newest(found: Weighed, candidates: list[Row]) -> None:
    """The newest that can be used; what is newer and cannot is refused."""
    for row in candidates:
        try:
            found.content, found.said[row["id"]] = CHECKS[row["kind"]](found.content, row["body"] or "")
            return
        except Trouble as trouble:
            found.refused[row["id"]] = trouble.text


def check(kind: str, here: Content, body: str) -> Outcome:
    """The content with one more text, and what that changes in words. Raises Trouble that names what is wrong."""
    return CHECKS[kind](here, body)


def _codes(here: Content, body: str) -> Outcome:
    before = codes.amended(here.codes, here.past)
    after = code_changes.amend(before, body)
    return replace(here, codes=(*here.codes, body)), code_changes.changes(before, after)


def _rules(here: Content, body: str) -> Outcome:
    tables = codes.amended(here.codes, here.past)
    pack = pack_checks.check_pack(body, tables)
    return replace(here, rules=(*here.rules, body)), pack_checks.changes(packs.with_sent(here.rules), pack, tables)


def _form(here: Content, body: str) -> Outcome:
    from gridapp.ledgers import form_checks, forms

    form = form_checks.check_form(body)
    return replace(here, forms=(*here.forms, body)), form_checks.changes(forms.with_sent(here.forms), form)


def _notice(here: Content, body: str) -> Outcome:
    if not body.strip() or len(body) > MOST_NOTICE:
        raise Trouble(f"通知应有内容，且不超过 {MOST_NOTICE // 10_000} 万个字。请改好后再发。", "notice_length")
    return here, []


def _template(here: Content, body: str) -> Outcome:
    file_of(body)
    return here, []


def file_of(body: str) -> bytes:
    """A template's file. Raises Trouble for what is no workbook, damaged, too large, or carries macros."""
    from gridapp.ledgers.form_checks import check_template

    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Trouble("表格模板损坏，打不开。请让下发单位重新下发。", "template_damaged") from error
    if len(data) > MOST_BYTES:
        raise Trouble(f"表格模板太大，最多 {MOST_BYTES >> 20} MB。请删去图片等内容后再试。", "template_too_large")
    check_template(data)
    return data


CHECKS: dict[str, Callable[[Content, str], Outcome]] = {"notice": _notice, "codes": _codes, "rules": _rules, "form": _form, "template": _template}
