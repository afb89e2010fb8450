"""What ships, held against the lock: a wheel for every system, a licence that allows it, a bill of materials, a list of files. No network here."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from installers import listing, papers, policy, sbom, shipped, supply, update_package, wheels
from installers.pins import TARGETS, Pin, Requirement, built_from, pins, shipped_pins
from tests.update.making import new_maker

PLATFORMS = [target.name for target in TARGETS]


def test_every_pin_has_a_wheel_for_every_system() -> None:
    """After a change of the lock: make supply, and commit installers/wheels.tsv."""
    assert wheels.lacking(built_from(), wheels.rows()) == []
    assert {row[2] for row in wheels.rows()} == set(PLATFORMS)


def test_the_wheels_are_for_the_oldest_systems_we_name() -> None:
    newest = {"linux-x86_64": 28, "linux-aarch64": 31}
    for name, _, target, file, _ in wheels.rows():
        tags = file.removesuffix(".whl").rsplit("-", 1)[1].split(".")
        glibc = [int(found[1]) for tag in tags if (found := re.match(r"manylinux_2_(\d+)_", tag))] or [17]
        assert tags == ["any"] or tags == ["win_amd64"] or target in newest and min(glibc) <= newest[target], (name, file)


def test_what_is_lacking_is_named() -> None:
    pin = next(pin for pin in built_from() if pin.name == "lxml")
    table = wheels.rows()
    without = [row for row in table if row[:1] + row[2:3] != ("lxml", "linux-aarch64")]
    assert f"lxml {pin.version} linux-aarch64" in wheels.lacking(built_from(), without)
    forged = [(*row[:4], "0" * 64) if row[0] == "lxml" else row for row in table]
    assert len(wheels.lacking(built_from(), forged)) == len(TARGETS)
    assert wheels.lacking([], [table[0]]) == [" ".join(table[0][:3])]


def test_the_lock_is_one_for_all_and_pinned_by_hash() -> None:
    lock = Path(shipped.ROOT, "requirements.lock").read_text("utf-8")
    assert "://" not in lock and all(pin.version and pin.hashes for pin in pins(lock))
    found = {pin.name: pin for pin in pins(lock)}
    windows, linux = TARGETS[0], TARGETS[1]
    assert found["colorama"].meant_for(windows) and not found["colorama"].meant_for(linux)
    assert {pin.name for pin in shipped_pins() if pin.meant_for(linux)} >= set(shipped.distributions()) - {"colorama", "tzdata"}


def test_everything_that_ships_may_be_shipped() -> None:
    """Transitive dependencies included, the tests' own left out."""
    installed = shipped.distributions()
    said = {pin.name: policy.licence(pin.name, installed.get(pin.name)) for pin in shipped_pins()}
    assert [name for name, text in said.items() if not policy.allowed(name, text)] == []
    assert {name for name, text in said.items() if "GPL" in text} == set(policy.LGPL)
    assert set(policy.ELSEWHERE) >= {name for name in said if name not in installed}
    assert "pytest" not in said and "pyinstaller" not in said


def test_what_wheels_bring_inside_is_known() -> None:
    found = {library for each in shipped.distributions().values() for library in policy.libraries(each)}
    assert found <= set(policy.LIBRARIES)
    assert not [text for text in policy.LIBRARIES.values() if re.search(r"(?<!L)GPL", text)]


