"""Methods, sections 4 and 5: what supports a count and for how long; recovery, relapse and survival."""

from __future__ import annotations

from ..analysis.adtte import PARAMETERS
from ..analysis.curves import LANDMARK_DAYS, SURVIVAL
from ..analysis.decision import INDEPENDENCE_DAYS
from ..analysis.recovery import CONFIRMED, THRESHOLDS
from ..analysis.redcells import AT_RISK_DAYS, FREE_DAYS
from ..analysis.relapse import APART_DAYS
from ..analysis.support import EPO_DAYS, LOOK_BACK, PLATELET_DAYS, RBC_DAYS, TPO_DAYS
from ..model.message import Message
from ..model.vocabulary import LAB_TESTS
from .context import View
from .methods_blocks import Cell, Grid, Lines, Part, Section, columns, lines, say, test_name
from .methods_settings import independence_words


def support_section(view: View) -> Section:
    """Return the look-backs of support, transfusion independence and what counts as unknown."""
    return Section(
        "support",
        (
            Part("look_back", (lines("support", "rule", "effect"), _look_backs(), _support_decisions())),
            Part("independence", (_independence(view), lines("independence_note", "from", "before_atg", "fixed"))),
        ),
    )


def _look_backs() -> Grid:
    rows = tuple(
        (test_name(test), Message(f"term.support_class.{kind}"), say("methods.value.days", n=days))
        for test, kinds in LOOK_BACK.items()
        for kind, days in kinds.items()
    )
    never = (test_name("ARC"), say("methods.support.never"), say("methods.none"))
    return Grid("look_back", columns("lineage", "support", "look_back"), (*rows, never))


def _support_decisions() -> Lines:
    return lines(
        "support", "hetrombopag", "partial", "undated", "which_visit", "unanswered", "own_look_back",
        tpo=TPO_DAYS, platelets=PLATELET_DAYS, epo=EPO_DAYS, red_cells=RBC_DAYS,
    )  # fmt: skip


def _independence(view: View) -> Grid:
    def row(code: str) -> tuple[Cell, ...]:
        red_cells, platelets = INDEPENDENCE_DAYS[code]
        days = (say("methods.value.days", n=red_cells), say("methods.value.days", n=platelets))
        chosen = code == view.endpoint.independence
        return (
            independence_words(code),
            *days,
            say("methods.rules.in_force" if chosen else "methods.rules.selectable"),
        )

    rows = tuple(row(code) for code in INDEPENDENCE_DAYS)
    return Grid("independence", columns("independence", "red_cells", "platelets", "state"), rows)


def times_section(view: View) -> Section:
    """Return how recovery, response times, relapse and survival are timed."""
    return Section(
        "times",
        (
            Part("parameters", (_parameters(), Lines((say("methods.times.stop"), say("methods.times.last_free"))))),
            Part("recovery", (_thresholds(), _recovery(view))),
            Part("red_cells", (lines("redcells", "free", "documented", "at_risk", "possible", "censored",
                                     free=FREE_DAYS, window=AT_RISK_DAYS, next=FREE_DAYS + 1),)),
            Part("response_times", (lines("response_times", "visits", "censored", "duration"),)),
            Part("relapse", (_relapse(),)),
            Part("overall", (_overall(view),)),
        ),
    )  # fmt: skip


def _parameters() -> Grid:
    rows = tuple(_parameter(param) for param in PARAMETERS)
    return Grid("parameters", columns("parameter", "at_risk", "event", "competing", "censored", "estimator"), rows)


def _parameter(param: str) -> tuple[Cell, ...]:
    kind = "recovery" if param in THRESHOLDS else param
    estimator = "kaplan_meier" if param in SURVIVAL else "aalen_johansen"
    told = (Message(f"methods.tte.{kind}.{name}") for name in ("at_risk", "event", "competing", "censored"))
    return Message(f"term.param.{param}"), *told, Message(f"methods.estimator.{estimator}")


def _thresholds() -> Grid:
    rows = tuple(
        (
            Message(f"term.param.{param}"),
            test_name(test),
            say("methods.rules.limit", sign="≥", value=f"{value:g}"),
            Message(f"term.unit.{LAB_TESTS[test]}"),
        )
        for param, (test, value) in THRESHOLDS.items()
    )
    return Grid("thresholds", columns("parameter", "lineage", "threshold", "unit"), rows)


def _recovery(view: View) -> Lines:
    endpoint = view.endpoint
    rule = "confirmed" if endpoint.recovery_rule == CONFIRMED else "three_days"
    return lines(
        "recovery", rule, "supported", "failed", "open", "baseline", "censored", "daily", "interval", "no_comparator",
        first=endpoint.confirm_min, last=endpoint.confirm_max,
    )  # fmt: skip


def _relapse() -> Lines:
    return lines(
        "relapse", "definition", "counts", "transfusion", "septic", "restarted", "responders", "mark",
        apart=APART_DAYS, red_cells=RBC_DAYS, platelets=PLATELET_DAYS,
    )  # fmt: skip


def _overall(view: View) -> Lines:
    end = view.protocol.study_period.end if view.protocol else None
    closing = say("methods.overall.study_end", date=end) if end else say("methods.overall.no_study_end")
    days = ", ".join(f"{day:g}" for day in LANDMARK_DAYS)
    told = lines("overall", "os", "ffs", "alive", "follow_up", "landmarks", days=days)
    return Lines((*told.lines, closing))
