"""Response in words: the squares of each patient, the trial beside published cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..analysis.proportions import estimate_proportion
from ..analysis.results import BenchmarkRow, BestRates, ResponseGrid, VisitStrip
from ..charts.strips import rate_text
from ..charts.theme import Look
from ..i18n import translate
from ..model.benchmark import AtgSource, Benchmark, BenchmarkPoint
from ..model.rules import RuleSet

_BEST = {"CR": 0, "PR": 1, "NE": 2, "NR": 3, "NYD": 4}


def response_grid(
    rows: pd.DataFrame, strips: tuple[VisitStrip, ...], changes: pd.DataFrame, best: BestRates, lang: str
) -> ResponseGrid:
    """Return the squares with signs and reasons in words, best patients first.

    Parameters
    ----------
    rows : PCODE and the columns of `analysis.response.derive_response` that squares are drawn from.
    changes : of `analysis.response_changes`. Others as in `ResponseGrid`.
    """
    sign = pd.Series("", index=rows.index)
    sign = sign.mask(rows["TRANSFL"] == "Y", "ᵀ").mask(rows["PROVFL"] == "Y", "*").mask(rows["ATLPRFL"] == "Y", "⁺")
    why = [
        translate(lang, f"response.reason.{code}") if isinstance(code, str) and code else "" for code in rows["REASON"]
    ]
    grid = pd.DataFrame(
        {"PCODE": rows["PCODE"], "WEEK": rows["AVISITN"], "STATE": rows["AVALC"], "SIGN": sign, "WHY": why}
    )
    rank = rows.assign(R=rows["AVALC"].map(_BEST)).sort_values("AVISITN").groupby("PCODE")["R"].agg(list)
    order = sorted(rank.index, key=lambda code: (rank[code][::-1], code))
    return ResponseGrid(grid, tuple(order), strips, changes, best)


@dataclass(frozen=True)
class Against:
    """What published cohorts are compared under: rule sets by id, and the one in force."""

    rule_sets: Mapping[str, RuleSet]
    criteria: str
    months: int


def benchmark_rows(
    own: VisitStrip, benchmarks: Sequence[Benchmark], against: Against, look: Look
) -> tuple[BenchmarkRow, ...]:
    """Return this trial at its visit, where it has a rate, then the published cohorts with a rate at these months."""
    say = look.say
    first = BenchmarkRow(
        name=say("ui.response.this_trial"),
        orr=own.orr.estimate,
        lower=own.orr.lower,
        upper=own.orr.upper,
        shown=f"ORR {rate_text(own.orr, look)}",
        own=True,
        comparable=True,
        detail=say("ui.response.this_trial_detail"),
        crr=own.crr.estimate,
        crr_shown=f"CRR {rate_text(own.crr, look)}",
        kind=_kind(against.rule_sets[against.criteria].title[look.lang], AtgSource.RABBIT, look),
    )
    mine = (first,) if own.orr.total and own.counts.rate_printable else ()
    return (*mine, *filter(None, (_benchmark(item, against, look) for item in benchmarks)))


def _kind(criteria: str, atg: AtgSource, look: Look) -> str:
    return f"{criteria} · {look.say(f'ui.atg.{atg}')}"


def _benchmark(item: Benchmark, against: Against, look: Look) -> BenchmarkRow | None:
    lang, say = look.lang, look.say
    point = next((p for p in item.points if p.months == against.months), None)
    if point is None or point.orr is None:
        return None
    exact = None
    if point.responders is not None and point.evaluable is not None:
        exact = estimate_proportion(point.responders, point.evaluable, "clopper-pearson")
    criteria = against.rule_sets[item.criteria].title[lang] if item.criteria else say("ui.response.criteria_unknown")
    return BenchmarkRow(
        name=f"{item.label[lang]}（n = {item.n}）" if lang == "zh" else f"{item.label[lang]} (n = {item.n})",
        orr=point.orr,
        lower=exact.lower if exact else None,
        upper=exact.upper if exact else None,
        shown=f"ORR {_share(point.orr, point.responders, point, look)}",
        own=False,
        comparable=item.criteria == against.criteria and item.atg == AtgSource.RABBIT,
        detail=say(
            "ui.response.benchmark_detail", criteria=criteria, atg=say(f"ui.atg.{item.atg}"), cite=item.citation
        ),
        crr=point.crr,
        crr_shown="" if point.crr is None else f"CRR {_share(point.crr, point.complete, point, look)}",
        kind=_kind(criteria, item.atg, look),
    )


def _share(rate: float, count: int | None, point: BenchmarkPoint, look: Look) -> str:
    percent = f"{100 * rate:.0f}"
    if count is None or point.evaluable is None:
        return f"{percent}%"
    return look.say("chart.rate.share", x=count, n=point.evaluable, percent=percent)
