"""Words of one language for a document, and the line under each of its tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from ..analysis.proportions import Proportion
from ..charts.theme import Look
from ..i18n import render, translate
from ..model.message import Message
from ..model.provenance import Provenance
from ..model.rules import Bilingual
from .content import Grid, Ground, PackContent, Said

_WHOLE = 1000.0
HASH_SHOWN = 12  # characters of a hash under a table; the title page has all of it


@dataclass(frozen=True)
class Voice:
    """Says codes in a language.

    Parameters
    ----------
    content : what the document is about.
    """

    lang: str
    content: Ground

    @property
    def look(self) -> Look:
        """How figures are drawn: light, and nothing in them can be clicked."""
        return Look(self.lang, "light", opens=False)

    def say(self, key: str, /, **params: object) -> str:
        """Return a catalogue entry."""
        return translate(self.lang, key, **params)

    def value(self, said: Said) -> str:
        """Return anything that can be said."""
        if isinstance(said, Message):
            return render(said, self.lang)
        if isinstance(said, Bilingual):
            return said[self.lang]
        if isinstance(said, date):
            return said.isoformat()
        return self.say("methods.value.as_is", x=said) if isinstance(said, int | float) else str(said)

    def frame(self, grid: Grid) -> pd.DataFrame:
        """Return a grid in words."""
        rows = [[self.value(cell) for cell in row] for row in grid.rows]
        return pd.DataFrame(rows, columns=[self.value(name) for name in grid.columns])

    def joined(self, parts: list[str]) -> str:
        """Return the parts of an enumeration."""
        return self.say("ui.response.comma").join(parts)

    def listed(self, parts: Sequence[str]) -> str:
        """Return conditions after one another, those that are empty left out."""
        return self.say("pack.list.semicolon").join(part for part in parts if part)

    @property
    def rule(self) -> str:
        """The rule set in force, "" where response cannot be assessed: no rule decides there."""
        content = self.content
        if content.gap:
            return ""
        endpoint = content.endpoint
        origin = self.say(f"ui.origin.{endpoint.origin}")
        title = content.rules.title[self.lang]
        words = self.say("ui.rule.words", rules=title, origin=origin, days=endpoint.window_days)
        return words if content.primary else f"{words} · {self.say('ui.rule.sensitivity')}"

    @property
    def interval(self) -> str:
        """Name of the interval of a proportion."""
        return self.say(f"ui.interval.{self.content.settings.interval}")

    def source(self, *conditions: str, rule: str = "", provenance: Provenance | None = None) -> str:
        """Return cut, cut-off, n, filters, rule set and hashes as one line.

        Parameters
        ----------
        conditions : what restricts the rows. rule : that decided them. provenance : where not that of the content.
        """
        found = provenance or self.content.provenance
        found = replace(found, filters=self.listed([found.filters, *conditions]))
        filters = self.say("provenance.filtered", filters=found.filters) if found.filters else ""
        parts = [
            self.say("synthetic.badge") if found.synthetic else "",
            self.say("provenance.cut", cut=found.cut_id, date=found.cutoff),
            self.say("provenance.n", n=found.selected, total=found.total),
            filters or self.say("provenance.unfiltered"),
            self.say("provenance.rule", rule=rule or self.say("pack.no_rule")),
            self.say(
                "provenance.hash", content=found.content_hash[:HASH_SHOWN], settings=found.settings_hash[:HASH_SHOWN]
            ),
        ]
        return " · ".join(part for part in parts if part)

    def rate(self, rate: Proportion | None) -> tuple[str, str]:
        """Return x/n, and per cent with its limits; a rate that is not known says so."""
        if rate is None:
            return "–", self.say("ae.answer.not_recorded")
        if not rate.total:
            return f"{rate.events}/{rate.total}", self.say("ae.answer.nobody")
        shares = [f"{100 * share:.1f}" for share in (rate.estimate, rate.lower, rate.upper)]
        words = self.say("ae.rate.limits", percent=shares[0], lower=shares[1], upper=shares[2])
        return f"{rate.events}/{rate.total}", words


@dataclass(frozen=True)
class Speaker(Voice):
    """Says what is in a pack."""

    content: PackContent


def spread(median: float, low: float, high: float) -> str:
    """Return a median with its range, all with as many decimals as the one that has most; "–" without values."""
    if median != median:
        return "–"
    decimals = max(_decimals(value) for value in (median, low, high))
    shown = [_rounded(value, decimals) for value in (median, low, high)]
    return f"{shown[0]} ({shown[1]}–{shown[2]})"


def _decimals(value: float) -> int:
    """Return how many decimals a number has when it is written with four digits."""
    return 0 if abs(value) >= _WHOLE else len(f"{value:.4g}".partition(".")[2])


def _rounded(value: float, decimals: int) -> str:
    """Return a number, whole from a thousand on."""
    return f"{value:,.0f}".replace(",", "\u2009") if abs(value) >= _WHOLE else f"{value:.{decimals}f}"
