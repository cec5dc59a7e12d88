"""Planned against given over the patients: percent of the plan by line, exposure by component, changes of dose.

Lines (`LINES`): what is compared with a plan.

    TOTDOSE, NDAYS      dose in all, and days with a dose (of UCBMNC: infusions), against what was planned by now
    START               first dose of a component whose later doses follow a level
    INF1, INF2          cells of each infusion, a missed one as 0

Decisions
---------
- A dose is as planned where ADEX finds no deviation (tolerance of the settings); days are where none is lacking.
- An interruption is a stretch without a dose between two doses, or a record of dose 0; the days between two cord blood
  infusions are planned and none. A reduction is a lower dose than the one before. Why is as typed (EXADJ).

Source: ADEX (`exposure`); domain facts, "Other decisions" (deviations).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..model.vocabulary import Component
from .ctcae import falls_below, rises_above
from .days import as_days
from .proportions import IntervalMethod, Proportion, estimate_proportion

LINES = ("TOTDOSE", "NDAYS", "START", "INF1", "INF2")
_LOW = 50.0  # % of the plan: what is given less than half is counted apart


@dataclass(frozen=True)
class LineCount:
    """One line over the patients with a plan.

    Parameters
    ----------
    as_planned : patients as planned. unit : of `low`, `median`, `high` (given). shares : patients below half of the
        plan, below the tolerance, within it, above it.
    """

    component: str
    line: str
    as_planned: Proportion
    unit: str
    low: float
    median: float
    high: float
    shares: tuple[int, int, int, int]


@dataclass(frozen=True)
class ComponentCount:
    """One component over the treated patients.

    Parameters
    ----------
    given : patients with a dose. days, dose : lowest, median and highest, NaN where not known. interrupted, reduced,
        stopped : patients out of those given it; interrupted None where stretches without a dose are planned, stopped
        where the study does not record it.
    """

    component: str
    given: Proportion
    unit: str
    days: tuple[float, float, float]
    dose: tuple[float, float, float]
    interrupted: Proportion | None
    reduced: Proportion
    stopped: Proportion | None


def derive_plan_points(adex: pd.DataFrame) -> pd.DataFrame:
    """Return USUBJID, EXTRT, LINE, AVAL, AVALU, PLAN, PCTPLAN and OKFL (Y/N) of everything that has a plan.

    Parameters
    ----------
    adex : from `exposure.derive_exposure`.
    """
    planned = (adex["PLAN"] > 0).to_numpy(bool)
    dose, cells = (adex["PARAMCD"] == "DOSE").to_numpy(bool), (adex["EXTRT"] == Component.UCBMNC).to_numpy(bool)
    number = adex["INFNUM"].to_numpy("float64")
    opening = ~adex.loc[dose].duplicated(["USUBJID", "EXTRT"]).reindex(adex.index, fill_value=True).to_numpy(bool)
    starting = dose & opening & (adex["EXTRT"] == Component.CSA).to_numpy(bool)
    cases = [~dose, starting, dose & cells & (number == 1), dose & cells & (number == 2)]
    places = [(adex["PARAMCD"] != "TOTDOSE").to_numpy("int64"), *(np.full(len(adex), place) for place in (2, 3, 4))]
    place = np.select(cases, places, -1)
    line = np.array([*LINES, ""], dtype=object)[place]
    redundant = cells & (line == "TOTDOSE") & bool(np.any(planned & dose & cells))
    keep = planned & (line != "") & ~redundant
    days = line == "NDAYS"
    percent = adex["PCTPLAN"].to_numpy("float64")
    missed = (adex["MISSFL"] == "Y").to_numpy(bool)
    fine = np.where(days, ~falls_below(percent, 100.0), (adex["DOSEDEV"] == "N").to_numpy(bool) & ~missed)
    columns = adex[["USUBJID", "EXTRT", "AVAL", "AVALU", "PLAN", "PCTPLAN"]]
    return columns.assign(LINE=line, OKFL=np.where(fine, "Y", "N"))[keep].reset_index(drop=True)


def count_lines(points: pd.DataFrame, method: IntervalMethod, tolerance: float) -> tuple[LineCount, ...]:
    """Return the lines that occur, by component and in the order of `LINES`.

    Parameters
    ----------
    points : from `derive_plan_points`. method : of the limits. tolerance : permitted difference of a dose, %.
    """
    out = []
    for (component, line), rows in points.groupby(["EXTRT", "LINE"], sort=False):
        given, share = rows["AVAL"].to_numpy("float64"), rows["PCTPLAN"].to_numpy("float64")
        fine = estimate_proportion(int((rows["OKFL"] == "Y").sum()), len(rows), method)
        known = share[~np.isnan(share)]
        below, above = falls_below(known, 100.0 - tolerance), rises_above(known, 100.0 + tolerance)
        counts = (np.sum(known < _LOW), np.sum(below & (known >= _LOW)), np.sum(~below & ~above), np.sum(above))
        unit = str(rows["AVALU"].iloc[0])
        shares = (int(counts[0]), int(counts[1]), int(counts[2]), int(counts[3]))
        out.append(LineCount(str(component), str(line), fine, unit, *_spread(given), shares))
    order = [str(item) for item in Component]
    return tuple(sorted(out, key=lambda item: (order.index(item.component), LINES.index(item.line))))


def _spread(values: np.ndarray) -> tuple[float, float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan, np.nan
    return float(known.min()), float(np.median(known)), float(known.max())


def list_dose_changes(adex: pd.DataFrame) -> pd.DataFrame:
    """Return interruptions and reductions: USUBJID, EXTRT, KIND (INTERRUPTED, REDUCED), FROMDY, TODY, DAYS, BEFORE,
    AFTER, AVALU, REASON; in the order of ADEX.

    Parameters
    ----------
    adex : from `exposure.derive_exposure`.
    """
    own = (adex["PARAMCD"] == "DOSE") & (adex["EXTRT"] != Component.UCBMNC) & (adex["MISSFL"] != "Y")
    rows = adex[own.to_numpy(bool)].sort_values(["USUBJID", "EXTRT", "ASTDT"], kind="stable").reset_index(drop=True)
    given = (~(rows["AVAL"] <= 0) | (rows["EXTRT"] == "PLACEBO")).to_numpy(bool)
    key = [rows["USUBJID"], rows["EXTRT"]]
    pause = rows["EXADJ"].where(~given).groupby(key).ffill()
    rows = rows.assign(WHY=rows["EXADJ"].fillna(pause))[given].reset_index(drop=True)
    by = rows.groupby(["USUBJID", "EXTRT"])
    end = pd.Series(as_days(rows["AENDT"]), rows.index)
    reach = end.groupby([rows["USUBJID"], rows["EXTRT"]]).cummax()
    before = reach.groupby([rows["USUBJID"], rows["EXTRT"]]).shift()
    gap = as_days(rows["ASTDT"]) - before.to_numpy("float64") - 1
    last, earlier = by["AENDY"].shift().to_numpy("float64"), by["AVAL"].shift().to_numpy("float64")
    day = rows["ASTDY"].to_numpy("float64")
    lower = falls_below(rows["AVAL"].to_numpy("float64"), earlier) & ~np.isnan(earlier)
    shared = {"USUBJID": rows["USUBJID"], "EXTRT": rows["EXTRT"], "AVALU": rows["AVALU"], "REASON": rows["WHY"]}
    paused = pd.DataFrame({**shared, "KIND": "INTERRUPTED", "FROMDY": last + 1, "TODY": day - 1, "DAYS": gap})
    reduced = pd.DataFrame({**shared, "KIND": "REDUCED", "FROMDY": day, "BEFORE": earlier, "AFTER": rows["AVAL"]})
    found = [paused[gap > 0], reduced[lower]]
    out = pd.concat([part for part in found if len(part)] or found[:1])
    out = out.assign(ROW=out.index).sort_values(["ROW", "KIND"], kind="stable").drop(columns="ROW")
    names = ["USUBJID", "EXTRT", "KIND", "FROMDY", "TODY", "DAYS", "BEFORE", "AFTER", "AVALU", "REASON"]
    return out.reindex(columns=names).reset_index(drop=True)


def count_components(
    adex: pd.DataFrame, changes: pd.DataFrame, treated: int, method: IntervalMethod, *, stops: bool
) -> tuple[ComponentCount, ...]:
    """Return exposure by component, the study's own first.

    Parameters
    ----------
    adex, changes : of the treated patients. treated : their number. method : of the limits. stops : the study records
        permanent discontinuation of a component.
    """
    own = [str(item) for item in Component]
    names = sorted(adex["EXTRT"].dropna().unique(), key=lambda n: (own.index(n) if n in own else len(own), n))
    made = [_component(adex[adex["EXTRT"] == name], changes, str(name), treated, method) for name in names]
    return tuple(made if stops else [replace(item, stopped=None) for item in made])


def _component(
    rows: pd.DataFrame, changes: pd.DataFrame, name: str, treated: int, method: IntervalMethod
) -> ComponentCount:
    days, dose = rows[rows["PARAMCD"] == "NDAYS"], rows[rows["PARAMCD"] == "TOTDOSE"]
    had = days[days["AVAL"] > 0]
    given = set(had["USUBJID"])
    mine = changes[changes["EXTRT"] == name]

    def share(kind: str) -> Proportion:
        who = given & set(mine.loc[mine["KIND"] == kind, "USUBJID"])
        return estimate_proportion(len(who), len(given), method)

    amounts = dose.loc[dose["USUBJID"].isin(given), "AVAL"].to_numpy("float64")
    units = dose["AVALU"].dropna()
    return ComponentCount(
        component=name,
        given=estimate_proportion(len(given), treated, method),
        unit=str(units.iloc[0]) if len(units) else "",
        days=_spread(had["AVAL"].to_numpy("float64")),
        dose=_spread(amounts),
        interrupted=None if name == Component.UCBMNC else share("INTERRUPTED"),
        reduced=share("REDUCED"),
        stopped=estimate_proportion(len(given & set(days.loc[days["DISCFL"] == "Y", "USUBJID"])), len(given), method),
    )
