"""A small town to try the verbs on: two buildings, three households, five people, one of whom is to be visited every month."""
from __future__ import annotations

from typing import Any

from gridapp import desk as verbs

HEAD, WIFE, ALONE, TENANT, COMRADE = "曾乐天", "王小雨", "李阿婆", "赵租客", "单雄信"
PHONES = {HEAD: "16100000011", ALONE: "16100000022", TENANT: "16100000033", COMRADE: "16100000044"}


def kept(desk: Any, record: str, **raw: Any) -> str:
    """Keep a draft that must be right; gives its id."""
    done = verbs.keep(desk, record, raw)
    assert done.saved, done.faults
    return done.row_id


def settle(desk: Any) -> dict[str, str]:
    """Fill a desk; gives ids by a short name."""
    three, five = kept(desk, "building", building="3"), kept(desk, "building", building="5")
    ids = {
        "building": three,
        "home": kept(desk, "household", building_id=three, unit="2", room="501", dwelling="自住"),
        "alone": kept(desk, "household", building_id=three, unit="2", room="1001", dwelling="自住"),
        "rented": kept(desk, "household", building_id=five, unit="1", room="101", dwelling="租住"),
    }
    ids["head"] = kept(desk, "resident", name=HEAD, household_id=ids["home"], relation="户主", sex="男", birth_year="1958-03-02", phone=PHONES[HEAD])
    ids["wife"] = kept(desk, "resident", name=WIFE, household_id=ids["home"], relation="妻", sex="女", birth_year="1960")
    ids["old"] = kept(desk, "resident", name=ALONE, household_id=ids["alone"], relation="户主", sex="女", birth_year="1938", phone=PHONES[ALONE])
    ids["tenant"] = kept(desk, "resident", name=TENANT, household_id=ids["rented"], relation="户主", phone=PHONES[TENANT])
    ids["member"] = kept(
        desk, "member", name=COMRADE, sex="男", birth="1970-11-05", join_date="1992-11-30", regular_date="1993-11-30", member_type="正式党员",
        household_id=ids["home"], phone=PHONES[COMRADE], education="大学", nation="汉族",
    )
    ids["consent"] = kept(
        desk, "consent", resident_id=ids["old"], consent_purpose="帮扶服务", consent_manner="签字", given_on="2026-06-01", notice_version="1"
    )
    ids["need"] = kept(
        desk, "service_need", resident_id=ids["old"], service_category="独居", basis="本人申请", frequency="每月", from_date="2026-06-01",
        review_on="2027-05-31", member_id=ids["member"],
    )
    return ids
