"""DS: how the study ended for a subject, milestones, and other events."""

from __future__ import annotations

import pandas as pd

from ...model.vocabulary import Disposition
from ..text import map_unique_text
from .mapping import Mapped, as_text
from .terms import fold_term, words


def finish_disposition(mapped: Mapped) -> Mapped:
    """Return disposition in our words.

    A disposition event becomes COMPLETED, DEATH, LOST, SCREEN FAILURE or WITHDRAWAL (reason: the standard term); one
    of the treatment, by DSSCAT, is DISCONTINUATION, and its completion keeps words of its own: the study went on.
    Milestones and other events keep their words, save a death. Where a package has no DSCAT the standard terms of
    disposition events are taken as such.
    """
    rows, lists = mapped.rows, words()["disposition"]
    term = map_unique_text(rows["DSDECOD"], fold_term)
    category = map_unique_text(rows["DSCAT"], fold_term)
    event = (category == lists["category"]) | category.isna()
    death = term.isin(lists["death_anywhere"])
    known = term.map(lists["terms"]).astype("str")
    withdrawn = event & known.isna() & (term.isin(lists["withdrawal"]["terms"]) | category.notna())
    treatment = event & _of_treatment(mapped) & ~death
    code = term.mask(event & known.notna(), known).mask(withdrawn, str(Disposition.WITHDRAWAL))
    code = code.mask(treatment & (withdrawn | (known == "LOST")), str(Disposition.DISCONTINUATION))
    code = code.mask(treatment & (known == "COMPLETED"), "TREATMENT COMPLETED")
    code = code.mask(death, str(Disposition.DEATH))
    unknown = withdrawn & ~term.isin(lists["withdrawal"]["terms"])
    problems = mapped.source.note(unknown, "sdtm_term_unknown", "DSDECOD")
    return mapped.with_columns(tuple(problems), DSDECOD=code, DSREAS=term.where(withdrawn))


def _of_treatment(mapped: Mapped) -> pd.Series:
    frame = mapped.source.frame
    if "DSSCAT" not in frame:
        return pd.Series(False, index=frame.index)
    scope = map_unique_text(as_text(frame["DSSCAT"]), fold_term)
    return scope.isin(words()["disposition"]["treatment_scope"])
