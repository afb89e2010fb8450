"""What a ledger of a record may list: the record's own columns, and what is worked out besides. Each says how it is read and how secret it is."""
from __future__ import annotations

from functools import cache

from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import Address, Choice, Count, Date, Kind, Link, Name, PartDate, Phone, Text, YesNo

_HOME = Address(0, "楼栋房号", secrecy=1)
_LAST, _NEXT = Date(0, "上次走访"), Date(0, "下次应访")
_CATEGORY = Text(0, "服务类别", secrecy=3)
_AGE = Count(0, "年龄", secrecy=1)

DERIVED: dict[str, dict[str, Kind]] = {
    "member": {
        "birth_month": PartDate(0, "出生年月", secrecy=1), "age": _AGE, "party_age": Count(0, "党龄"), "org": Text(0, "所在党支部"),
        "home": Address(0, "楼栋房号", secrecy=2), "regular_state": Text(0, "转正情况"), "birthday_on": Date(0, "政治生日"),
        "anniversary": Count(0, "周年"), "honour": Text(0, "荣誉类别"),
    },
    "household": {
        "building": Text(0, "楼栋"), "home": _HOME, "contact": Name(0, "户主/联系人", secrecy=1), "phone": Phone(0, "联系电话", secrecy=2),
        "is_party": YesNo(0, "党员户"), "level": Text(0, "服务等级", secrecy=1), "last_visit": _LAST, "next_visit": _NEXT, "category": _CATEGORY,
    },
    "resident": {"home": _HOME, "building": Text(0, "楼栋"), "age": _AGE, "category": _CATEGORY, "last_visit": _LAST},
    "service_need": {
        "name": Name(0, "姓名", secrecy=2), "sex": Choice(0, "性别", table="sex"), "age": _AGE, "home": Address(0, "楼栋房号", secrecy=2),
        "member": Name(0, "结对党员", secrecy=1), "emergency_contact": Name(0, "紧急联系人", secrecy=2), "phone": Phone(0, "联系电话", secrecy=2),
        "last_visit": _LAST, "next_visit": _NEXT,
    },
    "visit": {"home": _HOME, "request_no": Text(0, "转办编号")},
    "request": {
        "grid": Text(0, "所在网格"), "home": _HOME, "state": Text(0, "状态"), "closed_on": Date(0, "办结时间"), "is_late": YesNo(0, "是否超期"),
        "feedback_manner": Choice(0, "回访方式", table="feedback_manner"), "satisfaction": Choice(0, "满意度", table="satisfaction"),
    },
    "request_event": {
        "req_no": Text(0, "关联编号", longest=40), "content": Text(0, "事项内容", longest=2000), "happened_on": Date(0, "日期"),
        "redone": YesNo(0, "重办"),
    },
}


@cache
def sources(record: str) -> dict[str, Kind]:
    """Source -> its kind: own columns, links (as words), then what is worked out, which stands for an own column of the same name."""
    own = {each.name: Text(0, each.label, secrecy=1) if isinstance(each.kind, Link) else each.kind for each in columns(BY_NAME[record])}
    return own | DERIVED.get(record, {})
