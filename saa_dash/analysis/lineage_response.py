"""Response lineage by lineage: who reaches the CR threshold unsupported, who has left the counts of SAA.

Each lineage is judged at the chosen assessment as for the response as a whole, with the same support rules; visits
settled without counts (death, HSCT, salvage, withdrawal, never infused) count as not reached.

Source: domain facts, section 2; registry: haematopoietic reconstitution.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .schedule import WEEKS


@dataclass(frozen=True)
class LineageCounts:
    """Due patients at one visit by one lineage and one question.

    Parameters
    ----------
    week : 4, 8, 12. lineage : ANC, HGB, PLAT, ARC.
    level : ``CR`` reaches the CR threshold unsupported; ``LEFT_SAA`` not below the SAA limit.
    yes, no, unknown : patients; yes + no + unknown = due.
    """

    week: int
    lineage: str
    level: str
    yes: int
    no: int
    unknown: int


_QUESTIONS = (
    ("ANC", "CR", "ANCCR", "Y"), ("HGB", "CR", "HGBCR", "Y"), ("PLAT", "CR", "PLATCR", "Y"),
    ("ANC", "LEFT_SAA", "ANCSAA", "N"), ("PLAT", "LEFT_SAA", "PLATSAA", "N"), ("ARC", "LEFT_SAA", "ARCSAA", "N"),
)  # fmt: skip


def count_lineages(response: pd.DataFrame) -> tuple[LineageCounts, ...]:
    """Return the counts per visit, lineage and level among patients who are due.

    Parameters
    ----------
    response : from `response.derive_response`, whole or restricted to a subgroup.
    """
    due = response["DUEFL"].to_numpy(object) == "Y"
    week = response["AVISITN"].to_numpy()
    asked = [question for question in _QUESTIONS if question[2] in response]  # not every rule set judges every lineage
    answers = {column: response[column].to_numpy(object) for _, _, column, _ in asked}
    out = []
    for number in WEEKS:
        here = due & (week == number)
        for lineage, level, column, wanted in asked:
            answer = answers[column][here]
            yes, unknown = int((answer == wanted).sum()), int((answer == "U").sum())
            out.append(LineageCounts(number, lineage, level, yes, len(answer) - yes - unknown, unknown))
    return tuple(out)
