"""What goes out beside a package: its bill of materials, the list of its files and, where the maker's key is at hand, an update package."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from installers import listing, sbom, shipped, update_package


def write(dist: Path, out: Path, say: Callable[[str], object]) -> list[Path]:
    """Write them into out for a frozen program, and say so; gives their paths."""
    platform, _ = update_package.platform_of(dist)
    name = f"gridapp-{shipped.project()['version']}-{platform}"
    files = out / f"{name}.files.txt"
    size = listing.write(dist, files)
    bill = sbom.write(platform, out / f"{name}.cdx.json")
    say(f"{files.name}：{len(files.read_text('utf-8').splitlines())} 个文件，{size / 1e6:.1f} MB；{bill.name}：物料清单")
    return [files, bill, *_update(dist, out, say)]


def _update(dist: Path, out: Path, say: Callable[[str], object]) -> list[Path]:
    key = update_package.secret_place()
    if not key.is_file():
        say("没有打升级包：这台电脑上没有私钥（make update-key 可以做一对）")
        return []
    try:
        return [update_package.pack(dist, key, out)]
    except SystemExit as refusal:
        say(f"没有打升级包：{refusal}")
        return []
