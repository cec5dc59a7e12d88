"""Under the pseudo-locale every word from the catalogues stands in ⟦…⟧: what stands outside escaped them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import PAGES, Open

from saa_dash.i18n import PSEUDO
from saa_dash.protocol.benchmarks import load_benchmarks
from saa_dash.protocol.loader import load_protocol
from saa_dash.protocol.rules import load_rule_sets
from saa_dash.store.cuts import resolve_cut
from saa_dash.store.reader import open_cut

# Names, codes and markup that are the same in every language.
NAMES = re.compile(
    r":[a-z]+-badge\[|:[a-z]+/[a-z_]+:|SAA Dash|SYNTHETIC DATA|模拟数据|ChiCTR\d+|\d{8}T\d{6}Z(-[0-9a-f]{8})?|"
    r"[0-9a-f]{12,}|P\d{2,}|n = |demo|中文|English|CSV|XLSX|ZIP|Hb|ᵀ|[A-Z]{2,}\d*"
)


def _bilingual_data() -> list[str]:
    """Return the words that stand in both languages in data files: rule sets, published cohorts, the registry."""
    rules = [text for rule in load_rule_sets().values() for text in (rule.title["zh"], rule.source["zh"])]
    cohorts = [text for cohort in load_benchmarks() for text in (cohort.label["zh"], cohort.citation)]
    registered = list(_texts_of(asdict(load_protocol())))
    return sorted(rules + cohorts + registered, key=len, reverse=True)


def _texts_of(node: object) -> Iterator[str]:
    """Yield the Chinese half of every bilingual text in nested values."""
    if isinstance(node, dict):
        if set(node) == {"zh", "en"}:
            yield str(node["zh"])
        else:
            for value in node.values():
                yield from _texts_of(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts_of(value)


def _typed(folder: Path) -> list[str]:
    """Return the names of adverse events as the demo's form codes them."""
    events = open_cut(folder, resolve_cut(folder, "latest").cut_id).table("AE")
    return sorted(set(events["AEDECOD"].dropna()), key=len, reverse=True)


def _outside(text: str, known: Iterable[str]) -> str:
    """Return what is left of a text without bracketed parts, tags, names and symbols."""
    while "⟦" in text and re.search(r"⟦[^⟦⟧]*⟧", text):
        text = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    for words in known:
        text = text.replace(words, "")
    return NAMES.sub("", re.sub(r"<[^>]*>|&[a-z]+;", "", text))


def _figure_texts(node: object) -> list[str]:
    """Return every text drawn in a figure: titles, ticks, annotations, hovers, labels."""
    if isinstance(node, dict):
        drawn = ("text", "hovertext", "ticktext")
        own = [v for k, v in node.items() if k in drawn]
        flat = [str(x) for v in own for x in (v if isinstance(v, list) else [v]) if isinstance(x, str)]
        return flat + [t for v in node.values() for t in _figure_texts(v)]
    if isinstance(node, list):
        return [t for v in node for t in _figure_texts(v)]
    return []


def _texts(app: AppTest) -> list[str]:
    kinds = ("markdown", "caption", "subheader", "header", "title", "info", "warning", "success", "error")
    texts = [str(e.value) for kind in kinds for e in app.get(kind)]
    for kind in ("button", "selectbox", "multiselect", "text_input", "number_input", "metric", "expander"):
        texts += [str(getattr(e, "label", "")) for e in app.get(kind)]
    texts += [option for box in app.selectbox for option in box.options]
    for table in app.table:
        texts += [str(text) for text in (*table.value.columns, *table.value.to_numpy().ravel())]
    for chart in app.get("plotly_chart"):
        texts += _figure_texts(json.loads(chart.proto.spec))
    return texts


@pytest.mark.parametrize("page", PAGES)
def test_no_word_on_a_page_escapes_the_catalogues(
    open_demo: Open, demo_dir: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("bar", "session", "url_state"):
        monkeypatch.setattr(f"saa_dash.ui.{module}.LANGUAGES", ("zh", "en", PSEUDO))
    monkeypatch.setattr("saa_dash.ui.bar._LANGUAGE_NAMES", {"zh": "中文", "en": "English", PSEUDO: "⟦⟧"})
    app = open_demo(page, PSEUDO)
    assert not app.exception
    known = [*_bilingual_data(), *_typed(demo_dir)]
    escaped = {text for text in _texts(app) if any(letter.isalpha() for letter in _outside(text, known))}
    assert escaped == set()
