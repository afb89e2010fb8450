"""The lock read: what is pinned, and for which of the systems we ship to."""
from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.requirements import Requirement

from installers import shipped

LOCK = shipped.ROOT / "requirements.lock"
_PYTHON = {
    "implementation_name": "cpython", "platform_python_implementation": "CPython", "python_version": "3.11", "python_full_version": "3.11.9",
    "extra": "",
}  # fmt: skip
_LINUX = {**_PYTHON, "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
_WINDOWS = {**_PYTHON, "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}


@dataclass(frozen=True)
class Target:
    """A system we ship to. tags: what its pip takes, best first; about: what the markers in the lock ask, as its Python would answer."""

    name: str
    tags: tuple[str, ...]
    about: dict[str, str]


def _manylinux(machine: str, newest: int) -> tuple[str, ...]:
    """The tags of a system with glibc 2.newest, down to 2.17."""
    return (*(f"manylinux_2_{minor}_{machine}" for minor in range(newest, 16, -1)), f"manylinux2014_{machine}", "any")


# UOS 20 has glibc 2.28, Kylin V10 and Debian 11 2.31; on arm64 the last Qt for them asks for 2.31.
TARGETS = (
    Target("windows-x86_64", ("win_amd64", "any"), {**_WINDOWS, "platform_machine": "AMD64"}),
    Target("linux-x86_64", (*_manylinux("x86_64", 28), "manylinux2010_x86_64", "manylinux1_x86_64"), {**_LINUX, "platform_machine": "x86_64"}),
    Target("linux-aarch64", _manylinux("aarch64", 31), {**_LINUX, "platform_machine": "aarch64"}),
)


@dataclass(frozen=True)
class Pin:
    """One line of the lock: a distribution at one version, its marker, the hashes of the files that may be it."""

    name: str
    version: str
    wanted: Requirement
    hashes: frozenset[str]

    def meant_for(self, target: Target) -> bool:
        """Whether this system installs it."""
        return self.wanted.marker is None or self.wanted.marker.evaluate(target.about)


def pins(lock: str) -> list[Pin]:
    """Every pin of a lock."""
    blocks = [block for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE) if re.match("[a-z0-9]", block)]
    return [_pin(block) for block in blocks]


def _pin(block: str) -> Pin:
    wanted = Requirement(block.splitlines()[0].rstrip(" \\"))
    return Pin(wanted.name, str(wanted.specifier).removeprefix("=="), wanted, frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)))


def shipped_pins() -> list[Pin]:
    """The pins of what ships: without the tests' and the freezer's."""
    return pins(shipped.locked_part(LOCK.read_text("utf-8"), also=()))


def built_from() -> list[Pin]:
    """The pins a package is built from: what ships, and the freezer."""
    return pins(shipped.locked_part(LOCK.read_text("utf-8")))
