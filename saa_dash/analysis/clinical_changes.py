"""What a clinician wants to know of the differences between two cuts, worst news first.

Groups (`model.change.GROUPS`):

    death        a death that was not known before, moved, or is no longer; also of a patient who is new
    sae          a serious adverse event that is new, gone, became serious or ceased to be, or changed its grade
    outcome      end of study, sets and severity, recovery, relapse and other outcomes of ADTTE that came, went or moved
    response     response at weeks 4, 8, 12, and the best one where it changed for another reason
    grade        worst laboratory grade after day 1
    event        any other adverse event that is new or gone, or whose grade changed
    value        corrected values: old → new, see `changed_rows`
    gone         patients and rows that are gone
    come         patients who are new; rows that are new are counted by table

Decisions
---------
- Within a group what is worse stands first: losing a response before gaining one, a higher grade before a lower one.
- What a death ends (recovery, failure-free survival) is told as that death alone; a recovery that is no longer one is
  told also then. Of a patient who is gone the serious events are told besides.
- A first laboratory result without a grade, and the start of being at risk, are no news.
- A time to event is told in days from its origin.

Every difference stands in `differences`; nothing is left out there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..model.change import GROUPS, Change, Word
from .changed_rows import tell_rows
from .days import earliest_days, study_day
from .event_changes import tell_events

_DEATH = "OS"  # of ADTTE: told as death
_WORSE = ("FFS", "TTREL", "DOR")  # reaching these is bad news
_OUTCOME = {"1": "outcome_reached", "2": "outcome_competing"}
_RANK = {"NR": 0, "NE": 1, "": 1, "NYD": 1, "PR": 2, "CR": 3}
Row = Mapping[str, Any]


def clinical_changes(
    rows: pd.DataFrame,
    facts: pd.DataFrame,
    events: tuple[pd.DataFrame, pd.DataFrame],
    arrivals: pd.DataFrame,
    day_one: pd.Series,
    *,
    dates: bool,
) -> tuple[Change, ...]:
    """Return the changes, worst group first.

    Parameters
    ----------
    rows : `differences.COLUMNS`. facts : of `changed_rows.row_facts`, of the rows named in `rows`.
    events : ADAE of the earlier and the later cut, of the subjects named in `rows`.
    arrivals : USUBJID and DTHDY (study day of death, NaN alive) of the subjects that only the later cut has.
    day_one : USUBJID → study day 1, days since 1970-01-01. dates : tell calendar dates; else study days.
    """
    derived, raw = rows[rows["KIND"] == "derived"], rows[rows["KIND"] != "derived"]
    found = [*_derived(derived, day_one), *_arrivals(arrivals), *tell_events(raw[raw["DOMAIN"] == "AE"], *events)]
    found += tell_rows(raw, facts, day_one, dates=dates)
    left = set(raw.loc[(raw["DOMAIN"] == "DM") & (raw["KIND"] == "removed"), "USUBJID"])
    found = [change for change in found if not (change.group == "event" and change.who in left)]
    place = {group: number for number, group in enumerate(GROUPS)}
    return tuple(sorted(found, key=lambda change: (place[change.group], change.rank)))


def row_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return DOMAIN, KIND, ROWS, SUBJECTS: how many rows came, went and changed in each table."""
    raw = rows[rows["KIND"] != "derived"]
    grouped = raw.groupby(["DOMAIN", "KIND"], sort=False, observed=True)
    return grouped.agg(ROWS=("ROWKEY", "nunique"), SUBJECTS=("USUBJID", "nunique")).reset_index()


def _arrivals(arrivals: pd.DataFrame) -> Iterator[Change]:
    for subject, day in arrivals[["USUBJID", "DTHDY"]].itertuples(index=False):
        yield Change("come", str(subject), "patient_new", rank=-1, mark="NEW")
        if day == day:
            yield Change("death", str(subject), "death_new", day=int(day), mark="NEW")


def _derived(rows: pd.DataFrame, day_one: pd.Series) -> Iterator[Change]:
    days = {
        (row["USUBJID"], row["ROWKEY"]): row["NEW"] or row["OLD"]
        for row in rows[(rows["DOMAIN"] == "ADTTE") & (rows["VARIABLE"] == "AVAL")].to_dict("records")
    }
    visits = _visit_changes(rows)
    died = set(rows.loc[(rows["VARIABLE"] == "DTHDT") & (rows["OLD"] == ""), "USUBJID"])
    other = set(rows.loc[rows["VARIABLE"] == "EVNTCD", "ROWKEY"])
    for row in rows.to_dict("records"):
        told = _TELL.get((row["DOMAIN"], row["VARIABLE"]))
        if told is None:
            continue
        more = {"DAYS": days.get((row["USUBJID"], row["ROWKEY"]), ""), "ONE": day_one.get(row["USUBJID"], np.nan)}
        more["KNOWN"] = (row["USUBJID"], row["OLD"], row["NEW"]) in visits
        more |= {"DIED": row["USUBJID"] in died, "OTHER": row["ROWKEY"] in other}
        if (change := told({**{str(name): value for name, value in row.items()}, **more})) is not None:
            yield change


