"""The stages of a request, folded from its append-only events; the table of moves is resources/rules/stages.toml."""
from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from gridapp import places
from gridapp.rules import dates
from gridapp.rules.reading import Trouble

Event = tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Stages:
    """initial state, states that end the work, and per action where it leads and where from."""

    initial: str
    ended: frozenset[str]
    leads: Mapping[str, str]
    from_: Mapping[str, frozenset[str]]


@cache
def stages() -> Stages:
    """The table, read once. Raises Trouble where it is missing or damaged."""
    try:
        kept = tomllib.loads(places.resources("rules", "stages.toml").read_text("utf-8"))
        actions = kept["action"]
        return Stages(
            kept["initial"],
            frozenset(kept["ended"]),
            {name: action["to"] for name, action in actions.items()},
            {name: frozenset(action["from"]) for name, action in actions.items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble("办理环节表缺失或损坏，请重新安装本程序。", "stages_damaged") from error


def state(events: Iterable[Event]) -> str:
    """The state after all events, each (action, happened_at[, id]).

    Events are taken in the order (happened_at, id), so two parties with the same events agree whatever came first; a move that its state
    does not allow (two people acted unaware of each other) is history, not a change.
    """
    return _fold(events)[0]


def closed_on(events: Iterable[Event]) -> str | None:
    """The day in China the request was finished, ISO; None while it is open or open again."""
    return _fold(events)[1]


def may(state: str) -> tuple[str, ...]:
    """The actions open in a state, in the table's order."""
    return tuple(action for action, sources in stages().from_.items() if state in sources)


def is_open(state: str) -> bool:
    """Whether somebody still has to act on it."""
    return state not in stages().ended


def _fold(events: Iterable[Event]) -> tuple[str, str | None]:
    table = stages()
    now, closed = table.initial, None
    for happened_at, _, action in sorted(map(_ordered, events)):
        if now not in table.from_.get(action, ()):
            continue
        now = table.leads[action]
        if now not in table.ended:
            closed = None
        elif closed is None:
            closed = dates.first_day(happened_at).isoformat()
    return now, closed


def _ordered(event: Event) -> tuple[str, str, str]:
    action, happened_at, *rest = event
    return happened_at, rest[0] if rest else "", action
