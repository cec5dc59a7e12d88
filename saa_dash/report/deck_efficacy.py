"""Slides on efficacy: courses of the lineages, response, recovery, survival, published cohorts."""

from __future__ import annotations

from ..analysis.cohort_courses import CohortCourse
from ..analysis.proportions import Proportion
from ..analysis.results import Curve, VisitStrip
from ..charts.benchmarks import figure_benchmarks
from ..charts.cohort_course import MAX_MARKED, figure_cohort_course
from ..charts.cohort_marks import CohortDrawing
from ..charts.curve import figure_curve
from ..charts.response_grid import MAX_COLUMNS, figure_response_grid
from ..charts.strips import figure_strips
from .course_words import course_notes
from .deck_teller import Teller, Told
from .names import test_name, unit_name
from .response_words import benchmark_rows, response_grid
from .slides.slide import Points, Slide

_LOG = ("ANC", "PLAT", "WBC", "ARC")  # counts that run over orders of magnitude
_RECOVERY = ("TTANC05", "TTPLT20", "TTHB80", "TTRBCI")


def courses(teller: Teller) -> list[Slide]:
    """Return the course of each lineage."""
    return [_course(teller, course) for course in teller.content.courses if len(course.values)]


def _course(teller: Teller, course: CohortCourse) -> Slide:
    drawing = CohortDrawing(
        name=test_name(course.test, "", teller.lang),
        unit=unit_name(course.unit, teller.lang),
        measure="value",
        ribbon=course.patients > MAX_MARKED,
        log=course.test in _LOG,
        notes=course_notes(course, teller.lang),
    )
    view = figure_cohort_course(course, drawing, teller.look)
    return teller.figure(view, Told(method=teller.say("deck.method.course"), rule=bool(course.limits)))


def response(teller: Teller) -> Slide:
    """Return response at each visit with exact limits, or why there is none."""
    say, found = teller.say, teller.content.responses
    if found is None:
        return _missing(teller, "gap.response")
    if found.rows.empty:
        return teller.slide(say("deck.nobody"), [Points((say("ui.response.nobody"),))], Told())
    told = Told(method=teller.interval, rule=True, of=found.strips[-1].counts.full_analysis_set)
    title = _finding(teller, found.strips)
    if found.rows["PCODE"].nunique() > MAX_COLUMNS:
        view = figure_strips(found.strips, teller.look, method=teller.interval, rule=teller.rule)
    else:
        grid = response_grid(found.rows, found.strips, found.changes, found.best, teller.lang)
        view = figure_response_grid(grid, teller.look, method=teller.interval, rule=teller.rule)
    return teller.figure(view, told, title=title)


def _finding(teller: Teller, strips: tuple[VisitStrip, ...]) -> str:
    """Return the rates of the last visit that is due, with their limits."""
    due = [strip for strip in strips if strip.orr.total]
    if not due:
        return teller.say("deck.response.not_due")
    last = due[-1]
    orr = rate_said(teller, last.orr, printable=last.counts.rate_printable)
    return teller.say("deck.response.title", week=last.week, orr=orr, crr=rate_said(teller, last.crr))


def rate_said(teller: Teller, rate: Proportion, *, printable: bool = True) -> str:
    """Return x/n, per cent and limits as a speaker says them."""
    if not printable:
        return teller.say("chart.rate.not_assessable")
    shares = {"percent": rate.estimate, "lower": rate.lower, "upper": rate.upper}
    words = {name: f"{100 * share:.0f}" for name, share in shares.items()}
    return teller.say("deck.response.rate", x=rate.events, n=rate.total, **words)


def _missing(teller: Teller, what: str) -> Slide:
    """Return a slide that says why something is not there."""
    reasons = tuple(teller.value(reason) for reason in teller.content.gap)
    return teller.slide(teller.say(what), [Points(reasons)], Told())


def recovery(teller: Teller) -> list[Slide]:
    """Return the recovery of each lineage with competing events and the numbers at risk."""
    if teller.content.gap:
        return [_missing(teller, "gap.recovery")]
    held = [teller.content.curves[param] for param in _RECOVERY if param in teller.content.curves]
    if not held:
        return [teller.slide(teller.say("gap.recovery"), [Points((teller.say("ui.survival.nobody"),))], Told())]
    return [_curve(teller, curve) for curve in held]


def _curve(teller: Teller, curve: Curve) -> Slide:
    method = teller.curve_method(curve)
    origin = teller.say(f"ui.origin.{teller.content.origin}")
    view = figure_curve(curve, teller.look, method=method, origin=origin)
    return teller.figure(view, Told(method=method, rule=not teller.content.gap))


def survival(teller: Teller) -> list[Slide]:
    """Return overall and failure-free survival with the numbers at risk."""
    held = [teller.content.curves[param] for param in ("OS", "FFS") if param in teller.content.curves]
    if not held:
        return [teller.slide(teller.say("deck.survival.none"), [Points((teller.say("ui.survival.nobody"),))], Told())]
    return [_curve(teller, curve) for curve in held]


def benchmarks(teller: Teller) -> Slide:
    """Return the trial beside published cohorts."""
    say, found = teller.say, teller.content.responses
    if found is None:
        return _missing(teller, "deck.benchmarks.none")
    rows = benchmark_rows(found.strips[-1], found.benchmarks, found.against, teller.look)
    view = figure_benchmarks(rows, teller.look, months=found.against.months)
    strip = found.strips[-1]
    orr = rate_said(teller, strip.orr, printable=strip.counts.rate_printable)
    told = Told(
        method=say("ui.interval.clopper-pearson"),
        rule=True,
        sentence=say("deck.benchmarks.sentence", week=strip.week, orr=orr),
        of=strip.counts.full_analysis_set,
    )
    title = say("deck.benchmarks.title", week=strip.week, x=strip.orr.events, n=strip.orr.total)
    return teller.figure(view, told, title=title if strip.counts.rate_printable and strip.orr.total else "")
