"""Ledgers of kinds the store does not keep: they say what they are, and which of their columns can be kept all the same."""
from __future__ import annotations

import pytest

from gridapp.ledgers.drafts import drafts
from gridapp.ledgers.reader import read_ledger

MONTHS = [f"{month}月" for month in range(1, 13)]
WANG = "990101196503120011"
DUES = [
    ["2024年党费收缴台账"],
    ["序号", "姓名", "性别", "身份证号", "党小组", "月应交", *MONTHS, "合计", "备注"],
    [1, "王伟", "男", WANG, "一组", 10, *[10] * 12, 120, "欠缴已补"],
]
GROWING = [
    ["发展党员台账"],
    ["姓名", "性别", "身份证号", "联系电话", "住址", "列为积极分子时间", "谈话时间", "备注"],
    ["李娜", "女", WANG, "16100000002", "3号楼1单元101", "2024-05-01", "2024-06-01", "培养中"],
]
AWAY = [
    ["流动党员台账"],
    ["姓名", "性别", "出生日期", "流动类型", "流动原因", "外出时间", "流出(入)地", "联系电话"],
    ["王伟", "男", "1965-03", "流出", "务工", "2024-03", "某省", "16100000001"],
]
MEETINGS = [
    ["三会一课台账"],
    ["日期", "会议名称", "主持人", "记录人", "应到", "实到", "内容"],
    ["2024-03-01", "支部党员大会", "王伟", "李娜", 20, 18, "学习"],
]


def one(path, corrections=None):
    return read_ledger(path, corrections=corrections or {}).sheets[0]


def accepted(path):
    """The sheet again, with what it offers accepted."""
    return one(path, {mark: each.correction for mark, each in one(path).offers.items()})


@pytest.mark.parametrize(("rows", "ledger", "labels"), [
    (DUES, "党费收缴", {"姓名", "性别", "公民身份号码", "党小组"}), (GROWING, "发展党员", {"姓名", "性别", "住址"}),
    (AWAY, "流动党员", {"姓名", "性别", "出生日期", "外出流向"}),
])
def test_it_says_what_it_is_and_what_could_be_kept(make_book, rows, ledger, labels):
    sheet = one(make_book({"台账": rows}))
    (offer,) = sheet.offers.values()
    assert drafts(sheet) == [] and not offer.taken and labels <= set(offer.labels)
    assert sheet.no_table.startswith(f"这是{ledger}台账，程序还不保存这一类；认得的栏有 姓名、") and sheet.no_table.endswith("可以只保存这些。")
    assert not {"备注", *MONTHS} & set(offer.labels)


def test_nothing_of_its_own_subject_comes_in(make_book):
    (draft,) = drafts(accepted(make_book({"党费": DUES})))
    said = {name: value for name, value in draft.values.items() if value is not None}
    assert draft.record == "member" and (said["name"], said["party_group"]) == ("王伟", "一组") and "notes" not in said
    assert not any("欠缴" in str(value) or value in (10, 120, "10", "120") for value in said.values())


def test_somebody_on_the_way_into_the_party_is_a_resident(make_book):
    (draft,) = drafts(accepted(make_book({"发展": GROWING})))
    assert draft.record == "resident" and "notes" not in draft.values


def test_accepted_it_is_a_ledger_like_any_other(make_book):
    sheet = accepted(make_book({"流动": AWAY}))
    assert sheet.no_table == "" and sheet.kind == "party" and [each.taken for each in sheet.offers.values()] == [True]
    assert sheet.rows[0].fields["flow_to"] == "某省"


@pytest.mark.parametrize("rows", [MEETINGS, [["党费收缴台账"], ["序号", "姓名", "月应交", *MONTHS], [1, "王伟", 10, *[10] * 12]]])
def test_where_nothing_tells_people_apart_nothing_is_offered(make_book, rows):
    sheet = one(make_book({"台账": rows}))
    assert sheet.offers == {} and drafts(sheet) == [] and "没有导入" in sheet.no_table


def test_the_same_headings_next_month_are_read_at_once(make_book):
    known = {mark: each.correction for mark, each in one(make_book({"1月": DUES})).offers.items()}
    later = [["2025年党费收缴台账"], DUES[1], [1, "李娜", "女", "", "二组", 20, *[20] * 12, 240, ""]]
    assert [draft.values["name"] for draft in drafts(one(make_book({"2月": later}, name="二.xlsx"), known))] == ["李娜"]
