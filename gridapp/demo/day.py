"""The day itself, step by step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridapp import desk, office
from gridapp.demo.report import Report, intake_line
from gridapp.desk import Desk
from gridapp.desk.sample import fill
from gridapp.rules.reading import Trouble

PASSWORD = "yanshi-2026"
GRIDS = {"grid1": ("示范社区第一网格", "王建国"), "grid2": ("示范社区第二网格", "赵丽华")}
ADDED = '[dwelling]\nitems = [["shared", "合住", "合租"]]\n'
ASKED = {"content": "楼道灯不亮，夜里上下楼不方便。", "request_type": "help", "category": "property", "handler": "物业"}
Say = Callable[[str], None]


def run(out: Path, say: Say = print, shots: bool = True) -> dict[str, Any]:
    """Play the day into `out` (its data folders are made anew); gives the report. Raises Trouble when the folder holds something else."""
    report = Report(say)
    folders = _clear(out)
    desks = _open(report, folders)
    try:
        _work(report, desks, out)
        _exchange(report, desks, out)
    finally:
        for each in desks.values():
            each.close()
    if shots:
        with report.step("截图"):
            report.facts["screenshots"] = _photograph(folders["grid1"], folders["office"], out / "screenshots")
    report.write(out / "report.json")
    say(f"台账在 {out / 'ledgers'}，数据包在 {out / 'stick'}，截图在 {out / 'screenshots'}，报告在 {out / 'report.json'}。")
    return report.facts | {"steps": report.steps}


def _clear(out: Path) -> dict[str, Path]:
    if out.exists() and any(out.iterdir()) and not (out / "report.json").exists():
        raise Trouble(f"“{out}”里有别的文件，没有动它。请换一个空文件夹。", "not_empty")
    for name in ("data", "ledgers", "stick", "screenshots"):
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
    return {name: out / "data" / name for name in ("office", *GRIDS)}


def _open(report: Report, folders: dict[str, Path]) -> dict[str, Desk]:
    with report.step("建立中心和两个网格"):
        desks = {"office": desk.init(folders["office"], PASSWORD, grid_name="示范社区", who="周主任", role="office")[0]}
        for name, (title, who) in GRIDS.items():
            desks[name] = desk.init(folders[name], PASSWORD, grid_name=title, who=who)[0]
    return desks


def _work(report: Report, desks: dict[str, Desk], out: Path) -> None:
    for name in GRIDS:
        with report.step(f"{GRIDS[name][0]}导入台账"):
            done = fill(desks[name], name)
        report.facts[name] = {"intake": [intake_line(each) for each in done]}
        with report.step(f"{GRIDS[name][0]}一天的走访和事项"):
            report.facts[name]["day"] = _visit_and_act(desks[name])
        with report.step(f"{GRIDS[name][0]}导出台账"):
            report.facts[name]["ledgers"] = _give_out(desks[name], out / "ledgers" / name)
        with report.step(f"{GRIDS[name][0]}备份和体检"):
            desk.back_up(desks[name])
            report.facts[name]["check"] = {line.text: line.ok for line in desk.check_up(desks[name])}


def _visit_and_act(each: Desk) -> dict[str, int]:
    """Visits to the first households that are due, each third with a request that is dealt with the same day."""
    due = [task for task in desk.today(each).tasks if task.record == "household"][:9]
    kept = []
    for at, task in enumerate(due):
        visit = {"household_id": task.row_id, "visitors": each.who, "content": "身体尚好，天冷了提醒关好门窗、注意用火安全。", "topic": "care"}
        kept.append(desk.keep_visit(each, visit, ASKED if at % 3 == 0 else None))
    opened = [row.id for row in desk.listing(each, "request", "open").rows][:3]
    steps = [desk.act(each, row_id, action, note="已联系物业更换。") for row_id in opened for action in ("handle", "close")]
    return {"visits": sum(one.saved for one in kept), "requests": len(due[::3]), "steps": sum(one.saved for one in steps)}


def _give_out(each: Desk, folder: Path) -> dict[str, int]:
    folder.mkdir()
    official = [ledger for ledger in desk.ledgers() if ledger.official]

    def rows(ledger: desk.LedgerChoice) -> int:
        return desk.give_out(each, ledger.key, folder / f"{ledger.title}.xlsx", purpose=desk.Purpose.INSIDE, aim="演示").rows

    return {ledger.title: rows(ledger) for ledger in official}


def _exchange(report: Report, desks: dict[str, Desk], out: Path) -> None:
    centre, stick = desks["office"], out / "stick"
    told: dict[str, Any] = {}
    with report.step("两个网格申请加入，中心核对六个词并登记"):
        told["joined"] = {name: _join(desks[name], centre, stick) for name in GRIDS}
    with report.step("两个网格生成上报包，中心收取"):
        made = {name: desk.make_bundle(desks[name], stick) for name in GRIDS}
        told["up"] = {name: {"rows": each.rows, "bytes": each.bytes} for name, each in made.items()}
        told["taken"] = [_outcome(each) for each in office.take(centre, [each.path for each in made.values()])]
    with report.step("中心派发一件事项、改正一条记录、下发一条通知和一项代码，网格同时改了同一处"):
        told["dispatched"] = office.dispatch(centre, told["joined"]["grid1"], {"content": "请核实辖区独居老人冬季取暖情况。"}).saved
        _disagree(desks["grid1"], centre)
        office.publish(centre, "notice", text="明天有大风，请提醒独居老人关好门窗，收回阳台上的花盆。", subject="大风天气提示")
        told["published"] = office.publish(centre, "codes", text=ADDED, subject="居住性质增加“合住”").changes
    with report.step("中心发回执包，网格收取"):
        _return(desks, stick)
        told["news"] = {name: desk.unread(desks[name]) for name in GRIDS}
        told["unconfirmed"] = {name: desk.state(desks[name]).unconfirmed for name in GRIDS}
    with report.step("网格再报一次，中心列出冲突并核对，回执再回来"):
        told["conflict"] = _decide(desks, stick)
        told["unconfirmed_after"] = {name: desk.state(desks[name]).unconfirmed for name in GRIDS}
        told["conflicts_after"] = {name: len(_conflicts(each)) for name, each in desks.items()}
    told["status"] = [vars(line) for line in office.status(centre)]
    report.facts["exchange"] = told


def _join(each: Desk, centre: Desk, stick: Path) -> str:
    asked = desk.ask_to_join(each, stick)
    done = office.enrol(centre, asked, words=desk.state(each).words, out_dir=stick)
    assert done.answer
    desk.take(each, done.answer)
    return done.scope


def _outcome(each: office.Outcome) -> dict[str, Any]:
    return {"ok": each.ok, "new": each.new, "changed": each.changed, "conflicts": each.conflicts}


def _disagree(grid: Desk, centre: Desk) -> None:
    """Both sides write the same field of the same request before either hears of the other."""
    row_id = desk.listing(grid, "request", "open").rows[0].id
    desk.keep(centre, "request", {"result": "中心已联系供电公司，周三上门。"}, row_id)
    desk.keep(grid, "request", {"result": "已报物业，等待配件。"}, row_id)


def _return(desks: dict[str, Desk], stick: Path) -> None:
    names = {desk.state(desks[name]).centre and desks[name].scope: name for name in GRIDS}
    for made, line in zip(office.make_return(desks["office"], stick), office.grids(desks["office"]), strict=True):
        desk.take(desks[names[line[0]]], made.path)


def _conflicts(at: Desk) -> list[desk.review.Item]:
    return [each for each in desk.review.waiting(at) if each.sort == "field"]


def _decide(desks: dict[str, Desk], stick: Path) -> dict[str, Any]:
    made = [desk.make_bundle(desks[name], stick) for name in GRIDS]
    office.take(desks["office"], [each.path for each in made])
    items = _conflicts(desks["office"])
    told = [{"record": each.record, "field": each.heading, "versions": [(one.label, one.value) for one in each.versions]} for each in items]
    decided = desk.review.accept_all(desks["office"], items)
    _return(desks, stick)
    return {"listed": told, "resolved": decided.count}


def _photograph(grid: Path, centre: Path, out: Path) -> list[str]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gridapp.ui.shots import screenshots

    made = [*screenshots(grid, PASSWORD, out), *screenshots(centre, PASSWORD, out / "office", themes=("light",))]
    return [path.relative_to(out).as_posix() for path in made]
