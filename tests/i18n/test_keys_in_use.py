"""Every catalogue key that the code names exists in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from saa_dash.i18n import LANGUAGES, has_key
from saa_dash.i18n.catalogue import _catalogue

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


@cache
def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in SOURCES}


@cache
def _named() -> list[tuple[str, bool]]:
    return sorted({found for tree in _trees().values() for found in _keys(tree)})


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


def _filled() -> Iterator[tuple[str, str, set[str]]]:
    """Yield where, which key and which placeholders are given, of calls that name them all."""
    for path, tree in _trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or _name(node) not in SPEAKERS | ERRORS:
                continue
            given = {word.arg for word in node.keywords if word.arg}
            open_ended = any(word.arg is None for word in node.keywords)
            last = node.args[-1] if node.args else None
            key = str(last.value) if isinstance(last, ast.Constant) else ""
            if "." in key and " " not in key and not open_ended:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", key, given


def _asked(lang: str, key: str) -> set[str]:
    forms = [_catalogue(lang).get(form, "") for form in (key, f"{key}.one", f"{key}.other", f"{key}.remedy")]
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_placeholder_of_a_sentence_is_filled(lang: str) -> None:
    calls = list(_filled())
    assert len(calls) > 500
    lacking = {(where, key, name) for where, key, given in calls for name in _asked(lang, key) - given}
    assert lacking == set()
