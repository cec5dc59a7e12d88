"""Form sheets that are frames already (a paste from a laboratory system), given to the same pipeline as files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from .form import INFO_SHEET, load_form
from .raw import RawSource, raw_sheet


def source_of_frames(
    tables: Mapping[str, pd.DataFrame], *, name: str, study: str, synthetic: bool = False
) -> RawSource:
    """Return frames by sheet code as a source.

    Parameters
    ----------
    tables : columns are form column codes, values codes, ISO dates, numbers or text; LAB may hold UNIT, LLN_M … rows.
    name : what stands for the file in problems and provenance.
    """
    entries = {"key": "value", "study": study, "form_version": load_form().version, "synthetic": "NY"[synthetic]}
    info = [list(entry) for entry in entries.items()]
    sheets = [raw_sheet(name, INFO_SHEET, info)]
    digest = hashlib.sha256()
    for code, frame in tables.items():
        rows = [list(frame.columns), *frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]
        sheet = raw_sheet(name, code, rows)
        digest.update(sheet.cells.to_csv().encode())
        sheets.append(sheet)
    return RawSource(tuple(sheets), {name: digest.hexdigest()})
