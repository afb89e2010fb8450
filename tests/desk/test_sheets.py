"""Sheets: what stands on them, what does not, and what the log says of it."""
from __future__ import annotations

import re
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.desk import sheet_numbers
from gridapp.desk.asked import Order
from gridapp.desk.paper import Paper
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store.keys import WrongPassword
from tests.conftest import PASSWORD
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, TENANT, kept, settle

Town = tuple[Any, dict[str, str]]


@pytest.fixture
def at(file_desk: Any) -> Town:
    """A settled town; the old woman was visited once and asked for something."""
    ids = settle(file_desk)
    visit = {"visit_date": "2026-10-20", "visitors": "王书记", "household_id": ids["alone"], "interviewee": ALONE}
    visit["content"] = "血压药快用完。\n已联系送药。"
    done = verbs.keep_visit(file_desk, visit, {"content": "楼道灯不亮", "request_type": "求助", "phone": PHONES[ALONE]})
    assert done.saved, done.faults
    ids["visit"] = done.row_id
    ids["request"] = verbs.listing(file_desk, "request").rows[0].id
    return file_desk, ids


def text_of(paper: Paper) -> str:
    """Every sheet's HTML, whole."""
    return "\n".join(each.draw(0, max(each.rows, 1)) for each in paper.sheets)


def seen(desk: Any, order: Order, **more: Any) -> str:
    return text_of(verbs.draw_up(desk, order, **more).paper)


def test_who_is_due_is_chosen_first_and_walked_to_in_order(at: Town) -> None:
    desk, ids = at
    drawn = verbs.draw_up(desk, Order("route"))
    assert [choice.key for choice in drawn.choices][:2] == ["due", "all"]
    assert drawn.count == 1 and "3-2-1001" in text_of(drawn.paper) and "3-2-501" not in text_of(drawn.paper)
    page = seen(desk, Order("route", whom="all"))
    places = re.findall(r">(\d-\d-\d+)<", page)
    assert places == ["3-2-501", "3-2-1001", "5-1-101"]
    assert "楼道灯不亮" in page


def test_inside_names_are_whole_and_numbers_are_not(at: Town) -> None:
    desk, ids = at
    card = seen(desk, Order("household", ids=(ids["alone"],), aim="入户核对"))
    assert ALONE in card and PHONES[ALONE] not in card and "161****0022" in card
    assert "独居" not in card and "***" in card
    assert "血压药快用完。<br>已联系送药。" in card


def test_the_whole_takes_the_password_and_is_logged_and_a_look_is_never_whole(at: Town) -> None:
    desk, ids = at
    order = Order("household", ids=(ids["alone"],), aim="入户核对", whole=True, password=PASSWORD)
    assert PHONES[ALONE] not in seen(desk, order)
    page = seen(desk, order, out=True)
    assert PHONES[ALONE] in page and "独居" in page
    last = verbs.audit(desk, 1)[0]
    assert (last["what"], last["field"], last["record"], last["row_id"]) == ("print", "full", "household", ids["alone"])
    assert "入户核对" in last["purpose"] and ALONE not in str(last)
    with pytest.raises(WrongPassword):
        verbs.draw_up(desk, Order("household", aim="入户核对", whole=True, password="wrong-one"), out=True)
    with pytest.raises(Trouble, match="密码"):
        verbs.draw_up(desk, Order("household", aim="入户核对", whole=True), out=True)


def test_what_names_people_does_not_leave_without_an_aim(at: Town) -> None:
    desk, _ = at
    with pytest.raises(Trouble, match="用途"):
        verbs.draw_up(desk, Order("sign_in"), out=True)
    before = len(verbs.audit(desk, 50))
    blank = verbs.draw_up(desk, Order("visit_blank", whom="none"), out=True)
    assert blank.paper.mark == "" and len(verbs.audit(desk, 50)) == before
    named = verbs.draw_up(desk, Order("visit_blank", aim="入户走访"), out=True)
    assert "王书记" in named.paper.mark and "入户走访" in named.paper.mark and "2026-11-21" in named.paper.mark


