"""附件 at the desk, on each engine: what may be kept, what is logged, what removal leaves, and the way to the centre and back."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp import office
from gridapp.desk import attaching
from gridapp.records.attachment import LARGEST
from gridapp.rules.reading import Trouble
from gridapp.store.undo import forget_old
from tests.conftest import PASSWORD
from tests.rules.test_contents import jpeg

PHOTO = jpeg((0xE0, b"JFIF"))
PDF = b"%PDF-1.7 scan"


@pytest.fixture
def home(desk: Any) -> str:
    building = verbs.keep(desk, "building", {"building": "3"}).row_id
    return verbs.keep(desk, "household", {"building_id": building, "room": "501"}).row_id


def pieces_in(at: Any) -> int:
    from gridapp.sync.sql import one

    with at.store.reading() as connection:
        return one(connection, "SELECT count(*) FROM blob_piece")


def test_kept_listed_looked_at(desk: Any, home: str, tmp_path: Path) -> None:
    kept = verbs.attach(desk, "household", home, PHOTO, "楼道灯")
    assert kept.saved
    assert verbs.attach(desk, "household", home, PDF).saved
    may, lines = verbs.attachments(desk, "household", home)
    assert may
    assert [(line.kind, line.caption, line.here, line.picture, line.ending) for line in lines] == [
        ("照片", "楼道灯", True, True, ".jpg"), ("PDF", "", True, False, ".pdf")
    ]  # fmt: skip
    before = len(verbs.audit(desk))
    assert verbs.glimpse(desk, kept.row_id) == PHOTO
    assert len(verbs.audit(desk)) == before
    assert verbs.look(desk, kept.row_id) == PHOTO
    assert verbs.save_out(desk, lines[1].id, tmp_path / "a.pdf", "上报").read_bytes() == PDF
    assert [(line["what"], line["record"], line["purpose"]) for line in verbs.audit(desk)[:2]] == [
        ("export", "attachment", "上报"), ("reveal", "attachment", "")
    ]  # fmt: skip
    assert verbs.values(desk, "attachment", kept.row_id)["scope"] == desk.scope
    assert not {"name", "file_name"} & verbs.values(desk, "attachment", kept.row_id).keys()


@pytest.mark.parametrize(("data", "code"), [
    (b"", "not_allowed"), (b"MZ program", "not_allowed"), (b"<svg>", "not_allowed"), (b"%PDF-1.7" + bytes(LARGEST), "too_large"),
    (jpeg((0xE1, b"Exif\0\0place")), "not_bare"),
])  # fmt: skip
def test_what_may_not_be_kept(desk: Any, home: str, data: bytes, code: str) -> None:
    kept = verbs.attach(desk, "household", home, data)
    assert (kept.saved, [fault.code for fault in kept.faults]) == (False, [code])
    assert verbs.attachments(desk, "household", home) == (True, [])
    assert pieces_in(desk) == 0


def test_not_twice_and_not_without_end(desk: Any, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verbs.attach(desk, "household", home, PHOTO).saved
    assert [fault.code for fault in verbs.attach(desk, "household", home, PHOTO).faults] == ["twice"]
    monkeypatch.setattr(attaching, "MOST", 1)
    assert [fault.code for fault in verbs.attach(desk, "household", home, PDF).faults] == ["full"]
    assert verbs.attachments(desk, "household", home)[0] is False
    assert pieces_in(desk) == 1


def test_visits_only_where_switched_on(desk: Any, home: str) -> None:
    visit = verbs.keep_visit(desk, {"visitors": "王建平", "household_id": home, "content": "身体尚好。"}).row_id
    assert verbs.attachments(desk, "visit", visit) == (False, [])
    with pytest.raises(Trouble, match="走访附件"):
        verbs.attach(desk, "visit", visit, PHOTO)
    verbs.put_setting(desk, attaching.VISITS, "1")
    assert verbs.attach(desk, "visit", visit, PHOTO).saved
    verbs.put_setting(desk, attaching.VISITS, "")
    assert [line.kind for line in verbs.attachments(desk, "visit", visit)[1]] == ["照片"]
    for record in ("member", "resident", "building"):
        assert verbs.attachments(desk, record, home) == (False, [])


def test_troubles(desk: Any, home: str, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="已被删除"):
        verbs.attach(desk, "household", "0" * 32, PHOTO)
    with pytest.raises(Trouble, match="已被删除"):
        verbs.look(desk, "0" * 32)
    row = verbs.attach(desk, "household", home, PHOTO).row_id
    with pytest.raises(Trouble, match="用途"):
        verbs.save_out(desk, row, tmp_path / "a.jpg", " ")
    with pytest.raises(Trouble, match="换一个位置"):
        verbs.save_out(desk, row, tmp_path / "none" / "a.jpg", "上报")
    with pytest.raises(Trouble, match="属于这条"):
        verbs.remove(desk, "household", home)
    with desk.store.work() as work:
        work.connection.exec_driver_sql("DELETE FROM blob")
        work.keep()
    with pytest.raises(Trouble, match="还没有收到"):
        verbs.look(desk, row)


def test_a_removal_can_be_undone_as_long_as_its_content_stays(desk: Any, home: str) -> None:
    row = verbs.attach(desk, "household", home, PHOTO).row_id
    removed = verbs.remove(desk, "attachment", row)

    def forget() -> int:
        with desk.store.work() as work:
            gone = attaching.forget_contents(work.connection)
            work.keep()
        return gone

    assert forget() == 0
    assert verbs.undo(desk, removed.batch_id).back == 1
    assert verbs.look(desk, row) == PHOTO
    verbs.remove(desk, "attachment", row)
    with desk.store.work() as work:
        forget_old(work.connection, dt.datetime.now(dt.UTC) + dt.timedelta(31))
        work.keep()
    assert forget() == 1
    assert pieces_in(desk) == 0


def test_two_desks_and_a_centre(new_desk: Callable[..., Any], tmp_path: Path) -> None:
    centre, grid = new_desk("sqlite", "office", grid_name="示范社区", role="office"), new_desk("sqlite", "g1")
    verbs.take(grid, office.enrol(centre, verbs.ask_to_join(grid, tmp_path), out_dir=tmp_path).answer)
    building = verbs.keep(grid, "building", {"building": "3"}).row_id
    home = verbs.keep(grid, "household", {"building_id": building, "room": "501"}).row_id
    rows = [verbs.attach(grid, "household", home, PDF + bytes([n]) * 700_000).row_id for n in range(2)]
    verbs.put_setting(grid, attaching.BUDGET, "1")
    sizes = []
    for _ in range(3):
        made = verbs.make_bundle(grid, tmp_path)
        office.take(centre, [made.path])
        verbs.take(grid, office.make_return(centre, tmp_path)[0].path)
        sizes.append([line.here for line in verbs.attachments(centre, "household", home)[1]].count(True))
    assert sizes == [1, 2, 2]
    assert [verbs.look(centre, row) for row in rows] == [PDF + bytes([n]) * 700_000 for n in range(2)]
    assert verbs.state(grid).unconfirmed == 0
    seal = verbs.attach(centre, "household", home, PHOTO).row_id
    verbs.take(grid, office.make_return(centre, tmp_path)[0].path)
    assert verbs.look(grid, seal) == PHOTO
    assert verbs.values(grid, "attachment", seal)["scope"] == grid.scope
    verbs.remove(centre, "attachment", seal)
    verbs.take(grid, office.make_return(centre, tmp_path)[0].path)
    grid.close()
    again = verbs.open_desk(grid.folder, PASSWORD)
    try:
        assert len(verbs.attachments(again, "household", home)[1]) == 2
        assert pieces_in(again) == 6
    finally:
        again.close()
