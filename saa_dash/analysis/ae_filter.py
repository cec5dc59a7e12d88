"""Which adverse events a page is about, and the same as a short code for a link.

Decisions
---------
- Treatment-emergent events of the safety set are the default; everything else restricts or widens that.
- *Related* to a component means definite, probable or possible. An event whose relation is unassessable or was not
  entered is not related; those that meet every other condition are counted apart.
- A window of study days, or of days after an infusion, takes both ends in and asks for the onset.
- Grade k and above; where a study has no grades, 1 mild, 2 moderate, 3 severe stand in (see `ae_levels`).

Source: domain facts, "Other decisions" (Related, TEAE) and section 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..model.vocabulary import Complication
from .ae_levels import POPULATIONS, Scale, event_levels

ANY = "ANY"
RELATIONS = (ANY, "ATG", "CSA", "HPG", "UCB")
WINDOWS = ("DAY", "INF1", "INF2")
MAX_GRADE = 5

_TOKEN = re.compile(
    r"p(?P<population>[A-Z]+)|(?P<all>all)|(?P<serious>ser)|r(?P<relation>[A-Z]+)|c(?P<classes>[A-Z_-]+)|"
    r"g(?P<grade>[1-5])|d(?P<first>-?\d{1,4})?_(?P<last>-?\d{1,4})?|i(?P<infusion>[12])_(?P<days>\d{1,4})"
)


@dataclass(frozen=True)
class EventFilter:
    """Conditions on adverse events; the defaults show all treatment-emergent ones of the safety set.

    Parameters
    ----------
    population : SAFETY, FAS or ENROLLED: whose events, and the denominator. emergent : treatment-emergent ones only.
    serious : serious ones only. relation : "" whatever it is, ANY component, or ATG, CSA, HPG, UCB.
    classes : AECAT codes, empty for all. grade : lowest grade, 0 for all, ungraded included.
    window : "" none; DAY study days first…last of the onset; INF1, INF2 days 0…last after that infusion.
    first, last : ends of the window, both included; None is open.
    """

    population: str = "SAFETY"
    emergent: bool = True
    serious: bool = False
    relation: str = ""
    classes: tuple[str, ...] = ()
    grade: int = 0
    window: str = ""
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class SelectedEvents:
    """Events that meet a filter.

    Parameters
    ----------
    rows : those rows of ADAE. unassessable, unentered : events kept out by the relation alone, because it cannot be
        assessed or was not entered; 0 where the filter asks for none.
    undated : kept out by the window alone, for want of an onset date. ungraded : by the severity, for want of one.
    """

    rows: pd.DataFrame
    unassessable: int
    unentered: int
    undated: int
    ungraded: int


def select_events(adae: pd.DataFrame, wanted: EventFilter, scale: Scale) -> SelectedEvents:
    """Return the events that meet every condition but the population, which the caller has applied.

    Parameters
    ----------
    adae : rows of `adae.derive_adverse_events`. scale : see `ae_levels.severity_scale`.
    """
    keep = np.ones(len(adae), bool)
    if wanted.emergent:
        keep &= _equal(adae, "TRTEMFL", "Y")
    if wanted.serious:
        keep &= _equal(adae, "AESER", "Y")
    if wanted.classes:
        keep &= adae["AECAT"].isin(wanted.classes).to_numpy(bool)
    level = event_levels(adae, scale)
    severe, ungraded = level >= wanted.grade, (level == 0) & (wanted.grade > 0)
    inside, undated = _inside(adae, wanted)
    related, unassessable, unentered = _related(adae, wanted.relation)
    return SelectedEvents(
        rows=adae[keep & severe & inside & related],
        unassessable=int((keep & severe & inside & unassessable).sum()),
        unentered=int((keep & severe & inside & unentered).sum()),
        undated=int((keep & severe & related & undated).sum()),
        ungraded=int((keep & ungraded & inside & related).sum()),
    )


def _equal(frame: pd.DataFrame, column: str, code: str) -> np.ndarray:
    return (frame[column] == code).to_numpy(bool)


def _inside(adae: pd.DataFrame, wanted: EventFilter) -> tuple[np.ndarray, np.ndarray]:
    """Return which onsets lie in the window, and which are not dated (none where there is no window)."""
    nobody = np.zeros(len(adae), bool)
    if not wanted.window:
        return ~nobody, nobody
    day = adae["ASTDY" if wanted.window == "DAY" else f"OFF{wanted.window}"].to_numpy("float64")
    low = wanted.first if wanted.window == "DAY" else 0
    within = (day >= (-np.inf if low is None else low)) & (day <= (np.inf if wanted.last is None else wanted.last))
    return within, adae["ASTDT"].isna().to_numpy(bool)


def _related(adae: pd.DataFrame, relation: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    nobody = np.zeros(len(adae), bool)
    if not relation:
        return ~nobody, nobody, nobody
    answer = adae["RELFL" if relation == ANY else f"REL{relation}"]
    return (answer == "Y").to_numpy(bool), (answer == "U").to_numpy(bool), answer.isna().to_numpy(bool)


def encode_filter(wanted: EventFilter) -> str:
    """Return the filter as a short code for a link, "" for the default, e.g. ``ser.rATG.cINFECTION-LIVER.g3.d1_28``."""
    parts = [
        f"p{wanted.population}" if wanted.population != EventFilter.population else "",
        "" if wanted.emergent else "all",
        "ser" if wanted.serious else "",
        f"r{wanted.relation}" if wanted.relation else "",
        f"c{'-'.join(wanted.classes)}" if wanted.classes else "",
        f"g{wanted.grade}" if wanted.grade else "",
    ]
    if wanted.window == "DAY":
        low, high = ("" if day is None else str(day) for day in (wanted.first, wanted.last))
        parts.append(f"d{low}_{high}")
    elif wanted.window and wanted.last is not None:
        parts.append(f"i{wanted.window[-1]}_{wanted.last}")
    return ".".join(part for part in parts if part)


def decode_filter(code: str) -> EventFilter:
    """Return the filter of a code; what is not understood is left out, nothing raises."""
    found: dict[str, str] = {}
    for token in code.split("."):
        match = _TOKEN.fullmatch(token)
        if match:
            found |= {name: value for name, value in match.groupdict().items() if value is not None}
            found |= {"window": "DAY"} if token.startswith("d") else {}
    known = tuple(str(item) for item in Complication)
    population, relation = found.get("population", ""), found.get("relation", "")
    infusion = found.get("infusion")
    return EventFilter(
        population=population if population in POPULATIONS else EventFilter.population,
        emergent="all" not in found,
        serious="serious" in found,
        relation=relation if relation in RELATIONS else "",
        classes=tuple(item for item in known if item in found.get("classes", "").split("-")),
        grade=int(found.get("grade", 0)),
        window=f"INF{infusion}" if infusion else found.get("window", ""),
        first=None if infusion else _number(found.get("first")),
        last=_number(found.get("days") if infusion else found.get("last")),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None
