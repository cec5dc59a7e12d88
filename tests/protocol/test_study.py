"""Settings: defaults, the template, and what a wrong file says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from saa_dash.i18n.catalogue import LANGUAGES, render
from saa_dash.model.settings import BoundarySettings, EndpointSettings, StudySettings
from saa_dash.model.vocabulary import Origin
from saa_dash.protocol import load_study, settings_hash
from saa_dash.protocol.reading import SettingsError
from saa_dash.protocol.study import TEMPLATE

OWN_RULE = """
id = "protocol"
version = 2
title = { zh = "本方案标准", en = "the protocol's own rule" }
source = { zh = "研究方案 V2", en = "study protocol V2" }
pr_needs_independence = true
[cr.ANC]
value = 1.5
strict = false
[cr.HGB]
male = 120
female = 110
strict = false
[cr.PLAT]
value = 100
strict = true
"""


def _write(folder: Path, text: str) -> Path:
    (folder / "study.toml").write_text(text, "utf-8")
    return folder


def _findings(folder: Path) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load_study(folder)
    for lang in LANGUAGES:  # every sentence can be said
        sentence = render(caught.value.message, lang) + render(caught.value.remedy, lang)
        assert "study.toml" in sentence
        assert "{" not in sentence
    return {str(item.params.get("key", "")): item.code.removeprefix("finding.") for item in caught.value.findings}


def test_absent_file_gives_defaults(tmp_path: Path) -> None:
    settings = load_study(tmp_path)
    assert settings == StudySettings()
    assert settings.primary == EndpointSettings("nih", Origin.ATG_START, 7, "value_valid", 60.0, 7, 35)
    assert settings.boundary is None


def test_template_as_it_is_gives_defaults(tmp_path: Path) -> None:
    assert load_study(_write(tmp_path, TEMPLATE.read_text("utf-8"))) == StudySettings()


def test_template_shows_every_setting_and_its_default(tmp_path: Path) -> None:
    opened = re.sub(r"(?m)^#(?=\[|\w+ = )", "", TEMPLATE.read_text("utf-8"))
    settings = load_study(_write(tmp_path, opened))
    assert settings == StudySettings(
        boundary=BoundarySettings("death_100d", 0.2, 0.4, 1.6, 0.9),
        signed_by="姓名 Name",
        signed_on=date(2026, 2, 1),
        efficacy_cutoff=date(2026, 6, 30),
        safety_cutoff=date(2026, 6, 30),
    )


def test_values_are_read(tmp_path: Path) -> None:
    text = """
    version = 3
    signed_by = "张医生"
    signed_on = 2026-03-01
    [primary]
    criteria = "camitta_ebmt"
    origin = "first_infusion"
    window_days = 3
    independence = "28"
    arc_cut = 20
    [treatment]
    hetrombopag_days = 84
    cell_dose_per_infusion = false
    """
    settings = load_study(_write(tmp_path, text))
    assert settings.primary == EndpointSettings("camitta_ebmt", Origin.FIRST_INFUSION, 3, "28", 20.0, 7, 35)
    assert (settings.hetrombopag_days, settings.cell_dose_per_infusion) == (84, False)
    assert (settings.version, settings.signed_by, settings.signed_on) == (3, "张医生", date(2026, 3, 1))


def test_all_findings_at_once(tmp_path: Path) -> None:
    text = """
    version = "x"
    signed_by = "张医生"
    primry = 1
    [primary]
    criteria = "china_2022"
    origin = "day_one"
    window_days = true
    window_dys = 3
    arc_cut = 1000
    confirm_min = 40
    [boundary]
    event = "death"
    theta = 1.5
    prior_a = 0.4
    prior_b = 1.6
    [masking]
    zzz = 1
    """
    assert _findings(_write(tmp_path, text)) == {
        "version": "type",
        "signed_on": "signature",
        "primry": "unknown_near",
        "primary.criteria": "criteria_empty",
        "primary.origin": "choice",
        "primary.window_days": "type",
        "primary.window_dys": "unknown_near",
        "primary.arc_cut": "range",
        "primary.confirm_max": "below_min",
        "boundary.theta": "range",
        "boundary.cutoff": "missing",
        "masking.zzz": "unknown",
    }


@pytest.mark.parametrize(
    ("text", "key", "finding"),
    [
        ('[primary]\ncriteria = "nhi"', "primary.criteria", "choice"),
        ('[primary]\ncriteria = "protocol"', "primary.criteria", "criteria_empty"),
        ("[primary]\nwindow_days = 14", "primary.window_days", "range"),
        ("[primary]\nwindow_days = 7.5", "primary.window_days", "type"),
        ("[primary]\narc_cut = nan", "primary.arc_cut", "range"),
        ('[cutoffs]\nefficacy = "2026-06-30"', "cutoffs.efficacy", "type"),
        ("[cutoffs]\nsafety = 2026-06-30T08:00:00", "cutoffs.safety", "type"),
        ("primary = 3", "primary", "type"),
        ("[primary", "", "syntax"),
    ],
)
def test_one_finding(tmp_path: Path, text: str, key: str, finding: str) -> None:
    assert _findings(_write(tmp_path, text)) == {key: finding}


def test_window_of_thirteen_days_is_permitted(tmp_path: Path) -> None:
    assert load_study(_write(tmp_path, "[primary]\nwindow_days = 13")).primary.window_days == 13


def test_byte_order_mark_is_welcome_and_other_encodings_are_named(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes("\ufeffversion = 2".encode())
    assert load_study(tmp_path).version == 2
    path.write_bytes('signed_by = "张医生"'.encode("gb18030"))
    assert _findings(tmp_path) == {"": "encoding"}


def test_own_rule_can_be_chosen_once_entered(tmp_path: Path) -> None:
    (tmp_path / "criteria").mkdir()
    (tmp_path / "criteria" / "protocol.toml").write_text(OWN_RULE, "utf-8")
    settings = load_study(_write(tmp_path, '[primary]\ncriteria = "protocol"'))
    assert settings.primary.criteria == "protocol"


def test_hash_follows_settings_and_own_rules(tmp_path: Path) -> None:
    base = load_study(tmp_path)
    assert settings_hash(base) == settings_hash(StudySettings())
    wider = replace(base, primary=replace(base.primary, window_days=10))
    assert settings_hash(wider) != settings_hash(base)
    (tmp_path / "criteria").mkdir()
    own = tmp_path / "criteria" / "protocol.toml"
    own.write_text(OWN_RULE, "utf-8")
    first = settings_hash(load_study(tmp_path))
    own.write_text(OWN_RULE.replace("1.5", "1.6"), "utf-8")
    assert len({settings_hash(base), first, settings_hash(load_study(tmp_path))}) == 3
