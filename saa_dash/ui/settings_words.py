"""The settings in force, in words."""

from __future__ import annotations

from ..analysis.results import Curve
from ..services.context import View
from ..services.gaps import Gaps
from .words import language, t


def rule_words(view: View) -> str:
    """Return rule set, origin and window as one phrase, with the mark of what is not the protocol's own."""
    rules = view.rules
    words = t(
        "ui.rule.words",
        rules=rules.title[language()],
        origin=t(f"ui.origin.{view.endpoint.origin}"),
        days=view.endpoint.window_days,
    )
    if not view.primary:
        words += " · " + t("ui.rule.sensitivity")
    return words


def rule_shown(view: View, held: Gaps) -> str:
    """Return `rule_words`, "" where the cut does not allow response to be assessed: no rule decides there."""
    return "" if held.response else rule_words(view)


def interval_words(view: View) -> str:
    """Return the name of the binomial interval."""
    return t(f"ui.interval.{view.settings.interval}")


def curve_method(curve: Curve) -> str:
    """Return estimator and limits of a curve."""
    key = "method.aalen_johansen" if curve.competing else "method.kaplan_meier"
    return t(key, level=95, conf_type=t(f"method.conf_type.{curve.conf_type}"))
