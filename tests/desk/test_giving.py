"""Ledgers out: the columns domain.md section 8 fixes, masked unless asked otherwise, every one logged, whole or not at all."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridapp import desk as verbs
from gridapp.rules.reading import Cancelled, Trouble
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, TENANT, WIFE, kept

Town = tuple[Any, dict[str, str]]
NAMES = (HEAD, WIFE, ALONE, TENANT, COMRADE)
HEADINGS = {
    "member": "序号|姓名|性别|出生年月|民族|学历|人员类别|入党日期|转正日期|党龄|党小组|党内职务|工作岗位|手机号码|现居住地|是否流动|备注",
    "household": "序号|楼栋|单元|房号|户主/联系人|常住人数|居住性质|联系电话|党员户|服务等级|上次走访|备注",
    "service": "序号|姓名|楼栋房号|类别|结对党员|紧急联系人|联系电话|走访频次|上次走访|下次应访|当前需求|已提供帮助|复核日期",
    "visit": "序号|走访时间|走访人|楼栋房号|受访人|方式|反映问题及意见|处理措施|反馈结果|转办编号|回访日期|备注",
    "request": "序号|编号|受理时间|来源|提出人|联系电话|所在网格|类型|内容|承办人/单位|办理时限|办理情况|办结时间|是否超期|回访方式|满意度|备注",
}


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
    given = verbs.give_out(desk, key, tmp_path / f"{key}.xlsx", purpose="报社区")
    rows = table(given.path, key)
    assert given.rows == len(rows) == count
    assert [row[0] for row in rows] == [str(at + 1) for at in range(count)]
    whole = " ".join(cell for row in cells(given.path) for cell in row)
    assert not [word for word in (*NAMES, *PHONES.values()) if word in whole], "masked by default"
    assert "示范网格" in whole and "报社区" in whole


def test_in_full_when_asked(town: Town, tmp_path: Path) -> None:
    desk = busy(town)
    wanted = {"household": [HEAD, PHONES[HEAD]], "member": [COMRADE, PHONES[COMRADE]], "service": [ALONE, COMRADE], "visit": [COMRADE, ALONE]}
    for key, words in wanted.items():
        given = verbs.give_out(desk, key, tmp_path / f"{key}.xlsx", purpose="核对", masked=False)
        whole = " ".join(cell for row in cells(given.path) for cell in row)
        assert all(word in whole for word in words), key


def test_what_the_rows_say(town: Town, tmp_path: Path) -> None:
    desk = busy(town)

    def row(key: str) -> dict[str, str]:
        found = table(verbs.give_out(desk, key, tmp_path / f"{key}.xlsx", purpose="核对", masked=False).path, key)
        return dict(zip(HEADINGS[key].split("|"), found[0], strict=False))

    home, service, visit, request, member = (row(key) for key in ("household", "service", "visit", "request", "member"))
    assert (home["楼栋"], home["单元"], home["房号"], home["常住人数"], home["党员户"], home["服务等级"]) == ("3", "2", "501", "2", "是", "普通")
    assert (service["楼栋房号"], service["类别"], service["走访频次"], service["上次走访"]) == ("3-2-1001", "独居", "每月", "2026-11-21")
    assert (visit["楼栋房号"], visit["转办编号"]) == ("3-2-1001", request["编号"])
    assert (request["所在网格"], request["办结时间"], request["是否超期"]) == ("示范网格", "2026-11-21", "否")
    assert (member["出生年月"], member["党龄"]) == ("1970-11", "32")


@pytest.mark.parametrize("choice", [each.key for each in verbs.ledgers()])
def test_every_ledger_one_can_ask_for(town: Town, tmp_path: Path, choice: str) -> None:
    given = verbs.give_out(busy(town), choice, tmp_path / "out.xlsx", purpose="试")
    assert given.path.exists() and given.rows > 0


def test_every_export_is_logged(town: Town, tmp_path: Path) -> None:
    desk = busy(town)
    verbs.give_out(desk, "member", tmp_path / "a.xlsx", purpose="报街道")
    verbs.give_out(desk, "member", tmp_path / "b.xlsx", purpose="换届", masked=False)
    lines = [(line["what"], line["who"], line["field"], line["purpose"]) for line in verbs.audit(desk, 2)]
    assert lines == [("export", "王书记", "full", "党员花名册：换届"), ("export", "王书记", "masked", "党员花名册：报街道")]


@pytest.mark.parametrize("purpose", ["", "  "])
def test_no_export_without_a_purpose(town: Town, tmp_path: Path, purpose: str) -> None:
    with pytest.raises(Trouble) as caught:
        verbs.give_out(town[0], "member", tmp_path / "a.xlsx", purpose=purpose)
    assert caught.value.code == "no_purpose" and not list(tmp_path.glob("*.xlsx"))


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a"])
def test_a_workbook_is_not_written_under_another_ending(town: Town, tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble) as caught:
        verbs.give_out(town[0], "member", tmp_path / name, purpose="试")
    assert caught.value.code == "not_xlsx" and not (tmp_path / name).exists()


def test_an_unknown_ledger(town: Town, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        verbs.give_out(town[0], "no-such", tmp_path / "a.xlsx", purpose="试")


def test_a_place_that_is_not_there(town: Town, tmp_path: Path) -> None:
    with pytest.raises(Trouble):
        verbs.give_out(town[0], "member", tmp_path / "no" / "a.xlsx", purpose="试")
    assert verbs.audit(town[0], 5) == [] or verbs.audit(town[0], 1)[0]["what"] != "export"


def test_cancelled_leaves_the_old_file(town: Town, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        verbs.give_out(town[0], "household", tmp_path / "a.xlsx", purpose="试", step=stop)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.xlsx"] and (tmp_path / "a.xlsx").read_bytes() == b"old"


def test_what_looks_like_a_formula_stays_text(town: Town, tmp_path: Path) -> None:
    desk, ids = town
    verbs.keep(desk, "household", {"notes": "=1+1"}, ids["home"])
    given = verbs.give_out(desk, "household", tmp_path / "a.xlsx", purpose="试", masked=False)
    sheet = openpyxl.load_workbook(given.path).active
    assert sheet is not None
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "=1+1" in [row[-1] for row in table(given.path, "household")]
