"""The overview: accrual, who is where, disposition, follow-up, data currency, first responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from ..access.policy import Permission, check_permission
from ..analysis.days import Days, as_dates, day_number, earliest_days
from ..analysis.denominators import VisitCounts, count_visits
from ..analysis.pcode_order import patient_order
from ..analysis.proportions import IntervalMethod, estimate_proportion
from ..analysis.results import Accrual, Swimmer, VisitStrip
from ..model.principal import Principal
from .cohort_states import swimmer_of
from .context import View
from .derived import Derived, coded, derive
from .gaps import Gaps, gaps
from .memory import remembered

# Kinds of record whose age is shown, in column order.
DOMAINS = ("SV", "LB", "CM", "EX", "AE", "VS", "RS")
AGE_LIMITS = (14, 30, 60, 90)  # days to which ages of data are rounded up: a day before a known cut-off is a date


@dataclass(frozen=True)
class Overview:
    """What the page shows.

    Parameters
    ----------
    accrual : None where the principal may see no dates. status_counts : patients by status code.
    follow_up : median and range of days on study. currency : one row per patient: PCODE, last data per domain in days
    before the cut-off, STATUS, LASTDY; where the principal may see no dates, days are rounded up to `AGE_LIMITS`
    (beyond the last: infinite) and `currency_rounded` is True; None without the right to see patients.
    swimmer, strips : of the selected patients; swimmer of the treated ones. treated : selected patients with a first
    dose. failures : screen failures among the others. arms : treated patients by arm as assigned, most first.
    held : what the cut lacks.
    """

    accrual: Accrual | None
    status_counts: dict[str, int]
    follow_up: tuple[float, float, float] | None
    strips: tuple[VisitStrip, ...]
    swimmer: Swimmer
    currency: pd.DataFrame | None
    currency_rounded: bool
    queries: int
    treated: int
    failures: int
    arms: dict[str, int]
    held: Gaps


def overview(principal: Principal, view: View) -> Overview:
    """Return the overview of a view.

    Raises
    ------
    Refused : without the right to see aggregates.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    return remembered(principal, view, "overview", lambda: _overview(principal, view))


def _overview(principal: Principal, view: View) -> Overview:
    derived = derive(view)
    status = coded(derived.status, view)
    treated = set(derived.anchors.loc[derived.anchors["SAFFL"], "USUBJID"]) & set(view.chosen)
    dm = derived.data["DM"]
    mine = dm["USUBJID"].isin(treated)
    failed = dm["USUBJID"].isin(view.chosen) & ~mine & (dm["SCRNFL"] == "Y")
    days = status["FUDAYS"].dropna()
    return Overview(
        accrual=_accrual(view, derived) if view.sight.dates else None,
        status_counts={str(k): int(v) for k, v in status["STATUS"].value_counts().items()},
        follow_up=(float(days.median()), float(days.min()), float(days.max())) if len(days) else None,
        strips=response_strips(view, derived.response),
        swimmer=swimmer_of(view, derived),
        currency=_currency(view, derived) if view.sight.patients else None,
        currency_rounded=not view.sight.dates,
        queries=view.cut.queries,
        treated=len(treated),
        failures=int(failed.sum()),
        arms={str(name): int(n) for name, n in dm.loc[mine, "ARM"].value_counts().items()},
        held=gaps(principal, view),
    )


def _accrual(view: View, derived: Derived) -> Accrual:
    dm = derived.data["DM"]
    enrolled = pd.DataFrame({"USUBJID": dm["USUBJID"], "DATE": as_dates(earliest_days(dm["ENRLDTC"]))})
    treated = derived.anchors.set_index("USUBJID")["TRTSDT"]
    rows = coded(enrolled, view)
    undated = int((rows["DATE"].isna() & rows["PCODE"].isin(_treated_codes(view, treated))).sum())
    protocol = view.protocol
    return Accrual(
        rows=rows.dropna(subset="DATE").sort_values(["DATE", "PCODE"], key=patient_order, ignore_index=True),
        planned=protocol.planned_n if protocol else None,
        opens=protocol.recruiting.start if protocol else None,
        closes=protocol.recruiting.end if protocol else None,
        cutoff=view.cut.cutoff,
        undated=undated,
    )


def _treated_codes(view: View, treated: pd.Series) -> pd.Series:
    known = treated.dropna().index
    return view.patients.loc[view.patients["USUBJID"].isin(known), "PCODE"]


def response_strips(view: View, response: pd.DataFrame) -> tuple[VisitStrip, ...]:
    """Return one strip per response visit over the selected patients of the full analysis set."""
    chosen = response[response["USUBJID"].isin(view.chosen)]
    rows, method = coded(chosen, view), view.settings.interval
    return tuple(
        _strip(rows[rows["AVISITN"] == counts.week], counts, cast(IntervalMethod, method))
        for counts in count_visits(chosen)
    )


def _strip(rows: pd.DataFrame, counts: VisitCounts, method: IntervalMethod) -> VisitStrip:
    return VisitStrip(
        week=counts.week,
        rows=pd.DataFrame({"PCODE": rows["PCODE"].to_numpy(), "STATE": rows["AVALC"].to_numpy(object)}),
        orr=estimate_proportion(counts.orr.events, counts.orr.total, method),
        crr=estimate_proportion(counts.crr.events, counts.crr.total, method),
        counts=counts,
    )


def _currency(view: View, derived: Derived) -> pd.DataFrame:
    """Return days from the latest record of each kind to the cut-off, one row per patient."""
    latest = view.reader().data_currency()
    ago = day_number(view.cut.cutoff) - earliest_days(latest["LASTDTC"])
    long = coded(latest.assign(AGO=ago if view.sight.dates else _rounded_up(ago)), view)
    wide = long.pivot_table(index="PCODE", columns="DOMAIN", values="AGO", aggfunc="min")
    status = coded(derived.status, view)[["PCODE", "STATUS", "LASTDY"]]
    return status.join(wide.reindex(columns=list(DOMAINS)), on="PCODE").sort_values(
        "PCODE", key=patient_order, ignore_index=True
    )


def _rounded_up(days: Days) -> Days:
    limits = np.array([*AGE_LIMITS, np.inf])
    place = np.searchsorted(limits, np.nan_to_num(days, nan=np.inf))
    return np.where(np.isnan(days), np.nan, limits[place])
