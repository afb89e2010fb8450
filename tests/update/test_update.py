"""Updates by file: only the maker's, only for this machine, only newer, whole or not at all, and only when the new one has proved itself."""
from __future__ import annotations

import json
import stat
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from gridapp import versions
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.update import install, makers, package
from gridapp.update.manifest import CONTEXT, MANIFEST, SEAL, Entry, Manifest, here, manifest_of
from installers import update_package

OWN = "0.1.0"


def no_step(done: int, total: int) -> None:
    return


def put_in(maker, home: Path, path: Path, step=no_step) -> Path:
    return install.install(package.look(path, OWN, [maker.key]), home, OWN, step)


def rewritten(path: Path, change) -> Path:
    """The package again with change(name, info, bytes) -> (info, bytes) or None to leave a part out."""
    out = path.with_name("changed.gup")
    with zipfile.ZipFile(path) as box, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for info in box.infolist():
            if (kept := change(info.filename, info, box.read(info))) is not None:
                made.writestr(*kept)
    return out


def refused(maker, path: Path, code: str) -> str:
    with pytest.raises(Trouble) as told:
        package.look(path, OWN, [maker.key])
    assert told.value.code == code and told.value.text.endswith("。")
    return told.value.text


def test_there_and_back(maker, home, tree):
    path = maker.pack("0.2.0")
    before, told = tree(home), []
    offer = package.look(path, OWN, [maker.key])
    assert (offer.version, offer.notes) == ("0.2.0", "窗口：\n- 更快了。") and offer.manifest.size > 200_000
    assert versions.chosen(home, OWN) is None
    program = put_in(maker, home, path, lambda done, total: told.append((done, total)))
    assert versions.chosen(home, OWN) == program == home / "versions" / "0.2.0" / "gridapp"
    assert tree(program.parent) == tree(maker.dist("0.2.0")) and (program.parent / "_internal" / "lib.so").is_symlink()
    assert stat.S_IMODE(program.stat().st_mode) == 0o755
    assert {name: data for name, data in tree(home).items() if not name.startswith("versions/")} == before
    assert told[0][0] == 0 and told[-1][0] == told[-1][1] == offer.manifest.size
    assert versions.chosen(home, "0.2.0") is None and versions.chosen(home, "0.3.0") is None


def test_the_version_before_stays_and_the_one_before_that_goes(maker, home):
    for own, version in (("0.1.0", "0.2.0"), ("0.2.0", "0.3.0"), ("0.3.0", "0.10.0")):
        install.install(package.look(maker.pack(version), own, [maker.key]), home, own, no_step)
    assert sorted(path.name for path in (home / "versions").iterdir()) == ["0.10.0", "0.3.0", "current"]
    assert versions.current(home) == "0.10.0"


def test_where_links_are_not_known_there_are_copies(maker, home, monkeypatch):
    def refuse(self, target):
        raise OSError("no links on FAT")

    path = maker.pack("0.2.0")
    monkeypatch.setattr(Path, "symlink_to", refuse)
    place = put_in(maker, home, path).parent
    assert not (place / "_internal" / "lib.so").is_symlink()
    assert (place / "_internal" / "lib.so").read_bytes() == (place / "_internal" / "库" / "大.bin").read_bytes()


@pytest.mark.parametrize(("version", "code"), [("0.1.0", "not_newer"), ("0.0.9", "not_newer")])
def test_older_or_the_same_is_refused(maker, version, code):
    assert version in refused(maker, maker.pack(version), code)


def test_versions_are_numbers_not_texts():
    assert versions.newer("0.10.0", "0.9.9") and not versions.newer("0.9.9", "0.10.0") and not versions.newer("latest", "0.1.0")


def test_another_platform_is_refused(maker):
    text = refused(maker, maker.pack("0.2.0", platform="windows-aarch64"), "other_platform")
    assert "Windows" in text and package.spoken(here()) in text


def test_another_maker_is_refused(maker):
    path = maker.pack("0.2.0")
    assert refused(replace(maker, key=makers.new_pair()[1]), path, "forged_update")
    package.look(path, OWN, [makers.new_pair()[1], maker.key])


def test_a_program_without_a_key_takes_nothing(maker):
    with pytest.raises(Trouble, match="没有带升级用的公钥") as told:
        package.look(maker.pack("0.2.0"), OWN, [])
    assert told.value.code == "no_update_key"


