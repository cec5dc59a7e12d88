"""Reading cuts: frames with the promised types, from read-only connections."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from ..analysis.study_data import StudyData
from ..model.cut import CutInfo
from ..model.problem import Problem
from ..model.schema import TABLES
from .catalogue import cut_path, resolve_cut, verify_cut_file
from .connections import POOL, Files
from .cut_file import PCODES, PROBLEMS, RECONCILIATION
from .problems import COLUMNS, to_problems

Side = Literal["a", "b"]

_TEXT = pd.StringDtype(na_value=np.nan)
_DTYPES: dict[str, Any] = {"text": _TEXT, "float": np.dtype("float64"), "int": pd.Int64Dtype()}

# Start and end of what a row tells about; the later one says up to when there are data.
_DATES: dict[str, tuple[str, ...]] = {
    "SV": ("SVSTDTC", "SVENDTC"),
    "LB": ("LBDTC",),
    "CM": ("CMSTDTC", "CMENDTC"),
    "EX": ("EXSTDTC", "EXENDTC"),
    "AE": ("AESTDTC", "AEENDTC"),
    "VS": ("VSDTC",),
    "PE": ("PEDTC",),
    "RS": ("RSDTC",),
    "DS": ("DSSTDTC",),
    "DV": ("DVSTDTC",),
}

_verified: set[Path] = set()
_verifying = threading.Lock()


def _fetch(cursor: duckdb.DuckDBPyConnection, query: str, params: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Run a query and return its rows by way of Arrow, twenty times faster than row objects."""
    relation = cursor.sql(query, params=dict(params or {}))
    table: pa.Table = relation.to_arrow_table()
    mapper = {pa.string(): _TEXT, pa.large_string(): _TEXT, pa.int64(): pd.Int64Dtype()}
    return table.to_pandas(types_mapper=mapper.get)


def _typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    wanted = {name: _DTYPES[kind] for name, kind in columns.items() if frame[name].dtype != _DTYPES[kind]}
    return frame.astype(wanted) if wanted else frame


def _where(subjects: Sequence[str] | None) -> tuple[str, dict[str, object]]:
    if subjects is None:
        return "", {}
    return ' WHERE "USUBJID" = ANY($subjects)', {"subjects": list(subjects)}


_once: ContextVar[dict[tuple[object, ...], pd.DataFrame] | None] = ContextVar("tables_read_once", default=None)


@contextmanager
def tables_read_once() -> Iterator[None]:
    """Read each table of a cut once while a file is made of many results; what was read is forgotten at the end."""
    token = _once.set({})
    try:
        yield
    finally:
        _once.reset(token)


def _select(files: Files, alias: str, name: str, subjects: Sequence[str] | None) -> pd.DataFrame:
    columns = TABLES[name].all_columns
    listed = ", ".join(f'"{column}"' for column in columns)
    where, params = _where(subjects)
    with POOL.cursor(files) as cursor:
        return _typed(_fetch(cursor, f'SELECT {listed} FROM "{alias}"."{name}"{where}', params), columns)


