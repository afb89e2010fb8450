"""What other offices' tables ask for that today's records can answer: a term per field or worked-out value, with the headings that mean it.

Beside the vocabulary ledgers are read by: a wrong guess there is seen in the preview, here it would stand in somebody else's table. So nothing
is taken for near enough; what the lists lack stays blank and is told. Wordings: domain.md section 2, and the forms offices send round.
"""
from __future__ import annotations

import tomllib
from functools import cache

from gridapp import places
from gridapp.ledgers.vocabulary import KINDS as READ
from gridapp.ledgers.vocabulary import Term, vocabulary
from gridapp.rules import codes
from gridapp.rules.reading import Trouble

TITLES = {
    "resident": "居民", "household": "住户", "party": "党员", "visit": "走访", "request": "服务事项", "service": "重点服务对象", "building": "楼栋",
    "visitor": "走访人", "matter": "事项类别",
}  # fmt: skip
TITLE_WORDS = {
    "party": "党员(?!户|示范)|流动党|党费|支部",
    "service": (
        "重点服务|服务对象|重点(人群|群体|关爱|对象)|特殊(困难|群体|人群)|困难(群众|老人|家庭|居民)|独居|空巢|失能|留守|低保|特困|残疾|优抚"
        "|关爱(对象|老人)|探访关爱"
    ),
    "visitor": "走访(工作)?(统计|汇总|完成)|(网格员|党员|干部).{0,4}走访.{0,6}(统计|汇总)",
    "matter": "(事项|诉求|问题|工单).{0,6}(统计|汇总|分类)",
    "visit": "走访|民情(?!况)|入户|家访|探访|日志|日记",
    "request": "诉求|事项|工单|接诉|办件|问题清单|台账.*办理",
    "building": "楼栋|楼宇|楼幢",
    "household": "住户|一户一档|户情|家庭(情况|信息|档案)|户籍?信息|分户",
    "resident": "居民|花名册|户籍|人口|人员(信息|名册|名单)|常住",
}
SORTS = {
    "number": (
        "age party_age household_size visits requests party_count unit_count floor_count homes people owned rented vacant needs problems lived_in "
        "closed open late days party_age_months"
    ),
    "date": (
        "birth join_date regular_date visit_date req_date due_date done_date last_visit next_visit from_date to_date review_on lost_on follow_up_on "
        "dispatched_on probation_end"
    ),
    "yes_no": "is_head is_model has_member is_flow is_lost has_checked_in at_home done is_late is_done is_probationary is_full",
    "phone": "phone head_phone emergency_phone owner_phone tenant_phone",
    "id": "id_no",
    "sex": "sex",
}
SORT_OF = {name: sort for sort, names in SORTS.items() for name in names.split()}
# The sections of resources/words/asked.toml a kind of row can answer; of "section.name name" those names alone. Earlier ones go before later.
ASKED: dict[str, tuple[str, ...]] = {
    "resident": ("person", "of_resident", "kin", "touch", "head", "place", "where", "care"),
    "household": ("of_household", "head", "touch", "place", "where", "care", "person.notes serial"),
    "party": ("member", "person", "touch", "place", "branch", "where"),
    "visit": ("visit", "person.notes serial", "head", "touch.phone", "place", "where"),
    "request": ("request", "person.notes serial", "touch.phone", "place", "where"),
    "service": ("service", "person", "of_resident", "kin", "touch", "head", "place", "where", "care"),
    "building": ("of_building", "place.building estate", "person.notes serial", "care", "where"),
    "visitor": ("of_visitor", "care.visits", "person.notes serial", "where"),
    "matter": ("of_matter", "care.requests", "person.notes serial", "where"),
}
# What must be there before rows of this kind are written at all: one name of each set.
NEEDED: dict[str, tuple[set[str], ...]] = {
    "resident": ({"name", "household_head"},),
    "party": ({"name"},),
    "visit": ({"visit_date", "visitors", "content"}, {"visit_date", "content", "problem", "manner"}),
    "request": ({"content", "req_no"}, {"req_date", "handler", "status", "done_date", "receiver", "source", "category", "request_type", "due_date"}),
    "service": ({"name"}, {"service_category", "help_needed", "help_given", "member", "frequency", "emergency_contact", "address", "door", "phone"}),
    "household": ({"room", "address", "door", "unit_room", "household_head"},),
    "building": ({"building"}, {"homes", "people", "unit_count", "floor_count", "head"}),
    "visitor": ({"name"}, {"visits", "homes", "problems"}),
    "matter": ({"category"}, {"requests", "closed", "open"}),
}
# Columns by which one kind is known from another; each counts once more.
TELLING: dict[str, set[str]] = {
    "party": {"join_date", "regular_date", "member_type", "party_post", "party_group", "party_age", "party_status", "is_flow", "org"},
    "visit": {"visit_date", "visitors", "content", "manner", "problem"},
    "request": {"req_no", "content", "req_date", "handler", "status", "done_date", "due_date", "receiver", "request_type"},
    "household": {"dwelling", "room", "is_model", "household_size", "has_member", "members"},
    "resident": {"name", "id_no", "relation", "sex", "birth"},
    "service": {"help_needed", "help_given", "member", "review_on", "frequency"},
    "building": {"homes", "people", "unit_count", "floor_count", "vacant"},
    "visitor": {"homes", "problems", "visits"},
    "matter": {"closed", "open", "requests"},
}


