"""Where a number comes from; stands under every figure and in every export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Provenance:
    """Cut, selection and rule behind a result.

    Parameters
    ----------
    selected, total : patients shown of patients in the cut. filters : the selection in words, "" for none.
    rule : rule set and origin in words, "" where no rule decides. primary : False stamps SENSITIVITY.
    """

    cut_id: str
    cutoff: date
    content_hash: str
    settings_hash: str
    study: str
    synthetic: bool
    selected: int
    total: int
    filters: str = ""
    rule: str = ""
    primary: bool = True
