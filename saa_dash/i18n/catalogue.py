"""Catalogues: one folder of TOML files per language, looked up by dotted key.

A key of the tables ``[ui.overview]`` ``title = "…"`` is ``ui.overview.title``. Placeholders are ``{name}``. An entry
that depends on a count is a table of CLDR plural categories (``one``, ``other``), chosen by the parameter ``n``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal

from ..model.message import Message
from ..model.rules import Bilingual

LANGUAGES = ("zh", "en")
PSEUDO = "pseudo"  # for tests: the Chinese catalogue in ⟦…⟧ shows what escaped the catalogues

_LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale("en"), PSEUDO: Locale.parse("zh_CN")}
_ROOT = Path(__file__).parent
_EVENT_NAMES = "event_name"
_THIN_SPACE = "\u2009"


def _flatten(node: Mapping[str, object], prefix: str, out: dict[str, str]) -> None:
    for name, value in node.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            _flatten(value, key, out)
        else:
            if key in out:
                raise ValueError(f"catalogue key defined twice: {key}")
            out[key] = str(value)


@cache
def _catalogue(lang: str) -> Mapping[str, str]:
    entries: dict[str, str] = {}
    folder = "zh" if lang == PSEUDO else lang
    for path in sorted((_ROOT / folder).glob("*.toml")):
        _flatten(tomllib.loads(path.read_text("utf-8")), "", entries)
    return entries


def keys(lang: str) -> frozenset[str]:
    """Return every key of a language's catalogue."""
    return frozenset(_catalogue(lang))


def has_key(lang: str, key: str) -> bool:
    """Tell whether the catalogue holds `key` (or its plural forms)."""
    return key in _catalogue(lang) or f"{key}.other" in _catalogue(lang)


def _shown(value: object, lang: str) -> object:
    if isinstance(value, Message):
        return render(value, lang)
    if isinstance(value, Bilingual):
        return value[lang]
    if isinstance(value, tuple):  # several statements: one per line
        return "\n".join(str(_shown(item, lang)) for item in value)
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float):
        number = format_decimal(value, format="#,##0.######", locale=_LOCALES[lang])
        return number.replace(",", _THIN_SPACE)
    if isinstance(value, date):
        return value.isoformat()
    return value


def translate(lang: str, key: str, /, **params: object) -> str:
    """Return the sentence of `key` in `lang` with its placeholders filled.

    Parameters
    ----------
    lang : ``zh``, ``en`` or the pseudo-locale.
    params : values by placeholder; a `Message` is rendered first, a `Bilingual` text taken in its language, a tuple
        gives one line each, numbers get thin-space groups, dates ISO 8601.

    Raises
    ------
    KeyError : the catalogue has no such key (a defect: tests compare the catalogues).
    """
    entries = _catalogue(lang)
    if key not in entries:
        category = _LOCALES[lang].plural_form(params.get("n", 0))  # type: ignore[arg-type]
        plural = f"{key}.{category}"
        key = plural if plural in entries else f"{key}.other"
        if key not in entries:
            raise KeyError(f"no entry {key!r} in catalogue {lang!r}")
    text = entries[key]
    if params:
        text = text.format_map({name: _shown(value, lang) for name, value in params.items()})
    return f"⟦{text}⟧" if lang == PSEUDO else text


def render(message: Message, lang: str) -> str:
    """Return a `Message` as a sentence in `lang`."""
    return translate(lang, message.code, **dict(message.params))


def term(lang: str, vocabulary: str, code: object) -> str:
    """Return the word for a code of a list, e.g. ``term("zh", "severity", "VSAA")``; "" for a missing code."""
    if code is None or code != code or code == "":
        return ""
    return translate(lang, f"term.{vocabulary}.{code}")


def event_name(lang: str, text: object) -> str:
    """Return the name of an adverse event in `lang`, whichever language it was coded in.

    It stays as it was coded where that is `lang` already, or where the name is unknown.
    """
    if text is None or text != text:
        return ""
    coded = str(text).strip()
    code = _event_names().get(coded.casefold())
    named = term(lang, _EVENT_NAMES, code) if code else coded
    return coded if named.casefold() == coded.casefold() else named


@cache
def _event_names() -> Mapping[str, str]:
    head = f"term.{_EVENT_NAMES}."
    return {
        text.casefold(): key.removeprefix(head)
        for lang in LANGUAGES
        for key, text in _catalogue(lang).items()
        if key.startswith(head)
    }


def label(lang: str, vocabulary: str, code: object) -> str:
    """Like `term`, but gives a code that the list does not know back as it is (foreign studies)."""
    if code is None or code != code or code == "":
        return ""
    return term(lang, vocabulary, code) if has_key(lang, f"term.{vocabulary}.{code}") else str(code)
