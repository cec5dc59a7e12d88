"""A slow and plain reading of the sheets of a simulated cohort, independent of the simulator and of the analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd

LIMIT_ROWS = ("UNIT", "LLN_M", "ULN_M", "LLN_F", "ULN_F")
ENDINGS = ("DEATH", "HSCT", "SALVAGE", "WITHDRAWAL", "LOST")


def number(value: object) -> float:
    """Return what was typed as a number; "<0.1" counts as 0.1."""
    return float(str(value).lstrip("<")) if value is not None and value == value else np.nan


def origins(sheets: dict[str, pd.DataFrame]) -> pd.Series:
    """Return the first ATG day by subject."""
    atg = sheets["EX"].loc[sheets["EX"]["EXTRT"] == "RATG"]
    return pd.to_datetime(atg["EXSTDTC"]).groupby(atg["SUBJID"]).min()


def offsets(sheets: dict[str, pd.DataFrame], subject: pd.Series, date: pd.Series) -> pd.Series:
    """Return dates as days from the first ATG day."""
    return (pd.to_datetime(date) - subject.map(origins(sheets))).dt.days


def counts(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return SUBJID, DAY and the counts as numbers, one row per blood sample."""
    lab = sheets["LAB"][~sheets["LAB"]["SUBJID"].isin(LIMIT_ROWS)]
    values = {test: lab[test].map(number) for test in ("ANC", "HGB", "PLAT", "ARC")}
    return pd.DataFrame({"SUBJID": lab["SUBJID"], "DAY": offsets(sheets, lab["SUBJID"], lab["LBDTC"]), **values})


def supports(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return SUBJID, CLASS, DAY: each day on which red cells, platelets or G-CSF were given."""
    transf, other = sheets["TRANSF"], sheets["CM"][sheets["CM"]["CMCLAS"] == "GCSF"]
    day = offsets(sheets, transf["SUBJID"], transf["CMSTDTC"])
    given = pd.DataFrame({"SUBJID": transf["SUBJID"], "CLASS": transf["CMCLAS"], "DAY": day})
    start = offsets(sheets, other["SUBJID"], other["CMSTDTC"])
    end = offsets(sheets, other["SUBJID"], other["CMENDTC"]).fillna(start + 21)
    days = (end - start + 1).to_numpy(int)
    subject, first = np.repeat(other["SUBJID"].to_numpy(), days), np.repeat(start.to_numpy(), days)
    nth = np.arange(days.sum()) - np.repeat(np.cumsum(days) - days, days)
    growth = pd.DataFrame({"SUBJID": subject, "CLASS": "GCSF", "DAY": first + nth})
    return pd.concat([given, growth], ignore_index=True)


def responses(sheets: dict[str, pd.DataFrame], target: int, arc_cut: float = 60) -> pd.Series:
    """Return CR / PR / NR / NE by subject at `target` days under the NIH rule with a window of ±7 days."""
    panel = counts(sheets)
    panel = panel[(panel["DAY"] - target).abs() <= 7]
    panel = panel.assign(FAR=(panel["DAY"] - target).abs()).sort_values(["SUBJID", "FAR", "DAY"])
    chosen = panel.drop_duplicates("SUBJID").set_index("SUBJID")
    near = panel.set_index("SUBJID")
    for test in ("ANC", "HGB", "PLAT", "ARC"):
        close = near[(near["DAY"] - chosen["DAY"].reindex(near.index)).abs() <= 3]
        chosen[test] = chosen[test].fillna(close[test].groupby(level=0).first())
    support = supports(sheets).merge(chosen["DAY"].rename("AT"), left_on="SUBJID", right_index=True)
    age = support["AT"] - support["DAY"]

    def free(kind: str, back: int) -> pd.Series:
        held = support[(support["CLASS"] == kind) & (age >= 0) & (age <= back)]["SUBJID"]
        return pd.Series(~chosen.index.isin(set(held)), index=chosen.index)

    anc, plt, hgb = free("GCSF", 7), free("PLATELET", 7), free("RBC", 14)
    fine = ((chosen["ANC"] >= 0.5) & anc).astype(int) + ((chosen["PLAT"] >= 20) & plt) + (chosen["ARC"] >= arc_cut)
    full = (chosen["ANC"] >= 1) & anc & (chosen["PLAT"] >= 100) & plt & (chosen["HGB"] >= 100) & hgb
    verdict = pd.Series(np.where(full, "CR", np.where(fine >= 2, "PR", "NR")), index=chosen.index)
    verdict = verdict.reindex(origins(sheets).index).fillna("NE")
    ds = sheets["DS"][sheets["DS"]["DSDECOD"].isin(ENDINGS)]
    gone = ds.loc[offsets(sheets, ds["SUBJID"], ds["DSSTDTC"]) <= target, "SUBJID"]
    verdict[verdict.index.isin(set(gone))] = "NR"
    return verdict
