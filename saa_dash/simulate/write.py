"""The synthetic cohort as a file: a filled workbook, or a folder with one CSV per sheet."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import pandas as pd

from ..ingest.form import load_form
from ..protocol.loader import load_protocol

# A workbook carries no clock: same cohort, same bytes.
_STAMP = datetime(2026, 1, 1)
_ZIP_STAMP = (2026, 1, 1, 0, 0, 0)


def _without_clock(path: Path) -> None:
    """Rewrite the workbook with fixed entry dates and fixed document dates."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _undated(content)
            entry = zipfile.ZipInfo(name, _ZIP_STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, content)
    os.replace(aside, path)


def _undated(core: bytes) -> bytes:
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.xml.functions import fromstring, tostring

    properties = DocumentProperties.from_tree(fromstring(core))
    properties.created = properties.modified = _STAMP
    return bytes(tostring(properties.to_tree()))


def _write_workbook(out: Path, sheets: Mapping[str, pd.DataFrame], study: str) -> None:
    from ..ingest.template import write_template

    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".simulate-") as folder:
        aside = Path(folder) / out.name
        write_template(aside, tables=sheets, synthetic=True, study=study)
        _without_clock(aside)
        os.replace(aside, out)


def _write_folder(out: Path, sheets: Mapping[str, pd.DataFrame], study: str) -> None:
    facts = {"study": study, "form_version": load_form().version, "synthetic": "Y"}
    info = pd.DataFrame({"key": list(facts), "value": [str(value) for value in facts.values()]})
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".simulate-") as folder:
        aside = Path(folder) / out.name
        aside.mkdir()
        for code, sheet in {**sheets, "INFO": info}.items():
            sheet.to_csv(aside / f"{code}.csv", index=False, encoding="utf-8", lineterminator="\n")
        if out.exists():
            shutil.rmtree(out)
        os.replace(aside, out)


def write_cohort(out: Path, sheets: Mapping[str, pd.DataFrame], fmt: Literal["xlsx", "csv"]) -> None:
    """Write the sheets of `simulate_cohort`, aside first, then in place of `out`.

    Parameters
    ----------
    out : the workbook, or the folder that receives ``SUBJ.csv`` … and ``INFO.csv``; replaced if it exists.
    sheets : sheet code → frame.
    fmt : ``xlsx`` or ``csv``. The same sheets give the same bytes.

    Raises
    ------
    ValueError : any other format.
    """
    study = load_protocol().registration.number
    out.parent.mkdir(parents=True, exist_ok=True)
    if fmt == "xlsx":
        _write_workbook(out, sheets, study)
    elif fmt == "csv":
        _write_folder(out, sheets, study)
    else:
        raise ValueError(f"unknown format {fmt!r}; use xlsx or csv")
