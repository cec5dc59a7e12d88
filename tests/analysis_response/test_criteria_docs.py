"""The pages on response criteria say what the rule files and the spec say, in both languages."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("criteria_docs", ROOT / "tools" / "criteria_docs.py")
assert _spec is not None and _spec.loader is not None
criteria_docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(criteria_docs)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_are_up_to_date(lang: str) -> None:
    assert criteria_docs.FILES[lang].read_text("utf-8") == criteria_docs.render_criteria(lang)


def test_a_changed_threshold_would_show() -> None:
    page = criteria_docs.render_criteria("en")
    assert "| `nih` NIH | ≥ 1 | ≥ 100 | ≥ 100 | no longer SAA, not CR | H |" in page
