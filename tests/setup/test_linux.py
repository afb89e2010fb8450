"""What the Linux packages hold, packed from a stand-in for the frozen program; `make package-deb` tries the real ones in fresh Debian roots."""
from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from installers import deb, linux, root, trial

DEBIAN = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="packages are made on Debian and its kin only")
SHARE = deb.SHARE


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> tuple[Path, Path]:
    """The .deb and the tar.xz of a program of two small files."""
    place = tmp_path_factory.mktemp("packed")
    frozen = place / "frozen" / "gridapp"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "gridapp").write_text("#!/bin/sh\necho 0.1.0\n")
    (frozen / "gridapp").chmod(0o700)
    (frozen / "_internal" / "data").write_text("x")
    (frozen / "_internal" / "data").chmod(0o600)
    made, archive = deb.pack(frozen, place, place, "2.30")
    return made, archive


def told(*words: str) -> str:
    return subprocess.run(["dpkg-deb", *words], capture_output=True, text=True, encoding="utf-8", check=True).stdout


@DEBIAN
def test_the_package_says_what_it_needs(packed: tuple[Path, Path]) -> None:
    fields = dict(re.findall(r"(?m)^([\w-]+): (.*)$", told("-f", str(packed[0]))))
    assert fields["Package"] == "gridapp" and fields["Version"] == deb.shipped.project()["version"]
    assert fields["Depends"].startswith("libc6 (>= 2.30), ") and "libglib2.0-0 | libglib2.0-0t64" in fields["Depends"]
    assert "网格" in told("-f", str(packed[0]), "Description")


@DEBIAN
def test_everything_in_the_package_has_its_place_and_its_rights(packed: tuple[Path, Path]) -> None:
    lines = [line.split() for line in told("-c", str(packed[0])).splitlines()]
    rights = {line[5].removeprefix("."): line[0] for line in lines}
    assert {line[1] for line in lines} == {"root/root"}
    assert rights["/opt/gridapp/gridapp"] == "-rwxr-xr-x" and rights["/opt/gridapp/_internal/data"] == "-rw-r--r--"
    assert rights["/usr/bin/gridapp"].startswith("l") and "/opt/gridapp/gridapp" in lines[[line[5] for line in lines].index("./usr/bin/gridapp")]
    icons = [f"/usr/share/icons/hicolor/{size}x{size}/apps/gridapp.png" for size in deb.ICONS]
    others = ["/usr/share/applications/gridapp.desktop", "/usr/share/mime/packages/gridapp.xml", "/usr/share/doc/gridapp/copyright"]
    assert {*icons, *others} <= set(rights)


@DEBIAN
def test_the_version_before_is_lower(packed: tuple[Path, Path], tmp_path: Path) -> None:
    old = told("-f", str(trial.before(packed[0], tmp_path)), "Version").strip()
    assert subprocess.run(["dpkg", "--compare-versions", old, "lt", deb.shipped.project()["version"]]).returncode == 0


def test_the_stick_carries_its_mark_and_how_to_use_it(packed: tuple[Path, Path]) -> None:
    from gridapp import places

    with tarfile.open(packed[1]) as archive:
        entries = {entry.name.partition("/")[2]: entry for entry in archive.getmembers()}
        guide = archive.extractfile(entries["使用说明.txt"])
        assert guide and "{" not in (text := guide.read().decode()) and "glibc 2.30" in text
    assert {"gridapp", "_internal/data", places.PORTABLE} <= set(entries)
    assert {(entry.uid, entry.uname) for entry in entries.values()} == {(0, "root")}


def test_a_bundle_is_opened_by_the_menu_entry() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment]
    entry.read_string((SHARE / "gridapp.desktop").read_text("utf-8"))
    words = entry["Desktop Entry"]
    mime = ElementTree.fromstring((SHARE / "gridapp.xml").read_bytes())
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kind = mime.find(f"{space}mime-type")
    assert kind is not None and kind.get("type") == words["MimeType"].rstrip(";")
    assert kind.find(f"{space}glob").get("pattern") == "*.gbx"  # type: ignore[union-attr]
    assert words["Exec"].endswith("%f") and words["Name[zh_CN]"] == "网格支部" and words["Icon"] == "gridapp"


@pytest.mark.parametrize("script", ["debian11.sh", "try_deb.sh", "share/after.sh", "here.sh"])
def test_the_scripts_parse(script: str) -> None:
    assert subprocess.run(["bash", "-n", str(root.HERE / script)]).returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("objdump"), reason="reads ELF files with objdump")
def test_the_glibc_a_program_needs_is_read_from_it(tmp_path: Path) -> None:
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "python")
    major, minor = map(int, linux.glibc_of(tmp_path).split("."))
    assert (2, 17) <= (major, minor) < (3, 0)
    (tmp_path / "python").unlink()
    assert linux.glibc_of(tmp_path) == "2.0"


def test_wheels_are_asked_for_an_old_system() -> None:
    words = linux.fits()
    assert any(word.startswith("manylinux_2_31_") for word in words) and not any("2_34" in word for word in words)
