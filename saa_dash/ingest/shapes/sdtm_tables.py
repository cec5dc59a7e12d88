"""SDTM datasets that were saved as CSV files or as sheets of a workbook, handed to the reader of packages."""

from __future__ import annotations

import re

import pandas as pd

from ..raw import RawSheet, RawSource
from ..sdtm.dataset import SdtmDataset, Variable
from ..sdtm.package import Package

_NEEDED = {"STUDYID", "DOMAIN", "USUBJID"}  # every SDTM dataset of a subject has them
# Variables that SDTM defines as numbers; a table of text does not say so itself.
_NUMERIC = re.compile(r"AGE|VISITNUM|VISITDY|[A-Z]{2}(?:SEQ|STRESN|STNRLO|STNRHI|DY|STDY|ENDY|DOSE|DOSTOT|TPTNUM)")


def sdtm_package(source: RawSource) -> Package | None:
    """Return a source whose tables are all SDTM datasets as a package; None for any other source.

    Rows keep the number that the spreadsheet shows.
    """
    filled = [sheet for sheet in source.sheets if len(sheet.cells) > 1]
    if not filled or not all(set(_names(sheet)) >= _NEEDED for sheet in filled):
        return None
    datasets = tuple(_dataset(sheet, source.digests.get(sheet.file, "")) for sheet in filled)
    return Package(datasets, source.problems)


def _names(sheet: RawSheet) -> list[str]:
    return [str(text).strip().upper() if isinstance(text, str) else "" for text in sheet.cells.iloc[0]]


def _dataset(sheet: RawSheet, digest: str) -> SdtmDataset:
    names = _names(sheet)
    body = sheet.cells.iloc[1:]
    columns: dict[str, pd.Series] = {}
    problems = []
    name = sheet.name.upper()
    blank = SdtmDataset(name, sheet.file, digest)
    for position, column in enumerate(names):
        if column in columns:
            problems.append(blank.problem("sdtm_variable_duplicate", int(body.index[0]), column))
        elif column:
            columns[column] = _values(column, body.iloc[:, position])
    frame = pd.DataFrame(columns, index=body.index)
    variables = {c: Variable(c, numeric=pd.api.types.is_numeric_dtype(frame[c])) for c in columns}
    return SdtmDataset(name, sheet.file, digest, frame, variables, problems=tuple(problems))


def _values(name: str, texts: pd.Series) -> pd.Series:
    if not _NUMERIC.fullmatch(name):
        return texts
    numbers = pd.to_numeric(texts, errors="coerce")
    return texts if (numbers.isna() & texts.notna()).any() else numbers.astype(float)
