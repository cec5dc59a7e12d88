"""The registered facts are what the record says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from saa_dash.i18n.catalogue import LANGUAGES, has_key, render
from saa_dash.ingest.form import load_form
from saa_dash.model.vocabulary import Component
from saa_dash.protocol import load_protocol, protocol_hash
from saa_dash.protocol.loader import PROTOCOL_FILE
from saa_dash.protocol.reading import SettingsError


def test_identifiers_and_dates() -> None:
    protocol = load_protocol()
    assert protocol.registration.number == "ChiCTR2600117810"
    assert protocol.registration.registered == date(2026, 1, 29)
    assert protocol.registration.refreshed == date(2026, 2, 12)
    assert protocol.ethics.number == "IIT2025058-EC-1"
    assert protocol.ethics.approved == date(2025, 5, 9)
    assert protocol.planned_n == 10
    assert (protocol.age_min, protocol.age_max) == (18, 60)
    assert protocol.sexes == ("M", "F")
    assert (protocol.study_period.start, protocol.study_period.end) == (date(2026, 2, 1), date(2026, 10, 31))
    assert (protocol.recruiting.start, protocol.recruiting.end) == (date(2026, 2, 1), date(2026, 4, 30))
    assert protocol.title.zh == "标准免疫抑制疗法联合脐带血单个核细胞输注治疗重型再生障碍性贫血的探索性研究"


def test_period_includes_both_ends() -> None:
    recruiting = load_protocol().recruiting
    assert date(2026, 2, 1) in recruiting
    assert date(2026, 4, 30) in recruiting
    assert date(2026, 5, 1) not in recruiting


def test_interventions() -> None:
    protocol = load_protocol()
    ratg = protocol.intervention(Component.RATG)
    assert (ratg.dose, ratg.unit, ratg.per_kg, ratg.study_days) == (3.0, "mg", True, (1, 2, 3, 4, 5))
    csa = protocol.intervention(Component.CSA)
    assert (csa.dose, csa.per_kg, csa.starting_dose) == (5.0, True, True)
    assert csa.target is not None
    assert (csa.target.low, csa.target.high, csa.target.unit) == (150.0, 250.0, "ug/L")
    hetrombopag = protocol.intervention(Component.HPAG)
    assert (hetrombopag.dose, hetrombopag.per_kg, hetrombopag.months) == (15.0, False, 3)
    cells = protocol.intervention(Component.UCBMNC)
    assert (cells.dose, cells.unit, cells.per_kg, cells.days_after_atg) == (3.0, "10^8 cells", False, (2, 14))


def test_inclusion_is_blank_and_exclusion_numbered() -> None:
    protocol = load_protocol()
    assert protocol.inclusion == ()
    assert [item.number for item in protocol.exclusion] == list(range(1, 9))
    assert protocol.exclusion[7].text.zh == "其他研究者认为不适宜入组的患者"
    assert [check.kind for check in protocol.checks] == ["age", "disease", "consent", "recruiting"]


def test_the_form_asks_for_each_criterion() -> None:
    protocol = load_protocol()
    columns = {column.code for column in load_form().sheets["SUBJ"].columns}
    assert {item.code for item in protocol.exclusion} <= columns
    assert {check.code for check in protocol.checks if check.asked} <= columns


def test_every_registered_outcome() -> None:
    outcomes = {item.code: item for item in load_protocol().outcomes}
    kinds = {
        kind: [code for code, item in outcomes.items() if item.kind == kind]
        for kind in ("primary", "secondary", "safety", "objective")
    }
    assert kinds == {
        "primary": ["ORR", "CRR"],
        "secondary": ["RECOVERY_ANC", "RECOVERY_HGB", "RECOVERY_PLAT", "COMPLICATIONS", "RELAPSE"],
        "safety": ["AE", "SAE", "DEATH", "WITHDRAWAL", "LAB_ABNORMAL", "VITAL_SIGNS", "PHYSICAL_EXAM"],
        "objective": ["OS"],
    }
    assert outcomes["ORR"].weeks == (4, 8, 12)
    assert [item.offset for item in load_protocol().assessments] == [28, 56, 84]


def test_blank_fields_are_named() -> None:
    blanks = {item.code: item.setting for item in load_protocol().blanks}
    assert blanks["INCLUSION"] == ""
    assert blanks["RESPONSE_CRITERIA"] == "primary.criteria"
    assert blanks["STOPPING_RULE"] == "boundary"


def test_hash_ignores_comments_and_line_ends(tmp_path: Path) -> None:
    copy = tmp_path / "protocol.toml"
    copy.write_bytes(b"# another comment\r\n" + PROTOCOL_FILE.read_bytes().replace(b"\n", b"\r\n"))
    assert protocol_hash(copy) == protocol_hash()
    copy.write_text(PROTOCOL_FILE.read_text("utf-8").replace("planned_n = 10", "planned_n = 11"), "utf-8")
    assert protocol_hash(copy) != protocol_hash()


def test_wrong_file_names_every_key(tmp_path: Path) -> None:
    path = tmp_path / "protocol.toml"
    text = PROTOCOL_FILE.read_text("utf-8")
    text = text.replace("planned_n = 10", 'planned_n = "ten"').replace("end = 2026-04-30", "end = 2026-01-30")
    path.write_text(text.replace('component = "CSA"', 'component = "CICLO"'), "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_protocol(path)
    found = {(item.code, item.params["key"]) for item in caught.value.findings}
    assert found == {
        ("finding.type", "planned_n"),
        ("finding.before_start", "recruiting.end"),
        ("finding.choice", "interventions[2].component"),
    }
    for lang in LANGUAGES:
        assert "interventions[2].component" in render(caught.value.message, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_outcome_has_a_name(lang: str) -> None:
    assert all(has_key(lang, f"outcome.kind.{item.kind}") for item in load_protocol().outcomes)