def test_a_signature_for_something_else_is_refused(maker):
    """Not over the bare manifest: what the same key signs elsewhere must not pass here."""
    from nacl import bindings as sodium

    bare = sodium.crypto_sign_seed_keypair(maker.seed)[1]

    def swap(name, info, data):
        return (info, sodium.crypto_sign(plain, bare)[:64]) if name == SEAL else (info, data)

    path = maker.pack("0.2.0")
    with zipfile.ZipFile(path) as box:
        plain = box.read(MANIFEST)
    refused(maker, rewritten(path, swap), "forged_update")
    assert makers.signed(plain, makers.seal(plain, maker.seed), [maker.key]) and CONTEXT not in plain


@pytest.mark.parametrize("what", ["version", "notes", "entries"])
def test_a_changed_manifest_is_refused(maker, what):
    def change(name, info, data):
        if name != MANIFEST:
            return info, data
        told = json.loads(data)
        told[what] = {"version": "0.9.0", "notes": "别的", "entries": told["entries"][:-1]}[what]
        return info, json.dumps(told).encode()

    refused(maker, rewritten(maker.pack("0.2.0"), change), "forged_update")


def test_a_changed_file_is_refused_and_leaves_nothing(maker, home):
    path = rewritten(maker.pack("0.2.0"), lambda name, info, data: (info, data.replace(b"0.2.0", b"6.6.6") if name.endswith("version.txt") else data))
    with pytest.raises(Trouble, match="不是完好的升级包"):
        put_in(maker, home, path)
    assert list((home / "versions").iterdir()) == [] and versions.chosen(home, OWN) is None


@pytest.mark.parametrize("part", [0, 10, 0.3, 0.9, 0.999])
def test_a_truncated_package_is_refused(maker, tmp_path, part):
    data = maker.pack("0.2.0").read_bytes()
    short = tmp_path / "short.gup"
    short.write_bytes(data[: int(part * len(data)) if part < 1 else int(part)])
    refused(maker, short, "bad_update")


def test_what_is_no_package_is_told(maker, tmp_path):
    refused(maker, tmp_path / "没有.gup", "no_file")
    refused(maker, tmp_path, "cannot_read")
    (tmp_path / "a.gup").write_text("你好")
    refused(maker, tmp_path / "a.gup", "bad_update")
    with zipfile.ZipFile(tmp_path / "b.gup", "w") as box:
        box.writestr("readme.txt", "x")
    refused(maker, tmp_path / "b.gup", "bad_update")


def _with(name: str, attributes: int = 0):
    """A package with one part more."""

    def make(path: Path) -> Path:
        info = zipfile.ZipInfo(name)
        info.external_attr = attributes << 16
        with zipfile.ZipFile(path, "a") as box:
            box.writestr(info, "../../etc/passwd")
        return path

    return make


@pytest.mark.parametrize("name", ["program/../../evil", "/etc/evil", "program/more.txt", "..\\evil", "program/GRIDAPP"])
def test_a_part_that_is_not_in_the_manifest_is_refused(maker, name):
    refused(maker, _with(name)(maker.pack("0.2.0")), "bad_update")


def test_a_part_that_is_a_link_is_refused(maker):
    def link(name, info, data):
        if name == "program/_internal/version.txt":
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
        return info, data

    refused(maker, rewritten(maker.pack("0.2.0"), link), "bad_update")


@pytest.mark.parametrize(
    "entry",
    [
        *(Entry(path, 1, "0" * 64) for path in ("../evil", "/etc/evil", "a//b", "C:/evil", "a\\b", "GRIDAPP", "gridapp/inner", "a.", "a\n", "")),
        Entry("short", 1, "abc"), Entry("minus", -1, "0" * 64),
        *(Entry("a-link", link=goal) for goal in ("../../etc/passwd", "/etc/passwd", "missing", "a-link", "to", "./gridapp")),
    ],
)  # fmt: skip
def test_even_signed_a_manifest_leads_nowhere_else(entry):
    """The signature is the wall; this is the second one, against the maker's own mistakes."""
    good = Manifest("0.2.0", here(), "gridapp", "", (Entry("gridapp", 1, "0" * 64, run=True), Entry("to", link="gridapp")))
    assert manifest_of(good.data()) == good
    with pytest.raises(ValueError):
        manifest_of(replace(good, entries=(*good.entries, entry)).data())


