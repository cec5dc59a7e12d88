"""The trial at week 12 beside published cohorts, in words."""

from __future__ import annotations

from ..analysis.results import BenchmarkRow
from ..charts.strips import rate_text
from ..charts.theme import Look
from ..model.benchmark import AtgSource, Benchmark, BenchmarkPoint
from ..services.context import View
from ..services.response import WEEK_12_MONTHS, ResponsePage
from .words import language, t


def benchmark_rows(page: ResponsePage, view: View, look: Look) -> tuple[BenchmarkRow, ...]:
    """Return this trial at week 12, where it has a rate, then the published cohorts with a 3-month rate."""
    own = page.strips[-1]
    first = BenchmarkRow(
        name=t("ui.response.this_trial"),
        orr=own.orr.estimate,
        lower=own.orr.lower,
        upper=own.orr.upper,
        shown=f"ORR {rate_text(own.orr, look)}",
        own=True,
        comparable=True,
        detail=t("ui.response.this_trial_detail"),
        crr=own.crr.estimate,
        crr_shown=f"CRR {rate_text(own.crr, look)}",
        kind=_kind(view.rules.title[language()], AtgSource.RABBIT),
    )
    mine = (first,) if own.orr.total and own.counts.rate_printable else ()
    return (*mine, *filter(None, (_benchmark(item, view) for item in page.benchmarks)))


def _kind(criteria: str, atg: AtgSource) -> str:
    return f"{criteria} · {t(f'ui.atg.{atg}')}"


def _benchmark(item: Benchmark, view: View) -> BenchmarkRow | None:
    from ..analysis.proportions import estimate_proportion

    lang = language()
    point = next((p for p in item.points if p.months == WEEK_12_MONTHS), None)
    if point is None or point.orr is None:
        return None
    exact = None
    if point.responders is not None and point.evaluable is not None:
        exact = estimate_proportion(point.responders, point.evaluable, "clopper-pearson")
    criteria = view.rule_sets[item.criteria].title[lang] if item.criteria else t("ui.response.criteria_unknown")
    return BenchmarkRow(
        name=f"{item.label[lang]}（n = {item.n}）" if lang == "zh" else f"{item.label[lang]} (n = {item.n})",
        orr=point.orr,
        lower=exact.lower if exact else None,
        upper=exact.upper if exact else None,
        shown=f"ORR {_share(point.orr, point.responders, point)}",
        own=False,
        comparable=item.criteria == view.endpoint.criteria and item.atg == AtgSource.RABBIT,
        detail=t("ui.response.benchmark_detail", criteria=criteria, atg=t(f"ui.atg.{item.atg}"), cite=item.citation),
        crr=point.crr,
        crr_shown="" if point.crr is None else f"CRR {_share(point.crr, point.complete, point)}",
        kind=_kind(criteria, item.atg),
    )


def _share(rate: float, count: int | None, point: BenchmarkPoint) -> str:
    percent = f"{100 * rate:.0f}"
    if count is None or point.evaluable is None:
        return f"{percent}%"
    return t("chart.rate.share", x=count, n=point.evaluable, percent=percent)
