"""Every kind of value has an editor, and what it holds reads back as what was stored."""
from __future__ import annotations

from typing import Any

import pytest

from gridapp.records import RECORDS, columns, kinds
from gridapp.rules import masking
from gridapp.ui.editors import EDITORS, LinkEditor, editor_for

SAMPLES: dict[type[kinds.Kind], tuple[kinds.Kind, Any]] = {
    kinds.Text: (kinds.Text(1, "备注", longest=500), "第一行，内容较长。"),
    kinds.Address: (kinds.Address(1, "现居住地"), "幸福小区3号楼2单元501"),
    kinds.Name: (kinds.Name(1, "姓名"), "欧阳静"),
    kinds.People: (kinds.People(1, "走访人"), "王建平、李秀英"),
    kinds.Choice: (kinds.Choice(1, "民族", table="nation"), "01"),
    kinds.Date: (kinds.Date(1, "走访日期"), "2026-03-05"),
    kinds.PartDate: (kinds.PartDate(1, "入党日期"), "1958-03"),
    kinds.Year: (kinds.Year(1, "出生年"), 1958),
    kinds.Moment: (kinds.Moment(1, "时间"), "2026-03-05T06:30:00.000Z"),
    kinds.Phone: (kinds.Phone(1, "联系电话"), "16100000001、16100000002"),
    kinds.IdNumber: (kinds.IdNumber(1, "身份证号"), "990101194603070024"),
    kinds.Count: (kinds.Count(1, "人口", unit="人"), 3),
    kinds.YesNo: (kinds.YesNo(1, "是否在家"), 0),
    kinds.Link: (kinds.Link(1, "住户", target="household"), "0" * 32),
}


def test_every_kind_has_an_editor_and_a_sample():
    assert set(EDITORS) == set(SAMPLES) == set(kinds.KINDS)


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.__name__)
def test_a_stored_value_comes_back_through_its_editor(qtbot, kind):
    made, stored = SAMPLES[kind]
    editor = editor_for(made)
    qtbot.addWidget(editor)
    editor.set_value(stored)
    assert made.read(editor.value()).value == stored
    raw = editor.value()
    editor.set_value(None)
    assert editor.value() is None and made.read(None).value is None
    editor.set_raw(raw)
    assert made.read(editor.value()).value == stored


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__tablename__)
def test_every_column_gets_a_named_editor_high_enough_to_hit(qtbot, record):
    for column in columns(record):
        editor = editor_for(column.kind)
        qtbot.addWidget(editor)
        assert editor.accessibleName() == column.label
        assert editor.minimumHeight() >= 36


def test_a_code_of_a_newer_version_stays_what_it_is(qtbot):
    editor = editor_for(kinds.Choice(1, "居住性质", table="dwelling"))
    qtbot.addWidget(editor)
    editor.set_value("hotel")
    assert editor.value() == "hotel"


def test_a_long_list_is_searched_by_typing_and_takes_other_spellings(qtbot):
    kind = kinds.Choice(1, "民族", table="nation")
    editor = editor_for(kind)
    qtbot.addWidget(editor)
    editor.setEditText("回")
    assert kind.read(editor.value()).value == "03"


def test_the_wheel_does_not_change_a_choice(qtbot):
    editor = editor_for(kinds.Choice(1, "性别", table="sex"))
    qtbot.addWidget(editor)
    editor.set_value("2")
    editor.show()
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent

    spot = QPointF(5, 5)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(spot, spot, QPoint(0, -120), QPoint(0, -120), *none, False)
    editor.wheelEvent(event)
    assert editor.value() == "2"


def test_a_link_keeps_its_choice_while_new_options_arrive(qtbot):
    answers = []
    editor = LinkEditor(kinds.Link(1, "住户", target="household"), lambda text, answer: answers.append((text, answer)))
    qtbot.addWidget(editor)
    editor.set_value("a" * 32, "3-2-501")
    answers[0][1]([("b" * 32, "3-2-502")])
    assert editor.value() == "a" * 32
    assert [editor.itemText(at) for at in range(editor.count())] == ["", "3-2-502", "3-2-501"]


def test_the_samples_are_synthetic():
    assert SAMPLES[kinds.IdNumber][1].startswith("990101")
    assert masking.phone(SAMPLES[kinds.Phone][1]).startswith("161")
