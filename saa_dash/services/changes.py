"""What has changed since an earlier cut, said clinically, with marks for figures and listings.

Decisions
---------
- Earlier cuts are those of the same study and origin (simulated or not) made before the one that is shown; the one
  compared with by default is the parent, the cut before it.
- Both are derived under the rules in force now.
- A patient who is gone is told while nobody is selected; under a selection only its members are.

Source: domain facts, "Comparing cuts".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from ..access.policy import Permission, check_permission
from ..access.redaction import NO_DATE, redact, without_dates
from ..analysis.adae import derive_adverse_events
from ..analysis.basis import prepare
from ..analysis.changed_rows import row_facts
from ..analysis.clinical_changes import clinical_changes, row_counts
from ..analysis.days import as_days, study_day
from ..analysis.pcode_order import patient_order
from ..analysis.status import first_day
from ..analysis.study_data import StudyData
from ..model.change import GROUPS, Change
from ..model.cut import CutInfo
from ..model.errors import UserError
from ..model.principal import Principal
from ..model.settings import StudySettings
from ..store.catalogue import list_cuts
from ..store.reader import attach_pair, open_cut
from .context import View
from .cutoffs import at_cutoff
from .differences import compare_cuts
from .memory import remembered

_PLACES = ("SUBJID", "SITEID")
_MARK = {"new": "NEW", "modified": "CHANGED", "removed": "GONE"}


@dataclass(frozen=True)
class CutChanges:
    """What changed since an earlier cut.

    Parameters
    ----------
    since : the earlier cut. told : changes, `who` a P-code, worst group first.
    counts : DOMAIN, KIND (new, removed, modified), ROWS, PATIENTS.
    serious : all serious events of this cut and those that are gone: rows of ADAE with PCODE in place of USUBJID, and
        MARK, of `model.change.MARKS` or "" where nothing changed.
    """

    since: CutInfo
    told: tuple[Change, ...]
    counts: pd.DataFrame
    serious: pd.DataFrame

    @property
    def by_group(self) -> dict[str, tuple[Change, ...]]:
        """The changes by group, empty ones included."""
        return {group: tuple(change for change in self.told if change.group == group) for group in GROUPS}


def earlier_cuts(principal: Principal, view: View) -> tuple[CutInfo, ...]:
    """Return the cuts that a view's cut can be compared with, the parent first, then newest first.

    Raises
    ------
    Refused : without the right to see patients.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    cut = view.cut
    same = [
        info
        for info in list_cuts(view.data_dir)
        if (info.study, info.synthetic) == (cut.study, cut.synthetic) and info.created < cut.created
    ]
    return tuple(sorted(same, key=lambda info: info.cut_id != cut.parent))


