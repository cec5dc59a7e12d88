"""The content hash: what makes two cuts the same data.

Canonical form
--------------
* A row is the concatenation of its non-missing own columns (no ``ROWKEY``, ``ROWHASH``, ``SRC*``) in alphabetical
  order, each as ``NAME=<bytes>:<value>``, `bytes` being the length of the value in UTF-8. Numbers are written ``%.17g``
  (integers as integers, minus zero as zero), text as it is. A missing value leaves no trace, so a new, still empty
  column of the schema does not change the hash of old data.
* The digest of a row is the SHA-256 of that text, lower-case hex.
* The content hash is the SHA-256 over the tables in alphabetical order: name, newline, then the digests of its rows,
  sorted, each followed by a newline. Tables without rows leave no trace. Row order therefore carries no meaning,
  repeated rows do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from ..model.schema import TABLES
from .quiet import connect_memory

_NUMBER = {"float": "printf('%.17g', {c} + 0.0)", "int": "printf('%d', {c})", "text": "{c}"}


def to_arrow(frame: pd.DataFrame, columns: Mapping[str, str]) -> pa.Table:
    """Return the named columns of a frame as an Arrow table; types by kind, missing values as nulls."""
    types = {"text": pa.large_string(), "float": pa.float64(), "int": pa.int64()}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    table = pa.Table.from_pandas(frame[list(columns)], schema=schema, preserve_index=False)
    return table.combine_chunks()  # a concatenated frame has many small chunks, which DuckDB scans ten times slower


def _row_text(columns: Mapping[str, str]) -> str:
    parts = []
    for name in sorted(columns):
        value = _NUMBER[columns[name]].format(c=f'"{name}"')
        parts.append(f"""coalesce('{name}=' || strlen({value}) || ':' || {value}, '')""")
    return " || ".join(parts)


def content_hash(tables: Mapping[str, pa.Table]) -> str:
    """Return the content hash of domain tables, 64 hex digits.

    Parameters
    ----------
    tables : Arrow tables by name (`to_arrow`), with at least the own columns of the schema; a table may be absent.
    """
    digest = hashlib.sha256()
    con = connect_memory()
    try:
        for name in sorted(TABLES):
            rows = tables.get(name)
            if rows is None or not rows.num_rows:
                continue
            con.register("incoming", rows)
            own = TABLES[name].columns.items()  # a column without any value would only cost time
            filled = {column: kind for column, kind in own if rows.column(column).null_count < rows.num_rows}
            query = f"SELECT sha256({_row_text(filled) or repr('')}) AS h FROM incoming ORDER BY h"
            hashes = con.sql(query).to_arrow_table().column("h").to_pylist()
            con.unregister("incoming")
            digest.update("".join((f"{name}\n", *(f"{value}\n" for value in hashes))).encode())
    finally:
        con.close()
    return digest.hexdigest()
