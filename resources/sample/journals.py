"""Visits and requests as a community office would have typed them, each ledger with a known handful of faults (see rosters.py)."""
from __future__ import annotations

import datetime as dt
from itertools import groupby
from random import Random

from books import Cell, Sheet
from spellings import full_day, loose_address
from town import Ask, Call, Town


def visit_row(number: int, call: Call, day: Cell, visitors: str, rng: Random) -> list[Cell]:
    """序号 走访时间 走访人 走访对象 住址 走访方式 走访内容 存在问题及诉求 处理情况 是否办结 备注."""
    ask = call.ask
    done = ("是" if ask.closed else rng.choice(("否", "办理中"))) if ask else None
    settled = "已转服务事项办理" if ask else None
    return [number, day, visitors, call.person.name, loose_address(call.home, rng), call.manner, call.talk,
            ask.text if ask else rng.choice(("无", None)), settled, done, f"转办编号{ask.number}" if ask else None]


VISIT_HEAD: list[Cell] = ["序号", "走访时间", "走访人", "走访对象", "住址", "走访方式", "走访内容", "存在问题及诉求", "处理情况", "是否办结", "备注"]


def plant_visits(sheet: Sheet, month: int, at: int, day: Cell) -> None:
    """Copies of the row at `at`: three that nobody can keep as they stand, and one typed twice."""
    for code, level, changes in (
        ("date_unparsable", "read", {1: f"{month}月下旬"}), ("date_invalid", "read", {1: f"{month}月32日"}),
        ("household_unknown", "desk", {1: day, 3: "钱未知", 4: "88号楼1单元101室"}), ("already_present", "desk", {1: day}),
    ):
        changed = [changes.get(place, value) for place, value in enumerate(sheet.rows[at - 1])]
        sheet.data(changed, (code, level), [at] if code == "already_present" else [])


def add_day(sheet: Sheet, day: dt.date, calls: list[Call], rng: Random) -> None:
    """The visits of one day: its date merged over them in odd months, 〃 below the first in even ones."""
    spelt: Cell = rng.choice((f"{day.month}月{day.day}日", f"{day.month}月{day.day}日上午", f"{day:%m-%d}", f"{day.year}/{day.month}/{day.day}", day))
    first = len(sheet.rows) + 1
    for place, call in enumerate(calls):
        shown = spelt if place == 0 else None if day.month % 2 else "〃"
        sheet.data(visit_row(sheet.count + 1, call, shown, rng.choice(("、", " ", "\n", "，")).join(call.visitors), rng))
    if day.month % 2 and len(calls) > 1:
        sheet.merges.append((first, 2, first + len(calls) - 1, 2))


def visit_sheets_by_month(town: Town, rng: Random) -> list[Sheet]:
    """入户走访台账: a sheet a month, the year only in the title, 〃 and merged days, several visitors in a cell."""
    sheets = []
    for month, calls in groupby(town.calls, key=lambda call: call.day.month):
        sheet = Sheet(f"{month}月", widths=[5, 13, 18, 10, 20, 9, 30, 26, 18, 9, 18], head=(2, 2))
        sheet.add([f"2026年{month}月份{town.name}入户走访台账"] + [None] * 10, 11)
        sheet.add(list(VISIT_HEAD))
        listed = list(calls)
        for day, visits in groupby(listed, key=lambda call: call.day):
            add_day(sheet, day, list(visits), rng)
        if month == 9:
            plain = next(call for call in reversed(listed) if not call.ask)
            plant_visits(sheet, month, listed.index(plain) + 3, f"{month}月{plain.day.day}日")
        sheet.add([f"本月共走访{sheet.count}户"] + [None] * 10, 11)
        sheets.append(sheet)
    return sheets


def visit_sheet(town: Town, rng: Random) -> list[Sheet]:
    """入户走访登记: one long sheet with whole dates."""
    sheet = Sheet("民情日记", widths=[5, 13, 18, 10, 20, 9, 30, 26, 18, 9, 18], head=(3, 3))
    sheet.add([f"{town.name}入户走访登记（民情日记）"] + [None] * 10, 11)
    sheet.add([f"支部：中共示范街道{town.name}支部", *[None] * 6, "2026年", None, None, None], 7)
    sheet.add(list(VISIT_HEAD))
    for number, call in enumerate(town.calls, 1):
        sheet.data(visit_row(number, call, full_day(call.day, rng), rng.choice(("、", "，", ";")).join(call.visitors), rng))
    plain = next(place for place, call in enumerate(town.calls) if place > 60 and not call.ask)
    day = town.calls[plain].day
    plant_visits(sheet, day.month, plain + 4, full_day(day, rng))
    return [sheet]


