"""A made-up neighbourhood: homes, people, Party members, visits and requests that agree with one another.

Nobody here exists: ID area 990101, mobiles 161........, land lines 0320-555.... The same seed gives the same town.
"""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from phrases import COMPOUND, EDUCATION, GIVEN_MAN, GIVEN_WOMAN, HETERONYM, MATTERS, NATIONS, RARE, SURNAMES, TALKS

TODAY = dt.date(2026, 11, 21)
FIRST_DAY = dt.date(2026, 6, 1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(eq=False)
class Person:
    """One resident; relation is to the head of the home."""

    name: str
    sex: str
    birth: dt.date
    id_no: str
    phone: str
    relation: str

    @property
    def age(self) -> int:
        return TODAY.year - self.birth.year


@dataclass(eq=False)
class Home:
    """One dwelling; use is 自住, 租住, 空置 or 商用."""

    building: int
    unit: int
    room: str
    use: str
    people: list[Person] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self.building}号楼{self.unit}单元{self.room}室"


@dataclass(eq=False)
class Comrade:
    """A Party member who lives in one of the homes."""

    person: Person
    home: Home
    group: str
    joined: dt.date
    regular: dt.date | None
    post: str
    flow: str
    education: str
    nation: str


@dataclass(eq=False)
class Ask:
    """A request, with the day it was closed or None."""

    number: str
    day: dt.date
    source: str
    person: Person
    home: Home
    kind: str
    text: str
    handler: str
    due: dt.date
    closed: dt.date | None
    state: str
    rating: str


@dataclass(eq=False)
class Call:
    """A visit; ask is the request that came out of it."""

    day: dt.date
    visitors: list[str]
    home: Home
    person: Person
    manner: str
    talk: str
    ask: Ask | None


@dataclass
class Town:
    """Everything one grid knows."""

    name: str
    homes: list[Home]
    comrades: list[Comrade]
    calls: list[Call]
    asks: list[Ask]


