"""Words for the traces of a figure: what stands in legends and in the workbook behind a chart."""

from __future__ import annotations

import re

from ...i18n import has_key, translate

_PARTS = re.compile(r"[-\s]")
_QUIET = ("marks", "share", "zero", "nothing", "why", "answers", "cells", "sums", "heads", "n")
_SHAPES = {"●": "full", "○": "hollow", "▽": "down", "△": "up"}
_LISTS = ("deck.series", "term.response", "chart.lineage", "chart.event", "cohort.event")


def series_name(code: str, lang: str) -> tuple[str, bool]:
    """Return what a trace is called, and whether it stands in a legend: what no catalogue names does not."""
    whole = _word(code, lang)
    if whole is not None:
        return whole, code not in _QUIET
    parts = [_word(part, lang) for part in _PARTS.split(code) if part]
    if len(parts) > 1 and all(part is not None for part in parts):
        return " · ".join(str(part) for part in parts), True
    return code, False


def _word(code: str, lang: str) -> str | None:
    if not re.fullmatch(r"[A-Za-z0-9_]+", code):
        return None
    key = next((f"{where}.{code}" for where in _LISTS if has_key(lang, f"{where}.{code}")), None)
    return None if key is None else translate(lang, key)


def mark_names(code: str, lang: str) -> dict[str, str]:
    """Return what each shape among the marks of a trace means, by the letter that looks like it; {} where none does."""
    keys = {glyph: f"deck.mark.{code}.{shape}".replace("-", "_") for glyph, shape in _SHAPES.items()}
    return {glyph: translate(lang, key) for glyph, key in keys.items() if has_key(lang, key)}