@dataclass(frozen=True)
class CutReader:
    """One cut, open for reading from any thread. Every call reads anew; nothing is kept here.

    Parameters
    ----------
    info : the cut. path : its file, whose hash was compared when it was opened.
    """

    info: CutInfo
    path: Path

    @property
    def _files(self) -> Files:
        return (("cut", self.path),)

    def table(self, name: str, subjects: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a domain table with the types of `StudyData`.

        Parameters
        ----------
        name : a key of `saa_dash.model.schema.TABLES`.
        subjects : USUBJIDs to keep; None keeps all, an empty sequence none.
        """
        held = _once.get()
        if held is None:
            return _select(self._files, "cut", name, subjects)
        key = (self.path, name, None if subjects is None else tuple(subjects))
        if key not in held:
            held[key] = _select(self._files, "cut", name, subjects)
        return held[key].copy(deep=False)  # whoever writes into it has a frame of their own

    def row_refs(self, name: str) -> pd.DataFrame:
        """Return DataFrame [ROW, USUBJID, ROWKEY, ROWHASH] of a domain table; ROW is its place by ROWKEY, from 1.

        A cut never changes, so that ROW names a row of it without its subject number or date.
        """
        query = f"""SELECT row_number() OVER (ORDER BY "ROWKEY") AS "ROW", "USUBJID", "ROWKEY", "ROWHASH"
                    FROM cut."{TABLES[name].name}" ORDER BY "ROW" """
        with POOL.cursor(self._files) as cursor:
            frame = _fetch(cursor, query)
        return _typed(frame, {"USUBJID": "text", "ROWKEY": "text", "ROWHASH": "text"})

    def rows(self, name: str, rowkeys: Sequence[str]) -> pd.DataFrame:
        """Return the rows of a domain table with these ROWKEYs, in the order of ROWKEY."""
        columns = TABLES[name].all_columns
        listed = ", ".join(f'"{column}"' for column in columns)
        query = f'SELECT {listed} FROM cut."{TABLES[name].name}" WHERE "ROWKEY" = ANY($keys) ORDER BY "ROWKEY"'
        with POOL.cursor(self._files) as cursor:
            return _typed(_fetch(cursor, query, {"keys": list(rowkeys)}), columns)

    def count(self, name: str, subjects: Sequence[str] | None = None) -> int:
        """Return the number of rows of a domain table, of all or of some subjects."""
        where, params = _where(subjects)
        with POOL.cursor(self._files) as cursor:
            return int(
                _fetch(cursor, f'SELECT count(*) AS n FROM cut."{TABLES[name].name}"{where}', params)["n"].iloc[0]
            )

    def study_data(self, subjects: Sequence[str] | None = None) -> StudyData:
        """Return all domain tables, of all or of some subjects."""
        return StudyData(self.info.cutoff, {name: self.table(name, subjects) for name in TABLES})

    def distinct(self, name: str, column: str) -> tuple[str, ...]:
        """Return the distinct texts of a column, sorted, without the missing ones.

        Parameters
        ----------
        name : a key of `saa_dash.model.schema.TABLES`. column : one of its text columns.

        Raises
        ------
        KeyError : there is no such column.
        """
        if TABLES[name].all_columns[column] != "text":
            raise KeyError(column)
        query = f'SELECT DISTINCT "{column}" AS v FROM cut."{name}" WHERE "{column}" IS NOT NULL ORDER BY 1'
        with POOL.cursor(self._files) as cursor:
            return tuple(_fetch(cursor, query)["v"])

    def problems(self, subjects: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the import queries and notes that travel with the cut: the fields of `Problem`, and USUBJID."""
        where, params = _where(subjects)
        listed = ", ".join(f'"{column}"' for column in COLUMNS)
        with POOL.cursor(self._files) as cursor:
            return _typed(_fetch(cursor, f'SELECT {listed} FROM cut."{PROBLEMS}"{where}', params), COLUMNS)

    def findings(self) -> tuple[Problem, ...]:
        """Return the import queries and notes as `Problem`, ready to be rendered."""
        return to_problems(self.problems())

    def reconciliation(self) -> pd.DataFrame:
        """Return rows and values in and out per sheet, as the import counted them."""
        with POOL.cursor(self._files) as cursor:
            return _fetch(cursor, f'SELECT * FROM cut."{RECONCILIATION}"')

    def pcodes(self, *, retired: bool = False) -> pd.DataFrame:
        """Return DataFrame [USUBJID, PCODE] of the subjects in the cut; `retired` adds those of earlier cuts."""
        where = "" if retired else ' WHERE "USUBJID" IN (SELECT "USUBJID" FROM cut."DM")'
        query = f'SELECT "USUBJID", "PCODE" FROM cut."{PCODES}"{where} ORDER BY length("PCODE"), "PCODE"'
        with POOL.cursor(self._files) as cursor:
            return _typed(_fetch(cursor, query), {"USUBJID": "text", "PCODE": "text"})

    def data_currency(self) -> pd.DataFrame:
        """Return DataFrame [USUBJID, DOMAIN, LASTDTC]: the last day on or before the cut-off with data, per domain.

        A start or an end counts, whichever is later; a time of day is dropped, a partial date stands as it is.
        """
        parts = [
            f"""SELECT "USUBJID", '{name}' AS "DOMAIN", left("{column}", 10) AS day FROM cut."{name}" """
            for name, columns in _DATES.items()
            for column in columns
        ]
        query = f"""SELECT "USUBJID", "DOMAIN", max(day) AS "LASTDTC" FROM ({" UNION ALL ".join(parts)})
                    WHERE day <= $cutoff GROUP BY ALL ORDER BY ALL"""
        with POOL.cursor(self._files) as cursor:
            frame = _fetch(cursor, query, {"cutoff": self.info.cutoff.isoformat()})
        return _typed(frame, {"USUBJID": "text", "DOMAIN": "text", "LASTDTC": "text"})


@dataclass(frozen=True)
class PairReader:
    """Two cuts attached to one connection, `a` the earlier and `b` the later one by convention of the caller."""

    a: CutReader
    b: CutReader

    @property
    def _files(self) -> Files:
        return (("a", self.a.path), ("b", self.b.path))

    def changes(self, name: str) -> pd.DataFrame:
        """Return DataFrame [USUBJID, ROWKEY, KIND] of the rows of a table that differ: new, removed or modified."""
        query = f"""
            SELECT coalesce(n."USUBJID", o."USUBJID") AS "USUBJID", coalesce(n."ROWKEY", o."ROWKEY") AS "ROWKEY",
                   CASE WHEN o."ROWKEY" IS NULL THEN 'new' WHEN n."ROWKEY" IS NULL THEN 'removed'
                        ELSE 'modified' END AS "KIND"
            FROM a."{TABLES[name].name}" o FULL JOIN b."{TABLES[name].name}" n ON o."ROWKEY" = n."ROWKEY"
            WHERE o."ROWHASH" IS DISTINCT FROM n."ROWHASH" ORDER BY ALL"""
        with POOL.cursor(self._files) as cursor:
            return _typed(_fetch(cursor, query), {"USUBJID": "text", "ROWKEY": "text", "KIND": "text"})

    def table(self, side: Side, name: str, subjects: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a domain table of one side, as `CutReader.table`."""
        return _select(self._files, side, name, subjects)


def open_cut(data_dir: Path, cut_id: str) -> CutReader:
    """Return a reader of a cut; the bytes of its file are checked once per process.

    Parameters
    ----------
    cut_id : an id, a unique prefix, or ``latest``.

    Raises
    ------
    UserError : no such cut. EnvironmentProblem : its file is damaged or from a newer version.
    """
    info = resolve_cut(data_dir, cut_id)
    path = cut_path(data_dir, info.cut_id).resolve()
    with _verifying:
        if path not in _verified:
            verify_cut_file(data_dir, info)
            _verified.add(path)
    return CutReader(info, path)


def attach_pair(data_dir: Path, a: str, b: str) -> PairReader:
    """Return a reader of two cuts at once; raises as `open_cut`."""
    return PairReader(open_cut(data_dir, a), open_cut(data_dir, b))


def close_all() -> None:
    """Close every open cut and check files anew when they are opened again."""
    POOL.close()
    with _verifying:
        _verified.clear()
