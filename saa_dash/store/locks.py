"""One publisher at a time, over all processes.

SQLite's file lock is used because it behaves alike on Windows, macOS and Linux and is let go when a process dies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .files import environment, make_folder

LOCK_FILE = ".publish.lock"
WAIT_SECONDS = 120.0


@contextmanager
def publishing_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`; others wait up to `WAIT_SECONDS`.

    Raises
    ------
    EnvironmentProblem : somebody holds it for longer, or the folder cannot be written.
    """
    path = make_folder(folder) / LOCK_FILE
    with environment(path):
        con = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    with closing(con):
        with environment(path):
            con.execute("BEGIN EXCLUSIVE")
        yield
