"""服务事项: what a resident asked for, and the events through which it went."""

from __future__ import annotations

from typing import Annotated, Any

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Date, Link, Moment, Name, Phone, Text
from gridapp.rules.reading import Fault


@stored(7, "服务事项")
class Request(Record, table=True):
    """A request. Its state, the day it was closed and whether it is late follow from its events."""

    __tablename__ = "request"

    req_no: Annotated[str, Text(1, "编号", aliases=("工单号", "事项编号", "受理编号", "诉求编号"), longest=40)]
    source: Annotated[str, Choice(2, "来源", aliases=("事项来源",), table="request_source", listed=False)] = "visit"
    request_type: Annotated[str, Choice(3, "类型", aliases=("事项类型", "诉求类型"), table="request_type")] = "help"
    category: Annotated[str | None, Choice(4, "领域", aliases=("类别", "事项类别", "问题类别"), table="request_field", listed=False)] = None
    name: Annotated[str | None, Name(5, "提出人", aliases=("诉求人", "反映人", "联系人", "姓名", "居民姓名"), secrecy=1)] = None
    phone: Annotated[str | None, Phone(6, "联系电话", aliases=("电话", "手机"), secrecy=2, purpose="办理中联系、办结后回访", listed=False)] = None
    household_id: Annotated[str | None, Link(7, "住户", target="household", listed=False)] = None
    visit_id: Annotated[str | None, Link(8, "来自走访", target="visit", listed=False)] = None
    content: Annotated[str, Text(9, "内容", aliases=("诉求内容", "事项内容", "反映内容", "事件名称", "主要内容"), longest=2000)]
    req_date: Annotated[str, Date(10, "受理日期", aliases=("受理时间", "登记日期", "受理", "诉求日期", "发生时间"))]
    urgency: Annotated[str, Choice(11, "缓急", aliases=("紧急程度",), table="request_urgency", listed=False)] = "normal"
    due_date: Annotated[str, Date(12, "办理时限", aliases=("办结期限", "处理时限", "时限"), policy="office_wins")]
    handler: Annotated[
        str, Text(13, "承办人/单位", aliases=("承办人", "承办单位", "责任单位", "处置人", "办理单位"), longest=80, policy="office_wins")
    ]
    receiver: Annotated[str | None, Name(14, "受理人", aliases=("登记人", "流转人"), secrecy=1, listed=False)] = None
    result: Annotated[str | None, Text(15, "办理情况", aliases=("处理情况", "处置意见", "办理结果", "结果"), longest=1000, listed=False)] = None
    notes: Annotated[str | None, Text(16, "备注", longest=500, listed=False)] = None

    @classmethod
    def check(cls, values: dict[str, Any]) -> list[Fault]:
        if values.get("due_date") and values.get("req_date") and values["due_date"] < values["req_date"]:
            return [Fault("date_order", "办理时限早于受理日期。", "请核对两个日期。", field="due_date")]
        return []


@stored(8, "流转记录")
class RequestEvent(Record, table=True):
    """流转: one step of a request. Only ever added."""

    __tablename__ = "request_event"
    only_added = True

    request_id: Annotated[str, Link(1, "服务事项", target="request", listed=False)]
    action: Annotated[str, Choice(2, "动作", table="request_action")]
    happened_at: Annotated[str, Moment(3, "时间")]
    by: Annotated[str, Name(4, "办理人", secrecy=1)]
    note: Annotated[str | None, Text(5, "说明", longest=1000)] = None
    satisfaction: Annotated[str | None, Choice(6, "满意度", table="satisfaction")] = None
    manner: Annotated[str | None, Choice(7, "回访方式", table="feedback_manner")] = None
