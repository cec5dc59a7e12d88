"""Files to start with: the empty form, and simulated cohorts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from ..access.policy import Permission, check_permission
from ..model.errors import UsageError
from ..model.principal import Principal
from ..store.files import check_free, environment, make_folder, temp_beside, write_through

MAX_PATIENTS = 10_000

Format = Literal["xlsx", "csv"]


def write_empty_form(principal: Principal, out: Path, lang: str, *, force: bool = False) -> None:
    """Write the empty CRF workbook.

    Parameters
    ----------
    out : refused where it exists, unless `force`. lang : the language that stands first in its headers.

    Raises
    ------
    Refused : without the right to import. UsageError : `out` exists. EnvironmentProblem : the disk refuses.
    """
    check_permission(principal, Permission.USE_TEMPLATE)
    check_free(out, force=force)
    from ..ingest.template import write_template

    write_through(out, lambda aside: write_template(aside, lang), force=force)


def write_simulation(
    principal: Principal, out: Path, patients: int, seed: int, fmt: Format, *, force: bool = False
) -> None:
    """Write a synthetic cohort in the form of the CRF.

    Parameters
    ----------
    out : a workbook, or the folder of CSV files. patients : 1…`MAX_PATIENTS`.

    Raises
    ------
    UsageError : `out` exists and `force` is False, or `patients` is out of range.
    """
    check_permission(principal, Permission.USE_TEMPLATE)
    if not 1 <= patients <= MAX_PATIENTS:
        raise UsageError("error.simulate_patients", limit=MAX_PATIENTS)
    check_free(out, force=force)
    from ..simulate.cohort import simulate_cohort
    from ..simulate.write import write_cohort

    sheets = simulate_cohort(patients, seed)
    if fmt == "xlsx":
        write_through(out, lambda aside: write_cohort(aside, sheets, fmt), force=force)
        return
    make_folder(out.parent)
    aside = temp_beside(out)
    with environment(out):
        try:
            write_cohort(aside, sheets, fmt)
            if out.is_dir():
                shutil.rmtree(out)
            aside.rename(out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
