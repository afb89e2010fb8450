"""Homes, residents and members as a community office would have typed them, each ledger with its own habits and a known handful of faults.

A fault is planted on a row that is otherwise right; (code, level) says what an import should call it. Level "read": the row alone shows it.
Level "desk": it takes the other rows, or the store, to see it.
"""
from __future__ import annotations

from itertools import groupby
from random import Random

from books import Cell, Sheet
from spellings import homely_day, loose_address, loose_birth, loose_phone, loose_relation, padded
from town import Comrade, Home, Person, Town, check_digit

Fault = tuple[str, str] | None
UNIT = "填报单位（盖章）：示范街道{}"
FILLED = "填报日期：2026年11月18日"


def household_sheet(town: Town, rng: Random) -> list[Sheet]:
    """住户台账: a row a home, a two-level header; faults: two phones, a missing building, an unknown use, a repeated row."""
    sheet = Sheet("住户台账", widths=[6, 9, 8, 8, 12, 16, 9, 10, 8, 20], head=(3, 4))
    sheet.add([f"{town.name}住户台账（一户一档汇总）"] + [None] * 9, 10)
    sheet.add([UNIT.format(town.name), *[None] * 5, FILLED, None, None, None], 6)
    sheet.add(["序\n号", "房屋位置", None, None, "户主\n姓名", "联系电话", "家庭\n人口", "居住性质", "党员户", "备  注"])
    sheet.add([None, "楼栋", "单元", "房号", None, None, None, None, None, None])
    sheet.merges += [(3, 2, 3, 4)] + [(3, column, 4, column) for column in (1, 5, 6, 7, 8, 9, 10)]
    party = {comrade.home for comrade in town.comrades}
    # Planted where nobody lives, so that no resident or visit loses its home with the row.
    vacant = rng.sample([home for home in town.homes if home.use == "空置"], 4)
    spoilt = dict(zip(vacant, (("phone_invalid", "read"), ("phone_invalid", "read"), ("missing", "read"), ("code_unknown", "read")), strict=True))
    for number, home in enumerate(town.homes, 1):
        fault = spoilt.get(home)
        row = household_row(number, home, "√" if home in party else None, rng)
        at = sheet.data(spoil_household(row, fault), fault)
        if number == 350:
            sheet.data(row, ("already_present", "desk"), [at])
    people = sum(len(home.people) for home in town.homes)
    sheet.add(["合    计", f"{len(town.homes)}户", None, None, None, None, people, None, None, None])
    sheet.add(["填表人：            审核人：            填表日期：    年  月  日"] + [None] * 9, 10)
    return [sheet]


def household_row(number: int, home: Home, party: str | None, rng: Random) -> list[Cell]:
    head = home.people[0] if home.people else None
    room: Cell = int(home.room) if rng.random() < 0.5 else home.room
    note = {"空置": "长期空置", "商用": "一楼门面", "租住": "房屋出租"}.get(home.use) if rng.random() < 0.6 else None
    building = rng.choice((f"{home.building}号楼", f"{home.building}号楼", f"{home.building}栋", f"{home.building}#"))
    return [number, building, rng.choice((f"{home.unit}单元", home.unit)), room, padded(head.name, rng) if head else None,
            loose_phone(head.phone, rng) if head else None, len(home.people) if head else 0, home.use, party, note]


def spoil_household(row: list[Cell], fault: Fault) -> list[Cell]:
    changed = list(row)
    if fault and fault[0] == "phone_invalid":
        changed[4], changed[5] = "钱房主", "1619990012"
    elif fault and fault[0] == "missing":
        changed[1] = None
    elif fault:
        changed[7] = "公摊"
    return changed


def resident_cells(person: Person, home: Home, with_id: bool, rng: Random) -> list[Cell]:
    """成员姓名 与户主关系 性别 身份证号或出生年月 本人电话 备注."""
    identity: Cell = person.id_no if with_id else loose_birth(person.birth, rng)
    if with_id and rng.random() < 0.06:
        spaced = f"{person.id_no[:6]} {person.id_no[6:14]} {person.id_no[14:]}"
        identity = rng.choice((f" {person.id_no}", person.id_no.lower(), f"'{person.id_no}", spaced))
    note = "独居老人" if len(home.people) == 1 and person.age >= 70 else "租户" if home.use == "租住" else None
    return [padded(person.name, rng), loose_relation(person.relation, rng), person.sex, identity, loose_phone(person.phone, rng), note]


