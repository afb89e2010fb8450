"""Texts sent down: whatever stands in a code table, rule pack or form, it is refused in a sentence or the program can go by it."""
from __future__ import annotations

import datetime as dt
import random
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp import places
from gridapp.ledgers import form_checks, forms
from gridapp.records import BY_NAME
from gridapp.rules import code_changes, codes, pack_checks, packs
from gridapp.rules.reading import Trouble
from tests.conftest import TODAY

SHIPPED = codes.shipped()
CODES = '[dwelling]\nitems = [["shared", "合住", "合租"], ["owned", "自有"]]\nretired = ["vacant"]\n[nation]\nitems = [["57", "外籍"]]\n'
RULES = """version = "3"
effective_from = 2026-12-01
[[rule]]
key = "request.due"
article = "第 3 条"
source = "通知"
params = { urgent = 1, normal = 5, complex = 10 }
[[rule]]
key = "visit.frequency"
article = "第 4 条"
source = "通知"
params = { default = "month", alone = "week" }
[[rule]]
key = "member.probation"
article = "第 5 条"
source = "通知"
enabled = false
params = { months = 12, days_before = [60, 30] }
"""
FORM = places.resources("forms", "14-visit.toml").read_text("utf-8")
JUNK = ["", "0", "-1", "99999999999999999999", "1e400", "nan", '"', "[", "]", "{", "}", "=", "[[rule]]", "true", "1979-05-27",
        '"\\u0000"', "\\", "'''", '""', "vacant", "owned", "\u202e", "[" * 5000]  # fmt: skip


def mutated(text: str, seed: int) -> str:
    """The text with a few places cut, doubled, or put over with junk or other words of it."""
    pick = random.Random(seed)
    for _ in range(pick.randint(1, 4)):
        start = pick.randrange(len(text) + 1)
        end = min(len(text), start + pick.choice((0, 1, 3, 12)))
        words = text.split() or [""]
        text = text[:start] + pick.choice((*JUNK, pick.choice(words), text[start:end] * 2)) + text[end:]
    return text


@settings(max_examples=400)
@given(st.integers(0, 10**9))
def test_a_code_table_is_refused_or_every_code_still_shows(seed: int) -> None:
    text = mutated(CODES, seed)
    try:
        after = code_changes.amend(SHIPPED, text)
    except Trouble as trouble:
        assert trouble.text.endswith("。")
        return
    code_changes.changes(SHIPPED, after)
    for name, table in after.items():
        assert table.items.keys() >= SHIPPED[name].items.keys() and table.offered()
        for code, label in table.items.items():
            assert table.read(code).value == code
            assert label and label.isprintable()
        for code, label in table.offered().items():
            assert table.read(label).value == code


@settings(max_examples=400)
@given(st.integers(0, 10**9))
def test_a_rule_pack_is_refused_or_every_rule_can_be_gone_by(seed: int) -> None:
    text = mutated(RULES, seed)
    try:
        pack = pack_checks.check_pack(text, SHIPPED)
    except Trouble as trouble:
        assert trouble.text.endswith("。")
        return
    rules = packs.with_sent((text,))
    assert pack_checks.changes(packs.with_sent(()), pack, SHIPPED)
    found = packs.in_force(rules, dt.date(2200, 1, 1))
    assert 1 <= found["request.due"].params["normal"] <= 365
    assert 1 <= found["member.probation"].params["months"] <= 60
    assert set(found["visit.frequency"].params.values()) <= SHIPPED["visit_frequency"].items.keys()
    assert all(rule.article.strip() and rule.source.strip() for rule in pack)


@settings(max_examples=300)
@given(st.integers(0, 10**9))
def test_a_form_is_refused_or_lists_declared_columns_only(seed: int) -> None:
    text = mutated(FORM, seed)
    try:
        form = form_checks.check_form(text)
    except Trouble as trouble:
        assert trouble.text.endswith("。")
        return
    known = {column.source for each in forms.shipped() for column in each.columns}
    assert set(form.sources) <= known | {name for record in BY_NAME.values() for name in record.model_fields}
    assert form in forms.with_sent((text,))
    form_checks.changes(forms.shipped(), form)


@pytest.mark.parametrize("text", [
    '[request_action]\nitems = [["steal", "拿走"]]', '[sex]\nretired = ["1"]', '[dwelling]\nitems = [["owned", "租住"]]',
    '[dwelling]\nretired = ["gone"]',
    '[dwelling]\nitems = [["a b", "空格"]]', '[dwelling]\nitems = [["x", ""]]', '[dwelling]\nextra = 1', "dwelling = 3", "",
    '[nation]\nitems = [["998", "外籍"]]',
    '[dwelling]\nretired = ["owned", "rented", "vacant", "business"]',
])  # fmt: skip
def test_what_a_code_table_may_not_say(text: str) -> None:
    with pytest.raises(Trouble):
        code_changes.amend(SHIPPED, text)


