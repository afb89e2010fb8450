"""Engines: an encrypted SQLite file (SQLCipher), or a PostgreSQL database for an office. The same tables, the same code above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from gridapp.rules.reading import Trouble

SQLITE_LEAST = (3, 51, 3)  # earlier ones carry the WAL-reset corruption race


def connect(path: Path | str, key: str) -> Any:
    """A raw SQLCipher connection with the store's settings; key is 96 hexadecimal digits (key and salt)."""
    from sqlcipher3 import dbapi2

    if tuple(dbapi2.sqlite_version_info) < SQLITE_LEAST:
        raise Trouble("程序自带的数据库组件太旧，可能损坏数据。请安装新版程序。", "old_sqlite")
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=10)
    for pragma in (
        "cipher_log_level=NONE",
        f"key=\"x'{key}'\"",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "synchronous=FULL",
        "busy_timeout=10000",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def open_sqlite(path: Path, key: str) -> Engine:
    """An engine on an encrypted file; raises Trouble when the key does not fit or the file is damaged."""

    def creator() -> Any:
        connection = connect(path, key)
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        return connection

    from sqlcipher3 import dbapi2

    engine = create_engine(
        "sqlite://", module=dbapi2, creator=creator, poolclass=QueuePool, pool_size=4, max_overflow=4, pool_reset_on_return=None, hide_parameters=True
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _leave_clean)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except (DatabaseError, dbapi2.DatabaseError) as error:
        engine.dispose()
        raise Trouble("数据文件打不开：文件已损坏，或与密钥不配套。请从备份恢复（原文件会保留）。", "damaged_store") from error
    return engine


def _begin(connection: Any) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _leave_clean(connection: Any, _: Any) -> None:
    """A COMMIT that failed (full disk, dangling link) leaves SQLite inside its transaction, and SQLAlchemy takes it for ended."""
    if connection is not None and connection.in_transaction:
        connection.rollback()


def open_url(url: str) -> Engine:
    """An engine on the office's PostgreSQL; raises Trouble when it cannot be reached."""
    from sqlalchemy.exc import SQLAlchemyError

    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), hide_parameters=True, pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except SQLAlchemyError as error:
        engine.dispose()
        raise Trouble("连不上中心数据库。请检查数据库是否已启动、地址和密码是否正确。", "no_database") from error
    return engine
