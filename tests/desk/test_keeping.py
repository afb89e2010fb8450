"""Keeping, changing, removing, taking back: faults beside fields, consent before sensitive data, columns that are off stay off."""
from __future__ import annotations

from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.records import RECORDS, columns
from gridapp.rules import id_numbers
from gridapp.rules.reading import Trouble
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, kept

Town = tuple[Any, dict[str, str]]


def codes(done: Any) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in done.faults}


def test_values_are_kept_as_stored_and_shown_as_people_write(town: Town) -> None:
    desk, ids = town
    row = verbs.values(desk, "resident", ids["head"])
    assert (row["name"], row["sex"], row["birth_year"], row["phone"]) == (HEAD, "1", 1958, PHONES[HEAD])
    assert row["scope"] == desk.scope


def test_every_fault_comes_back_at_its_field_and_nothing_is_saved(desk: Any) -> None:
    done = verbs.keep(desk, "resident", {"name": "", "phone": "123", "sex": "未填好", "household_id": "f" * 32})
    assert not done.saved and done.batch_id == ""
    assert {"name", "phone", "sex", "household_id"} <= {fault.field for fault in done.faults}
    assert all(fault.text.endswith("。") and fault.hint.endswith("。") for fault in done.faults)
    assert verbs.listing(desk, "resident").rows == []


@pytest.mark.parametrize("record", [record.__tablename__ for record in RECORDS if not record.downward])
def test_an_empty_draft_names_what_is_required(desk: Any, record: str) -> None:
    done = verbs.keep(desk, record, {})
    kind = next(each for each in RECORDS if each.__tablename__ == record)
    required = {each.name for each in columns(kind) if each.required and each.default is None}
    assert not done.saved and required <= {fault.field for fault in done.faults if fault.fatal}


def test_what_the_centre_sends_down_is_not_kept_like_the_rest(desk: Any) -> None:
    for verb in (lambda: verbs.keep(desk, "material", {}), lambda: verbs.remove(desk, "material", "x")):
        with pytest.raises(Trouble, match="只能由中心"):
            verb()


def test_a_change_keeps_the_rest(town: Town) -> None:
    desk, ids = town
    assert verbs.keep(desk, "resident", {"phone": "16100000099"}, ids["head"]).saved
    row = verbs.values(desk, "resident", ids["head"])
    assert (row["phone"], row["name"], row["birth_year"]) == ("16100000099", HEAD, 1958)


def test_a_field_can_be_emptied(town: Town) -> None:
    desk, ids = town
    verbs.keep(desk, "resident", {"phone": ""}, ids["head"])
    assert verbs.values(desk, "resident", ids["head"])["phone"] is None


def test_a_row_that_is_gone_says_so(town: Town) -> None:
    desk, _ = town
    for verb in (lambda: verbs.keep(desk, "resident", {"name": "某某"}, "0" * 32), lambda: verbs.values(desk, "resident", "0" * 32)):
        with pytest.raises(Trouble) as caught:
            verb()
        assert caught.value.code == "gone"


def test_a_link_to_nothing_is_a_fault(town: Town) -> None:
    desk, _ = town
    done = verbs.keep(desk, "resident", {"name": "某某", "household_id": "f" * 32})
    assert ("household_id", "link_unknown") in codes(done)


def test_a_service_category_needs_a_consent(town: Town) -> None:
    desk, ids = town
    raw = {"resident_id": ids["head"], "service_category": "独居", "basis": "本人申请", "review_on": "2027-01-01"}
    done = verbs.keep(desk, "service_need", raw)
    assert not done.saved and "no_consent" in {fault.code for fault in done.faults}


def test_a_consent_taken_back_no_longer_counts(town: Town) -> None:
    desk, ids = town
    verbs.keep(desk, "consent", {"withdrawn_on": "2026-11-01"}, ids["consent"])
    raw = {"resident_id": ids["old"], "service_category": "留守", "basis": "本人申请", "review_on": "2027-01-01"}
    assert "no_consent" in {fault.code for fault in verbs.keep(desk, "service_need", raw).faults}


