"""From the headings of somebody else's table to what they ask for. Where a heading is not surely one of ours, it asks for nothing."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from gridapp.ledgers.folding import folded, framed
from gridapp.ledgers.layout import Paths
from gridapp.ledgers.mapping import bare, plain
from gridapp.ledgers.months import counted_by_month
from gridapp.ledgers.vocabulary import Term
from gridapp.ledgers.wanted import ASKED, NEEDED, TELLING, TITLE_WORDS, asked, blocked, category_of
from gridapp.records import BY_NAME
from gridapp.records.columns import column
from gridapp.records.kinds import Choice
from gridapp.rules import codes

STORED = {"party": "member", "resident": "resident", "household": "household", "visit": "visit", "request": "request", "service": "resident"}
# Who else a column can be about: under such a heading stand another's name and telephone, not those of the row.
AMBIGUOUS = Term("", ("",))
OTHERS = re.compile(
    "父|母|配偶|妻|丈夫|子女|儿|监护|家属|亲属|联系人|负责人|户主|业主|房东|房主|租客|租户|承租|出租|介绍人|结对|帮扶|包联|包保|联户|联系党员"
    "|书记|主任|网格[长员]|楼栋?长|单位|企业|机构|对方|转[入出]|流[入出]|培养|上级|受访|走访人|走访干部|走访党员|陪同|经办|填表|审核|银行|宠物|车"
    "|护理|照料|看护|申请人|代理|委托|死亡|接收|志愿者|责任人|受理|承办|领取|代领"
)
REGISTERED = re.compile("户籍|户口|籍贯")  # where somebody is registered is not where somebody lives
AT_WORK = re.compile("工作|就业|务工|学校|就读")
PERSONAL = {
    *("name", "sex", "birth", "age", "id_no", "phone", "address", "door", "building", "unit", "room", "estate", "unit_room", "relation", "nation"),
    *("education", "degree", "post", "occupation", "political", "org", "party_post", "household_head", "head_phone", "emergency_contact"),
    *("emergency_phone", "home_address", "notes", "status"),
}
ABOUT = re.compile("基本|信息|情况|概况|个人|人员|本人|登记|资料|内容|居民|家庭|成员|党员|住户|户籍|党组织|居住|现居|联系|联络|组织|党籍|身份")
VAGUE = re.compile(
    "^(日期|时间|年月日?|情况|方式|内容|类型|类别|状态|编号|结果|来源|地点|备注|说明|依据|人数|户数|人口|姓名|问题|需求|进度|受理|办结)$"
)
SUBJECTS = {
    "visit": "走访|入户|探访|家访|民情", "request": "诉求|事项|受理|登记|问题|办理|工单", "service": "帮扶|服务|关爱|探访|走访", "party": "党",
}  # fmt: skip
HINT = re.compile(r"如|例|格式|填|√|[/／]|^\W*$|\d")
PARTS = {"年": "year", "月": "month", "日": "day"}
YES = {"是": "1", "有": "1", "否": "0", "无": "0", "没有": "0"}


@dataclass(frozen=True, slots=True)
class Want:
    """What one column asks for. heading: all its levels; last: what people call it. name: the key of a row, "" where we have nothing for it.

    sort: see vocabulary.Term, or "tick". option: the value for which the column is ticked. part: year, month or day of a date of three columns.
    """

    heading: str
    last: str
    name: str = ""
    label: str = ""
    sort: str = ""
    option: str = ""
    part: str = ""


@dataclass(frozen=True)
class Wish:
    """What a table asks for. kind: what its rows are (a key of wanted.ASKED); wants: by column, 0-based."""

    kind: str
    wants: dict[int, Want]

    def column(self, name: str) -> int | None:
        """The column of a name, None when the table has none."""
        return next((at for at, want in self.wants.items() if want.name == name and not want.option and not want.part), None)

    @property
    def names(self) -> set[str]:
        return {want.name for want in self.wants.values() if want.name} - {"serial"}


def understand(paths: Paths, title: str, kind: str = "") -> Wish | None:
    """What a table asks for, read as the kind that answers most of it; the title decides between those that answer as much. None for no table of
    ours. kind: what the user said its rows are."""
    said = _kind_said(title)
    wishes = [wish_of(each, paths, title) for each in ([kind] if kind in ASKED else ASKED)]
    fit = [(_score(each, said), -at, each) for at, each in enumerate(wishes) if kind or _fits(each, each.kind == said)]
    return max(fit, key=lambda each: each[:2])[2] if fit else None


def _kind_said(title: str) -> str:
    return next((kind for kind, words in TITLE_WORDS.items() if re.search(words, title)), "")


def _fits(wish: Wish, said: bool) -> bool:
    needed = NEEDED[wish.kind]
    met = sum(not wish.names.isdisjoint(each) for each in needed)
    sure = said or wish.kind not in ("service", "matter") or len(wish.names & TELLING[wish.kind]) >= 2
    return met == len(needed) and (len(wish.names) >= 2 or said) and sure


def _score(wish: Wish, said: str) -> float:
    kept = {name for name in wish.names if name != "notes"}
    return len(kept) + 0.5 * len(kept & TELLING[wish.kind]) + 3 * (wish.kind == said)


def wish_of(kind: str, paths: Paths, title: str) -> Wish:
    """The columns of a table read as one of this kind; the first column of a name has it."""
    wants = {at: Want("".join(path), path[-1]) for at, path in paths.items()}
    taken: set[str] = set()
    for reading in (_ticked, _months, _dated, _single):
        for at, want in reading(kind, {at: paths[at] for at in sorted(paths) if not wants[at].name}, title).items():
            if want.name not in taken:
                wants[at] = want
        taken |= {want.name for want in wants.values() if want.name}
    return Wish(kind, wants)


def _made(path: tuple[str, ...], term: Term, **more: str) -> Want:
    return Want("".join(path), path[-1], term.name, term.label, more.pop("sort", term.sort), **more)


def _single(kind: str, paths: Paths, title: str) -> dict[int, Want]:
    found: dict[int, Want] = {}
    taken: set[str] = set()
    leaves = [path[-1] for path in paths.values()]
    for at, path in paths.items():
        term = find(kind, path, leaves.count(path[-1]) > 1)
        if term and term.name not in taken:
            found[at] = _made(path, term)
            taken.add(term.name)
        elif not term and (made := _category(kind, path)):
            found[at] = made
    return found


def _category(kind: str, path: tuple[str, ...]) -> Want | None:
    """是否低保, 独居老人: one service category, to be ticked."""
    code = category_of(bare(path[-1])) if kind in ("resident", "service", "household") and not OTHERS.search(path[-1]) else ""
    if not code or code == "other":
        return None
    sort = "yes_no" if path[-1].startswith("是否") else "tick"
    return Want("".join(path), path[-1], f"need:{code}", codes.table("service_category").label(code), sort)


def find(kind: str, path: tuple[str, ...], repeated: bool = False) -> Term | None:
    """The term a heading asks for. path: its levels from the top, as plain() gives them. repeated: another column has the same last level."""
    for text in _spelled(path):
        if (term := _named(kind, text)) is not None:
            return term if _about(kind, term, path[:-1], text, repeated) else None
        if text == bare(text) and _refused(kind, text):
            return None
    return None


def _spelled(path: tuple[str, ...]) -> Iterable[str]:
    """All levels, then ever fewer, and the level above where the last is no more than a hint how to fill in."""
    whole = ["".join(path[at:]) for at in range(len(path))]
    above = [path[-2]] if len(path) > 1 and HINT.search(path[-1]) else []
    return dict.fromkeys(text for each in (*whole, *above) for text in (each, bare(each)) if text)


def _named(kind: str, text: str) -> Term | None:
    """The term of a text: as it stands, with its spellings folded, by its words. None where we have nothing for it, or two terms are as near."""
    for spell, known, refused in _indexes(kind):
        said = spell(text)
        if said in known or said in refused:
            return None if said in refused else known[said]
    return None


def _refused(kind: str, text: str) -> bool:
    return text in _indexes(kind)[0][2]


Spell = Callable[[str], str]


@cache
def _indexes(kind: str) -> tuple[tuple[Spell, dict[str, Term], frozenset[str]], ...]:
    return tuple((spell, *_index(kind, spell)) for spell in (str, folded, framed))


def _index(kind: str, spell: Spell) -> tuple[dict[str, Term], frozenset[str]]:
    """Spelling -> term, and the spellings that mean what is not kept; by its words alone, a heading of two terms means neither."""
    found: dict[str, Term] = {}
    for term in asked(kind):
        for alias in term.aliases:
            said = spell(plain(alias))
            if found.setdefault(said, term) is not term and spell is framed:
                found[said] = AMBIGUOUS
    refused = {spell(plain(alias)) for alias in blocked(kind)} - (set() if spell is framed else set(found))
    least = 2 if spell is framed else 1
    kept = {said: term for said, term in found.items() if len(said) >= least and term is not AMBIGUOUS and said not in refused}
    return kept, frozenset(refused)


def _about(kind: str, term: Term, above: tuple[str, ...], text: str, repeated: bool) -> bool:
    """Whether the levels above leave a column to the row's own subject: 监护人 | 姓名 is not the resident's name, 转入 | 时间 no visit's day."""
    rest = [each for each in above if each not in text]
    if not rest:
        return True
    upper = "".join(rest)
    if re.search(SUBJECTS.get(kind, "$^"), upper) and not (term.name in PERSONAL and OTHERS.search(upper)):
        return True
    if REGISTERED.search(upper) and term.name != "home_address":
        return False
    if AT_WORK.search(upper) and term.name in ("name", "phone", "address", "door"):
        return False
    if OTHERS.search(upper):
        return term.name not in PERSONAL and not VAGUE.match(text)
    return bool(ABOUT.search(upper)) or not (VAGUE.match(text) or repeated)


