"""走访: a visit paid to a household or to a place."""

from __future__ import annotations

from typing import Annotated, Any

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Date, Link, Name, People, Text, YesNo
from gridapp.rules.reading import Fault


@stored(6, "走访")
class Visit(Record, table=True):
    """A visit. Requests that came out of it point back to it."""

    __tablename__ = "visit"

    visit_date: Annotated[str, Date(1, "走访日期", aliases=("走访时间", "日期", "入户时间", "入户日期", "时间"))]
    visitors: Annotated[str, People(2, "走访人", aliases=("走访人员", "入户人员", "走访干部", "网格员"), secrecy=1)]
    household_id: Annotated[str | None, Link(3, "住户", target="household", listed=False)] = None
    place: Annotated[str | None, Text(4, "地点", aliases=("走访地点",), secrecy=1, longest=100, listed=False)] = None
    interviewee: Annotated[
        str | None, Name(5, "受访人", aliases=("走访对象", "受访者", "被走访人", "姓名", "户主姓名", "居民姓名"), secrecy=1, ledger="name")
    ] = None
    manner: Annotated[str, Choice(6, "方式", aliases=("走访方式",), table="visit_manner")] = "home"
    at_home: Annotated[int | None, YesNo(7, "是否在家", aliases=("在家",), listed=False)] = None
    content: Annotated[str, Text(8, "交谈要点", aliases=("走访内容", "走访情况", "走访纪要", "内容", "民情记录"), longest=2000, listed=False)]
    topic: Annotated[str | None, Choice(9, "类型", aliases=("走访类型", "类型标签"), table="visit_tag", listed=False)] = None
    problem: Annotated[
        str | None,
        Text(
            10,
            "反映问题及意见",
            aliases=("存在问题及诉求", "意见建议", "需求简述", "群众诉求", "问题", "反映问题", "群众意见建议"),
            longest=1000,
            listed=False,
        ),
    ] = None
    result: Annotated[
        str | None, Text(11, "处理措施", aliases=("处理情况", "解决方案", "处理结果", "处理描述", "进展"), longest=1000, listed=False)
    ] = None
    outcome: Annotated[str | None, Text(12, "反馈结果", aliases=("反馈情况",), longest=500, listed=False)] = None
    done: Annotated[int | None, YesNo(13, "当场解决", aliases=("是否办结", "是否解决", "办结"), listed=False)] = None
    next_visit: Annotated[str | None, Date(14, "下次回访", aliases=("回访日期", "下次走访", "下次应访"), listed=False)] = None
    notes: Annotated[str | None, Text(15, "备注", longest=500, listed=False)] = None

    @classmethod
    def check(cls, values: dict[str, Any]) -> list[Fault]:
        faults = []
        if not values.get("household_id") and not values.get("place"):
            faults.append(Fault("missing", "还没有写明走访了哪一户或在什么地点。", "请选择住户，或填写地点。", field="household_id"))
        day, following = values.get("visit_date"), values.get("next_visit")
        if day and following and following < day:
            faults.append(Fault("date_order", "下次回访早于走访日期。", "请核对两个日期。", field="next_visit"))
        return faults
