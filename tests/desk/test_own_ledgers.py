"""A secretary's own ledgers: made, changed, deleted, shared and taken; what they write is masked and chosen like every other."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp import desk as verbs
from gridapp.desk import Picked, Purpose
from gridapp.ledgers import own_forms
from gridapp.rules.id_numbers import check_digit
from gridapp.rules.reading import Trouble
from tests.conftest import PASSWORD
from tests.desk.town import COMRADE, HEAD, PHONES, TENANT, kept, settle

Town = tuple[Any, dict[str, str]]
ID = "99010119701105001" + check_digit("99010119701105001")
CALL = (("name", ""), ("age", ""), ("phone", "电话"), ("blank", "签字"))


@pytest.fixture
def home(file_desk: Any) -> Town:
    return file_desk, settle(file_desk)


def made(desk: Any, record: str = "resident", title: str = "联系表", columns: Any = CALL, **options: Any) -> str:
    return verbs.keep_ledger(desk, verbs.draft_ledger(record, title, columns, **options))


def table(desk: Any, key: str, out: Path, **options: Any) -> list[list[Any]]:
    asked = {"purpose": Purpose.INSIDE, "aim": "试", "password": PASSWORD} | options
    sheet = openpyxl.load_workbook(verbs.give_out(desk, key, out, **asked).path).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = next(at for at, row in enumerate(rows) if row[0] == "序号")
    return [rows[start], *(row for row in rows[start + 1 :] if isinstance(row[0], int))]


def test_made_kept_and_given_out(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    key = made(desk, picked=Picked(building="3号楼"), order="-age")
    assert [own.form.title for own in verbs.own_ledgers(desk)] == ["联系表"]
    rows = table(desk, key, tmp_path / "a.xlsx")
    assert rows[0] == ["序号", "姓名", "年龄", "电话", "签字"]
    assert [row[1:4] for row in rows[1:]] == [["李阿婆", 88, "161****0022"], [HEAD, 68, "161****0011"], ["王小雨", 66, None]]
    assert "联系表" in verbs.audit(desk, 1)[0]["purpose"] and "3号楼" in verbs.audit(desk, 1)[0]["purpose"]


def test_what_is_picked_at_the_door_comes_before_its_own_choice(home: Town, tmp_path: Path) -> None:
    key = made(home[0], picked=Picked(building="3号楼", sort="head"))
    assert [row[1] for row in table(home[0], key, tmp_path / "a.xlsx", picked=Picked(building="5号楼"))[1:]] == [TENANT]


def test_whole_takes_the_password_as_ever(home: Town, tmp_path: Path) -> None:
    key = made(home[0])
    with pytest.raises(Trouble):
        table(home[0], key, tmp_path / "a.xlsx", whole=True, password="wrong-horse")
    assert any(PHONES[HEAD] in row for row in table(home[0], key, tmp_path / "a.xlsx", whole=True))


def test_sensitive_columns_are_hidden_and_a_choice_by_category_is_whole(home: Town, tmp_path: Path) -> None:
    key = made(home[0], "service_need", "帮扶表", (("name", ""), ("service_category", "类别")))
    assert table(home[0], key, tmp_path / "a.xlsx")[1][1:] == ["李阿*", "***"]
    assert table(home[0], key, tmp_path / "a.xlsx", whole=True)[1][1:] == ["李阿婆", "独居"]
    alone = made(home[0], "household", "独居户", (("home", ""),), picked=Picked(category="alone"))
    with pytest.raises(Trouble) as caught:
        table(home[0], alone, tmp_path / "a.xlsx")
    assert caught.value.code == "category_is_whole"
    assert [row[1] for row in table(home[0], alone, tmp_path / "a.xlsx", whole=True)[1:]] == ["3-2-1001"]


def test_changed_and_deleted_and_back(home: Town) -> None:
    desk, _ = home
    key = made(desk)
    verbs.keep_ledger(desk, verbs.draft_ledger("resident", "新名称", CALL[:1], key=key))
    assert [(own.key, own.form.title, own.form.headings) for own in verbs.own_ledgers(desk)] == [(key, "新名称", ("序号", "姓名"))]
    gone = verbs.drop_ledger(desk, key)
    assert not verbs.own_ledgers(desk)
    with pytest.raises(Trouble):
        verbs.drop_ledger(desk, key)
    verbs.keep_ledger(desk, gone)
    assert verbs.own_ledgers(desk) == [gone]


def test_shared_and_taken_by_another_desk(home: Town, new_desk: Any, tmp_path: Path) -> None:
    desk, ids = home
    key = made(desk, picked=Picked(building="3号楼", since="", sort="elder"), order="name")
    verbs.share_ledger(desk, key, tmp_path / "联系表.toml")
    text = (tmp_path / "联系表.toml").read_text("utf-8")
    assert not [word for word in (*PHONES, *PHONES.values(), *ids.values()) if word in text], "nobody's data"
    other = new_desk("sqlite", "other")
    assert verbs.take_ledger(other, tmp_path / "联系表.toml") == verbs.own_ledgers(desk)[0] == verbs.own_ledgers(other)[0]


def test_two_of_one_name(home: Town, new_desk: Any, tmp_path: Path) -> None:
    desk, _ = home
    verbs.share_ledger(desk, made(desk), tmp_path / "a.toml")
    with pytest.raises(Trouble) as caught:
        made(desk)
    assert caught.value.code == "same_title"
    other = new_desk("sqlite", "other")
    made(other)
    assert verbs.take_ledger(other, tmp_path / "a.toml").form.title == "联系表（2）"
    assert verbs.take_ledger(desk, tmp_path / "a.toml").form.title == "联系表", "the very same one again"


@pytest.mark.parametrize(("title", "columns", "order"), [
    ("", CALL, ""), ("x" * 61, CALL, ""), ("表", (), ""), ("表", (("id_no", ""),), ""), ("表", (("nothing", "空"),), ""), ("表", CALL, "nothing"),
    ("表\n二", CALL, ""),
])
def test_what_cannot_be_one(title: str, columns: Any, order: str) -> None:
    with pytest.raises(Trouble) as caught:
        verbs.draft_ledger("resident", title, columns, order=order)
    assert caught.value.text.endswith("。")


GOOD = own_forms.text_of(own_forms.make("member", "表", [("name", "")], {"group": "一组"}))


@pytest.mark.parametrize(("old", "new"), [
    ('mark = "gridapp-ledger"', 'mark = "x"'), ('record = "member"', 'record = "material"'), ('record = "member"', "record = 3"),
    ('source = "name"', 'source = "merged_into"'), ('group = "一组"', 'scope = "office"'), ('group = "一组"', "group = 5"),
    ('order = ""', 'order = "-rowid"'), ("number = 900", "number = 1"), ('key = "own_', 'key = "member'), ("[filter]", "[filter"),
    ('align = "center"', 'align = "=1+1"'), ('heading = "姓名"', 'heading = "姓\\u0000名"'), ("mark", "more = 1\nmark"),
])
def test_a_damaged_or_hostile_file_is_refused(home: Town, tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    (tmp_path / "a.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(Trouble):
        verbs.take_ledger(home[0], tmp_path / "a.toml")
    assert not verbs.own_ledgers(home[0])


def test_a_file_that_is_not_there_or_another_sort(home: Town, tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00PK")
    for name in ("a.toml", "b.toml"):
        with pytest.raises(Trouble):
            verbs.take_ledger(home[0], tmp_path / name)
    with pytest.raises(Trouble):
        verbs.share_ledger(home[0], made(home[0]), tmp_path / "no" / "a.toml")


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")), min_size=1, max_size=30)


@given(title=words, heading=words, group=words)
def test_whatever_words_it_is_the_same_after_the_file(title: str, heading: str, group: str) -> None:
    own = own_forms.make("member", title, [("name", heading), ("age", "")], {"group": group}, "-age")
    assert own_forms.check_own(own_forms.text_of(own)) == own
    assert own.form.headings == ("序号", heading, "年龄") and own.chosen == {"group": group}


@pytest.mark.parametrize("record", own_forms.LISTED)
def test_every_column_one_can_choose(home: Town, tmp_path: Path, record: str) -> None:
    """All of a record's columns at once, sorted by each, whole and masked; no cell is a formula."""
    desk, ids = home
    for name, hostile in (("home", "=1+1"), ("rented", "@SUM(A1)")):
        verbs.keep(desk, "household", {"notes": hostile}, ids[name])
    verbs.keep_visit(desk, {"household_id": ids["alone"], "visitors": COMRADE, "content": "+1"}, {"content": "=cmd|' /C calc'!A0"})
    offered = verbs.choices(desk, record)
    key = made(desk, record, "全部", [(source, "") for source, _ in offered.columns][:59])
    for source, _ in offered.columns[:-1]:
        verbs.peek_ledger(desk, verbs.draft_ledger(record, "顺序", [(source, "")], order=f"-{source}"))
    given = verbs.give_out(desk, key, tmp_path / "a.xlsx", purpose=Purpose.INSIDE, aim="试", whole=True, password=PASSWORD)
    sheet = openpyxl.load_workbook(given.path).active
    assert sheet is not None and given.rows > 0
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_peek_is_masked(home: Town) -> None:
    peek = verbs.peek_ledger(home[0], verbs.draft_ledger("resident", "看看", CALL, picked=Picked(building="5号楼")))
    assert peek.headings == ("序号", "姓名", "年龄", "电话", "签字") and peek.count == 1
    assert peek.rows == (("1", TENANT, "", "161****0033", ""),)


