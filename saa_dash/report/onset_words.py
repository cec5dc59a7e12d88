"""When events began, in words: study day, days from ATG day 1 and from each infusion, before and after told apart."""

from __future__ import annotations

import pandas as pd

from ..analysis.ae_summary import Recorded
from ..analysis.ae_time_onset import COMPONENTS
from ..i18n import translate
from .event_tables import event_table


def side_words(side: object, days: float, lang: str) -> str:
    """Return on which side of a component an onset lies, and how far.

    Parameters
    ----------
    side : of `analysis.ae_time_onset.SIDES`, missing where the component was never given. days : from it to the onset.
    """
    if side is None or side != side:
        return translate(lang, "ae_time.side.not_given")
    if side in ("SAME_DAY", "UNCLEAR"):
        return translate(lang, f"ae_time.side.{side}")
    if not days:
        return translate(lang, f"ae_time.side.{side}_0")
    return translate(lang, f"ae_time.side.{side}", n=abs(int(days)))


def onset_table(rows: pd.DataFrame, recorded: Recorded, lang: str) -> pd.DataFrame:
    """Return every event with its onset from each component that anybody received.

    Parameters
    ----------
    rows : rows of ADAE with PCODE and the columns of `analysis.ae_time_onset`.
    """
    table = event_table(rows, recorded, lang)
    place = table.columns.get_loc(translate(lang, "ae.column.onset"))
    assert isinstance(place, int)
    for name in reversed(COMPONENTS):
        side, days = rows[f"SIDE{name}"], rows[f"OFF{name}"]
        if side.notna().any():
            words = [side_words(one, day, lang) for one, day in zip(side, days, strict=True)]
            table.insert(place + 1, translate(lang, f"ae_time.column.{name}"), words)
    return table
