"""Under the pseudo-locale every word from the catalogues stands in ⟦…⟧: what stands outside escaped them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from support.app import PAGES, Open
from support.app_texts import texts_of, typed_texts

from saa_dash.i18n import PSEUDO
from saa_dash.protocol.benchmarks import load_benchmarks
from saa_dash.protocol.loader import load_protocol
from saa_dash.protocol.rules import load_rule_sets

# Names, codes and markup that are the same in every language.
NAMES = re.compile(
    r":[a-z]+-badge\[|:[a-z]+/[a-z_]+:|SAA Dash|SYNTHETIC DATA|模拟数据|ChiCTR\d+|\d{8}T\d{6}Z(-[0-9a-f]{8})?|"
    r"[0-9a-f]{12,}|P\d{2,}|n = |demo|中文|English|CSV|XLSX|ZIP|Hb|ᵀ|[A-Z]{2,}\d*|(?<!\w)[nR](?!\w)"
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


def _outside(text: str, known: Iterable[str]) -> str:
    """Return what is left of a text without bracketed parts, tags, names and symbols."""
    while "⟦" in text and re.search(r"⟦[^⟦⟧]*⟧", text):
        text = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    for words in known:
        text = text.replace(words, "")
    return NAMES.sub("", re.sub(r"<[^>]*>|&[a-z]+;", "", text))


@pytest.mark.parametrize("page", PAGES)
def test_no_word_on_a_page_escapes_the_catalogues(
    open_demo: Open, demo_dir: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("bar", "session", "url_state"):
        monkeypatch.setattr(f"saa_dash.ui.{module}.LANGUAGES", ("zh", "en", PSEUDO))
    monkeypatch.setattr("saa_dash.ui.bar._LANGUAGE_NAMES", {"zh": "中文", "en": "English", PSEUDO: "⟦⟧"})
    app = open_demo(page, PSEUDO)
    assert not app.exception
    known = [*_bilingual_data(), *typed_texts(demo_dir)]
    escaped = {text for text in texts_of(app) if any(letter.isalpha() for letter in _outside(text, known))}
    assert escaped == set()
