"""EX and CM: which of our components a study treatment is, and what may hold a count up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...model.vocabulary import SupportClass
from ..text import map_unique_text
from .mapping import Mapped
from .terms import fold_term, list_with, words


def finish_exposure(mapped: Mapped) -> Mapped:
    """Return study treatment: our own components by their code, with their dose units; others as they are."""
    rows = mapped.rows
    component = map_unique_text(rows["EXTRT"], lambda name: list_with("treatment", name))
    units = {fold_term(word): code for code, spoken in words()["dose_units"].items() for word in spoken}
    unit = map_unique_text(rows["EXDOSU"], lambda text: units.get(fold_term(text), text))
    return mapped.with_columns(
        EXTRT=component.fillna(rows["EXTRT"]), EXDOSU=rows["EXDOSU"].where(component.isna(), unit)
    )


def finish_medication(mapped: Mapped) -> Mapped:
    """Return medication with CMCLAS and CMCAT of our vocabulary: by the coded name, then as given, then the class."""
    rows = mapped.rows
    found = pd.Series(np.nan, index=rows.index, dtype="str")
    for name in ("CMDECOD", "CMTRT", "CMCLAS"):
        own = map_unique_text(rows[name], _class_of)
        found = found.fillna(own)
    classes = found.fillna(str(SupportClass.OTHER))
    groups = {code: group for group, codes in words()["medication_groups"].items() for code in codes}
    category = classes.map(groups).astype("str").fillna("CONCOMITANT")
    return mapped.with_columns(CMCLAS=classes, CMCAT=category)


def _class_of(name: str) -> str | None:
    folded = fold_term(name)
    return folded if folded in set(SupportClass) else list_with("medication", name)
