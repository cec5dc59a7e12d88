"""Laboratory results and vital signs in one form, so that courses, shifts and outliers are worked out alike.

Columns of a frame of measures, one row per result, sorted by subject, test, series, day and time:

    USUBJID, TEST        LBTESTCD or VSTESTCD
    SERIES               what tells results of one test apart that are not compared: time point, position; "" for none
    NAME, UNIT, CATEGORY as the study gives them, "" where it gives none
    ADY, AVAL, CENS      study day, value in standard units, "<", ">" or ""
    LOWER, UPPER         limits of normal of this result, NaN without
    IND                  LOW, NORMAL, HIGH as places in `ctcae.INDICATORS`, -1 where not known
    BASEFL, POSTFL       bool: the baseline; on or after day 1
    BASE, CHG            value of the baseline, change from it on or after day 1
    GRADE, ATLEAST       CTCAE grade 0…4 (NaN without); the true grade may be higher
    WORSTFL, EMERGFL     bool: worst grade on or after day 1; above that of the baseline
    HELD                 bool: held up by a transfusion or growth factor

Limits of vital signs are usual ones (`saa_dash.protocol.vital_limits`); where they are a change from baseline, the
limits of each patient follow from the own baseline, which is normal by definition.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.vital_limits import VitalLimits
from .basis import Basis
from .columns import text
from .counts import LINEAGES
from .ctcae import INDICATORS, range_indicator
from .days import as_days
from .logic import EXACT
from .lookup import positions
from .support import support_of

SEPARATOR = " · "  # between position and time point in SERIES


def _filled(column: pd.Series) -> pd.Series:
    return column.astype("str").fillna("")


def measures_of_laboratory(adlb: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Return the laboratory results as measures.

    Parameters
    ----------
    adlb : from `adlb.derive_laboratory`. basis : of the same cut.
    """
    return pd.DataFrame(
        {
            "USUBJID": adlb["USUBJID"],
            "TEST": adlb["PARAMCD"],
            "SERIES": _filled(adlb["ATPT"]),
            "NAME": _filled(adlb["PARAM"]),
            "UNIT": _filled(adlb["AVALU"]),
            "CATEGORY": _filled(adlb["PARCAT1"]),
            "ADY": adlb["ADY"],
            "AVAL": adlb["AVAL"],
            "CENS": _filled(adlb["LBCENS"]),
            "LOWER": adlb["ANRLO"],
            "UPPER": adlb["ANRHI"],
            "IND": positions(adlb["ANRIND"], INDICATORS).astype("int8"),
            "BASEFL": (adlb["ABLFL"] == "Y").to_numpy(bool),
            "POSTFL": (adlb["POSTFL"] == "Y").to_numpy(bool),
            "BASE": adlb["BASE"],
            "CHG": adlb["CHG"],
            "GRADE": adlb["ATOXGR"],
            "ATLEAST": (adlb["ATOXGE"] == "Y").to_numpy(bool),
            "WORSTFL": (adlb["WORSTFL"] == "Y").to_numpy(bool),
            "EMERGFL": (adlb["TRTEMFL"] == "Y").to_numpy(bool),
            "HELD": _held(adlb, basis),
        }
    )


def _held(adlb: pd.DataFrame, basis: Basis) -> np.ndarray:
    """Tell which counts were held up, by the rules of the response."""
    out = np.zeros(len(adlb), bool)
    test, subject = positions(adlb["PARAMCD"], LINEAGES), positions(adlb["USUBJID"], basis.subjects)
    day = as_days(adlb["ADT"])
    for i, name in enumerate(LINEAGES):
        rows = np.flatnonzero((test == i) & ~np.isnan(day))
        out[rows] = support_of(basis.support, name, subject[rows], day[rows]).within
    return out


def measures_of_vital_signs(advs: pd.DataFrame, limits: Mapping[str, VitalLimits]) -> pd.DataFrame:
    """Return the vital signs as measures.

    Parameters
    ----------
    advs : from `vitals.derive_vital_signs`. limits : by VSTESTCD; tests without have no low and high.
    """
    lower, upper = _vital_limits(advs, limits)
    value = advs["AVAL"].to_numpy()
    missing, none = np.full(len(advs), np.nan), np.zeros(len(advs), bool)
    exact = np.full(len(advs), EXACT)
    position, point = _filled(advs["VSPOS"]), _filled(advs["ATPT"])
    both = ((position != "") & (point != "")).to_numpy(bool)
    joined = position.str.cat(point, sep=SEPARATOR)
    return pd.DataFrame(
        {
            "USUBJID": advs["USUBJID"],
            "TEST": advs["PARAMCD"],
            "SERIES": joined.where(both, position.str.cat(point)),
            "NAME": _filled(advs["PARAM"]),
            "UNIT": _filled(advs["AVALU"]),
            "CATEGORY": text(np.full(len(advs), "VITAL", dtype=object)),
            "ADY": advs["ADY"],
            "AVAL": value,
            "CENS": pd.array([""] * len(advs), dtype="str"),
            "LOWER": lower,
            "UPPER": upper,
            "IND": range_indicator(value, exact, lower, upper).astype("int8"),
            "BASEFL": (advs["ABLFL"] == "Y").to_numpy(bool),
            "POSTFL": (advs["POSTFL"] == "Y").to_numpy(bool),
            "BASE": advs["BASE"],
            "CHG": advs["CHG"],
            "GRADE": missing,
            "ATLEAST": none,
            "WORSTFL": none,
            "EMERGFL": none,
            "HELD": none,
        }
    )


def _vital_limits(advs: pd.DataFrame, limits: Mapping[str, VitalLimits]) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of each measurement."""
    test, base = positions(advs["PARAMCD"], limits), advs["BASE"].to_numpy()
    sides = []
    for side in ("lower", "upper"):
        known = [getattr(item, side) for item in limits.values()]
        limit = np.array([*(np.nan if number is None else number for number in known), np.nan])[test]
        relative = np.array([*(item.relative for item in limits.values()), False])[test]
        sides.append(np.where(relative, base * (1 + limit / 100), limit))
    return sides[0], sides[1]


def extremity(value: np.ndarray, lower: np.ndarray, upper: np.ndarray, *, ratio: bool) -> np.ndarray:
    """Return how far values lie outside their limits of normal, negative inside, NaN without limits.

    Parameters
    ----------
    ratio : as a logarithm of the multiple of the limit (laboratory), else in units of the limit (vital signs). A value
        of 0 below a positive limit is infinitely far.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        if ratio:
            over, under = np.log(value / upper), np.log(lower / value)
        else:
            over, under = (value - upper) / np.abs(upper), (lower - value) / np.abs(lower)
    return np.fmax(over, under)