def test_a_review_lies_within_twelve_months(town: Town) -> None:
    desk, ids = town
    done = verbs.keep(desk, "service_need", {"review_on": "2027-07-01"}, ids["need"])
    assert ("review_on", "out_of_range") in codes(done)


def test_an_id_number_is_not_kept_unless_switched_on(town: Town) -> None:
    desk, ids = town
    number = "99010119580302001" + id_numbers.check_digit("99010119580302001")
    verbs.keep(desk, "resident", {"id_no": number}, ids["head"])
    assert verbs.values(desk, "resident", ids["head"])["id_no"] is None
    verbs.put_setting(desk, "fields_on", "resident.id_no")
    verbs.keep(desk, "resident", {"id_no": number}, ids["head"])
    assert verbs.values(desk, "resident", ids["head"])["id_no"] == number


def test_what_others_point_at_is_not_removed(town: Town) -> None:
    desk, ids = town
    with pytest.raises(Trouble) as caught:
        verbs.remove(desk, "household", ids["home"])
    assert caught.value.code == "linked"
    assert verbs.values(desk, "household", ids["home"])["room"] == "501"


def test_removing_and_taking_it_back(town: Town) -> None:
    desk, ids = town
    before = verbs.values(desk, "resident", ids["wife"])
    done = verbs.remove(desk, "resident", ids["wife"])
    assert done.saved and verbs.last_undo(desk)["id"] == done.batch_id
    back = verbs.undo(desk, done.batch_id)
    assert (back.back, back.left) == (1, 0)
    after = verbs.values(desk, "resident", ids["wife"])
    assert {name: after[name] for name in ("name", "household_id", "sex", "birth_year")} == {
        name: before[name] for name in ("name", "household_id", "sex", "birth_year")
    }


def test_undo_in_order_back_to_the_start(town: Town) -> None:
    """Every step of settling can be taken back, newest first."""
    desk, _ = town
    while (step := verbs.last_undo(desk)) is not None:
        assert verbs.undo(desk, step["id"]).left == 0
    assert all(not verbs.listing(desk, record).rows for record in ("household", "resident", "member", "building"))


def test_the_members_dates_are_checked_together(desk: Any) -> None:
    raw = {"name": COMRADE, "sex": "男", "birth": "1970", "join_date": "1992-11", "regular_date": "1991-11", "member_type": "正式党员"}
    done = verbs.keep(desk, "member", raw)
    assert not done.saved and ("regular_date", "date_order") in codes(done)


def test_what_was_revealed_is_logged_without_the_value(town: Town) -> None:
    desk, ids = town
    assert verbs.reveal(desk, "resident", ids["old"], "phone") == PHONES[ALONE]
    line = verbs.audit(desk, 1)[0]
    assert (line["who"], line["what"], line["record"], line["row_id"], line["field"]) == ("王书记", "reveal", "resident", ids["old"], "phone")
    assert PHONES[ALONE] not in str(line)


def test_a_form_shows_masked_values_whole_and_the_log_says_so(town: Town) -> None:
    desk, ids = town
    assert verbs.to_edit(desk, "resident", ids["old"])["phone"] == PHONES[ALONE]
    lines = verbs.audit(desk, 20)
    assert ("reveal", ids["old"], "phone") in {(line["what"], line["row_id"], line["field"]) for line in lines} and PHONES[ALONE] not in str(lines)
    with pytest.raises(Trouble) as caught:
        verbs.to_edit(desk, "resident", "0" * 32)
    assert caught.value.code == "gone"


def test_settings_of_the_desk(desk: Any) -> None:
    assert verbs.setting(desk, "theme", "light") == "light"
    verbs.put_setting(desk, "theme", "dark")
    verbs.put_setting(desk, "theme", "dark")
    assert verbs.setting(desk, "theme") == "dark"


def test_building_numbers_may_repeat_in_two_estates(desk: Any) -> None:
    first = kept(desk, "building", building="1", estate="东苑")
    second = kept(desk, "building", building="1", estate="西苑")
    assert first != second
