"""Ledgers of kinds the store does not keep: which kind one is, and what its columns tell of the people in it that can be kept all the same."""
from __future__ import annotations

import re
from dataclasses import dataclass

from gridapp.ledgers.corrections import Correction, corrected
from gridapp.ledgers.layout import Paths
from gridapp.ledgers.mapping import map_columns

KINDS = {
    "党费收缴": ("党费", r"应[交缴]|实[交缴]|缴费|党费|^(1[0-2]|[1-9])月"),
    "会议和组织生活": ("会议|三会一课|主题党日|组织生活|民主评议", r"会议|主持|记录人|应到|实到|列席|议题|活动名称"),
    "发展党员": ("发展党员|积极分子|发展对象", r"积极分子|发展对象|谈话|支部大会|政审|公示|预审|当前阶段"),
    "流动党员": ("流动党员", r"流动类型|流动原因|流[出入]|活动证|外出(地|原因|时间)"),
}
# Whose people these are: somebody on the way into the Party is a resident, no member yet.
PEOPLE = {"党费收缴": "party", "会议和组织生活": "party", "发展党员": "resident", "流动党员": "party"}
WHO = {"party": {"id_no", "birth"}, "resident": {"id_no", "birth", "address", "room"}}
REMARKS = ("notes", "notes2")


@dataclass(frozen=True)
class Offer:
    """What of such a table could be kept. ledger: its kind in Chinese. correction: what to say of its headings. labels: the columns kept then.

    taken: the user has said so already.
    """

    ledger: str
    correction: Correction
    labels: tuple[str, ...]
    taken: bool = False


def foreign(headings: list[str], title: str) -> str:
    """The kind of ledger this is, when it is one the store does not keep ("党费收缴" ...); "" when it is ours.

    One telling heading is enough under a title that says so, else three.
    """
    for name, (in_title, in_heading) in KINDS.items():
        telling = sum(bool(re.search(in_heading, heading)) for heading in headings)
        if telling >= (1 if re.search(in_title, title) else 3):
            return name
    return ""


def offer(paths: Paths, ledger: str, said: Correction | None = None) -> Offer | None:
    """What can be kept of a table of such a ledger; None where nothing tells its people apart, or the user has said something else of it.

    Its own subject is not: neither dues nor months, nor the remarks, which are about them.
    """
    kind, places = PEOPLE[ledger], sorted(paths)
    terms = map_columns(kind, paths).terms
    subject = {column for column, term in terms.items() if term.name in REMARKS or _is_subject(ledger, "".join(paths[column]))}
    correction = Correction(kind, {places.index(column): "" for column in subject})
    meant = corrected(paths, correction)
    kept = {term.name: term.label for term in meant.terms.values() if not term.unkept and term.name not in ("serial", "phone2")} if meant else {}
    if "name" not in kept or WHO[kind].isdisjoint(kept):
        return None
    if said and (said.kind != kind or not correction.columns.items() <= said.columns.items()):
        return None
    return Offer(ledger, correction, tuple(kept.values()), said is not None)


def _is_subject(ledger: str, heading: str) -> bool:
    """Whether a heading is about what the ledger is kept for. Where a member has gone is the member's own."""
    return ledger != "流动党员" and bool(re.search(KINDS[ledger][1], heading))


def sentence(ledger: str, found: Offer | None) -> str:
    """What is said of such a table."""
    if found is None:
        return f"这是{ledger}台账，程序还不保存这一类，没有导入。请自行留存原表。"
    return f"这是{ledger}台账，程序还不保存这一类；认得的栏有 {'、'.join(found.labels)}，可以只保存这些。"
