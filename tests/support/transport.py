"""Small SAS transport and Dataset-JSON files for tests, and what can be broken in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

RECORD = 80
FIRST_VARIABLE = 8 * RECORD  # where the descriptions of variables begin
NAMESTR = 140


def transport_bytes(folder: Path, name: str, columns: Mapping[str, Sequence[object]]) -> bytes:
    """Return a transport file of version 5 with these columns, as pyreadstat writes it."""
    path = folder / f"{name.lower()}.part"
    pyreadstat.write_xport(pd.DataFrame(dict(columns)), str(path), table_name=name.upper(), file_format_version=5)
    content = path.read_bytes()
    path.unlink()
    return content


def demographics(
    subjects: Sequence[str] = ("01", "02", "03"), **columns: Sequence[object]
) -> dict[str, Sequence[object]]:
    """Return the columns of a small DM; `columns` replace or add."""
    n = len(subjects)
    base: dict[str, Sequence[object]] = {
        "STUDYID": ["S1"] * n,
        "DOMAIN": ["DM"] * n,
        "USUBJID": [f"S1-{subject}" for subject in subjects],
        "SUBJID": list(subjects),
        "RFSTDTC": ["2026-03-05"] * n,
        "AGE": [35.0 + i for i in range(n)],
        "SEX": ["F"] * n,
    }
    return {**base, **columns}


def write_transport(folder: Path, **datasets: Mapping[str, Sequence[object]]) -> Path:
    """Write datasets as ``NAME.xpt`` into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in datasets.items():
        (folder / f"{name}.xpt").write_bytes(transport_bytes(folder, name, columns))
    return folder


def dataset_json(name: str, columns: Mapping[str, Sequence[Any]], **changes: Any) -> dict[str, Any]:
    """Return a Dataset-JSON 1.1 document; `changes` replace its parts, None removes one."""
    kinds = {
        column: "string" if any(isinstance(value, str) for value in values) else "float"
        for column, values in columns.items()
    }
    document = {
        "datasetJSONCreationDateTime": "2026-08-01T09:30:00Z",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": f"IG.{name}",
        "records": len(next(iter(columns.values()))),
        "name": name,
        "label": name,
        "columns": [
            {"itemOID": f"IT.{name}.{column}", "name": column, "label": column, "dataType": kind}
            for column, kind in kinds.items()
        ],
        "rows": [list(row) for row in zip(*columns.values(), strict=True)],
    }
    document |= changes
    return {key: value for key, value in document.items() if value is not None}


def write_json(path: Path, document: Any) -> Path:
    """Write a document and return its path."""
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
