"""The DuckDB file of one cut: written once, aside, and checked after it was closed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from ..model.errors import EnvironmentProblem
from .files import environment, sync
from .quiet import connect_memory

PROBLEMS = "PROBLEMS"
RECONCILIATION = "RECONCILIATION"
PCODES = "PCODES"
META = "META"

# Bytes. With the smallest blocks a trial of ten patients takes 0.5 MB instead of 4.5 MB; many rows are written in half
# the time with the usual ones.
SMALL_BLOCK, USUAL_BLOCK = 16384, 262144
MANY_ROWS = 50_000


def quoted(path: Path) -> str:
    """Return a path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def to_free_arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a frame whose columns no schema fixes as Arrow; a column without any value becomes text."""
    table = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
    fields = [pa.field(f.name, pa.large_string()) if pa.types.is_null(f.type) else f for f in table.schema]
    return table.cast(pa.schema(fields)).replace_schema_metadata()


def meta_table(values: Mapping[str, str]) -> pa.Table:
    """Return the key/value rows that let a cut file be recognised without its sidecar."""
    return pa.table({"KEY": list(values), "VALUE": list(values.values())})


def write_cut_file(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write tables into a new DuckDB file, checkpoint it, close it and force it to disk.

    Raises
    ------
    EnvironmentProblem : the disk is full or refuses.
    """
    block = USUAL_BLOCK if sum(rows.num_rows for rows in tables.values()) > MANY_ROWS else SMALL_BLOCK
    with environment(path):
        con = connect_memory()
        try:
            con.execute(f"ATTACH {quoted(path)} AS cut (BLOCK_SIZE {block})").fetchall()
            con.execute("USE cut").fetchall()
            con.execute("BEGIN")
            for name, rows in tables.items():
                con.register("incoming", rows)
                con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming').fetchall()
                con.unregister("incoming")
            con.execute("COMMIT")
            con.execute("CHECKPOINT cut").fetchall()
        finally:
            con.close()
        sync(path)


def count_rows(path: Path) -> dict[str, int]:
    """Return the rows of each table of a cut file, opened read-only."""
    con = duckdb.connect(str(path), read_only=True)
    try:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        counts = (con.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for name in names)
        return dict(zip(names, counts, strict=True))
    finally:
        con.close()


def check_cut_file(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Reopen a written file and compare its rows with what went in.

    Raises
    ------
    EnvironmentProblem : the file cannot be read back as it was written.
    """
    wal = path.with_name(path.name + ".wal")
    with environment(path):
        found = count_rows(path)
    if found != {name: rows.num_rows for name, rows in tables.items()} or wal.exists():
        raise EnvironmentProblem("error.write_check", path=str(path))
