"""The pictures of pages at work show what they are meant to show."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from gridapp.ui.poses import POSES, tidy
from gridapp.ui.window import Window

SEEN: dict[str, Callable[[Any], bool]] = {
    "review-item": lambda page: page.detail.isVisible() and page.detail.item.sort == "duplicate",
    "intake-preview": lambda page: page.stages.currentWidget() is page.ready and len(page.rows.cells.rows) > 100,
    "intake-offer": lambda page: page.offer.accept.isVisible(),
    "intake-point": lambda page: page.grid.head.isVisible() and page.grid.head.isEnabled(),
    "visit_entry-filled": lambda page: page.picker.hit is not None and page.more.isChecked(),
    "giving-full": lambda page: page.purpose.full.isChecked() and bool(page.purpose.text),
    "giving-own": lambda page: page.editing.isVisible() and page.editing.taken.count() == 4,
    "printing-visit": lambda page: len(page.view.pages or ()) == 4,
    "printing-list": lambda page: page.view.pages is not None and "签到表" in page.title.text(),
    "settings-check": lambda page: "正常" in [each.text() for each in page.check.findChildren(QLabel)],
    "settings-log": lambda page: page.log.isVisible(),
}


def test_every_pose_stands(window: Window, rest: Callable[[Any], None]) -> None:
    for name, pose in POSES:
        pose(window)
        rest(window.seat)
        assert window.main is not None
        if name in SEEN:
            assert SEEN[name](window.main.page), name
    tidy(window)
    assert window.main is not None
    assert not window.main.pages["visit_entry"].dirty
    assert set(SEEN) <= {name for name, _ in POSES}


@pytest.mark.parametrize("name", ["intake-faults", "intake-grid", "intake-mapping"])
def test_the_import_is_seen_from_other_sides(window: Window, rest: Callable[[Any], None], name: str) -> None:
    poses = dict(POSES)
    poses["intake-preview"](window)
    rest(window.seat)
    poses[name](window)
    assert window.main is not None
    page: Any = window.main.page
    assert page.views.current == name.removeprefix("intake-")
