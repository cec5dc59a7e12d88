"""Results pasted from a hospital laboratory system, as rows of the form's laboratory sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..access.policy import Permission, check_permission
from ..model.principal import Principal
from ..model.vocabulary import LAB_TESTS
from .imports import known_names

if TYPE_CHECKING:
    import pandas as pd

    from ..ingest.lis import LisResult


@dataclass(frozen=True)
class Paste:
    """What was recognised.

    Parameters
    ----------
    results : in the order of the paste. unknown : names that no test is known by; ask, remember, read again.
    rows : the laboratory sheet's rows, its unit and limit rows first; empty where nothing was recognised.
    """

    results: tuple[LisResult, ...]
    unknown: tuple[str, ...]
    rows: pd.DataFrame


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
    from ..ingest.lis_rows import lab_rows

    found = parse_lis(text, known_names(principal, data_dir))
    rows = lab_rows(found, subject=subject, date=day.isoformat() if day else None, sex=sex)
    return Paste(found.results, found.unknown, rows)


def lab_codes() -> tuple[str, ...]:
    """Return the tests a name can be mapped to."""
    return tuple(LAB_TESTS)
