"""A borrowed laptop: everything under a password, looked at row by row, the chosen ones kept in one step that can be undone."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk
from gridapp.desk import loan
from gridapp.records import BY_NAME, columns
from gridapp.rules.reading import Trouble
from gridapp.store.keys import QUICK
from gridapp.sync.loan import Looked

NewDesk = Callable[..., Any]
WORD = "借用密码2026"


def borrowed(new_desk: NewDesk) -> tuple[Any, str, str]:
    """A laptop nobody enrolled, with a household and one who lives there."""
    laptop = new_desk("sqlite", "laptop", grid_name="借来的电脑")
    building = desk.keep(laptop, "building", {"building": "3"})
    home = desk.keep(laptop, "household", {"building_id": building.row_id, "unit": "2", "room": "501"}).row_id
    person = desk.keep(laptop, "resident", {"household_id": home, "name": "李秀英", "phone": "16100000001"})
    assert person.saved, person.faults
    return laptop, home, person.row_id


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_chosen_rows_are_kept_with_what_they_need(new_desk: NewDesk, tmp_path: Path, engine: str) -> None:
    laptop, home, person = borrowed(new_desk)
    path, count = loan.make_password_bundle(laptop, tmp_path, WORD, QUICK)
    mine = new_desk(engine, "mine", grid_name="一网格")
    with pytest.raises(Trouble, match="密码不对"):
        loan.review_bundle(mine, path, "别的密码2026")
    review = loan.review_bundle(mine, path, WORD)
    assert (review.made_by, len(review.rows), review.unfit) == ("借来的电脑", count, 0)
    row = next(each for each in review.rows if each.record == "resident")
    assert (row.state, row.title) == ("new", "居民 李秀*")
    assert "16100000001" not in [theirs for _, _, theirs in row.fields]
    assert "2-501" in [theirs for _, _, theirs in row.fields]
    with pytest.raises(Trouble):
        desk.values(mine, "resident", person)

    done = loan.accept_review(mine, review, [row.key])
    assert (done.new, done.changed, done.left) == (3, 0, 0)
    assert desk.values(mine, "resident", person)["household_id"] == home
    assert [hit.id for hit in desk.find(mine, "李秀英")] == [person]
    assert [each.state for each in loan.review_bundle(mine, path, WORD).rows if each.record == "resident"] == ["same"]
    desk.undo(mine, done.batch_id)
    with pytest.raises(Trouble):
        desk.values(mine, "household", home)
    # and again, after all
    assert loan.accept_review(mine, loan.review_bundle(mine, path, WORD), [row.key]).new == 3
    assert desk.values(mine, "resident", person)["name"] == "李秀英"


def test_differences_are_told_field_by_field(new_desk: NewDesk, tmp_path: Path) -> None:
    laptop, _, person = borrowed(new_desk)
    mine = new_desk("sqlite", "mine", grid_name="一网格")
    path, _ = loan.make_password_bundle(laptop, tmp_path, WORD, QUICK)
    loan.accept_review(mine, (first := loan.review_bundle(mine, path, WORD)), [each.key for each in first.rows])
    desk.keep(laptop, "resident", {"phone": "16100000002"}, row_id=person)
    path, _ = loan.make_password_bundle(laptop, tmp_path, WORD, QUICK)
    review = loan.review_bundle(mine, path, WORD)
    (row,) = [each for each in review.rows if each.state == "changed"]
    assert ([(ours, theirs) for _, ours, theirs in row.fields], row.masked) == ([("161****0001", "161****0002")], ("phone",))
    assert not [each for each in desk.audit(mine) if each["what"] == "reveal"]
    assert loan.reveal_row(mine, review, row.key) == (("联系电话", "16100000001", "16100000002"),)
    looked = [each for each in desk.audit(mine) if each["what"] == "reveal"]
    assert [(each["record"], each["row_id"], each["field"]) for each in looked] == [("resident", person, "phone")]
    assert loan.accept_review(mine, review, []).new == 0
    assert loan.accept_review(mine, review, ["resident/nothing", row.key]).changed == 1
    assert desk.values(mine, "resident", person)["phone"] == "16100000002"
    line = next(each for each in desk.audit(mine) if each["what"] == "loan_taken")
    assert line["purpose"] == "借来的电脑：0 新增，1 更新"


def test_what_points_nowhere_is_left(new_desk: NewDesk, tmp_path: Path) -> None:
    laptop, home, person = borrowed(new_desk)
    path, _ = loan.make_password_bundle(laptop, tmp_path, WORD, QUICK)
    mine = new_desk("sqlite", "mine", grid_name="一网格")
    review = loan.review_bundle(mine, path, WORD)
    without = loan.Review(review.made_by, "", review.rows, 0, loan.Loan("借", 1, tuple(each for each in review.loan.rows if each.row_id != home)))
    done = loan.accept_review(mine, without, [f"resident/{person}"])
    assert (done.new, done.left, done.batch_id) == (0, 1, "")
    assert "找不到" in done.sentence


def test_any_text_can_be_shown(new_desk: NewDesk) -> None:
    """A hostile bundle's values fit the columns but need not be anything the kinds would read."""
    mine = new_desk("sqlite", "mine", grid_name="一网格")
    with mine.store.reading() as connection:
        for record, declared in BY_NAME.items():
            for text in ("", "垃圾", "99999999999999999999", "2026-13-45", "\n", "〇" * 3000):
                values = {each.name: text if each.kind.stores is str else 7 for each in columns(declared)}
                for mine_values in (None, dict.fromkeys(values)):
                    row = Looked(record, "a" * 32, values, mine_values)
                    assert loan._compared(connection, {}, row).state in ("new", "changed")
