"""Capture: three triggers per record write what changed to sync_log, a fourth which path a row left. Nothing can slip past them.

Plain inserts into an append-only log (an upserted one costs more), the changed fields as a bit mask of stable field numbers.
SQLite: the merge drops and re-creates the triggers in its own transaction. PostgreSQL: the triggers look at a setting that
the merge sets for its transaction only (SET LOCAL), which needs neither a superuser nor a table lock and cannot outlive a crash.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection

from gridapp.rules.reading import Trouble
from gridapp.sync import parking
from gridapp.sync.schema import Field, Schema, Shape, current
from gridapp.sync.sql import get_meta, is_pg, rows, run, set_meta

MERGING = "gridapp.merging"
SQLITE_NOW = "CAST((julianday('now') - 2440587.5) * 86400000 AS INT)"
PG_NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint"
KEEP_STAMP = "stamp = coalesce(excluded.stamp, sync_parked.stamp)"
PARK = (
    "INSERT INTO sync_parked (tbl, pk, reason, scope, arrival, stamp, vals) "
    "VALUES ({}, OLD.id, 'deleted', OLD.scope, OLD.sync_arrival, OLD.sync_stamp, {})"
)
LEAVE = (
    "INSERT INTO sync_left (tbl, pk, scope, sid, seq, target, stamp, arrival, at) "
    "VALUES ({}, OLD.id, OLD.scope, '', 0, '', '', 0, 0) ON CONFLICT DO NOTHING"
)
LEAVES = "OLD.scope <> '' AND OLD.scope <> NEW.scope"
KINDS = ("insert", "update", "delete", "leave")
REPARK = f"ON CONFLICT (tbl, pk) DO UPDATE SET reason = excluded.reason, scope = excluded.scope, vals = excluded.vals, {KEEP_STAMP}"


def install(connection: Connection, schema: Schema | None = None) -> bool:
    """Create the triggers unless they already fit the schema; True when anything was made. Call after every migration, at every start."""
    schema = schema or current()
    if get_meta(connection, "capture") == schema.mark and not _missing(connection, schema):
        return False
    with paused(connection, schema):
        parking.absorb(connection, schema)
    _create(connection, schema)
    for shape in schema.shapes:
        _log_unseen(connection, shape)
    set_meta(connection, "capture", schema.mark)
    return True


def _log_unseen(connection: Connection, shape: Shape) -> None:
    """Rows that came while no trigger stood (an older store, a foreign tool) are logged as new."""
    now = PG_NOW if is_pg(connection) else SQLITE_NOW
    unseen = "sync_stamp IS NULL AND id NOT IN (SELECT pk FROM sync_log WHERE tbl = ?)"
    log = f"INSERT INTO sync_log (tbl, pk, mask, t) SELECT {shape.number}, id, {shape.inserted}, {now} FROM {shape.name} WHERE {unseen}"
    run(connection, log, [shape.number])


def check(connection: Connection, schema: Schema | None = None) -> None:
    """Raise Trouble when a trigger is missing or is not the one this program would make."""
    schema = schema or current()
    if get_meta(connection, "capture") != schema.mark or _missing(connection, schema):
        raise Trouble("记录修改的机关不完整，新的修改可能不会进入数据包。请重新启动程序，仍不行请联系中心。", "capture_missing")


@contextmanager
def paused(connection: Connection, schema: Schema) -> Iterator[None]:
    """Within this block writes are not captured. A failure inside is the caller's rollback, which brings the triggers back."""
    if is_pg(connection):
        run(connection, f"SELECT set_config('{MERGING}', 'on', true)")
        yield
        run(connection, f"SELECT set_config('{MERGING}', 'off', true)")
    else:
        _drop_sqlite(connection)
        yield
        _create(connection, schema)


