"""What is wrong between cells that are each right: ID number against sex and birth, dates out of order, the same number twice, households."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from gridapp.ledgers.households import is_head
from gridapp.rules import id_numbers
from gridapp.rules.reading import Fault

NOWHERE = (None, None, None, None)


@dataclass(slots=True)
class Row:
    """One read row. row: its Excel row (logical record of a csv). block: the table beside others it stands in. fields: term name -> value in the
    preview's form. household: running number of its household in the table, None when the table has no households.
    cells: what it was read from, by column of the sheet; what merged cells, 〃 or its household's first row say stands there too."""

    row: int
    block: int
    fields: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    household: int | None = None
    cells: list[Any] = field(default_factory=list, repr=False, compare=False)

    @property
    def flags(self) -> list[str]:
        """The codes of its faults, each once."""
        return list(dict.fromkeys(fault.code for fault in self.faults))

    def note(self, code: str, text: str, hint: str, at: str) -> None:
        """Add something the user should look at."""
        self.faults.append(Fault(code, text, hint, fatal=False, field=at))


def check_row(row: Row) -> None:
    """An ID number against sex and birth; dates against their order."""
    id_no = row.fields.get("id_no")
    if id_no and len(id_no) == 18 and id_no[:17].isdigit() and row.fields.get("id_type") in (None, "居民身份证", "身份证"):
        _against_id(row, id_no)
    for first, second in (("join_date", "regular_date"), ("req_date", "done_date"), ("birth", "join_date")):
        early, late = row.fields.get(first), row.fields.get(second)
        if early and late and late < early[: len(late)]:
            row.note("date_order", "两个日期的先后不对。", "请核对这两个日期哪一个写错了。", second)


def _against_id(row: Row, id_no: str) -> None:
    sex = {"1": "男", "2": "女"}[id_numbers.sex(id_no)]
    if row.fields.get("sex") in ("男", "女") and row.fields["sex"] != sex:
        row.note("sex_id_mismatch", "性别与身份证号不一致。", "请对照证件，改性别或改身份证号。", "sex")
    born, birth = row.fields.get("birth"), id_numbers.birth(id_no)
    if any(fault.code == "date_ambiguous" and fault.field == "birth" for fault in row.faults):
        born = _settle(row, birth)
    if born and born != birth[: len(born)]:
        row.note("birth_id_mismatch", "出生日期与身份证号不一致。", "请对照证件，改出生日期或改身份证号。", "birth")


def _settle(row: Row, birth: str) -> str | None:
    """1965.1 may be January or October: the ID number says which, if its year is the same."""
    born = row.fields.get("birth")
    if born and born[:4] != birth[:4]:
        return born
    row.faults[:] = [fault for fault in row.faults if not (fault.code == "date_ambiguous" and fault.field == "birth")]
    row.fields["birth"] = birth[:7]
    return birth[:7]


def check_table(rows: list[Row], kind: str, has_relation: bool, keyed: bool) -> None:
    """The checks over all rows of one table. keyed: households have a number or a head's name of their own column."""
    if kind == "request":
        _same_request_number(rows)
    if kind in ("resident", "party"):
        _same_person(rows)
        _same_name(rows)
    for members in _grouped(rows, attrgetter("household")):
        if has_relation:
            _check_heads(members, keyed)
        _check_size(members)


def _grouped(rows: Iterable[Row], key: Any) -> list[list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        at = key(row)
        if at is not None:
            groups[at].append(row)
    return list(groups.values())


def _same_request_number(rows: list[Row]) -> None:
    for same in _grouped(rows, lambda row: row.fields.get("req_no")):
        if len(same) > 1:
            same[0].note("duplicate_no", f"编号与第 {_others(same, same[0])} 行相同。", "请核对编号，每件事项一个编号。", "req_no")
            for row in same[1:]:
                text = f"编号与第 {same[0].row} 行相同，先不导入。"
                row.faults.append(Fault("duplicate_no", text, "请核对编号，每件事项一个编号，改好再导入。", field="req_no"))


def _others(same: list[Row], row: Row) -> str:
    return "、".join(str(other.row) for other in same if other is not row)


def _same_person(rows: list[Row]) -> None:
    for same in _grouped(rows, lambda row: row.fields.get("id_no")):
        first = same[0]
        for row in same[1:]:
            if row.fields == first.fields:
                row.note("already_present", f"与第 {first.row} 行完全相同。", "重复的一行不会再导入，不用处理。", "id_no")
            else:
                first.note("duplicate_conflict", f"身份证号与第 {row.row} 行相同，内容不同。", "请核对两行，只留对的一行。", "id_no")
                row.note("duplicate_conflict", f"身份证号与第 {first.row} 行相同，内容不同。", "请核对两行，只留对的一行。", "id_no")


def _same_name(rows: list[Row]) -> None:
    """The same name at the same address, with no two ID numbers or births to tell them apart: perhaps one person written twice."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        said = row.fields.get
        place = (said("address"), said("building"), said("unit"), said("room"))
        if place == NOWHERE or not said("name"):
            continue
        first = seen.setdefault((said("name"), said("birth"), *place), row)
        if first is not row and not (said("id_no") and first.fields.get("id_no")):
            row.note("same_name", f"与第 {first.row} 行姓名、住址相同。", "请核对是不是同一个人写了两遍。", "name")


def _check_heads(members: list[Row], keyed: bool) -> None:
    heads = [row for row in members if is_head(row.fields.get("relation") or "")]
    if len(heads) > 1:
        for row in heads:
            row.note("two_heads", f"这一户有 {len(heads)} 个户主。", "请核对，一户只留一个户主。", "relation")
    if not heads and (keyed or len(members) > 1):
        for row in members:
            row.note("household_no_head", "这一户没有户主。", "请核对与户主关系，或补上户主这一行。", "relation")


def _check_size(members: list[Row]) -> None:
    size = members[0].fields.get("household_size")
    if isinstance(size, int) and size != len(members) and len(members) > 1:
        for row in members:
            row.note("count_mismatch", f"家庭人口写的是 {size} 人，表里有 {len(members)} 行。", "请核对是否漏了人或写错了人数。", "household_size")
