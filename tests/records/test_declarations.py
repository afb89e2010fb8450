"""The declarations hold together: numbers never clash, codes exist, important fields say why they are kept, nothing forbidden is kept."""
from __future__ import annotations

import re

import pytest

from gridapp.records import BY_NAME, RECORDS, Column, columns
from gridapp.records.kinds import KINDS, Choice, Link
from gridapp.rules import codes

EVERY = [(record, each) for record in RECORDS for each in columns(record)]
NAMES = [f"{record.__tablename__}.{each.name}" for record, each in EVERY]


def test_every_record_has_its_own_number_and_title() -> None:
    assert len({record.number for record in RECORDS}) == len({record.title for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__tablename__)
def test_field_numbers_are_unique_and_fit_a_mask(record: type) -> None:
    numbers = [each.number for each in columns(record)]
    assert len(set(numbers)) == len(numbers)
    assert all(1 <= number <= 60 for number in numbers)


@pytest.mark.parametrize(("record", "each"), EVERY, ids=NAMES)
def test_a_column_is_declared_whole(record: type, each: Column) -> None:
    assert type(each.kind) in KINDS
    assert re.search(r"[一-鿿]", each.label)
    assert each.label not in each.kind.aliases
    assert bool(each.kind.purpose) or each.kind.secrecy < 2, "an important field says why it is kept"
    assert each.kind.policy in ("", "office_wins")
    if isinstance(each.kind, Choice):
        assert codes.table(each.kind.table).items
    if isinstance(each.kind, Link):
        assert each.kind.target in BY_NAME
    if each.default is not None:
        assert each.kind.read(each.default).value == each.default


@pytest.mark.parametrize(("record", "each"), EVERY, ids=NAMES)
def test_a_columns_sql_is_text_or_a_whole_number(record: type, each: Column) -> None:
    sql = record.__table__.c[each.name]  # type: ignore[attr-defined]
    assert sql.type.__class__.__name__ == ("Text" if each.kind.stores is str else "BigInteger")
    assert bool(sql.foreign_keys) == isinstance(each.kind, Link)


def test_nothing_is_kept_that_must_not_be() -> None:
    said = "".join(f"{each.name} {each.label} {' '.join(each.kind.aliases)}" for _, each in EVERY)
    assert not re.search(r"宗教|信仰|信访|涉黑|重点人员|评分|积分|打卡|定位|婚姻|收入|病史|银行|照片|车牌|religion|petition|score", said)


def test_a_resident_keeps_a_year_and_an_id_number_only_when_switched_on() -> None:
    kept = {each.name: each for each in columns(BY_NAME["resident"])}
    assert "birth" not in kept
    assert kept["birth_year"].kind.read("1965-03-12").value == 1965
    assert kept["id_no"].kind.off
    assert not any(each.kind.off for record, each in EVERY if (record.__tablename__, each.name) != ("resident", "id_no"))
