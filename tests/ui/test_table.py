"""The table: plain cells, sorting by the desk's own keys, keys of the keyboard, remembered widths."""
from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt

from gridapp.desk import Chip, ListColumn, Listing, ListRow
from gridapp.ui.table import ALIGN, EMPTY, LATE, RIGHT, SHOWN, ListingModel, Table

COLUMNS = (ListColumn("door", "楼栋房号"), ListColumn("people", "人口", right=True), ListColumn("due", "下次应访"))


def listing(*rows: ListRow) -> Listing:
    return Listing("household", "住户", f"{len(rows)} 户", COLUMNS, list(rows), (Chip("all", "全部", len(rows)),))


ROWS = (
    ListRow("a", ("10-1-101", "12", "11-19 迟"), ((10, 1, 101), 12, "2026-11-19"), frozenset({2})),
    ListRow("b", ("2-1-101", "", ""), ((2, 1, 101), -1, "")),
    ListRow("c", ("2-1-201", "3", "12-01"), ((2, 1, 201), 3, "2026-12-01")),
)


@pytest.fixture
def table(qtbot, tmp_path):
    made = Table("household", QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show_listing(listing(*ROWS))
    made.show()
    return made


def test_cells_show_text_blanks_show_two_dashes_numbers_stand_right(table):
    model = table.listing_model
    assert model.index(1, 1).data(SHOWN) == EMPTY
    assert model.index(0, 1).data(ALIGN) == RIGHT
    assert model.headerData(1, Qt.Orientation.Horizontal, ALIGN) == RIGHT
    assert model.index(0, 2).data(LATE) is True and model.index(2, 2).data(LATE) is False


def test_sorting_follows_the_sort_keys_and_blanks_stay_last(table):
    model = table.listing_model
    order = lambda: [row.id for row in model.rows]  # noqa: E731
    model.sort(0)
    assert order() == ["b", "c", "a"]
    model.sort(1)
    assert order() == ["c", "a", "b"]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert order() == ["a", "c", "b"]
    assert model.headerData(1, Qt.Orientation.Horizontal, SHOWN) == "人口 ↓"


def test_the_chosen_row_stays_chosen_through_a_sort_and_a_new_listing(table):
    table.choose(table.listing_model.row_of("c"))
    table.listing_model.sort(0)
    assert table.chosen == "c"
    table.show_listing(listing(ROWS[2], ROWS[0]), "c")
    assert table.chosen == "c"


def test_heading_clicks_go_up_down_and_back_to_the_desks_order(table):
    order = lambda: [row.id for row in table.listing_model.rows]  # noqa: E731
    seen = []
    for _ in range(3):
        table.horizontalHeader().sectionClicked.emit(1)
        seen.append(order())
    assert seen == [["c", "a", "b"], ["a", "c", "b"], ["a", "b", "c"]]


def test_enter_opens_f2_edits_delete_removes(qtbot, table):
    table.choose(table.listing_model.row_of("a"))
    for key, signal in ((Qt.Key.Key_Return, table.opened), (Qt.Key.Key_F2, table.edit_asked), (Qt.Key.Key_Delete, table.remove_asked)):
        with qtbot.waitSignal(signal, timeout=500) as heard:
            qtbot.keyClick(table, key)
        assert heard.args == ["a"]


def test_columns_fill_the_table_and_their_widths_are_remembered(qtbot, table, tmp_path):
    assert abs(sum(table.columnWidth(at) for at in range(3)) - table.viewport().width()) <= 3
    table.setColumnWidth(0, 333)
    table._settings.sync()
    again = Table("household", QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(again)
    again.resize(700, 400)
    again.show_listing(listing(*ROWS))
    assert again.columnWidth(0) == 333


def test_rows_are_high_enough(table):
    assert table.rowHeight(0) >= 44


def test_roles_nobody_paints_cost_nothing(qapp):
    model = ListingModel()
    model.show_listing(listing(*ROWS))
    assert all(model.index(0, 0).data(role) is None for role in (1, 2, 6, 8, 9, 10, 13))
