"""Methods, section 3: rule sets with their marks, the steps of a decision, denominators, severity, benchmarks."""

from __future__ import annotations

from ..analysis import severity
from ..analysis.assessment import FILL_IN_DAYS
from ..analysis.proportions import estimate_proportion
from ..analysis.schedule import WEEKS
from ..model.benchmark import Benchmark, BenchmarkPoint
from ..model.message import Message
from ..model.rules import RuleSet, SaaDefinition, Threshold
from ..protocol.benchmarks import load_benchmarks
from .context import View
from .methods_blocks import NONE, Cell, Facts, Grid, Lines, Part, Section, Steps, columns, facts, lines, say
from .methods_settings import independence_words

_CR_TESTS = ("ANC", "HGB", "PLAT")
_STEPS = ("assessment", "support", "unknown", "independence", "wbc", "missing", "settled")
_DAYS_PER_WEEK = 7


def response_section(view: View) -> Section:
    """Return how CR, PR, NR and NE are decided."""
    return Section(
        "response",
        (
            Part("rule_in_force", _in_force(view)),
            Part("rule_sets", (_rule_sets(view), Lines((say("methods.rules.marks"),)))),
            Part("decision", (_steps(view), _decisions(view))),
            Part("days", (_visits(view), lines("days", "count", "origin", "partial", "cutoff", "stop"))),
            Part("denominators", (lines("denominators", "primary", "beside", "rates", "never_infused", "orr"),)),
            Part("readings", (_readings(),)),
            Part("severity", (_severity(view),)),
            Part("benchmarks", (lines("benchmarks", "historical", "none"), _benchmarks(view))),
        ),
    )


def relation(limit: Threshold) -> str:
    """Return the sign of a threshold: > where it must be exceeded, ≥ where reaching it is enough."""
    return ">" if limit.strict else "≥"


def threshold_words(limit: Threshold) -> Message:
    """Return a threshold with its sign, by sex where it depends on it."""
    if limit.value is not None:
        return say("methods.rules.limit", sign=relation(limit), value=_plain(limit.value))
    key = "methods.rules.limit_lln" if limit.use_lln else "methods.rules.limit_sex"
    return say(key, sign=relation(limit), male=limit.male, female=limit.female)


def _plain(value: float) -> str:
    """Write a limit with a decimal where the counts of that size are read with one: 1.0, but 100."""
    return f"{value:.1f}" if value < 10 else f"{value:g}"


def _saa(saa: SaaDefinition, view: View) -> Message:
    arc = view.endpoint.arc_cut if saa.arc is None else saa.arc
    return say("methods.rules.saa", anc=saa.anc, plat=saa.plat, arc=arc, n=saa.max_below)


def _pr(rules: RuleSet) -> Message:
    return say("methods.rules.pr_independent" if rules.pr_needs_independence else "methods.rules.pr")


def _confirmation(rules: RuleSet) -> Message:
    if rules.confirm_days is None:
        return say("methods.rules.no_confirmation")
    return say("methods.rules.confirmation", n=rules.confirm_days)


def _mark(rules: RuleSet) -> Message:
    if rules.mark is None:
        return NONE
    return say("methods.rules.mark", mark=rules.mark, meaning=Message(f"rules.mark.{rules.mark}"))


def _in_force(view: View) -> tuple[Lines | Facts, ...]:
    rules = view.rules
    limits = {f"cr_{limit.test.lower()}": threshold_words(limit) for limit in rules.cr}
    values: dict[str, Cell] = {
        "rule_set": rules.title,
        "critver": say("methods.value.key", key=rules.critver),
        "source": rules.source,
        "certainty": _mark(rules),
        **limits,
        "pr": _pr(rules),
        "saa": _saa(rules.saa, view),
        "confirmation": _confirmation(rules),
    }
    first = say("methods.rules.not_protocol" if rules.rule_id != "protocol" else "methods.rules.of_protocol")
    warn = () if rules.mark == "H" or rules.rule_id == "protocol" else (say("methods.rules.verify"),)
    sensitivity = () if view.primary else (say("methods.settings.is_sensitivity"),)
    return Lines((first, *warn, *sensitivity)), facts(values)


