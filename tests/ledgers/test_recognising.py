"""Headings of other offices: at least nine of ten that we can answer are known, none is taken for what it is not."""
from __future__ import annotations

import pytest

from gridapp.ledgers.asking import Wish, understand
from gridapp.ledgers.mapping import plain
from tests.ledgers.offices import offices


def read(title: str, *headings: str) -> Wish:
    paths = {at: tuple(plain(part) for part in heading.split("|")) for at, heading in enumerate(headings)}
    wish = understand(paths, title)
    assert wish is not None
    return wish


def names(title: str, *headings: str) -> list[str]:
    return [want.name for want in read(title, *headings).wants.values()]


def test_tables_nobody_has_seen() -> None:
    known = asked = 0
    for office in offices(300, seed=20261122):
        wish = read(office.title, *(heading for heading, _ in office.headings))
        assert wish.kind == office.kind, office.title
        for at, (heading, name) in enumerate(office.headings):
            found = wish.wants[at].name
            assert found in ("", name), f"{office.title}：{heading} -> {found}"
            asked += bool(name)
            known += bool(name) and found == name
    assert asked > 2000 and known >= 0.95 * asked


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("监护人|姓名", ""), ("监护人|联系电话", ""), ("紧急联系人|姓名", "emergency_contact"), ("紧急联系人|电话", "emergency_phone"),
        ("户主|姓名", "household_head"), ("户主|手机号码", "head_phone"), ("户籍信息|地址", ""), ("工作情况|电话", ""), ("联系方式|手机", "phone"),
        ("联系方式|微信", ""), ("居住信息|房号", "room"), ("父亲姓名", ""), ("子女电话", ""), ("户籍地址", ""), ("民族", ""), ("备用电话", ""),
        ("与户主之间的关系", "relation"), ("居民身份证号码", "id_no"), ("现居住详细地址", "address"),
    ],
)  # fmt: skip
def test_whose_a_value_is_decides(heading: str, name: str) -> None:
    assert names("居民信息登记表", "姓名", "性别", "出生日期", heading)[3] == name


@pytest.mark.parametrize(
    ("kind", "title", "headings"),
    [
        ("party", "党员花名册", ("姓名", "入党时间", "党内职务")), ("visit", "民情日记", ("日期", "走访人", "走访内容")),
        ("request", "诉求办理台账", ("编号", "诉求内容", "承办单位")), ("service", "独居老人探访台账", ("姓名", "帮扶责任人", "下次应访")),
        ("building", "楼栋情况一览表", ("楼栋", "户数", "党员数")), ("visitor", "网格员走访情况统计表", ("姓名", "走访户数", "1月", "2月")),
        ("matter", "服务事项分类统计表", ("事项类别", "受理数", "办结数")), ("household", "住户信息表", ("楼栋", "房号", "户主姓名", "常住人数")),
    ],
)  # fmt: skip
def test_what_the_rows_are(kind: str, title: str, headings: tuple[str, ...]) -> None:
    wish = read(title, *headings)
    assert wish.kind == kind and all(want.name for want in wish.wants.values())


def test_columns_to_tick_and_dates_in_pieces() -> None:
    wish = read("居民登记", "姓名", "性别|男", "性别|女", "出生年月|年", "出生年月|月", "居住性质|自住", "居住性质|租住", "是否低保户", "独居")
    said = [(want.name, want.option, want.part) for want in wish.wants.values()]
    assert said == [
        ("name", "", ""), ("sex", "1", ""), ("sex", "2", ""), ("birth", "", "year"), ("birth", "", "month"), ("dwelling", "owned", ""),
        ("dwelling", "rented", ""), ("need:minimum_living", "", ""), ("need:alone", "", ""),
    ]  # fmt: skip


def test_months_count_what_is_kept_and_nothing_else() -> None:
    months = [f"{month}月" for month in range(1, 13)]
    assert names("2026年住户走访情况统计表", "楼栋", "房号", "户主", *months, "合计")[3:] == [*(f"visits:{at:02d}" for at in range(1, 13)), "visits"]
    assert names("党费收缴表", "姓名", "月应交", *months, "合计")[1:] == [""] * 14
    assert names("三会一课开展情况统计表", "支部名称", "姓名", *(f"党员大会|{month}" for month in months))[2:] == [""] * 12