def request_row(ask: Ask, rng: Random) -> list[Cell]:
    """编号 受理时间 来源 提出人 联系电话 住址 类型 内容 承办单位 办理时限 办理情况 状态 办结时间 满意度."""
    result = "已处理，居民确认" if ask.closed else "正在联系处理" if ask.state == "办理中" else ""
    return [ask.number, f"{ask.day:%Y-%m-%d}", ask.source, ask.person.name, ask.person.phone, ask.home.address, ask.kind, ask.text, ask.handler,
            f"{ask.due:%Y-%m-%d}", result, ask.state, f"{ask.closed:%Y-%m-%d}" if ask.closed else "", ask.rating]


REQUEST_HEAD: list[Cell] = [
    "编号", "受理时间", "来源", "提出人", "联系电话", "住址", "类型", "内容", "承办单位", "办理时限", "办理情况", "办理状态", "办结时间", "满意度",
]


def planted_requests(asks: list[Ask], rng: Random) -> dict[int, tuple[str, str, dict[int, Cell]]]:
    """Row index to (code, level, changed cells), on requests that no visit points to."""
    order, bad_day, phone, lost, twin = rng.sample([place for place, ask in enumerate(asks) if ask.closed and ask.source != "走访"], 5)
    return {
        order: ("date_order", "read", {12: f"{asks[order].day - dt.timedelta(6):%Y-%m-%d}"}),
        bad_day: ("date_invalid", "read", {1: "2026-09-31"}),
        phone: ("phone_invalid", "read", {4: "1616660012"}),
        lost: ("household_unknown", "desk", {3: "钱未知", 4: "16199990001", 5: "88号楼1单元101室"}),
        twin: ("duplicate_no", "desk", {0: asks[0].number}),
    }


def request_sheet(town: Town, rng: Random) -> list[Sheet]:
    """服务事项台账 as a web export: one header row, IDs and phones guarded by a tab or ="..."."""
    sheet = Sheet("*")
    sheet.add(list(REQUEST_HEAD))
    planted = planted_requests(town.asks, rng)
    for place, ask in enumerate(town.asks):
        code, level, changes = planted.get(place, ("", "", {}))
        row = [changes.get(column, value) for column, value in enumerate(request_row(ask, rng))]
        row[4] = rng.choice((row[4], f"\t{row[4]}", f'="{row[4]}"'))
        sheet.data(row, (code, level) if code else None, [2] if code == "duplicate_no" else [])
    return [sheet]


def request_sheet_two_levels(town: Town, rng: Random) -> list[Sheet]:
    """服务事项台账 with date pairs under two headings, and numbers where text should be."""
    sheet = Sheet("服务事项", widths=[15, 12, 10, 10, 14, 20, 8, 34, 12, 12, 18, 10, 12, 10], head=(2, 3))
    sheet.add([f"{town.name}2026年服务事项（接诉即办）台账"] + [None] * 13, 14)
    sheet.add(["编号", "受理", None, "提出人", "联系电话", "住址", "类型", "内容", "办理", None, None, None, "办结\n时间", "满意度"])
    sheet.add([None, "日期", "来源", None, None, None, None, None, "承办单位", "时限", "情况", "状态", None, None])
    sheet.merges += [(2, 2, 2, 3), (2, 9, 2, 12)] + [(2, column, 3, column) for column in (1, 4, 5, 6, 7, 8, 13, 14)]
    planted = planted_requests(town.asks, rng)
    for place, ask in enumerate(town.asks):
        code, level, changes = planted.get(place, ("", "", {}))
        row = request_row(ask, rng)
        row[1], row[4] = ask.day, int(ask.person.phone)
        sheet.data([changes.get(column, value or None) for column, value in enumerate(row)], (code, level) if code else None,
                   [4] if code == "duplicate_no" else [])
    return [sheet]
