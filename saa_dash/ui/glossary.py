"""Terms explained on hover where they stand."""

from __future__ import annotations

import re
from functools import cache

from ..i18n import translate
from ..i18n.catalogue import keys
from .words import language

_MOST = 8  # terms told at once; more would be read by nobody
_END = ".forms"


def explain(*texts: str) -> str | None:
    """Return what the terms in texts mean, in the session's language and in the order they are met, as markdown.

    None where no term is met.
    """
    lang, text = language(), " ".join(texts)
    met = sorted((found.start(), entry) for entry, form in _terms(lang) if (found := form.search(text)))
    lines = [translate(lang, f"{entry}.text") for _, entry in met[:_MOST]]
    return "\n\n".join(lines) or None


@cache
def _terms(lang: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return each entry with what finds it; a form in Latin letters stands as a word of its own."""
    entries = sorted(key.removesuffix(_END) for key in keys(lang) if key.startswith("glossary.") and key.endswith(_END))
    return [(entry, _pattern(translate(lang, f"{entry}{_END}").strip("⟦⟧").split("|"))) for entry in entries]


def _pattern(forms: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])" for form in forms))
