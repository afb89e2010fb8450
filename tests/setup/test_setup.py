"""The set-up's promises: a nameless lock, a stdlib-only dev.py, imports one way, a safe SQLite, no copyleft that binds us."""
from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import Distribution, distribution
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


def runtime_distributions() -> dict[str, Distribution]:
    """Every distribution the program needs on this machine, found by walking the dependencies."""
    found: dict[str, Distribution] = {}
    waiting = list(RUNTIME)
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in found or wanted.extras:
            found[name] = distribution(name)
            waiting += dependencies(found[name], wanted.extras)
    return found


def dependencies(installed: Distribution, extras: set[str]) -> list[Requirement]:
    """What one distribution asks for here, when it was itself asked for with these extras."""
    asked = [Requirement(line) for line in installed.requires or []]
    return [each for each in asked if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras))]


def licence(installed: Distribution) -> str:
    """What a distribution says of its licence; where it says nothing, the licence file itself."""
    metadata = installed.metadata
    said = [metadata.get("License-Expression"), metadata.get("License"), *(metadata.get_all("Classifier") or [])]
    text = " | ".join(line for line in said if line and (line in said[:2] or line.startswith("License ::")))
    return text or "".join(file.read_text() for file in installed.files or [] if "licenses/" in file.as_posix())


def is_gpl(text: str) -> bool:
    """Whether a licence is the GPL or the AGPL; the LGPL is neither."""
    return bool(re.search("GPL|General Public License", re.sub("LGPL|Lesser General Public License", "", text)))


@pytest.mark.parametrize("text", ["GPL-3.0-only", "GNU Affero General Public License v3", "LGPL | GPLv2", "GNU General Public License v2"])
def test_a_gpl_is_known_when_seen(text: str) -> None:
    assert is_gpl(text)


def test_no_runtime_dependency_is_gpl() -> None:
    said = {name: licence(installed) for name, installed in runtime_distributions().items()}
    assert {"pyside6-essentials", "psycopg-binary", "pydantic-core"} <= set(said)
    assert [name for name, text in said.items() if is_gpl(text) or not text] == []
