"""Response at weeks 4, 8 and 12: one row per subject of the full analysis set and visit.

Columns of `derive_response` (stable; dates ``datetime64[s]``, flags "Y"/"N"/"U", missing text and numbers NaN):

    USUBJID, PARAMCD (OVRLRESP), AVISIT ("Week 4"), AVISITN (4, 8, 12)
    ADT, ADY    the panel's date, or that of the event that settles the visit; study day from the origin in force
    AVALC       CR PR NR NE, NYD = not yet due
    REASON      of NR: DEATH HSCT SALVAGE WITHDRAWN NOT_INFUSED BELOW SUPPORTED; of NE: MISSING SUPPORT_UNKNOWN
                NOT_ASSESSABLE; of NYD: NOT_DUE; none for CR and PR
    EVALFL      Y for CR, PR, NR. DUEFL: Y where the visit is due (the primary denominator)
    CRITVER     rule set and its version
    CRFL, RESPFL  "is CR" and "is a response": Y, N, or U (unknown, or not yet due)
    ATLPRFL     Y: response certain though CR is not (NE, at least PR)
    PROVFL      Y: CR or PR without a confirming assessment, where the rule set asks for one; N: confirmed
    INDEPFL     transfusion independent on the panel date: Y, N, U
    TRANSFL     Y: PR, still transfused (N: not; U: not known), where the rule set does not ask for independence
    MISSTEST    lineages without a usable value, e.g. "HGB,ARC"
    ORIGDT, TARGETDT, DUEDT  origin, target day, and the last day of the window, on which the visit falls due
    PANELTIE    Y: another panel lay as near to the target; the earlier was taken
    For L in ANC HGB PLAT ARC:
      L, LLT (sign "<" or ">" of a censored value), LDT, LDY   value, date and study day of the result
      LSUP      supported: Y, N, U (question not answered, no record); of the panel's day where the value is missing
      LSUPC, LSUPD, LSUPI   class of the most recent support inside the look-back, days before, date imputed (Y)
      LCR       reaches the CR threshold unsupported; LLIM: that threshold (ANC, HGB, PLAT)
      LSAA      stands below the SAA limit (ANC, PLAT, ARC)
    WBC, WBCDT  where ANC is missing

Rows whose AVALC is settled without counts (events, never infused, not yet due) carry no values.
What each step decides where the rules leave room: `schedule`, `counts`, `assessment`, `support`, `decision`.
"Two assessments at least 4 weeks apart" are two of weeks 4, 8 and 12; unconfirmed stays CR or PR, marked provisional.

Source: domain facts, section 2; CONTRACT, ADRS.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.errors import UsageError
from ..model.rules import RuleSet
from ..model.settings import EndpointSettings
from .assessment import Assessment, Picked, choose_assessments, until_new_treatment
from .basis import Basis, prepare
from .columns import flag, text
from .counts import LINEAGES
from .days import as_dates, as_days, study_day
from .decision import INDEPENDENCE_DAYS, Decision, Judgement, decide, independence, judge, provisional
from .logic import ABOVE, BELOW, FALSE, TRUE, UNKNOWN, Tri, letters
from .schedule import WEEKS, Schedule, plan_visits
from .study_data import StudyData
from .support import Supported, answered, support_of, transfused_within

_ASKED = ("ANC", "HGB", "PLAT")  # lineages with a question "since the last visit"


def _sex(basis: Basis, subject: np.ndarray) -> Tri:
    sex = basis.anchors["SEX"].to_numpy(object)
    return np.where(sex == "M", TRUE, np.where(sex == "F", FALSE, UNKNOWN))[subject]


def _supported(
    basis: Basis, assessment: Assessment, schedule: Schedule, window: int
) -> tuple[Mapping[str, Supported], Mapping[str, Tri], np.ndarray]:
    """Return support per lineage (raw, three-valued) and whether any of it is unknown."""
    panel, subject = assessment.panel, assessment.subject
    first, last = schedule.target - window, schedule.target + window
    known = answered(basis.support, subject, panel, first, last)
    raw, tri = {}, {}
    unknown = np.zeros(len(panel), bool)
    for lineage in LINEAGES:
        day = assessment.tests[lineage].day
        raw[lineage] = support_of(basis.support, lineage, subject, np.where(np.isnan(day), panel, day))
        within = raw[lineage].within
        tri[lineage] = np.where(within, TRUE, FALSE)
        if lineage in _ASKED:
            silent = ~known[lineage] & ~raw[lineage].recorded & ~np.isnan(panel)
            tri[lineage] = np.where(silent & ~within, UNKNOWN, tri[lineage])
            unknown |= silent
    return raw, tri, unknown


def _independent(basis: Basis, assessment: Assessment, settings: EndpointSettings, support_unknown: np.ndarray) -> Tri:
    red_cells, platelets = INDEPENDENCE_DAYS[settings.independence]
    panel, subject = assessment.panel, assessment.subject
    transfused = transfused_within(basis.support, subject, panel, red_cells, platelets)
    atg_end = as_days(basis.anchors["ATGEDT"])[subject]
    return independence(transfused, support_unknown, panel, atg_end, max(red_cells, platelets))


def _lineage_columns(
    name: str, picked: Picked, support: Supported, tri: Tri, judgement: Judgement, schedule: Schedule, panel: np.ndarray
) -> dict[str, object]:
    counted = schedule.settled == ""
    sign = np.select([picked.reading == BELOW, picked.reading == ABOVE], ["<", ">"], "").astype(object)
    out: dict[str, object] = {
        name: picked.value,
        f"{name}LT": text(np.where(np.isnan(picked.value), "", sign)),
        f"{name}DT": as_dates(picked.day),
        f"{name}DY": study_day(picked.day, schedule.origin),
        f"{name}SUP": text(np.where(np.isnan(panel), "", letters(tri))),
        f"{name}SUPC": text(support.kind),
        f"{name}SUPD": support.days,
        f"{name}SUPI": text(np.where(support.imputed, "Y", "").astype(object)),
    }
    if name in judgement.met:
        out[f"{name}CR"] = text(np.where(counted, letters(judgement.met[name]), ""))
        out[f"{name}LIM"] = judgement.limit[name]
    if name in judgement.below:
        out[f"{name}SAA"] = text(np.where(counted, letters(judgement.below[name]), ""))
    return out


def _missing(assessment: Assessment, counted: np.ndarray) -> np.ndarray:
    """Return the lineages without a value, comma-separated, where counts were to be judged."""
    absent = np.stack([np.isnan(assessment.tests[name].value) & counted for name in LINEAGES])
    pattern = (absent * (1 << np.arange(len(LINEAGES)))[:, None]).sum(axis=0)
    names = [",".join(name for i, name in enumerate(LINEAGES) if bits >> i & 1) for bits in range(1 << len(LINEAGES))]
    return np.array(names, dtype=object)[pattern]


def _provisional(decision: Decision, assessment: Assessment, rules: RuleSet) -> np.ndarray:
    shown = decision.shown
    if rules.confirm_days is None:
        return np.full(len(shown), "", dtype=object)
    level = np.select([shown == "CR", decision.is_response == TRUE], [2, 1], 0).reshape(-1, len(WEEKS))
    open_ = provisional(level, assessment.panel.reshape(-1, len(WEEKS)), rules.confirm_days).ravel()
    return np.where((shown == "CR") | (shown == "PR"), np.where(open_, "Y", "N"), "").astype(object)


def _settled(schedule: Schedule, by_counts: np.ndarray, by_event: str, not_due: str) -> np.ndarray:
    """Return an answer by counts with what was settled without them put in."""
    answer = np.where(schedule.settled == "", by_counts, by_event)
    return np.where(schedule.due, answer, not_due).astype(object)


def _head(
    basis: Basis, schedule: Schedule, assessment: Assessment, decision: Decision, rules: RuleSet
) -> dict[str, object]:
    date = np.where(np.isnan(assessment.panel), schedule.event, assessment.panel)
    shown = _settled(schedule, decision.shown, "NR", "NYD")
    response = _settled(schedule, letters(decision.is_response), "N", "U")
    evaluable = (shown == "CR") | (shown == "PR") | (shown == "NR")
    return {
        "USUBJID": text(basis.subjects[schedule.subject]),
        "PARAMCD": text(np.full(len(shown), "OVRLRESP", dtype=object)),
        "AVISIT": text(np.array([f"Week {week}" for week in WEEKS] * (len(shown) // len(WEEKS)), dtype=object)),
        "AVISITN": schedule.week,
        "ADT": as_dates(date),
        "ADY": study_day(date, schedule.origin),
        "AVALC": text(shown),
        "REASON": text(np.where(schedule.settled == "", decision.reason, schedule.settled)),
        "EVALFL": flag(evaluable),
        "DUEFL": flag(schedule.due),
        "CRITVER": text(np.full(len(shown), rules.critver, dtype=object)),
        "CRFL": text(_settled(schedule, letters(decision.is_cr), "N", "U")),
        "RESPFL": text(response),
        "ATLPRFL": flag((shown == "NE") & (response == "Y")),
    }


def _state_columns(
    schedule: Schedule, assessment: Assessment, decision: Decision, independent: Tri, rules: RuleSet
) -> dict[str, object]:
    counted = schedule.settled == ""
    partial = counted & (decision.shown == "PR") & (not rules.pr_needs_independence)
    return {
        "PROVFL": text(_provisional(decision, assessment, rules)),
        "INDEPFL": text(np.where(np.isnan(assessment.panel), "", letters(independent))),
        "TRANSFL": text(np.where(partial, letters(TRUE - independent), "")),
        "MISSTEST": text(_missing(assessment, counted)),
        "ORIGDT": as_dates(schedule.origin),
        "TARGETDT": as_dates(schedule.target),
        "DUEDT": as_dates(schedule.window_end),
        "PANELTIE": text(np.where(assessment.tie, "Y", "").astype(object)),
    }


def _check(rules: RuleSet, settings: EndpointSettings) -> None:
    if not rules.enabled or not rules.cr:
        raise UsageError("error.criteria_empty", criteria=rules.rule_id)
    if settings.independence not in INDEPENDENCE_DAYS:
        raise UsageError("error.independence_unknown", value=settings.independence)


def derive_response(
    data: StudyData, rules: RuleSet, settings: EndpointSettings, basis: Basis | None = None
) -> pd.DataFrame:
    """Return response at weeks 4, 8 and 12; columns as documented above, sorted by USUBJID and AVISITN.

    Parameters
    ----------
    rules : an enabled rule set. settings : origin, window_days, independence and arc_cut are used.
    basis : `prepare(data)` where the caller already has it.

    Raises
    ------
    UsageError : the rule set holds no thresholds, or the independence setting is unknown.
    """
    _check(rules, settings)
    basis = basis or prepare(data)
    schedule = plan_visits(basis, settings)
    counts = until_new_treatment(basis.counts, basis.anchors)
    target = np.where(schedule.settled == "", schedule.target, np.nan)
    assessment = choose_assessments(counts, schedule.subject, target, settings.window_days)
    raw, support, unknown = _supported(basis, assessment, schedule, settings.window_days)
    male = _sex(basis, schedule.subject)
    judgement = judge(assessment, support, rules, settings.arc_cut, male)
    bare = judge(assessment, {}, rules, settings.arc_cut, male)
    independent = _independent(basis, assessment, settings, unknown)
    decision = decide(judgement, bare, rules, independent, unknown, ~np.isnan(assessment.panel))
    columns = _head(basis, schedule, assessment, decision, rules)
    columns |= _state_columns(schedule, assessment, decision, independent, rules)
    for name in LINEAGES:
        judged = (assessment.tests[name], raw[name], support[name], judgement, schedule, assessment.panel)
        columns |= _lineage_columns(name, *judged)
    wbc, lacks = assessment.tests["WBC"], np.isnan(assessment.tests["ANC"].value)
    columns["WBC"] = np.where(lacks, wbc.value, np.nan)
    columns["WBCDT"] = as_dates(np.where(lacks, wbc.day, np.nan))
    return pd.DataFrame(columns, copy=False)
