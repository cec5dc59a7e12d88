"""The safety board's page on two cuts with planted changes: in the right words and groups, and no more."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open, opener
from support.marked_cut import words_of
from support.two_cuts import publish, tables_of, with_changes

from saa_dash.i18n.change_words import change_words
from saa_dash.model.errors import UserError
from saa_dash.model.filters import Filters
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services.changes import CutChanges, cut_changes, earlier_cuts
from saa_dash.services.context import Request, open_view
from saa_dash.services.dsmb import boundary_panel, boundary_rules, dsmb_page

BOARD = Principal("a member", frozenset({Role.DSMB}))

# What was planted, by group, worst first.
PLANTED = {
    "zh": {
        "death": ["P02：新报告死亡 · 第 65 天"],
        "sae": ["P02：新严重不良事件：脑出血（G5） · 第 61 天"],
        "response": ["P02：第 12 周 PR → NR", "P06：第 8 周 PR → NR", "P06：第 12 周 PR → NR"],
        "grade": ["P03：丙氨酸氨基转移酶 G0 → G3", "P02：肌酐 G1 → G0"],
        "event": ["P04：输注相关反应：G1 → G4 · 第 1 天"],
    },
    "en": {
        "death": ["P02: death, newly reported · day 65"],
        "sae": ["P02: new SAE: Cerebral haemorrhage (G5) · day 61"],
        "response": ["P02: PR → NR at week 12", "P06: PR → NR at week 8", "P06: PR → NR at week 12"],
        "grade": ["P03: ALT G0 → G3", "P02: Creatinine G1 → G0"],
        "event": ["P04: Infusion related reaction: G1 → G4 · day 1"],
    },
}
VALUES = {
    "P03": "ALT 24 U/L → 600 U/L",
    "P05": "Weight: 46 → 99",
    "P09": "Infusion related reaction, Start date: 2026-04-20 → 2026-04-21",
}


@pytest.fixture(scope="module")
def two_dir(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo cut and a later one with the planted changes."""
    folder = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(demo_dir.with_name("untouched"), folder)
    publish(folder, with_changes(tables_of(folder)))
    return folder


