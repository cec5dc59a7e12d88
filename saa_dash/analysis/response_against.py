"""Which transfusion or growth factor spoke against a response: the support that turned a sufficient value down.

A support speaks against a response where the value alone would have passed: it reaches the CR threshold, or does not
lie below the limit of SAA, or is missing inside a look-back. A value that is too low anyway is not held against its
support. Where the rule set asks for transfusion independence, or the response is shown as "still transfused", the
last transfusion inside the window of independence speaks against it too.

Source: domain facts, section 2 steps 2 and 4; columns of `response.derive_response`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..model.rules import RuleSet
from ..model.settings import EndpointSettings
from .days import day_number
from .decision import INDEPENDENCE_DAYS
from .support import Support

Row = Mapping[str, Any] | pd.Series


@dataclass(frozen=True)
class Against:
    """One support.

    Parameters
    ----------
    test : lineage that it holds up, ANC, HGB or PLAT; "" where it denies transfusion independence.
    kind : class of support, e.g. PLATELET. days : days from it to the value, 0 for the same day.
    day : its date; None where the date is not fully known.
    value, sign : of the lineage, NaN where missing.
    """

    test: str
    kind: str
    days: int
    day: date | None
    value: float
    sign: str


def _known(value: Any) -> bool:
    return bool(pd.notna(value))


def reached_alone(row: Row, test: str, *, strict: bool) -> bool:
    """Tell whether a supported value would have reached its CR threshold alone.

    Parameters
    ----------
    strict : the threshold itself is not enough.
    """
    limit = row[f"{test}LIM"]
    if row[f"{test}SUP"] != "Y" or row[f"{test}LT"] == "<" or not (_known(limit) and _known(row[test])):
        return False
    above = row[f"{test}LT"] == ">"
    return bool(row[test] > limit or (row[test] == limit and (above or not strict)))


def above_saa_alone(row: Row, test: str, limit: float) -> bool:
    """Tell whether a supported value stands as below the limit of SAA though the number does not lie below it."""
    return row[f"{test}SAA"] == "Y" and row[f"{test}SUP"] == "Y" and _known(row[test]) and not row[test] < limit


def supports_against(row: Row, rules: RuleSet) -> tuple[Against, ...]:
    """Return the supports that spoke against a response at one patient-visit, one per lineage, in the order of tests.

    Parameters
    ----------
    row : one row of `response.derive_response`. rules : those it was derived with.
    """
    return () if row["AVALC"] in ("CR", "NYD") or not _known(row["ADT"]) else tuple(_against(row, rules))


def _against(row: Row, rules: RuleSet) -> Iterator[Against]:
    limits = {"ANC": rules.saa.anc, "PLAT": rules.saa.plat}
    for threshold in rules.cr:
        test = threshold.test
        if row[f"{test}SUP"] != "Y" or not _known(row[f"{test}SUPD"]):
            continue
        missing = not _known(row[test]) and row[f"{test}CR"] == "N"
        held = reached_alone(row, test, strict=threshold.strict) and row[f"{test}CR"] != "Y"
        if held or missing or (test in limits and above_saa_alone(row, test, limits[test])):
            yield _support(row, test)


def _support(row: Row, test: str) -> Against:
    days = int(row[f"{test}SUPD"])
    judged = row[f"{test}DT"] if _known(row[f"{test}DT"]) else row["ADT"]
    exact = not _known(row[f"{test}SUPI"])
    return Against(
        test=test,
        kind=str(row[f"{test}SUPC"]),
        days=days,
        day=(pd.Timestamp(judged) - pd.Timedelta(days=days)).date() if exact else None,
        value=float(row[test]) if _known(row[test]) else float("nan"),
        sign=str(row[f"{test}LT"]) if _known(row[f"{test}LT"]) else "",
    )


def transfusions_against(
    row: Row, rules: RuleSet, settings: EndpointSettings, support: Support, subject: int
) -> tuple[Against, ...]:
    """Return the last red cells and platelets that deny transfusion independence at one patient-visit.

    Parameters
    ----------
    row : one row of `response.derive_response`. rules, settings : those it was derived with.
    support : of `basis.prepare`. subject : position of the patient there.
    """
    asked = row["TRANSFL"] == "Y" or (rules.pr_needs_independence and row["AVALC"] == "NR" and row["INDEPFL"] == "N")
    if not asked or not _known(row["ADT"]):
        return ()
    panel = day_number(pd.Timestamp(row["ADT"]).date())
    windows = zip(("RBC", "PLATELET"), INDEPENDENCE_DAYS[settings.independence], strict=True)
    found = (_last(kind, support, subject, panel, window) for kind, window in windows)
    return tuple(one for one in found if one is not None)


def _last(kind: str, support: Support, subject: int, panel: float, window: int) -> Against | None:
    """Return the last transfusion of a kind inside its window, None without; its date where it is fully known."""
    whose, day = np.array([subject]), np.array([panel])
    intervals = support.classes[kind]
    possible, exact = (float(part.days_since(whose, day)[0]) for part in (intervals.all, intervals.exact))
    if possible > window:
        return None
    on = date.fromordinal(date(1970, 1, 1).toordinal() + int(panel - exact)) if exact == possible else None
    return Against("", kind, int(possible), on, float("nan"), "")
