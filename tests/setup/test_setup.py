"""The set-up's promises: a nameless lock, a stdlib-only dev.py, imports one way, a safe SQLite, no copyleft that binds us."""
from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
# The only three sorts of line a lock may hold.
PIN = r"[a-z0-9-]+==[\w.+]+( ; [^/]+)? \\"
HASH = r"    --hash=sha256:[0-9a-f]{64}( \\)?"
WHY = r"    # +(via|via )?[\w. -]*( \(pyproject\.toml(:dev)?\))?"
RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]


def locked() -> dict[str, str]:
    """Name -> version of every package in the lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.MULTILINE))


def test_lock_names_no_host_and_no_path() -> None:
    for line in LOCK.splitlines():
        assert any(re.fullmatch(sort, line) for sort in (PIN, HASH, WHY)), line


def test_every_locked_package_has_a_hash() -> None:
    for block in re.split(r"^(?=[a-z])", LOCK, flags=re.MULTILINE):
        assert "--hash=sha256:" in block or not block


@pytest.mark.parametrize("wanted", RUNTIME + DEV, ids=str)
def test_lock_is_what_pyproject_asks_for(wanted: Requirement) -> None:
    assert wanted.specifier.contains(locked()[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("entry", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])
def test_every_dependency_says_why(entry: str) -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    assert re.fullmatch(r"    # .+\.", lines[lines.index(f'    "{entry}",') - 1])


def test_dev_py_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {name for node in imports for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])}
    assert {str(name).split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_dev_py_is_readable_by_an_older_python() -> None:
    """Else an old Python shows a SyntaxError in place of the sentence that tells which one to install."""
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 7))


def test_imports_run_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0


def test_the_contract_would_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same contracts on a house where the desk draws its own window."""
    layers = ("ui", "cli", "office", "desk", "ledgers", "sync", "store", "records", "rules", "places")
    for name in ("", *layers):
        (tmp_path / "otherhouse" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "otherhouse" / name / "__init__.py").write_text("")
    (tmp_path / "otherhouse" / "__main__.py").write_text("")
    (tmp_path / "otherhouse" / "desk" / "__init__.py").write_text("import otherhouse.ui")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8").replace("gridapp", "otherhouse"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert lint_imports(no_cache=True) == 1


def test_sqlcipher_carries_a_safe_sqlite() -> None:
    """Before 3.51.3 a checkpoint racing a write could lose a page of the WAL (sqlite.org/wal.html, "the WAL-reset bug")."""
    from sqlcipher3 import dbapi2

    assert dbapi2.sqlite_version_info >= (3, 51, 3)
