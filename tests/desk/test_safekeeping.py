"""A backup of its own every day there is something to lose."""
from __future__ import annotations

import datetime as dt
from typing import Any

from gridapp import desk


def test_a_backup_is_made_once_a_day_and_only_when_something_is_kept(file_desk: Any) -> None:
    assert desk.back_up_when_due(file_desk) is None
    building = desk.keep(file_desk, "building", {"building": "3"}).row_id
    desk.keep(file_desk, "household", {"building_id": building, "room": "501"})
    made = desk.back_up_when_due(file_desk)
    assert made is not None
    assert made.exists()
    assert desk.back_up_when_due(file_desk) is None
    before = file_desk.clock()
    file_desk.clock = lambda: before + dt.timedelta(days=1, minutes=1)
    assert desk.back_up_when_due(file_desk) not in (None, made)
