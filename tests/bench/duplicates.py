"""Finding people who are there twice: 15,000 of them against RapidFuzz on the same blocked pairs, and four times as many."""
from __future__ import annotations

import random
from pathlib import Path

from rapidfuzz import fuzz

from gridapp.rules.sameness import Person, alike, candidates, judge, person
from tests.bench.figures import Figure, medians, timed
from tests.bench.people import people

TIMES = 4


def figures(folder: Path, rows: int, times: int) -> list[Figure]:
    """Judging pairs, the whole search, and how it grows. Three quarters of the ledgers' rows: 15,000 people for the usual 20,000."""
    few = crowd(rows * 3 // 4)
    many = crowd(len(few) * TIMES)
    pairs = list(candidates(few))
    ours, fuzzy = medians(times, lambda: timed(lambda: [judge(*each) for each in pairs]), lambda: timed(lambda: [ratio(*each) for each in pairs]))
    works = (lambda: timed(lambda: alike(few)), lambda: timed(lambda: [ratio(*each) for each in candidates(few)]), lambda: timed(lambda: alike(many)))
    whole, blocked, grown = medians(times, *works)
    return [
        Figure(f"判断 {len(pairs):,} 对", ours, fuzzy, 2, "RapidFuzz WRatio 同样的对"),
        Figure(f"查重 {len(few):,} 人", whole, blocked, 2, "同样分块，再用 RapidFuzz WRatio"),
        Figure(f"查重 {len(many):,} 人", grown, whole * TIMES, 1.5, f"{len(few):,} 人的 {TIMES} 倍：线性"),
    ]


def ratio(one: Person, other: Person) -> float:
    """What RapidFuzz makes of the two as lines of text."""
    return fuzz.WRatio(line(one), line(other))


def line(each: Person) -> str:
    """A person as one line."""
    return f"{each.name} {each.birth} {'、'.join(each.phones)} {each.door} {each.address}"


def crowd(count: int) -> list[Person]:
    """Invented people, members among them; one in twenty is there twice, with another door or another phone."""
    draw = random.Random(count)
    made: list[Person] = []
    for at, row in enumerate(people(count * 20 // 21)):
        estate = f"{at // 6000 + 1}区"
        door, phone, born = f"{estate} {row[1]}{row[2]}{row[3]}", row[9], row[7][:4] if at % 10 else f"{row[7][:4]}-01-0{at % 9 + 1}"
        made.append(person(f"{at:032x}", row[4], born, phone, None, door, "" if at % 10 else door))
        if at % 20 == 0:
            other = (phone, f"{estate} 99号楼{at}") if draw.randrange(2) else (f"162{at:08d}", door)
            made.append(person(f"{at:031x}f", row[4], born, other[0], None, other[1], "" if at % 10 else other[1]))
    return made
