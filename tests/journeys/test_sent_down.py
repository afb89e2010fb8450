"""What a street or a community sends down takes effect in every grid below, by files alone; damaged, hostile and too new things do not."""
from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office, places
from gridapp.desk import content
from gridapp.ledgers import forms
from gridapp.records import new_id
from gridapp.rules import codes, due, packs
from gridapp.rules.content import HERE
from gridapp.rules.reading import Trouble
from gridapp.sync import trust
from gridapp.sync.sql import run
from gridapp.ui.publish_panel import how_far
from tests.conftest import PASSWORD, TODAY

CODES = '[dwelling]\nitems = [["shared", "合住", "合租"]]\n[service_category]\nitems = [["carer", "照护者"]]\nretired = ["other"]\n'
RULES = """version = "2026-12"
effective_from = 2026-11-01
[[rule]]
key = "request.due"
article = "第 3 条"
source = "示范街道通知"
params = { urgent = 1, normal = 5, complex = 10 }
"""
FORM = """key = "door"
number = 90
title = "门牌清册"
record = "household"
columns = [ { heading = "序号", source = "serial" }, { heading = "室号", source = "room" }, { heading = "居住", source = "dwelling" } ]
"""
BOOK = places.resources("sample", "grid1", "住户台账.xlsx")


class Tree:
    """A street, a community below it, two grids below that; the community on each engine in turn."""

    def __init__(self, new_desk: Callable[..., Any], engine: str, folder: Path) -> None:
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.street = new_desk("sqlite", "street", grid_name="示范街道", who="赵主任", role="office")
        self.community = new_desk(engine, "community", grid_name="示范社区", who="周主任", role="office")
        self.grids = [new_desk("sqlite", name, grid_name=f"示范{name}", who=f"书记{name}") for name in ("g1", "g2")]
        self.join(self.street, self.community, "office")
        for grid in self.grids:
            self.join(self.community, grid, "grid")

    def join(self, high: Any, low: Any, role: str) -> None:
        asked = trust.read_request(desk.ask_to_join(low, self.stick))
        with high.store.work() as work:
            taken = len(office.grids(high)) + 1
            trust.enrol(work.connection, asked, f"{high.scope}/{'c' if role == 'office' else 'g'}{taken:03d}", role)
            answer = self.stick / f"{asked.device}.gbx"
            answer.write_bytes(trust.answer(work.connection, asked.device))
            work.keep()
        desk.take(low, answer)

    def down(self) -> list[Path]:
        """From the street to the community to the grids; the bundles the grids took."""
        taken = []
        for high, lows in ((self.street, [self.community]), (self.community, self.grids)):
            for made, low in zip(office.make_return(high, self.stick), lows, strict=True):
                desk.take(low, made.path)
                taken.append(made.path)
        return taken[1:]

    def up(self) -> None:
        for low, high in ((self.grids[0], self.community), (self.grids[1], self.community), (self.community, self.street)):
            office.take(high, [desk.make_bundle(low, self.stick).path])


