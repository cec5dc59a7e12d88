"""Safety and efficacy may be cut off on days of their own, not after that of the cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..analysis.study_data import StudyData


def at_cutoff(data: StudyData, cutoff: date | None) -> StudyData:
    """Return the data with an earlier cut-off; later or none changes nothing.

    Parameters
    ----------
    cutoff : ``safety_cutoff`` or ``efficacy_cutoff`` of the settings.
    """
    return data if cutoff is None or cutoff >= data.cutoff else replace(data, cutoff=cutoff)
