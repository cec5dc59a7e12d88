"""One patient's profile, and in which order to look at patients."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.adae import derive_adverse_events
from ..analysis.courses import derive_courses
from ..analysis.days import day_number, study_day
from ..analysis.profile import Profile
from ..analysis.profile_order import rank_patients
from ..analysis.status import first_day
from ..model.principal import Principal
from ..model.problem import Problem
from ..store.problems import to_problems
from .context import View
from .derived import Derived, derive
from .gaps import gaps
from .memory import remembered
from .profile import ENDINGS, build_profile, study_scale
from .review_queries import SeenQuery, patient_queries
from .views import record_view


@dataclass(frozen=True)
class PatientHeader:
    """Who a patient is and how it stands; codes, None where missing.

    Parameters
    ----------
    age : years. status : see `analysis.status.STATUSES`. last_day : study day of last contact.
    day : study day of the cut-off for who is still followed, of the end for others; None for who may not see dates,
        whom it would tell the date of day 1.
    ended : KIND and study day of death, HSCT, salvage, withdrawal or loss, in time order.
    """

    sex: str | None
    age: int | None
    severity: str | None
    status: str
    last_day: int | None
    day: int | None
    ended: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PatientPage:
    """One patient.

    Parameters
    ----------
    header : who it is. responses : CR/PR/NR/NE/NYD by week. profile : for the figure.
    queries : open import queries on this patient's rows; where they may not be seen, kind and `code` alone.
    raised : open queries that people have raised on them.
    """

    pcode: str
    header: PatientHeader
    responses: dict[int, str]
    profile: Profile
    queries: tuple[Problem, ...]
    raised: tuple[SeenQuery, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """One patient of the order "worst first".

    Parameters
    ----------
    why : of `analysis.profile_order.REASONS`. value : grade, or platelets in 10^9/L; None else.
    """

    pcode: str
    why: str
    value: float | None


def patient_page(principal: Principal, view: View, pcode: str) -> PatientPage:
    """Return one patient's page.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such patient in the selection.
    EnvironmentProblem : the audit trail cannot tell of it; nothing is shown then.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    record_view(principal, view, [pcode])
    held = gaps(principal, view)
    scale = remembered(principal, view, "ae_scale", lambda: study_scale(view))

    def page() -> PatientPage:
        row = view.patients[view.patients["PCODE"] == pcode].iloc[0]
        derived = derive(view, [str(row["USUBJID"])])
        response = derived.response
        return PatientPage(
            pcode=pcode,
            header=_header(view, derived, row),
            responses=dict(zip(response["AVISITN"].astype(int), response["AVALC"].astype("str"), strict=True)),
            profile=build_profile(view, derived, pcode, held, scale),
            queries=_queries(view, str(row["USUBJID"])),
        )

    raised = patient_queries(principal, view, pcode)  # raised and closed while the page is open
    return replace(remembered(principal, view, "patient", page, pcode), raised=raised)


def _header(view: View, derived: Derived, row: pd.Series) -> PatientHeader:
    status = derived.status.iloc[0]
    followed = status["STATUS"] == "ON_STUDY"
    closing = np.array([day_number(view.cut.cutoff)])
    end = derived.marks.loc[derived.marks["KIND"] == status["STATUS"], "ADY"].min()
    now = study_day(closing, first_day(derived.anchors))[0] if followed else end
    ends = derived.marks[derived.marks["KIND"].isin(ENDINGS)].sort_values("ADY", kind="stable")
    return PatientHeader(
        sex=None if pd.isna(row["SEX"]) else str(row["SEX"]),
        age=None if pd.isna(row["AGE"]) else int(row["AGE"]),
        severity=None if pd.isna(row["SEVERITY"]) else str(row["SEVERITY"]),
        status=str(status["STATUS"]),
        last_day=None if pd.isna(status["LASTDY"]) else int(status["LASTDY"]),
        day=None if pd.isna(now) or (followed and not view.sight.dates) else int(now),
        ended=tuple(zip(ends["KIND"], ends["ADY"].astype(int), strict=True)),
    )


def _queries(view: View, subject: str) -> tuple[Problem, ...]:
    queries = tuple(p for p in to_problems(view.reader().problems([subject])) if p.severity == "query")
    if view.sight.dates and view.sight.subject_ids:
        return queries
    return tuple(Problem(query.severity, query.code) for query in queries)


def worst_first(principal: Principal, view: View) -> tuple[Ranked, ...]:
    """Return the selected patients, worst first; what that means stands in `analysis.profile_order`.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    return remembered(principal, view, "worst_first", lambda: _worst_first(view))


def _worst_first(view: View) -> tuple[Ranked, ...]:
    derived, scale = derive(view), study_scale(view)
    chosen = view.patients[view.patients["USUBJID"].isin(view.chosen)]
    ranked = rank_patients(
        chosen["USUBJID"].tolist(),
        derived.status,
        derive_adverse_events(derived.data, derived.basis),
        derived.response,
        derive_courses(derived.basis, ["PLAT"]),
        scale,
    )
    codes = ranked["USUBJID"].map(chosen.set_index("USUBJID")["PCODE"])
    return tuple(
        Ranked(str(code), str(why), None if pd.isna(value) else float(value))
        for code, why, value in zip(codes, ranked["WHY"], ranked["VALUE"], strict=True)
    )
