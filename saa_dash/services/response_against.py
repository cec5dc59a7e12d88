"""What spoke against a response at one patient-visit, and the day on the patient's page where it is to be seen."""

from __future__ import annotations

from dataclasses import dataclass

from ..access.policy import Permission, check_permission
from ..analysis.around import day_of
from ..analysis.days import day_number
from ..analysis.response_against import supports_against, transfusions_against
from ..analysis.status import first_day
from ..model.principal import Principal
from .context import View
from .derived import derive
from .memory import remembered
from .views import record_view


@dataclass(frozen=True)
class AgainstOn:
    """A transfusion or growth factor that spoke against a response, and where to see it.

    Parameters
    ----------
    day : study day of the patient's page (ATG day 1, whatever the origin in force); None where its date is not fully
        known. days : from it to the value. test, kind, value, sign : see `analysis.response_against.Against`.
    """

    test: str
    kind: str
    days: int
    day: int | None
    value: float
    sign: str


def response_against(principal: Principal, view: View, pcode: str, week: int) -> tuple[AgainstOn, ...]:
    """Return the supports that spoke against a response at one patient-visit.

    Raises
    ------
    Refused : without the right to see patients. UserError : no such patient in the selection.
    EnvironmentProblem : the audit trail cannot tell of it; nothing is shown then.
    """
    check_permission(principal, Permission.VIEW_PATIENTS)
    record_view(principal, view, [pcode])
    return remembered(principal, view, "response_against", lambda: _against(view, pcode, week), pcode, week)


def _against(view: View, pcode: str, week: int) -> tuple[AgainstOn, ...]:
    subject = str(view.patients.loc[view.patients["PCODE"] == pcode, "USUBJID"].iloc[0])
    derived = derive(view, [subject])
    start = first_day(derived.anchors)[0]
    rows = derived.response[derived.response["AVISITN"] == week]
    if rows.empty:
        return ()
    row, support = rows.iloc[0], derived.basis.support
    held = supports_against(row, view.rules)
    told = {(one.kind, one.day) for one in held}
    independent = transfusions_against(row, view.rules, view.endpoint, support, 0)
    found = (*held, *(one for one in independent if (one.kind, one.day) not in told))
    return tuple(
        AgainstOn(
            test=one.test,
            kind=one.kind,
            days=one.days,
            day=None if one.day is None else day_of(day_number(one.day) - start),
            value=one.value,
            sign=one.sign,
        )
        for one in found
    )
