"""The cross-domain checks of a view: every rule with its limits, what it looked at, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..access.redaction import without_dates
from ..analysis.adae import derive_adverse_events
from ..analysis.basis import prepare
from ..analysis.cross_check_parts import Checked, Material
from ..analysis.cross_checks import find_contradictions
from ..analysis.exposure import derive_exposure
from ..analysis.pcode_order import patient_order
from ..analysis.response import derive_response
from ..ingest.units import lab_units
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.problem import Problem
from ..store.problems import to_problems
from .context import View
from .gaps import gaps
from .memory import remembered
from .review_marks import check_reviewer, read_notes, row_states


@dataclass(frozen=True)
class CheckLine:
    """One check of the selected patients.

    Parameters
    ----------
    code, group, params : of `analysis.cross_checks.RULES`. looked_at : records that could have shown it.
    lacking : why it cannot be checked, "" where it can.
    findings : PCODE, ADY, DOMAIN, ROW, DOMAIN2, ROW2 (0 without one), NAME, LIST, MORE, MORELIST, A, B.
    """

    code: str
    group: str
    params: Mapping[str, float]
    looked_at: int
    lacking: str
    findings: pd.DataFrame

    @property
    def found(self) -> int:
        """How many findings."""
        return len(self.findings)


@dataclass(frozen=True)
class ImportQueries:
    """What the import asked: how many, and `problems`, None where what was typed may not be seen."""

    total: int
    problems: tuple[Problem, ...] | None


def review_checks(principal: Principal, view: View) -> tuple[CheckLine, ...]:
    """Return every check, in the order of the rules.

    Raises
    ------
    Refused : without the right to review or to query.
    """
    check_reviewer(principal)
    held = gaps(principal, view)
    return remembered(principal, view, "review_checks", lambda: _checks(view, assessable=not held.response))


def review_findings(principal: Principal, view: View, code: str) -> pd.DataFrame:
    """Return the findings of one check with STATE and OPEN of their row, see `review_marks.row_states`.

    Raises
    ------
    Refused : without the right to review or to query. UserError : no such check.
    """
    line = next((line for line in review_checks(principal, view) if line.code == code), None)
    if line is None:
        raise UserError("error.review_no_check", check=str(code))
    parts = []
    for domain, rows in line.findings.groupby("DOMAIN", sort=False):
        if not domain:  # about a patient, not a row
            parts.append(rows.assign(STATE="", OPEN=0))
            continue
        refs = view.reader().row_refs(str(domain))
        states = row_states(view, str(domain), refs, read_notes(view, str(domain))).rows.set_index("ROW")
        parts.append(rows.assign(STATE=rows["ROW"].map(states["STATE"]), OPEN=rows["ROW"].map(states["OPEN"])))
    found = pd.concat(parts) if parts else line.findings.assign(STATE="", OPEN=0)
    return found.sort_index()


def import_queries(principal: Principal, view: View) -> ImportQueries:
    """Return what the import asked about the selected patients.

    Raises
    ------
    Refused : without the right to review or to query.
    """
    check_reviewer(principal)
    return remembered(principal, view, "review_import", lambda: _import_queries(view))


def _import_queries(view: View) -> ImportQueries:
    found = to_problems(view.reader().problems(view.chosen))
    queries = tuple(problem for problem in found if problem.severity == "query")
    return ImportQueries(len(queries), queries if view.sight.dates and view.sight.subject_ids else None)


def _checks(view: View, *, assessable: bool) -> tuple[CheckLine, ...]:
    data = view.reader().study_data(view.chosen if view.filters.active else None)
    basis = prepare(data)
    planned = view.protocol is not None
    adae = derive_adverse_events(data, basis) if planned else None
    material = Material(
        data=data,
        basis=basis,
        exposure=derive_exposure(data, view.protocol, view.settings, basis, adae) if planned else None,
        response=derive_response(data, view.rules, view.endpoint, basis) if assessable else None,
        plausible={code: test.plausible for code, test in lab_units().items()},
    )
    found = find_contradictions(material)
    rows = _row_numbers(view, [checked for group in found.values() for checked in group])
    codes = view.patients.set_index("USUBJID")["PCODE"]
    return tuple(
        CheckLine(
            code=checked.check.code,
            group=group,
            params=checked.check.params,
            looked_at=checked.looked_at,
            lacking=checked.lacking,
            findings=_told(checked.findings, codes, rows, view),
        )
        for group, several in found.items()
        for checked in several
    )


def _row_numbers(view: View, several: list[Checked]) -> pd.Series:
    """Return the number of every row that a finding names, by ROWKEY."""
    frames = [checked.findings[["DOMAIN", "DOMAIN2"]] for checked in several]
    domains = sorted({str(name) for frame in frames for name in frame.to_numpy().ravel() if name})
    parts = [view.reader().row_refs(domain).set_index("ROWKEY")["ROW"] for domain in domains]
    return pd.concat(parts) if parts else pd.Series(dtype="int64")


def _told(findings: pd.DataFrame, codes: pd.Series, rows: pd.Series, view: View) -> pd.DataFrame:
    out = findings.assign(
        PCODE=findings["USUBJID"].map(codes),
        ROW=findings["ROWKEY"].map(rows).fillna(0).astype("int64"),
        ROW2=findings["ROWKEY2"].map(rows).fillna(0).astype("int64"),
    ).drop(columns=["USUBJID", "ROWKEY", "ROWKEY2"])
    out = out[out["PCODE"].notna().to_numpy(bool)]
    if not view.sight.dates:
        out = out.assign(NAME=without_dates(out["NAME"]))
    return out.sort_values(["PCODE", "ADY"], key=patient_order, kind="stable", ignore_index=True)
