"""Cross-domain checks of transfusions against counts, and of results against the ones before them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .cross_check_parts import Check, Checked, Material, finished, lacks, rows_found, together
from .days import study_day
from .lookup import last_before, take
from .support import LOOK_BACK

_COUNT = {"RBC": "HGB", "PLATELET": "PLAT"}  # what a transfusion is given for


def _transfusions(material: Material, check: Check) -> Checked | None:
    """Return why transfusions cannot be checked, None where they can."""
    cm = material.table("CM")
    if not any(cm.is_code("CMCLAS", kind).any() for kind in _COUNT):
        return lacks(check, "no_transfusions")
    return None


def transfusion_without_count(material: Material, check: Check) -> Checked:
    """Return transfusions with a whole date and no count of their lineage on that day or the days before.

    Those before the patient's first count are history, of which no counts are collected; they are left out.
    """
    if (lacking := _transfusions(material, check)) is not None:
        return lacking
    cm, days, parts, looked_at = material.table("CM"), check.params["days"], [], 0
    first, last = cm.possible("CMSTDTC")
    for kind, test in _COUNT.items():
        keys, far = material.basis.counts[test].key, np.full(len(first), -np.inf)
        counted = last_before(keys, cm.position, first + 1, far) >= 0
        mine = cm.is_code("CMCLAS", kind) & (first == last) & (cm.position >= 0) & counted
        index = last_before(keys, cm.position, first + 1, first - days)
        looked_at += int(mine.sum())
        parts.append(rows_found(material, "CM", mine & (index < 0), MORE=test, MORELIST="lab_test"))
    return Checked(check, looked_at, together(parts))


def transfusion_at_high_count(material: Material, check: Check) -> Checked:
    """Return transfusions although the last count of their lineage was at or above a limit."""
    if (lacking := _transfusions(material, check)) is not None:
        return lacking
    cm, days, parts, looked_at = material.table("CM"), check.params["days"], [], 0
    first, last = cm.possible("CMSTDTC")
    for kind, test in _COUNT.items():
        counts = material.basis.counts[test]
        mine = cm.is_code("CMCLAS", kind) & (first == last) & (cm.position >= 0)
        value = take(counts.value, last_before(counts.key, cm.position, first, first - days))
        looked_at += int((mine & ~np.isnan(value)).sum())
        high = mine & (value >= check.params[test])
        parts.append(rows_found(material, "CM", high, MORE=test, MORELIST="lab_test", A=value))
    return Checked(check, looked_at, together(parts))


def _steps(material: Material, tests: tuple[str, ...]) -> pd.DataFrame:
    """Return the results of tests in order of subject, test and day, one a day, with the one before of the patient."""
    lb = material.table("LB")
    day, last = lb.possible("LBDTC")
    value = lb.frame["LBSTRESN"].to_numpy("float64", na_value=np.nan)
    use = (lb.position >= 0) & (day == last) & ~np.isnan(value) & lb.frame["LBTESTCD"].isin(tests).to_numpy(bool)
    rows = pd.DataFrame(
        {"subject": lb.position, "day": day, "value": value, "TEST": lb.frame["LBTESTCD"].array,
         "TPT": lb.frame["LBTPT"].fillna("").array, "CENS": lb.frame["LBCENS"].notna().array,
         "USUBJID": lb.frame["USUBJID"].array, "ROWKEY": lb.frame["ROWKEY"].array}
    )[use]  # fmt: skip
    by = ["TEST", "TPT", "subject"]
    rows = rows.sort_values([*by, "day", "value"], kind="stable").drop_duplicates([*by, "day"]).reset_index(drop=True)
    same = rows.duplicated(by).to_numpy(bool)
    before = rows[["day", "value", "ROWKEY"]].shift().where(pd.Series(same))
    return rows.assign(before_day=before["day"], before=before["value"], before_key=before["ROWKEY"])


def rise_without_transfusion(material: Material, check: Check) -> Checked:
    """Return steep rises of low haemoglobin or platelets without a transfusion, or drug that raises them, recorded."""
    if (lacking := _transfusions(material, check)) is not None:
        return lacking
    parts, looked_at, support = [], 0, material.basis.support.classes
    for test in _COUNT.values():
        low, rise, days = (check.params[f"{test}_{name}"] for name in ("below", "rise", "days"))
        rows = _steps(material, (test,))
        subject, day = rows["subject"].to_numpy("int64"), rows["day"].to_numpy("float64")
        since = day - rows["before_day"].to_numpy("float64")
        near = (rows["before"] < low).to_numpy(bool) & (since <= days)
        looked_at += int(near.sum())
        given = [support[kind].all.days_since(subject, day) <= since for kind in LOOK_BACK[test]]
        steep = near & (rows["value"] - rows["before"] >= rise).to_numpy(bool) & ~np.logical_or.reduce(given)
        parts.append(_told(material, rows[steep].reset_index(drop=True)))
    return Checked(check, looked_at, together(parts))


def _told(material: Material, rows: pd.DataFrame) -> pd.DataFrame:
    day = study_day(rows["day"].to_numpy("float64"), take(material.day_one, rows["subject"].to_numpy("int64")))
    return finished(
        rows.assign(
            ADY=day, DOMAIN="LB", NAME=rows["TEST"], LIST="lab_test", A=rows["before"], B=rows["value"], DOMAIN2="LB",
            ROWKEY2=rows["before_key"],
        )
    )  # fmt: skip


def unit_jump(material: Material, check: Check) -> Checked:
    """Return results outside what is plausible that differ manyfold from the patient's result before: a wrong unit?

    The plausible ranges are those that the import queries values by. Values held at a limit of detection take no part.
    """
    tests = tuple(material.plausible)
    rows = _steps(material, tests)
    low, high = (
        rows["TEST"].map({test: material.plausible[test][i] for test in tests}).astype("float64") for i in (0, 1)
    )
    known = (rows["before"] > 0) & (rows["value"] > 0) & ~rows["CENS"]
    with np.errstate(divide="ignore", invalid="ignore"):
        fold = np.abs(np.log(rows["value"].to_numpy() / rows["before"].to_numpy("float64")))
    strange = (rows["value"] < low) | (rows["value"] > high)
    found = known & strange & (fold >= np.log(check.params["fold"]))
    if rows.empty:
        return lacks(check, "no_results")
    return Checked(check, int(known.sum()), _told(material, rows[found.to_numpy(bool)].reset_index(drop=True)))


def assessment_without_lineage(material: Material, check: Check) -> Checked:
    """Return response assessments that are due and lack a count of neutrophils, haemoglobin or platelets.

    Who died, was transplanted or withdrew before has none to lack.
    """
    response = material.response
    if response is None:
        return lacks(check, "no_response")
    due = response[((response["DUEFL"] == "Y") & ~response["REASON"].isin(_OVER)).to_numpy(bool)]
    names = np.array(["ANC", "HGB", "PLAT"], dtype=object)
    absent = np.stack([due[name].isna().to_numpy(bool) for name in names], axis=1)
    bits = (absent * (1 << np.arange(len(names)))).sum(axis=1)
    words = np.array([",".join(names[[bool(b >> i & 1) for i in range(3)]]) for b in range(8)], dtype=object)
    rows = due[bits > 0].reset_index(drop=True)
    visit = "W" + rows["AVISITN"].astype("int64").astype("str")
    forms = material.table("SV").frame.drop_duplicates(["USUBJID", "VISIT"]).set_index(["USUBJID", "VISIT"])["ROWKEY"]
    key = forms.reindex(pd.MultiIndex.from_arrays([rows["USUBJID"], visit])).array
    columns = {"USUBJID": rows["USUBJID"], "ADY": rows["ADY"], "NAME": words[bits[bits > 0]], "LIST": "lineages",
               "MORE": visit, "MORELIST": "visit", "ROWKEY": key}  # fmt: skip
    found = pd.DataFrame(columns).assign(DOMAIN=np.where(pd.isna(key), "", "SV"))
    return Checked(check, len(due), finished(found))


_OVER = ("DEATH", "HSCT", "SALVAGE", "WITHDRAWN")
