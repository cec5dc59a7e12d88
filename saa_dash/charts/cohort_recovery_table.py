"""Recovery in numbers: one row per lineage, and one per patient and lineage."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..analysis.trilineage import BASELINE, LINEAGES, OPEN, RIVAL, WAITING, LineageSummary, Trilineage
from .strips import rate_text
from .theme import Look


def lane_table(page: Trilineage, look: Look) -> pd.DataFrame:
    place = {code: i for i, code in enumerate(page.order)}
    rows = page.lanes.assign(_p=page.lanes["PCODE"].map(place), _l=page.lanes["LINEAGE"].map(LINEAGES.index))
    rows = rows.sort_values(["_p", "_l"])
    return pd.DataFrame(
        {
            look.say("column.patient"): rows["PCODE"].to_numpy(),
            look.say("cohort.column.lineage"): [look.say(f"term.param.{param}") for param in rows["PARAMCD"]],
            look.say("cohort.column.status"): [
                look.say(f"cohort.recovery.status.{status}") for status in rows["STATUS"]
            ],
            look.say("cohort.column.first_day"): rows["FIRSTDY"].astype("Int64").to_numpy(),
            look.say("cohort.column.day"): rows["DAY"].astype("Int64").to_numpy(),
            look.say("cohort.column.confirmed_day"): rows["CNFDY"].astype("Int64").to_numpy(),
            look.say("cohort.column.last_transfusion"): rows["LASTTX"].astype("Int64").to_numpy(),
            look.say("cohort.column.last_count"): rows["LASTDY"].astype("Int64").to_numpy(),
        }
    )


def summary_table(page: Trilineage, look: Look) -> pd.DataFrame:
    """Return one row per lineage: recovered of those at risk with limits, median days, and what became of the rest."""
    records = []
    for item in page.summaries:
        waiting = item.recovered.total - item.recovered.events - item.open - item.rival
        records.append(
            {
                look.say("cohort.column.lineage"): look.say(f"term.param.{item.param}"),
                look.say("cohort.column.recovered"): rate_text(item.recovered, look),
                look.say("cohort.column.median"): median_words(item, look),
                look.say(f"cohort.recovery.status.{OPEN}"): item.open,
                look.say(f"cohort.recovery.status.{WAITING}"): waiting,
                look.say(f"cohort.recovery.status.{RIVAL}"): item.rival,
                look.say(f"cohort.recovery.status.{BASELINE}"): item.baseline,
            }
        )
    return pd.DataFrame(records)


def median_words(item: LineageSummary, look: Look) -> str:
    """Return the median with its limits; "not reached" where it is not."""
    if item.median is None:
        return "–"

    def days(value: float) -> str:
        return look.say("cohort.recovery.not_reached") if np.isnan(value) else f"{value:g}"

    if np.isnan(item.median.estimate):
        return look.say("cohort.recovery.not_reached")
    return look.say(
        "cohort.recovery.median", median=days(item.median.estimate), lower=days(item.median.lower),
        upper=days(item.median.upper),
    )  # fmt: skip
