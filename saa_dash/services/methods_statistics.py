"""Methods, section 6: estimators and limits as formulas, and the stopping boundary."""

from __future__ import annotations

from typing import cast

from ..analysis.boundary import derive_boundary, operating_characteristics
from ..analysis.complications import PER_DAYS
from ..analysis.limits import CONF_LEVEL, CONF_TYPES, two_sided_z
from ..analysis.proportions import INTERVAL_METHODS, IntervalMethod, proportion_limits
from ..model.message import Message
from ..model.settings import BoundarySettings
from .context import View
from .methods_blocks import Block, Cell, Formula, Grid, Lines, Part, Section, columns, facts, lines, say

_PERCENT = round(100 * CONF_LEVEL)
_TRUE_RATES = (0.05, 0.1, 0.2, 0.3, 0.4)  # true event rates a boundary is tried against

_INTERVALS = {
    "clopper-pearson": (
        r"p_L=B^{-1}\!\left(\tfrac{\alpha}{2};\,x,\,n-x+1\right),\qquad "
        r"p_U=B^{-1}\!\left(1-\tfrac{\alpha}{2};\,x+1,\,n-x\right)"
    ),
    "wilson": r"\frac{\hat p+\frac{z^2}{2n}\pm z\sqrt{\frac{\hat p(1-\hat p)}{n}+\frac{z^2}{4n^2}}}{1+\frac{z^2}{n}}",
    "jeffreys": (
        r"p_L=B^{-1}\!\left(\tfrac{\alpha}{2};\,x+\tfrac12,\,n-x+\tfrac12\right),\qquad "
        r"p_U=B^{-1}\!\left(1-\tfrac{\alpha}{2};\,x+\tfrac12,\,n-x+\tfrac12\right)"
    ),
}
_SCALES = {
    "log-log": r"\hat S(t)^{\exp\left(\pm z\,\hat\sigma(t)/\ln\hat S(t)\right)}",
    "log": r"\hat S(t)\,\exp\left(\pm z\,\hat\sigma(t)\right)",
    "plain": r"\hat S(t)\left(1\pm z\,\hat\sigma(t)\right)",
}
_KAPLAN_MEIER = r"\hat S(t)=\prod_{t_i\le t}\left(1-\frac{d_i}{n_i}\right)"
_GREENWOOD = r"\hat\sigma^2(t)=\sum_{t_i\le t}\frac{d_i}{n_i\,(n_i-d_i)},\qquad\widehat{SE}=\hat S(t)\,\hat\sigma(t)"
_QUANTILE = r"\hat t_q=\min\{t:\,1-\hat S(t)\ge q\}"
_AALEN_JOHANSEN = r"\hat F_k(t)=\sum_{t_i\le t}\hat S(t_{i-1})\,\frac{d_{ki}}{n_i}"
_RATE = (
    r"\lambda=\frac{x}{T},\qquad\lambda_L=\frac{\chi^2_{\alpha/2;\,2x}}{2T},"
    r"\qquad\lambda_U=\frac{\chi^2_{1-\alpha/2;\,2x+2}}{2T}"
)
_BOUNDARY = r"p\mid x,n\sim\mathrm{Beta}(a+x,\;b+n-x),\qquad P(p>\theta\mid x,n)=1-I_\theta(a+x,\;b+n-x)>c"


def statistics_section(view: View) -> Section:
    """Return estimators, limits and the boundary; what is in force is marked."""
    return Section(
        "statistics",
        (
            Part("proportions", (*_intervals(view), _ten(view), lines("proportions", "zero", "no_test"))),
            Part("kaplan_meier", _kaplan_meier(view)),
            Part("competing", _competing()),
            Part("rates", (_formula("rate", _RATE, per=PER_DAYS),)),
            Part("boundary", _boundary(view)),
        ),
    )


def _formula(name: str, latex: str, /, **params: object) -> Formula:
    return Formula(say(f"methods.formula.{name}", **params), latex)


def _state(chosen: bool) -> Message:
    return say("methods.rules.in_force" if chosen else "methods.rules.alternative")


def _intervals(view: View) -> tuple[Block, ...]:
    in_force = view.settings.interval
    level = say("methods.formula.level", level=_PERCENT, z=f"{two_sided_z(CONF_LEVEL):.4f}")
    first = Lines((say("methods.proportions.method", method=Message(f"method.interval.{in_force}")), level))
    shown = (
        Formula(
            say("methods.formula.interval", name=Message(f"method.interval.{name}"), state=_state(name == in_force),
                says=Message(f"methods.interval.{name}")),
            _INTERVALS[name],
        )
        for name in INTERVAL_METHODS
    )  # fmt: skip
    return first, *shown


def _ten(view: View) -> Grid:
    """Return the limits of every x of the planned number under the interval in force."""
    n = view.protocol.planned_n if view.protocol else view.total
    n = min(n, 20)  # a table to read, not a computation
    lower, upper = proportion_limits(range(n + 1), n, cast(IntervalMethod, view.settings.interval))
    rows = tuple(
        (say("methods.value.as_is", x=f"{x}/{n}"), f"{100 * x / n:.0f}", f"{100 * low:.2f}", f"{100 * high:.2f}")
        for x, (low, high) in enumerate(zip(lower, upper, strict=True))
        if n
    )
    return Grid("limits", columns("x_of_n", "percent", "lower", "upper"), rows)


def _kaplan_meier(view: View) -> tuple[Block, ...]:
    in_force = view.settings.conf_type
    scales = (
        Formula(
            say("methods.formula.scale", name=Message(f"methods.conf_type.{name}"), state=_state(name == in_force)),
            _SCALES[name],
        )
        for name in CONF_TYPES
    )
    return (
        _formula("kaplan_meier", _KAPLAN_MEIER),
        _formula("greenwood", _GREENWOOD),
        *scales,
        _formula("quantile", _QUANTILE),
        lines("survival_note", "ties", "no_events", "follow_up"),
    )


def _competing() -> tuple[Block, ...]:
    return (
        _formula("aalen_johansen", _AALEN_JOHANSEN),
        lines("competing_note", "never", "variance", "tests"),
    )


def _boundary(view: View) -> tuple[Block, ...]:
    settings = view.settings.boundary
    formula = _formula("boundary", _BOUNDARY)
    notes = lines("boundary", "evaluable", "recruitment", "one_source")
    if settings is None:
        return Lines((say("methods.boundary.not_specified"),)), formula, notes
    n = view.protocol.planned_n if view.protocol else view.total
    values: dict[str, Cell] = {
        "boundary_event": Message(f"methods.boundary_event.{settings.event}"),
        "theta": settings.theta,
        "prior": say("methods.value.beta", a=settings.prior_a, b=settings.prior_b),
        "boundary_cutoff": settings.cutoff,
    }
    return Lines((say("methods.boundary.team"),)), facts(values), formula, *_boundary_tables(settings, n), notes


def _boundary_tables(settings: BoundarySettings, n: int) -> tuple[Grid, Grid]:
    boundary = derive_boundary(settings, n)
    stops = tuple((say("methods.boundary.at_least", n=x), f"{low}–{high}") for x, low, high in boundary.runs())
    tried = (operating_characteristics(boundary, true_p) for true_p in _TRUE_RATES)
    characteristics = tuple((f"{c.true_p:g}", f"{c.stop:.3f}", f"{c.early:.3f}", f"{c.expected_n:.2f}") for c in tried)
    return (
        Grid("boundary", columns("stop_at", "evaluable"), stops),
        Grid("characteristics", columns("true_rate", "stop_chance", "early_chance", "expected_n"), characteristics),
    )
