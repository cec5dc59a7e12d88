"""A DuckDB connection that keeps its progress bar to itself: standard output belongs to the command."""

from __future__ import annotations

import duckdb

Config = dict[str, str | bool | int | float | list[str]]


def connect_memory(config: Config | None = None) -> duckdb.DuckDBPyConnection:
    """Return a new in-memory connection; its cursors are as quiet as it is."""
    con = duckdb.connect(":memory:", config=config or {})
    con.execute("SET enable_progress_bar = false").fetchall()
    return con
