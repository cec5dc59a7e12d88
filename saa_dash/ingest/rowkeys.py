"""Identity of rows: a natural key that stays from cut to cut and a hash that tells whether anything changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..model.schema import Table
from .text import map_unique_text

_SEPARATOR = "\x1f"
_MISSING = "\x00"
_HASH_DIGITS = 16


def canonical_text(values: pd.Series) -> pd.Series:
    """Return a column as text that is the same everywhere: numbers with 17 digits; missing stays missing."""
    if pd.api.types.is_numeric_dtype(values):
        return map_unique_text(values, lambda value: f"{float(value):.17g}")
    return values.astype("str")


def _joined(columns: Iterable[pd.Series], separator: str, missing: str) -> pa.Array:
    """Return the cells of each row as one text."""
    texts = [pa.array(column).cast(pa.large_string()) for column in columns]
    between = pa.scalar(separator, pa.large_string())
    return pc.binary_join_element_wise(*texts, between, null_handling="replace", null_replacement=missing)


def row_hashes(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Return the first 16 hex digits of the SHA-256 over each row's own columns, in the order of the table."""
    texts = _joined((canonical_text(frame[name]) for name in table.columns), _SEPARATOR, _MISSING)
    content = texts.cast(pa.large_binary()).to_numpy(zero_copy_only=False)
    hashes = [hashlib.sha256(row).hexdigest()[:_HASH_DIGITS] for row in content]
    return pd.Series(hashes, index=frame.index, dtype="str")


def _natural_keys(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Return ``TABLE|key|…`` per row: parts that are missing at the end are left off.

    Where a line number of the form (--SPID) belongs to the key and is filled in, subject and line number are the key,
    so that a corrected date or term shows as a change, not as another row.
    """
    parts = {name: frame[name].astype("str") for name in table.key}
    spid = next((name for name in table.key if name.endswith("SPID")), None)
    if spid is not None:
        numbered = parts[spid].notna()
        parts = {name: part if name in ("USUBJID", spid) else part.mask(numbered) for name, part in parts.items()}
    keys = pd.Series(_joined(parts.values(), "|", ""), index=frame.index, dtype="str")
    return (f"{table.name}|" + keys).str.rstrip("|")


def add_row_identity(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return `frame` with ROWKEY and ROWHASH.

    Rows that share a natural key are numbered in the order of their hashes: the number does not depend on the order
    in which they were typed or exported.
    """
    keys, hashes = _natural_keys(frame, table), row_hashes(frame, table)
    repeated = keys.duplicated(keep=False)
    order = pd.DataFrame({"key": keys[repeated], "hash": hashes[repeated]}).sort_values(["key", "hash"], kind="stable")
    ordinals = (order.groupby("key").cumcount() + 1).reindex(frame.index, fill_value=1)
    return frame.assign(ROWKEY=keys + "|" + map_unique_text(ordinals, str), ROWHASH=hashes)