def add_household(sheet: Sheet, number: int, home: Home, lines: list[tuple[list[Cell], Fault]], rng: Random) -> None:
    """A home's people under one another; 户号, 户主, 住址 and 人口 merged over them, or written in the first row only."""
    first, is_merged = len(sheet.rows) + 1, len(lines) > 1 and home.building % 4 != 2
    door: list[Cell] = [number, home.people[0].name, loose_address(home, rng), len(home.people)]
    for place, (cells, fault) in enumerate(lines):
        others = range(first, first + len(lines)) if fault and fault[0] in ("two_heads", "already_present", "name_missing") else ()
        sheet.data((door if place == 0 else [None] * 4) + cells, fault, [row for row in others if row != first + place])
    if is_merged:
        sheet.merges += [(first, column, first + len(lines) - 1, column) for column in range(1, 5)]


def resident_head(sheet: Sheet, title: str, town: Town, identity: str) -> None:
    sheet.add([title] + [None] * 9, 10)
    sheet.add([UNIT.format(town.name), *[None] * 6, FILLED, None, None], 7)
    sheet.add(["户号", "户主姓名", "家庭住址", "家庭\n人口", "成员姓名", "与户主\n关系", "性别", identity, "本人电话", "备注"])


def spoil_person(cells: list[Cell], code: str) -> list[Cell]:
    """The same row with one thing wrong."""
    changed, identity = list(cells), str(cells[3]).strip(" '").replace(" ", "")
    wrong = "0" if identity[-1] != "0" else "1"
    spoils: dict[str, tuple[int, Cell]] = {
        "name_missing": (0, None), "phone_invalid": (4, "1618880012"), "id_checksum": (3, identity[:-1] + wrong), "id_length": (3, identity[:-1]),
        "id_precision_lost": (3, float(identity[:17] + "0") if identity[:17].isdigit() else None), "date_invalid": (3, "1965.02.30"),
        "id_birth_invalid": (3, "99010119650230001X"), "sex_id_mismatch": (2, "女" if changed[2] == "男" else "男"), "two_heads": (1, "户主"),
    }
    if code in spoils:
        place, value = spoils[code]
        changed[place] = value
    return changed


def pick_victims(town: Town, codes: list[str], rng: Random) -> dict[Person, tuple[str, str]]:
    """One grown member (not the head) of a different home for each fault; two heads are seen only by looking at the whole home."""
    party = {comrade.person for comrade in town.comrades}
    homes = rng.sample([home for home in town.homes if home.use == "自住" and len(home.people) > 2 and home.people[1] not in party], len(codes))
    return {home.people[1]: (code, "desk" if code in ("two_heads", "already_present") else "read") for code, home in zip(codes, homes, strict=True)}


def lines_of(home: Home, victims: dict[Person, tuple[str, str]], with_id: bool, rng: Random) -> list[tuple[list[Cell], Fault]]:
    lines: list[tuple[list[Cell], Fault]] = []
    for person in home.people:
        cells, fault = resident_cells(person, home, with_id, rng), victims.get(person)
        if fault and fault[0] == "already_present":
            lines.append((list(cells), None))
        lines.append((spoil_person(cells, fault[0]) if fault else cells, fault))
    return lines


ID_FAULTS = ["id_checksum", "id_checksum", "id_length", "id_birth_invalid", "id_precision_lost", "phone_invalid", "name_missing",
             "sex_id_mismatch", "two_heads", "already_present"]
BIRTH_FAULTS = ["date_invalid", "phone_invalid", "phone_invalid", "name_missing", "two_heads", "already_present"]


def stranger(sheet: Sheet, identity: Cell) -> None:
    """A man alone at a building the household ledger does not know."""
    sheet.data([900, "钱未知", "88号楼1单元101室", 1, "钱未知", "户主", "男", identity, "16199990001", None], ("household_unknown", "desk"))


def resident_sheet(town: Town, rng: Random) -> list[Sheet]:
    """居民台账 with ID numbers: one sheet, a subtotal a building, blank rows between some homes, a total and a sign-off."""
    sheet = Sheet("居民台账", widths=[7, 11, 22, 7, 12, 9, 6, 22, 26, 14], head=(3, 3))
    resident_head(sheet, f"{town.name}居民台账（2026年）", town, "身份证号码")
    victims, number = pick_victims(town, ID_FAULTS, rng), 0
    lived = [home for home in town.homes if home.people]
    for building, homes in groupby(lived, key=lambda home: home.building):
        count = 0
        for home in homes:
            number, count = number + 1, count + len(home.people)
            add_household(sheet, number, home, lines_of(home, victims, True, rng), rng)
        sheet.add([f"{building}号楼小计", None, None, count, *[None] * 6])
        sheet.add([None] * 10)
    stranger(sheet, "99010119700101001" + check_digit("99010119700101001"))
    people = sum(len(home.people) for home in lived)
    sheet.add(["合    计", None, None, people, f"{number}户", *[None] * 5])
    sheet.add(["填表人：            审核人：            联系电话：            2026年11月18日"] + [None] * 9, 10)
    sheet.add(["注：1.“本人电话”未成年人可不填；2.本表由网格保存。"] + [None] * 9, 10)
    return [sheet]


