"""The self-test, from source: everything it proves is true here too, and what fails, breaks or hangs is told as it is."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gridapp.selftest.checks import CHECKS

BAD = """
import json, sys, time
from pathlib import Path
from gridapp.rules.reading import Trouble
from gridapp.selftest.run import prove

def good(bed): return "好"
def refused(bed): raise Trouble("磁盘已满。请腾出空间。")
def broken(bed): return {}["王建国"]
def stuck(bed): time.sleep(60)
out = Path(sys.argv[1], "out.json")
checks = (("good", good), ("refused", refused), ("broken", broken), ("stuck", stuck), ("never", good))
prove(checks, None, lambda report: out.write_text(json.dumps(report), "utf-8"), Path(sys.argv[1], "stuck.txt"), patience=0.5)
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, encoding="utf-8", timeout=180)


def test_everything_it_proves_holds_from_source(tmp_path: Path) -> None:
    out, picture = tmp_path / "结果.json", tmp_path / "窗口.png"
    done = run("-m", "gridapp", "--self-test", "--offscreen", "--out", str(out), "--picture", str(picture))
    report = json.loads(out.read_text("utf-8"))
    assert {name: line["detail"] for name, line in report.items() if not line["ok"]} == {}
    assert list(report) == [name for name, _ in CHECKS] and all(line["detail"] and line["ms"] >= 0 for line in report.values())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, dict[str, object]]]:
    """Exit code and report of a self-test in which everything goes wrong."""
    folder = tmp_path_factory.mktemp("bad")
    code = run("-c", BAD, str(folder)).returncode
    return code, json.loads((folder / "out.json").read_text("utf-8"))


def test_what_hangs_ends_the_program_with_a_report_that_says_where(bad: tuple[int, dict[str, dict[str, object]]]) -> None:
    code, report = bad
    assert code == 1
    assert [name for name, line in report.items() if line["ok"]] == ["good"]
    assert "停住" in str(report["stuck"]["detail"]) and "没有做到" in str(report["never"]["detail"])


def test_what_fails_is_told_without_anything_personal(bad: tuple[int, dict[str, dict[str, object]]]) -> None:
    _, report = bad
    assert report["refused"]["detail"] == "磁盘已满。请腾出空间。"
    assert str(report["broken"]["detail"]).startswith("KeyError") and "王建国" not in json.dumps(report, ensure_ascii=False)
