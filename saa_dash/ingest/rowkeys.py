"""Identity of rows: a natural key that stays from cut to cut and a hash that tells whether anything changed."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from ..model.schema import Table

_SEPARATOR = "\x1f"
_MISSING = "\x00"
_HASH_DIGITS = 16


def canonical_text(values: pd.Series) -> pd.Series:
    """Return a column as text that hashes the same everywhere: numbers with 17 digits, missing as one sign."""
    if pd.api.types.is_numeric_dtype(values):
        codes, uniques = pd.factorize(values)
        words = np.array([*(f"{float(value):.17g}" for value in uniques), _MISSING], dtype=object)
        return pd.Series(words[codes], index=values.index, dtype=object)
    return values.astype(object).where(values.notna(), _MISSING)


def _joined(frame: pd.DataFrame, columns: list[str]) -> list[str]:
    texts = [canonical_text(frame[column]).tolist() for column in columns]
    return [_SEPARATOR.join(row) for row in zip(*texts, strict=True)]


def row_hashes(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Return the first 16 hex digits of the SHA-256 over each row's own columns, in the order of the table."""
    texts = _joined(frame, list(table.columns))
    hashes = [hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS] for text in texts]
    return pd.Series(hashes, index=frame.index, dtype="str")


def _natural_keys(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Return ``TABLE|key|…`` per row: parts that are missing at the end are left off.

    Where a line number of the form (--SPID) belongs to the key and is filled in, subject and line number are the key,
    so that a corrected date or term shows as a change, not as another row.
    """
    parts = {name: frame[name].astype(object).where(frame[name].notna(), "") for name in table.key}
    spid = next((name for name in table.key if name.endswith("SPID")), None)
    if spid is not None:
        numbered = parts[spid] != ""
        parts = {name: part if name in ("USUBJID", spid) else part.where(~numbered, "") for name, part in parts.items()}
    texts = [part.tolist() for part in parts.values()]
    keys = [f"{table.name}|{'|'.join(map(str, row))}".rstrip("|") for row in zip(*texts, strict=True)]
    return pd.Series(keys, index=frame.index, dtype="str")


def add_row_identity(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return `frame` with ROWKEY and ROWHASH.

    Rows that share a natural key are numbered in the order of their hashes: the number does not depend on the order
    in which they were typed or exported.
    """
    keys, hashes = _natural_keys(frame, table), row_hashes(frame, table)
    order = pd.DataFrame({"key": keys, "hash": hashes}).sort_values(["key", "hash"], kind="stable")
    ordinals = (order.groupby("key").cumcount() + 1).reindex(frame.index)
    return frame.assign(ROWKEY=keys + "|" + ordinals.astype("str"), ROWHASH=hashes)