@pytest.mark.parametrize(("name", "text", "good"), [
    ("x", "MIT", True), ("x", "Apache-2.0 OR BSD-3-Clause", True), ("x", "GPL-3.0-only OR MIT", True), ("x", "MIT AND GPL-2.0-only", False),
    ("x", "GPL-3.0-only", False), ("x", "AGPL-3.0-only", False), ("x", "LGPL-3.0-only", False), ("x", "", False), ("x", "Proprietary", False),
    ("psycopg", "LGPL-3.0-only", True), ("psycopg", "GPL-3.0-only", False), ("pyinstaller-bootloader", "GPL-2.0-or-later", False),
])  # fmt: skip
def test_which_licences_are_allowed(name: str, text: str, good: bool) -> None:
    assert policy.allowed(name, text) is good


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_bill_of_materials(platform: str) -> None:
    """What CycloneDX 1.6 requires; the whole was held against its JSON schema when this was written."""
    bill = sbom.bill(platform)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    parts = {part["bom-ref"]: part for part in bill["components"]}
    assert len(parts) == len(bill["components"]) and all(part["name"] and part["type"] in ("library", "data") for part in parts.values())
    assert all(part["licenses"][0]["expression"] for part in parts.values())
    locked = {pin.name: pin for pin in shipped_pins()}
    for name, part in parts.items():
        if not name.startswith("within:"):
            assert part["purl"] == f"pkg:pypi/{name}@{part['version']}" and part["hashes"][0]["content"] in locked[name].hashes
    needs = {line["ref"]: line["dependsOn"] for line in bill["dependencies"]}
    assert set(needs) == {"gridapp", *(name for name in parts if not name.startswith("within:"))}
    reached, waiting = set(), ["gridapp"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += [each for each in needs[name] if each not in reached]
    assert reached == set(needs)
    assert ("colorama" in parts) == (platform == "windows-x86_64")
    assert sbom.bill(platform) == bill


def test_a_bill_is_written_as_json(tmp_path: Path) -> None:
    assert json.loads(sbom.write(PLATFORMS[0], tmp_path / "dist" / "sbom.json").read_text("utf-8")) == sbom.bill(PLATFORMS[0])


def test_the_list_of_files(tmp_path: Path) -> None:
    dist = tmp_path / "gridapp"
    (dist / "_internal").mkdir(parents=True)
    (dist / "gridapp").write_bytes(b"x" * 10)
    (dist / "_internal" / "表.txt").write_bytes(b"abc")
    (dist / "_internal" / "a.so").symlink_to("表.txt")
    assert listing.write(dist, tmp_path / "one.txt") == 13
    one = (tmp_path / "one.txt").read_text("utf-8").splitlines()
    assert [line[78:] for line in one] == ["_internal/a.so", "_internal/表.txt", "gridapp"] and one[0].startswith("-> 表.txt")
    assert listing.differing(one, listing.lines(dist)) == []
    (dist / "gridapp").write_bytes(b"y" * 10)
    (dist / "more").write_bytes(b"")
    assert listing.differing(one, listing.lines(dist)) == ["gridapp", "more"]


def test_what_goes_out_beside_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, told = new_maker(tmp_path / "maker"), []
    dist, version = maker.dist("0.1.0"), shipped.project()["version"]
    (dist / "gridapp").unlink()
    (dist / "gridapp.exe").write_bytes(b"MZ" + bytes(100))
    key = tmp_path / "update.key"
    monkeypatch.setattr(update_package, "secret_place", lambda: key)
    names = [f"gridapp-{version}-windows-x86_64{ending}" for ending in (".files.txt", ".cdx.json", ".gup")]
    assert [path.name for path in papers.write(dist, tmp_path / "out", told.append)] == names[:2] and "没有私钥" in told[-1]
    key.write_text(maker.seed.hex())
    assert len(papers.write(dist, tmp_path / "out", told.append)) == 2 and "没有对应的公钥" in told[-1]
    (dist / "_internal" / "resources" / "update").mkdir(parents=True)
    (dist / "_internal" / "resources" / "update" / "2026-11-22.toml").write_text(f'public = "{maker.key.hex()}"')
    assert [path.name for path in papers.write(dist, tmp_path / "out", told.append)] == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)


def test_a_database_that_did_not_answer_is_no_clean_answer(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = json.dumps({"dependencies": [{"name": "jinja2", "skip_reason": "not found"}]})
    clean = json.dumps({"dependencies": [{"name": "jinja2", "version": "3.1.6", "vulns": []}]})
    holed = json.dumps({"dependencies": [{"name": "jinja2", "version": "2.4", "vulns": [{"id": "PYSEC-1"}]}]})
    assert not supply.judged(["", skipped], {"jinja2"}) and "不算通过" in capsys.readouterr().out
    assert supply.judged([clean, skipped], {"jinja2"}) and "没有已知的" in capsys.readouterr().out
    assert not supply.judged([clean, holed], {"jinja2"}) and "PYSEC-1" in capsys.readouterr().out
    assert not supply.judged([clean], {"jinja2", "lxml"})


def test_pip_is_asked_for_each_pin_where_it_has_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = [Pin("a", "1", Requirement("a==1"), frozenset("x")), Pin("b", "2", Requirement("b==2; sys_platform == 'win32'"), frozenset("y"))]
    answers = {("a",): [("a", "1", "t", "a.whl", "x")]}
    monkeypatch.setattr(wheels, "_resolve", lambda target, asked: answers.get(tuple(pin.name for pin in asked)))
    assert wheels.ask(TARGETS[0], lock) == ([("a", "1", "t", "a.whl", "x")], ["b 2"])
    assert wheels.ask(TARGETS[1], lock) == ([("a", "1", "t", "a.whl", "x")], [])
