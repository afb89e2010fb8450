"""楼栋: a building of the grid."""

from __future__ import annotations

from typing import Annotated

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Count, Link, Name, Text


@stored(2, "楼栋")
class Building(Record, table=True):
    """A building; households stand in it."""

    __tablename__ = "building"

    org_id: Annotated[str | None, Link(1, "网格", target="org", listed=False)] = None
    estate: Annotated[str | None, Text(2, "小区", aliases=("现住小区", "小区名称"), longest=60)] = None
    building: Annotated[str, Text(3, "楼号", aliases=("楼栋", "楼栋号", "栋号", "幢号", "现住小区/建筑"), longest=40)]
    unit_count: Annotated[int | None, Count(4, "单元数", most=99, unit="个")] = None
    floor_count: Annotated[int | None, Count(5, "层数", most=200, unit="层")] = None
    party_group: Annotated[str | None, Text(6, "党小组", longest=40)] = None
    head: Annotated[str | None, Name(7, "楼栋长", secrecy=1)] = None
