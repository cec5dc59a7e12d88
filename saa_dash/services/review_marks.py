"""What people noted about the rows of a study, traced to the rows of the cut in view.

Decisions
---------
- Notes on simulated data are not those of the real study that has the same number, and the other way round.
- The latest mark on a row that was not taken back counts; the row is "reviewed" while its ROWHASH is that of then.
- A row of which one part of the natural key was corrected (its date, its drug) is the same row, changed.
- Words that people typed are shown without dates, and without the numbers of the patient, where these are not seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from ..access.policy import Permission, can_permission, check_permission
from ..access.redaction import without_dates
from ..analysis.differences import moved_rows
from ..analysis.row_marks import place_marks
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.schema import TABLES
from ..store import reviews
from ..store.catalogue import list_cuts
from ..store.reader import open_cut
from ..store.reviews import Query, Review, Step
from ..store.state import StateDb
from .context import View

NOT_REVIEWED, REVIEWED, CHANGED = "NOT", "REVIEWED", "CHANGED"
STATES = (NOT_REVIEWED, REVIEWED, CHANGED)
_MARKS = ("KEY", "HASH", "CUT", "ID", "BY", "AT", "COMMENT")


@dataclass(frozen=True)
class Notes:
    """Everything noted about a study, oldest first.

    Parameters
    ----------
    reviews : marks and comments, those taken back included.
    """

    reviews: tuple[Review, ...]
    queries: tuple[Query, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class RowStates:
    """Where the rows of a table stand.

    Parameters
    ----------
    rows : of `CutReader.row_refs` with STATE of `STATES`, OPEN (open queries), and of the mark that counts BY, AT,
        COMMENT, KEY and CUT (the row as it was then). lost : ROWKEY of marked rows that the cut no longer holds.
    """

    rows: pd.DataFrame
    lost: tuple[str, ...]


def check_reviewer(principal: Principal) -> None:
    """Refuse who may neither review nor query.

    Raises
    ------
    Refused : ``error.not_permitted``.
    """
    if not can_permission(principal, Permission.QUERY):
        check_permission(principal, Permission.REVIEW)


def read_notes(view: View, domain: str = "") -> Notes:
    """Return what was noted about a view's study.

    Parameters
    ----------
    domain : table, "" for all.
    """
    mine = (view.cut.study, view.cut.synthetic)
    others = {info.cut_id for info in list_cuts(view.data_dir) if (info.study, info.synthetic) != mine}
    with StateDb(view.data_dir).reading() as con:
        told = reviews.read_reviews(con, view.cut.study, domain)
        asked, steps = reviews.read_queries(con, view.cut.study), reviews.read_steps(con, view.cut.study)
    queries = tuple(q for q in asked if q.row.cut_id not in others and domain in ("", q.row.domain))
    return Notes(tuple(note for note in told if note.row.cut_id not in others), queries, tuple(steps))


def row_states(view: View, domain: str, refs: pd.DataFrame, notes: Notes) -> RowStates:
    """Return where every row of a table stands.

    Parameters
    ----------
    refs : all of `CutReader.row_refs`.
    """
    marks = _marks(notes, domain)
    placed = trace(view, domain, marks, refs)
    known = placed.dropna(subset=["ROWKEY"]).set_index("ROWKEY")
    out = refs.assign(**{name: refs["ROWKEY"].map(known[name]) for name in ("KEY", "CUT", "BY", "AT", "COMMENT")})
    same = refs["ROWKEY"].map(known["SAME"])
    out = out.assign(STATE=same.map({True: REVIEWED, False: CHANGED}).astype("object").fillna(NOT_REVIEWED))
    asked = open_by_row(view, domain, refs, notes)
    out = out.assign(OPEN=refs["ROWKEY"].map(asked).fillna(0).astype("int64"))
    return RowStates(out, tuple(placed.loc[placed["ROWKEY"].isna(), "KEY"]))


def _marks(notes: Notes, domain: str) -> pd.DataFrame:
    held = {
        note.row.rowkey: (note.row.rowkey, note.row.rowhash, note.row.cut_id, note.review_id, note.actor, note.at,
                          note.comment)
        for note in notes.reviews
        if note.row.domain == domain and note.kind == reviews.REVIEW and note.undone_at is None
    }  # fmt: skip
    return pd.DataFrame(list(held.values()), columns=list(_MARKS)).astype(dict.fromkeys(_MARKS, "str"))


def asked_images(notes: Notes, domain: str) -> pd.DataFrame:
    """Return KEY, HASH and CUT of the rows that queries were raised on, once each."""
    held = {q.row.rowkey: (q.row.rowkey, q.row.rowhash, q.row.cut_id) for q in notes.queries if q.row.domain == domain}
    return pd.DataFrame(list(held.values()), columns=["KEY", "HASH", "CUT"]).astype("str")


def open_by_row(view: View, domain: str, refs: pd.DataFrame, notes: Notes) -> pd.Series:
    """Return the number of open queries by ROWKEY."""
    placed = trace(view, domain, asked_images(notes, domain), refs).dropna(subset=["ROWKEY"])
    where = dict(zip(placed["KEY"], placed["ROWKEY"], strict=True))
    keys = [where.get(q.row.rowkey) for q in notes.queries if q.is_open and q.row.domain == domain]
    return pd.Series([key for key in keys if key], dtype="str").value_counts()


def trace(view: View, domain: str, marks: pd.DataFrame, refs: pd.DataFrame) -> pd.DataFrame:
    """Return marks with the ROWKEY of their row in the view's cut (missing where it is gone) and SAME.

    Parameters
    ----------
    marks : KEY, HASH and CUT of rows as they were; no KEY twice. refs : rows of the cut in view.
    """
    if marks.empty:
        return marks.assign(ROWKEY=pd.Series(dtype="object"), SAME=pd.Series(dtype="bool"))
    placed = place_marks(marks, refs)
    for cut_id, lost in placed[placed["ROWKEY"].isna()].groupby("CUT"):
        found = _moved(view, domain, str(cut_id), lost["KEY"].tolist(), refs, set(placed["ROWKEY"].dropna()))
        there = placed["ROWKEY"].astype("object")
        placed = placed.assign(ROWKEY=there.where(there.notna(), placed["KEY"].map(found.get)))
    return placed


def _moved(
    view: View, domain: str, cut_id: str, keys: list[str], refs: pd.DataFrame, taken: set[str]
) -> dict[str, str]:
    """Return the ROWKEY now by the one then of rows whose natural key was corrected in one part."""
    if cut_id == view.cut.cut_id:
        return {}
    try:
        before = open_cut(view.data_dir, cut_id)
    except UserError:  # put back from a backup that does not hold it
        return {}
    old = before.rows(domain, keys)
    there = set(before.row_refs(domain)["ROWKEY"]) | taken
    new = refs[refs["USUBJID"].isin(old["USUBJID"]) & ~refs["ROWKEY"].isin(there)]
    if old.empty or new.empty:
        return {}
    pairs = moved_rows(TABLES[domain], old, view.reader().rows(domain, new["ROWKEY"].tolist()))
    return dict(zip(pairs["ROWKEY_OLD"], pairs["ROWKEY"], strict=True))


def told_words(view: View, text: str) -> str:
    """Return words that somebody typed as the owner of the view may read them."""
    out = text if view.sight.dates else str(without_dates(pd.Series([text], dtype="object")).iloc[0])
    if view.sight.subject_ids:
        return out
    codes = view.reader().pcodes(retired=True).set_index("USUBJID")["PCODE"]
    prefix = f"{view.cut.study}-"
    numbers = {number: str(code) for who, code in codes.items() for number in (str(who), str(who).removeprefix(prefix))}
    for number in sorted((number for number in numbers if number in out), key=len, reverse=True):
        out = re.sub(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", numbers[number], out)
    return out
