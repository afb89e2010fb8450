"""核对决定: what somebody chose where two sides had written without seeing one another, or where something waited to be let in."""

from __future__ import annotations

from typing import Annotated

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Moment, Name, Text

CHOSEN = "事后能说清为什么用了这个值"


@stored(13, "核对决定")
class Decision(Record, table=True):
    """One decision. Only ever added; taking it back with 撤销 takes the row away, and the matter is open again, on every node.

    what: the row in masked words. record, row_id, field: the same for the program. covers: the keys of what is thereby decided, a space between.
    chosen and passed_over: values in words, cut short; of sensitive fields nothing is copied here.
    """

    __tablename__ = "decision"
    only_added = True

    decided_at: Annotated[str, Moment(1, "核对时间")]
    by: Annotated[str, Name(2, "核对人", secrecy=1)]
    sort: Annotated[str, Choice(3, "类别", table="review_sort")]
    what: Annotated[str, Text(4, "哪条记录")]
    heading: Annotated[str | None, Text(5, "栏目", longest=80)] = None
    chosen: Annotated[str, Text(6, "采用", secrecy=2, purpose=CHOSEN)]
    passed_over: Annotated[str | None, Text(7, "没有采用", secrecy=2, purpose=CHOSEN, longest=500)] = None
    reason: Annotated[str | None, Text(8, "原先为什么是它", listed=False)] = None
    note: Annotated[str | None, Text(9, "备注", longest=500)] = None
    record: Annotated[str, Text(10, "记录类别代码", longest=40, listed=False, hidden=True)]
    row_id: Annotated[str, Text(11, "记录标识", longest=40, listed=False, hidden=True)]
    field: Annotated[str | None, Text(12, "栏目代码", longest=40, listed=False, hidden=True)] = None
    covers: Annotated[str, Text(13, "核对标识", longest=2000, listed=False, hidden=True)]
