"""Filling an office's own table from the desk: what it finds and lacks, masked unless asked, answers remembered, every filling logged."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from gridapp import desk as verbs
from gridapp.rules.reading import Trouble
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES

Town = tuple[Any, dict[str, str]]
RESIDENTS = ["序号", "姓名", "出生年月", "年龄", "楼栋", "房号", "与户主关系", "联系电话", "参加志愿活动次数"]
MEMBERS = ["姓名", "入党日期（如1965年3月12日）", "党龄", "学历", "手机号码"]


def table(path: Path, title: str, headings: list[str]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title])
    sheet.append(["填报单位："])
    sheet.append(headings)
    book.save(path)
    return path


def rows(path: Path) -> list[list[Any]]:
    sheet = load_workbook(path).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_it_tells_what_it_finds_and_what_it_lacks(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    (found,) = verbs.look_at_template(desk, table(tmp_path / "空表.xlsx", "居民基本情况表", RESIDENTS))
    assert (found.kind, found.rows, found.lacks) == ("居民", 4, ("参加志愿活动次数",))
    assert [heading for heading, _ in found.fills] == RESIDENTS[:-1]


def test_whole_when_asked_with_answers_that_are_remembered(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "居民基本情况表", RESIDENTS)
    answers = {"参加志愿活动次数": "0次"}
    verbs.fill_in(desk, empty, tmp_path / "一.xlsx", purpose="报街道", masked=False, answers=answers)
    filled = verbs.fill_in(desk, empty, tmp_path / "二.xlsx", purpose="报街道", masked=False)
    unit, _, *people = rows(filled.path)
    assert unit[0] == "填报单位：示范网格" and filled.rows == len(people) == 4
    head = next(row for row in people if row[1] == HEAD)
    assert head[2:] == ["1958", 68, "3", "501", "户主", PHONES[HEAD], "0次"]
    assert [row[0] for row in people] == [1, 2, 3, 4]
    assert verbs.look_at_template(desk, empty)[0].answers == answers
    assert "报街道" in verbs.audit(desk, 5)[0]["purpose"] and verbs.audit(desk, 5)[0]["field"] == "full"


def test_masked_by_default(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    filled = verbs.fill_in(desk, table(tmp_path / "空表.xlsx", "居民基本情况表", RESIDENTS), tmp_path / "一.xlsx", purpose="报街道")
    text = str(rows(filled.path))
    assert not [word for word in (HEAD, ALONE, *PHONES.values()) if word in text] and "161****" in text


def test_members_by_the_title_and_dates_as_the_heading_shows(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    empty = table(tmp_path / "空表.xlsx", "党员花名册", MEMBERS)
    filled = verbs.fill_in(desk, empty, tmp_path / "一.xlsx", purpose="报党委", masked=False)
    assert rows(filled.path)[2] == [COMRADE, "1992年11月30日", 32, "本科", PHONES[COMRADE]]


def test_without_a_purpose_nothing_is_written(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    with pytest.raises(Trouble, match="用途"):
        verbs.fill_in(desk, table(tmp_path / "空表.xlsx", "党员花名册", MEMBERS), tmp_path / "一.xlsx", purpose=" ")
    assert not (tmp_path / "一.xlsx").exists()