def _visit_changes(rows: pd.DataFrame) -> set[tuple[str, str, str]]:
    visits = rows[(rows["DOMAIN"] == "ADRS") & ~rows["ROWKEY"].str.contains("|BOR", regex=False)]
    return set(visits[["USUBJID", "OLD", "NEW"]].itertuples(index=False, name=None))


def _day(text: str, one: float) -> int | None:
    day = study_day(earliest_days(pd.Series([text], dtype="str")), np.array([one]))
    return None if np.isnan(day[0]) else int(day[0])


def _death(row: Row) -> Change:
    old, new = (_day(row[side], row["ONE"]) if row[side] else None for side in ("OLD", "NEW"))
    if not row["OLD"]:
        return Change("death", row["USUBJID"], "death_new", day=new, rank=0, mark="NEW")
    if not row["NEW"]:
        return Change("death", row["USUBJID"], "death_gone", {"was": old}, day=old, rank=1, mark="GONE")
    return Change("death", row["USUBJID"], "death_moved", {"old": old, "new": new}, day=new, rank=2)


def _end_of_study(row: Row) -> Change:
    states = {side.lower(): Word("end_of_study", row[side] or "NONE") for side in ("OLD", "NEW")}
    return Change("outcome", row["USUBJID"], "end_of_study", states, rank=0)


def _set(row: Row) -> Change:
    name = {"FASFL": "FAS", "SAFFL": "SAF"}[row["VARIABLE"]]
    code = "set_in" if row["NEW"] == "Y" else "set_out"
    return Change("outcome", row["USUBJID"], code, {"set": Word("population_short", name)}, rank=1)


def _severity(row: Row) -> Change:
    words = {side.lower(): Word("severity_or_none", row[side] or "NONE") for side in ("OLD", "NEW")}
    return Change("outcome", row["USUBJID"], "severity", words, rank=6)


def _response(row: Row) -> Change | None:
    param, _, week = row["ROWKEY"].split("|", 2)[2].partition("|")
    states = {side.lower(): Word("response_short", row[side] or "NYD") for side in ("OLD", "NEW")}
    lost = _RANK.get(row["NEW"], 1) - _RANK.get(row["OLD"], 1)
    mark = "NEW" if row["OLD"] in ("", "NYD") else "GONE" if row["NEW"] in ("", "NYD") else "CHANGED"
    if param == "BOR":
        return None if row["KNOWN"] else Change("response", row["USUBJID"], "best_response", states, rank=lost + 0.5)
    number = int(week)
    return Change(
        "response", row["USUBJID"], "response", {**states, "week": number}, day=7 * number + 1, rank=lost, mark=mark
    )


def _outcome(row: Row) -> Change | None:
    param, new = row["ROWKEY"].split("|")[2], row["NEW"]
    if param == _DEATH or (row["OLD"], new) in (("", "0"), ("0", "")) or (row["DIED"] and row["OLD"] != "1"):
        return None
    code = "outcome_undone" if row["OLD"] == "1" else _OUTCOME.get(new, "outcome_undone")
    params = {"outcome": Word("param", param), "days": row["DAYS"]}
    if not row["DAYS"] and code != "outcome_undone":
        code += "_undated"
    rank = 2 if param in _WORSE else 4 if code.startswith("outcome_reached") else 3
    return Change("outcome", row["USUBJID"], code, params, rank=rank)


def _moved(row: Row) -> Change | None:
    param = row["ROWKEY"].split("|")[2]
    if param == _DEATH or not (row["OLD"] and row["NEW"]) or row["OTHER"]:
        return None
    params = {"outcome": Word("param", param), "old": row["OLD"], "new": row["NEW"]}
    return Change("outcome", row["USUBJID"], "outcome_moved", params, rank=5)


def _grade(row: Row) -> Change | None:
    if not row["OLD"] and row["NEW"] in ("", "0"):
        return None
    params = {
        "test": Word("lab_test", row["ROWKEY"].split("|")[2]),
        **{side.lower(): Word("grade_short", row[side] or "NONE") for side in ("OLD", "NEW")},
    }
    old, new = (int(row[side] or 0) for side in ("OLD", "NEW"))
    return Change("grade", row["USUBJID"], "grade", params, rank=-new if new > old else 9 - new)


_TELL: Mapping[tuple[str, str], Callable[[Row], Change | None]] = {
    ("ADSL", "DTHDT"): _death,
    ("ADSL", "EOSSTT"): _end_of_study,
    ("ADSL", "FASFL"): _set,
    ("ADSL", "SAFFL"): _set,
    ("ADSL", "SEVERITY"): _severity,
    ("ADRS", "AVALC"): _response,
    ("ADTTE", "EVNTCD"): _outcome,
    ("ADTTE", "AVAL"): _moved,
    ("ADLB", "ATOXGR"): _grade,
}
