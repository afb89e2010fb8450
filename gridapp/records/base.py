"""What every record has: an id, the path of the grid it belongs to, and the two columns the exchange of bundles writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel
from sqlmodel.main import FieldInfoMetadata
from uuid6 import uuid7

from gridapp.records.kinds import Kind, Link
from gridapp.rules.reading import Fault

metadata = SQLModel.metadata
Whole = BigInteger().with_variant(Integer(), "sqlite")
T = TypeVar("T", bound="type[Record]")


def new_id() -> str:
    """A fresh UUIDv7 as 32 hexadecimal digits; sorts by the time it was made."""
    return uuid7().hex


class Record(SQLModel):
    """A stored thing. Values are text or whole numbers on both engines, so triggers, bundles and digests need no conversion.

    Requiredness is the desk's check, not the table's: a row written by an older program must be able to land.
    """

    __table_args__ = {"sqlite_strict": True}

    number: ClassVar[int]
    title: ClassVar[str]
    downward: ClassVar[bool] = False  # an office's rows reach everybody below its path, who never write them
    only_added: ClassVar[bool] = False  # a row is never changed or removed on its own, only taken back with the step that added it

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=Text)
    scope: str = Field(default="", sa_type=Text, nullable=False)
    sync_arrival: int = Field(default=0, sa_type=Whole, nullable=False, sa_column_kwargs={"server_default": "0"})
    sync_stamp: str | None = Field(default=None, sa_type=Text)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for info in cls.model_fields.values():
            kind = next((item for item in info.metadata if isinstance(item, Kind)), None)
            if kind and not any(isinstance(item, FieldInfoMetadata) for item in info.metadata):
                info.metadata.append(sql_of(kind))

    @classmethod
    def check(cls, values: dict[str, Any]) -> list[Fault]:
        """What is wrong between fields that are each right on their own."""
        return []


def sql_of(kind: Kind) -> FieldInfoMetadata:
    """The SQL side of a kind: text or a whole number; a link is a deferred foreign key with an index."""
    sql = FieldInfoMetadata(sa_type=Text if kind.stores is str else Whole, nullable=True)
    if isinstance(kind, Link):
        sql.sa_column_args = [ForeignKey(f"{kind.target}.id", deferrable=True, initially="DEFERRED")]
        sql.index = True
    return sql


def stored(number: int, title: str) -> Callable[[T], T]:
    """Give a record its stable table number and Chinese title, and the partial index by which bundles find what is new."""

    def finish(record: T) -> T:
        record.number, record.title = number, title
        arrival = record.__table__.c.sync_arrival  # type: ignore[attr-defined]
        Index(f"ix_{record.__tablename__}_arrival", arrival, sqlite_where=arrival > 0, postgresql_where=arrival > 0)
        return record

    return finish
