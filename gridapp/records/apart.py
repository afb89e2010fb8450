"""不是同一人: two people who look like one and are not, so that nobody is asked twice."""
from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Text

PAIRS = UUID("8f3c1d52-6a0e-5b7e-9c41-2f7f6f0f4a14")  # the namespace of pairs, so that two desks which say the same write one row


@stored(14, "不是同一人")
class Apart(Record, table=True):
    """Somebody looked at the two and said so. Plain ids, no links: the word stands when one of them moves away."""

    __tablename__ = "apart"

    one_id: Annotated[str, Text(1, "一个人", longest=32, listed=False)]
    other_id: Annotated[str, Text(2, "另一个人", longest=32, listed=False)]


def apart_id(one_id: str, other_id: str) -> str:
    """The id of the word about two people, whichever is named first."""
    return uuid5(PAIRS, "/".join(sorted((one_id, other_id)))).hex
