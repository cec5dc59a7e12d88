"""Reading a SAS transport file: headers and size are checked here, the observations are pyreadstat's.

pandas.read_sas is not used: it turns 0 into 5.4e-79.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..text import map_unique_text
from .dataset import SdtmDataset, Variable
from .xpt_header import HeaderFault, XptHeader, expected_observations, read_header

# Strict, in this order: GB18030 text is practically never valid UTF-8.
ENCODINGS = ("UTF-8", "GB18030", "WINDOWS-1252")


def read_xpt(path: Path, content: bytes, digest: str) -> SdtmDataset:
    """Read one transport file; whatever is wrong with it becomes a problem.

    Parameters
    ----------
    content : its bytes. digest : their SHA-256.
    """
    blank = SdtmDataset(path.stem.upper(), path.name, digest)
    try:
        header = read_header(content)
        expected = expected_observations(content, header)
    except HeaderFault as fault:
        row = fault.params.pop("row", None)
        problem = blank.problem(fault.code, row if isinstance(row, int) else None, fault.column, **fault.params)
        return SdtmDataset(blank.name, blank.file, digest, problems=(problem,))
    return _read_rows(path, digest, header, expected)


def _read_rows(path: Path, digest: str, header: XptHeader, expected: int) -> SdtmDataset:
    variables = {item.name: Variable(item.name, item.label, item.numeric) for item in header.variables}
    dataset = SdtmDataset(header.name or path.stem.upper(), path.name, digest, variables=variables)
    raw, encoding = _observations(path)
    if raw is None:
        problem = dataset.problem("sdtm_unreadable", value=encoding)
        return SdtmDataset(dataset.name, path.name, digest, variables=variables, problems=(problem,))
    raw.columns = raw.columns.str.upper()
    problems = []
    if list(raw.columns) != list(variables) and len(raw.columns):
        other = next((name for name in variables if name not in raw.columns), "")
        problems.append(dataset.problem("sdtm_header", None, other, part="NAMESTR", found=len(raw.columns)))
    elif len(raw) != expected:
        last = list(variables)[-1]
        problems.append(dataset.problem("sdtm_row_count", len(raw) + 1, last, expected=expected, found=len(raw)))
    if encoding != ENCODINGS[0]:
        problems.append(dataset.problem("sdtm_encoding", value=encoding))
    raw = raw.reindex(columns=list(variables))
    frame = pd.DataFrame({name: _column(raw[name], item.numeric) for name, item in variables.items()})
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return SdtmDataset(dataset.name, path.name, digest, frame, variables, expected, tuple(problems))


def _observations(path: Path) -> tuple[pd.DataFrame | None, str]:
    """Return the observations and the encoding of their texts; None and the reason where they cannot be read."""
    import pyreadstat

    reason = ""
    for encoding in ENCODINGS:
        try:
            read = pyreadstat.read_xport(str(path), disable_datetime_conversion=True, encoding=encoding)
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError, ValueError, OverflowError) as error:
            reason = reason or str(error)[:80]
            continue
        return read[0], encoding
    return None, reason


def _column(values: pd.Series, numeric: bool) -> Any:
    """Return one column in its own type; texts trimmed, empty ones missing."""
    if numeric:
        return pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
    texts = map_unique_text(values, lambda text: str(text).strip("\0 \t\r\n") or None)
    return texts.astype("str").array
