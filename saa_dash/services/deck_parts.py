"""What goes into a finished deck, gathered from the services as a presenter sees it."""

from __future__ import annotations

from ..analysis.results import Curve
from ..analysis.schedule import WEEKS
from ..model.principal import Principal
from ..report.deck_content import DeckContent, DeckEvents, Flow, Responses, Sensitivity
from ..report.response_words import Against
from .adverse_events import adverse_events_page
from .cohort import cohort_course, cohort_tests
from .cohort_states import cohort_swimmer
from .completeness import visit_completeness
from .context import View
from .cutoffs import at_cutoff
from .gaps import Gaps, gaps
from .overview import overview
from .report_parts import baseline_of, ground_of, laboratory_of
from .response import WEEK_12_MONTHS, response_page, sensitivity
from .survival import survival_curve

# Curves of a deck: one threshold per lineage, red-cell independence, survival.
CURVES = ("TTANC05", "TTPLT20", "TTHB80", "TTRBCI", "OS", "FFS")
_ORIGIN = "atg_start"  # what days of the courses count from


def gather_deck(presenter: Principal, view: View) -> DeckContent:
    """Return everything a finished deck says of a view.

    Parameters
    ----------
    presenter : with the sight of a presenter; the view was opened for them.

    Raises
    ------
    Refused : the view was opened for somebody else.
    """
    held = gaps(presenter, view)
    data = at_cutoff(view.reader().study_data(), view.settings.safety_cutoff)
    baseline, units = baseline_of(view, data)
    visits = visit_completeness(presenter, view)
    tests = cohort_tests(presenter, view)
    return DeckContent(
        **ground_of(view, held),
        flow=_flow(presenter, view),
        swimmer=cohort_swimmer(presenter, view, "response" if not held.response else "number"),
        baseline=baseline,
        units=units,
        responses=None if held.response else _responses(presenter, view),
        courses=tuple(cohort_course(presenter, view, test, _ORIGIN) for test in held.lineages if test in tests),
        curves=_curves(presenter, view, held),
        origin=str(view.endpoint.origin) if held.atg else "first_dose",
        events=_events(presenter, view),
        laboratory=laboratory_of(presenter, view),
        sensitivity=() if held.response else _sensitivity(presenter, view),
        sensitivity_week=WEEKS[-1],
        planned=visits.planned,
        visits=visits.counts,
    )


def _flow(presenter: Principal, view: View) -> Flow:
    page = overview(presenter, view)
    failed = view.reader().table("DM")["SCRNFL"].eq("Y").fillna(False)
    return Flow(
        selected=view.selected,
        enrolled=view.selected - int(failed.sum()),
        failures=int(failed.sum()),
        treated=page.treated,
        status_counts={code: n for code, n in page.status_counts.items() if code != "NOT_TREATED"},
        arms=page.arms,
        follow_up=page.follow_up,
    )


def _responses(presenter: Principal, view: View) -> Responses:
    page = response_page(presenter, view)
    against = Against(view.rule_sets, view.endpoint.criteria, WEEK_12_MONTHS)
    return Responses(page.rows, page.strips, page.changes, page.best, page.benchmarks, against)


def _curves(presenter: Principal, view: View, held: Gaps) -> dict[str, Curve]:
    wanted = ("OS",) if held.response else CURVES
    found = {param: survival_curve(presenter, view, param) for param in wanted}
    return {param: curve for param, curve in found.items() if curve is not None}


def _events(presenter: Principal, view: View) -> DeckEvents:
    page = adverse_events_page(presenter, view)
    return DeckEvents(page.recorded, page.terms.total, page.answers, page.panel, page.terms, page.marks)


def _sensitivity(presenter: Principal, view: View) -> tuple[Sensitivity, ...]:
    return tuple(
        Sensitivity(
            view.rule_sets[cell.criteria].title,
            str(cell.origin),
            cell.primary,
            cell.counts.rate_printable,
            cell.orr,
            cell.crr,
        )
        for cell in sensitivity(presenter, view, WEEKS[-1])
    )
