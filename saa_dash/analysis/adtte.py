"""Every time-to-event parameter of a cut: the dataset ADTTE.

Source: CONTRACT, ADTTE. What is decided where the rules leave room stands in `tte`, `recovery`, `redcells`,
`tte_response`, `relapse` and `overall`.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from ..model.rules import RuleSet
from ..model.settings import EndpointSettings
from .basis import Basis, prepare
from .overall import derive_failure_free_survival, derive_overall_survival
from .recovery import THRESHOLDS, derive_recovery
from .redcells import derive_red_cell_independence
from .relapse import derive_relapse
from .response import derive_response
from .study_data import StudyData
from .tte import TimeToEvents, assemble, set_clock
from .tte_response import derive_time_to_relapse, derive_time_to_response, first_response, judged_visits

PARAMETERS = (*THRESHOLDS, "TTRBCI", "TTRESP", "TTCR", "DOR", "TTREL", "OS", "FFS")


def derive_time_to_events(
    data: StudyData,
    rules: RuleSet,
    settings: EndpointSettings,
    *,
    study_end: date | None = None,
    basis: Basis | None = None,
    response: pd.DataFrame | None = None,
) -> TimeToEvents:
    """Return all of `PARAMETERS`: outcomes, who is not at risk, and the candidates of recovery.

    Parameters
    ----------
    rules : an enabled rule set. settings : as for `response.derive_response`, with confirm_min and confirm_max.
    study_end : last day of the study, which censors survival; None where it is not known (foreign studies).
    basis, response : where the caller already has them, from `basis.prepare` and `response.derive_response`.
    """
    basis = prepare(data) if basis is None else basis
    response = derive_response(data, rules, settings, basis) if response is None else response
    clock, visits = set_clock(basis, settings.origin), judged_visits(basis, response)
    since = first_response(basis, visits)
    relapse = derive_relapse(basis, clock, since, rules.saa, settings.arc_cut)
    outcomes = (
        *derive_recovery(basis, clock, settings),
        derive_red_cell_independence(basis, clock),
        *(derive_time_to_response(basis, clock, visits, param) for param in ("TTRESP", "TTCR")),
        *(derive_time_to_relapse(basis, since, relapse, param) for param in ("DOR", "TTREL")),
        derive_overall_survival(basis, settings, study_end),
        derive_failure_free_survival(basis, relapse, settings, study_end),
    )
    return assemble(basis, outcomes)
