"""Read-only, locked connections to cut files, kept for the whole process.

A connection is an empty database in memory with the cut files attached read-only and one schema of views per cut.
It is then cut off from files, network and extensions and its configuration is locked. Every query takes a cursor of
its own: a connection shared by threads fails, cursors do not.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ..model.errors import EnvironmentProblem
from ..model.schema import SCHEMA_VERSION, TABLES
from .adapters import STEPS, Step, view_sql
from .cut_file import META, PCODES, PROBLEMS, RECONCILIATION, quoted
from .files import environment
from .quiet import Config, connect_memory

MAX_OPEN = 8
_CONFIG: Config = {
    "python_enable_replacements": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
}

Files = tuple[tuple[str, Path], ...]  # (schema of the views, cut file)


def connect(files: Files, steps: Mapping[int, Step] = STEPS) -> duckdb.DuckDBPyConnection:
    """Open cut files together, read-only and locked; the views of each stand in a schema named by its alias.

    Raises
    ------
    EnvironmentProblem : a file cannot be opened, or was written by a newer version.
    """
    con = connect_memory(_CONFIG)
    try:
        for alias, path in files:
            with environment(path):
                con.execute(f'ATTACH {quoted(path)} AS "file_{alias}" (READ_ONLY)').fetchall()
            _create_views(con, alias, steps)
        con.execute("SET enable_external_access = false").fetchall()
        con.execute("SET lock_configuration = true").fetchall()
    except BaseException:
        con.close()
        raise
    return con


def _create_views(con: duckdb.DuckDBPyConnection, alias: str, steps: Mapping[int, Step]) -> None:
    base = f'"file_{alias}".main'
    rows = con.execute(f'SELECT "VALUE" FROM {base}."{META}" WHERE "KEY" = \'schema_version\'').fetchall()
    version = int(rows[0][0])
    if version > SCHEMA_VERSION:
        raise EnvironmentProblem("error.cut_newer", version=version, known=SCHEMA_VERSION)
    found: dict[str, set[str]] = {}
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = $name"
    for table, column in con.execute(query, {"name": f"file_{alias}"}).fetchall():
        found.setdefault(table, set()).add(column)
    con.execute(f'CREATE SCHEMA "{alias}"').fetchall()
    for name, spec in TABLES.items():
        present = frozenset(found.get(name, ()))
        select = view_sql(spec, f'{base}."{name}"', present, (version, SCHEMA_VERSION), steps)
        con.execute(f'CREATE VIEW "{alias}"."{name}" AS {select}').fetchall()
    for name in (PROBLEMS, RECONCILIATION, PCODES):
        con.execute(f'CREATE VIEW "{alias}"."{name}" AS SELECT * FROM {base}."{name}"').fetchall()


@dataclass
class _Entry:
    """An open connection and how many cursors are at work on it; closing it would close them as well."""

    con: duckdb.DuckDBPyConnection
    users: int = 0
    retired: bool = False

    def close_if_idle(self) -> None:
        if self.retired and not self.users:
            self.con.close()


class ConnectionPool:
    """Keeps at most `size` connections, the least recently used go first; safe for threads.

    A connection that must go while cursors are at work on it is closed by the last of them.
    """

    def __init__(self, size: int = MAX_OPEN) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._open: OrderedDict[Files, _Entry] = OrderedDict()

    @contextmanager
    def cursor(self, files: Files) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor of its own on `files`."""
        with self._lock:
            entry = self._open.pop(files, None) or _Entry(connect(files))
            self._open[files] = entry
            entry.users += 1
            cursor = entry.con.cursor()
            while len(self._open) > self._size:
                self._retire()
        try:
            yield cursor
        finally:
            cursor.close()
            with self._lock:
                entry.users -= 1
                entry.close_if_idle()

    def _retire(self) -> None:
        entry = self._open.popitem(last=False)[1]
        entry.retired = True
        entry.close_if_idle()

    def close(self) -> None:
        """Close every connection, e.g. before the data directory is replaced; those at work when they are done."""
        with self._lock:
            while self._open:
                self._retire()

    def __len__(self) -> int:
        return len(self._open)


POOL = ConnectionPool()
