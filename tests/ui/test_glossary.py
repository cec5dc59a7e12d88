"""Terms are explained where they are met."""

from __future__ import annotations

import pytest

from saa_dash.i18n import LANGUAGES, translate
from saa_dash.i18n.catalogue import keys
from saa_dash.ui import glossary


def explained(monkeypatch: pytest.MonkeyPatch, lang: str, *texts: str) -> list[str]:
    monkeypatch.setattr(glossary, "language", lambda: lang)
    told = glossary.explain(*texts)
    return [] if told is None else [line.split("**")[1] for line in told.split("\n\n")]


def test_terms_are_told_in_the_order_they_are_met(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "CRR and ORR at week 12, exact interval (Clopper-Pearson); PRECISE and NEAR are no terms"
    told = ["Complete response rate (CRR)", "Overall response rate (ORR)", "Exact (Clopper–Pearson) interval"]
    assert explained(monkeypatch, "en", text) == told
    assert explained(monkeypatch, "zh", "第 12 周ORR，", "删失者标竖线") == ["总反应率（ORR）", "删失"]
    assert explained(monkeypatch, "zh", "没有") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_finds_its_own_entry(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    entries = [key.removesuffix(".forms") for key in keys(lang) if key.startswith("glossary.") and "forms" in key]
    assert len(entries) > 30
    for entry in entries:
        title = translate(lang, f"{entry}.text").split("**")[1]
        for form in translate(lang, f"{entry}.forms").split("|"):
            assert title in explained(monkeypatch, lang, form), form
