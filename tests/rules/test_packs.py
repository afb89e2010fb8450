"""Dated rule packs: the newest in force on the day."""
import datetime as dt

import pytest

from gridapp.rules import packs
from gridapp.rules.reading import Trouble

OLD = """
version = "1"
effective_from = 2020-01-01
[[rule]]
key = "a"
params = { days = 3 }
[[rule]]
key = "b"
params = { days = 9 }
enabled = false
"""
NEW = """
version = "2"
effective_from = 2024-06-01
[[rule]]
key = "a"
params = { days = 5 }
article = "第 2 条"
source = "甲"
verified_by = "乙"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "reminders-1.toml").write_text(OLD, "utf-8")
    (tmp_path / "reminders-2.toml").write_text(NEW, "utf-8")
    return tmp_path


@pytest.mark.parametrize(("on", "version", "days"), [
    (dt.date(2019, 1, 1), "1", 3), (dt.date(2020, 1, 1), "1", 3), (dt.date(2024, 5, 31), "1", 3), (dt.date(2024, 6, 1), "2", 5),
    (dt.date(2030, 1, 1), "2", 5)])
def test_the_newest_in_force_wins(folder, on, version, days):
    rule = packs.rule("a", on, folder)
    assert (rule.version, rule.params["days"]) == (version, days)


def test_a_rule_the_newer_pack_does_not_name_stays(folder):
    found = packs.all_rules(dt.date(2025, 1, 1), folder)
    assert sorted(found) == ["a", "b"] and found["b"].version == "1" and not found["b"].enabled
    assert (found["a"].article, found["a"].source, found["a"].verified_by) == ("第 2 条", "甲", "乙")


def test_an_unknown_key_is_trouble(folder):
    with pytest.raises(Trouble, match="请更新规则包"):
        packs.rule("c", dt.date(2025, 1, 1), folder)


@pytest.mark.parametrize("damage", ["version = ", 'version = "1"\nrule = []', OLD.replace("2020-01-01", '"soon"'), OLD.replace("params", "parms"),
    OLD.replace("key", "kee")])
def test_a_damaged_pack_is_trouble(tmp_path, damage):
    (tmp_path / "reminders-1.toml").write_text(damage, "utf-8")
    with pytest.raises(Trouble, match="损坏"):
        packs.read_folder(tmp_path)


def test_a_pack_that_is_not_text_is_trouble(tmp_path):
    (tmp_path / "reminders-1.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Trouble, match="损坏"):
        packs.read_folder(tmp_path)


def test_no_packs_at_all_is_trouble(tmp_path):
    with pytest.raises(Trouble, match="重新安装"):
        packs.read_folder(tmp_path)


def test_the_shipped_packs_say_where_every_rule_comes_from():
    for rule in packs.all_rules(dt.date(2026, 11, 21)).values():
        assert rule.article and rule.params
        assert rule.verified_by or "待核" in rule.article + rule.source or rule.source


def test_the_2026_rules_take_force_on_their_day():
    assert packs.rule("member.probation", dt.date(2026, 5, 17)).version == "1"
    assert packs.rule("member.probation", dt.date(2026, 5, 18)).version == "2026"
