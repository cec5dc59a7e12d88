"""The synthetic cohort: the sheets of the form, filled for patients that do not exist."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ..ingest.form import load_form
from ..protocol.loader import load_protocol
from .clinic import examination_sheet, vital_sheet
from .draws import Draws
from .episodes import derive_episodes
from .events import event_sheet
from .exposure import exposure_sheet
from .laboratory import csa_sheet, derive_panels, lab_sheet
from .outcome import deviation_sheet, disposition_sheet, response_sheet
from .patients import Patients, derive_patients
from .subjects import subject_sheet, visit_codes, visit_sheet
from .support import medication_sheet, transfusion_sheet

DEMO_PATIENTS = 10
# Chosen so that ten patients show what the dashboard is for: complete and partial responses, late responders, a
# non-responder, one early death, one loss of response, serum sickness, liver and kidney events, an unanswered
# support question at week 8, a withdrawal.
DEMO_SEED = 1848
DEMO_CUTOFF = date(2026, 7, 31)


def simulate_patients(patients: int, seed: int, cutoff: date | None = None) -> Patients:
    """Return the latent courses behind `simulate_cohort`; same parameters."""
    trial = load_protocol()
    cutoff = cutoff or trial.study_period.end
    return derive_patients(Draws(seed, patients), trial.recruiting, trial.study_period, cutoff)


def simulate_cohort(patients: int, seed: int, cutoff: date | None = None) -> dict[str, pd.DataFrame]:
    """Return the filled sheets of the form for a synthetic cohort.

    Parameters
    ----------
    patients : how many are enrolled over the registered recruiting window, ≥1.
    seed : same seed, same cohort; patient k's course in study days does not depend on `patients`.
    cutoff : nothing after it is recorded; the end of the study where None.

    Returns
    -------
    sheet code → frame of object columns with the form's column codes: codes of lists, ISO dates, numbers and text as
    typed, None where blank. LAB starts with the rows UNIT, LLN_M, ULN_M, LLN_F, ULN_F.

    Raises
    ------
    ValueError : fewer than one patient.
    """
    if patients < 1:
        raise ValueError("patients must be at least 1")
    cohort = simulate_patients(patients, seed, cutoff)
    panels = derive_panels(cohort)
    visit = visit_codes(cohort, panels)
    sheets = {
        "SUBJ": subject_sheet(cohort, panels),
        "VISIT": visit_sheet(cohort),
        "LAB": lab_sheet(cohort, panels, visit),
        "TRANSF": transfusion_sheet(cohort),
        "CM": medication_sheet(cohort),
        "EX": exposure_sheet(cohort),
        "CSA": csa_sheet(cohort),
        "AE": event_sheet(cohort, derive_episodes(cohort, panels)),
        "VS": vital_sheet(cohort),
        "PE": examination_sheet(cohort),
        "RS": response_sheet(cohort, panels, visit),
        "DS": disposition_sheet(cohort),
        "DV": deviation_sheet(cohort),
    }
    form = load_form()
    return {code: sheets[code][list(form.sheets[code].codes)] for code in form.sheets}


def demo_cohort() -> dict[str, pd.DataFrame]:
    """Return the cohort of the shipped workbook: ten patients, data cut-off DEMO_CUTOFF."""
    return simulate_cohort(DEMO_PATIENTS, DEMO_SEED, DEMO_CUTOFF)
