"""Nodes: an office and two grids on SQLite files; a PostgreSQL server for those that ask."""
from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from gridapp.sync import trust
from tests.sync.nodes import OFFICE, ONE, TWO, Node, enrol, sqlite_engine


@pytest.fixture
def new_node(tmp_path: Path) -> Callable[[str], Node]:
    """Make a node with a SQLite file of this name."""
    return lambda name: Node(sqlite_engine(tmp_path / f"{name}.db"), tmp_path / f"{name}.db")


@pytest.fixture
def pg_node(pg_url: str) -> Iterator[Node]:
    """A node in a schema of its own on PostgreSQL."""
    name = "t" + uuid.uuid4().hex[:12]
    admin = create_engine(pg_url)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine = create_engine(pg_url, connect_args={"options": f"-csearch_path={name}"}, hide_parameters=True)
    yield Node(engine)
    engine.dispose()
    with admin.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: Any) -> Node:
    """One node, on each engine in turn."""
    return request.getfixturevalue("new_node")("node") if request.param == "sqlite" else request.getfixturevalue("pg_node")


@pytest.fixture(params=["sqlite", "postgresql"])
def trio(request: Any, new_node: Callable[[str], Node]) -> tuple[Node, Node, Node]:
    """An office (on each engine in turn) and two enrolled grids on SQLite."""
    office = new_node("office") if request.param == "sqlite" else request.getfixturevalue("pg_node")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    grids = new_node("one"), new_node("two")
    for grid, scope in zip(grids, (ONE, TWO), strict=True):
        enrol(office, grid, scope)
    return office, *grids
