"""The analysis datasets of a cut under settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..model.cut import CutInfo
from ..model.settings import StudySettings
from ..protocol.ctcae import load_ctcae
from ..protocol.loader import load_protocol
from ..protocol.rules import load_rule_sets
from ..store.reader import open_cut

if TYPE_CHECKING:
    import pandas as pd


def analysis_frames(data_dir: Path, cut: CutInfo, settings: StudySettings) -> dict[str, pd.DataFrame]:
    """Return every dataset of `analysis.adam`, by name.

    Parameters
    ----------
    settings : with ``primary`` as in force.
    """
    from ..analysis.adam import derive_analysis_datasets

    protocol = load_protocol()
    known = protocol if cut.study == protocol.registration.number else None
    rules = load_rule_sets(data_dir)[settings.primary.criteria]
    data = open_cut(data_dir, cut.cut_id).study_data()
    return derive_analysis_datasets(data, known, rules, settings, load_ctcae())
