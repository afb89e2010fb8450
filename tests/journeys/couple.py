"""A grid and its centre who know three rows of one person, and the stick that goes between them."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from gridapp import desk, office
from gridapp.records import BY_NAME, every_column
from gridapp.store.merged import merged_rows
from gridapp.store.read import rows
from gridapp.sync import digest
from tests.desk.town import kept

CONSENT = {"consent_purpose": "帮扶服务", "consent_manner": "签字", "given_on": "2026-07-01", "notice_version": "1"}


class Couple:
    """The two seats, the stick between them, and three rows of one person, each with a consent."""

    def __init__(self, centre: Any, grid: Any, stick: Path) -> None:
        self.centre, self.grid, self.stick = centre, grid, stick
        building = kept(grid, "building", building="3")
        self.homes = [kept(grid, "household", building_id=building, unit="2", room=room) for room in ("501", "601", "701")]
        self.people = [kept(grid, "resident", name="李秀英", household_id=home, birth_year="1950", phone="16100000001") for home in self.homes]
        self.consents = [kept(grid, "consent", resident_id=each, **CONSENT) for each in self.people]
        self.trip()

    def trip(self) -> None:
        """Up and back."""
        assert office.take(self.centre, [desk.make_bundle(self.grid, self.stick).path])[0].ok
        desk.take(self.grid, office.make_return(self.centre, self.stick)[0].path)

    def settle(self, orphans: bool = False) -> list[dict[str, Any]]:
        """Trips until both hold the same and nothing moves; the people who stand. orphans: somebody was deleted while others hung things on him."""
        for _ in range(4):
            self.trip()
        sides = [self.seen(each) for each in (self.grid, self.centre)]
        assert sides[0] == sides[1]
        before = self.digests()
        assert before[0] == before[1]
        self.trip()
        assert self.digests() == before
        with self.grid.store.reading() as connection:
            people = rows(connection, "resident")
            pointed = {row["resident_id"] for row in rows(connection, "consent")}
            assert orphans or connection.exec_driver_sql("SELECT count(*) FROM sync_parked WHERE reason = 'parent'").scalar() == 0
        assert pointed <= {row["id"] for row in people}
        return sorted(people, key=lambda row: row["id"])

    def digests(self) -> list[str]:
        found = []
        for each in (self.grid, self.centre):
            with each.store.reading() as connection:
                found.append(digest.digest(connection, self.grid.scope))
        return found

    def seen(self, seat: Any) -> dict[str, Any]:
        """Every value of the grid's rows, and what is to be looked at."""
        found: dict[str, Any] = {}
        with seat.store.reading() as connection:
            for record in ("household", "resident", "consent", "apart"):
                merged = merged_rows(connection, record) if record == "resident" else []
                names = ("id", *(each.name for each in every_column(BY_NAME[record])))
                found[record] = sorted(([row[name] for name in names] for row in (*rows(connection, record), *merged)), key=str)
        return found | {"pairs": desk.pairs(seat)}