@cache
def _words() -> dict[str, dict[str, str]]:
    """Section -> name -> headings. Raises Trouble where the file is missing or damaged."""
    try:
        return tomllib.loads(places.resources("words", "asked.toml").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble("表头词表缺失或损坏，请重新安装本程序。", "words_damaged") from error


@cache
def asked(kind: str) -> tuple[Term, ...]:
    """The terms a row of a kind can answer, one per name."""
    merged: dict[str, list[str]] = {}
    for part in ASKED[kind]:
        section, _, only = part.partition(".")
        for name, aliases in _words()[section].items():
            if not only or name in only.split():
                merged.setdefault(name, []).extend(aliases.split())
    labels = {term.name: term for term in vocabulary(kind)} if kind in READ else {}
    read = {name: labels[name].aliases if name in labels else () for name in merged}
    named = {name: [*read[name][:1], *aliases, *read[name]] for name, aliases in merged.items()}
    return tuple(Term(name, tuple(dict.fromkeys(aliases)), _sort(name, labels.get(name))) for name, aliases in named.items())


def _sort(name: str, read: Term | None) -> str:
    return SORT_OF.get(name) or (read.sort if read else "text")


@cache
def blocked(kind: str) -> dict[str, str]:
    """Headings ledgers have and these rows cannot answer: alias -> name. They are known, so that nothing else is taken for them."""
    answered = {term.name for term in asked(kind)}
    return {alias: term.name for term in (vocabulary(kind) if kind in READ else ()) if term.name not in answered for alias in term.aliases}


@cache
def headings() -> frozenset[str]:
    """Every heading of every list, so that the search for a table's header knows them; but none that may as well be a value (租客, 自住)."""
    months = (f"{at}月{more}" for at in range(1, 13) for more in ("", "份"))
    quarters = (f"{at}季度" for at in ("一", "二", "三", "四", "第一", "第二", "第三", "第四"))
    values = {word for table in codes.shipped().values() for word in table.words}
    said = {alias for kind in ASKED for term in asked(kind) for alias in term.aliases if len(alias) > 1 and codes.word(alias) not in values}
    return frozenset(said | {*months, *quarters})


def category_of(text: str) -> str:
    """The service category a heading such as 独居, 是否低保户 or 低保对象 asks to tick, as its code; "" for none."""
    table = codes.table("service_category")
    bare = text.removeprefix("是否").removeprefix("属于").removeprefix("为")
    for ending in ("", "老人", "老年人", "户", "家庭", "对象", "人员", "儿童", "群众"):
        if bare.endswith(ending) and (found := table.read(bare.removesuffix(ending)).value if bare.removesuffix(ending) else None):
            return str(found)
    return ""
