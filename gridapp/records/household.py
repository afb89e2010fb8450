"""住户: one door, the people behind it are its residents."""

from __future__ import annotations

from typing import Annotated

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Count, Link, Name, Phone, Text, YesNo


@stored(3, "住户")
class Household(Record, table=True):
    """A household. How often it is visited and when it last was are worked out, not stored."""

    __tablename__ = "household"

    building_id: Annotated[str, Link(1, "楼栋", target="building", listed=False)]
    unit: Annotated[str | None, Text(2, "单元", aliases=("单元号",), secrecy=1, longest=20)] = None
    room: Annotated[str, Text(3, "房号", aliases=("门牌号", "室号", "房间号", "现住详细门牌", "详细门牌"), secrecy=1, longest=20)]
    dwelling: Annotated[str, Choice(4, "居住性质", aliases=("居住性质(自住/租住/空置)", "居住类型", "房屋性质", "居住情况"), table="dwelling")] = (
        "owned"
    )
    resident_count: Annotated[
        int | None, Count(5, "常住人数", aliases=("家庭人口", "常住人口", "人口数", "家庭人数"), most=50, unit="人", ledger="household_size")
    ] = None
    contact: Annotated[
        str | None, Name(6, "主要联系人", aliases=("联系人", "户主/联系人", "户主姓名", "户主"), secrecy=1, ledger="household_head")
    ] = None
    phone: Annotated[str | None, Phone(7, "联系电话", aliases=("电话", "手机", "手机号码"), secrecy=2, purpose="走访前联系、紧急情况通知")] = None
    is_model: Annotated[int | None, YesNo(8, "党员示范户", aliases=("是否党员示范户", "示范户"), listed=False)] = None
    notes: Annotated[str | None, Text(9, "备注", longest=500, listed=False)] = None
