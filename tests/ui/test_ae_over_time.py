"""Adverse events over time and their narratives on the page: what is drawn, chosen, told, and for whom."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support.app import Open
from support.app_texts import texts_of, typed_texts

from saa_dash.analysis.ae_time_bars import BAND_STARTS
from saa_dash.model.errors import Refused
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.report.narrative_words import Teller, narrative_file
from saa_dash.services.ae_time import onset_page
from saa_dash.services.context import Request, open_view
from saa_dash.services.narratives import narratives
from saa_dash.ui.ae_complications import mark_of

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
BILINGUAL = ("模拟数据 SYNTHETIC DATA", "中文")


def figures(app: AppTest) -> dict[str, dict]:
    return {re.sub(r"^.*-", "", chart.proto.id): json.loads(chart.proto.spec) for chart in app.get("plotly_chart")}


def trace(drawn: dict, name: str) -> dict:
    return next(t for t in drawn["data"] if t["name"] == name)


def foreign_words(app: AppTest, folder: Path) -> list[str]:
    """Return what is Chinese on an English page and was neither typed nor is it bilingual."""
    known = re.compile("|".join(map(re.escape, (*BILINGUAL, *typed_texts(folder)))))
    return [text for text in set(texts_of(app)) if CHINESE.search(known.sub("", text))]


def numbers(held: dict) -> list[float]:
    """Return an array as figures send it."""
    return np.frombuffer(base64.b64decode(held["bdata"]), held["dtype"]).tolist()


def test_over_time_is_drawn_alone_and_its_choices_travel_in_the_link(open_demo: Open, demo_dir: Path) -> None:
    app = open_demo("adverse_events", "en", ap="time", af="INF1", acl="INFECTION", aw="months")
    assert not app.exception
    drawn = figures(app)
    assert set(drawn) == {"ae_timeline", "ae_first", "ae_grades", "ae_rates"}  # and none of the counts
    assert foreign_words(app, demo_dir) == []
    said = "\n".join(str(e.value) for kind in ("markdown", "caption") for e in app.get(kind))
    assert "51 adverse events of 10 patients, told from infusion 1" in said
    assert "Infection: 6 of 10" in said
    assert "per 100 patient-months" in said

    onsets = trace(drawn["ae_timeline"], "onsets")
    sepsis = onsets["customdata"].index(["P07", 19])  # a click opens the patient on study day 19
    assert (numbers(onsets["x"])[sepsis], onsets["text"][sepsis]) == (12, "5")
    bars = trace(drawn["ae_timeline"], "events")["marker"]["line"]["width"]
    assert sorted(numbers(bars), reverse=True)[:5] == [2, 2, 2, 2, 1]  # the four serious ones are outlined
    counts = {t["name"]: t["text"] for t in drawn["ae_grades"]["data"] if t.get("text")}
    assert counts["level 5"] == ["0", "0", "1", "1", "0", "0", "0", "0", "0", "0"]
    assert counts["heads"][:2] == ["<b>Week 1</b><br>n = 10", "<b>Week 2</b><br>n = 10"]
    rates = trace(drawn["ae_rates"], "FIRST rate")["hovertext"]
    assert "Serum sickness<br>3 / 32.0:  9.38 (1.93–27.4)" in rates  # 974 days; exact limits 0.619 and 8.767 of 3

    app.session_state["ae_from"], app.session_state["ae_kind"] = "ATG", "PT"
    app.run()
    assert "af" not in app.query_params  # what is usual stands in no link
    assert (app.query_params["ap"], app.query_params["ak"]) == ("time", "PT")
    assert numbers(trace(figures(app)["ae_timeline"], "onsets")["x"])[sepsis] == 18


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_serious_event_and_death_is_told_once(open_demo: Open, demo_dir: Path, lang: str) -> None:
    app = open_demo("adverse_events", lang, ap="narratives")
    assert not app.exception
    assert figures(app) == {}
    said = [m.value for m in app.markdown]
    heads = [text for text in said if re.match(r"\*\*P\d\d · ", text)]
    assert [head[2:5] for head in heads] == ["P02", "P05", "P07", "P07", "P10"]
    sepsis = said[said.index(heads[2]) + 1]
    if lang == "en":
        assert foreign_words(app, demo_dir) == []
        for part in (
            "P07 is a man aged 40–59 years with very severe aplastic anaemia", "study day 19", "grade 5", "death",
            "18 d after ATG day 1, 12 d after cord blood infusion 1", "cord blood infusion 2 \\(which came first",
            "rATG: possibly related", "Outcome: fatal, on day 29", "ANC 0.11 ×10⁹/L", "day 17", "4 of platelets",
        ):  # fmt: skip
            assert re.search(part.replace(".", r"\."), sepsis.replace("\\", "")) or part in sepsis, part
    else:
        for part in ("患者 P07，男，40–59 岁", "CTCAE 5 级", "ATG 第 1 天后 18 天", "当天（先后未记录）", "转归：死亡"):
            assert part in sepsis
    app.selectbox(key="narratives_who").select("P07").run()
    assert len([m for m in app.markdown if re.match(r"\*\*P\d\d · ", m.value)]) == 2


def test_who_sees_no_dates_reads_none_and_who_sees_no_patients_reads_no_narrative(demo_dir: Path) -> None:
    board, speaker = (Principal("x", frozenset({role})) for role in (Role.DSMB, Role.PRESENTER))
    found = narratives(board, open_view(board, Request(demo_dir, "latest")))
    for lang in ("en", "zh"):
        teller = Teller(lang, found.recorded, protocol=found.protocol)
        text = narrative_file(found.rows, teller, "t", ["about"], marked=True)
        assert text.startswith("# t\n\nabout\n\n## P02 · ")
        assert "2026" not in text and text.count("\n## ") == 5
    mine = narratives(local_principal(), open_view(local_principal(), Request(demo_dir, "latest")))
    assert "(2026-04-19)" in Teller("en", mine.recorded, protocol=True).text(mine.rows.to_dict("records")[2])
    view = open_view(speaker, Request(demo_dir, "latest"))
    with pytest.raises(Refused):
        narratives(speaker, view)
    page = onset_page(speaker, view, "INF1")
    assert (page.timeline, page.rows) == (None, None)
    assert page.bands is not None and page.bands.rows["FROM"].iloc[1:].tolist() == list(BAND_STARTS[:-1])


def test_what_was_not_entered_is_said_and_not_guessed(demo_dir: Path) -> None:
    view = open_view(local_principal(), Request(demo_dir, "latest"))
    found = narratives(local_principal(), view)
    row = found.rows.to_dict("records")[2]
    bare = {name: None if name[:2] == "AE" and name != "AESER" else value for name, value in row.items()}
    bare |= {name: float("nan") for name in row if name.startswith(("OFF", "ANC", "HGB", "PLAT"))}
    bare |= {"SEX": None, "AGELOW": float("nan"), "SEVERITY": None, "LEVEL": 0, "AENDY": float("nan"), "ONGOFL": "N"}
    bare |= {"NAME": "", "CMFL": "N"}
    text = Teller("en", found.recorded, protocol=True).text(bare)
    assert text == (
        "P07 is a person (sex not recorded) of unrecorded age; severity of aplastic anaemia not recorded. "
        "On study day 19 (2026-04-19), an event without a name began (severity not recorded). "
        "It was entered as serious; which criterion was met is not recorded. No study treatment is recorded. "
        "Causality as entered: rATG: not recorded; Cyclosporine: not recorded; Hetrombopag: not recorded; "
        "UCB-MNC: not recorded. Action taken: not recorded. Outcome: not recorded; end date not recorded. "
        "Last counts before the day of onset: ANC not recorded, Hb not recorded, PLT not recorded. "
        "First counts from the day of onset on: ANC not recorded, Hb not recorded, PLT not recorded. "
        "Transfusions and medication are not recorded in this study."
    )


def test_a_square_asks_about_its_patient_a_bar_about_a_level() -> None:
    assert mark_of(["P07", "INFECTION", 19]) == ("INFECTION", -1, "P07")
    assert mark_of(["INFECTION", 3]) == ("INFECTION", 3, "")
    assert mark_of(["INFECTION"]) == ("INFECTION", -1, "")


def test_the_rule_of_a_class_names_definition_window_and_terms(open_demo: Open) -> None:
    app = open_demo("adverse_events", "zh")
    app.session_state["_ae_class"] = ("SERUM_SICKNESS", -1, "P07")
    app.run()
    said = next(m.value for m in app.markdown if m.value.startswith("- **定义**"))
    for part in ("归为“血清病”（AECAT）", "2026-07-31", "不限用药后天数", "血清病（3 件）"):
        assert part in said
    rows = next(t.value for t in app.dataframe if list(t.value.columns)[:1] == ["患者"])
    assert rows.iloc[:, 0].tolist() == ["P07"]
