"""Every catalogue key that the code names exists in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from saa_dash.i18n import LANGUAGES, has_key

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("saa_dash/**/*.py"), *ROOT.glob("pages/*.py")])
SPEAKERS = {"t", "say", "translate", "Message"}  # the key is their first text argument
ERRORS = {"UserError", "UsageError", "Refused", "EnvironmentProblem"}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _keys(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield each constant key and whether it is an error, which needs a remedy beside it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in SPEAKERS | ERRORS:
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            keys = [text for text in texts if "." in text and " " not in text]
            yield from ((key, _name(node) in ERRORS) for key in keys[:1])
        if isinstance(node, ast.Call) and _name(node) == "__init__" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and str(first.value).startswith("error."):
                yield str(first.value), True


def _named() -> list[tuple[str, bool]]:
    return sorted({found for path in SOURCES for found in _keys(ast.parse(path.read_text("utf-8")))})


def test_the_search_finds_the_keys_of_the_code() -> None:
    named = dict(_named())
    assert named["ui.bar.count"] is False
    assert named["error.patient_unknown"] is True
    assert len(named) > 150


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_the_code_names_is_in_the_catalogue(lang: str) -> None:
    missing = {key for key, _ in _named() if not has_key(lang, key)}
    assert missing == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_error_has_a_remedy(lang: str) -> None:
    missing = {key for key, is_error in _named() if is_error and not has_key(lang, f"{key}.remedy")}
    assert missing == set()