def _rule_sets(view: View) -> Grid:
    rows = tuple(_rule_row(rules, view) for rules in view.rule_sets.values())
    names = ("rule_set", "critver", "anc", "hgb", "plat", "pr", "saa", "confirmation", "certainty", "source", "state")
    return Grid("rule_sets", columns(*names), rows)


def _rule_row(rules: RuleSet, view: View) -> tuple[Cell, ...]:
    limits = {limit.test: threshold_words(limit) for limit in rules.cr}
    head = (rules.title, say("methods.value.key", key=rules.critver))
    if not rules.enabled:
        return (*head, *(NONE,) * 6, _mark(rules), rules.source, Message(rules.why_not))
    in_force = rules.rule_id == view.endpoint.criteria
    state = say("methods.rules.in_force" if in_force else "methods.rules.selectable")
    return (
        *head,
        *(limits.get(test, NONE) for test in _CR_TESTS),
        _pr(rules),
        _saa(rules.saa, view),
        _confirmation(rules),
        _mark(rules),
        rules.source,
        state,
    )


def _steps(view: View) -> Steps:
    params = {
        "window": view.endpoint.window_days,
        "fill": FILL_IN_DAYS,
        "independence": independence_words(view.endpoint.independence),
    }
    return Steps(tuple(say(f"methods.step.{name}", **params) for name in _STEPS))


def _decisions(view: View) -> Lines:
    return lines(
        "decision", "panel", "duplicates", "censored", "reticulocytes", "cr_independence", "ongoing", "nr_reason",
        "ne_reason", "provisional", "units", window=view.endpoint.window_days,
    )  # fmt: skip


def _visits(view: View) -> Grid:
    half = view.endpoint.window_days
    rows = []
    for week in WEEKS:
        offset = week * _DAYS_PER_WEEK
        window = say("methods.value.day_span", first=offset + 1 - half, last=offset + 1 + half)
        rows.append((say("methods.value.week", n=week), offset, say("methods.value.study_day", n=offset + 1), window))
    return Grid("visits", columns("visit", "offset", "target_day", "window"), tuple(rows))


def _readings() -> Lines:
    return lines("readings", "best", "best_open", "investigator", "lineages", "still_transfused")


def _severity(view: View) -> Lines:
    return lines(
        "severity", "saa", "vsaa", "nsaa", "marrow", "worst", "baseline", "investigator",
        anc=severity.SAA_ANC, plat=severity.SAA_PLAT, arc=view.endpoint.arc_cut, very_low=severity.VSAA_ANC,
        aa_hgb=severity.AA_HGB, aa_plat=severity.AA_PLAT, aa_anc=severity.AA_ANC,
        low=severity.MARROW_LOW, middle=severity.MARROW_MIDDLE, residual=severity.RESIDUAL_LOW,
        first=severity.BASELINE_FIRST, last=severity.BASELINE_LAST,
    )  # fmt: skip


def _benchmarks(view: View) -> Grid:
    rows = tuple(_benchmark(item, view) for item in load_benchmarks())
    return Grid("benchmarks", columns("cohort", "n", "months_3", "months_6", "criteria", "atg", "citation"), rows)


def _benchmark(item: Benchmark, view: View) -> tuple[Cell, ...]:
    at = {point.months: point for point in item.points}
    criteria = view.rule_sets[item.criteria].title if item.criteria else say("methods.benchmarks.criteria_unknown")
    rates = (_rates(at.get(months)) for months in (3, 6))
    return item.label, item.n, *rates, criteria, Message(f"atg.{item.atg}"), say("methods.value.as_is", x=item.citation)


def _rates(point: BenchmarkPoint | None) -> Message:
    if point is None:
        return NONE
    orr = _rate(point.orr, point.responders, point.evaluable)
    crr = _rate(point.crr, point.complete, point.evaluable)
    return say("methods.benchmarks.rates", orr=orr, crr=crr)


def _rate(share: float | None, events: int | None, total: int | None) -> Message:
    if share is None:
        return NONE
    percent = f"{100 * share:.4g}"
    if events is None or total is None:
        return say("methods.benchmarks.percent", percent=percent)
    exact = estimate_proportion(events, total, "clopper-pearson")
    low, high = f"{100 * exact.lower:.1f}", f"{100 * exact.upper:.1f}"
    return say("methods.benchmarks.exact", n=events, total=total, percent=f"{100 * share:.1f}", low=low, high=high)
