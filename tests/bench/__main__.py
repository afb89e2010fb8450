"""`python -m tests.bench [--rows N] [--times N] [--json FILE] [group ...]`: every figure beside its floor of the same run."""
from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench import crowd, duplicates, exchange, ledgers, start, templates, writing
from tests.bench.figures import Line, show

GROUPS = {"start": start, "ledgers": ledgers, "templates": templates, "writing": writing, "duplicates": duplicates, "exchange": exchange}
LONG = {"crowd": crowd}  # minutes each, so only when named


def main() -> None:
    """Measure the groups named (when none is, all but the long ones) and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, *LONG, []], metavar="|".join([*GROUPS, *LONG]))
    parser.add_argument("--rows", type=int, default=20_000, help="台账行数；交换用它的五倍")
    parser.add_argument("--times", type=int, default=5, help="每项取几次的中位数")
    parser.add_argument("--json", type=Path, help="结果另写一份 .json")
    asked = parser.parse_args()
    found: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="gridapp-bench-") as folder:
        for name in asked.groups or GROUPS:
            place = Path(folder) / name
            place.mkdir()
            found += {**GROUPS, **LONG}[name].figures(place, asked.rows, asked.times)
    print(show(found))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(each) | {"ratio": each.ratio} for each in found], ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
