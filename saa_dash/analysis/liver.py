"""Liver safety: peaks for eDISH and mDISH, and candidates for Hy's law.

Columns of `derive_liver_peaks`, one row per treated subject with a result on or after day 1:

    USUBJID; ALTXULN, ASTXULN, ALPXULN, BILIXULN  highest multiple of the upper limit of normal (NaN without)
    AMTXULN             the higher of ALT and AST. QUADRANT: HY, TEMPLE, CHOLESTASIS, NORMAL of (AMTXULN, BILIXULN)
    ALTXBL … BILIXBL    highest multiple of the baseline
    MDISHFL             Y: ALT, AST or bilirubin abnormal at baseline
    MAMT, MBILI         as AMTXULN and BILIXULN, each test in multiples of its baseline where that is abnormal
    MQUAD               quadrant of (MAMT, MBILI)

Decisions
---------
- Aminotransferases count from 3.0 multiples on, bilirubin above 2.0 multiples, ALP below 2.0 multiples.
- A quadrant is of peaks, whenever they occurred; a candidate for Hy's law is timed: bilirubin above its limit 0 to 30
  days after ALT or AST at or above theirs, with no ALP at or above 2 multiples from the one day to the other. Without
  any ALP in between it stays a candidate, ALPFL U. The first such pair of a subject is named. Whether it is Hy's law
  is for a clinician to say.
- Direct bilirubin is that of the day of the total bilirubin, the highest of the day.

Source: domain facts, section 5 (Hy's law, eDISH, mDISH).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .basis import Basis
from .columns import coded, mark
from .ctcae import falls_below, rises_above
from .days import as_dates, as_days, study_day
from .lookup import next_on_or_after, pack, positions, take, unpack
from .status import first_day

AMINOTRANSFERASE, BILIRUBIN, ALP = 3.0, 2.0, 2.0
BILIRUBIN_DAYS = 30
QUADRANTS = ("NORMAL", "TEMPLE", "CHOLESTASIS", "HY")

_TESTS = ("ALT", "AST", "ALP", "BILI")
_AMINOTRANSFERASES = ("ALT", "AST")


def _highest(values: np.ndarray, subject: np.ndarray, size: int) -> np.ndarray:
    out = np.full(size, np.nan)
    np.fmax.at(out, subject, values)
    return out


def quadrant(
    amt: np.ndarray, bili: np.ndarray, amt_cut: float = AMINOTRANSFERASE, bili_cut: float = BILIRUBIN
) -> np.ndarray:
    """Return places in `QUADRANTS`; -1 without both.

    Parameters
    ----------
    amt, bili : multiples. amt_cut : reached counts as high. bili_cut : must be exceeded.
    """
    place = (~falls_below(amt, amt_cut)).astype("int64") + 2 * rises_above(bili, bili_cut)
    return np.where(np.isnan(amt) | np.isnan(bili), -1, place)


def _multiples(adlb: pd.DataFrame, basis: Basis) -> tuple[np.ndarray, ...]:
    """Return subject, place in `_TESTS`, multiples of limit and of baseline, and whether that was abnormal, by row."""
    rows = after_start(adlb)
    subject, test = positions(rows["USUBJID"], basis.subjects), positions(rows["PARAMCD"], _TESTS)
    value, base = rows["AVAL"].to_numpy(), rows["BASE"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        by_uln, by_base = value / rows["ANRHI"].to_numpy(), value / np.where(base > 0, base, np.nan)
    return subject, test, by_uln, by_base, (rows["BNRIND"] == "HIGH").to_numpy(bool)


def after_start(adlb: pd.DataFrame) -> pd.DataFrame:
    """Return the results of the liver on or after day 1."""
    return adlb[(adlb["POSTFL"] == "Y").to_numpy(bool) & adlb["PARAMCD"].isin(_TESTS).to_numpy(bool)]


def derive_liver_days(adlb: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return the highest multiples of each subject and day on or after day 1, sorted by both.

    Parameters
    ----------
    adlb : from `adlb.derive_laboratory`. basis : of the same cut.

    Returns
    -------
    USUBJID, ADY; ALTXULN, ASTXULN, ALPXULN, BILIXULN, AMTXULN; MAMT, MBILI as in the peaks; NaN where not measured.
    """
    subject, test, by_uln, by_base, abnormal = _multiples(adlb, basis)
    day = after_start(adlb)["ADY"].to_numpy("float64")
    known = ~np.isnan(day)
    key, place = np.unique(pack(subject[known], day[known]), return_inverse=True)
    mixed = np.where(abnormal, by_base, by_uln)

    def highest(values: np.ndarray, name: str) -> np.ndarray:
        mine = test[known] == _TESTS.index(name)
        return _highest(values[known][mine], place[mine], len(key))

    uln = {name: highest(by_uln, name) for name in _TESTS}
    who, days = unpack(key)
    return pd.DataFrame(
        {
            "USUBJID": coded(who, basis.subjects.tolist()),
            "ADY": days,
            **{f"{name}XULN": values for name, values in uln.items()},
            "AMTXULN": np.fmax(uln["ALT"], uln["AST"]),
            "MAMT": np.fmax(highest(mixed, "ALT"), highest(mixed, "AST")),
            "MBILI": highest(mixed, "BILI"),
        }
    )