def _ticked(kind: str, paths: Paths, title: str) -> dict[int, Want]:
    """Groups whose heading is a field and whose columns are its values, to be ticked: 性别 | 男, 性别 | 女."""
    groups: dict[tuple[str, ...], dict[int, str]] = {}
    for at, path in paths.items():
        if len(path) > 1 or path[-1] in ("男", "女"):
            groups.setdefault(path[:-1] or ("性别",), {})[at] = path[-1]
    found: dict[int, Want] = {}
    for above, leaves in groups.items():
        term = find(kind, above) if len(leaves) > 1 else None
        options = _options(kind, term, leaves) if term else {}
        if len(options) > 1:
            found |= {at: _made(paths[at], term, option=option, sort="tick") for at, option in options.items()}  # type: ignore[arg-type]
    return _once(found)


def _once(found: dict[int, Want]) -> dict[int, Want]:
    """A value ticked in two columns is ticked in the first."""
    seen: set[tuple[str, str]] = set()
    kept = {}
    for at, want in found.items():
        if (want.name, want.option) not in seen:
            kept[at] = want
            seen.add((want.name, want.option))
    return kept


def _options(kind: str, term: Term, leaves: dict[int, str]) -> dict[int, str]:
    """Column -> the value as our own code; those it does not know are left out."""
    read = (_code(kind, term.name, leaf) if term.sort != "yes_no" else YES.get(leaf, "") for leaf in leaves.values())
    return {at: code for at, code in zip(leaves, read, strict=True) if code}


