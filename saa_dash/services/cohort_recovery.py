"""Recovery of the three lineages, patient by patient, with the support given meanwhile."""

from __future__ import annotations

from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.adtte import derive_time_to_events
from ..analysis.anchors import origin_days
from ..analysis.cohort_courses import derive_cohort_counts
from ..analysis.cohort_order import order_patients
from ..analysis.days import as_days, study_day
from ..analysis.exposure_bars import derive_support_bars
from ..analysis.limits import ConfType
from ..analysis.proportions import IntervalMethod
from ..analysis.recovery import THRESHOLDS
from ..analysis.status import first_day
from ..analysis.trilineage import (
    GROWTH,
    LEVELS,
    TRANSFUSIONS,
    Trilineage,
    count_all_three,
    first_reached,
    lanes_of,
    summarise_lineage,
)
from ..analysis.tte import TimeToEvents
from ..model.principal import Principal
from .cohort_states import patients_of, study_days
from .context import View
from .derived import Derived, coded, derive
from .memory import remembered


def trilineage(principal: Principal, view: View, level: str, sort: str) -> Trilineage:
    """Return the recovery of the three lineages of the full analysis set.

    Parameters
    ----------
    level : of `analysis.trilineage.LEVELS`. sort : of `analysis.cohort_order.ORDERS`.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "trilineage", lambda: _trilineage(view, level, sort), level, sort)


def _trilineage(view: View, level: str, sort: str) -> Trilineage:
    derived = derive(view)
    found = derive_time_to_events(
        derived.data, view.rules, view.endpoint, basis=derived.basis, response=derived.response
    )
    response = coded(derived.response[["USUBJID", "AVISITN", "AVALC"]], view)
    patients = patients_of(view, derived)
    order = tuple(order_patients(patients[patients["PCODE"].isin(response["PCODE"])], response, sort))
    lanes = _lanes(view, derived, found, LEVELS[level], order)
    rows = coded(found.rows, view)
    interval, conf_type = cast(IntervalMethod, view.settings.interval), cast(ConfType, view.settings.conf_type)
    support = _support(view, derived, order)
    return Trilineage(
        order=order,
        lanes=_with_last(lanes, support),
        transfusions=support[support["CLAS"].isin(list(TRANSFUSIONS.values()))].rename(columns={"FROM": "ADY"}),
        growth=support[support["CLAS"].isin(list(GROWTH))],
        summaries=tuple(
            summarise_lineage(
                param, rows[rows["PARAMCD"] == param], lanes[lanes["PARAMCD"] == param], interval, conf_type
            )
            for param in LEVELS[level]
        ),
        all_three=count_all_three(lanes, order, interval),
        origin=str(view.endpoint.origin),
        day_one=derived.day_one,
    )


def _lanes(
    view: View, derived: Derived, found: TimeToEvents, params: tuple[str, ...], order: tuple[str, ...]
) -> pd.DataFrame:
    """Return the lanes of the parameters, one row per patient and parameter, days as study days."""

    def placed(frame: pd.DataFrame, **days: str) -> pd.DataFrame:
        part = frame[frame["PARAMCD"].isin(params)]
        columns = {to: study_days(derived, part["USUBJID"], as_days(part[name])) for to, name in days.items()}
        return coded(part.assign(**columns), view)

    lanes = lanes_of(placed(found.rows, DAY="ADT"), placed(found.absent), placed(found.candidates, CNFDY="CNFDT"))
    counts = coded(derive_cohort_counts(derived.basis), view)
    origin = _origin_days(view, derived)
    first = pd.concat(
        [first_reached(counts, param, origin).rename("FIRSTDY").reset_index().assign(PARAMCD=param) for param in params]
    )
    lineage = pd.Series({param: THRESHOLDS[param][0] for param in params})
    last = counts.groupby(["PCODE", "TEST"])["ADY"].max().rename("LASTDY").reset_index()
    out = lanes.assign(LINEAGE=lineage.reindex(lanes["PARAMCD"]).to_numpy())
    out = out.merge(first, on=["PCODE", "PARAMCD"], how="left")
    out = out.merge(last.rename(columns={"TEST": "LINEAGE"}), on=["PCODE", "LINEAGE"], how="left")
    return out[out["PCODE"].isin(order)].reset_index(drop=True)


def _origin_days(view: View, derived: Derived) -> pd.Series:
    """Return the study day of the origin in force, by PCODE."""
    anchors = derived.anchors
    day = study_day(origin_days(anchors, view.endpoint.origin), first_day(anchors))
    frame = coded(pd.DataFrame({"USUBJID": anchors["USUBJID"], "ADY": day}), view)
    return frame.set_index("PCODE")["ADY"]


def _support(view: View, derived: Derived, order: tuple[str, ...]) -> pd.DataFrame:
    """Return PCODE, LINEAGE, CLAS, FROM, TO of transfusions and growth factors, each in the lane it holds up."""
    lane = {kind: lineage for lineage, kind in TRANSFUSIONS.items()} | GROWTH
    bars = coded(derive_support_bars(derived.data, derived.anchors), view)
    bars = bars[bars["CLAS"].isin(list(lane)) & bars["PCODE"].isin(order)]
    return bars.assign(LINEAGE=bars["CLAS"].map(lane))[["PCODE", "LINEAGE", "CLAS", "FROM", "TO"]]


def _with_last(lanes: pd.DataFrame, support: pd.DataFrame) -> pd.DataFrame:
    """Return the lanes with LASTTX, the study day of the last transfusion of the lineage."""
    given = support[support["CLAS"].isin(list(TRANSFUSIONS.values()))]
    last = given.groupby(["PCODE", "LINEAGE"])["FROM"].max().rename("LASTTX").reset_index()
    return lanes.merge(last, on=["PCODE", "LINEAGE"], how="left")
