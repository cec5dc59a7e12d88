"""The names that columns, tables and values are known by: form, laboratory names and synonyms together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ...i18n.catalogue import LANGUAGES
from ..form import column_label, load_form, sheet_title
from ..lis_names import TestNames, is_unit
from ..recognise import test_aliases
from ..text import fold, header_keys
from .mapping import LONG, VISIT, test_targets

_FILE = Path(__file__).with_name("synonyms.toml")
SURE, KNOWN, SIMILAR = 0.97, 0.9, 0.75  # confidence of a label of the form, a synonym, the same word misspelt
_LEAST_ALIKE = 0.84
_SHORTEST_ALIKE = 5  # characters; shorter words are alike by chance
_SPLIT = re.compile(r"[\s_]+")
_ARM = re.compile(r"_arm_\d+$|\(arm \d+:.*\)$", re.IGNORECASE)
_WEEK = re.compile(r"(?:week|wk|w|第)[\s_-]*(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})[\s_-]*(?:weeks?|wks?|w|周)(?![a-z])")
_MONTH = re.compile(r"(?:month|mo|m)[\s_-]*(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})[\s_-]*(?:months?|个月|月)")
_DAY = re.compile(r"(?:day|d)[\s_-]*(\d{1,3})(?!\d)")
_NAMED = (
    ("UNSCHEDULED", ("unscheduled", "unplanned", "计划外", "非计划")),
    ("SCREENING", ("screen", "筛选")),
    ("BASELINE", ("baseline", "基线", "bsl", "enrolment", "enrollment")),
)
_WEEKS_PER_MONTH = 4  # as the visits are counted: month 3 is week 12


class Match(NamedTuple):
    """A target that a header names, how sure that is (0…1) and why."""

    target: str
    confidence: float
    reason: str


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def generic_words() -> Mapping[str, Match]:
    """Return the words of columns that serve every sheet, and of a table with one result per row."""
    return _section_words("generic") | {}


def long_words() -> Mapping[str, Match]:
    """Return the words of the columns of a table with one result per row."""
    return _section_words("long")


@cache
def _section_words(section: str) -> dict[str, Match]:
    words: dict[str, Match] = {}
    for target, names in _raw()[section].items():
        for name in (target, *names):
            words.setdefault(fold(name), Match(target, KNOWN, "synonym"))
    return words


@cache
def sheet_words(code: str) -> Mapping[str, Match]:
    """Return the words of the columns of a sheet, targets ``SHEET.COLUMN``."""
    sheet = load_form().sheets[code]
    words: dict[str, Match] = {}
    for column in sheet.all_columns:
        target = f"{code}.{column.code}"
        labels = (column.code, *(column_label(lang, sheet, column.code) for lang in LANGUAGES))
        bilingual = (f"{labels[1]} {labels[2]}", f"{labels[2]} {labels[1]}")
        for name in (*labels, *bilingual, *(test_aliases().get(column.code, ()) if code == "LAB" else ())):
            for key in header_keys(name):
                words.setdefault(key, Match(target, SURE, "label"))
    for name, synonyms in _raw().get(code, {}).items():
        for word in synonyms:
            words.setdefault(fold(word), Match(f"{code}.{name}", KNOWN, "synonym"))
    return words


def forms_of(header: str) -> Iterator[str]:
    """Yield the comparison forms of a header: whole, without brackets, without a unit or a prefix at its ends."""
    yield from header_keys(header)
    plain = re.sub(r"[\[(（【].*?[\])）】]", " ", header)
    parts = [part for part in _SPLIT.split(plain.strip()) if part]
    if len(parts) < 2:
        return
    for last in range(len(parts) - 1, 0, -1):
        tail = parts[last:]
        if is_unit("/".join(tail)) or is_unit("".join(tail)):
            yield fold("".join(parts[:last]))
    yield fold("".join(parts[1:]))  # ae_term, lab_hgb


def matches(header: str, words: Mapping[str, Match]) -> Match | None:
    """Return what a header names among `words`: exactly, else by the most similar word; None where nothing is."""
    forms = list(dict.fromkeys(forms_of(header)))
    for number, form in enumerate(forms):
        found = words.get(form)
        if found is not None:
            return found if number < 2 else found._replace(confidence=found.confidence - 0.05)
    if "%" in header:
        return None  # NEUT% is not NEUT
    for form in forms[:2]:
        if len(form) >= _SHORTEST_ALIKE:
            near = get_close_matches(form, words, n=1, cutoff=_LEAST_ALIKE)
            if near:
                ratio = SequenceMatcher(None, form, near[0]).ratio()
                return words[near[0]]._replace(confidence=SIMILAR * ratio, reason="similar")
    return None


@cache
def _all_words() -> frozenset[str]:
    known = set(generic_words()) | set(long_words())
    return frozenset(known.union(*(sheet_words(code) for code in load_form().sheets)))


@cache
def is_known(header: str) -> bool:
    """Tell whether some column is known by this name."""
    return any(form in _all_words() for form in forms_of(header))


@cache
def sheet_by_name(name: str) -> str:
    """Return the sheet that a table of this name holds, "" where its name does not tell."""
    words: dict[str, str] = {}
    for code in load_form().sheets:
        for word in (code, *(sheet_title(lang, code) for lang in LANGUAGES), *_raw()["sheets"].get(code, ())):
            words.setdefault(fold(word), code)
    plain = re.sub(r"[\W\d_]+", " ", name).strip()
    return words.get(fold(name)) or words.get(fold(plain)) or ""


def value_words(list_name: str) -> Mapping[str, str]:
    """Return further words of a code list: folded word → code."""
    entries = _raw()["values"].get(list_name, {})
    return {fold(word): code for code, words in entries.items() for word in words}


def visit_of(text: str) -> str:
    """Return the visit that an event or visit name means, "" where it names none of the form's."""
    plain = _ARM.sub("", text.strip()).casefold()
    visits = load_form().lists["visit"]
    for code, words in _NAMED:
        if any(word in plain for word in words):
            return code
    for pattern, weeks in ((_WEEK, 1.0), (_MONTH, _WEEKS_PER_MONTH), (_DAY, 1 / 7)):
        match = pattern.search(plain)
        if match:
            number = float(next(group for group in match.groups() if group)) * weeks
            code = f"W{number:.0f}" if number.is_integer() and number else "BASELINE" if number == 0 else ""
            return code if code in visits else ""
    return ""


@cache
def _names() -> TestNames:
    return TestNames({})


@cache
def test_of(name: str) -> str:
    """Return the target that a test's name means, "" for an unknown name; a drug level needs its time point."""
    for key in header_keys(name):
        sign = sheet_words("VS").get(key)
        if sign is not None and sign.target in test_targets():
            return sign.target
    code = _names().code(name)
    if code == "CSA":
        trough = re.search(r"trough|谷|c0", name, re.IGNORECASE)
        peak = re.search(r"peak|峰|c2", name, re.IGNORECASE)
        return "CSA.C0" if trough else "CSA.C2" if peak else ""
    if code:
        return f"LAB.{code}"
    found = matches(name, sheet_words("LAB"))
    return found.target if found and found.confidence >= KNOWN - 0.05 and found.target in test_targets() else ""


test_of.__test__ = False  # type: ignore[attr-defined]  # no test, whatever its name looks like
RESERVED = frozenset((*LONG, VISIT))
