"""Where each patient of the cohort stands: response by visit, and the way through the study as a swimmer plot."""

from __future__ import annotations

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.adtte import derive_time_to_events
from ..analysis.best_response import derive_best_response
from ..analysis.cohort_map import ResponseMap, derive_levels
from ..analysis.cohort_order import order_patients
from ..analysis.days import Days, as_days, possible_days, study_day
from ..analysis.denominators import count_visits
from ..analysis.lookup import positions
from ..analysis.pcode_order import patient_order
from ..analysis.results import Swimmer
from ..analysis.status import first_day
from ..analysis.stretches import derive_stretches
from ..model.principal import Principal
from .context import View
from .derived import Derived, coded, derive
from .gaps import Gaps, gaps
from .memory import remembered

# What the time to an event says about a patient's way: PARAMCD → kind of mark.
_FROM_TIMES = {"TTRBCI": "INDEPENDENT", "TTREL": "RELAPSE"}


def response_map(principal: Principal, view: View, sort: str) -> ResponseMap:
    """Return response and lineages by visit of the full analysis set.

    Parameters
    ----------
    sort : of `analysis.cohort_order.ORDERS`; by severity is by response for who may not see patients.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "response_map", lambda: _response_map(view, sort), sort)


def _response_map(view: View, sort: str) -> ResponseMap:
    derived = derive(view)
    response = derived.response
    saa = {"ANC": view.rules.saa.anc, "PLAT": view.rules.saa.plat}
    best = derive_best_response(response)
    shown = ["USUBJID", "AVISITN", "AVALC", "REASON", "TRANSFL", "PROVFL", "ATLPRFL"]
    visits = coded(response[shown], view)
    patients = patients_of(view, derived)
    patients = patients[patients["PCODE"].isin(visits["PCODE"])]
    return ResponseMap(
        order=tuple(order_patients(patients, visits, sort)),
        severity=dict(zip(patients["PCODE"], patients["SEVERITY"].fillna(""), strict=True)),
        visits=pd.DataFrame(
            {
                "PCODE": visits["PCODE"],
                "WEEK": visits["AVISITN"],
                "STATE": visits["AVALC"],
                "REASON": visits["REASON"].fillna(""),
                "SIGN": _signs(visits),
            }
        ),
        best=coded(best[["USUBJID"]].assign(STATE=best["AVALC"], OPEN=(best["OPENFL"] == "Y").to_numpy(bool)), view),
        lineages=coded(derive_levels(response, saa), view),
        last=count_visits(response[response["USUBJID"].isin(view.chosen)])[-1],
    )


def _signs(visits: pd.DataFrame) -> pd.Series:
    """Return the sign that stands behind the letters: * provisional, t still transfused, + at least PR."""
    signs = pd.Series("", index=visits.index, dtype="str")
    for column, sign in (("PROVFL", "*"), ("TRANSFL", "t"), ("ATLPRFL", "+")):
        signs = signs.where(visits[column].ne("Y").fillna(True), signs + sign)
    return signs


def cohort_swimmer(principal: Principal, view: View, sort: str) -> Swimmer:
    """Return the treated patients' ways through the study with everything that happened on them.

    Parameters
    ----------
    sort : of `analysis.cohort_order.ORDERS`.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    held = gaps(principal, view)
    return remembered(principal, view, "cohort_swimmer", lambda: _cohort_swimmer(view, held, sort), sort)


def _cohort_swimmer(view: View, held: Gaps, sort: str) -> Swimmer:
    derived = derive(view)
    plain = swimmer_of(view, derived)
    patients = patients_of(view, derived)
    response = coded(derived.response[["USUBJID", "AVISITN", "AVALC"]], view)
    order = order_patients(patients[patients["PCODE"].isin(plain.patients["PCODE"])], response, sort)
    marks = [derived.marks]
    if view.sight.patients:  # single events are not told to others
        marks.append(_serious(derived))
    if not held.response:
        marks.append(_times(view, derived))
    return Swimmer(
        patients=plain.patients.set_index("PCODE").loc[order].reset_index(),
        states=plain.states,
        events=coded(pd.concat(marks, ignore_index=True), view),
        day_one=plain.day_one,
    )


def _times(view: View, derived: Derived) -> pd.DataFrame:
    """Return USUBJID, KIND, ADY of red-cell independence and relapse, as the times to events have them."""
    found = derive_time_to_events(
        derived.data, view.rules, view.endpoint, basis=derived.basis, response=derived.response
    ).rows
    rows = found[found["PARAMCD"].isin(list(_FROM_TIMES)) & (found["EVNTCD"] == 1)]
    return pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "KIND": rows["PARAMCD"].map(_FROM_TIMES),
            "ADY": study_days(derived, rows["USUBJID"], as_days(rows["ADT"])),
            "ORDINAL": 1,
        }
    )


def _serious(derived: Derived) -> pd.DataFrame:
    """Return USUBJID, KIND, ADY of serious adverse events from day 1 on: one a day, on the earliest day possible."""
    events = derived.data["AE"]
    events = events[(events["AESER"] == "Y").to_numpy(bool)]
    days = study_days(derived, events["USUBJID"], possible_days(events["AESTDTC"])[0])
    rows = pd.DataFrame({"USUBJID": events["USUBJID"].to_numpy(), "KIND": "SAE", "ADY": days, "ORDINAL": 1})
    last = study_days(derived, events["USUBJID"], days * 0 + derived.basis.cutoff)
    return rows[(days >= 1) & (days <= last)].drop_duplicates(["USUBJID", "ADY"])


def study_days(derived: Derived, subjects: pd.Series, day: Days) -> Days:
    """Return the study days of dates (days since 1970-01-01) of subjects."""
    place = positions(subjects, derived.anchors["USUBJID"])
    return study_day(day, first_day(derived.anchors)[place])


def patients_of(view: View, derived: Derived) -> pd.DataFrame:
    """Return PCODE, SEVERITY, LAST of the selected patients; no severity beside codes of a presentation."""
    status = coded(derived.status, view)[["PCODE", "LASTDY"]].rename(columns={"LASTDY": "LAST"})
    if not view.sight.patients:
        return status.assign(SEVERITY=pd.array([None] * len(status), dtype="str"))
    return status.merge(view.patients[["PCODE", "SEVERITY"]], on="PCODE", how="left")


def swimmer_of(view: View, derived: Derived) -> Swimmer:
    """Return the treated patients in the order of their codes, with what the disposition tells of them."""
    status = coded(derived.status, view).dropna(subset="LASTDY")
    status = status.sort_values("PCODE", key=patient_order, ignore_index=True)
    names = {"LASTDY": "LAST", "ENDDY": "END"}
    patients = status.rename(columns=names)[["PCODE", "LAST", "ONGOING", "STATUS", "END", "ENDED"]]
    return Swimmer(
        patients=patients,
        states=derive_stretches(coded(_placed(derived), view), patients),
        events=coded(derived.marks, view),
        day_one=derived.day_one,
    )


def _placed(derived: Derived) -> pd.DataFrame:
    """Return USUBJID, AVALC, REASON and the study day of each visit: of its panel or event, else of its target day.

    Study days of the response count from the origin in force, which need not be day 1 of the axis.
    """
    response = derived.response
    day = as_days(response["ADT"].fillna(response["TARGETDT"]))
    return response[["USUBJID", "AVISITN", "AVALC", "REASON"]].assign(ADY=study_days(derived, response["USUBJID"], day))
