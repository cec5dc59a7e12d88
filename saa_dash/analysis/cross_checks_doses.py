"""Cross-domain checks of treatment and visits: doses and results without their visit, off their day, after an end.

Infusions off their day are those of the exposure dataset; permanent discontinuation is that of `discontinuation`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..model.vocabulary import Disposition, Visit
from .cross_check_parts import STARTS, Check, Checked, Material, finished, lacks, rows_found
from .days import as_days
from .discontinuation import derive_discontinuations
from .located import Located
from .lookup import take

_ENDS = (
    Disposition.WITHDRAWAL, Disposition.HSCT, Disposition.SALVAGE, Disposition.LOST, Disposition.COMPLETED,
)  # fmt: skip
_FILED = ("LB", "VS", "RS")  # results that are filed under a visit


def _visits(material: Material) -> pd.DataFrame:
    """Return subject, VISIT, first and last day, ROWKEY of the visit forms."""
    sv = material.table("SV")
    first, last = sv.possible("SVSTDTC")[0], np.fmax(*(sv.possible(name)[1] for name in ("SVSTDTC", "SVENDTC")))
    columns = {"subject": sv.position, "VISIT": sv.frame["VISIT"].array, "first": first, "last": last,
               "KEY": sv.frame["ROWKEY"].array}  # fmt: skip
    return pd.DataFrame(columns)[(sv.position >= 0) & sv.frame["VISIT"].notna().to_numpy(bool)]


def _filed(table: Located) -> np.ndarray:
    """Tell which rows name a scheduled visit."""
    named = table.frame["VISIT"].notna().to_numpy(bool)
    return named & ~table.is_code("VISIT", Visit.UNSCHEDULED) & (table.position >= 0)


def dose_without_visit(material: Material, check: Check) -> Checked:
    """Return doses filed under a visit that has no visit form."""
    ex, visits = material.table("EX"), _visits(material)
    filed = _filed(ex)
    if not filed.any():
        return lacks(check, "doses_without_visits")
    if visits.empty:
        return lacks(check, "no_visits")
    known = pd.MultiIndex.from_frame(visits[["subject", "VISIT"]].drop_duplicates())
    here = pd.MultiIndex.from_arrays([ex.position, ex.frame["VISIT"]]).isin(known)
    found = rows_found(material, "EX", filed & ~here, MORE=ex.frame["VISIT"], MORELIST="visit")
    return Checked(check, int(filed.sum()), found)


def _occasions(material: Material) -> pd.DataFrame:
    """Return what was filed under scheduled visits, one row per table, subject, visit and day, with its first row."""
    parts = []
    for name in _FILED:
        table = material.table(name)
        day = table.possible(STARTS[name])
        rows = pd.DataFrame(
            {"subject": table.position, "VISIT": table.frame["VISIT"].array, "first": day[0], "last": day[1],
             "USUBJID": table.frame["USUBJID"].array, "ROWKEY": table.frame["ROWKEY"].array}
        )[_filed(table)]  # fmt: skip
        parts.append(rows.drop_duplicates(["subject", "VISIT", "first", "last"]).assign(DOMAIN=name))
    return pd.concat(parts, ignore_index=True)


def _told(material: Material, rows: pd.DataFrame, **more: Any) -> pd.DataFrame:
    day_one = take(material.day_one, rows["subject"].to_numpy("int64"))
    days = {name: _study_days(rows[name], day_one) for name in ("first", "nearest") if name in rows}
    columns: dict[str, Any] = {"NAME": rows["DOMAIN"], "LIST": "table", "MORE": rows["VISIT"], "MORELIST": "visit"}
    return finished(rows.assign(ADY=days["first"], B=days.get("nearest", np.nan), **columns, **more))


def _study_days(day: pd.Series, day_one: np.ndarray) -> np.ndarray:
    off = day.to_numpy("float64") - day_one
    return off + (off >= 0)


def result_without_visit(material: Material, check: Check) -> Checked:
    """Return results filed under a visit that has no visit form; all of one table and visit are one finding."""
    visits = _visits(material)
    if visits.empty:
        return lacks(check, "no_visits")
    rows = _occasions(material).drop_duplicates(["DOMAIN", "subject", "VISIT"])
    known = pd.MultiIndex.from_frame(visits[["subject", "VISIT"]].drop_duplicates())
    here = pd.MultiIndex.from_frame(rows[["subject", "VISIT"]]).isin(known)
    return Checked(check, len(rows), _told(material, rows[~here].reset_index(drop=True)))


def result_off_visit(material: Material, check: Check) -> Checked:
    """Return results filed under a visit and farther from its days than the limit; one per table, visit and day."""
    visits = _visits(material).dropna(subset=["first"])
    if visits.empty:
        return lacks(check, "no_visits")
    rows = _occasions(material).dropna(subset=["first"])
    rows = rows.assign(NUMBER=np.arange(len(rows)))
    pairs = rows.merge(visits, on=["subject", "VISIT"], suffixes=("", "_SV"))
    off = np.fmax(pairs["first_SV"] - pairs["last"], pairs["first"] - pairs["last_SV"])
    gap = np.maximum(np.asarray(off, "float64"), 0)
    best = pairs.assign(GAP=gap, nearest=pairs["first_SV"]).sort_values("GAP", kind="stable").drop_duplicates("NUMBER")
    wrong = best[best["GAP"] > check.params["days"]].sort_values("NUMBER").reset_index(drop=True)
    found = _told(material, wrong, A=wrong["GAP"], DOMAIN2="SV", ROWKEY2=wrong["KEY"])
    return Checked(check, len(best), found)


def infusion_off_day(material: Material, check: Check) -> Checked:
    """Return cord blood infusions farther from the day they were due than the tolerance of the settings."""
    adex = material.exposure
    if adex is None:
        return lacks(check, "no_protocol")
    doses = adex[(adex["PARAMCD"] == "DOSE").to_numpy(bool) & adex["TIMEDEV"].notna().to_numpy(bool)]
    rows = doses[(doses["TIMEDEV"] == "Y").to_numpy(bool)]
    found = finished(
        pd.DataFrame(
            {"USUBJID": rows["USUBJID"], "ADY": rows["ASTDY"], "DOMAIN": "EX", "ROWKEY": rows["ROWKEY"],
             "NAME": rows["EXTRT"], "LIST": "component", "A": rows["DAYSOFF"]}
        ).reset_index(drop=True)
    )  # fmt: skip
    return Checked(check, len(doses), found)


def dose_after_end(material: Material, check: Check) -> Checked:
    """Return doses that start after withdrawal, HSCT, salvage therapy, loss or completion."""
    ex = material.table("EX")
    if ex.frame.empty:
        return lacks(check, "no_doses")
    ends = material.ends[material.ends["DSDECOD"].isin(_ENDS)].drop_duplicates("subject").set_index("subject")
    start, place = ex.possible("EXSTDTC")[0], pd.Series(ex.position)
    end, key = place.map(ends["day"]).to_numpy("float64"), place.map(ends["ROWKEY"])
    why = place.map(ends["DSDECOD"])
    found = rows_found(
        material, "EX", start > end, MORE=why, MORELIST="disposition", B=material.study_days(ex, end),
        DOMAIN2="DS", ROWKEY2=key,
    )  # fmt: skip
    return Checked(check, int((~np.isnan(end) & ~np.isnan(start)).sum()), found)


def dose_after_discontinuation(material: Material, check: Check) -> Checked:
    """Return doses of a component after it was permanently discontinued."""
    ex = material.table("EX")
    if ex.frame.empty:
        return lacks(check, "no_doses")
    stopped = derive_discontinuations(material.data, material.basis)
    day = pd.Series(as_days(stopped["DISCDT"]), pd.MultiIndex.from_frame(stopped[["USUBJID", "EXTRT"]]))
    mine = pd.MultiIndex.from_arrays([ex.frame["USUBJID"], ex.frame["EXTRT"]])
    end, start = day.reindex(mine).to_numpy("float64"), ex.possible("EXSTDTC")[0]
    found = rows_found(material, "EX", start > end, B=material.study_days(ex, end))
    return Checked(check, int((~np.isnan(end) & ~np.isnan(start)).sum()), found)
