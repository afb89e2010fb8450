"""From the preview's values to what the records store."""
from __future__ import annotations

from gridapp.ledgers import drafts as drafting
from gridapp.ledgers.drafts import drafts
from gridapp.ledgers.reader import read_ledger
from gridapp.rules.addresses import Address
from gridapp.rules.id_numbers import check_digit

WANG = "99010119651006001" + check_digit("99010119651006001")


def drafts_of(path):
    return drafts(read_ledger(path).sheets[0])


def test_a_resident(make_book):
    heads = ["姓名", "性别", "身份证号", "出生日期", "电话", "小区", "楼栋", "单元", "房号", "与户主关系", "户主姓名"]
    head = ["李强", "男", "", "", "", "示范小区", 3, 2, 501, "户主", "李强"]
    rows = [heads, head, ["王伟", "男", WANG, "1965.10", "16100000001", "示范小区", 3, 2, 501, "之妻", "李强"]]
    draft = drafts_of(make_book({"表": rows}))[1]
    assert draft.record == "resident" and draft.row == 3 and not draft.faults
    assert draft.values == {"name": "王伟", "sex": "1", "id_no": WANG, "birth_year": 1965, "phone": "16100000001", "relation": "12"}
    assert draft.address == Address("示范小区", "3", "2", "501") and draft.extra["household_head"] == "李强"


def test_a_household_keeps_plain_parts(make_book):
    heads = ["楼栋", "单元", "房号", "户主/联系人", "常住人数", "居住性质", "联系电话"]
    draft = drafts_of(make_book({"住户": [heads, ["3号楼", "2单元", "501", "王伟", 3, "自住", "16100000001"]]}))[0]
    assert draft.record == "household"
    assert (draft.values["unit"], draft.values["room"], draft.values["contact"], draft.values["resident_count"]) == ("2", "501", "王伟", 3)


def test_a_member(make_book):
    heads = ["姓名", "性别", "出生年月", "学历", "人员类别", "入党日期", "转正日期", "党内职务", "手机号码", "是否流动"]
    cells = ["王伟", "男", "1965.10", "本科", "正式党员", "1990.05", "1991-05-03", "支部书记", "16100000001", "否"]
    draft = drafts_of(make_book({"党员": [heads, cells]}))[0]
    assert draft.record == "member" and not draft.faults
    wanted = {"name": "王伟", "sex": "1", "birth": "1965-10", "join_date": "1990-05", "regular_date": "1991-05-03", "is_flow": 0}
    assert wanted.items() <= draft.values.items()


def test_a_visit_and_a_rejected_one(make_book):
    heads = ["走访日期", "走访人", "受访人", "楼栋房号", "走访内容"]
    rows = [heads, ["2024-03-05", "赵网格、钱书记", "王伟", "3-2-501", "了解近况"], ["3月下旬", "赵网格", "李娜", "1号楼", "走访"]]
    first, second = drafts_of(make_book({"走访": rows}))
    assert first.values["visitors"] == "赵网格、钱书记" and first.values["visit_date"] == "2024-03-05" and first.address.room == "501"
    assert second.values["visit_date"] is None and [(fault.code, fault.fatal) for fault in second.faults] == [("date_unparsable", True)]


def test_a_visit_without_a_column_for_words_says_so(make_book):
    heads = ["走访时间", "走访人", "楼栋房号", "受访人", "反映问题及意见"]
    rows = [heads, ["2024-03-05", "赵网格", "3-2-501", "王伟", "路灯不亮"], ["2024-03-06", "赵网格", "3-2-502", "李娜", "无"]]
    first, second = drafts_of(make_book({"走访": rows}))
    assert first.values["content"] == "路灯不亮" and second.values["content"] == drafting.NO_WORDS


def test_a_request_with_what_lands_in_its_events(make_book):
    heads = ["编号", "诉求人", "电话", "诉求内容", "受理日期", "办结日期", "承办人", "办理状态", "满意度"]
    draft = drafts_of(make_book({"表": [heads, ["S-1", "王伟", 16100000001, "路灯不亮", "2024-03-05", "2024-03-08", "物业", "已办结", "满意"]]}))[0]
    assert draft.record == "request" and draft.values["req_no"] == "S-1" and draft.values["phone"] == "16100000001"
    assert draft.extra == {"done_date": "2024-03-08", "status": "已办结", "satisfaction": "good"}


def test_a_passport_is_not_kept_as_an_id_number(make_book):
    draft = drafts_of(make_book({"表": [["姓名", "证件类型", "证件号码"], ["王伟", "护照", "E00000001"]]}))[0]
    assert draft.values["id_no"] is None and not draft.faults


def test_an_address_nobody_can_take_apart_is_said(make_book):
    draft = drafts_of(make_book({"表": [["姓名", "住址"], ["王伟", "河边老供销社旁"]]}))[0]
    assert draft.address is None and draft.address_text == "河边老供销社旁"
    assert [(fault.code, fault.field, fault.fatal) for fault in draft.faults] == [("address_unparsed", "address", False)]


def test_a_ledger_not_kept_gives_no_drafts(make_book):
    assert drafts_of(make_book({"表": [["2024年党费收缴台账"], ["姓名", "月应交", "1月", "2月", "备注"], ["王伟", 10, 10, 10, ""]]})) == []