@pytest.fixture(params=["sqlite", "postgresql"])
def tree(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> Tree:
    return Tree(new_desk, request.param, tmp_path)


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_everything_takes_effect_in_every_grid_and_stays_so_after_a_restart(tree: Tree, tmp_path: Path) -> None:
    office.publish(tree.street, "notice", text="今晚有大风，请提醒独居老人关好门窗。", subject="大风提示")
    told = office.publish(tree.street, file=file(tmp_path, "代码.toml", CODES), subject="新增居住性质")
    assert told.changes == ("居住性质：新增 1 项（合住）。", "服务类别：新增 1 项（照护者）；停用 1 项（其他帮扶）。")
    assert office.publish(tree.street, file=file(tmp_path, "规则.toml", RULES), subject="办理时限").changes == (
        "服务事项办理时限：一般 7 天 → 5 天；复杂 15 天 → 10 天。",
    )
    office.publish(tree.community, file=file(tmp_path, "门牌.toml", FORM), subject="门牌清册")
    office.publish(tree.community, file=BOOK, subject="年底统计表")
    tree.down()
    for grid in tree.grids:
        news = desk.news(grid)
        assert [item.sort for item in news.items] == ["template", "form", "rules", "codes", "notice"]
        assert news.unread == 5
        assert {item.who for item in news.items} == {"示范街道 赵主任", "示范社区 周主任"}
        assert news.items[-1].text == "今晚有大风，请提醒独居老人关好门窗。"
        assert {item.state for item in news.items} == {"生效中"}
        in_force(grid)
    grid = tree.grids[0]
    saved = desk.save_template(grid, desk.news(grid).items[0].key, tmp_path / "表.xlsx")
    assert saved.read_bytes() == BOOK.read_bytes()
    grid.close()
    assert codes.table("dwelling").read("合住").refused
    grid = tree.grids[0] = desk.open_desk(grid.folder, PASSWORD)
    grid.clock = lambda: TODAY
    in_force(grid)
    grid.close()


def in_force(grid: Any) -> None:
    content.apply(grid)
    assert codes.table("dwelling").read("合租").value == "shared"
    assert "other" not in codes.table("service_category").offered()
    assert due.request_due("2026-11-20", "normal") == "2026-11-25"
    assert due.request_due("2026-10-20", "normal") == "2026-10-27"
    assert forms.form("door").headings == ("序号", "室号", "居住")
    made = desk.keep(grid, "building", {"building": "9"}).row_id
    home = desk.keep(grid, "household", {"building_id": made, "room": "101", "dwelling": "合住"})
    assert home.saved, home.faults
    out = grid.folder / "门牌.xlsx"
    assert desk.give_out(grid, "door", out, purpose=desk.Purpose.INSIDE, aim="核对").rows >= 1


def test_every_example_can_be_sent(new_desk: Callable[..., Any], tmp_path: Path) -> None:
    centre = new_desk("sqlite", "centre", grid_name="示范社区", role="office")
    made = office.examples(tmp_path)
    assert {office.look_at(centre, file=path).kind for path in made} == {"codes", "rules", "form"}
    assert all(office.look_at(centre, file=path).changes for path in made)


def test_how_far_it_came_and_what_was_read_stays_here(tree: Tree) -> None:
    office.publish(tree.street, text="请报送低保户名单变化。", subject="报送")
    office.publish(tree.community, text="周五开会。", subject="开会")
    assert [(sent.confirmed, sent.total) for sent in office.published(tree.community)] == [(0, 2)]
    tree.down()
    desk.mark_seen(tree.grids[0])
    tree.up()
    tree.up()
    ours, theirs = office.published(tree.community)
    assert (ours.subject, ours.confirmed, ours.total, ours.waiting, ours.is_ours) == ("开会", 2, 2, (), True)
    assert (theirs.subject, theirs.confirmed, theirs.is_ours) == ("报送", 2, False)
    farthest = office.published(tree.street)[1]
    assert (farthest.confirmed, farthest.farther, theirs.farther) == (1, True, False)
    assert "再下面的网格由社区转交" in how_far(farthest)
    assert how_far(theirs) == "2 个都已确认收到。"
    assert (desk.unread(tree.grids[0]), desk.unread(tree.grids[1])) == (0, 2)
    with tree.community.store.reading() as connection:
        told = connection.exec_driver_sql("SELECT count(*) FROM setting WHERE key IN ('news_read', 'news_seen')").scalar()
    assert told == 0


def test_a_newer_version_counts_and_a_withdrawn_one_does_not(tree: Tree, tmp_path: Path) -> None:
    first = office.publish(tree.community, file=file(tmp_path, "代码.toml", '[dwelling]\nitems = [["shared", "合住"]]'), subject="居住")
    tree.down()
    grid = tree.grids[0]
    made = desk.keep(grid, "building", {"building": "9"}).row_id
    home = desk.keep(grid, "household", {"building_id": made, "room": "101", "dwelling": "合住"}).row_id
    office.publish(tree.community, file=file(tmp_path, "代码.toml", '[dwelling]\nitems = [["flat", "合租房"]]'), subject="居住")
    tree.down()
    table = codes.table("dwelling")
    assert "flat" in table.offered() and "shared" not in table.offered()
    assert table.label("shared") == "合住"
    assert [item.state for item in desk.news(grid).items] == ["生效中", "已有新版本"]
    office.withdraw(tree.community, office.published(tree.community)[0].row_id)
    tree.down()
    assert [item.state for item in desk.news(grid).items] == ["已撤回", "生效中"]
    assert "shared" in codes.table("dwelling").offered()
    office.withdraw(tree.community, first.row_id)
    tree.down()
    assert codes.table("dwelling").offered().keys() == codes.shipped()["dwelling"].offered().keys()
    assert codes.table("dwelling").label(desk.values(grid, "household", home)["dwelling"]) == "合住"
    with pytest.raises(Trouble, match="不是本单位"):
        office.withdraw(tree.street, first.row_id)


def test_what_starts_later_waits_for_its_day(tree: Tree, tmp_path: Path) -> None:
    grid = tree.grids[0]
    office.publish(tree.community, file=file(tmp_path, "代码.toml", CODES), subject="居住", effective_from="2026-11-23")
    tree.down()
    assert {item.state for item in desk.news(grid).items} == {"2026-11-23 起生效"}
    assert "shared" not in codes.table("dwelling").items
    grid.clock = lambda: TODAY + dt.timedelta(days=2)
    desk.today(grid)
    assert "shared" in codes.table("dwelling").items


def test_late_and_repeated_bundles_end_the_same(tree: Tree, tmp_path: Path) -> None:
    office.publish(tree.community, file=file(tmp_path, "代码.toml", CODES), subject="居住")
    early = office.make_return(tree.community, tree.stick)[0].path
    office.withdraw(tree.community, office.published(tree.community)[0].row_id)
    late = office.make_return(tree.community, tree.stick)[0].path
    for path in (late, early, early, late):
        desk.take(tree.grids[0], path)
        assert [item.state for item in desk.news(tree.grids[0]).items] == ["已撤回"]
    assert "shared" not in codes.table("dwelling").offered()


def test_a_grid_that_writes_its_offices_word_changes_nobody_else(tree: Tree, tmp_path: Path) -> None:
    office.publish(tree.community, file=file(tmp_path, "代码.toml", CODES), subject="居住")
    tree.down()
    hostile, other = tree.grids
    with hostile.store.work() as work:
        run(work.connection, "UPDATE material SET body = '[dwelling]'")
        row = {**dict.fromkeys(("key", "subject", "body", "sent_by", "seal"), "x"), "kind": "rules", "body": RULES.replace("5", "300")}
        work.insert("material", [{**row, "scope": tree.community.scope, "effective_from": "2026-01-01", "sent_on": "x"}])
        work.keep()
    weighed = content.apply(hostile)
    assert len(weighed.refused) == 2 and HERE.now == content.Content()
    assert {item.lines for item in desk.news(hostile).items} == {(content.FORGED,)}
    tree.up()
    tree.down()
    assert len(content.apply(other).refused) == 0
    assert "shared" in codes.table("dwelling").items
    assert packs.all_rules(dt.date(2026, 11, 21))["request.due"].params["normal"] == 7
    assert len(office.published(tree.community)) == 1


def test_an_office_in_between_cannot_forge_what_the_street_says(tree: Tree) -> None:
    office.publish(tree.street, text="按原计划进行。", subject="安排")
    tree.down()
    with tree.community.store.work() as work:
        run(work.connection, "UPDATE material SET body = '计划取消。'")
        work.keep()
    tree.down()
    item = desk.news(tree.grids[0]).items[0]
    assert item.text == "" and item.lines == (content.FORGED,)


def test_a_hostile_offices_signed_nonsense_breaks_nothing(tree: Tree) -> None:
    from gridapp.sync import schema, sealing

    bodies = ["", "[", "x = 1", "[dwelling]\nitems = 3", "version = 1", "[[[[[[" * 9999, "a" * 999_999, "[dwelling]\nitems = [[1, 2]]"]
    shape = schema.current().by_name["material"]
    with tree.community.store.work() as work:
        for body in (*bodies, RULES.replace("5", "-5")):
            for kind in ("notice", "codes", "rules", "form", "template", "unheard"):
                row = {**dict.fromkeys(shape.names), "id": new_id(), "kind": kind, "body": body, "effective_from": "", "sent_on": "?"}
                work.insert("material", [{**row, "scope": tree.community.scope, "seal": sealing.seal(work.connection, shape, row["id"], row)}])
        work.keep()
    tree.down()
    news = desk.news(tree.grids[0])
    assert len(news.items) == 54
    assert HERE.now == content.Content()
    for item in news.items:
        if item.sort == "template":
            with pytest.raises(Trouble):
                desk.save_template(tree.grids[0], item.key, tree.stick / "x.xlsx")
    assert desk.today(tree.grids[0]).news == 54


def test_requests_and_corrections_are_news_until_they_were_looked_at(tree: Tree) -> None:
    grid = tree.grids[0]
    made = desk.keep(grid, "building", {"building": "3"}).row_id
    home = desk.keep(grid, "household", {"building_id": made, "unit": "2", "room": "501", "contact": "李秀英"}).row_id
    visit = desk.keep_visit(grid, {"household_id": home, "visitors": "王书记", "content": "问候"}, None).row_id
    tree.up()
    tree.down()
    assert desk.news(grid).items == []
    asked = office.dispatch(tree.community, grid.scope, {"content": "请核实取暖情况。"})
    desk.keep(tree.community, "household", {"notes": "中心核对过门牌", "room": "502"}, home)
    desk.remove(tree.community, "visit", visit)
    tree.down()
    found = {item.sort + item.record: item for item in desk.news(grid).items}
    assert found["requestrequest"].row_id == asked.row_id and "请签收" in found["requestrequest"].lines[0]
    assert found["changehousehold"].lines == ("中心改了：房号、备注。",)
    assert found["changehousehold"].who == "示范社区 周主任"
    assert found["change"].lines == ("中心删除了这条记录。",)
    assert "李秀英" not in str(found)
    tree.up()
    assert desk.news(tree.street).items == [], "what an office below wrote is no word from above"
    desk.keep(grid, "household", {"notes": "本网格补充"}, home)
    desk.mark_seen(grid)
    assert desk.news(grid).items == []
    tree.up()
    tree.down()
    assert desk.news(grid).items == []
    office.dispatch(tree.community, grid.scope, {"content": "再看一次。"})
    tree.down()
    assert desk.unread(grid) == 1 and desk.news(tree.grids[1]).items == []


def test_only_what_every_grid_can_use_is_sent(tree: Tree, tmp_path: Path) -> None:
    cases = [
        ({"text": " ", "subject": "空"}, "通知应有内容"),
        ({"text": "好", "subject": " "}, "标题"),
        ({"text": "好", "subject": "长" * 101}, "最多 100"),
        ({"file": file(tmp_path, "a.toml", "[dwelling]\nitems = x"), "subject": "坏"}, "第 2 行"),
        ({"file": file(tmp_path, "b.toml", "[unheard]\nitems = []"), "subject": "新"}, "先升级"),
        ({"file": file(tmp_path, "c.exe", "x"), "subject": "程序"}, "不能下发"),
        ({"file": file(tmp_path, "d.xlsx", "x"), "subject": "假表"}, "另存后再选"),
        ({"file": tmp_path / "none.txt", "subject": "无"}, "读不出来"),
        ({"kind": "unheard", "text": "x", "subject": "无"}, "没有“unheard”"),
        ({"kind": "template", "text": base64.b64encode(b"MZ").decode(), "subject": "程序"}, "不是表格"),
        ({"text": "好", "subject": "日子", "effective_from": "昨天后"}, "日期"),
    ]
    for asked, said in cases:
        with pytest.raises(Trouble, match=said):
            office.publish(tree.street, **asked)
    with pytest.raises(Trouble, match="不是中心"):
        office.publish(tree.grids[0], text="x", subject="y")
    assert office.published(tree.street) == []
    looked = office.look_at(tree.street, file=file(tmp_path, "e.toml", RULES), subject="时限")
    assert looked.changes and office.published(tree.street) == []
