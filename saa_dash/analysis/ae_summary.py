"""The answers on adverse events in one line each, and the registry's complications patient by patient.

Decisions
---------
- Any, serious, severe and related ask for treatment-emergent events; deaths and discontinuations for the whole time to
  the cut-off. Severe: grade 3 or more, or AESEV severe where the study has no grades.
- What a study did not record (no causality, no action taken, no severity, no classes at all) is *not available*: it
  has no proportion, not one of zero.
- The denominator of the complications is the population chosen, their follow-up that of its treated members.

Source: registry (safety outcomes); domain facts, "Other decisions" and section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .adae import DSMB_CLASSES, REGISTRY_CLASSES
from .ae_levels import LEVELS, SEVERE, Scale, event_levels, severity_scale
from .ae_terms import BY_PATIENT
from .complications import OVERALL, ComplicationTable, estimate_complications
from .limits import CONF_LEVEL
from .proportions import IntervalMethod, Proportion, estimate_proportion

ANSWERS = ("ANY", "SERIOUS", "SEVERE", "RELATED", "DEATH", "DISCONTINUED")
CLASSES = (OVERALL, *REGISTRY_CLASSES, *DSMB_CLASSES)


@dataclass(frozen=True)
class Recorded:
    """What a study recorded of its adverse events; what it did not is not available, and not zero.

    Parameters
    ----------
    events : adverse events at all. serious, relation, classes, action : whether any row says so.
    components : those with a causality of their own. scale : measure of severity.
    """

    events: bool
    serious: bool
    relation: bool
    classes: bool
    action: bool
    components: tuple[str, ...]
    scale: Scale


@dataclass(frozen=True)
class Answer:
    """One line: patients, None where the study did not record it; events, 0 for deaths and discontinuations."""

    code: str
    patients: Proportion | None
    events: int


@dataclass(frozen=True)
class ComplicationPanel:
    """Complications of a population.

    Parameters
    ----------
    table : from `complications.estimate_complications`. rows : CLASS and P0…P5, patients by worst level.
    marks : CLASS, USUBJID, LEVEL (worst), SERIOUS (bool), EVENTS, FIRST (first study day): one per patient and class.
    subjects : USUBJID of the population. scale : what the levels mean.
    """

    table: ComplicationTable
    rows: pd.DataFrame
    marks: pd.DataFrame
    subjects: tuple[str, ...]
    scale: Scale


def find_recorded(adae: pd.DataFrame, ds: pd.DataFrame, *, own_form: bool) -> Recorded:
    """Return what the whole cut recorded.

    Parameters
    ----------
    adae, ds : of every subject. own_form : the data come from the form of the protocol, which asks for all of it: an
        empty table then is a true zero.
    """
    components = tuple(name for name in ("ATG", "CSA", "HPG", "UCB") if adae[f"AEREL{name}"].notna().any())
    actions = [name for name in adae.columns if name.startswith("AEACN")]
    empty = own_form and adae.empty
    return Recorded(
        events=own_form or not adae.empty,
        serious=empty or bool(adae["AESER"].notna().any()),
        relation=empty or bool(components) or bool(adae["AEREL"].notna().any()),
        classes=empty or bool(adae["AECAT"].notna().any()),
        action=own_form or bool(adae[actions].notna().any(axis=None)) or bool(ds["DSCOMP"].notna().any()),
        components=components,
        scale=Scale.GRADE if empty else severity_scale(adae),
    )


def estimate_answers(
    adae: pd.DataFrame,
    members: frozenset[str],
    others: Mapping[str, pd.Series],
    recorded: Recorded,
    method: IntervalMethod,
    level: float = CONF_LEVEL,
) -> tuple[Answer, ...]:
    """Return the answers in the order of `ANSWERS`.

    Parameters
    ----------
    adae : events of the members. members : USUBJID of the population. others : USUBJID of those who died (DEATH) and
        of those who stopped a component (DISCONTINUED). method, level : interval of the proportion of patients.
    """
    emergent = adae[(adae["TRTEMFL"] == "Y").to_numpy(bool)]
    conditions = {
        "ANY": np.ones(len(emergent), bool),
        "SERIOUS": (emergent["AESER"] == "Y").to_numpy(bool),
        "SEVERE": event_levels(emergent, recorded.scale) >= SEVERE,
        "RELATED": (emergent["RELFL"] == "Y").to_numpy(bool),
    }
    known = {
        "ANY": recorded.events,
        "SERIOUS": recorded.serious,
        "SEVERE": recorded.scale is not Scale.NONE,
        "RELATED": recorded.relation,
        "DEATH": True,
        "DISCONTINUED": recorded.action,
    }

    def answer(code: str) -> Answer:
        rows = emergent[conditions[code]] if code in conditions else None
        subjects = rows["USUBJID"] if rows is not None else others[code]
        if not known[code]:
            return Answer(code, None, 0)
        count = len(set(subjects) & members)
        return Answer(code, estimate_proportion(count, len(members), method, level), 0 if rows is None else len(rows))

    return tuple(answer(code) for code in ANSWERS)


def estimate_panel(
    adae: pd.DataFrame, anchors: pd.DataFrame, scale: Scale, method: IntervalMethod, level: float = CONF_LEVEL
) -> ComplicationPanel:
    """Return the complications of a population, treated or not.

    Parameters
    ----------
    adae, anchors : rows of the members. method, level : interval of the proportion of patients.
    """
    everybody = anchors.assign(SAFFL=True)  # the denominator is the population handed over
    table = estimate_complications(adae, everybody, method, level)
    coded = adae[(adae["TRTEMFL"] == "Y").to_numpy(bool) & adae["AECAT"].isin(CLASSES).to_numpy(bool)]
    frame = pd.DataFrame(
        {
            "CLASS": coded["AECAT"].to_numpy(object),
            "USUBJID": coded["USUBJID"].to_numpy(object),
            "LEVEL": event_levels(coded, scale),
            "SERIOUS": (coded["AESER"] == "Y").to_numpy(bool),
            "ASTDY": coded["ASTDY"].to_numpy("float64"),
        }
    )
    frame = pd.concat([frame.assign(CLASS=OVERALL), frame], ignore_index=True)
    marks = (
        frame.groupby(["CLASS", "USUBJID"], sort=True)
        .agg(LEVEL=("LEVEL", "max"), SERIOUS=("SERIOUS", "any"), EVENTS=("LEVEL", "size"), FIRST=("ASTDY", "min"))
        .reset_index()
    )
    sizes = marks.groupby(["CLASS", "LEVEL"]).size().unstack("LEVEL", fill_value=0)
    rows = sizes.reindex(index=list(CLASSES), columns=range(LEVELS), fill_value=0).set_axis(list(BY_PATIENT), axis=1)
    return ComplicationPanel(
        table=table,
        rows=rows.rename_axis("CLASS").reset_index(),
        marks=marks,
        subjects=tuple(anchors["USUBJID"]),
        scale=scale,
    )
