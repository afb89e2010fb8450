"""Finding by name: the pinyin initials and spelling of every name in use, kept beside the rows and filled in when a new name turns up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, or_, select, union

from gridapp.store import sentences, tables
from gridapp.store.merged import there
from gridapp.store.work import insert_many, table_of

FOUND_BY = (("household", "contact"), ("resident", "name"), ("member", "name"))


def unspelled(connection: Connection) -> list[str]:
    """Names in use that have no spelling yet."""
    parts = [select(table_of(record).c[column].label("name")) for record, column in FOUND_BY]
    names = union(*parts).subquery()
    missing = select(names.c.name).outerjoin(tables.spelling, tables.spelling.c.name == names.c.name)
    return list(connection.execute(missing.where(names.c.name.is_not(None), tables.spelling.c.name.is_(None))).scalars())


@sentences()
def spell_names(engine: Engine) -> int:
    """Give every new name its spelling; gives how many were new. Costs one query when nothing is new."""
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        names = unspelled(connection)
    if names:
        from gridapp.rules import pinyin

        rows = [{"name": name, **pinyin.spelling(name)._asdict()} for name in names]
        with engine.begin() as connection:
            insert_many(connection, tables.spelling, rows)
    return len(names)


def forget_names(connection: Connection) -> int:
    """Drop spellings of names nobody has any more (people who were erased)."""
    parts = [select(table_of(record).c[column]).where(table_of(record).c[column].is_not(None)) for record, column in FOUND_BY]
    return connection.execute(tables.spelling.delete().where(tables.spelling.c.name.not_in(union(*parts)))).rowcount


def sort_keys(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Pinyin sort keys of the given names (unspelled ones sort by themselves)."""
    wanted = set(names)
    found = connection.execute(select(tables.spelling.c.name, tables.spelling.c.sort_key)).all() if wanted else []
    keys = {name: key for name, key in found if name in wanted}
    return {name: keys.get(name, name) for name in wanted}


def people(connection: Connection, record: str, word: str, limit: int = 60) -> list[dict[str, Any]]:
    """People by the last digits of a phone, by initials or spelling, or by part of the name."""
    table, spelling = table_of(record), tables.spelling
    if word.isdigit() and len(word) >= 4:
        statement = select(table).where(table.c.phone.endswith(word, autoescape=True))
    elif word.isascii():
        start = word.lower()
        columns = (spelling.c.initials, spelling.c.spelled)
        fits = or_(*(column.like(pattern, escape="/") for column in columns for pattern in (f"{_plain(start)}%", f"% {_plain(start)}%")))
        statement = select(table).join(spelling, spelling.c.name == table.c.name).where(fits).order_by(spelling.c.sort_key)
    else:
        statement = select(table).where(table.c.name.contains(word, autoescape=True)).order_by(table.c.name)
    return [dict(row) for row in connection.execute(statement.where(*there(record)).limit(limit)).mappings()]


def containing(connection: Connection, record: str, columns: Iterable[str], word: str, limit: int = 20) -> list[dict[str, Any]]:
    """Rows in which one of the columns holds the word."""
    table = table_of(record)
    statement = select(table).where(or_(*(table.c[name].contains(word, autoescape=True) for name in columns)), *there(record)).limit(limit)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _plain(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")