def check_digit(first17: str) -> str:
    """GB 11643-1999."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


class Births:
    """Gives each person a name, an ID number and a mobile that nobody else has."""

    def __init__(self, rng: Random, grid: int) -> None:
        self.rng, self.grid, self.count = rng, grid, 0
        self.names: set[str] = set()

    def person(self, surname: str, sex: str, age: int, relation: str) -> Person:
        self.count += 1
        birth = min(dt.date(TODAY.year - age, 1, 1) + dt.timedelta(self.rng.randrange(365)), TODAY - dt.timedelta(30))
        order = (self.count * 2 + self.grid * 400) % 998 // 2 * 2 + (sex == "男")
        first17 = f"990101{birth:%Y%m%d}{order:03d}"
        if (first17 + check_digit(first17)).endswith("000"):  # looks like a number Excel has rounded
            first17 = f"990101{birth:%Y%m%d}{order + 2:03d}"
        return Person(self.name(surname, sex), sex, birth, first17 + check_digit(first17), self.mobile(age), relation)

    def name(self, surname: str, sex: str) -> str:
        given = GIVEN_MAN if sex == "男" else GIVEN_WOMAN
        while True:
            name = surname + "".join(self.rng.sample(given, self.rng.choice((1, 2, 2, 2))))
            if name not in self.names:
                self.names.add(name)
                return name

    def mobile(self, age: int) -> str:
        return "" if age < 14 else f"161{self.grid}{self.rng.randrange(1000):03d}{self.count:04d}"

    def surname(self) -> str:
        return self.rng.choices([self.rng.choice(SURNAMES), self.rng.choice(HETERONYM), self.rng.choice(COMPOUND)], (78, 18, 4))[0]


def family(births: Births) -> list[Person]:
    """A household of one to six, the head first."""
    rng, surname = births.rng, births.surname()
    size = rng.choices((1, 2, 3, 4, 5, 6), (11, 24, 28, 22, 11, 4))[0]
    age = rng.randint(66, 88) if size == 1 and rng.random() < 0.6 else rng.randint(29, 74)
    sex = "男" if rng.random() < 0.78 else "女"
    people = [births.person(surname, sex, age, "户主")]
    if size > 1:
        people.append(births.person(births.surname(), "女" if sex == "男" else "男", age - rng.randint(-2, 4), "妻" if sex == "男" else "夫"))
    child_surname = surname if sex == "男" or size < 2 else people[1].name[: 2 if people[1].name[:2] in COMPOUND else 1]
    return people + younger_and_older(births, child_surname, surname, age, size - 2)


def younger_and_older(births: Births, child_surname: str, surname: str, age: int, rest: int) -> list[Person]:
    """Children first, then one parent or grandchildren, until the home is full."""
    rng, more, seen = births.rng, [], {"男": 0, "女": 0}
    for place in range(max(rest, 0)):
        if place < 2 and age < 78:
            sex = rng.choice("男女")
            seen[sex] += 1
            relation = ("长子", "次子")[seen[sex] - 1] if sex == "男" else ("长女", "次女")[seen[sex] - 1]
            more.append(births.person(child_surname, sex, max(0, age - rng.randint(24, 31) - 2 * place), relation))
        elif age < 60:
            more.append(births.person(surname if place % 2 else births.surname(), "男" if place % 2 else "女",
                                      min(97, age + rng.randint(21, 29)), "父亲" if place % 2 else "母亲"))
        else:
            sex = rng.choice("男女")
            more.append(births.person(child_surname, sex, max(0, age - rng.randint(50, 58)), "孙子" if sex == "男" else "孙女"))
    return more


def tenants(births: Births) -> list[Person]:
    """One to three people who share a rented flat."""
    rng = births.rng
    count = rng.choices((1, 2, 3), (4, 4, 2))[0]
    return [births.person(births.surname(), rng.choice("男女"), rng.randint(21, 44), "非亲属" if place else "户主") for place in range(count)]


def make_homes(births: Births, buildings: list[tuple[int, int, int]]) -> list[Home]:
    """(building, units, floors) with two flats a floor."""
    homes = []
    for building, units, floors in buildings:
        for unit, floor, flat in ((u, f, n) for u in range(1, units + 1) for f in range(1, floors + 1) for n in (1, 2)):
            use = births.rng.choices(("自住", "租住", "空置", "商用"), (80, 13, 6, 1 if floor == 1 else 0))[0]
            people = family(births) if use == "自住" else tenants(births) if use == "租住" else []
            homes.append(Home(building, unit, f"{floor}{flat:02d}", use, people))
    return homes


def rare_names(homes: list[Home]) -> None:
    """Three people carry characters that fonts, encodings and pinyin tables stumble over."""
    grown = [home.people[0] for home in homes if home.people and home.people[0].age < 60]
    for person, given in zip(grown[10::60], RARE, strict=False):
        person.name = person.name[: 2 if person.name[:2] in COMPOUND else 1] + given


def make_comrades(rng: Random, homes: list[Home], count: int) -> list[Comrade]:
    """Members in three groups by building; the first is the secretary, the last three are on probation."""
    grown = [(home, person) for home in homes if home.use == "自住" for person in home.people if 23 <= person.age <= 90]
    chosen = sorted(rng.sample(grown, count), key=lambda pair: (pair[0].building, pair[0].unit, pair[0].room))
    posts = {0: "支部书记", 1: "组织委员", 2: "宣传委员"}
    comrades = []
    for place, (home, person) in enumerate(chosen):
        trial = place % (count // 3) == count // 3 - 1 and person.age < 75
        age = rng.randint(20, min(45, person.age - 2))
        joined = TODAY - dt.timedelta(rng.randint(60, 300)) if trial else dt.date(person.birth.year + age, rng.randint(1, 12), rng.randint(1, 28))
        regular = None if trial else joined.replace(year=joined.year + 1)
        comrades.append(Comrade(person, home, f"第{'一二三'[place * 3 // count]}党小组", joined, regular, posts.get(place, ""),
                                "是" if rng.random() < 0.08 else "否", rng.choice(EDUCATION), rng.choice(NATIONS)))
    return comrades


def make_asks(rng: Random, homes: list[Home], prefix: str, count: int) -> list[Ask]:
    """Requests over the half year; the youngest ones are still open, some of them late."""
    lived = [home for home in homes if home.people]
    days = sorted(FIRST_DAY + dt.timedelta(rng.randrange((TODAY - FIRST_DAY).days)) for _ in range(count))
    return [make_ask(rng, f"{prefix}-2026-{place + 1:03d}", day, rng.choice(lived), place >= count - 9) for place, day in enumerate(days)]


def make_ask(rng: Random, number: str, day: dt.date, home: Home, is_open: bool) -> Ask:
    text, kind, handler, days = rng.choice(MATTERS)
    closed = None if is_open else min(day + dt.timedelta(rng.randint(1, days + 1)), TODAY)
    person = rng.choice([person for person in home.people if person.phone])
    state = rng.choice(("已受理", "办理中", "办理中")) if is_open else "已办结"
    rating = rng.choice(("满意", "满意", "满意", "基本满意", "不满意")) if closed and rng.random() < 0.8 else ""
    source = rng.choice(("来电", "来访", "12345转办", "上级交办"))
    return Ask(number, day, source, person, home, kind, text, handler, day + dt.timedelta(days), closed, state, rating)


def make_calls(rng: Random, homes: list[Home], asks: list[Ask], visitors: list[str], count: int) -> list[Call]:
    """Visits; three requests in five came out of one, on the same day, at the same door."""
    born = [ask for place, ask in enumerate(asks) if place % 5 < 3]
    calls = [Call(ask.day, rng.sample(visitors, 2), ask.home, ask.person, "入户", rng.choice(TALKS), ask) for ask in born]
    for ask in born:
        ask.source = "走访"
    lived = [home for home in homes if home.people and home.people[0].age > 55] * 2 + [home for home in homes if home.people]
    days = [FIRST_DAY + dt.timedelta(step) for step in range(0, (TODAY - FIRST_DAY).days, 4)]
    for _ in range(count - len(calls)):
        home, day = rng.choice(lived), rng.choice(days)
        calls.append(Call(day, rng.sample(visitors, rng.choice((1, 2, 2))), home, home.people[0],
                          rng.choice(("入户", "入户", "入户", "电话", "偶遇")), rng.choice(TALKS), None))
    return sorted(calls, key=lambda call: (call.day, call.home.address, call.person.name))


def make_town(grid: int, name: str, buildings: list[tuple[int, int, int]], members: int) -> Town:
    """The whole neighbourhood of one grid."""
    rng = Random(990101 + grid)
    births = Births(rng, grid)
    homes = make_homes(births, buildings)
    rare_names(homes)
    comrades = make_comrades(rng, homes, members)
    asks = make_asks(rng, homes, f"WG{grid}", 40)
    visitors = [comrade.person.name for comrade in comrades[:3]] + [births.name(births.surname(), "女")]
    return Town(name, homes, comrades, make_calls(rng, homes, asks, visitors, 120), asks)
