"""No change is said with a bare code: every column has a label, every list its terms, in both languages."""

from __future__ import annotations

import pytest

from saa_dash.analysis import changed_rows, clinical_changes, event_changes
from saa_dash.i18n import LANGUAGES, has_key, keys, translate
from saa_dash.i18n.change_words import _LISTS, change_words, variable_label
from saa_dash.ingest.form import column_label, load_form
from saa_dash.model.change import GROUPS, MARKS, Cell, Change, Several, StudyDay, Variable, Word
from saa_dash.model.schema import TABLES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_is_said_in_the_words_of_the_form(lang: str) -> None:
    other = translate(lang, "changes.variable.other")
    for name, table in TABLES.items():
        for column in table.columns:
            if column != "USUBJID":
                assert variable_label(lang, Variable(name, column)) != other, (name, column)
    form = load_form()
    for sheet in form.sheets.values():
        code = {"TRANSF": "TRANSFUSION", "CSA": "CSA"}.get(sheet.code, "CONCOMITANT")
        for typed in sheet.columns:
            if typed.code != "SUBJID" and typed.code in TABLES[sheet.table].columns:
                words = variable_label(lang, Variable(sheet.table, typed.code, code))
                assert words == column_label(lang, sheet, typed.code)
    assert variable_label(lang, Variable("IE", "IEORRES", "EXCL02")) == translate(lang, "crf.SUBJ.EXCL02.label")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_groups_and_marks_have_words(lang: str) -> None:
    known = keys(lang)
    for vocabulary in set(_LISTS.values()):
        prefixes = (f"term.{vocabulary}.", f"changes.word.{vocabulary}.")
        assert any(key.startswith(prefixes) for key in known), vocabulary
    assert all(has_key(lang, f"changes.group.{group}") for group in GROUPS)
    assert all(has_key(lang, f"changes.{kind}.{mark}") for mark in MARKS for kind in ("sign", "mark"))
    tables = set(changed_rows._TABLES)
    assert tables == set(TABLES)
    assert all(has_key(lang, f"changes.word.table.{name}") for name in tables)
    sources = [module.__file__ or "" for module in (changed_rows, clinical_changes, event_changes)]
    text = "".join(open(path, encoding="utf-8").read() for path in sources)  # noqa: SIM115
    said = {key.removeprefix("changes.said.").removesuffix(".one").removesuffix(".other")
            for key in known if key.startswith("changes.said.")}  # fmt: skip
    parts = {code.replace("_undated", "") for code in said}
    assert all(f'"{code}"' in text or code.split("_", 1)[0] in ("sae", "event") for code in parts)


def test_sentences() -> None:
    change = Change(
        "value", "P09", "value_of",
        {"what": Several((Word("", "肺炎"),)), "variable": Variable("AE", "AESTDTC"),
         "old": StudyDay(3), "new": StudyDay(1, exact=False)},
    )  # fmt: skip
    assert change_words(change, "zh") == "肺炎·开始日期：第 3 天 → 第 1 天起（日期不完整）"
    assert change_words(change, "en") == "肺炎, Start date: day 3 → day 1 or later (partial date)"
    result = Change(
        "value", "P03", "result",
        {"what": Several((Word("lab_test", "ALT"), Word("lab_test", "AST")), 1),
         "old": Cell("LBORRES", "", "U/L"), "new": Cell("LBORRES", "<5", "U/L")},
    )  # fmt: skip
    assert change_words(result, "en") == "ALT, AST and 1 more empty → <5 U/L"
    foreign = Change("value", "P03", "value", {"variable": Variable("AE", "AEOUT"), "old": Cell("AEOUT", "FATAL"),
                                               "new": Cell("AEOUT", "NOT RECOVERED/NOT RESOLVED")})  # fmt: skip
    assert change_words(foreign, "en") == "Outcome: Fatal → NOT RECOVERED/NOT RESOLVED"