@pytest.fixture
def open_two(two_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(two_dir, monkeypatch)


@pytest.fixture(scope="module")
def asked(two_dir: Path) -> Iterator[Callable[..., CutChanges]]:
    """Ask for the changes since the demo cut, as somebody."""

    def ask(who: Principal = local_principal(), **filters: Any) -> CutChanges:  # noqa: B008
        view = open_view(who, Request(two_dir, "latest", Filters(**filters)))
        return cut_changes(who, view, earlier_cuts(who, view)[0].cut_id)

    yield ask


def sentences(app: AppTest) -> dict[str, list[str]]:
    """Return the sentences that open a patient, by group."""
    out: dict[str, list[str]] = {}
    for button in app.button:
        if found := re.fullmatch(r"change_([a-z]+)_\d+", str(button.key)):
            out.setdefault(found[1], []).append(button.label.replace("\\", ""))
    return out


def figure(app: AppTest, key: str) -> dict[str, dict[str, Any]]:
    """Return the traces of a figure by name."""
    chart = next(chart for chart in app.get("plotly_chart") if chart.proto.id.endswith(key))
    return {trace["name"]: trace for trace in json.loads(chart.proto.spec)["data"] if "name" in trace}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_planted_changes_are_said_by_group_and_marked(open_two: Open, lang: str) -> None:
    app = open_two("dsmb", lang)
    assert not app.exception
    assert [error.value for error in app.error] == []
    said = sentences(app)
    assert {group: said[group] for group in PLANTED[lang]} == PLANTED[lang]
    gone = [str(note.value).replace("\\", "") for note in app.markdown if "person_off" in str(note.value)]
    words = ("患者的全部数据已不在此版本中", "严重不良事件已删除：侵袭性肺曲霉病（G3）") if lang == "zh" else (
        "all data of the patient are gone from this cut", "SAE gone: Invasive pulmonary aspergillosis")  # fmt: skip
    assert [sum(word in note for note in gone) for word in words] == [1, 1]
    ways = figure(app, "dsmb_swimmer")
    assert sorted(zip(ways["change_NEW"]["customdata"], ways["change_NEW"]["x"], strict=True)) == [
        ("P02", 61), ("P02", 65),
    ]  # fmt: skip
    assert sorted(zip(ways["change_CHANGED"]["customdata"], ways["change_CHANGED"]["x"], strict=True)) == [
        ("P06", 57), ("P06", 85),
    ]  # fmt: skip
    serious = next(table.value for table in app.dataframe if table.value.columns[1] in ("变化", "Change"))
    column = serious.set_index(serious.columns[0])[serious.columns[1]]
    new, out = ("○ 新增", "✕ 消失") if lang == "zh" else ("○ new", "✕ gone")
    assert column.groupby(level=0).agg(list).to_dict() == {"P02": ["", new], "P05": [""], "P07": [""], "P10": [out]}
    if lang == "en":
        metrics = {metric.label: metric.value for metric in app.metric}
        assert metrics["Deaths"] == "2/9"
        assert metrics["Stopping boundary"] == "Not specified"
        assert metrics["Serious adverse events"] == "3/9"
        assert "Not specified in the protocol" in " ".join(str(note.value) for note in app.warning)
        app.button(key="change_sae_0").click().run()
        assert (app.selectbox(key="patient").value, app.query_params["day"]) == ("P02", "61")


def test_values_patients_and_rows_once_each(asked: Callable[..., CutChanges]) -> None:
    found = asked()
    told = {(c.who, change_words(c, "en")): c for c in found.told}
    assert {who: words for who, words in told if words in VALUES.values()} == VALUES
    assert ("P06", "PLT 16 ×10⁹/L → 3 ×10⁹/L") in told
    values = [c for c in found.told if c.group == "value"]
    assert len(values) == 3 + 5  # and five platelet counts of P06
    assert ("P08", "Transfusions, medication: 1 row gone: Red cells") in told
    assert {c.who for c in found.told} == {"P02", "P03", "P04", "P05", "P06", "P08", "P09", "P10"}
    counts = found.counts.set_index(["DOMAIN", "KIND"])["ROWS"]
    assert (counts["AE", "new"], counts["DS", "new"], counts["DM", "removed"], counts["DM", "modified"]) == (1, 1, 1, 1)
    one = asked(patients=("P03",))
    assert {c.who for c in one.told} == {"P03"}
    assert len(one.counts) == 1


def test_the_board_sees_study_days(asked: Callable[..., CutChanges], two_dir: Path) -> None:
    found = asked(BOARD)
    told = {(c.who, change_words(c, "en")) for c in found.told}
    assert ("P09", "Infusion related reaction, Start date: day 1 → day 2") in told
    view = open_view(BOARD, Request(two_dir, "latest"))
    seen = words_of(replace(found, since=None)) + words_of(replace(dsmb_page(BOARD, view), overview=None))  # type: ignore[arg-type]
    days = {match.decode() for match in re.findall(rb"2026-\d\d-\d\d", seen)}
    assert days == {view.cut.cutoff.isoformat()}
    assert b"P00" not in seen  # subject numbers
    assert words_of(boundary_panel(BOARD, view, "p90").state).count(b"2026") == 0


def test_equal_cuts_differ_in_nothing(demo_dir: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_dir.with_name("untouched"), tmp_path / "data"))
    who = local_principal()
    first = open_view(who, Request(folder, "latest"))
    assert earlier_cuts(who, first) == ()
    with pytest.raises(UserError):
        cut_changes(who, first, first.cut.cut_id)
    publish(folder, tables_of(folder), cutoff=date(2026, 8, 1))
    view = open_view(who, Request(folder, "latest"))
    found = cut_changes(who, view, first.cut.cut_id)
    assert found.told == ()
    assert found.counts.empty
    assert set(found.serious["MARK"]) == {""}


def test_a_boundary_of_the_study_takes_the_place_of_the_exploratory_ones(two_dir: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(two_dir, tmp_path / "data"))
    rule = 'event = "sae"\ntheta = 0.3\nprior_a = 0.6\nprior_b = 1.4\ncutoff = 0.9\n'
    (folder / "study.toml").write_text(f"version = 1\n[boundary]\n{rule}[cutoffs]\nefficacy = 2026-06-30\n", "utf-8")
    who = local_principal()
    view = open_view(who, Request(folder, "latest"))
    assert boundary_rules(view) == ("study",)
    panel = boundary_panel(who, view, "study")
    assert not panel.exploratory
    assert (panel.state.settings.event, panel.state.events, panel.state.size) == ("sae", 3, 10)
    with pytest.raises(UserError):
        boundary_panel(who, view, "p90")
    page = dsmb_page(who, view)
    assert (page.safety_cutoff, page.efficacy_cutoff) == (date(2026, 7, 31), date(2026, 6, 30))
    assert page.strips[2].orr.total < 9  # fewer are due by then
    assert page.safety.deaths.events == 2