@pytest.mark.parametrize("wrong", [{"version": "new"}, {"program": "missing"}, {"program": "to"}, {"notes": 5}])
def test_a_manifest_that_does_not_hold_together(wrong):
    good = Manifest("0.2.0", here(), "gridapp", "", (Entry("gridapp", 1, "0" * 64, run=True), Entry("to", link="gridapp")))
    with pytest.raises(ValueError):
        manifest_of(replace(good, **wrong).data())
    other = good.data().replace(b'"product": "gridapp"', b'"product": "other"')
    for data in (b"", b"[]", b"{}", b"null", other):
        with pytest.raises(ValueError):
            manifest_of(data)


@pytest.mark.parametrize(
    "how",
    [
        {"report": {"数据库": {"ok": True}, "窗口": {"ok": False, "detail": "x"}}}, {"code": 1}, {"report": {}}, {"report": "half a rep"},
        {"report": "[]"}, {"report": {"a": {}}},
    ],
)  # fmt: skip
def test_a_version_that_fails_its_self_test_is_not_taken(maker, home, tree, how):
    before = tree(home)
    with pytest.raises(Trouble, match="已经退回") as told:
        put_in(maker, home, maker.pack("0.2.0", **how))
    assert told.value.code == "self_test" and tree(home) == before and versions.chosen(home, OWN) is None
    put_in(maker, home, maker.pack("0.2.1"))
    assert versions.current(home) == "0.2.1"


def test_a_program_that_cannot_start_is_not_taken(maker, home, monkeypatch):
    dist = maker.dist("0.2.0")
    (dist / "gridapp").write_bytes(b"\x7fELF of another machine")
    path = update_package.make(dist, maker.manifest(dist, "0.2.0"), maker.seed, maker.folder / "broken.gup")
    with pytest.raises(Trouble, match="启动不了，已经退回"):
        put_in(maker, home, path)
    (dist / "gridapp").write_text("#!/bin/sh\nsleep 60\n")
    path = update_package.make(dist, maker.manifest(dist, "0.2.0"), maker.seed, maker.folder / "slow.gup")
    monkeypatch.setattr(install, "PATIENCE", 0.2)
    with pytest.raises(Trouble, match="启动不了，已经退回"):
        put_in(maker, home, path)
    assert not list((home / "versions").iterdir())


def test_it_can_be_stopped(maker, home):
    def stop(done, total):
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        put_in(maker, home, maker.pack("0.2.0"), stop)
    assert not list((home / "versions").iterdir())


def test_a_package_swapped_under_our_hands_is_refused(maker, home):
    path = maker.pack("0.2.0")
    offer = package.look(path, OWN, [maker.key])
    maker.pack("0.3.0").replace(path)
    with pytest.raises(Trouble, match="不是完好的升级包"):
        install.install(offer, home, OWN, no_step)
    assert versions.chosen(home, OWN) is None


def test_a_full_disk_is_told_before_anything_is_written(maker, home, monkeypatch):
    monkeypatch.setattr(install.shutil, "disk_usage", lambda folder: SimpleNamespace(free=64 << 20))
    with pytest.raises(Trouble, match="磁盘空间不够：新版程序要 64 MB，只剩 64 MB") as told:
        put_in(maker, home, maker.pack("0.2.0"))
    assert told.value.code == "disk_full" and not list((home / "versions").glob("*"))


@pytest.mark.parametrize("limit", [1, 5_000, 200_000])
def test_a_disk_that_fills_up_leaves_what_was(maker, home, tree, limit):
    import resource
    import signal

    path, before = maker.pack("0.2.0"), tree(home)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    quiet = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(Trouble, match="没有写成") as told:
            put_in(maker, home, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, quiet)
    assert told.value.code == "cannot_write" and tree(home) == before


def test_a_version_that_is_named_but_gone_leaves_the_installed_one(maker, home):
    program = put_in(maker, home, maker.pack("0.2.0"))
    program.unlink()
    assert versions.chosen(home, OWN) is None
    put_in(maker, home, maker.pack("0.2.0"))
    assert versions.chosen(home, OWN) == program
    for text in ("", "../../evil", "0.2.0/../..", "\ud800".encode("utf-8", "surrogatepass")):
        (home / "versions" / "current").write_bytes(text if isinstance(text, bytes) else text.encode())
        assert versions.chosen(home, OWN) is None