def test_a_visit_sheet_says_what_to_know_and_its_number_leads_back(at: Town) -> None:
    desk, ids = at
    drawn = verbs.draw_up(desk, Order("visit_blank", ids=(ids["alone"],)))
    page, number = text_of(drawn.paper), drawn.paper.sheets[0].number
    assert re.fullmatch(r"ZF-[0-9A-F]{8}-261121", number) and number in page and "data:image/png" in page
    assert "上次走访：2026-10-20 血压药快用完。" in page and "没有办完" in page
    assert "□\u00a0入户" in page and "■" not in page
    for written in (number, number.lower(), number.replace("-", ""), number[:11]):
        assert [hit.household_id for hit in verbs.find(desk, written)] == [ids["alone"]]
    assert verbs.find(desk, "ZF-00000000-261121") == []


def test_a_visit_that_was_written_down_is_ticked_and_its_number_leads_to_the_household(at: Town) -> None:
    desk, ids = at
    drawn = verbs.draw_up(desk, Order("visit", ids=(ids["visit"],), aim="走访存档"))
    page = text_of(drawn.paper)
    assert "■\u00a0入户" in page and "■转为服务事项，编号：WG-2026-001" in page and "血压药快用完。<br>" in page and "2026-10-20" in page
    assert [hit.household_id for hit in verbs.find(desk, drawn.paper.sheets[0].number)] == [ids["alone"]]


def test_the_code_holds_the_number_and_nothing_else(at: Town) -> None:
    import segno

    from gridapp.desk.paper import code_image

    number = sheet_numbers.number("0" * 24 + "3f9a21c4", at[0].today())
    assert number == "ZF-3F9A21C4-261121"
    assert code_image(number) == segno.make(number, micro=False, error="m").png_data_uri(scale=8, border=0)


def test_a_slip_tells_its_course(at: Town) -> None:
    desk, ids = at
    assert verbs.act(desk, ids["request"], "dispatch", note="转给物业").saved
    page = seen(desk, Order("request", ids=(ids["request"],), aim="办理"))
    assert "楼道灯不亮" in page and "转给物业" in page and page.index("受理") < page.index("转给物业")
    assert PHONES[ALONE] not in page and "161****0022" in page
    assert verbs.draw_up(desk, Order("request", whom="late")).count == 1
    assert verbs.act(desk, ids["request"], "close", note="换好了").saved
    assert verbs.draw_up(desk, Order("request", whom="late")).paper.sheets == ()


def test_lists_to_sign_carry_names_alone(at: Town) -> None:
    desk, ids = at
    said = {"event": "支部党员大会", "time": "2026-11-28", "amount": "300", "goods": "米"}
    page = seen(desk, Order("sign_in", said=said, aim="会议签到"))
    assert COMRADE in page and "支部党员大会" in page and "应到 1 人" in page and PHONES[COMRADE][-4:] not in page
    care = seen(desk, Order("care", whom="needs", said=said, aim="慰问"))
    assert ALONE in care and "独居" not in care and "300" in care and "1 人" in care and HEAD not in care
    assert "合计：1 人&nbsp;" not in care and "300 元" in care
    empty = verbs.draw_up(desk, Order("sign_in", whom="nobody"))
    assert empty.count == 0 and not empty.paper.mark and empty.paper.sheets[0].rows == 20


def test_the_notice_names_each_purpose_as_the_fields_declare_it(at: Town) -> None:
    desk, ids = at
    page = seen(desk, Order("notice"))
    assert "走访前联系、回访" in page and "确定走访频次和应享服务" in page and "身份证号" not in page
    assert "示范网格" in page and "王书记" in page and "版本：1" in page
    named = verbs.draw_up(desk, Order("notice", ids=(ids["old"], ids["tenant"])))
    assert named.count == 2 and ALONE in text_of(named.paper) and TENANT in text_of(named.paper)


