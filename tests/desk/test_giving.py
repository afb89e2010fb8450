"""Ledgers out: the columns domain.md section 8 fixes, masked unless asked otherwise, every one logged, whole or not at all."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridapp import desk as verbs
from gridapp.desk import Picked, Purpose
from gridapp.desk.leaving import NEVER_PUBLIC
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.store.keys import WrongPassword
from tests.conftest import PASSWORD
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, TENANT, WIFE, kept, settle

Town = tuple[Any, dict[str, str]]


@pytest.fixture
def home(file_desk: Any) -> Town:
    """The same town on a file alone, for what does not touch the store's engine."""
    return file_desk, settle(file_desk)


NAMES = (HEAD, WIFE, ALONE, TENANT, COMRADE)
HEADINGS = {
    "member": "序号|姓名|性别|出生年月|民族|学历|人员类别|入党日期|转正日期|党龄|党小组|党内职务|工作岗位|手机号码|现居住地|是否流动|备注",
    "household": "序号|楼栋|单元|房号|户主/联系人|常住人数|居住性质|联系电话|党员户|服务等级|上次走访|备注",
    "service": "序号|姓名|楼栋房号|类别|结对党员|紧急联系人|联系电话|走访频次|上次走访|下次应访|当前需求|已提供帮助|复核日期",
    "visit": "序号|走访时间|走访人|楼栋房号|受访人|方式|反映问题及意见|处理措施|反馈结果|转办编号|回访日期|备注",
    "request": "序号|编号|受理时间|来源|提出人|联系电话|所在网格|类型|内容|承办人/单位|办理时限|办理情况|办结时间|是否超期|回访方式|满意度|备注",
}


def give(desk: Any, key: str, out: Path, aim: str = "试", purpose: Purpose = Purpose.INSIDE, **options: Any) -> Any:
    """A ledger for the branch itself, masked; whole with the right password."""
    return verbs.give_out(desk, key, out, purpose=purpose, aim=aim, **({"password": PASSWORD} if options.get("whole") else {}) | options)


def busy(town: Town) -> Any:
    """The town after a visit, a request and its closing."""
    desk, ids = town
    visit = {"household_id": ids["alone"], "visitors": COMRADE, "interviewee": ALONE, "content": "血压平稳", "problem": "要扶手"}
    verbs.keep_visit(desk, visit, {"content": "装扶手", "phone": PHONES[ALONE]})
    verbs.act(desk, verbs.listing(desk, "request").rows[0].id, "close", by="物业", note="装好了")
    kept(desk, "decision", decided_at=desk.now(), by="王书记", sort="field", what="住户 3-2-501", chosen=PHONES[HEAD])
    return desk


