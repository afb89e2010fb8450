"""示例数据: the made-up grids that ship with the program, taken in through the same verbs as anybody's ledgers."""

from __future__ import annotations

from pathlib import Path

from gridapp import places
from gridapp.desk import facts
from gridapp.desk.desk import Desk, Step, no_step
from gridapp.desk.facts import Row
from gridapp.desk.intake import Intake, take_in
from gridapp.desk.keeping import keep_in
from gridapp.rules.dates import add_months

ORDER = ("住户台账", "居民台账", "党员花名册", "入户走访台账", "服务事项台账")
MOST_NEEDS = 18


def ledgers(grid: str) -> list[Path]:
    """The ledgers of a sample grid ('grid1' or 'grid2'), households first."""
    home = places.resources("sample", grid)
    return [path for stem in ORDER for path in sorted(home.glob(f"{stem}.*"))]


def fill(desk: Desk, grid: str = "grid1", step: Step = no_step) -> list[Intake]:
    """Take in a sample grid's ledgers, then record the consents and service categories of its elderly. Gives one Intake a file."""
    files = ledgers(grid)
    done = []
    for at, path in enumerate(files):
        step(at, len(files))
        done.append(take_in(desk, path))
    add_care(desk)
    return done


def add_care(desk: Desk) -> int:
    """Consents and service categories for old people who live alone or as a couple, the lately visited first; gives how many."""
    with desk.store.work("示例服务类别") as work:
        homes = facts.households(work.connection, desk.today())
        members = [row["id"] for row in facts.rows(work.connection, "member") if row["party_status"] == "normal"]
        by_visit = sorted(homes.rows, key=lambda home: homes.last_visit.get(home, ""), reverse=True)
        chosen = [found for home in by_visit if (found := _elder(homes.people.get(home, []), desk.today().year))][:MOST_NEEDS]
        for at, (person, category) in enumerate(chosen):
            consent = {"resident_id": person["id"], "consent_purpose": "service", "consent_manner": "signed", "given_on": desk.today().isoformat()}
            keep_in(desk, work, "consent", consent | {"notice_version": "2026-1"})
            need = {"resident_id": person["id"], "service_category": category, "basis": "own_request", "frequency": "month"}
            review = add_months(desk.today(), 1 + at % 11).isoformat()
            keep_in(desk, work, "service_need", need | {"member_id": members[at % len(members)] if members else None, "review_on": review})
        work.keep()
    return len(chosen)


def _elder(people: list[Row], year: int) -> tuple[Row, str] | None:
    """The eldest of a household where all are over 70, and how they live."""
    aged = [person for person in people if person["birth_year"] and year - person["birth_year"] >= 70]
    if not people or len(aged) != len(people) or len(people) > 2:
        return None
    return min(aged, key=lambda person: person["birth_year"]), "alone" if len(people) == 1 else "empty_nest"