def cut_changes(principal: Principal, view: View, since: str) -> CutChanges:
    """Return what changed since an earlier cut, for the selected patients.

    Parameters
    ----------
    since : id of one of `earlier_cuts`.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such cut to compare with.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    before = next((info for info in earlier_cuts(principal, view) if info.cut_id == since), None)
    if before is None:
        raise UserError("error.not_an_earlier_cut", cut=since)
    return remembered(principal, view, "cut_changes", lambda: _cut_changes(view, before), before.cut_id)


def _cut_changes(view: View, since: CutInfo) -> CutChanges:
    settings = replace(view.settings, primary=view.endpoint)
    codes = _codes(view)
    rows = compare_cuts(view.data_dir, view.cut, since, settings)
    rows = rows[rows["USUBJID"].isin(codes.index)].reset_index(drop=True)
    sides = _sides(view, since, rows, settings)
    day_one = sides[1].day_one.combine_first(sides[0].day_one)
    told = clinical_changes(
        _readable(rows, view),
        _facts(view, since, rows, day_one),
        (sides[0].events, sides[1].events),
        _arrivals(*sides, rows.loc[(rows["DOMAIN"] == "DM") & (rows["KIND"] == "new"), "USUBJID"]),
        day_one,
        dates=view.sight.dates,
    )
    place = {code: number for number, code in enumerate(sorted(set(codes), key=lambda code: int(code[1:])))}
    told = tuple(replace(change, who=str(codes[change.who])) for change in told)
    order = {group: number for number, group in enumerate(GROUPS)}
    counts = row_counts(rows).rename(columns={"SUBJECTS": "PATIENTS"})
    return CutChanges(
        since=since,
        told=tuple(sorted(told, key=lambda c: (order[c.group], c.rank, place[c.who], c.day or 0))),
        counts=counts,
        serious=_serious(view, rows, sides, codes),
    )


def _codes(view: View) -> pd.Series:
    """Return P-code by USUBJID of the selected patients; where nobody is selected, of those who are gone too."""
    chosen = view.patients[view.patients["USUBJID"].isin(view.chosen)]
    known = chosen.set_index("USUBJID")["PCODE"]
    if view.filters.active:
        return known
    every = view.reader().pcodes(retired=True).set_index("USUBJID")["PCODE"]
    return known.combine_first(every[~every.index.isin(view.patients["USUBJID"])])


@dataclass(frozen=True)
class _Side:
    """One of the two cuts, of the subjects that something differs for."""

    subjects: frozenset[str]
    anchors: pd.DataFrame
    events: pd.DataFrame
    day_one: pd.Series


def _sides(view: View, since: CutInfo, rows: pd.DataFrame, settings: StudySettings) -> tuple[_Side, _Side]:
    """Return the earlier cut, of those who differ, and the one that is shown, of everybody selected."""
    wanted = ((since, sorted(set(rows["USUBJID"]))), (view.cut, list(view.chosen)))
    before, after = (
        _side(at_cutoff(open_cut(view.data_dir, info.cut_id).study_data(subjects), settings.safety_cutoff))
        for info, subjects in wanted
    )
    return before, after


def _side(data: StudyData) -> _Side:
    basis = prepare(data)
    anchors = basis.anchors
    return _Side(
        subjects=frozenset(anchors["USUBJID"]),
        anchors=anchors,
        events=derive_adverse_events(data, basis),
        day_one=pd.Series(first_day(anchors), index=anchors["USUBJID"].to_numpy(object)).dropna(),
    )


def _arrivals(before: _Side, after: _Side, came: pd.Series) -> pd.DataFrame:
    new = after.anchors[after.anchors["USUBJID"].isin(came) & ~after.anchors["USUBJID"].isin(before.subjects)]
    day = study_day(as_days(new["DTHDT"]), first_day(new))
    return pd.DataFrame({"USUBJID": new["USUBJID"].to_numpy(object), "DTHDY": day})


def _facts(view: View, since: CutInfo, rows: pd.DataFrame, day_one: pd.Series) -> pd.DataFrame:
    """Return what the changed rows are about, read in the cut that has them."""
    pair = attach_pair(view.data_dir, since.cut_id, view.cut.cut_id)
    parts = [row_facts("DM", pair.table("b", "DM", []), day_one)]
    raw = rows[rows["KIND"] != "derived"]
    for domain, part in raw.groupby("DOMAIN", sort=False):
        subjects, keys = sorted(set(part["USUBJID"])), set(part["ROWKEY"])
        for side in ("b", "a"):
            found = pair.table(side, str(domain), subjects)
            parts.append(row_facts(str(domain), found[found["ROWKEY"].isin(keys)], day_one))
    return _without_dates(pd.concat(parts, ignore_index=True), view)


def _without_dates(facts: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return facts with the dates in names blanked, where no dates are seen."""
    return facts if view.sight.dates else facts.assign(NAME=without_dates(facts["NAME"]))


def _readable(rows: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the differences without what a sight leaves out; dates in date columns become study days later."""
    name = rows["VARIABLE"]
    out = rows
    if not view.sight.subject_ids:
        hidden = name.isin(_PLACES) | name.str.fullmatch(r"[A-Z]{2}SPID")
        out = out.assign(**{side: out[side].mask(hidden & (out[side] != ""), NO_DATE) for side in ("OLD", "NEW")})
    if not view.sight.dates:
        dated = name.str.endswith(("DTC", "DT"))
        out = out.assign(**{side: out[side].where(dated, without_dates(out[side])) for side in ("OLD", "NEW")})
    return out


def _serious(view: View, rows: pd.DataFrame, sides: tuple[_Side, _Side], codes: pd.Series) -> pd.DataFrame:
    events = rows[(rows["DOMAIN"] == "AE") & (rows["KIND"] != "derived")]
    kind = events.drop_duplicates("ROWKEY").set_index("ROWKEY")["KIND"].map(_MARK)
    ceased = events.loc[(events["VARIABLE"] == "AESER") & (events["OLD"] == "Y"), "ROWKEY"]
    gone, here = (
        side.events.assign(MARK=side.events["ROWKEY"].map(kind).astype("object").fillna("")) for side in sides
    )
    gone = gone[(gone["MARK"] == "GONE").to_numpy(bool) & (gone["AESER"] == "Y").to_numpy(bool)]
    here = here[(here["AESER"] == "Y").to_numpy(bool) | here["ROWKEY"].isin(ceased).to_numpy(bool)]
    found = pd.concat([here, gone], ignore_index=True) if len(gone) else here
    found = redact(found.assign(PCODE=found["USUBJID"].map(codes)), view.sight).drop(columns="USUBJID", errors="ignore")
    return found.sort_values(["PCODE", "ASTDY"], key=patient_order, ignore_index=True)