def resident_sheets_by_building(town: Town, rng: Random) -> list[Sheet]:
    """居民台账 with year and month of birth: a sheet a building, a summary before them and an empty sheet after."""
    victims, sheets, number = pick_victims(town, BIRTH_FAULTS, rng), [], 0
    lived = [home for home in town.homes if home.people]
    for building, homes in groupby(lived, key=lambda home: home.building):
        sheet = Sheet(f"{building}号楼", widths=[7, 11, 22, 7, 12, 9, 6, 13, 26, 14], head=(3, 3))
        resident_head(sheet, f"{town.name}{building}号楼居民台账", town, "出生\n年月")
        for home in homes:
            number += 1
            add_household(sheet, number, home, lines_of(home, victims, False, rng), rng)
        sheets.append(sheet)
    stranger(sheets[-1], "1970.01")
    summary = Sheet("汇总", widths=[12, 10, 10], head=(2, 2))
    summary.add([f"{town.name}居民汇总", None, None], 3)
    summary.add(["楼号", "户数", "人数"])
    for sheet, (_, homes) in zip(sheets, groupby(lived, key=lambda home: home.building), strict=True):
        people = [len(home.people) for home in homes]
        summary.add([sheet.name, len(people), sum(people)])
    summary.add(["合计", number, sum(len(home.people) for home in lived)])
    return [summary, *sheets, Sheet("Sheet1", hidden=True)]


def roster_sheet(town: Town, rng: Random) -> list[Sheet]:
    """党员花名册: three-level header, a section row a group, dates in every fashion, a total and signatures."""
    sheet = Sheet("党员花名册", widths=[5, 9, 5, 7, 10, 22, 9, 14, 12, 10, 10, 16, 20, 8, 10], head=(3, 5))
    sheet.add([f"中共示范街道{town.name}支部委员会党员花名册"] + [None] * 14, 15)
    sheet.add(["（截至2026年10月31日）"] + [None] * 14, 15)
    sheet.add(["序号", "姓名", "性别", "民族", "出生\n年月", "身份证号", "学历", "党内情况", None, None, None,
               "联系电话", "居住地", "是否流\n动党员", "备注"])
    sheet.add([None] * 7 + ["入党时间", None, "人员类别", "党内职务"] + [None] * 4)
    sheet.add([None] * 7 + ["接收预备\n党员日期", "转正日期"] + [None] * 6)
    sheet.merges += [(3, column, 5, column) for column in (1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15)]
    sheet.merges += [(3, 8, 3, 11), (4, 8, 4, 9), (4, 10, 5, 10), (4, 11, 5, 11)]
    formal = [comrade for comrade in town.comrades if comrade.regular]
    spoilt = dict(zip(rng.sample(formal[3:], 5), ("id_checksum", "date_order", "date_invalid", "phone_invalid", "already_present"), strict=True))
    number = 0
    for group, comrades in groupby(town.comrades, key=lambda comrade: comrade.group):
        sheet.add([f"{group}（组长：见备注）"] + [None] * 14, 15)
        for comrade in comrades:
            number += 1
            add_comrade(sheet, number, comrade, spoilt.get(comrade), rng)
    trial = len(town.comrades) - len(formal)
    sheet.add([f"党员总数：{number}名，其中正式党员{len(formal)}名，预备党员{trial}名"] + [None] * 14, 15)
    sheet.add([None] * 15)
    sheet.add(["支部书记（签字）：", *[None] * 6, "组织委员（签字）：", *[None] * 7], 7)
    return [sheet]


def add_comrade(sheet: Sheet, number: int, comrade: Comrade, code: str | None, rng: Random) -> None:
    person = comrade.person
    row: list[Cell] = [number, padded(person.name, rng), person.sex, comrade.nation, f"{person.birth:%Y.%m}", person.id_no, comrade.education,
                       homely_day(comrade.joined, rng), f"{comrade.regular:%Y.%m.%d}" if comrade.regular else "—",
                       "正式党员" if comrade.regular else "预备党员", comrade.post or None, loose_phone(person.phone, rng),
                       loose_address(comrade.home, rng), comrade.flow, None]
    spoils: dict[str, tuple[int, Cell]] = {
        "id_checksum": (5, person.id_no[:-1] + ("0" if person.id_no[-1] != "0" else "1")), "phone_invalid": (11, "1617770012"),
        "date_order": (8, f"{comrade.joined.year - 1}.05.04"), "date_invalid": (7, f"{comrade.joined.year}.02.30"),
    }
    if code == "already_present":
        at = sheet.data(row)
        sheet.data([None, *row[1:]], (code, "desk"), [at])
        return
    if code:
        place, value = spoils[code]
        row[place] = value
    sheet.data(row, (code, "read") if code else None)
