"""Adding a field touches its record file and a generated migration, nothing else: done here to a copy of the program, and proved end to end."""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROOF = Path(__file__).with_name("new_field_proof.py")
LINE = '    weather: Annotated[str | None, Text({number}, "天气", aliases=("当日天气",), longest=40)] = None\n'


def program(folder: Path) -> Path:
    """A copy of the program to change."""
    for part in ("gridapp", "resources"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return folder


def run(copy: Path, *arguments: str | Path) -> str:
    """Run the copy's Python; what it printed."""
    environment = os.environ | {"PYTHONPATH": str(copy), "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *map(str, arguments)], cwd=copy, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(copy: Path) -> dict[str, bytes]:
    return {str(path.relative_to(copy)): path.read_bytes() for path in copy.rglob("*") if path.is_file()}


def add_field(copy: Path) -> None:
    path = copy / "gridapp" / "records" / "visit.py"
    text = path.read_text("utf-8")
    number = 1 + max(int(found) for found in re.findall(r"\b(?:Date|People|Link|Text|Name|Choice|YesNo|Phone|Count)\(\s*(\d+),", text))
    path.write_text(text.replace("    @classmethod\n", LINE.format(number=number) + "\n    @classmethod\n", 1), "utf-8")


def test_one_line_and_a_generated_migration_are_all_it_takes(tmp_path: Path) -> None:
    copy, data, scratch = program(tmp_path / "program"), tmp_path / "data", tmp_path / "scratch"
    scratch.mkdir()
    run(copy, PROOF, "make", data)
    before = files(copy)
    add_field(copy)
    run(copy, "-m", "gridapp.desk.migration", "visit: weather")
    after = files(copy)
    touched = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    (migration,) = touched - {"gridapp/records/visit.py"}
    assert migration.startswith("gridapp/store/migrations/versions/") and "weather" in after[migration].decode()
    told = json.loads(run(copy, PROOF, "prove", data, scratch))
    assert told["program"].startswith(str(copy))
    assert told["column"] == ["weather"] and told["old_rows"] == [None]
    assert told["copies"] == [f"before-{Path(migration).name[:4]}.gbk"]
    assert told["heading"] == ["天气"] == [told["label"]]
    assert (told["form"], told["workbook"]) == ("有风", "小雨")
    assert told["list"] == told["ledger"] == told["centre"] == ["小雨", "有风"]
