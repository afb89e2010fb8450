"""Every kind of value comes back as it went: read again, written to JSON, stored in SQL, shown and read."""
from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridapp.records.kinds import (
    KINDS,
    Address,
    Choice,
    Count,
    Date,
    IdNumber,
    Kind,
    Link,
    Moment,
    Name,
    PartDate,
    People,
    Phone,
    Text,
    Year,
    YesNo,
)
from gridapp.rules import id_numbers
from gridapp.rules.codes import table

HAN = some.text("张王李赵单曾解区查翟尉迟欧阳秀英建国", min_size=2, max_size=4)
DAYS = some.dates(min_value=dt.date(1930, 1, 1), max_value=dt.date(2026, 11, 21)).map(lambda day: day.isoformat())
MOBILES = some.integers(0, 99_999_999).map(lambda n: f"161{n:08d}")
SAMPLES: dict[type[Kind], tuple[Kind, some.SearchStrategy[Any]]] = {
    Text: (Text(1, "备注"), some.text("春夏秋冬a1", min_size=2, max_size=40).map(str.strip).filter(lambda text: len(text) > 1)),
    Address: (Address(1, "住址"), some.integers(1, 99).map(lambda n: f"{n}号楼2单元501室")),
    Name: (Name(1, "姓名"), HAN),
    People: (People(1, "走访人"), some.lists(HAN, min_size=1, max_size=3, unique=True).map("、".join)),
    Choice: (Choice(1, "性别", table="sex"), some.sampled_from(sorted(table("sex").items))),
    Date: (Date(1, "日期"), DAYS),
    PartDate: (PartDate(1, "日期"), DAYS.flatmap(lambda day: some.sampled_from([day, day[:7], day[:4]]))),
    Year: (Year(1, "出生年"), some.integers(1930, 2026)),
    Moment: (Moment(1, "时间"), some.datetimes(timezones=some.just(dt.UTC)).filter(lambda at: 1980 < at.year < 2100)),
    Phone: (Phone(1, "电话"), some.lists(MOBILES, min_size=1, max_size=2, unique=True).map("、".join)),
    IdNumber: (IdNumber(1, "身份证号"), DAYS.map(lambda day: f"990101{day.replace('-', '')}123").map(lambda n: n + id_numbers.check_digit(n))),
    Count: (Count(1, "人数"), some.integers(0, 1000)),
    YesNo: (YesNo(1, "是否"), some.sampled_from([0, 1])),
    Link: (Link(1, "住户", target="household"), some.uuids().map(lambda each: each.hex)),
}


def test_every_kind_is_tried() -> None:
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("sort", KINDS, ids=lambda sort: sort.__name__)
@given(data=some.data())
def test_a_value_is_read_the_same_again(sort: type[Kind], data: some.DataObject) -> None:
    kind, values = SAMPLES[sort]
    first = kind.read(data.draw(values))
    assert first.value is not None
    assert isinstance(first.value, kind.stores)
    assert kind.read(first.value).value == first.value
    assert kind.read(json.loads(json.dumps(first.value))).value == first.value


@pytest.mark.parametrize("sort", [sort for sort in KINDS if sort is not Moment], ids=lambda sort: sort.__name__)
@given(data=some.data())
def test_what_is_shown_can_be_typed_in_again(sort: type[Kind], data: some.DataObject) -> None:
    kind, values = SAMPLES[sort]
    value = kind.read(data.draw(values)).value
    assert kind.read(kind.show(value)).value == value


@pytest.mark.parametrize("sort", KINDS, ids=lambda sort: sort.__name__)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\u200b"])
def test_blank_is_nothing(sort: type[Kind], blank: Any) -> None:
    kind, _ = SAMPLES[sort]
    assert kind.read(blank).value is None
    assert kind.read(blank).faults == ()
    assert kind.show(None) == "" == kind.mask(None)


@pytest.mark.parametrize(("sort", "value"), [(Name, "李秀英"), (Phone, "16112345678"), (IdNumber, "990101195911025975"), (People, "李秀英、王建国")])
def test_lists_never_show_these_in_full(sort: type[Kind], value: str) -> None:
    masked = SAMPLES[sort][0].mask(value)
    assert "*" in masked
    assert value not in masked