def _code(kind: str, name: str, text: str) -> str:
    table = table_of(kind, name)
    return str(table.read(bare(text)).value or "") if table else ""


@cache
def _tables(kind: str) -> dict[str, str]:
    records = {"service": ("resident", "service_need"), "request": ("request", "request_event")}.get(kind, (STORED.get(kind, ""), "household"))
    known = [BY_NAME[record] for record in records if record]
    named = {name: each for record in known for name in record.model_fields if isinstance(each := _kind(record, name), Choice)}
    tables = {name: each.table for name, each in named.items()}
    return tables | ({"status": "request_state", "follow_up": "feedback_manner"} if kind == "request" else {})


def _kind(record: type, name: str) -> object:
    try:
        return column(record, name).kind
    except KeyError:
        return None


def table_of(kind: str, name: str) -> codes.CodeTable | None:
    """The code table a column's values come from, None for none."""
    found = _tables(kind).get(name)
    return codes.table(found) if found else None


def _months(kind: str, paths: Paths, title: str) -> dict[int, Want]:
    found = counted_by_month(kind, paths, title)
    return {at: Want("".join(paths[at]), paths[at][-1], name, label, "number") for at, (name, label) in found.items()}


def _dated(kind: str, paths: Paths, title: str) -> dict[int, Want]:
    """A date in columns of its own: 出生年月 | 年, 月, 日."""
    found: dict[int, Want] = {}
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, path in paths.items():
        if len(path) > 1 and path[-1] in PARTS:
            groups.setdefault(path[:-1], []).append(at)
    for above, places in groups.items():
        term = find(kind, above)
        if term and term.sort == "date" and len(places) > 1:
            found |= {at: _made(paths[at], term, part=PARTS[paths[at][-1]]) for at in places}
    return found


def renamed(wish: Wish, said: dict[int, str]) -> Wish:
    """The same, with what the user said of columns: column -> the name of a term, "" for nothing."""
    terms = {term.name: term for term in asked(wish.kind)}
    wants = dict(wish.wants)
    for at, name in said.items():
        if at in wants:
            term = terms.get(name)
            blank = replace(wants[at], name="", label="", sort="", option="", part="")
            wants[at] = replace(blank, name=term.name, label=term.label, sort=term.sort) if term else blank
    return Wish(wish.kind, wants)
