"""The words around a collected figure or table: its line of origin, its stamps, its legend."""

from __future__ import annotations

from collections.abc import Sequence

from ..i18n import translate
from ..model.provenance import Provenance
from .exhibit import Exhibit
from .footnotes import off_screen


def origin_line(lang: str, found: Provenance) -> str:
    """Return study, cut with its cut-off, n, filters and rule as one line."""
    filters = translate(lang, "provenance.filtered", filters=found.filters) if found.filters else ""
    parts = [
        found.study,
        translate(lang, "provenance.cut", cut=found.cut_id, date=found.cutoff),
        translate(lang, "provenance.n", n=found.selected, total=found.total),
        filters or translate(lang, "provenance.unfiltered"),
        translate(lang, "provenance.rule", rule=found.rule) if found.rule else "",
    ]
    return " · ".join(part for part in parts if part)


def stamps_of(lang: str, found: Provenance) -> list[str]:
    """Return what must be said of every exhibit: simulated data, not the primary setting."""
    synthetic = [translate(lang, "synthetic.badge")] if found.synthetic else []
    return synthetic + ([] if found.primary else [translate(lang, "figure.sensitivity")])


def heading_of(exhibit: Exhibit) -> str:
    """Return the presenter's own words, else the title of the page."""
    return exhibit.caption or exhibit.title


def legend_of(exhibit: Exhibit, number: int) -> str:
    """Return the legend of a figure in a paper: number, title, measure, method and marks, origin."""
    lang = exhibit.lang
    head = translate(lang, "takeaway.legend.figure", number=number, title=_closed(heading_of(exhibit), lang))
    own = [exhibit.title] if exhibit.caption else []
    body = [_closed(part, lang) for part in (*own, exhibit.subtitle, off_screen(exhibit.footnote, lang)) if part]
    told = [
        _closed(part, lang) for part in (*stamps_of(lang, exhibit.provenance), origin_line(lang, exhibit.provenance))
    ]
    blank = "" if lang == "zh" else " "
    return blank.join([head, *body, *told])


def title_of(exhibits: Sequence[Exhibit], lang: str, *more: str) -> str:
    """Return the title of a file: what it is, and of which studies, `more` among them."""
    studies = dict.fromkeys([*more, *(exhibit.provenance.study for exhibit in exhibits)])
    return translate(lang, "takeaway.title", study=" · ".join(studies))


def _closed(words: str, lang: str) -> str:
    """Return words that end as a sentence does."""
    words = words.strip()
    return words if not words or words[-1] in ".。!?！？" else words + ("。" if lang == "zh" else ".")
