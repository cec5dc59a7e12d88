"""The exposure and protocol page: planned against given, changes of dose, discontinuation, deviations, eligibility."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.days import as_days, earliest_days, study_day
from ..analysis.eligibility import derive_eligibility, list_eligibility_findings
from ..analysis.exposure import derive_exposure, list_deviations
from ..analysis.exposure_summary import (
    ComponentCount,
    LineCount,
    count_components,
    count_lines,
    derive_plan_points,
    list_dose_changes,
)
from ..analysis.pcode_order import patient_order
from ..analysis.proportions import IntervalMethod, Proportion, estimate_proportion
from ..analysis.status import first_day
from ..model.principal import Principal
from .context import View
from .derived import coded
from .measures import CutFrames
from .memory import remembered

SEVERITIES = ("MAJOR", "MINOR")


@dataclass(frozen=True)
class CriterionCount:
    """One criterion over the enrolled patients.

    Parameters
    ----------
    text : by language. violated : patients out of those enrolled. unknown : not answered and not derivable.
        disagree : the form says otherwise than the data.
    """

    code: str
    text: dict[str, str]
    violated: Proportion
    unknown: int
    disagree: int


@dataclass(frozen=True)
class ExposureListings:
    """Rows to read one by one: PCODE in place of USUBJID, study days in place of dates.

    Parameters
    ----------
    points : `analysis.exposure_summary.derive_plan_points`. changes : `list_dose_changes` of it. stopped : EXTRT,
        DISCSRC, DISCDY, REASON. departures : of ADEX, EXTRT, CODE, AVAL, AVALU, PLAN, DAYSOFF, INFNUM, ASTDY, PARAMCD.
        deviations : DVCAT, DVTERM, DVSEV, ADY. eligibility : CODE, RESULT, ANSWER, DERIVED, AGREEFL.
    """

    points: pd.DataFrame
    changes: pd.DataFrame
    stopped: pd.DataFrame
    departures: pd.DataFrame
    deviations: pd.DataFrame
    eligibility: pd.DataFrame


@dataclass(frozen=True)
class ExposurePage:
    """What was planned, and what was done.

    Parameters
    ----------
    treated, enrolled : selected patients with a dose, and not failed at screening. lines, components : see
        `analysis.exposure_summary`; no lines without a protocol. dose_tolerance : %. day_tolerance : days of an
        infusion. departures : patients with a dose, day or infusion off the plan, by CODE, out of those treated.
    deviations : patients with one recorded, by severity, out of those enrolled; None where the study records none.
    criteria : empty without a protocol. listings : None without the right to see patients.
    """

    treated: int
    enrolled: int
    lines: tuple[LineCount, ...]
    components: tuple[ComponentCount, ...]
    dose_tolerance: float
    day_tolerance: int
    departures: dict[str, Proportion]
    deviations: dict[str, Proportion] | None
    criteria: tuple[CriterionCount, ...]
    violations: Proportion | None
    listings: ExposureListings | None


class _ExposureFrames(CutFrames):
    def adex(self, view: View) -> pd.DataFrame:
        """Return ADEX of all subjects."""
        return self._kept("EXPOSURE", lambda: derive_exposure(self._data, view.protocol, view.settings, self._basis))

    def eligibility(self, view: View) -> pd.DataFrame:
        """Return `analysis.eligibility.derive_eligibility` of all subjects, nothing without a protocol."""
        protocol = view.protocol
        if protocol is None:
            return pd.DataFrame({name: [] for name in ("USUBJID", "CODE", "RESULT", "AGREEFL", "SCRNFL")})
        cut = view.settings.primary.arc_cut
        return self._kept("ELIGIBILITY", lambda: derive_eligibility(self._data, protocol, cut, self._basis))

    def days_one(self) -> pd.DataFrame:
        """Return USUBJID and DAY1, days since 1970-01-01."""
        anchors = self._basis.anchors
        return pd.DataFrame({"USUBJID": anchors["USUBJID"].to_numpy(), "DAY1": first_day(anchors)})

    def enrolled(self, view: View) -> tuple[str, ...]:
        """Return the selected subjects that did not fail screening."""
        dm = self._data["DM"]
        failed = set(dm.loc[(dm["SCRNFL"] == "Y").to_numpy(bool), "USUBJID"])
        return tuple(subject for subject in view.chosen if subject not in failed)

    def stops(self, view: View) -> bool:
        """Tell whether the study records that a component was stopped for good."""
        ds, ae = self._data["DS"], self._data["AE"]
        actions = [name for name in ae.columns if name.startswith("AEACN")]
        return view.protocol is not None or bool(ds["DSCOMP"].notna().any() or ae[actions].notna().any(axis=None))

    def deviations(self) -> pd.DataFrame:
        """Return the recorded deviations up to the cut-off with ADY, their study day."""
        dv = self._data["DV"]
        day = earliest_days(dv["DVSTDTC"])
        day_one = dv["USUBJID"].map(self.days_one().set_index("USUBJID")["DAY1"]).to_numpy("float64")
        rows = dv[["USUBJID", "DVCAT", "DVTERM", "DVSEV"]].assign(ADY=study_day(day, day_one))
        return rows[~(day > self._basis.cutoff)].reset_index(drop=True)


def exposure_page(principal: Principal, view: View) -> ExposurePage:
    """Return the page of a view.

    Raises
    ------
    Refused : without the right to see patients under codes.
    """
    check_permission(principal, Permission.VIEW_RECODED_PATIENTS)
    return remembered(principal, view, "exposure", lambda: _page(view))


def _method(view: View) -> IntervalMethod:
    return cast(IntervalMethod, view.settings.interval)


def _page(view: View) -> ExposurePage:
    frames, method = _ExposureFrames(view), _method(view)
    treated, enrolled = frames.treated(), frames.enrolled(view)
    adex = frames.adex(view)
    adex = adex[adex["USUBJID"].isin(treated)].reset_index(drop=True)
    points, changes, departures = derive_plan_points(adex), list_dose_changes(adex), list_deviations(adex)
    recorded = frames.deviations()
    recorded = recorded[recorded["USUBJID"].isin(enrolled)]
    eligibility = frames.eligibility(view)
    eligibility = eligibility[eligibility["USUBJID"].isin(enrolled)]
    criteria = _criteria(view, eligibility, len(enrolled))
    violated = eligibility.loc[(eligibility["RESULT"] == "VIOLATED").to_numpy(bool), "USUBJID"].nunique()
    return ExposurePage(
        treated=len(treated),
        enrolled=len(enrolled),
        lines=count_lines(points, method, view.settings.tolerance.dose_percent),
        components=count_components(adex, changes, len(treated), method, stops=frames.stops(view)),
        dose_tolerance=view.settings.tolerance.dose_percent,
        day_tolerance=view.settings.tolerance.infusion_days,
        departures=_by(departures, "CODE", ("DOSE", "TIMING", "MISSED"), len(treated), method),
        deviations=None
        if view.protocol is None and recorded.empty
        else _by(recorded, "DVSEV", SEVERITIES, len(enrolled), method),
        criteria=criteria,
        violations=estimate_proportion(int(violated), len(enrolled), method) if criteria else None,
        listings=_listings(view, frames, adex, (points, changes, departures, recorded, eligibility)),
    )


def _by(
    rows: pd.DataFrame, column: str, codes: tuple[str, ...], total: int, method: IntervalMethod
) -> dict[str, Proportion]:
    """Return patients with any row of each code, and under ANY with any at all."""
    counted = {code: rows.loc[(rows[column] == code).to_numpy(bool), "USUBJID"].nunique() for code in codes}
    counted["ANY"] = rows["USUBJID"].nunique()
    return {code: estimate_proportion(int(n), total, method) for code, n in counted.items()}


def _criteria(view: View, eligibility: pd.DataFrame, enrolled: int) -> tuple[CriterionCount, ...]:
    protocol, method = view.protocol, _method(view)
    if protocol is None:
        return ()
    out = []
    texts = {item.code: item.text for item in (*protocol.inclusion, *protocol.exclusion)}
    texts = {item.code: item.text for item in protocol.checks} | texts
    for code, text in texts.items():
        rows = eligibility[(eligibility["CODE"] == code).to_numpy(bool)]
        tally = rows["RESULT"].value_counts()
        violated = estimate_proportion(int(tally.get("VIOLATED", 0)), enrolled, method)
        disagree = int((rows["AGREEFL"] == "N").sum())
        words = {"zh": text.zh, "en": text.en}
        out.append(CriterionCount(code, words, violated, int(tally.get("UNKNOWN", 0)), disagree))
    return tuple(out)


def _listings(
    view: View, frames: _ExposureFrames, adex: pd.DataFrame, rows: tuple[pd.DataFrame, ...]
) -> ExposureListings | None:
    if not view.sight.patients:
        return None
    points, changes, departures, recorded, eligibility = rows
    stopped = adex[((adex["DISCFL"] == "Y") & (adex["PARAMCD"] == "NDAYS")).to_numpy(bool)]
    day_one = stopped["USUBJID"].map(frames.days_one().set_index("USUBJID")["DAY1"]).to_numpy("float64")
    stopped = stopped.assign(DISCDY=study_day(as_days(stopped["DISCDT"]), day_one), REASON=stopped["DISCREAS"])
    off = ["USUBJID", "EXTRT", "PARAMCD", "CODE", "AVAL", "AVALU", "PLAN", "DAYSOFF", "INFNUM", "ASTDY"]
    found = list_eligibility_findings(eligibility)
    judged = [name for name in ("USUBJID", "CODE", "RESULT", "ANSWER", "DERIVED", "AGREEFL") if name in found]

    def named(frame: pd.DataFrame) -> pd.DataFrame:
        return coded(frame, view).sort_values("PCODE", key=patient_order, kind="stable", ignore_index=True)

    return ExposureListings(
        points=named(points),
        changes=named(changes),
        stopped=named(stopped[["USUBJID", "EXTRT", "DISCSRC", "DISCDY", "REASON"]]),
        departures=named(departures[off]),
        deviations=named(recorded),
        eligibility=named(found[judged]),
    )
