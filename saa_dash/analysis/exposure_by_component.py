"""Treatment planned against given, one row per component: who had it, how much, how long, what went otherwise.

Decisions
---------
- Given = dose in all above 0, or a number of days with a dose above 0 where the amount is not known.
- Medians are over those who were given the component; the share of the plan over those who have a plan by now.

Source: `exposure` (ADEX); CONTRACT.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

COLUMNS = [
    "EXTRT", "UNIT", "GIVEN", "TOTAL", "DOSE", "DOSELOW", "DOSEHIGH", "DAYS", "DAYSLOW", "DAYSHIGH", "PCT", "PCTLOW",
    "PCTHIGH", "PAUSED", "STOPPED", "DOSEDEV", "TIMEDEV", "MISSED",
]  # fmt: skip


def summarise_exposure(adex: pd.DataFrame, subjects: Sequence[str]) -> pd.DataFrame:
    """Return one row per component, by code.

    Parameters
    ----------
    adex : from `exposure.derive_exposure`. subjects : USUBJID of the treated.

    Returns
    -------
    EXTRT, UNIT of the dose; GIVEN, TOTAL (patients); median, least and most of DOSE (in all), DAYS (with a dose) and
    PCT (dose in all, % of the plan by now); patients with an interruption (PAUSED), who stopped for good (STOPPED),
    with a dose off plan (DOSEDEV), an infusion off its day (TIMEDEV), a missed infusion (MISSED).
    """
    rows = adex[adex["USUBJID"].isin(subjects)]
    records = [_component(str(name), part, len(subjects)) for name, part in rows.groupby("EXTRT", sort=True)]
    return pd.DataFrame(records, columns=COLUMNS)


def _component(name: str, rows: pd.DataFrame, total: int) -> dict[str, object]:
    kind = rows["PARAMCD"]
    dose, days = rows[kind == "TOTDOSE"], rows[kind == "NDAYS"]
    given = set(dose.loc[dose["AVAL"] > 0, "USUBJID"]) | set(days.loc[days["AVAL"] > 0, "USUBJID"])
    dose, days = (part[part["USUBJID"].isin(given)] for part in (dose, days))
    units = dose["AVALU"].dropna()
    return {
        "EXTRT": name,
        "UNIT": str(units.iloc[0]) if len(units) else "",
        "GIVEN": len(given),
        "TOTAL": total,
        **_spread("DOSE", dose["AVAL"]),
        **_spread("DAYS", days["AVAL"]),
        **_spread("PCT", dose["PCTPLAN"]),
        "PAUSED": _patients(days, (days["PAUSES"] > 0).to_numpy(bool)),
        "STOPPED": _patients(rows, (rows["DISCFL"] == "Y").to_numpy(bool)),
        **{
            column: _patients(rows, ((kind == "DOSE") & (rows[flag] == "Y")).to_numpy(bool))
            for column, flag in (("DOSEDEV", "DOSEDEV"), ("TIMEDEV", "TIMEDEV"), ("MISSED", "MISSFL"))
        },
    }


def _spread(name: str, values: pd.Series) -> dict[str, float]:
    known = values.dropna().to_numpy("float64")
    if not len(known):
        return {name: np.nan, f"{name}LOW": np.nan, f"{name}HIGH": np.nan}
    return {name: float(np.median(known)), f"{name}LOW": float(known.min()), f"{name}HIGH": float(known.max())}


def _patients(rows: pd.DataFrame, where: np.ndarray) -> int:
    return int(rows.loc[where, "USUBJID"].nunique())