def cells(path: Path) -> list[list[str]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def table(path: Path, key: str) -> list[list[str]]:
    """The rows under the headings, which must be exactly the form's."""
    rows = cells(path)
    heads = HEADINGS[key].split("|")
    start = next(at for at, row in enumerate(rows) if row[: len(heads)] == heads and not any(row[len(heads) :]))
    return [row for row in rows[start + 1 :] if row[0].isdigit()]


@pytest.mark.parametrize(("key", "count"), [("member", 1), ("household", 3), ("service", 1), ("visit", 1), ("request", 1)])
def test_the_standard_ledgers(town: Town, tmp_path: Path, key: str, count: int) -> None:
    desk = busy(town)
    given = give(desk, key, tmp_path / f"{key}.xlsx", "报社区")
    rows = table(given.path, key)
    assert given.rows == len(rows) == count
    assert [row[0] for row in rows] == [str(at + 1) for at in range(count)]
    whole = " ".join(cell for row in cells(given.path) for cell in row)
    assert not [word for word in PHONES.values() if word in whole], "masked by default"
    assert "示范网格" in whole and "报社区" in whole


def test_in_full_when_asked(town: Town, tmp_path: Path) -> None:
    desk = busy(town)
    wanted = {"household": [HEAD, PHONES[HEAD]], "member": [COMRADE, PHONES[COMRADE]], "service": [ALONE, COMRADE], "visit": [COMRADE, ALONE]}
    for key, words in wanted.items():
        given = give(desk, key, tmp_path / f"{key}.xlsx", "核对", whole=True)
        whole = " ".join(cell for row in cells(given.path) for cell in row)
        assert all(word in whole for word in words), key


def test_what_the_rows_say(town: Town, tmp_path: Path) -> None:
    desk = busy(town)

    def row(key: str) -> dict[str, str]:
        found = table(give(desk, key, tmp_path / f"{key}.xlsx", "核对", whole=True).path, key)
        return dict(zip(HEADINGS[key].split("|"), found[0], strict=False))

    home, service, visit, request, member = (row(key) for key in ("household", "service", "visit", "request", "member"))
    assert (home["楼栋"], home["单元"], home["房号"], home["常住人数"], home["党员户"], home["服务等级"]) == ("3", "2", "501", "2", "是", "普通")
    assert (service["楼栋房号"], service["类别"], service["走访频次"], service["上次走访"]) == ("3-2-1001", "独居", "每月", "2026-11-21")
    assert (visit["楼栋房号"], visit["转办编号"]) == ("3-2-1001", request["编号"])
    assert (request["所在网格"], request["办结时间"], request["是否超期"]) == ("示范网格", "2026-11-21", "否")
    assert (member["出生年月"], member["党龄"]) == ("1970-11", "32")


def test_every_ledger_one_can_ask_for(town: Town, tmp_path: Path) -> None:
    desk = busy(town)
    verbs.act(desk, verbs.listing(desk, "request").rows[0].id, "feedback", note="好用", satisfaction="满意", manner="电话")
    for choice in verbs.ledgers():
        given = give(desk, choice.key, tmp_path / "out.xlsx")
        assert given.path.exists() and given.rows > 0, choice.key


def test_every_export_is_logged(town: Town, tmp_path: Path) -> None:
    desk = busy(town)
    give(desk, "member", tmp_path / "a.xlsx", "报街道")
    give(desk, "member", tmp_path / "b.xlsx", "换届", whole=True)
    lines = [(line["what"], line["who"], line["field"], line["purpose"]) for line in verbs.audit(desk, 2)]
    assert lines == [("export", "王书记", "full", "党员花名册：换届（内部）"), ("export", "王书记", "masked", "党员花名册：报街道（内部）")]


@pytest.mark.parametrize("purpose", ["", "  "])
def test_no_export_without_a_purpose(home: Town, tmp_path: Path, purpose: str) -> None:
    with pytest.raises(Trouble) as caught:
        give(home[0], "member", tmp_path / "a.xlsx", purpose)
    assert caught.value.code == "no_purpose" and not list(tmp_path.glob("*.xlsx"))


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a"])
def test_a_workbook_is_not_written_under_another_ending(home: Town, tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble) as caught:
        give(home[0], "member", tmp_path / name, "试")
    assert caught.value.code == "not_xlsx" and not (tmp_path / name).exists()


def test_an_unknown_ledger(home: Town, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        give(home[0], "no-such", tmp_path / "a.xlsx", "试")


def test_a_place_that_is_not_there(home: Town, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        give(home[0], "member", tmp_path / "no" / "a.xlsx", "试")
    assert verbs.audit(home[0], 5) == [] or verbs.audit(home[0], 1)[0]["what"] != "export"


def test_cancelled_leaves_the_old_file(home: Town, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        give(home[0], "household", tmp_path / "a.xlsx", "试", step=stop)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.xlsx"] and (tmp_path / "a.xlsx").read_bytes() == b"old"


def test_what_looks_like_a_formula_stays_text(town: Town, tmp_path: Path) -> None:
    desk, ids = town
    verbs.keep(desk, "household", {"notes": "=1+1"}, ids["home"])
    given = give(desk, "household", tmp_path / "a.xlsx", "试", whole=True)
    sheet = openpyxl.load_workbook(given.path).active
    assert sheet is not None
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "=1+1" in [row[-1] for row in table(given.path, "household")]


def said(path: Path) -> str:
    return " ".join(cell for row in cells(path) for cell in row)


def test_names_are_for_the_branch_and_above_and_never_for_the_street(home: Town, tmp_path: Path) -> None:
    shown = {each: said(give(home[0], "member", tmp_path / "a.xlsx", purpose=each).path) for each in Purpose}
    assert COMRADE in shown[Purpose.INSIDE] and COMRADE in shown[Purpose.UPWARD] and COMRADE not in shown[Purpose.PUBLIC]
    assert "单*信" in shown[Purpose.PUBLIC] and "161****0044" in shown[Purpose.UPWARD] and "161" not in shown[Purpose.PUBLIC]
    assert not [text for text in shown.values() if PHONES[COMRADE] in text]


def test_the_whole_takes_the_desk_s_password(home: Town, tmp_path: Path) -> None:
    for password, code in (("", "no_password"), ("wrong-horse", "wrong_password")):
        with pytest.raises(Trouble) as caught:
            give(home[0], "member", tmp_path / "a.xlsx", whole=True, password=password)
        assert caught.value.code == code and not list(tmp_path.glob("*.xlsx"))
    assert isinstance(caught.value, WrongPassword)
    assert not [line for line in verbs.audit(home[0]) if line["what"] == "export"]


@pytest.mark.parametrize(("key", "options", "code"), [
    ("member", {"whole": True}, "never_whole"), ("service", {}, "never_public"), ("all-decision", {}, "never_public"),
])
def test_what_is_never_put_up_for_everybody(home: Town, tmp_path: Path, key: str, options: dict[str, Any], code: str) -> None:
    with pytest.raises(Trouble) as caught:
        give(home[0], key, tmp_path / "a.xlsx", purpose=Purpose.PUBLIC, **options)
    assert caught.value.code == code and not list(tmp_path.glob("*.xlsx"))


def test_a_list_by_category_is_sensitive_whatever_it_masks(town: Town, tmp_path: Path) -> None:
    alone = Picked(category="alone")
    with pytest.raises(Trouble) as caught:
        give(town[0], "household", tmp_path / "a.xlsx", picked=alone)
    assert caught.value.code == "category_is_whole"
    assert give(town[0], "household", tmp_path / "a.xlsx", picked=alone, whole=True).rows == 1


def test_only_the_picked_rows_and_the_paper_and_the_log_say_which(town: Town, tmp_path: Path) -> None:
    given = give(town[0], "household", tmp_path / "a.xlsx", picked=Picked(building="5号楼"))
    assert given.rows == 1 and "范围：5号楼" in said(given.path)
    assert verbs.audit(town[0], 1)[0]["purpose"].endswith("（内部；5号楼）")


def test_a_file_behind_its_own_password(home: Town, tmp_path: Path) -> None:
    from gridapp.ledgers import locking

    given = give(home[0], "member", tmp_path / "a.xlsx", purpose=Purpose.UPWARD, whole=True, file_password="示范密码1234")
    locked = given.path.read_bytes()
    with pytest.raises(Trouble) as caught:
        locking.unlock(locked, "示范密码1235")
    assert caught.value.code == "wrong_file_password"
    (tmp_path / "b.xlsx").write_bytes(locking.unlock(locked, "示范密码1234"))
    assert PHONES[COMRADE] in said(tmp_path / "b.xlsx")
    assert COMRADE.encode() not in locked and not [path for path in tmp_path.iterdir() if path.name.startswith(".gridapp")]
    assert verbs.audit(home[0], 1)[0]["purpose"].endswith("（上报；有打开密码）")


def test_a_file_s_password_is_long_enough(home: Town, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        give(home[0], "member", tmp_path / "a.xlsx", whole=True, file_password="12345")
    assert caught.value.code == "short_file_password" and not list(tmp_path.glob("*.xlsx"))


NUMBERS = ("16100000077", "990101196503120014", "0991-8123456")


def test_no_raw_number_leaves_masked(file_desk: Any, tmp_path: Path) -> None:
    """Also not those that somebody wrote into free text; of every ledger for every purpose."""
    ids = settle(file_desk)
    desk = busy((file_desk, ids))
    written = f"儿子电话{NUMBERS[0]}，证号{NUMBERS[1]}，座机{NUMBERS[2]}"
    verbs.keep(desk, "member", {"id_no": NUMBERS[1], "address": "3号楼2单元501", "notes": written}, ids["member"])
    verbs.keep(desk, "household", {"notes": written}, ids["home"])
    for record in ("visit", "request"):
        verbs.keep(desk, record, {"notes": written, "result": written}, verbs.listing(desk, record).rows[0].id)
    for purpose in Purpose:
        for choice in verbs.ledgers():
            if purpose is Purpose.PUBLIC and choice.record in NEVER_PUBLIC:
                continue
            shown = said(give(desk, choice.key, tmp_path / "out.xlsx", purpose=purpose).path)
            assert not [number for number in (*NUMBERS, *PHONES.values()) if number in shown], (choice.key, purpose)
