"""The form, its words in both languages, and the sentences of every finding."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import saa_dash.ingest
from saa_dash.i18n import catalogue
from saa_dash.ingest.codes import SEVERITIES
from saa_dash.ingest.form import bilingual_term, column_label, column_note, header, load_form, sheet_title
from saa_dash.ingest.text import fold
from saa_dash.ingest.units import lab_units, vital_units
from saa_dash.ingest.values import choice_words
from saa_dash.model import vocabulary
from saa_dash.model.schema import TABLES

FORM = load_form()


@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
@pytest.mark.parametrize("sheet", FORM.sheets.values(), ids=lambda sheet: sheet.code)
def test_every_sheet_and_column_has_words(lang: str, sheet: object) -> None:
    assert sheet_title(lang, sheet.code)
    assert all(column_label(lang, sheet, code) and column_note(lang, sheet, code) for code in sheet.codes)


def test_headers_of_a_sheet_are_distinct() -> None:
    for sheet in FORM.sheets.values():
        headers = [header(sheet, code) for code in sheet.codes]
        assert len(set(headers)) == len(headers)


def test_every_code_has_a_term_and_is_understood_in_every_wording() -> None:
    for name, codes in FORM.lists.items():
        words = choice_words(FORM, name)
        assert set(words.values()) == set(codes)
        for code in codes:
            for text in (
                code,
                bilingual_term(name, code),
                *(catalogue.term(lang, name, code) for lang in ("zh", "en")),
            ):
                assert words[fold(text)] == code


def test_terms_of_the_shared_vocabulary() -> None:
    lists = {
        "severity": vocabulary.Severity,
        "response": vocabulary.Response,
        "component": vocabulary.Component,
        "visit": vocabulary.Visit,
        "support_class": vocabulary.SupportClass,
        "complication": vocabulary.Complication,
        "causality": vocabulary.Causality,
        "action": vocabulary.ActionTaken,
        "outcome": vocabulary.Outcome,
        "disposition": vocabulary.Disposition,
        "origin": vocabulary.Origin,
        "lab_test": vocabulary.LAB_TESTS,
        "vital_sign": vocabulary.VITAL_SIGNS,
    }
    for name, codes in lists.items():
        for code in codes:
            assert all(catalogue.has_key(lang, f"term.{name}.{code}") for lang in catalogue.LANGUAGES), (name, code)


def test_columns_go_to_columns_of_the_schema() -> None:
    elsewhere = {"SUBJID", "LBTM", "VSTM"}  # become USUBJID and part of --DTC
    for sheet in FORM.sheets.values():
        for column in sheet.columns:
            if column.table != "IE" and column.code not in elsewhere:
                assert column.code in TABLES[sheet.table].columns, (sheet.code, column.code)


def test_every_test_has_units() -> None:
    assert set(lab_units()) == set(vocabulary.LAB_TESTS)
    assert set(vital_units()) == set(vocabulary.VITAL_SIGNS)


@pytest.mark.parametrize("lang", catalogue.LANGUAGES)
@pytest.mark.parametrize("code", SEVERITIES)
def test_every_finding_has_its_sentences(lang: str, code: str) -> None:
    for suffix in ("", ".expected", ".remedy"):
        assert catalogue.has_key(lang, f"problem.{code}{suffix}")


def test_no_sentences_without_a_finding() -> None:
    folder = Path(catalogue.__file__).parent / "zh"
    texts = [(folder / f"{name}.toml").read_text("utf-8") for name in ("problems", "sdtm", "mapper")]
    entries = [key for text in texts for key in tomllib.loads(text)["problem"]]
    assert {key.split(".")[0] for key in entries} - {"sdtm_more_rows"} == set(SEVERITIES)  # that one takes any severity


def test_every_registered_finding_is_made_somewhere() -> None:
    folder = Path(saa_dash.ingest.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.rglob("*.py") if path.name != "codes.py")
    unmade = {code for code in SEVERITIES if f'"{code}"' not in source and f'="{code}"' not in source}
    assert {code for code in unmade if not code.startswith("sdtm_test_absent_")} == set()  # made by test


def test_both_languages_ask_for_the_same_values() -> None:
    for code in SEVERITIES:
        for suffix in ("", ".expected", ".remedy"):
            key = f"problem.{code}{suffix}"
            fields = [set(re.findall(r"{(\w+)}", catalogue.translate(lang, key))) for lang in ("zh", "en")]
            assert fields[0] == fields[1], key
