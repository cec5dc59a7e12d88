"""What changed between two cuts, for the command line and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.differences import KINDS, derived_differences, row_differences
from ..model.cut import CutInfo
from ..model.errors import UsageError
from ..model.principal import Principal
from ..model.schema import TABLES
from ..model.settings import StudySettings
from ..store.cuts import resolve_cut
from ..store.files import check_free, write_bytes
from ..store.reader import attach_pair
from . import audit
from .datasets import analysis_frames
from .settings_in_force import settings_in_force

_HEADER = {"DOMAIN": "domain", "KIND": "kind", "VARIABLE": "variable", "OLD": "old", "NEW": "new"}  # of the CSV


@dataclass(frozen=True)
class Differences:
    """The differences of a cut from an earlier one.

    Parameters
    ----------
    rows : `analysis.differences.COLUMNS`, under the numbers of the form.
    """

    cut: CutInfo
    since: CutInfo
    rows: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind; 0 is said too."""
        found = self.rows["KIND"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}


def export_differences(
    principal: Principal, data_dir: Path, ref: str, since: str, out: Path, *, force: bool = False
) -> Differences:
    """Write the differences of a cut from an earlier one as CSV.

    Parameters
    ----------
    ref, since : id, unique prefix or ``latest``. out : refused where it exists unless `force`.

    Raises
    ------
    Refused : without the right to export data of single patients.
    UsageError : `out` exists, no such cut, or the two are of different studies.
    EnvironmentProblem : the disk refuses, or the audit row cannot be written; nothing is written then.
    """
    check_permission(principal, Permission.EXPORT_PATIENT_DATA)
    check_free(out, force=force)
    cut, before = check_pair(resolve_cut(data_dir, ref), resolve_cut(data_dir, since))
    detail = {"cut": cut.cut_id, "since": before.cut_id, "format": "diff", "file": out.name}
    audit.record(principal, data_dir, "export", detail)
    found = Differences(cut, before, compare_cuts(data_dir, cut, before, settings_in_force(data_dir)))
    written = found.rows.rename(columns=_HEADER)
    write_bytes(out, written.to_csv(index=False, lineterminator="\n").encode())
    return found


def check_pair(cut: CutInfo, since: CutInfo) -> tuple[CutInfo, CutInfo]:
    """Return two cuts that can be compared.

    Raises
    ------
    UsageError : they are of different studies, or one of them is synthetic.
    """
    if (cut.study, cut.synthetic) != (since.study, since.synthetic):
        raise UsageError(
            "error.cuts_of_two_studies", cut=cut.cut_id, study=cut.study, since=since.cut_id, other=since.study
        )
    return cut, since


def compare_cuts(data_dir: Path, cut: CutInfo, since: CutInfo, settings: StudySettings) -> pd.DataFrame:
    """Return every difference of a cut from an earlier one, derived ones under one set of settings.

    Parameters
    ----------
    settings : with ``primary`` as in force.
    """
    pair = attach_pair(data_dir, since.cut_id, cut.cut_id)
    parts = []
    for name, table in TABLES.items():
        changed = pair.changes(name)
        if changed.empty:
            continue
        subjects = sorted(set(changed["USUBJID"]))
        sides = [pair.table(side, name, subjects) for side in ("a", "b")]
        keys = set(changed["ROWKEY"])
        parts.append(row_differences(table, *(side[side["ROWKEY"].isin(keys)] for side in sides)))
    if parts or cut.cutoff != since.cutoff:
        parts.append(derived_differences(*(analysis_frames(data_dir, info, settings) for info in (since, cut))))
    if not parts:
        return row_differences(TABLES["DM"], *([pair.table("a", "DM", [])] * 2))
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values("USUBJID", kind="stable", ignore_index=True)