def test_everything_kept_of_one_person_and_of_nobody_else(at: Town) -> None:
    desk, ids = at
    page = seen(desk, Order("person", ids=(ids["old"],), aim="本人查阅", password=PASSWORD), out=True)
    for word in (ALONE, PHONES[ALONE], "独居", "帮扶服务", "血压药快用完。", "楼道灯不亮", "3-2-1001", "1938"):
        assert word in page, word
    assert HEAD not in page
    member = seen(desk, Order("person", ids=(ids["member"],), aim="本人查阅", password=PASSWORD), out=True)
    assert COMRADE in member and PHONES[COMRADE] in member and "1992-11-30" in member and HEAD not in member
    kept(desk, "resident", name=COMRADE, household_id=ids["home"], phone="16100000077")
    both = seen(desk, Order("person", ids=(ids["member"],), aim="本人查阅", password=PASSWORD), out=True)
    assert "16100000077" in both and "居民登记" in both and HEAD not in both
    assert verbs.draw_up(desk, Order("person")).paper.sheets == ()


def test_any_ledger_comes_on_paper_masked_by_its_purpose(at: Town) -> None:
    desk, ids = at
    for choice in verbs.ledgers():
        drawn = verbs.draw_up(desk, Order("ledger", ledger=choice.key, aim="打印存档"))
        page = text_of(drawn.paper)
        assert drawn.paper.title and drawn.paper.title in page
        assert not any(phone in page for phone in PHONES.values()), choice.key
    inside = seen(desk, Order("ledger", ledger="member", aim="打印存档"))
    public = seen(desk, Order("ledger", ledger="member", aim="公示", purpose=Purpose.PUBLIC))
    assert COMRADE in inside and COMRADE not in public and "单*信" in public
    with pytest.raises(Trouble, match="不能公示"):
        verbs.draw_up(desk, Order("ledger", ledger="service", aim="公示", purpose=Purpose.PUBLIC), out=True)


def test_a_ledger_too_wide_for_a_page_comes_in_parts(at: Town) -> None:
    desk, _ = at
    paper = verbs.draw_up(desk, Order("ledger", ledger="all-member", aim="打印存档")).paper
    pages = [each.draw(0, 1) for each in paper.sheets]
    assert len(pages) > 1 and all(COMRADE in page and f"（{at_} / {len(pages)}）" in page for at_, page in enumerate(pages, 1))
    assert [sheet.landscape for sheet in paper.sheets] == [True] * len(pages)
    assert not verbs.draw_up(desk, Order("ledger", ledger="all-building")).paper.sheets[0].landscape


def test_an_own_ledger_is_printed_with_its_own_choice_and_a_blank_column(at: Town) -> None:
    desk, ids = at
    columns = [("name", ""), ("phone", ""), ("blank", "签字")]
    mine = verbs.draft_ledger("resident", "电话本", columns, picked=verbs.Picked(building="3号楼"), order="name")
    key = verbs.keep_ledger(desk, mine)
    drawn = verbs.draw_up(desk, Order("ledger", ledger=key, aim="联系"))
    page = text_of(drawn.paper)
    assert drawn.paper.title == "电话本" and drawn.count == 3 and TENANT not in page and "签字" in page and "3号楼" in page
    assert verbs.draw_up(desk, Order("ledger", ledger=key, aim="联系", picked=verbs.Picked())).count == 4
    assert verbs.draw_up(desk, Order("ledger", ledger=key, aim="联系"), out=True).count == 3


def test_what_people_write_is_text_and_never_markup(at: Town) -> None:
    desk, ids = at
    kept(desk, "visit", visit_date="2026-11-01", visitors="王书记", household_id=ids["home"], content="<b>花</b> & <img src='x'>\n第二行")
    page = seen(desk, Order("household", ids=(ids["home"],)))
    assert "&lt;b&gt;花&lt;/b&gt; &amp; &lt;img" in page and "<br>第二行" in page
