"""Twenty thousand invented people as a ledger of 25 columns, messy as ledgers are, and as rows to insert raw."""
from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import xlsxwriter

from gridapp.rules.id_numbers import check_digit

HEADINGS = (
    *("序号", "楼栋", "单元", "房号", "姓名", "与户主关系", "性别", "出生日期", "身份证号", "联系电话", "民族", "文化程度", "婚姻状况"),
    *("工作单位", "紧急联系人", "紧急联系电话", "户籍地址", "居住性质", "入住时间", "房屋面积", "水表号", "车牌号", "特长", "状态", "备注"),
)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何", "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华"


def people(count: int) -> list[tuple[Any, ...]]:
    """Rows under HEADINGS: three to a door, six doors to a floor."""
    draw = random.Random(count)
    return [_person(draw, at) for at in range(count)]


def _person(draw: random.Random, at: int) -> tuple[Any, ...]:
    door = at // 3
    building, unit, room = door // 96 + 1, door // 24 % 4 + 1, f"{door // 4 % 6 + 1}0{door % 4 + 1}"
    name = draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.randint(1, 2)))
    year, month, day, sex = draw.randint(1935, 2015), draw.randint(1, 12), draw.randint(1, 28), draw.randrange(2)
    first = f"990101{year}{month:02d}{day:02d}{draw.randrange(100):02d}{draw.randrange(5) * 2 + sex}"
    born = draw.choice((f"{year}-{month:02d}-{day:02d}", f"{year}.{month:02d}.{day:02d}", f"{year}年{month}月{day}日"))
    return (
        at + 1, f"{building}号楼", f"{unit}单元", room, name, ("户主", "配偶", "子")[at % 3], "女男"[sex], born, first + check_digit(first),
        f"161{draw.randrange(10**8):08d}", "汉族", draw.choice(("小学", "初中", "高中", "大学")), "已婚", draw.choice(("", "测试机械厂")),
        name if at % 3 else "", "", "测试市测试区", draw.choice(("自住", "租住")), f"{draw.randint(1995, 2024)}-01", draw.randint(40, 140),
        f"{draw.randrange(10**6):06d}", "", draw.choice(("", "书法")), "在册", draw.choice(("", "", "腿脚不便，请先打电话")),
    )


def ledger(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    """The rows as a workbook with a title above its headings."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("居民台账")
        sheet.write(0, 0, "示范网格居民台账")
        sheet.write_row(1, 0, HEADINGS)
        for at, row in enumerate(rows):
            sheet.write_row(at + 2, 0, row)
    return path
