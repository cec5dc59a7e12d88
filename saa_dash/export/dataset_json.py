"""Dataset-JSON 1.1: one file per dataset, dates as ISO 8601 texts of numeric SAS dates, missing = null.

The time of creation is that of the cut, so that the same cut under the same settings gives the same bytes.

Source: CDISC Dataset-JSON 1.1.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from ..model.message import Message
from .dataset import Dataset, Stamp
from .variables import VariableSpec

SUFFIX = ".json"
VERSION = "1.1.0"
KEYS = {
    "ADSL": ("USUBJID",),
    "ADRS": ("USUBJID", "PARAMCD", "AVISITN"),
    "ADTTE": ("USUBJID", "PARAMCD"),
    "ADEX": ("USUBJID", "EXTRT", "PARAMCD", "ASTDT", "INFNUM"),
}
_RECORD_KEYS = ("USUBJID", "ROWKEY")
_TYPES = {"text": "string", "integer": "integer", "float": "double", "date": "date"}


def _column(dataset: str, spec: VariableSpec, label: str, values: pd.Series) -> dict[str, object]:
    keys = KEYS.get(dataset, _RECORD_KEYS)
    column: dict[str, object] = {
        "itemOID": f"IT.{dataset}.{spec.name}",
        "name": spec.name,
        "label": label,
        "dataType": _TYPES[spec.type],
    }
    if spec.type == "text":
        longest = values.str.len().max()
        column["length"] = max(int(longest) if longest == longest else 0, 1)
    if spec.type == "date":
        column |= {"targetDataType": "integer", "displayFormat": "E8601DA."}
    if spec.name in keys:
        column["keySequence"] = keys.index(spec.name) + 1
    return column


def _plain(values: pd.Series, spec: VariableSpec) -> list[object]:
    """Return a column as plain values with None where missing."""
    missing = values.isna().to_numpy()
    if spec.type == "date":
        plain = values.to_numpy("datetime64[D]").astype(str).astype(object)
    elif spec.type == "integer":
        plain = np.array(values.fillna(0).astype("int64").tolist(), dtype=object)
    else:
        plain = values.to_numpy(object)
    plain = np.array(plain, dtype=object, copy=True)
    plain[missing] = None
    return list(plain.tolist())


def write_dataset_json(dataset: Dataset, path: Path, stamp: Stamp) -> tuple[Message, ...]:
    """Write a dataset; the marks stand in its label, the rest of the stamp in the manifest."""
    pairs = list(zip(dataset.variables, dataset.labels, strict=True))
    columns = [_plain(dataset.frame[spec.name], spec) for spec in dataset.variables]
    label = " ".join((*(f"[{mark}]" for mark in stamp.marks), dataset.label))
    document = {
        "datasetJSONCreationDateTime": stamp.created,
        "datasetJSONVersion": VERSION,
        "fileOID": f"{stamp.study}.{stamp.cut_id}.{dataset.name}",
        "dbLastModifiedDateTime": stamp.created,
        "originator": stamp.study,
        "sourceSystem": {"name": stamp.program, "version": stamp.version},
        "studyOID": f"ST.{stamp.study}",
        "metaDataVersionOID": f"MDV.{stamp.settings_hash[:16]}",
        "itemGroupOID": f"IG.{dataset.name}",
        "records": len(dataset.frame),
        "name": dataset.name,
        "label": label,
        "columns": [_column(dataset.name, spec, text, dataset.frame[spec.name]) for spec, text in pairs],
        "rows": [list(row) for row in zip(*columns, strict=True)],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    return ()