def derive_liver_peaks(adlb: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return the peaks of each subject; columns as documented above.

    Parameters
    ----------
    adlb : from `adlb.derive_laboratory`. basis : of the same cut.
    """
    subject, test, by_uln, by_base, abnormal = _multiples(adlb, basis)
    size = len(basis.subjects)
    uln, baseline, mixed, high = {}, {}, {}, np.zeros(size, bool)
    for i, name in enumerate(_TESTS):
        mine = test == i
        uln[name] = _highest(by_uln[mine], subject[mine], size)
        baseline[name] = _highest(by_base[mine], subject[mine], size)
        mixed[name] = _highest(np.where(abnormal, by_base, by_uln)[mine], subject[mine], size)
        if name != "ALP":
            high[subject[mine & abnormal]] = True
    amt, modified = (np.fmax(part["ALT"], part["AST"]) for part in (uln, mixed))
    columns: dict[str, object] = {"USUBJID": coded(np.arange(size), basis.subjects.tolist())}
    columns |= {f"{name}XULN": peak for name, peak in uln.items()} | {"AMTXULN": amt}
    columns |= {"QUADRANT": coded(quadrant(amt, uln["BILI"]), QUADRANTS)}
    columns |= {f"{name}XBL": peak for name, peak in baseline.items()} | {"MDISHFL": mark(high)}
    columns |= {"MAMT": modified, "MBILI": mixed["BILI"], "MQUAD": coded(quadrant(modified, mixed["BILI"]), QUADRANTS)}
    return pd.DataFrame(columns)[np.isin(np.arange(size), subject)].reset_index(drop=True)


def _daily(rows: pd.DataFrame, subject: np.ndarray, day: np.ndarray, use: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return the highest multiple of each subject and day: sorted keys, multiples and values."""
    key = pack(subject[use], day[use])
    multiple = (rows["AVAL"].to_numpy() / rows["ANRHI"].to_numpy())[use]
    order = np.lexsort((-multiple, key))
    key, first = np.unique(key[order], return_index=True)
    return {"key": key, "multiple": multiple[order][first], "value": rows["AVAL"].to_numpy()[use][order][first]}


def list_hys_law_candidates(adlb: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return the candidates for Hy's law, one row per subject, sorted by USUBJID.

    Parameters
    ----------
    adlb : from `adlb.derive_laboratory`. basis : of the same cut.

    Returns
    -------
    USUBJID; AMTEST (ALT or AST), AMTDT, AMTDY, AMTXULN; BILIDT, BILIDY, BILIXULN, DAYS from the one to the other;
    BILDIR direct bilirubin of that day, umol/L, and DIRPCT, % of the total; ALPFL N (below 2 multiples) or U (not
    measured in between); ALPXULN of ALP on the day of the bilirubin.
    """
    wanted = adlb["PARAMCD"].isin((*_TESTS, "BILDIR")).to_numpy(bool) & adlb["ADT"].notna().to_numpy()
    rows = adlb[wanted & (adlb["POSTFL"] == "Y").to_numpy(bool) & adlb["AVAL"].notna().to_numpy()]
    subject, day = positions(rows["USUBJID"], basis.subjects), as_days(rows["ADT"])
    test = positions(rows["PARAMCD"], (*_TESTS, "BILDIR"))
    bounded = rows["ANRHI"].notna().to_numpy()
    daily = {name: _daily(rows, subject, day, (test == i) & bounded) for i, name in enumerate(_TESTS)}
    direct = _daily(rows, subject, day, test == len(_TESTS))
    amt = np.concatenate([_hits(daily[name], AMINOTRANSFERASE) for name in _AMINOTRANSFERASES])
    which = np.repeat([0, 1], [len(_hits(daily[name], AMINOTRANSFERASE)) for name in _AMINOTRANSFERASES])
    multiple = np.concatenate([_above(daily[name], AMINOTRANSFERASE) for name in _AMINOTRANSFERASES])
    bili, alp = daily["BILI"], daily["ALP"]
    jaundiced = bili["key"][rises_above(bili["multiple"], BILIRUBIN)]
    who, start = unpack(amt)
    after = next_on_or_after(jaundiced, who, start, start + BILIRUBIN_DAYS)
    end = take(unpack(jaundiced)[1], after)
    obstructed = next_on_or_after(alp["key"][~falls_below(alp["multiple"], ALP)], who, start, end) >= 0
    measured = next_on_or_after(alp["key"], who, start, end) >= 0
    found = np.flatnonzero((after >= 0) & ~obstructed)
    order = found[np.lexsort((which[found], start[found], who[found]))]
    chosen = order[np.unique(who[order], return_index=True)[1]]
    who, start, end, measured = who[chosen], start[chosen], end[chosen], measured[chosen]
    on_day = _exact(bili["key"], who, end)
    total = take(bili["value"], on_day)
    part = take(direct["value"], _exact(direct["key"], who, end))
    day_one = first_day(basis.anchors)[who]
    return pd.DataFrame(
        {
            "USUBJID": coded(who, basis.subjects.tolist()),
            "AMTEST": coded(which[chosen], _AMINOTRANSFERASES),
            "AMTDT": as_dates(start),
            "AMTDY": study_day(start, day_one),
            "AMTXULN": multiple[chosen],
            "BILIDT": as_dates(end),
            "BILIDY": study_day(end, day_one),
            "BILIXULN": take(bili["multiple"], on_day),
            "DAYS": end - start,
            "BILDIR": part,
            "DIRPCT": 100 * part / total,
            "ALPFL": coded(np.where(measured, 0, 1), ("N", "U")),
            "ALPXULN": take(alp["multiple"], _exact(alp["key"], who, end)),
        }
    )


def _hits(daily: Mapping[str, np.ndarray], limit: float) -> np.ndarray:
    return daily["key"][~falls_below(daily["multiple"], limit)]


def _above(daily: Mapping[str, np.ndarray], limit: float) -> np.ndarray:
    return daily["multiple"][~falls_below(daily["multiple"], limit)]


def _exact(keys: np.ndarray, subject: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return the index of each subject's key of that very day; -1 without."""
    return next_on_or_after(keys, subject, day, day)
