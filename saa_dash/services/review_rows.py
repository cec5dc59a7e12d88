"""The rows of a cut for review: how many are reviewed, a list of them by state, and single rows with their history."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from ..access.redaction import redact
from ..analysis.basis import prepare
from ..analysis.cross_check_parts import STARTS
from ..analysis.days import earliest_days, study_day
from ..analysis.differences import row_differences
from ..analysis.pcode_order import patient_order
from ..analysis.status import first_day
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.schema import PROVENANCE, TABLES
from ..store.reader import attach_pair
from .changes import earlier_cuts
from .context import View
from .memory import remembered
from .review_marks import CHANGED, REVIEWED, STATES, Notes, check_reviewer, read_notes, row_states

SHOWN_ROWS = 500  # of the list; filters reach all of them
ANY, OPEN, SINCE = "any", "open", "since"
WANTED = (ANY, *STATES, OPEN, SINCE)
# Table → columns of the list, in order; dates come behind.
_LISTED = {
    "DM": "SEX AGE SEVERITY WEIGHT ATGSTDTC ATGENDTC LSTALVDTC DTHDTC",
    "IE": "IETESTCD IEORRES",
    "SV": "VISIT RBCYN PLTYN GCSFYN SVREASON SVSTDTC SVENDTC",
    "LB": "LBTESTCD LBORRES LBORRESU LBNRIND LBTPT VISIT LBDTC",
    "CM": "CMCLAS CMTRT CMDOSE CMDOSU CMINDC CMSTDTC CMENDTC CMENRF",
    "EX": "EXTRT EXDOSE EXDOSU EXADJ VISIT EXSTDTC EXENDTC EXENRF",
    "AE": "AETERM AEDECOD AETOXGR AESEV AESER AEOUT AESTDTC AEENDTC AEENRF",
    "VS": "VSTESTCD VSORRES VSORRESU VSPOS VISIT VSDTC",
    "PE": "PETESTCD PEORRES PEDESC PEDTC",
    "RS": "VISIT RSORRES RSDESC RSDTC",
    "DS": "DSDECOD DSCOMP DSTERM DSREAS DSSTDTC",
    "DV": "DVCAT DVTERM DVSEV DVSTDTC",
    "MH": "MHTERM MHDECOD MHBODSYS MHSEV MHSTDTC",
}


@dataclass(frozen=True)
class Progress:
    """How far a table is reviewed; of the selected patients.

    Parameters
    ----------
    reviewed : as they are now. changed : reviewed, but changed since. lost : reviewed, and gone from this cut (of all
        patients). open : open queries on its rows.
    """

    domain: str
    rows: int
    reviewed: int
    changed: int
    lost: int
    open: int


@dataclass(frozen=True)
class RowFilter:
    """Which rows are listed.

    Parameters
    ----------
    domain : table. wanted : of `WANTED`. pcode : "" for every selected patient. since : id of the cut that rows
        changed since, for `SINCE`.
    """

    domain: str
    wanted: str = ANY
    pcode: str = ""
    since: str = ""


@dataclass(frozen=True)
class RowList:
    """Rows of a table.

    Parameters
    ----------
    rows : ROW, PCODE, ADY, STATE, OPEN, BY, AT, KIND (new, modified or "" since the earlier cut), and columns of the
        table; dates are study days where no dates are seen. total : rows that match, of which the first are listed.
    """

    rows: pd.DataFrame
    total: int


def review_progress(principal: Principal, view: View) -> tuple[Progress, ...]:
    """Return how far every table with rows is reviewed.

    Raises
    ------
    Refused : without the right to review or to query.
    """
    check_reviewer(principal)
    chosen = list(view.chosen)
    sizes = remembered(principal, view, "review_sizes", lambda: {n: view.reader().count(n, chosen) for n in TABLES})
    notes = read_notes(view)
    noted = {note.row.domain for note in notes.reviews} | {query.row.domain for query in notes.queries}
    return tuple(
        _progress(view, name, notes) if name in noted else Progress(name, size, 0, 0, 0, 0)
        for name, size in sizes.items()
        if size or name in noted
    )


def _progress(view: View, domain: str, notes: Notes) -> Progress:
    states = row_states(view, domain, view.reader().row_refs(domain), notes)
    rows = states.rows[states.rows["USUBJID"].isin(view.chosen)]
    counts = rows["STATE"].value_counts()
    return Progress(
        domain=domain,
        rows=len(rows),
        reviewed=int(counts.get(REVIEWED, 0)),
        changed=int(counts.get(CHANGED, 0)),
        lost=len(states.lost),
        open=int(rows["OPEN"].sum()),
    )


def review_rows(principal: Principal, view: View, wanted: RowFilter) -> RowList:
    """Return the rows of a table that match, in order of patient and day.

    Raises
    ------
    Refused : without the right to review or to query. UserError : no such table, patient or cut.
    """
    check_reviewer(principal)
    refs = view.reader().row_refs(_table(wanted.domain))
    rows = row_states(view, wanted.domain, refs, read_notes(view, wanted.domain)).rows
    rows = rows.assign(KIND=rows["ROWKEY"].map(_kinds(principal, view, wanted)).astype("object").fillna(""))
    codes = view.patients.set_index("USUBJID")["PCODE"]
    rows = rows.assign(PCODE=rows["USUBJID"].map(codes))
    rows = rows[rows["USUBJID"].isin(view.chosen) & (rows["PCODE"].eq(wanted.pcode) | (not wanted.pcode))]
    rows = rows[_matching(rows, wanted.wanted)].sort_values(["PCODE", "ROW"], key=patient_order, kind="stable")
    total, rows = len(rows), rows.head(SHOWN_ROWS)
    frame = rows.merge(view.reader().rows(wanted.domain, rows["ROWKEY"].tolist()), on=["ROWKEY", "USUBJID", "ROWHASH"])
    frame = frame.assign(ADY=_first_days(principal, view, wanted.domain, frame))
    frame = frame.sort_values(["PCODE", "ADY", "ROW"], key=patient_order, kind="stable", ignore_index=True)
    shown = readable(view, frame, day_one(principal, view))
    listed = [name for name in _LISTED[wanted.domain].split() if name in shown and shown[name].notna().any()]
    return RowList(shown[["ROW", "PCODE", "ADY", "STATE", "OPEN", "BY", "AT", "KIND", *listed]], total)


def _table(domain: str) -> str:
    if domain not in TABLES:
        raise UserError("error.review_no_table", table=str(domain))
    return domain


def _kinds(principal: Principal, view: View, wanted: RowFilter) -> pd.Series:
    """Return new or modified by ROWKEY since the earlier cut; nothing where no cut is asked for."""
    if not wanted.since:
        return pd.Series(dtype="str")
    found = domain_changes(principal, view, wanted.domain, wanted.since)
    return found[found["KIND"] != "removed"].drop_duplicates("ROWKEY").set_index("ROWKEY")["KIND"]


def domain_changes(principal: Principal, view: View, domain: str, since: str) -> pd.DataFrame:
    """Return the differences of a table from an earlier cut, see `analysis.differences`; under subject numbers.

    Raises
    ------
    UserError : no such cut to compare with.
    """
    check_reviewer(principal)
    if since not in {info.cut_id for info in earlier_cuts(principal, view)}:
        raise UserError("error.not_an_earlier_cut", cut=since)

    def compared() -> pd.DataFrame:
        pair = attach_pair(view.data_dir, since, view.cut.cut_id)
        changed = pair.changes(domain)
        sides = [pair.table(side, domain, sorted(set(changed["USUBJID"]))) for side in ("a", "b")]
        keys = set(changed["ROWKEY"])
        return row_differences(TABLES[domain], *(side[side["ROWKEY"].isin(keys)] for side in sides))

    return remembered(principal, view, "review_changes", compared, domain, since)


def _matching(rows: pd.DataFrame, wanted: str) -> pd.Series:
    if wanted in STATES:
        return rows["STATE"] == wanted
    if wanted == OPEN:
        return rows["OPEN"] > 0
    return rows["KIND"] != "" if wanted == SINCE else pd.Series(True, index=rows.index)


def day_one(principal: Principal, view: View) -> pd.Series:
    """Return study day 1 by USUBJID, days since 1970-01-01.

    Raises
    ------
    Refused : without the right to review or to query.
    """
    check_reviewer(principal)

    def first() -> pd.Series:
        anchors = prepare(view.reader().study_data()).anchors
        return pd.Series(first_day(anchors), index=anchors["USUBJID"].to_numpy(object))

    return remembered(principal, view, "review_day_one", first)


def _first_days(principal: Principal, view: View, domain: str, frame: pd.DataFrame) -> pd.Series:
    if domain not in STARTS:
        return pd.Series(float("nan"), index=frame.index)
    return study_days(day_one(principal, view), frame["USUBJID"], frame[STARTS[domain]])


def study_days(first: pd.Series, subjects: pd.Series, dates: pd.Series) -> pd.Series:
    """Return the study day of dates, the earliest that a partial one may mean.

    Parameters
    ----------
    first : of `day_one`.
    """
    return pd.Series(study_day(earliest_days(dates), first.reindex(subjects).to_numpy("float64")), index=dates.index)


def readable(view: View, frame: pd.DataFrame, first: pd.Series) -> pd.DataFrame:
    """Return rows of a table without what the owner of the view may not see; where it is dates, with study days.

    Parameters
    ----------
    frame : with USUBJID; columns of no table stay. first : of `day_one`.
    """
    dates = [str(name) for name in frame if str(name).endswith("DTC")]
    kept = redact(frame, replace(view.sight, dates=True)).drop(columns=["USUBJID", *PROVENANCE], errors="ignore")
    if view.sight.dates:
        return kept
    days = {name: study_days(first, frame["USUBJID"], frame[name]) for name in dates}
    seen = redact(kept.drop(columns=dates), view.sight)
    order = [name for name in kept if name in seen or name in days]
    return seen.assign(**days)[order]
