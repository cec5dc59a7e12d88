"""One patient's courses, and those of all side by side."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.courses import derive_courses
from ..analysis.exposure_bars import derive_support_bars, derive_treatment_bars
from ..analysis.results import Multiples, Profile
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.vocabulary import Origin
from .context import View
from .derived import Derived, coded, derive

WEEKS = (4, 8, 12)
_ENDING = ("DEATH", "HSCT", "SALVAGE", "WITHDRAWAL", "LOST")


@dataclass(frozen=True)
class PatientPage:
    """One patient.

    Parameters
    ----------
    header : SEX, AGE, SEVERITY, STATUS, LASTDY and RESPONSE by week (CR/PR/NR/NE/NYD). profile : for the figure.
    queries : open import queries on this patient's rows.
    """

    pcode: str
    header: dict[str, object]
    responses: dict[int, str]
    profile: Profile
    queries: pd.DataFrame


def patient_page(principal: Principal, view: View, pcode: str) -> PatientPage:
    """Return one patient's page.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such patient in the selection.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    if pcode not in view.chosen_pcodes:
        raise UserError("error.patient_unknown", patient=pcode)
    derived = derive(view)
    subject = view.patients.set_index("PCODE").at[pcode, "USUBJID"]

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["USUBJID"] == subject].reset_index(drop=True)

    row = view.patients.set_index("PCODE").loc[pcode]
    status = mine(derived.status).iloc[0]
    response = mine(derived.response)
    header = {**row[["SEX", "AGE", "SEVERITY"]].to_dict(), **status[["STATUS", "LASTDY", "ONGOING"]].to_dict()}
    return PatientPage(
        pcode=pcode,
        header=header,
        responses=dict(zip(response["AVISITN"].astype(int), response["AVALC"].astype("str"), strict=True)),
        profile=_profile(view, derived, pcode, mine),
        queries=_queries(view, subject),
    )


def _profile(view: View, derived: Derived, pcode: str, mine) -> Profile:  # type: ignore[no-untyped-def]
    bars = mine(derive_treatment_bars(derived.data, derived.anchors))
    marks = mine(derived.marks)
    infusions = marks[marks["KIND"] == "INFUSION"].merge(
        bars[bars["EXTRT"] == "UCBMNC"].rename(columns={"FROM": "ADY", "DOSE": "CELLS"})[["ADY", "CELLS"]],
        on="ADY",
        how="left",
    )
    labs = mine(derive_courses(derived.basis)).dropna(subset="ADY")
    support = mine(derive_support_bars(derived.data, derived.anchors))
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
        thresholds=thresholds(view),
    )


def _due(view: View, derived: Derived, mine) -> tuple[int, ...]:  # type: ignore[no-untyped-def]
    """Return the study days of the response visits, counted from the origin in force."""
    anchors = mine(derived.anchors).iloc[0]
    column = {Origin.ATG_START: "ATGSDT", Origin.ATG_END: "ATGEDT", Origin.FIRST_INFUSION: "INF1DT"}
    shift = anchors[column[view.endpoint.origin]] - anchors["ATGSDT"]
    return tuple(7 * week + 1 + shift.days for week in WEEKS) if not pd.isna(shift) else ()


def thresholds(view: View) -> dict[str, tuple[float, ...]]:
    """Return the limits drawn in each lineage's track: no longer SAA, and CR, of the rule set in force."""
    rules = view.rules
    out: dict[str, list[float]] = {"ANC": [rules.saa.anc], "HGB": [], "PLAT": [rules.saa.plat]}
    for limit in rules.cr:
        if limit.value is not None:
            out[limit.test].append(limit.value)
    return {name: tuple(sorted(set(values))) for name, values in out.items()}


def _queries(view: View, subject: str) -> pd.DataFrame:
    problems = view.reader().problems()
    return problems[(problems["USUBJID"] == subject) & (problems["severity"] == "query")]


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
    derived = derive(view)
    pcodes = view.chosen_pcodes[page * size : (page + 1) * size]
    labs = coded(derive_courses(derived.basis, [lineage]), view).dropna(subset="ADY")
    labs = labs[labs["PCODE"].isin(pcodes) & (labs["ADY"] >= -28)]
    status = coded(derived.status, view).set_index("PCODE")["STATUS"]
    best = coded(derived.response, view)
    best = best[~best["AVALC"].isin(["NYD"])].sort_values("AVISITN").groupby("PCODE")["AVALC"].last()
    note = best.reindex(pcodes).fillna("").astype("str")
    note = note.mask(status.reindex(pcodes).eq("DEATH"), "✚")
    return Multiples(
        lineage=lineage,
        patients=pd.DataFrame({"PCODE": pcodes, "NOTE": note.to_numpy()}),
        labs=labs,
        first=float(min([1.0, *labs["ADY"]])),
        last=float(max([29.0, *labs["ADY"]])),
        thresholds=thresholds(view)[lineage],
    )
