"""What the demonstration did: seconds a step, and every count with what explains it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gridapp.desk import Intake


@dataclass
class Report:
    """steps: what took how long. facts: what came of it, by topic."""

    say: Any = print
    steps: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step and say that it is done."""
        start = time.perf_counter()
        yield
        seconds = round(time.perf_counter() - start, 2)
        self.steps.append({"step": name, "seconds": seconds})
        self.say(f"{name}：{seconds:.2f} 秒")

    def write(self, path: Path) -> None:
        """Write it all down."""
        total = round(sum(step["seconds"] for step in self.steps), 2)
        path.write_text(json.dumps({"seconds": total, "steps": self.steps, **self.facts}, ensure_ascii=False, indent=1), "utf-8")


def intake_line(done: Intake) -> dict[str, Any]:
    """One ledger's import: its counts, and each row that was not simply kept, with the reason. Rows are named by number, never by person."""
    rows = [
        {"sheet": row.sheet, "row": row.row, "outcome": row.outcome, "why": [fault.code for fault in row.faults] or ["already_present"]}
        for row in done.rows
        if row.outcome in ("cannot", "same") or row.faults
    ]
    return {"file": done.file, "rows": sum(done.counts.values()), "counts": done.counts, "written": done.records, "explained": rows}
