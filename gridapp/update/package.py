"""An update package as it lies on a stick: whose it is, whether it is for us, and its files unpacked, each against its hash."""
from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gridapp import versions
from gridapp.rules.reading import Trouble
from gridapp.update import makers
from gridapp.update.manifest import INSIDE, MANIFEST, SEAL, Entry, Manifest, apart, here, manifest_of, spoken

Step = Callable[[int, int], None]
LARGEST_MANIFEST = 8 << 20
PIECE = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError, OverflowError)


@dataclass(frozen=True)
class Offer:
    """A package that is the maker's, for this machine, and newer than what runs here."""

    path: Path
    manifest: Manifest
    digest: str

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def notes(self) -> str:
        return self.manifest.notes


def look(path: Path, own: str, known: list[bytes] | None = None, platform: str = "") -> Offer:
    """Read a package without unpacking it. own: the version that runs here; known: the keys to trust (those shipped, unless given).

    Raises Trouble where it cannot be read, is damaged, forged, for another system, or not newer.
    """
    trusted = makers.keys() if known is None else known
    if not trusted:
        raise Trouble("这个程序没有带升级用的公钥，不能用升级包升级。请用新版的安装包安装，数据不受影响。", "no_update_key")
    with readable(path), opened(path) as box:
        plain, seal = _part(box, MANIFEST, LARGEST_MANIFEST), _part(box, SEAL, 64)
        if not makers.signed(plain, seal, trusted):
            raise Trouble("这个升级包的签名不对，可能被改动过或是伪造的，没有安装。请不要再用它，并向给您升级包的人核实。", "forged_update")
        made = manifest_of(plain)
        _check_parts(box, made)
    _check_fit(made, own, platform or here())
    return Offer(path, made, hashlib.sha256(plain).hexdigest())


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What the disk or the stick says becomes one Trouble."""
    try:
        yield
    except FileNotFoundError as error:
        raise Trouble("没有找到这个升级包，U 盘可能已经拔出。请检查后再试。", "no_file") from error
    except OSError as error:
        raise Trouble(f"读不了“{path.name}”。请检查 U 盘是否插好，或重新拷贝一份再试。", "cannot_read") from error


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The package's zip; whatever is wrong with it becomes one Trouble."""
    try:
        with zipfile.ZipFile(path) as box:
            yield box
    except BROKEN as error:
        raise Trouble(f"“{path.name}”不是完好的升级包，没有安装。请重新拷贝一份再试。", "bad_update") from error


def _part(box: zipfile.ZipFile, name: str, most: int) -> bytes:
    info = box.getinfo(name)
    if info.file_size > most:
        raise ValueError(name)
    return box.read(info)


def _check_parts(box: zipfile.ZipFile, made: Manifest) -> None:
    """Exactly the files of the manifest, in their sizes, and plain ones: nothing that leaves the folder, no link, no other device."""
    infos = {info.filename: info for info in box.infolist()}
    wanted = {INSIDE + entry.path: entry.size for entry in made.entries if not entry.link}
    if len(infos) != len(box.infolist()) or set(infos) != {*wanted, MANIFEST, SEAL} or not apart(infos):
        raise ValueError("parts")
    if any(infos[name].file_size != size or not _plain(infos[name]) for name, size in wanted.items()):
        raise ValueError("parts")


def _plain(info: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return kind in (0, stat.S_IFREG) and not info.flag_bits & 1


def _check_fit(made: Manifest, own: str, platform: str) -> None:
    if made.platform != platform:
        text = f"这个升级包是给 {spoken(made.platform)} 用的，这台电脑是 {spoken(platform)}。请换成这种电脑的升级包。"
        raise Trouble(text, "other_platform")
    if not versions.newer(made.version, own):
        raise Trouble(f"这个升级包是 {made.version} 版，现在用的已经是 {own} 版，不用升级。", "not_newer")


def unpack(offer: Offer, folder: Path, step: Step) -> None:
    """The program's files into a new folder, durable. Raises Trouble where the package is not what was looked at, OSError for the disk's own."""
    with opened(offer.path) as box:
        if hashlib.sha256(_part(box, MANIFEST, LARGEST_MANIFEST)).hexdigest() != offer.digest:
            raise ValueError("another package")
        _check_parts(box, offer.manifest)
        folder.mkdir(parents=True)
        done, total = 0, max(offer.manifest.size, 1)
        for entry in sorted(offer.manifest.entries, key=lambda entry: bool(entry.link)):
            step(done, total)
            _place(box, entry, folder)
            done += entry.size
        step(total, total)
    if hasattr(os, "sync"):
        os.sync()


def _place(box: zipfile.ZipFile, entry: Entry, folder: Path) -> None:
    place = folder.joinpath(*entry.path.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    if entry.link:
        _link(entry, place)
    else:
        _write(box, entry, place)


def _link(entry: Entry, place: Path) -> None:
    try:
        place.symlink_to(entry.link)
    except OSError:  # a stick's file system may know no links
        shutil.copy(place.parent / entry.link, place)


def _write(box: zipfile.ZipFile, entry: Entry, place: Path) -> None:
    found = hashlib.sha256()
    with box.open(INSIDE + entry.path) as source, open(place, "xb") as file:
        while piece := source.read(PIECE):
            found.update(piece)
            file.write(piece)
        if not hasattr(os, "sync"):
            file.flush()
            os.fsync(file.fileno())
    if found.hexdigest() != entry.sha256:
        raise ValueError(entry.path)
    place.chmod(0o755 if entry.run else 0o644)
