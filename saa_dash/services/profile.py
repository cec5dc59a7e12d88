"""What the profile of one patient shows, taken together from the derivations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from ..access.redaction import redact
from ..analysis.adae import derive_adverse_events
from ..analysis.adlb import derive_laboratory
from ..analysis.ae_levels import Scale, severity_scale
from ..analysis.courses import derive_courses
from ..analysis.days import as_dates, as_days, study_day
from ..analysis.exposure_bars import derive_support_bars, derive_treatment_bars
from ..analysis.findings_course import Limits, find_limits
from ..analysis.measures import measures_of_laboratory, measures_of_vital_signs
from ..analysis.profile import RESULTS, NamedLimit, Profile
from ..analysis.profile_lanes import derive_event_bars, derive_pauses, derive_ribbon
from ..analysis.relapse import derive_relapse
from ..analysis.schedule import WEEKS
from ..analysis.status import first_day
from ..analysis.tte import set_clock
from ..analysis.tte_response import first_response, judged_visits
from ..analysis.vitals import derive_vital_signs
from ..model.vocabulary import Component, Origin
from ..protocol.ctcae import load_ctcae
from ..protocol.vital_limits import load_vital_limits
from .context import View
from .derived import Derived
from .gaps import Gaps

Mine = Callable[[pd.DataFrame], pd.DataFrame]

MAX_LANES = 6  # treatments of another study that have a lane of their own
ENDINGS = ("DEATH", "HSCT", "SALVAGE", "WITHDRAWAL", "LOST")
_FIRST_SHOWN = -28.0  # study day; screening reaches back so far
_ORIGINS = {Origin.ATG_START: "ATGSDT", Origin.ATG_END: "ATGEDT", Origin.FIRST_INFUSION: "INF1DT"}
_RESULT_COLUMNS = ["TEST", "SERIES", "ADY", "AVAL", "CENS", "UNIT", "LOWER", "UPPER", "GRADE"]


def study_scale(view: View) -> Scale:
    """Return the measure of severity that the whole study of a view uses."""
    return severity_scale(view.reader().table("AE"))


def build_profile(view: View, derived: Derived, pcode: str, held: Gaps, scale: Scale) -> Profile:
    """Return the profile of one patient.

    Parameters
    ----------
    derived : of this patient alone. scale : from `study_scale`.
    """

    def shown(frame: pd.DataFrame) -> pd.DataFrame:
        return redact(frame, view.sight).drop(columns="USUBJID", errors="ignore").reset_index(drop=True)

    data, anchors, basis = derived.data, derived.anchors, derived.basis
    labs = shown(derive_courses(basis, dict.fromkeys((*held.lineages, "ARC")))).dropna(subset=["ADY", "AVAL"])
    marks = shown(_marks(view, derived, held))
    measures = _measures(derived)
    results = shown(measures[measures["TEST"].isin(RESULTS)])[_RESULT_COLUMNS].dropna(subset=["ADY", "AVAL"])
    bars, support = (
        shown(frame) for frame in (derive_treatment_bars(data, anchors), derive_support_bars(data, anchors))
    )
    last = _last_day(derived, labs, results, bars, support, marks)
    bars, support = _until(bars, last), _until(support, last)
    adverse, undated = derive_event_bars(derive_adverse_events(data, basis), scale, last)
    first = min([1.0, *labs["ADY"], *results["ADY"], *support["FROM"]])
    criteria = load_ctcae()
    return Profile(
        pcode=pcode,
        labs=labs,
        results=results,
        support=support,
        treatments=bars,
        pauses=derive_pauses(bars),
        infusions=_infusions(marks, bars),
        marks=marks[marks["KIND"].isin((*ENDINGS, "RELAPSE"))].reset_index(drop=True),
        adverse=shown(adverse),
        undated=undated,
        scale=scale,
        states=_states(view, derived, held, last),
        assessed=_assessed(derived),
        first=max(first, _FIRST_SHOWN),
        last=last,
        due=_due(view, derived),
        window_days=view.endpoint.window_days,
        thresholds={} if held.response else named_limits(view),
        limits=_limits(measures, (*held.lineages, *RESULTS)),
        grades={**criteria.low, **criteria.high},
        version=criteria.version,
        target=_target(view),
        started=_started(view, derived),
        day_one=derived.day_one,
        lineages=held.lineages,
        lanes=Profile.lanes if held.protocol else _given(held.drugs, bars),
    )


def _given(drugs: tuple[str, ...], bars: pd.DataFrame) -> tuple[str, ...]:
    """Return the treatments of another study that the patient had."""
    had = set(bars["EXTRT"])
    return tuple(drug for drug in drugs if drug in had)[:MAX_LANES]


def _measures(derived: Derived) -> pd.DataFrame:
    laboratory = derive_laboratory(derived.data, load_ctcae(), derived.basis)
    signs = derive_vital_signs(derived.data, derived.basis)
    parts = (
        measures_of_laboratory(laboratory, derived.basis),
        measures_of_vital_signs(signs, load_vital_limits()),
    )
    return pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)


def _limits(measures: pd.DataFrame, tests: tuple[str, ...]) -> dict[str, Limits]:
    return {str(test): find_limits(rows) for test, rows in measures[measures["TEST"].isin(tests)].groupby("TEST")}


def _marks(view: View, derived: Derived, held: Gaps) -> pd.DataFrame:
    """Return the dated events with relapse, which follows from the response and counts."""
    if held.response:
        return derived.marks
    basis = derived.basis
    clock = set_clock(basis, view.endpoint.origin)
    since = first_response(basis, judged_visits(basis, derived.response))
    relapse = derive_relapse(basis, clock, since, view.rules.saa, view.endpoint.arc_cut)
    seen = np.array([kind.startswith("RELAPSE") for kind in relapse.kind], dtype=bool)
    day = study_day(relapse.day, first_day(derived.anchors))[seen]
    rows = pd.DataFrame({"USUBJID": basis.subjects[seen], "KIND": "RELAPSE", "ADY": day, "ORDINAL": 1})
    return pd.concat([derived.marks, rows], ignore_index=True) if len(rows) else derived.marks


def _last_day(derived: Derived, *frames: pd.DataFrame) -> float:
    """Return the last study day shown: that of the last contact, or of whatever was recorded later; 29 at least."""
    labs, results, bars, support, marks = frames
    ended = [frame.loc[~frame["ONGOING"], "TO"].max() for frame in (bars, support)]
    found = [labs["ADY"].max(), results["ADY"].max(), marks["ADY"].max(), derived.status["LASTDY"].max(), 29.0, *ended]
    return float(pd.Series(found, dtype="float64").max())


def _until(bars: pd.DataFrame, last: float) -> pd.DataFrame:
    """Return bars that end with the last contact where they last."""
    return bars.assign(TO=bars["TO"].where(~bars["ONGOING"], np.fmax(bars["FROM"], last)))


def _infusions(marks: pd.DataFrame, bars: pd.DataFrame) -> pd.DataFrame:
    cells = bars[bars["EXTRT"] == Component.UCBMNC].groupby("FROM")["DOSE"].sum(min_count=1)
    days = marks[marks["KIND"] == "INFUSION"].drop_duplicates("ADY")[["ADY", "ORDINAL"]].reset_index(drop=True)
    return days.assign(CELLS=cells.reindex(days["ADY"]).to_numpy("float64"))


def _due(view: View, derived: Derived) -> tuple[int, ...]:
    """Return the study days of the response visits, counted from the origin in force."""
    anchors = derived.anchors.iloc[0]
    shift = anchors[_ORIGINS[view.endpoint.origin]] - anchors["ATGSDT"]
    return tuple(7 * week + 1 + shift.days for week in WEEKS) if not pd.isna(shift) else ()


def _states(view: View, derived: Derived, held: Gaps, last: float) -> pd.DataFrame:
    response = derived.response if not held.response else derived.response.iloc[:0]
    marks = derived.marks
    stop = marks.loc[marks["KIND"].isin(["HSCT", "SALVAGE"]), "ADY"].min()
    target = pd.Series(dict(zip(WEEKS, _due(view, derived), strict=False)), dtype="float64")
    return derive_ribbon(response, float(first_day(derived.anchors)[0]), last, float(stop), target)


def _assessed(derived: Derived) -> pd.DataFrame:
    """Return ADY, STATE of the investigator's own responses."""
    rs = derived.basis.tables["RS"]
    day = rs.possible("RSDTC")[0]
    told = rs.frame["RSORRES"].notna().to_numpy(bool) & (rs.position >= 0) & (day <= derived.basis.cutoff)
    start = first_day(derived.anchors)[0]
    rows = pd.DataFrame({"ADY": study_day(day[told], start), "STATE": rs.frame["RSORRES"].to_numpy(object)[told]})
    return rows.dropna(subset="ADY").sort_values("ADY", kind="stable", ignore_index=True)


def _started(view: View, derived: Derived) -> date | None:
    """Return the date of day 1, to who may see dates."""
    day = as_dates(first_day(derived.anchors))[0]
    return (
        None if np.isnat(day) or not view.sight.dates else date.fromordinal(int(as_days(np.array([day]))[0]) + 719163)
    )


def _target(view: View) -> tuple[float, float] | None:
    """Return the range of the cyclosporine trough by the protocol."""
    target = view.protocol.intervention(Component.CSA).target if view.protocol else None
    return (target.low, target.high) if target else None


def named_limits(view: View) -> dict[str, tuple[NamedLimit, ...]]:
    """Return the limits drawn in each lineage's track: no longer SAA, and CR, of the rule set in force."""
    rules = view.rules
    out = {"ANC": [NamedLimit(rules.saa.anc, "SAA")], "HGB": [], "PLAT": [NamedLimit(rules.saa.plat, "SAA")]}
    for limit in rules.cr:
        if limit.value is not None:
            out[limit.test].append(NamedLimit(limit.value, "CR", limit.strict))
    return {name: tuple(sorted(set(values), key=lambda item: item.value)) for name, values in out.items()}