@pytest.mark.parametrize(("old", "new"), [
    ('source = "通知"', ""), ('article = "第 3 条"', ""), ("effective_from = 2026-12-01", ""),
    ("normal = 5", "normal = 0"), ("normal = 5", "normal = true"),
    ("normal = 5", "normal = 5.5"), ("normal = 5, ", ""), ('"request.due"', '"request.unheard"'), ('alone = "week"', 'alone = "hourly"'),
    ("days_before = [60, 30]", "days_before = []"), ("days_before = [60, 30]", "days_before = 7"), ('"visit.frequency"', '"request.due"'),
    ("enabled = false", "enabled = 0"), ("enabled = false", 'script = "x"'), ("2026-12-01", "0001-01-01"), ("2026-12-01", "2026-12-01T00:00:00"),
])  # fmt: skip
def test_what_a_rule_pack_may_not_say(old: str, new: str) -> None:
    assert RULES.replace(old, new) != RULES
    with pytest.raises(Trouble):
        pack_checks.check_pack(RULES.replace(old, new), SHIPPED)


@pytest.mark.parametrize(("old", "new"), [
    ('source = "manner"', 'source = "sync_stamp"'), ('source = "manner"', 'source = "id_no"'), ('record = "visit"', 'record = "service_need"'),
    ('record = "visit"', 'record = "material"'), ('key = "visit"', 'key = "all-visit"'), ('key = "visit"', 'key = "../visit"'),
    ("number = 14", "number = 1"),
    ("width = 8", "width = 8000"), ('align = "center"', 'align = "middle"'), ('unit = "次"', 'unit = ""'), ('title = "入户', 'title = "\\n入户'),
])  # fmt: skip
def test_what_a_form_may_not_say(old: str, new: str) -> None:
    assert FORM.replace(old, new) != FORM
    with pytest.raises(Trouble):
        form_checks.check_form(FORM.replace(old, new))


def test_in_words() -> None:
    assert code_changes.changes(SHIPPED, code_changes.amend(SHIPPED, CODES)) == [
        "民族：新增 1 项（外籍）。", "居住性质：新增 1 项（合住）；改名 1 项（自住 → 自有）；停用 1 项（空置）。",
    ]  # fmt: skip
    assert pack_checks.changes(packs.with_sent(()), pack_checks.check_pack(RULES, SHIPPED), SHIPPED) == [
        "服务事项办理时限：一般 7 天 → 5 天；复杂 15 天 → 10 天。", "走访频次：其余重点户 每季 → 每月；独居 每月 → 每周。", "预备期：停用这条提醒。",
    ]  # fmt: skip
    form = form_checks.check_form(FORM.replace('{ heading = "备注", source = "notes", width = 16 }', '{ heading = "地点", source = "place" }'))
    assert form_checks.changes(forms.shipped(), form) == ["台账“入户走访台账（民情日记）”：增加 1 栏（地点）；去掉 1 栏（备注）。"]


def test_a_renamed_item_is_still_read_by_its_old_name_and_a_retired_one_is_not_offered() -> None:
    table = code_changes.amend(SHIPPED, CODES)["dwelling"]
    assert table.read("自住").value == table.read("自有").value == "owned"
    assert table.read("空置").value == "vacant" and "vacant" not in table.offered() and table.label("vacant") == "空置"


def test_a_code_withdrawn_gives_its_name_back() -> None:
    past = code_changes.remember(SHIPPED, CODES)
    assert past["dwelling"].label("shared") == "合住" and "shared" not in past["dwelling"].offered()
    again = code_changes.amend(past, '[dwelling]\nitems = [["joint", "合住"]]')["dwelling"]
    assert again.read("合住").value == "joint" and again.read("shared").value == "shared"


def test_every_shipped_rule_has_its_limits() -> None:
    shipped = packs.in_force(packs.read_folder(places.resources("rules")), TODAY.date())
    assert shipped.keys() == pack_checks.limits().keys()
    for key, rule in shipped.items():
        names = pack_checks.names_of(pack_checks.limits()[key], SHIPPED)
        assert set(pack_checks.limits()[key]["needs"]) <= rule.params.keys() <= names.keys()
    for path in places.resources("forms").glob("*.toml"):
        told = tomllib.loads(path.read_text("utf-8"))
        told.pop("rows", "")  # which rows a built-in form has is not a sent one's to say
        assert told["record"] not in BY_NAME or form_checks.check_told(told).key == told["key"]


def test_a_workbook_with_macros_is_no_template() -> None:
    data = places.resources("sample", "grid1", "住户台账.xlsx").read_bytes()
    assert form_checks.check_template(data) == "xlsx"
    macros = bytes.fromhex("d0cf11e0a1b11ae1") + "_VBA_PROJECT Workbook".encode("utf-16-le")
    for wrong in (b"", b"MZ" + data, data[:-30], macros):
        with pytest.raises(Trouble):
            form_checks.check_template(wrong)