def test_too_many(home: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridapp.desk.ledger_keeping.MOST", 2)
    for title in ("一", "二"):
        made(home[0], title=title)
    with pytest.raises(Trouble) as caught:
        made(home[0], title="三")
    assert caught.value.code == "too_many_ledgers"


def test_one_of_a_newer_program_is_left_alone(home: Town) -> None:
    desk, _ = home
    verbs.put_setting(desk, "own_ledgers", '{"own_x": "mark = \\"gridapp-ledger\\"\\nnew = 1"}')
    assert verbs.own_ledgers(desk) == []
    made(desk)
    assert "own_x" in verbs.setting(desk, "own_ledgers")


def test_birthdays_of_the_month_or_of_a_period(home: Town, tmp_path: Path) -> None:
    desk, ids = home
    assert [row[1:5] for row in table(desk, "birthday", tmp_path / "a.xlsx")[1:]] == [[COMRADE, "1992-11-30", 34, None]]
    spring = Picked(since="2027-01-01", until="2027-03-31")
    assert table(desk, "birthday", tmp_path / "a.xlsx", picked=spring)[1:] == []
    around = Picked(since="2026-12-01", until="2027-11-30")
    assert [row[3] for row in table(desk, "birthday", tmp_path / "a.xlsx", picked=around)[1:]] == [35]


def test_those_fifty_years_in_the_party(home: Town, tmp_path: Path) -> None:
    kept(home[0], "member", name="周老", sex="男", birth="1948", join_date="1970-01-01", regular_date="1971-01-01", member_type="正式党员")
    shown = {row[1]: row[2] for row in table(home[0], "gift", tmp_path / "a.xlsx")[1:]}
    assert shown == {"周老": "光荣在党50年", COMRADE: None}


def test_calls_back(town: Town, tmp_path: Path) -> None:
    desk, _ = town
    row = verbs.new_request(desk, {"content": "路灯"}).row_id
    verbs.act(desk, row, "close", by="物业", note="装好了")
    verbs.act(desk, row, "feedback", by="王书记", note="还是暗", satisfaction="不满意", manner="电话")
    number = verbs.values(desk, "request", row)["req_no"]
    assert table(desk, "feedback", tmp_path / "a.xlsx")[1][1:] == [number, "2026-11-21", "电话", "不满意", "还是暗", "否", "王书记"]
    verbs.act(desk, row, "handle", by="物业", note="换灯泡")
    assert table(desk, "feedback", tmp_path / "a.xlsx")[1][6] == "是"


def test_the_provincial_roster(home: Town, tmp_path: Path) -> None:
    desk, ids = home
    verbs.keep(desk, "member", {"id_no": ID, "is_lost": "否", "home_address": "示范里3号楼2单元501"}, ids["member"])
    heads, row = table(desk, "member_province", tmp_path / "a.xlsx", whole=True)
    told = dict(zip(heads, row, strict=True))
    assert (told["公民身份号码"], told["出生日期"], told["转正情况"], told["是否失联党员"], told["所在党支部"]) == (
        ID, "1970-11-05", "已转正", "否", "示范网格"
    )
    masked = dict(zip(heads, table(desk, "member_province", tmp_path / "a.xlsx")[1], strict=True))
    assert masked["公民身份号码"] == f"9****************{ID[-1]}", "beside a birth only its ends"
