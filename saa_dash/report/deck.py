"""The finished deck, in the order of a talk; and a deck of what was collected.

Source: order of a results talk: who, what was given, what it did, what it cost, what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..i18n import translate
from . import deck_efficacy as efficacy
from . import deck_end as end
from . import deck_safety as safety
from . import deck_trial as trial
from .deck_content import DeckContent
from .deck_teller import Teller, foot_line, speaker_notes, stamps_of
from .exhibit import TABLE, Exhibit
from .footnotes import off_screen
from .slides.slide import Block, Chart, Deck, Points, Rows, Slide
from .slides.words import plain


def finished_deck(content: DeckContent, lang: str) -> Deck:
    """Return the finished deck of a cut in a language."""
    teller = Teller(lang, content)
    slides = [
        trial.title_slide(teller),
        trial.glance(teller),
        trial.patient_flow(teller),
        trial.baseline_slide(teller),
        trial.swimmer_slide(teller),
        *efficacy.courses(teller),
        efficacy.response(teller),
        *efficacy.recovery(teller),
        *efficacy.survival(teller),
        *safety.events(teller),
        *safety.laboratory(teller),
        efficacy.benchmarks(teller),
        end.conclusions(teller),
        end.methods(teller),
        *end.visits(teller),
        *end.denominators(teller),
        *end.sensitivity(teller),
        *safety.complications_table(teller),
        *safety.terms(teller),
    ]
    return Deck(lang, slides[0].title, tuple(slides))


def exhibits_deck(exhibits: Sequence[Exhibit], lang: str, name: str = "", trial: str = "") -> Deck:
    """Return a deck of what was collected: a title, a slide for each, and where the numbers come from.

    Parameters
    ----------
    exhibits : at least one; each keeps the language it was collected in. name : what the presenter calls it.
    trial : its title, "" where it is not known.
    """
    studies = list(dict.fromkeys(item.provenance.study for item in exhibits))
    study = translate(lang, "deck.title.study", study=", ".join(studies))
    title = trial or study
    words = [part for part in (name, study) if part and part != title]
    slides = (_opening(exhibits, lang, title, words), *(_exhibit(item) for item in exhibits), _sources(exhibits, lang))
    return Deck(lang, title, slides)


def _opening(exhibits: Sequence[Exhibit], lang: str, title: str, words: Sequence[str]) -> Slide:
    cuts = dict.fromkeys((item.provenance.cut_id, item.provenance.cutoff) for item in exhibits)
    lines = [*words, *(translate(lang, "deck.title.cut", cut=cut, date=cutoff) for cut, cutoff in cuts)]
    lines += [translate(lang, "deck.tray.count", n=len(exhibits)), translate(lang, "deck.title.speaker")]
    found = exhibits[0].provenance
    return Slide(
        title, (Points(tuple(lines)),), speaker_notes(lang, title, found, ""), "", stamps=_stamps(exhibits, lang),
        opening=True,
    )  # fmt: skip


def _stamps(exhibits: Sequence[Exhibit], lang: str) -> tuple[str, ...]:
    """Return the stamps of any of them."""
    stamps = [stamp for item in exhibits for stamp in stamps_of(lang, item.provenance)]
    return tuple(dict.fromkeys(stamps))


def _exhibit(item: Exhibit) -> Slide:
    """Return the slide of one figure or table; the presenter's own words are its title where there are any."""
    title = item.caption or plain(item.title)  # the presenter's words stand as they were typed
    subtitle = plain(item.subtitle)
    if item.caption and item.title and plain(item.title) != title:
        subtitle = " · ".join(part for part in (plain(item.title), subtitle) if part)
    block: Block
    if item.kind == TABLE or not item.figure:
        block = Rows(item.table, title)
    else:
        block = Chart(item.figure, plain(item.alt or item.title), item.table)
    footnote = off_screen(plain(item.footnote), item.lang)
    notes = speaker_notes(item.lang, title, item.provenance, footnote)
    return Slide(
        title, (block,), notes, foot_line(item.lang, item.provenance), subtitle, footnote,
        stamps=stamps_of(item.lang, item.provenance),
    )  # fmt: skip


def _sources(exhibits: Sequence[Exhibit], lang: str) -> Slide:
    """Return where the numbers come from: cuts, rules, settings."""

    def say(key: str, **params: object) -> str:
        return translate(lang, key, **params)

    lines: list[str] = []
    for item in exhibits:
        found = item.provenance
        lines.append(
            say("deck.methods.hashes", cut=found.cut_id, content=found.content_hash[:12],
                settings=found.settings_hash[:12])
        )  # fmt: skip
        if found.rule:
            lines.append(say("deck.methods.rule", rule=found.rule))
    lines += [say("deck.methods.codes"), say("deck.tray.methods")]
    if len({item.provenance.cut_id for item in exhibits if item.patients}) > 1:
        lines.append(say("deck.tray.codes"))
    title, found = say("deck.methods.title"), exhibits[0].provenance
    notes = speaker_notes(lang, title, found, "")
    return Slide(
        title, (Points(tuple(dict.fromkeys(lines))),), notes, foot_line(lang, replace(found, filters="")),
        stamps=_stamps(exhibits, lang),
    )  # fmt: skip
