"""The methods page says every setting, outcome, rule set, look-back and threshold in force, in both languages."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import PAGES, Open

from saa_dash.analysis.recovery import THRESHOLDS
from saa_dash.analysis.support import LOOK_BACK
from saa_dash.i18n import LANGUAGES, render, translate
from saa_dash.model.filters import EndpointChoice
from saa_dash.model.message import Message
from saa_dash.model.principal import local_principal
from saa_dash.model.rules import Bilingual
from saa_dash.model.settings import EndpointSettings, StudySettings
from saa_dash.protocol.benchmarks import load_benchmarks
from saa_dash.protocol.ctcae import load_ctcae
from saa_dash.protocol.loader import load_protocol
from saa_dash.protocol.rules import load_rule_sets
from saa_dash.services.context import Request, open_view
from saa_dash.services.methods import MethodsPage, methods_page
from saa_dash.services.methods_blocks import Cell, Facts, Formula, Grid, PageRef
from saa_dash.services.methods_settings import setting_rows

SECTIONS = ["trial", "settings", "response", "support", "times", "statistics", "safety", "data"]
BOUNDARY = """
version = 2
signed_by = "Wang"
signed_on = 2026-03-01
[primary]
window_days = 10
[boundary]
event = "death_100d"
theta = 0.2
prior_a = 0.4
prior_b = 1.6
cutoff = 0.9
"""


def page_of(folder: Path, **choice: object) -> MethodsPage:
    """Return the methods of the demo cut."""
    request = Request(folder, "latest", endpoint=EndpointChoice(**choice))  # type: ignore[arg-type]
    return methods_page(local_principal(), open_view(local_principal(), request))


def shown(cell: Cell, lang: str) -> str:
    """Return one cell in a language."""
    if isinstance(cell, Message):
        return render(cell, lang)
    return cell[lang] if isinstance(cell, Bilingual) else cell.name if isinstance(cell, PageRef) else str(cell)


def rows_of(page: MethodsPage, code: str, lang: str = "en") -> list[list[str]]:
    """Return the rows of a table as text."""
    grids = [b for s in page.sections for p in s.parts for b in p.blocks if isinstance(b, Grid)]
    return [[shown(cell, lang) for cell in row] for grid in grids if grid.code == code for row in grid.rows]


def facts_of(page: MethodsPage, part: str, lang: str = "en") -> dict[str, str]:
    """Return the facts of a part by name."""
    found = [b for s in page.sections for p in s.parts if p.code == part for b in p.blocks if isinstance(b, Facts)]
    return {render(name, lang): shown(value, lang) for block in found for name, value in block.rows}


def told(page: MethodsPage, part: str, lang: str = "en") -> str:
    """Return the statements of a part."""
    blocks = [b for s in page.sections for p in s.parts if p.code == part for b in p.blocks]
    return "\n".join(render(line, lang) for block in blocks for line in getattr(block, "lines", ()))


def on_screen(app: AppTest) -> str:
    """Return everything in tables and statements, as read."""
    cells = [str(x) for table in app.table for x in table.value.to_numpy().ravel()]
    return "\n".join([*(m.value for m in app.markdown), *cells]).replace("\\", "")


def _keys(kind: type) -> set[str]:
    """Return the names of a settings class, of nested ones their fields."""
    default = kind()
    parts = {f.name: getattr(default, f.name) for f in fields(kind)}
    return {n for name, value in parts.items() for n in (_keys(type(value)) if is_dataclass(value) else {name})}


def test_every_setting_appears(demo_dir: Path) -> None:
    rows = setting_rows(open_view(local_principal(), Request(demo_dir, "latest")))
    named = {row.key.rpartition(".")[2] for row in rows}
    renamed = {"efficacy": "efficacy_cutoff", "safety": "safety_cutoff"}
    assert {renamed.get(name, name) for name in named} == _keys(EndpointSettings) | _keys(StudySettings)
    page = page_of(demo_dir)
    assert len(rows_of(page, "endpoint")) + len(rows_of(page, "study")) == len(rows) == 23


def test_sections_in_order(demo_dir: Path) -> None:
    assert [section.code for section in page_of(demo_dir).sections] == SECTIONS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_registered_outcome_has_its_time_points_and_page(demo_dir: Path, lang: str) -> None:
    rows = rows_of(page_of(demo_dir), "outcomes", lang)
    assert [row[1] for row in rows] == [outcome.title[lang] for outcome in load_protocol().outcomes]
    silent = {"zh": "方案未规定", "en": "Not specified in the protocol"}[lang]
    assert {row[2] for row in rows} == {{"zh": "治疗后第 4、8、12 周", "en": "Weeks 4, 8, 12 after IST"}[lang], silent}


def test_every_registered_outcome_has_a_page_in_the_navigation(open_demo: Open) -> None:
    tables = [table.value for table in open_demo("methods", "en").table]
    shown_on = next(table for table in tables if "Page" in table.columns)["Page"].tolist()
    pages = [outcome.page for outcome in load_protocol().outcomes]
    assert set(pages) <= set(PAGES)
    assert shown_on == [translate("en", f"ui.page.{page}.title") for page in pages]


def test_every_blank_field_names_its_setting_and_value(demo_dir: Path) -> None:
    blanks = {row[0]: row[2:] for row in rows_of(page_of(demo_dir), "blanks")}
    assert set(blanks) == {blank.title["en"] for blank in load_protocol().blanks}
    assert blanks["reticulocyte limit"] == ["`primary.arc_cut`", "<60 ×10⁹/L"]
    assert blanks["stopping rule"] == ["`boundary`", "Not specified in the protocol"]
    assert blanks["inclusion criteria"] == ["–", "–"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_set_stands_side_by_side(demo_dir: Path, lang: str) -> None:
    rows = {row[0]: row for row in rows_of(page_of(demo_dir), "rule_sets", lang)}
    assert list(rows) == [rules.title[lang] for rules in load_rule_sets().values()]
    titles = {rule_id: rules.title[lang] for rule_id, rules in load_rule_sets().items()}
    assert rows[titles["nih"]][2:5] == ["≥1.0", "≥100", "≥100"]
    assert rows[titles["race"]][2:5] == [">1.0", ">100", ">100"]
    assert rows[titles["protocol"]][2:8] == ["–"] * 6
    assert [rows[titles[name]][8][:3] for name in ("nih", "race", "camitta_ebmt", "china_2022")] == [
        "[H]", "[M]", "[M]", "[L]",
    ]  # fmt: skip


def test_another_rule_set_changes_thresholds_and_marks_sensitivity(demo_dir: Path) -> None:
    nih, race = page_of(demo_dir), page_of(demo_dir, criteria="race")
    name = "CR: neutrophils (×10⁹/L)"
    assert (facts_of(nih, "rule_in_force")[name], facts_of(race, "rule_in_force")[name]) == ("≥1.0", ">1.0")
    assert [row[-1] for row in rows_of(nih, "endpoint")] == ["–"] * 8
    changed = [row for row in rows_of(race, "endpoint") if row[-1] == "SENSITIVITY"]
    assert [row[:6] for row in changed] == [
        ["Response criteria", "`primary.criteria`", "RACE", "NIH", "NIH", "chosen on the page"]
    ]
    assert "verify against the protocol" in told(race, "rule_in_force")
    assert "verify against the protocol" not in told(nih, "rule_in_force")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screen_follows_the_rule_set(open_demo: Open, lang: str) -> None:
    app = open_demo("methods", lang)
    assert not app.exception
    assert len(app.tabs) == len(SECTIONS)
    before = on_screen(app)
    app.selectbox(key="criteria").select("race").run()
    after = on_screen(app)
    assert not app.exception
    assert before.count(">1.0") + 1 == after.count(">1.0")
    assert "SENSITIVITY" in after
    assert "SENSITIVITY" not in before.replace("SYNTHETIC", "")


def test_a_leading_sign_is_no_quotation(open_demo: Open) -> None:
    cells = [str(x) for table in open_demo("methods", "en").table for x in table.value.to_numpy().ravel()]
    assert "\\>1.0" in cells
    assert not [text for text in cells if text.startswith(">")]


def test_every_look_back_and_threshold_stands_there(demo_dir: Path) -> None:
    page = page_of(demo_dir)
    days = [int(row[2].split()[0]) for row in rows_of(page, "look_back")[:-1]]
    assert days == [limit for kinds in LOOK_BACK.values() for limit in kinds.values()] == [7, 14, 14, 14, 7, 7, 7]
    assert [row[2] for row in rows_of(page, "thresholds")] == [f"≥{value:g}" for _, value in THRESHOLDS.values()]
    assert "another unsupported one 7–35 days later" in told(page, "recovery")
    assert [row[3] for row in rows_of(page, "visits")] == [
        "study days 22–36", "study days 50–64", "study days 78–92",
    ]  # fmt: skip
    assert len(rows_of(page, "parameters")) == 14


def test_windows_follow_the_setting(demo_dir: Path) -> None:
    assert rows_of(page_of(demo_dir, window_days=3), "visits")[0][3] == "study days 26–32"


def test_limits_of_ten_are_those_of_the_method_in_force(demo_dir: Path) -> None:
    rows = rows_of(page_of(demo_dir), "limits")
    assert [row[2:] for row in rows[:4]] == [["0.00", "30.85"], ["0.25", "44.50"], ["2.52", "55.61"], ["6.67", "65.25"]]
    assert len(rows) == 11


def test_grades_are_those_of_the_file(demo_dir: Path) -> None:
    page, criteria = page_of(demo_dir), load_ctcae()
    low, high = rows_of(page, "ctcae_low"), rows_of(page, "ctcae_high")
    assert (len(low), len(high)) == (len(criteria.low), len(criteria.high))
    assert next(row for row in low if row[0] == "ANC")[2:] == ["<LLN", "<1.5", "<1", "<0.5"]
    assert high[0][2:4] == [">1 × ULN; ≥1.5 × baseline", ">3 × ULN; >3 × baseline"]
    assert "version 5.0" in told(page, "ctcae")


def test_every_benchmark_has_its_citation(demo_dir: Path) -> None:
    rows = rows_of(page_of(demo_dir), "benchmarks")
    assert [row[-1] for row in rows] == [item.citation for item in load_benchmarks()]
    assert next(row for row in rows if row[0].startswith("Li 2013"))[2].startswith("ORR 13/51, 25.5% (95% CI 14.3–")


def test_without_a_boundary_it_is_said_and_with_one_it_is_computed(own_demo_dir: Path) -> None:
    assert "Not specified in the protocol" in told(page_of(own_demo_dir), "boundary")
    (own_demo_dir / "study.toml").write_text(BOUNDARY, encoding="utf-8")
    page = page_of(own_demo_dir)
    assert rows_of(page, "boundary") == [
        ["≥2 events", "2–3"], ["≥3 events", "4–6"], ["≥4 events", "7–9"], ["≥5 events", "10–10"],
    ]  # fmt: skip
    chances = {row[0]: row[1] for row in rows_of(page, "characteristics")}
    assert [chances[p] for p in ("0.2", "0.3", "0.4")] == ["0.172", "0.385", "0.617"]
    window = next(row for row in rows_of(page, "endpoint") if row[1] == "`primary.window_days`")
    assert window[2:] == ["±10 days", "±10 days", "±7 days", "signed by Wang, 2026-03-01", "–"]


def test_the_formulas_are_there(demo_dir: Path) -> None:
    blocks = [b for s in page_of(demo_dir).sections for p in s.parts for b in p.blocks if isinstance(b, Formula)]
    names = " ".join(render(block.says, "en") for block in blocks)
    for name in ("Clopper–Pearson", "Wilson", "Jeffreys", "Kaplan–Meier", "Greenwood", "log-log scale",
                 "Aalen–Johansen", "Beta-binomial boundary", "Brookmeyer–Crowley", "Garwood"):  # fmt: skip
        assert name in names


def test_the_data_name_their_hashes(demo_dir: Path) -> None:
    view = open_view(local_principal(), Request(demo_dir, "latest"))
    facts = facts_of(methods_page(local_principal(), view), "hashes")
    assert facts["Content hash"] == f"`{view.cut.content_hash}`"
    assert facts["Hash of the settings in force"] == f"`{view.settings_hash}`"
    assert rows_of(page_of(demo_dir), "sources")[0][2] == f"`{view.cut.sources[0].sha256}`"
