"""The many ways people type one thing, each of which an import must still understand."""
from __future__ import annotations

import datetime as dt
from random import Random

from books import Cell
from town import Home

RELATIONS = {"妻": ("妻", "之妻", "配偶", "妻子"), "夫": ("夫", "丈夫", "配偶"),
             "长子": ("长子", "儿子", "子", "之子"), "次子": ("次子", "二儿子", "子"),
             "长女": ("长女", "女儿", "女", "之女"), "次女": ("次女", "女", "二女儿"), "父亲": ("父亲", "父", "之父"), "母亲": ("母亲", "母", "之母"),
             "非亲属": ("非亲属", "租客", "其他")}


def padded(name: str, rng: Random) -> str:
    """Two-character names are spread out to the width of three by some hands."""
    return rng.choice(("　", " ", "  ")).join(name) if len(name) == 2 and rng.random() < 0.3 else name


def loose_relation(relation: str, rng: Random) -> str:
    return rng.choice(RELATIONS.get(relation, (relation,)))


def loose_address(home: Home, rng: Random) -> str:
    spellings = (home.address, home.address, home.address, f"{home.building}-{home.unit}-{home.room}", f"{home.building}号楼{home.unit}-{home.room}",
                 f"星河苑{home.address}", f"{home.building}栋{home.unit}单元{home.room}")
    return rng.choice(spellings)


def loose_phone(phone: str, rng: Random) -> Cell:
    """The number, as text or not, spaced, labelled, with a land line beside it; "无" or nothing for those without."""
    if not phone:
        return rng.choice((None, None, "无", "—"))
    land = f"0320-555{phone[-4:]}"
    spaced = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    odd: tuple[Cell, ...] = (int(phone), spaced, spaced.replace(" ", "-"), f"+86{phone}", f"{phone}、{land}", f"{phone}/{land}",
                             f"手机：{phone}", f"{phone}（本人）")
    return rng.choice(odd) if rng.random() < 0.25 else phone


def loose_birth(birth: dt.date, rng: Random) -> Cell:
    day: dt.date = birth
    return rng.choice((f"{birth:%Y.%m}",) * 5 + (f"{birth.year}年{birth.month}月", f"{birth:%Y%m}", int(f"{birth:%Y%m%d}"), f"{birth:%Y-%m-%d}", day))


def homely_day(day: dt.date, rng: Random) -> Cell:
    """A day of joining: whole, or only its month."""
    part = (f"{day.year}年{day.month}月", f"{day:%Y%m}")
    return rng.choice((day, f"{day:%Y.%m.%d}", int(f"{day:%Y%m%d}"), f"{day.year}.{day.month}.{day.day}", *part))


def full_day(day: dt.date, rng: Random) -> Cell:
    return rng.choice((day, day, f"{day:%Y-%m-%d}", f"{day:%Y.%m.%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}"))