def _missing(connection: Connection, schema: Schema) -> bool:
    if is_pg(connection):
        ours = "tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"  # not another office's in this database
        statement = f"SELECT tgname::text FROM pg_trigger WHERE starts_with(tgname::text, 'sync_') AND tgenabled <> 'D' AND {ours}"
        found = {name for (name,) in rows(connection, statement)}
        return found != {f"sync_{shape.name}_{kind}" for shape in schema.shapes for kind in KINDS}
    wanted = {text for shape in schema.shapes for text in _sqlite(shape)}
    return wanted != {text for (text,) in rows(connection, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'sync_*'")}


def _create(connection: Connection, schema: Schema) -> None:
    if not is_pg(connection):
        _drop_sqlite(connection)
    for shape in schema.shapes:
        for text in _pg(shape) if is_pg(connection) else _sqlite(shape):
            connection.exec_driver_sql(text)


def _drop_sqlite(connection: Connection) -> None:
    for (name,) in rows(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'sync_*'"):
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


@cache
def _sqlite(shape: Shape) -> list[str]:
    entry = f"INSERT INTO sync_log (tbl, pk, mask, t) VALUES ({shape.number}, %s.id, %s, {SQLITE_NOW});"
    mask = " | ".join(f"((OLD.{each.name} IS NOT NEW.{each.name}) << {each.number})" for each in shape.fields)
    values = "json_object(" + ", ".join(f"'{each.number}', OLD.{each.name}" for each in shape.fields) + ")"
    park = f"{PARK.format(shape.number, values)} {REPARK};"
    return [
        f"CREATE TRIGGER sync_{shape.name}_insert AFTER INSERT ON {shape.name} BEGIN {entry % ('NEW', shape.inserted)} END",
        f"CREATE TRIGGER sync_{shape.name}_update AFTER UPDATE OF {', '.join(shape.names)} ON {shape.name} BEGIN {entry % ('NEW', mask)} END",
        f"CREATE TRIGGER sync_{shape.name}_delete AFTER DELETE ON {shape.name} BEGIN {park} {entry % ('OLD', 1)} END",
        f"CREATE TRIGGER sync_{shape.name}_leave AFTER UPDATE OF scope ON {shape.name} WHEN {LEAVES} BEGIN {LEAVE.format(shape.number)}; END",
    ]


def _pg(shape: Shape) -> list[str]:
    entry = f"INSERT INTO sync_log (tbl, pk, mask, t) VALUES ({shape.number}, %s.id, %s, {PG_NOW});"
    mask = " | ".join(f'((OLD."{each.name}" IS DISTINCT FROM NEW."{each.name}")::int::bigint << {each.number})' for each in shape.fields)
    # quoted, since OLD.by reads as a keyword to PL/pgSQL; a function takes at most 100 arguments, so the object is made in parts
    parts = [shape.fields[start : start + 40] for start in range(0, len(shape.fields), 40)]
    park = f"{PARK.format(shape.number, '(' + ' || '.join(_pg_object(part) for part in parts) + ')::text')} {REPARK};"
    bodies = {"insert": entry % ("NEW", shape.inserted), "update": entry % ("NEW", mask), "delete": f"{park} {entry % ('OLD', 1)}"}
    bodies["leave"] = f"{LEAVE.format(shape.number)};"
    events = {"insert": "INSERT", "update": f"UPDATE OF {', '.join(shape.names)}", "delete": "DELETE", "leave": "UPDATE OF scope"}
    made = []
    for kind, body in bodies.items():
        name = f"sync_{shape.name}_{kind}"
        made.append(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
        made.append(f"DROP TRIGGER IF EXISTS {name} ON {shape.name}")
        made.append(
            f"CREATE TRIGGER {name} AFTER {events[kind]} ON {shape.name} FOR EACH ROW "
            f"WHEN (current_setting('{MERGING}', true) IS DISTINCT FROM 'on'{f' AND {LEAVES}' if kind == 'leave' else ''}) EXECUTE FUNCTION {name}()"
        )
    return made


def _pg_object(fields: tuple[Field, ...]) -> str:
    return "jsonb_build_object(" + ", ".join(f"'{each.number}', OLD.\"{each.name}\"" for each in fields) + ")"
