"""Small tables in the form of `saa_dash.model.schema`, for tests that need a cut but no workbook.

`make_tables()` gives three subjects with a few rows in most domains; an override replaces the rows of one table::

    make_tables(LB=[{"USUBJID": "S-P001", "LBTESTCD": "ANC", "LBDTC": "2026-05-01", "LBSTRESN": 0.3}])
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from saa_dash.model.schema import TABLES

STUDY = "ChiCTR2600117810"
SUBJECTS = tuple(f"{STUDY}-P{n:03d}" for n in (1, 2, 3))
_DTYPES = {"text": "str", "float": "float64", "int": "Int64"}

Row = Mapping[str, Any]


def make_frame(name: str, rows: Sequence[Row], *, study: str = STUDY) -> pd.DataFrame:
    """Return rows as the frame of table `name`: every schema column, its dtype, provenance filled in."""
    table = TABLES[name]
    full = [_with_provenance(name, {"STUDYID": study, **row}, line) for line, row in enumerate(rows, start=2)]
    _number_keys(full)
    columns = table.all_columns
    unknown = {column for row in full for column in row} - set(columns)
    if unknown:
        raise ValueError(f"{name} has no columns {sorted(unknown)}")
    frame = pd.DataFrame(full, columns=list(columns)) if full else pd.DataFrame(columns=list(columns))
    return frame.astype({column: _DTYPES[kind] for column, kind in columns.items()})


def _with_provenance(name: str, row: dict[str, Any], line: int) -> dict[str, Any]:
    table = TABLES[name]
    own = {column: row[column] for column in table.columns if row.get(column) is not None}
    digest = hashlib.sha256(json.dumps(own, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
    key = "|".join([name, *(str(own.get(column, "")) for column in table.key)])
    source = {"SRCFILE": "test.xlsx", "SRCSHEET": name, "SRCROW": line}
    return {
        **row,
        **{k: v for k, v in source.items() if k not in row},
        "ROWKEY": row.get("ROWKEY", key),
        "ROWHASH": digest,
    }


def _number_keys(rows: list[dict[str, Any]]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        key = row["ROWKEY"]
        seen[key] = seen.get(key, 0) + 1
        row["ROWKEY"] = f"{key}|{seen[key]}"


def make_tables(*, study: str = STUDY, **overrides: Sequence[Row]) -> dict[str, pd.DataFrame]:
    """Return every table of a cut; an override gives the rows of one table, all others keep the example rows."""
    frames = {name: frame.copy() for name, frame in _example_frames(study).items() if name not in overrides}
    made = {name: make_frame(name, rows, study=study) for name, rows in overrides.items()}
    return {name: {**frames, **made}[name] for name in TABLES}


@cache
def _example_frames(study: str) -> dict[str, pd.DataFrame]:
    rows = {**dict.fromkeys(TABLES, ()), **_example(study)}
    return {name: make_frame(name, rows[name], study=study) for name in TABLES}


def empty_tables() -> dict[str, pd.DataFrame]:
    """Return every table of a cut without rows."""
    return {name: make_frame(name, ()) for name in TABLES}


def _example(study: str) -> dict[str, list[Row]]:
    ids = [f"{study}-P{n:03d}" for n in (1, 2, 3)]
    starts = ["2026-03-02", "2026-03-20", "2026-04-10"]
    subjects = [
        {
            "USUBJID": usubjid, "SUBJID": usubjid.rsplit("-", 1)[1], "SEX": sex, "AGE": age, "WEIGHT": 60.5,
            "SEVERITY": severity, "ENRLDTC": start, "ATGSTDTC": start, "LSTALVDTC": "2026-07-15",
        }
        for usubjid, start, sex, age, severity in zip(
            ids, starts, "FMF", (25, 41, 57), ("SAA", "VSAA", "SAA"), strict=True
        )
    ]  # fmt: skip
    counts = [
        {
            "USUBJID": usubjid, "LBTESTCD": test, "LBDTC": day, "LBORRES": str(value), "LBSTRESN": value,
            "LBSTRESU": unit, "VISIT": visit, "VISITNUM": number,
        }
        for usubjid, start in zip(ids, starts, strict=True)
        for visit, number, day, shift in (("BASELINE", 0, start, 0.0), ("W12", 12, "2026-07-10", 1.0))
        for test, value, unit in (("ANC", 0.25 + shift, "10^9/L"), ("HGB", 65.0 + 40 * shift, "g/L"))
    ]  # fmt: skip
    return {
        "DM": subjects,
        "SV": [
            {"USUBJID": ids[0], "VISIT": "W12", "VISITNUM": 12, "SVSTDTC": "2026-07-10", "RBCYN": "N", "PLTYN": "N"}
        ],
        "LB": counts,
        "CM": [
            {"USUBJID": ids[1], "CMCAT": "TRANSFUSION", "CMCLAS": "RBC", "CMTRT": "红细胞", "CMSTDTC": "2026-04-01"}
        ],
        "EX": [
            {"USUBJID": usubjid, "EXTRT": "RATG", "EXDOSE": 181.5, "EXDOSU": "mg", "EXSTDTC": start}
            for usubjid, start in zip(ids, starts, strict=True)
        ],
        "AE": [
            {
                "USUBJID": ids[1], "AESPID": "1", "AETERM": "发热", "AEDECOD": "Pyrexia", "AETOXGR": 2, "AESER": "N",
                "AESTDTC": "2026-03-21", "AEENDTC": "2026-03",
            }
        ],
    }  # fmt: skip
