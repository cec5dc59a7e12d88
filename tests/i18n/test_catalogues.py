"""Both languages say the same things with the same placeholders."""

from __future__ import annotations

import re
import string

import pytest

from saa_dash.i18n import LANGUAGES, PSEUDO, keys, render, term, translate
from saa_dash.i18n.catalogue import _catalogue
from saa_dash.model.message import Message
from saa_dash.model.vocabulary import Component, Origin, Severity, Visit


def _folded(names: frozenset[str]) -> set[str]:
    """Plural forms of one entry count as the entry."""
    return {name.removesuffix(".one").removesuffix(".other") for name in names}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _entries(lang: str) -> dict[str, str]:
    """The fullest form of each entry: that of `other` where there are plurals."""
    plain = {k: v for k, v in _catalogue(lang).items() if not k.endswith(".one")}
    return {k.removesuffix(".other"): v for k, v in plain.items()}


def test_both_languages_hold_the_same_entries() -> None:
    zh, en = _folded(keys("zh")), _folded(keys("en"))
    assert zh - en == set()
    assert en - zh == set()


def test_entries_have_the_same_placeholders_in_both_languages() -> None:
    zh, en = _entries("zh"), _entries("en")
    assert {k for k in zh if _placeholders(zh[k]) != _placeholders(en[k])} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_entry_is_empty(lang: str) -> None:
    assert {k for k, v in _catalogue(lang).items() if not v.strip()} == set()


def test_chinese_entries_are_chinese() -> None:
    """Words of the screen: an entry without a Chinese character is a name, a unit or a symbol."""
    latin_words = re.compile(r"[A-Za-z]{4,}\s+[A-Za-z]{3,}")
    screen = {k: v for k, v in _catalogue("zh").items() if k.startswith(("ui.", "chart.", "problem.", "error."))}
    english = {k for k, v in screen.items() if latin_words.search(v) and not re.search("[一-鿿]", v)}
    assert english == set()


@pytest.mark.parametrize("vocabulary", [Severity, Component, Visit])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_term(vocabulary: type, lang: str) -> None:
    for code in vocabulary:
        assert term(lang, vocabulary.__name__.lower(), code)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_origin_has_words(lang: str) -> None:
    for origin in Origin:
        assert translate(lang, f"ui.origin.{origin}")


def test_plural_follows_the_count() -> None:
    assert translate("en", "ui.data.errors", n=1) == "1 error: mend it, then publish."
    assert translate("en", "ui.data.errors", n=3) == "3 errors: mend them, then publish."
    assert translate("zh", "ui.data.errors", n=1) == "有 1 处错误，改正后再发布。"


def test_numbers_get_thin_spaces() -> None:
    assert translate("en", "ui.data.published", cut="c", subjects=10, rows=59580).count("59\u2009580") == 1


def test_a_nested_message_is_rendered_first() -> None:
    inner = Message("chart.week", {"n": 8})
    assert render(Message("ui.filter.age", {"low": inner, "high": 9}), "en") == "Week 8–9 years"


def test_pseudo_locale_brackets_what_comes_from_the_catalogue() -> None:
    assert translate(PSEUDO, "chart.week", n=4) == "⟦第 4 周⟧"


def test_an_unknown_key_is_a_defect() -> None:
    with pytest.raises(KeyError):
        translate("zh", "no.such.key")
