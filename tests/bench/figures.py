"""Figures: seconds of a piece of work beside the floor measured in the same run, and the ratio the house holds itself to."""
from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gridapp.cli.paper import table

HEADS = ("项目", "本程序(秒)", "下限(秒)", "倍数", "守住", "", "下限是什么")
WHATEVER = float("inf")  # told for comparison; nothing is held


@dataclass(frozen=True)
class Figure:
    """One line of the table. hold: the ratio not to exceed (performance.md, sync.md section 4)."""

    name: str
    seconds: float
    floor: float
    hold: float
    what: str

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor

    def cells(self) -> tuple[str, ...]:
        return (self.name, f"{self.seconds:.3f}", f"{self.floor:.3f}", f"{self.ratio:.2f}", *_verdict(self.ratio, self.hold), self.what)


@dataclass(frozen=True)
class Amount:
    """One line of the table that is no time: so many of a unit, and how many it may be."""

    name: str
    value: float
    unit: str
    hold: float
    what: str

    @property
    def ratio(self) -> float:
        return self.value

    def cells(self) -> tuple[str, ...]:
        return (self.name, "", "", f"{self.value:.1f} {self.unit}", *_verdict(self.value, self.hold), self.what)


@dataclass(frozen=True)
class Left:
    """A line that could not be measured here, and why."""

    name: str
    why: str

    @property
    def ratio(self) -> None:
        return None

    def cells(self) -> tuple[str, ...]:
        return (self.name, "", "", "", "", "未测", self.why)


Line = Figure | Amount | Left


def _verdict(found: float, hold: float) -> tuple[str, str]:
    return ("—", "") if hold == WHATEVER else (f"{hold:g}", "好" if found <= hold else "超")


def show(figures: Sequence[Line]) -> str:
    """The figures as a table."""
    return table([figure.cells() for figure in figures], HEADS)


def timed(work: Callable[[], Any]) -> float:
    """Wall seconds of one call, the collector quiet."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def busy(work: Callable[[], Any]) -> float:
    """CPU seconds of one call in this process, the collector quiet."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def medians(times: int, *works: Callable[[], float]) -> list[float]:
    """The median seconds of each work; they take turns, so that a slow moment of the machine hits them all."""
    runs = [[work() for work in works] for _ in range(times)]
    return [statistics.median(each) for each in zip(*runs, strict=True)]
