"""What is frozen: build.spec runs, collects every resource, module and licence, and leaves out what is not ours to ship."""
from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

import pytest

from installers import icon, shipped

ROOT = shipped.ROOT


class Collected:
    """Stands for PyInstaller's own steps; remembers what build.spec asked for."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.given, self.named = given, named
        self.binaries: list[tuple[str, str, str]] = []
        self.datas = [(f"{folder}/{Path(file).name}", file, "DATA") for file, folder in named.get("datas", ())]
        self.pure = self.scripts = ()


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The names build.spec leaves behind, run without freezing anything."""
    steps = dict.fromkeys(("Analysis", "PYZ", "EXE", "COLLECT"), Collected)
    names: dict[str, Any] = {**steps, "SPECPATH": str(ROOT)}
    exec(compile((ROOT / "build.spec").read_text("utf-8"), "build.spec", "exec"), names)
    return names


def test_every_resource_goes_in_but_not_what_made_it(spec: dict[str, Any]) -> None:
    placed = {(Path(file), folder) for file, folder in spec["datas"]}
    folders = [path for path in (ROOT / "resources").iterdir() if path.is_dir()]
    assert len(folders) > 8
    for folder in folders:
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
        assert files and all((path, str(path.parent.relative_to(ROOT))) in placed for path in files)
    assert not [file for file, _ in placed if file.suffix == ".py" and "resources" in file.parts]


def test_every_file_that_goes_in_is_there(spec: dict[str, Any]) -> None:
    assert all(Path(ROOT, file).exists() for file, _ in spec["datas"])
    assert (ROOT / "gridapp/store/migrations/env.py").is_file()


def test_every_module_of_ours_goes_in(spec: dict[str, Any]) -> None:
    ours = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in (ROOT / "gridapp").rglob("*.py")}
    assert {name for name in ours if ".migrations" not in name} <= set(spec["hidden"])


@pytest.mark.parametrize(("name", "source", "goes"), [
    ("PySide6/Qt/plugins/platforms/libqxcb.so", "/v/libqxcb.so", True),
    ("PySide6/Qt/plugins/platforms/libqoffscreen.so", "/v/libqoffscreen.so", True),
    ("PySide6/Qt/plugins/platforms/libqminimal.so", "/v/libqminimal.so", False),
    ("PySide6/plugins/platforms/qwindows.dll", "C:\\v\\qwindows.dll", True),
    ("PySide6/plugins/imageformats/qsvg.dll", "C:\\v\\qsvg.dll", True),
    ("PySide6/plugins/tls/qopensslbackend.dll", "C:\\v\\qopensslbackend.dll", False),
    ("PySide6/Qt6Quick.dll", "C:\\v\\Qt6Quick.dll", False),
    ("PySide6/opengl32sw.dll", "C:\\v\\opengl32sw.dll", False),
    ("PySide6/Qt/lib/libQt6Network.so.6", "/v/libQt6Network.so.6", True),
    ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", "/v/libibus.so", True),
    ("PySide6/Qt/translations/qtbase_zh_CN.qm", "/v/qtbase_zh_CN.qm", True),
    ("PySide6/Qt/translations/qtbase_de.qm", "/v/qtbase_de.qm", False),
    ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", True),
    ("libfontconfig.so.1", "/usr/lib/x86_64-linux-gnu/libfontconfig.so.1", False),
    ("libxcb.so.1", "/lib/x86_64-linux-gnu/libxcb.so.1", False),
])  # fmt: skip
def test_only_the_parts_of_qt_and_of_the_system_that_are_used(spec: dict[str, Any], name: str, source: str, goes: bool) -> None:
    assert bool(spec["kept"]((name, source, "BINARY"))) is goes


def test_everything_that_ships_brings_its_licence() -> None:
    told = {folder for _, folder in shipped.licences()}
    missing = [name for name in shipped.distributions() if f"licenses/{name}" not in told]
    assert set(missing) == {"pyside6-essentials", "shiboken6"}  # their wheels carry none: ours, in licenses/Qt
    assert {"LGPL-3.0.txt", "GPL-3.0.txt", "Qt.txt"} == {Path(file).name for file, folder in shipped.licences() if folder == "licenses/Qt"}


def test_a_package_is_built_from_its_part_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    part = shipped.locked_part(lock)
    names = set(re.findall(r"^([a-z0-9-]+)==", part, re.MULTILINE))
    assert set(shipped.distributions()) | {"pyinstaller", "pyinstaller-hooks-contrib"} <= names
    assert not names & {"pytest", "mypy", "openpyxl", "apsw", "hypothesis"}
    assert all(block in lock for block in re.split(r"^(?=[a-z0-9])", part, flags=re.MULTILINE))


def test_the_icon_for_windows_holds_every_size(qapp: Any, tmp_path: Path) -> None:
    data = icon.ico(tmp_path).read_bytes()
    assert struct.unpack("<HHH", data[:6]) == (0, 1, len(icon.SIZES))
    for at, size in enumerate(icon.SIZES):
        width, height, _, _, _, depth, length, start = struct.unpack("<BBBBHHII", data[6 + 16 * at : 22 + 16 * at])
        picture = data[start : start + length]
        assert (width, height, depth) == (size % 256, size % 256, 32)
        assert picture.startswith(b"\x89PNG") and struct.unpack(">II", picture[16:24]) == (size, size)
