"""The sheets a secretary prints: which there are, whom one is for, and drawing one up. What leaves whole, and what leaves at all, is logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from gridapp.desk import sheet_homes, sheet_ledger, sheet_people, sheet_person, sheet_requests, sheet_visits
from gridapp.desk.asked import Asked, Choice, Made, Order
from gridapp.desk.desk import Desk, note
from gridapp.desk.leaving import may_leave
from gridapp.desk.paper import Paper
from gridapp.rules import moments

Make = Callable[[Asked], Made]
Whom = Callable[[Asked], list[Choice]]
ASKED, NAMES, OWN = "asked", "names", "own"  # see SheetKind.shows


@dataclass(frozen=True)
class SheetKind:
    """A sort of sheet. record: whose rows it is for. aim: the usual one. says: what is filled in by hand or here, (key, label) each.

    shows: ASKED as its purpose says or whole, NAMES names and nothing else, OWN everything, for the person alone.
    each: one sheet for each row, not one for all. hint: what it is for.
    """

    key: str
    title: str
    record: str
    make: Make
    whom: Whom
    aim: str
    hint: str
    shows: str = ASKED
    each: bool = True
    says: tuple[tuple[str, str], ...] = ()


KINDS: Mapping[str, SheetKind] = MappingProxyType({kind.key: kind for kind in (
    SheetKind("visit_blank", "走访记录单（空白）", "household", sheet_visits.blank_visits, sheet_visits.doors_or_none, "入户走访",
              "带到门上手写，一户一张。编号和二维码里没有姓名住址；回来在查找框里扫一下或输入编号，就找到这一户。"),
    SheetKind("route", "走访路线", "household", sheet_homes.route, sheet_homes.doors, "入户走访",
              "按楼栋、单元、房号排好要走的户，右边留空白现场记。", each=False),
    SheetKind("household", "一户一档卡", "household", sheet_homes.cards, sheet_homes.doors, "入户核对",
              "一户一张：住户、人、服务类别、最近走访和没有办完的事。"),
    SheetKind("visit", "走访记录单", "visit", sheet_visits.visits, sheet_visits.recent, "走访存档",
              "把记下的走访打印成单子，请受访人签字或存档。"),
    SheetKind("request", "服务事项办理单", "request", sheet_requests.slips, sheet_requests.whom, "办理服务事项",
              "一件事一张：内容、经过、回访和签字处。"),
    SheetKind("sign_in", "签到表", "member", sheet_people.sign_in, sheet_people.groups, "会议签到", "姓名印好，留出签字的地方；金额、电话都不印。",
              NAMES, False, (("event", "会议（活动）名称"), ("time", "时间"), ("place", "地点"), ("host", "主持人"))),
    SheetKind("care", "慰问签领表", "member", sheet_people.care, sheet_people.groups, "慰问发放",
              "姓名印好；金额和物品可以在这里填，也可以留空手写。",
              NAMES, False, (("event", "慰问事由"), ("amount", "金额（元）"), ("goods", "物品"), ("time", "日期"), ("giver", "慰问人"))),
    SheetKind("notice", "个人信息告知书", "resident", sheet_person.notices, sheet_person.nobody, "告知本人",
              "登记居民信息之前请本人看过、签字，一式两份。", NAMES),
    SheetKind("person", "本人信息一览", "resident", sheet_person.overviews, sheet_person.only_chosen, "本人查阅",
              "本人要看时打印：这里保存的关于他的全部信息，全号显示，只交给本人。", OWN),
    SheetKind("ledger", "台账", "", sheet_ledger.ledger, sheet_person.only_chosen, "打印存档", "打印成 A4，表头每页重复。", each=False),
)})


@dataclass(frozen=True)
class Drawn:
    """A drawn-up paper, how many rows it is for, and whom else it could be for."""

    paper: Paper
    kind: SheetKind
    count: int
    choices: tuple[Choice, ...]


def sheet_kinds() -> Mapping[str, SheetKind]:
    """The kinds by their keys."""
    return KINDS


def draw_up(desk: Desk, order: Order, *, out: bool = False) -> Drawn:
    """Gather what an order asks for. out: it goes to a printer or a file, which is logged; what is only looked at is always masked.

    Raises Trouble and WrongPassword where what names people may not leave like this (see leaving).
    """
    kind = KINDS[order.sheet]
    whole = out and (kind.shows == OWN or (kind.shows == ASKED and order.whole))
    with desk.store.reading() as connection:
        choices = kind.whom(Asked(connection, desk, order))
        if not order.whom and choices:
            order = replace(order, whom=choices[0].key)
        made = kind.make(Asked(connection, desk, order, whole))
    if made.named and out:
        _leave(desk, kind, order, made, whole)
    mark = f"{desk.who}　{moments.show(desk.now())}　用途：{order.aim.strip()}" if made.named else ""
    paper = Paper(made.title or kind.title, made.sheets, mark, desk.grid_name)
    return Drawn(paper, kind, made.count, tuple(choices))


def _leave(desk: Desk, kind: SheetKind, order: Order, made: Made, whole: bool) -> None:
    record, title = made.record or kind.record, made.title or kind.title
    may_leave(desk, order.purpose, order.aim, whole=whole, password=order.password, record=made.record, picked=made.picked)
    row_id, shown = order.ids[0] if len(order.ids) == 1 else "", "full" if whole else "masked"
    with desk.store.work() as work:
        said = f"{title}：{order.aim.strip()}（{order.purpose.title}）"
        note(work.connection, desk, "print", record=record, row_id=row_id, field=shown, purpose=said)
        work.keep()
