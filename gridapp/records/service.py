"""服务类别与同意: which help a resident is entitled to, and the consent under which that is kept."""

from __future__ import annotations

from typing import Annotated, Any

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Date, Link, Text
from gridapp.rules.dates import add_months, first_day
from gridapp.rules.reading import Fault


@stored(9, "服务类别")
class ServiceNeed(Record, table=True):
    """A closed service category of a resident; sensitive, so it needs a consent and a day of review within twelve months."""

    __tablename__ = "service_need"

    resident_id: Annotated[str, Link(1, "居民", target="resident", listed=False)]
    service_category: Annotated[str, Choice(2, "服务类别", table="service_category", secrecy=3, purpose="确定走访频次和应享服务")]
    basis: Annotated[str, Choice(3, "依据", table="service_basis", listed=False)]
    help_needed: Annotated[str | None, Text(4, "需要的帮助", aliases=("当前需求",), longest=500, secrecy=3, purpose="安排帮扶")] = None
    help_given: Annotated[str | None, Text(5, "已提供帮助", longest=500, secrecy=3, purpose="记录帮扶", listed=False)] = None
    member_id: Annotated[str | None, Link(6, "结对党员", target="member", listed=False)] = None
    frequency: Annotated[str, Choice(7, "走访频次", table="visit_frequency")] = "month"
    from_date: Annotated[str | None, Date(8, "开始日期", listed=False)] = None
    to_date: Annotated[str | None, Date(9, "结束日期", listed=False)] = None
    review_on: Annotated[str, Date(10, "复核日期")]

    @classmethod
    def check(cls, values: dict[str, Any]) -> list[Fault]:
        start, review = values.get("from_date"), values.get("review_on")
        if start and review and first_day(review) > add_months(first_day(start), 12):
            return [Fault("out_of_range", "复核日期离开始日期超过 12 个月。", "请在 12 个月内安排复核。", field="review_on")]
        return []


@stored(10, "同意")
class Consent(Record, table=True):
    """A resident's consent: for which purpose, how it was given, and whether it was taken back."""

    __tablename__ = "consent"

    resident_id: Annotated[str, Link(1, "居民", target="resident", listed=False)]
    consent_purpose: Annotated[str, Choice(2, "目的", table="consent_purpose")]
    range_text: Annotated[str | None, Text(3, "范围", longest=300)] = None
    consent_manner: Annotated[str, Choice(4, "方式", table="consent_manner")]
    given_on: Annotated[str, Date(5, "日期")]
    notice_version: Annotated[str, Text(6, "告知书版本", longest=40)]
    withdrawn_on: Annotated[str | None, Date(7, "撤回日期")] = None
