"""One patient's courses, and those of all side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import redact
from ..analysis.courses import derive_courses
from ..analysis.exposure_bars import derive_support_bars, derive_treatment_bars
from ..analysis.results import Multiples, Profile
from ..analysis.schedule import WEEKS
from ..model.principal import Principal
from ..model.vocabulary import Origin
from .context import View
from .derived import Derived, coded, derive
from .gaps import Gaps, gaps
from .memory import remembered
from .views import record_view

Mine = Callable[[pd.DataFrame], pd.DataFrame]  # keeps one patient's rows

_MAX_LANES = 6  # treatments of another study that have a lane of their own
_ENDING = ("DEATH", "HSCT", "SALVAGE", "WITHDRAWAL", "LOST")


@dataclass(frozen=True)
class PatientHeader:
    """Who a patient is and how it stands; codes, None where missing.

    Parameters
    ----------
    age : years. status : see `analysis.status.STATUSES`. last_day : study day of last contact.
    """

    sex: str | None
    age: int | None
    severity: str | None
    status: str
    last_day: int | None


@dataclass(frozen=True)
class PatientPage:
    """One patient.

    Parameters
    ----------
    header : who it is. responses : CR/PR/NR/NE/NYD by week. profile : for the figure.
    queries : open import queries on this patient's rows; where they may not be seen, what each is about: `code` alone.
    """

    pcode: str
    header: PatientHeader
    responses: dict[int, str]
    profile: Profile
    queries: pd.DataFrame


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
    return remembered(principal, view, "patient", lambda: _patient_page(view, pcode, held), pcode)


def _patient_page(view: View, pcode: str, held: Gaps) -> PatientPage:
    row = view.patients[view.patients["PCODE"] == pcode].iloc[0]
    subject = str(row["USUBJID"])
    derived = derive(view, [subject])

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["USUBJID"] == subject].reset_index(drop=True)

    status = mine(derived.status).iloc[0]
    response = mine(derived.response)
    header = PatientHeader(
        sex=None if pd.isna(row["SEX"]) else str(row["SEX"]),
        age=None if pd.isna(row["AGE"]) else int(row["AGE"]),
        severity=None if pd.isna(row["SEVERITY"]) else str(row["SEVERITY"]),
        status=str(status["STATUS"]),
        last_day=None if pd.isna(status["LASTDY"]) else int(status["LASTDY"]),
    )
    return PatientPage(
        pcode=pcode,
        header=header,
        responses=dict(zip(response["AVISITN"].astype(int), response["AVALC"].astype("str"), strict=True)),
        profile=_profile(view, derived, pcode, mine, held),
        queries=_queries(view, subject),
    )


def _profile(view: View, derived: Derived, pcode: str, mine: Mine, held: Gaps) -> Profile:
    def shown(frame: pd.DataFrame) -> pd.DataFrame:
        return redact(mine(frame), view.sight).drop(columns="USUBJID", errors="ignore")

    bars = shown(derive_treatment_bars(derived.data, derived.anchors))
    marks = shown(derived.marks)
    infusions = marks[marks["KIND"] == "INFUSION"].merge(
        bars[bars["EXTRT"] == "UCBMNC"].rename(columns={"FROM": "ADY", "DOSE": "CELLS"})[["ADY", "CELLS"]],
        on="ADY",
        how="left",
    )
    labs = shown(derive_courses(derived.basis, dict.fromkeys((*held.lineages, "ARC")))).dropna(subset="ADY")
    support = shown(derive_support_bars(derived.data, derived.anchors))
    ends = [labs["ADY"].max(), marks["ADY"].max(), support["TO"].max(), bars["TO"].max(), 29.0]
    first = min([1.0, *labs["ADY"].dropna(), *support["FROM"].dropna()])
    return Profile(
        pcode=pcode,
        labs=labs,
        support=support,
        treatments=bars,
        infusions=infusions.drop_duplicates("ADY"),
        events=marks[marks["KIND"].isin(_ENDING)],
        first=max(first, -28.0),
        last=float(pd.Series(ends).max()),
        due=_due(view, derived, mine),
        window_days=view.endpoint.window_days,
        thresholds=_thresholds(view, held),
        day_one=derived.day_one,
        lineages=held.lineages,
        lanes=Profile.lanes if held.protocol else held.drugs[:_MAX_LANES],
    )


def _due(view: View, derived: Derived, mine: Mine) -> tuple[int, ...]:
    """Return the study days of the response visits, counted from the origin in force."""
    anchors = mine(derived.anchors).iloc[0]
    column = {Origin.ATG_START: "ATGSDT", Origin.ATG_END: "ATGEDT", Origin.FIRST_INFUSION: "INF1DT"}
    shift = anchors[column[view.endpoint.origin]] - anchors["ATGSDT"]
    return tuple(7 * week + 1 + shift.days for week in WEEKS) if not pd.isna(shift) else ()


def _thresholds(view: View, held: Gaps) -> dict[str, tuple[float, ...]]:
    """Return the limits of the rule set in force, none where it does not apply."""
    return {} if held.response else thresholds(view)


def thresholds(view: View) -> dict[str, tuple[float, ...]]:
    """Return the limits drawn in each lineage's track: no longer SAA, and CR, of the rule set in force."""
    rules = view.rules
    out: dict[str, list[float]] = {"ANC": [rules.saa.anc], "HGB": [], "PLAT": [rules.saa.plat]}
    for limit in rules.cr:
        if limit.value is not None:
            out[limit.test].append(limit.value)
    return {name: tuple(sorted(set(values))) for name, values in out.items()}


def _queries(view: View, subject: str) -> pd.DataFrame:
    problems = view.reader().problems([subject])
    queries = problems[problems["severity"] == "query"].reset_index(drop=True)
    return queries if view.sight.dates and view.sight.subject_ids else queries[["code"]]


def cohort_courses(principal: Principal, view: View, lineage: str, page: int = 0, size: int = 24) -> Multiples:
    """Return the courses of one lineage of the selected patients, one page of panels.

    Parameters
    ----------
    lineage : ANC, HGB or PLAT. page : first page is 0. size : panels a page.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    record_view(principal, view, view.chosen_pcodes[page * size : (page + 1) * size])
    held = gaps(principal, view)
    return remembered(
        principal, view, "courses", lambda: _courses(view, lineage, page, size, held), lineage, page, size
    )


def _courses(view: View, lineage: str, page: int, size: int, held: Gaps) -> Multiples:
    pcodes = view.chosen_pcodes[page * size : (page + 1) * size]
    derived = derive(view, view.patients.loc[view.patients["PCODE"].isin(pcodes), "USUBJID"].tolist())
    labs = coded(derive_courses(derived.basis, [lineage]), view).dropna(subset="ADY")
    labs = labs[labs["ADY"] >= -28]
    status = coded(derived.status, view).set_index("PCODE")["STATUS"]
    seen = coded(derived.response, view)
    latest = seen[seen["AVALC"] != "NYD"].sort_values("AVISITN").groupby("PCODE")["AVALC"].last()
    note = latest.reindex(pcodes).fillna("").astype("str")
    note = note.mask(status.reindex(pcodes).eq("DEATH"), "✚")
    return Multiples(
        lineage=lineage,
        patients=pd.DataFrame({"PCODE": pcodes, "NOTE": note.to_numpy()}),
        labs=labs,
        first=float(min([1.0, *labs["ADY"]])),
        last=float(max([29.0, *labs["ADY"]])),
        thresholds=_thresholds(view, held).get(lineage, ()),
        day_one=derived.day_one,
    )
