"""How a deck tells: the line at the foot of each slide, its stamps, and what the speaker reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..analysis.proportions import Proportion
from ..analysis.results import Curve
from ..charts.strips import rate_text
from ..charts.view import FigureView
from ..i18n import translate
from ..model.provenance import Provenance
from .deck_content import DeckContent
from .footnotes import off_screen
from .slides.slide import Block, Chart, Slide
from .slides.words import plain
from .speaker import Voice

_CUT_SHOWN = 15  # characters of a cut's id at the foot of a slide; the notes have all of it


@dataclass(frozen=True)
class Told:
    """What stands around a slide.

    Parameters
    ----------
    method : name of estimator and interval. sentence : to be said, the title where it is "". rule : the rule set
        decides what is shown. rules : in its place where several do. conditions : what restricts the rows.
        provenance : where not that of the content. of : patients the slide is about, the treated where it is None.
    """

    subtitle: str = ""
    footnote: str = ""
    method: str = ""
    sentence: str = ""
    rule: bool = False
    rules: str = ""
    conditions: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    stacked: bool = False
    provenance: Provenance | None = None
    of: int | None = None


@dataclass(frozen=True)
class Teller(Voice):
    """Tells of the contents of a finished deck."""

    content: DeckContent

    def slide(self, title: str, blocks: Sequence[Block], told: Told) -> Slide:
        """Return a slide with its foot, stamps and notes."""
        found = told.provenance or self.content.provenance
        found = replace(
            found,
            selected=self.content.flow.treated if told.of is None else told.of,
            filters=self.listed([found.filters, *told.conditions]),
            rule=told.rules or (self.rule if told.rule else ""),
        )
        return Slide(
            title=plain(title),
            blocks=tuple(blocks),
            notes=speaker_notes(self.lang, told.sentence or plain(title), found, told.method),
            foot=foot_line(self.lang, found),
            subtitle=told.subtitle,
            footnote=told.footnote,
            shares=told.shares,
            stamps=self.stamps(found),
            stacked=told.stacked,
        )

    def stamps(self, found: Provenance) -> tuple[str, ...]:
        """Return the stamps of a slide; where patients of several arms are counted together, that is one of them."""
        arms = len(self.content.flow.arms)
        return (*stamps_of(self.lang, found), *((self.say("deck.pooled", n=arms),) if arms > 1 else ()))

    def figure(self, view: FigureView, told: Told, *, title: str = "") -> Slide:
        """Return a slide with one figure; its own title is the finding."""
        told = replace(
            told,
            subtitle=told.subtitle or plain(view.subtitle),
            footnote=told.footnote or off_screen(plain(view.footnote), self.lang),
        )
        return self.slide(title or view.title, [chart_of(view)], told)

    def limits(self, rate: Proportion, *, printable: bool = True) -> str:
        """Return x/n, per cent and limits."""
        return rate_text(rate, self.look, printable=printable)

    def curve_method(self, curve: Curve) -> str:
        """Return estimator and limits of a curve."""
        key = "method.aalen_johansen" if curve.competing else "method.kaplan_meier"
        return self.say(key, level=95, conf_type=self.say(f"method.conf_type.{curve.conf_type}"))


def chart_of(view: FigureView) -> Chart:
    """Return a figure as it stands on a slide."""
    figure = json.loads(view.figure.to_json(validate=False))
    return Chart(figure, plain(view.alt or view.title), view.table)


def foot_line(lang: str, found: Provenance) -> str:
    """Return cut, cut-off and n as one line."""
    parts = [
        found.study,
        translate(lang, "provenance.cut", cut=found.cut_id[:_CUT_SHOWN], date=found.cutoff),
        translate(lang, "provenance.n", n=found.selected, total=found.total),
    ]
    if found.filters:
        parts.append(translate(lang, "provenance.filtered", filters=found.filters))
    return " · ".join(parts)


def stamps_of(lang: str, found: Provenance) -> tuple[str, ...]:
    """Return what is stamped on a slide: synthetic data, not the primary setting."""
    stamps = [translate(lang, "synthetic.badge")] if found.synthetic else []
    if not found.primary:
        stamps.append(translate(lang, "deck.sensitivity"))
    return tuple(stamps)


def speaker_notes(lang: str, sentence: str, found: Provenance, method: str) -> tuple[str, ...]:
    """Return what the speaker reads: the sentence to say, n, method, cut, filters, rule."""

    def say(key: str, **params: object) -> str:
        return translate(lang, f"deck.notes.{key}", **params)

    cut = translate(lang, "provenance.cut", cut=found.cut_id, date=found.cutoff)
    filters = found.filters or translate(lang, "provenance.unfiltered")
    lines = [
        say("sentence", words=sentence),
        say("n", n=found.selected, total=found.total),
        say("method", method=method or say("counted")),
        say("cut", cut=cut),
        say("filters", filters=filters),
        say("rule", rule=found.rule or translate(lang, "pack.no_rule")),
    ]
    if found.synthetic:
        lines.append(say("synthetic"))
    return tuple(lines)
