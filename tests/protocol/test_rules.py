"""Rule sets say what their sources say."""

from __future__ import annotations

from pathlib import Path

import pytest

from saa_dash.i18n.catalogue import LANGUAGES, has_key
from saa_dash.model.rules import SaaDefinition, Threshold
from saa_dash.protocol import load_rule_sets
from saa_dash.protocol.reading import SettingsError

OWN = """
id = "house"
version = 1
mark = "L"
title = { zh = "本中心", en = "house" }
source = { zh = "本中心", en = "house" }
pr_needs_independence = false
"""


def test_order_and_which_can_be_chosen() -> None:
    enabled = {rule_id: rule.enabled for rule_id, rule in load_rule_sets().items()}
    assert list(enabled.items()) == [
        ("protocol", False),
        ("nih", True),
        ("race", True),
        ("camitta_ebmt", True),
        ("china_2022", False),
    ]


def test_marks() -> None:
    assert [rule.mark for rule in load_rule_sets().values()] == [None, "H", "M", "M", "L"]


def test_nih() -> None:
    nih = load_rule_sets()["nih"]
    assert nih.cr == (
        Threshold("ANC", strict=False, value=1.0),
        Threshold("HGB", strict=False, value=100.0),
        Threshold("PLAT", strict=False, value=100.0),
    )
    assert nih.saa == SaaDefinition(anc=0.5, plat=20.0, arc=None, max_below=1)
    assert (nih.pr_needs_independence, nih.confirm_days, nih.critver) == (False, None, "nih v1")


def test_race_is_strict_and_wants_independence() -> None:
    race = load_rule_sets()["race"]
    assert [(limit.test, limit.strict, limit.value) for limit in race.cr] == [
        ("ANC", True, 1.0),
        ("HGB", True, 100.0),
        ("PLAT", True, 100.0),
    ]
    assert (race.pr_needs_independence, race.confirm_days) == (True, None)


def test_camitta_is_sex_specific_and_confirmed() -> None:
    rule = load_rule_sets()["camitta_ebmt"]
    assert rule.cr == (
        Threshold("ANC", strict=True, value=1.5),
        Threshold("HGB", strict=False, male=130.0, female=115.0, use_lln=True),
        Threshold("PLAT", strict=True, value=150.0),
    )
    assert (rule.pr_needs_independence, rule.confirm_days) == (True, 28)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reasons_and_marks_have_words(lang: str) -> None:
    for rule in load_rule_sets().values():
        assert rule.title[lang]
        assert rule.enabled or has_key(lang, rule.why_not)
        assert rule.mark is None or has_key(lang, f"rules.mark.{rule.mark}")


def _own(tmp_path: Path, text: str) -> Path:
    (tmp_path / "criteria").mkdir()
    (tmp_path / "criteria" / "house.toml").write_text(text, "utf-8")
    return tmp_path


def test_a_teams_own_rule_is_listed_last_and_empty_ones_say_why(tmp_path: Path) -> None:
    rules = load_rule_sets(_own(tmp_path, OWN))
    assert list(rules)[-1] == "house"
    assert (rules["house"].enabled, rules["house"].why_not) == (False, "rules.why_not.empty")


def test_wrong_rule_file_lists_everything(tmp_path: Path) -> None:
    text = (
        OWN.replace('id = "house"', 'id = "hause"')
        + """
    [cr.ANC]
    value = 1.0
    [cr.HGB]
    strict = false
    value = 100
    male = 130
    female = 120
    """
    )
    with pytest.raises(SettingsError) as caught:
        load_rule_sets(_own(tmp_path, text))
    assert caught.value.message.code == "error.criteria_invalid"
    assert {(item.code, item.params["key"]) for item in caught.value.findings} == {
        ("finding.other_name", "id"),
        ("finding.missing", "cr.ANC.strict"),
        ("finding.one_limit", "cr.HGB.value"),
        ("finding.missing", "cr.PLAT"),
    }
