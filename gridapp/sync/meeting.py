"""How a row's stamp here and its stamp in a bundle stand to one another. Rows written together differ only in their base's clock, so
most answers come from memory: half of the merge of concurrent rows was reading and writing the same stamps over and over.
"""
from __future__ import annotations

from collections.abc import Set

from gridapp.sync import stamp as stamps
from gridapp.sync.stamp import APART, NEWER

MOST = 10_000
Answer = tuple[str, str, tuple[int, ...] | None]


class Meeting:
    """Call with (mine, theirs): (order, the stamp after joining, the fields to take from theirs). None for fields: join states in full.

    numbers: the fields the bundle's rows have.
    """

    def __init__(self, numbers: Set[int]) -> None:
        self.numbers = numbers
        self.pairs: dict[tuple[str, str], Answer] = {}
        self.known: dict[tuple[str, str, str], Answer] = {}

    def __call__(self, mine: str, theirs: str) -> Answer:
        found = self.pairs.get((mine, theirs))
        if found is None:
            found = self._but_for_the_clock(mine, theirs)
            if len(self.pairs) >= MOST:
                self.pairs.clear()
            self.pairs[mine, theirs] = found
        return found

    def _but_for_the_clock(self, mine: str, theirs: str) -> Answer:
        base, rest = _cut(mine)
        other, more = _cut(theirs)
        if base != other:
            return self._look(mine, theirs)
        head = base[: base.rindex(",")]
        found = self.known.get((head, rest, more))
        if found is None:
            order, text, touched = self._look(mine, theirs)
            found = (order, _cut(text)[1], touched)
            if f"{head}," not in rest + more:  # a later dot of the base's own writing is told from the base by its clock
                if len(self.known) >= MOST:
                    self.known.clear()
                self.known[head, rest, more] = found
        return found[0], base + found[1], found[2]

    def _look(self, mine: str, theirs: str) -> Answer:
        one, other = stamps.read(mine), stamps.read(theirs)
        order = stamps.compare(one.context, other.context)
        if order == NEWER:
            return order, theirs, stamps.changed(one, other, self.numbers)
        blended = stamps.blend(one, other, self.numbers) if order == APART else None
        return (order, stamps.write(blended[0]), blended[1]) if blended else (order, mine, None)


def _cut(text: str) -> tuple[str, str]:
    """A stamp's base, and what follows it."""
    cut = text.find(",{")
    return (text[:cut], text[cut:]) if cut >= 0 else (text[:-1], "]")
