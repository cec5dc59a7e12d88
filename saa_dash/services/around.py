"""What else happened to a patient around a study day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..access.policy import Permission, check_permission
from ..access.redaction import redact
from ..analysis.around import SOURCES, AroundGroup, day_of, day_offset, derive_around, opening_day
from ..analysis.basis import Basis, prepare
from ..analysis.status import first_day
from ..analysis.study_data import StudyData
from ..model.principal import Principal
from ..protocol.ctcae import load_ctcae
from ..protocol.vital_limits import load_vital_limits
from .context import View
from .memory import remembered
from .views import record_view

SPANS = (3, 7, 14)  # days on either side that can be chosen


@dataclass(frozen=True)
class AroundPage:
    """One patient around one study day.

    Parameters
    ----------
    day : study day looked around, None where the patient has no day 1. why : ASKED, or why it was opened there
    (`analysis.around.opening_day`). first, last : study days of the window. day_one : ATG or DOSE.
    groups : by kind, empty without a day. absent : kinds of which this cut holds no record of anybody.
    Rows without the place in the source, and words without dates, where the principal may not see these.
    records : records of the patient that have no study day at all, where there is no day 1.
    target : range of the cyclosporine trough in the protocol, ug/L, both ends included; None without a protocol.
    """

    pcode: str
    day: int | None
    why: str
    span: int
    first: int
    last: int
    day_one: str
    groups: Mapping[str, AroundGroup]
    absent: tuple[str, ...]
    records: int
    target: tuple[float, float] | None


def around(principal: Principal, view: View, pcode: str, day: int | None, span: int) -> AroundPage:
    """Return what was recorded about a patient in the days around a study day.

    Parameters
    ----------
    day : study day; None (or 0, which is no day) for the one that says most. span : days on either side, of `SPANS`.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such patient in the selection.
    EnvironmentProblem : the audit trail cannot tell of it; nothing is shown then.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    record_view(principal, view, [pcode])
    width = span if span in SPANS else SPANS[0]
    return remembered(principal, view, "around", lambda: _around(view, pcode, day or None, width), pcode, day, width)


def _around(view: View, pcode: str, day: int | None, span: int) -> AroundPage:
    subject = str(view.patients.loc[view.patients["PCODE"] == pcode, "USUBJID"].iloc[0])
    data = view.reader().study_data([subject])
    basis = prepare(data)
    treated = not np.isnan(first_day(basis.anchors)).any()
    groups: Mapping[str, AroundGroup] = {}
    why = "ASKED"
    if treated:
        if day is None:
            day, why = opening_day(data, basis)
        groups = {
            name: _redacted(group, view)
            for name, group in derive_around(data, basis, load_ctcae(), load_vital_limits(), day, span).items()
        }
    middle = float(day_offset(day or 1))
    return AroundPage(
        pcode=pcode,
        day=day if treated else None,
        why=why,
        span=span,
        first=day_of(middle - span),
        last=day_of(middle + span),
        day_one="ATG" if bool(basis.anchors["FASFL"].all()) else "DOSE",
        groups=groups,
        absent=_absent(view),
        records=_records(data, basis),
        target=_target(view),
    )


def _redacted(group: AroundGroup, view: View) -> AroundGroup:
    rows, within = (redact(frame, view.sight) for frame in (group.rows, group.within))
    return replace(group, rows=rows, within=within)


def _absent(view: View) -> tuple[str, ...]:
    """Return the kinds of which the cut holds nothing; a cut that did not count its rows is taken to hold all."""
    counted = view.cut.table_rows
    return tuple(name for name, tables in SOURCES.items() if counted and not any(counted.get(t, 0) for t in tables))


def _records(data: StudyData, basis: Basis) -> int:
    if not np.isnan(first_day(basis.anchors)).any():
        return 0
    return sum(len(data[table]) for tables in SOURCES.values() for table in tables)


def _target(view: View) -> tuple[float, float] | None:
    interventions = view.protocol.interventions if view.protocol else ()
    found = next((item.target for item in interventions if item.target is not None), None)
    return (found.low, found.high) if found else None
