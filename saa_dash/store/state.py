"""What may change: one SQLite database per data directory, every change of it in the audit trail."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ..model.errors import EnvironmentProblem
from . import audit
from .audit import AuditCheck, AuditRow
from .clock import Clock, stamp, utc_now
from .files import environment, make_folder
from .layout import Layout
from .migrations import migrate

BUSY_SECONDS = 30.0


class StateDb:
    """The state of one data directory; safe for threads and processes, for every call opens its own connection.

    Parameters
    ----------
    data_dir : created with the database where it is missing.
    """

    def __init__(self, data_dir: Path, clock: Clock = utc_now) -> None:
        self._layout = Layout(data_dir)
        self._clock = clock

    def now(self) -> str:
        """Return the time now as it stands in the tables."""
        return stamp(self._clock())

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        path = self._layout.state
        make_folder(path.parent)
        try:
            with environment(path), closing(self._open(path)) as con:
                yield con
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise  # a defect of the caller, not a damaged file
            raise EnvironmentProblem("error.state_damaged", path=str(path), text=str(error)) from error

    def _open(self, path: Path) -> sqlite3.Connection:
        new = not path.exists()
        con = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            if new:
                os.chmod(path, 0o600)
            con.execute("PRAGMA journal_mode = WAL")
            con.execute("PRAGMA synchronous = FULL")
            migrate(con)
        except BaseException:
            con.close()
            raise
        return con

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for reading one consistent state."""
        with self._connect() as con:
            con.execute("BEGIN")
            yield con
            con.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connect() as con:
            con.execute("BEGIN IMMEDIATE")
            try:
                yield con
                con.execute("COMMIT")
            except BaseException:
                if con.in_transaction:
                    con.execute("ROLLBACK")
                raise

    @contextmanager
    def audited(
        self, actor: str, action: str, detail: Mapping[str, object], reason: str = ""
    ) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose changes are kept together with their audit row, or neither of them.

        Parameters
        ----------
        actor : `Principal.user_id`. action : code of what is done. detail : what exactly, without patients' names.

        Raises
        ------
        EnvironmentProblem : the database cannot be written.
        """
        with self._writing() as con:
            audit.append(con, self.now(), actor, action, detail, reason)
            yield con
        self._keep_head()

    def append_audit(self, actor: str, action: str, detail: Mapping[str, object], reason: str = "") -> AuditRow:
        """Add a row to the audit trail; when this returns, it is on the disk. Raises as `audited`."""
        with self._writing() as con:
            row = audit.append(con, self.now(), actor, action, detail, reason)
        self._keep_head()
        return row

    def _keep_head(self) -> None:
        """Write the head file under the write lock, so that a later head is never replaced by an earlier one."""
        with self._writing() as con:
            audit.write_head_file(self._layout.audit_head, audit.read_head(con))

    def audit_rows(self, last: int | None = None) -> list[AuditRow]:
        """Return the audit trail in order; `last` keeps only so many rows from the end."""
        with self.reading() as con:
            return audit.read_rows(con, last)

    def verify_audit(self) -> AuditCheck:
        """Look for any edit, deletion, reordering or truncation of the audit trail."""
        with self._writing() as con:  # nobody may append between the two heads
            rows, head = audit.read_rows(con), audit.read_head(con)
            return audit.verify(rows, head, audit.read_head_file(self._layout.audit_head))

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the database to a new file."""
        with self._connect() as con, environment(path), closing(sqlite3.connect(path)) as copy:
            con.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
