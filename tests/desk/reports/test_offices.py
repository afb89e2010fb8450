"""The office sees the same reports over its grids: a line for each, or one grid alone."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp import office
from gridapp.desk import reports
from gridapp.rules import periods
from tests.desk.town import settle


@pytest.fixture
def above(new_desk: Callable[..., Any], tmp_path: Path) -> tuple[Any, list[Any]]:
    """A centre with two grids; the first has a town, the second nothing."""
    centre = new_desk("sqlite", "centre", grid_name="示范社区", who="周主任", role="office")
    grids = [new_desk("sqlite", f"g{number}", grid_name=f"{number}号网格") for number in (1, 2)]
    for grid in grids:
        enrolled = office.enrol(centre, verbs.ask_to_join(grid, tmp_path), words=verbs.state(grid).words, out_dir=tmp_path)
        verbs.take(grid, enrolled.answer or tmp_path)
    ids = settle(grids[0])
    verbs.keep_visit(grids[0], {"household_id": ids["alone"], "visitors": "王书记", "content": "看看"}, {"content": "装扶手"})
    for grid in grids:
        office.take(centre, [verbs.make_bundle(grid, tmp_path).path])
    return centre, grids


def test_a_line_for_each_grid_and_one_grid_alone(above: tuple[Any, list[Any]]) -> None:
    centre, grids = above
    month = periods.read("2026-11")
    whole = reports.report(centre, "visits", month)
    assert [(line.name, line.role) for line in whole.lines][:3] == [("1号网格", "part"), ("2号网格", "part"), ("合计", "total")]
    assert [[line.figures[0].text, line.figures[1].text] for line in whole.lines[:3]] == [["3", "1"], ["0", "0"], ["3", "1"]]
    places = dict(reports.report_places(centre))
    assert sorted(places.values()) == ["1号网格", "2号网格"]
    own, second = (next(path for path, name in places.items() if name == f"{number}号网格") for number in (1, 2))
    one = reports.report(centre, "visits", month, own)
    assert one.place == "1号网格" and one.lines[0].role == "total"
    assert [figure.text for figure in one.lines[0].figures] == [figure.text for figure in whole.lines[2].figures]
    assert reports.report(centre, "requests", month, second).lines[0].figures[0].text == "0"
    seen = reports.report(grids[0], "visits", month)
    assert [figure.text for figure in seen.lines[0].figures] == [figure.text for figure in one.lines[0].figures]


def test_members_and_requests_at_the_office(above: tuple[Any, list[Any]]) -> None:
    centre, _ = above
    members = reports.report(centre, "members", periods.read("2026"))
    assert members.corner == "网格" and [line.figures[0].text for line in members.lines[:3]] == ["1", "0", "1"]
    requests = reports.report(centre, "requests_by_type", periods.read("2026-11"))
    total = requests.line("total")
    assert total and total.figures[0].text == "1"
    listed = verbs.listing(centre, "request", only=total.figures[0].rows)
    assert len(listed.rows) == 1
