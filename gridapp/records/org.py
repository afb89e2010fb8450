"""党组织/网格: the tree of Party organisations and grids."""

from __future__ import annotations

from typing import Annotated

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Count, Date, Link, Name, Text


@stored(1, "党组织和网格")
class Org(Record, table=True):
    """A Party organisation or the grid it looks after; its secretary follows from the members' posts."""

    __tablename__ = "org"

    name: Annotated[str, Text(1, "名称", aliases=("党组织名称", "党组织全称", "网格名称", "单位名称"))]
    short_name: Annotated[str | None, Text(2, "简称", aliases=("党组织简称",), longest=40)] = None
    level: Annotated[str, Choice(3, "层级", aliases=("组织类别",), table="org_level")]
    parent_id: Annotated[str | None, Link(4, "上级", target="org", listed=False)] = None
    code: Annotated[str | None, Text(5, "编码", aliases=("党组织编码", "网格编码"), longest=40)] = None
    founded_on: Annotated[str | None, Date(6, "成立日期")] = None
    area: Annotated[str | None, Text(7, "范围", aliases=("网格范围",), listed=False)] = None
    head: Annotated[str | None, Name(8, "网格长", aliases=("网格长姓名",), secrecy=1)] = None
    term_from: Annotated[str | None, Date(9, "本届起", aliases=("任命时间",))] = None
    term_years: Annotated[int, Count(10, "任期", least=1, most=10, unit="年", listed=False)] = 5
