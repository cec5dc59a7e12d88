"""Results pasted from a hospital laboratory system, as rows of the form's laboratory sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..access.policy import Permission, check_permission
from ..model.errors import UsageError
from ..model.principal import Principal
from ..model.vocabulary import LAB_TESTS
from ..store.files import environment, file_sha256
from . import audit
from .imports import known_names
from .staging import discard_upload, new_folder

if TYPE_CHECKING:
    import pandas as pd

    from ..ingest.lis import LisResult


@dataclass(frozen=True)
class Paste:
    """What was recognised.

    Parameters
    ----------
    results : in the order of the paste. unknown : names that no test is known by; ask, remember, read again.
    rows : the laboratory sheet's rows, its unit and limit rows first; no others where nothing was recognised.
    left_out : number of results that cannot be given in the unit of the others of their test.
    has_limits : the paste has normal limits, so that it matters whose they are.
    undated : a result has no sampling date.
    """

    results: tuple[LisResult, ...]
    unknown: tuple[str, ...]
    rows: pd.DataFrame
    left_out: int
    has_limits: bool
    undated: bool


class Merged(NamedTuple):
    """A workbook with the pasted results: a staged copy, its new rows and results, tests whose unit did not fit."""

    path: Path
    rows: int
    values: int
    left_out: tuple[str, ...]


def read_paste(
    principal: Principal, data_dir: Path, text: str, *, subject: str, day: date | None = None, sex: str | None = None
) -> Paste:
    """Read pasted laboratory results with the names the team has taught.

    Parameters
    ----------
    subject : SUBJID the results belong to. day : sampling date of results that carry none. sex : whose limits they are.

    Raises
    ------
    Refused : without the right to import.
    """
    check_permission(principal, Permission.IMPORT)
    from ..ingest.lis import parse_lis
    from ..ingest.lis_rows import lab_rows, not_convertible

    found = parse_lis(text, known_names(principal, data_dir))
    rows = lab_rows(found, subject=subject, date=day.isoformat() if day else None, sex=sex)
    has_limits = any(r.limits.low is not None or r.limits.high is not None for r in found.results)
    undated = day is None and any(result.date is None for result in found.results)
    return Paste(found.results, found.unknown, rows, len(not_convertible(found)), has_limits, undated)


def add_to_workbook(principal: Principal, data_dir: Path, source: Path, rows: pd.DataFrame) -> Merged:
    """Put pasted results into a copy of a filled workbook, in a staging folder of its own.

    Parameters
    ----------
    source : the uploaded workbook; it stays. rows : of a `Paste`.

    Raises
    ------
    Refused : without the right to import. UsageError : nothing to add, or the workbook cannot take it.
    EnvironmentProblem : the disk refuses, or the audit row cannot be written; there is no copy then.
    """
    check_permission(principal, Permission.IMPORT)
    from ..ingest.lis_workbook import append_lab_rows, samples

    if samples(rows).empty:
        raise UsageError("error.lis_no_rows")
    out = new_folder(data_dir) / source.name
    try:
        with environment(out):
            added = append_lab_rows(source, rows, out, known_names(principal, data_dir))
        detail = {"source": file_sha256(source), "result": file_sha256(out), "rows": added.rows, "values": added.values}
        audit.record(principal, data_dir, "lab_paste", detail)
    except BaseException:
        discard_upload(data_dir, out)
        raise
    return Merged(out, added.rows, added.values, added.left_out)


def write_new_workbook(principal: Principal, out: Path, rows: pd.DataFrame, lang: str) -> None:
    """Write a fresh CRF workbook that holds pasted results.

    Parameters
    ----------
    out : written over where it exists. lang : the language that stands first in its headers.
    """
    check_permission(principal, Permission.IMPORT)
    from ..ingest.lis_workbook import write_lab_workbook

    with environment(out):
        write_lab_workbook(out, rows, lang)


def lab_codes() -> tuple[str, ...]:
    """Return the tests a name can be mapped to."""
    return tuple(LAB_TESTS)
