"""The analysis datasets together: ADSL, ADRS, ADTTE, ADLB, ADAE, ADEX, ADVS.

Efficacy (ADRS, ADTTE) and safety (ADLB, ADAE, ADEX, ADVS) keep to a cut-off of their own where the settings give one;
ADSL keeps to that of the cut. In ADSL a column NA… tells why a subject is absent from a parameter of ADTTE (missing:
it is there).

Source: CONTRACT, "Exported analysis datasets".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from ..model.ctcae import ToxicityCriteria
from ..model.protocol import Protocol
from ..model.rules import RuleSet
from ..model.settings import StudySettings
from .adae import derive_adverse_events
from .adlb import derive_laboratory
from .adtte import PARAMETERS, derive_time_to_events
from .basis import Basis, prepare
from .best_response import derive_best_response
from .columns import text
from .counts import LINEAGES
from .exposure import derive_exposure
from .lookup import positions
from .response import derive_response
from .study_data import StudyData
from .subjects import derive_subjects
from .tte import ADTTE_COLUMNS, TimeToEvents
from .vitals import derive_vital_signs

DATASETS = ("ADSL", "ADRS", "ADTTE", "ADLB", "ADAE", "ADEX", "ADVS")

# What others rely on comes first, in this order; further columns follow.
FIRST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ADSL": (
        "USUBJID", "AGE", "SEX", "SEVERITY", "TRTSDT", "ATGEDT", "INF1DT", "INF2DT", "FASFL", "SAFFL", "EOSSTT",
        "DTHDT", "LSTALVDT", "CUTOFFDT",
    ),
    "ADRS": (
        "USUBJID", "PARAMCD", "AVISIT", "AVISITN", "ADT", "ADY", "AVALC", "REASON", "EVALFL", "CRITVER",
        *LINEAGES, *(f"{test}{part}" for part in ("DT", "DY", "SUP") for test in LINEAGES),
    ),
    "ADTTE": ADTTE_COLUMNS,
}  # fmt: skip
_CANDIDATES = ["USUBJID", "PARAMCD", "CNFDT", "PREVDT", "GAPDAYS"]


def absence_column(param: str) -> str:
    """Return the column of ADSL that tells why a subject is absent from a parameter, e.g. NAANC05 for TTANC05."""
    return f"NA{param.removeprefix('TT')}"


def _at(data: StudyData, cutoff: date | None) -> StudyData:
    return data if cutoff is None or cutoff >= data.cutoff else replace(data, cutoff=cutoff)


def _ordered(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    first = FIRST_COLUMNS.get(name, ("USUBJID",))
    return frame[[*first, *(column for column in frame.columns if column not in first)]].reset_index(drop=True)


def _with_absences(adsl: pd.DataFrame, absent: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for param in PARAMETERS:
        rows = absent[(absent["PARAMCD"] == param).to_numpy(bool)]
        reason = np.full(len(adsl), "", dtype=object)
        reason[positions(rows["USUBJID"], adsl["USUBJID"].tolist())] = rows["REASON"].to_numpy(object)
        columns[absence_column(param)] = text(reason)
    return adsl.assign(**columns)


def _responses(response: pd.DataFrame) -> pd.DataFrame:
    """Return the visits and, behind those of each subject, the best response."""
    best = derive_best_response(response)
    both = pd.concat([response.assign(rank=0), best.assign(rank=1)], ignore_index=True)
    both = both.sort_values(["USUBJID", "rank", "AVISITN"], kind="stable").drop(columns="rank")
    numbers = dict.fromkeys(("AVISITN", "FROMVIS"), "Int64")
    return both.astype(numbers)


def _times(events: TimeToEvents) -> pd.DataFrame:
    return events.rows.merge(events.candidates[_CANDIDATES], on=["USUBJID", "PARAMCD"], how="left")


def derive_analysis_datasets(
    data: StudyData,
    protocol: Protocol | None,
    rules: RuleSet,
    settings: StudySettings,
    criteria: ToxicityCriteria,
) -> dict[str, pd.DataFrame]:
    """Return every dataset of `DATASETS`, in this order.

    Parameters
    ----------
    protocol : None for a study without a protocol here. rules : the rule set in force.
    settings : with ``primary`` as in force. criteria : grades of laboratory results.
    """
    bases: dict[date, Basis] = {}

    def basis_of(part: StudyData) -> Basis:
        if part.cutoff not in bases:
            bases[part.cutoff] = prepare(part)
        return bases[part.cutoff]

    efficacy, safety = _at(data, settings.efficacy_cutoff), _at(data, settings.safety_cutoff)
    endpoint, after = settings.primary, basis_of(safety)
    response = derive_response(efficacy, rules, endpoint, basis_of(efficacy))
    study_end = protocol.study_period.end if protocol else None
    events = derive_time_to_events(
        efficacy, rules, endpoint, study_end=study_end, basis=basis_of(efficacy), response=response
    )
    adae = derive_adverse_events(safety, after)
    frames = {
        "ADSL": _with_absences(derive_subjects(data, endpoint, basis_of(data)), events.absent),
        "ADRS": _responses(response),
        "ADTTE": _times(events),
        "ADLB": derive_laboratory(safety, criteria, after),
        "ADAE": adae,
        "ADEX": derive_exposure(safety, protocol, settings, after, adae),
        "ADVS": derive_vital_signs(safety, after),
    }
    return {name: _ordered(name, frames[name]) for name in DATASETS}
