"""The tray on its page: collected elsewhere, put in order, made again, shown in a meeting; both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from support.app import ROOT, Open
from support.two_cuts import publish, subject, tables_of

from saa_dash.model.principal import local_principal
from saa_dash.report.exhibit import from_json
from saa_dash.services import trays
from saa_dash.store.trays import Tray
from saa_dash.ui.collect import code_of
from saa_dash.ui.meeting_mark import NAME
from saa_dash.ui.plot import slides

PRESENT = str(ROOT / "pages" / "present.py")


def spoken(app: AppTest) -> str:
    kinds = ("markdown", "caption", "header", "subheader", "info", "warning")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def tray_of(folder: Path, name: str) -> Tray:
    return trays.read_tray(local_principal(), folder, name)


def test_an_empty_tray_says_how_to_collect(open_demo: Open) -> None:
    app = open_demo("present", "en")
    assert "The tray is empty" in [header.value for header in app.subheader]
    assert "+ Tray" in spoken(app)
    assert app.button(key="meeting_on").disabled


def test_a_tray_from_the_first_click_to_the_meeting(open_own_demo: Open, own_demo_dir: Path) -> None:
    app = open_own_demo("overview", "en", sev="SAA.VSAA")
    before = dict(app.query_params)
    app.button(key="collect_figure_strips").click().run()
    assert [toast.value for toast in app.toast] == ["Added to “Presentation”: 1 item."]
    assert before.items() <= app.query_params.items()
    assert "n = 10/10" in spoken(app)
    app.button(key="collect_figure_accrual").click().run()
    assert "not added" in app.toast[0].value  # it has dates
    app.switch_page(str(ROOT / "pages" / "response.py")).run()
    app.button(key="collect_figure_strata").click().run()
    assert "one of them is too small" in app.toast[0].value
    app.button(key="collect_table_denominators").click().run()
    assert [toast.value for toast in app.toast] == ["Added to “Presentation”: 2 items."]

    app.switch_page(PRESENT).run()
    assert not app.exception
    assert [error.value for error in app.error] == []
    first, second = tray_of(own_demo_dir, "Presentation").items
    assert first.address["sev"] == "SAA.VSAA"
    assert not {"lang", "p", "pt", "day"} & set(first.address)
    assert "How many have responded" in spoken(app)
    assert "Every denominator by visit" in spoken(app)
    assert "Every item is of the newest data cut." in spoken(app)
    assert "ty" not in app.query_params
    app.button(key=f"up_{second.id}").click().run()
    assert [item.id for item in tray_of(own_demo_dir, "Presentation").items] == [second.id, first.id]
    caption = next(box for box in app.text_input if box.key.startswith(f"caption_{first.id}"))
    caption.set_value("Six of ten answered").run()
    assert tray_of(own_demo_dir, "Presentation").items[1].caption == "Six of ten answered"
    app.button(key=f"remove_{second.id}").click().run()
    assert app.button(key="tray_undo").label == "Undo: one taken out"
    app.button(key="tray_undo").click().run()
    assert [item.id for item in tray_of(own_demo_dir, "Presentation").items] == [second.id, first.id]

    app.segmented_control(key="lang").select("zh").run()
    app.session_state["_tray_check_at"] = 2  # a check that was broken off
    app.run()
    assert [warning.value for warning in app.warning] == ["检查在第 2 项中断，什么都没有改变；请再点一次。"]
    app.button(key="check_words").click().run()
    assert not app.warning
    assert "2 项有变化，0 项不变，0 项未能重做" in spoken(app)
    assert "每一项都按汇报者的视角重画" in spoken(app)
    app.button(key="check_take").click().run()
    shown = trays.exhibits(tray_of(own_demo_dir, "Presentation"))
    assert [one.title for one in shown] == ["各次访视的所有分母", "第 4、8、12 周，多少患者有反应？"]

    app.button(key="tray_deck_make").click().run()
    assert [error.value for error in app.error] == []
    assert len([button for button in app.get("download_button") if "tray_deck_pptx" in button.proto.id]) == 1

    app.button(key="meeting_on").click().run()
    assert app.header[0].value == "各次访视的所有分母"
    app.button(key="slide_next").click().run()
    assert app.header[0].value == "Six of ten answered"
    assert (app.query_params["mt"], app.query_params["ty"]) == ("True", code_of("Presentation"))
    app.button(key="slide_live").click().run()
    assert app.button(key="meeting_back").label == "回到第 2 页"
    assert '"R01"' in "".join(chart.proto.spec for chart in app.get("plotly_chart"))
    assert "P01" not in "".join(chart.proto.spec for chart in app.get("plotly_chart"))
    app.button(key="meeting_back").click().run()
    assert app.header[0].value == "Six of ten answered"
    slide = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert slide["layout"]["paper_bgcolor"] == "#FFFFFF"
    app.button(key="meeting_leave").click().run()
    assert "mt" not in app.query_params
    assert [header.value for header in app.header] == ["导出"]


def test_a_newer_cut_changes_what_it_touches_and_not_the_codes_alone(open_own_demo: Open, own_demo_dir: Path) -> None:
    app = open_own_demo("laboratory", "en", t="ALT")
    app.button(key="collect_figure_lab_course").click().run()
    app.switch_page(str(ROOT / "pages" / "overview.py")).run()
    app.button(key="collect_figure_swimmer").click().run()
    before = [item.exhibit for item in tray_of(own_demo_dir, "Presentation").items]
    tables = tables_of(own_demo_dir)
    alt = (tables["LB"]["USUBJID"] == subject(3)) & (tables["LB"]["LBTESTCD"] == "ALT")
    tables["LB"].loc[alt, "LBSTRESN"] = 600.0
    newer = publish(own_demo_dir, tables)
    app.switch_page(PRESENT).run()
    app.button(key="check_run").click().run()
    check = tray_of(own_demo_dir, "Presentation").check
    assert check is not None
    assert [found.same for found in check.found.values()] == [False, True]
    assert "1 changed, 1 the same, 0 could not" in spoken(app)
    rows = int(alt.sum())
    assert [found.rows for found in check.found.values()] == [rows, 0]
    assert f"{rows} rows of single patients differ." in spoken(app)
    app.button(key="check_take").click().run()
    after = trays.exhibits(tray_of(own_demo_dir, "Presentation"))
    assert {one.provenance.cut_id for one in after} == {newer.cut_id}
    rows = [[tuple(row[1:]) for row in one.table.itertuples(index=False)] for one in (from_json(before[1]), after[1])]
    assert rows[0] != rows[1]  # the same patients, in the order of other codes
    assert sorted(map(str, rows[0])) == sorted(map(str, rows[1]))


def test_a_new_session_of_a_browser_in_a_meeting_begins_in_it(open_demo: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    cookies = {NAME: "0123abcd"}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _self: cookies))
    app = open_demo("overview", "en", p="P03", pt="P03.P04")
    assert (app.query_params["mt"], app.query_params["ty"]) == ("True", "0123abcd")
    assert not {"p", "pt"} & set(app.query_params)
    assert app.button(key="meeting_back").label == "Back to the slides"
    shown = spoken(app) + "".join(chart.proto.spec for chart in app.get("plotly_chart"))
    assert '"R01"' in shown
    assert not re.search(r"\bP\d\d\b", shown)
    assert 'MARK = "0123abcd"' in mark(app)
    app.button(key="meeting_leave").click().run()
    assert "mt" not in app.query_params
    assert 'MARK = "", LEFT = "1"' in mark(app)
    app.run()
    assert "mt" not in app.query_params  # the session still has the cookie that it began with
    cookies[NAME] = '"><script>'
    assert "mt" not in open_demo("present", "en").query_params


def mark(app: AppTest) -> str:
    """Return the program that sets or takes away what the browser remembers of a meeting."""
    (found,) = [one.proto.body for one in app.get("html") if "meeting-mark" in one.proto.body]
    return str(found)


def test_trays_are_made_renamed_deleted_and_brought_back(open_own_demo: Open, own_demo_dir: Path) -> None:
    trays.make_tray(local_principal(), own_demo_dir, "July")
    app = open_own_demo("present", "en")
    app.text_input(key="tray_new_name").set_value("August").run()
    app.button(key="tray_make").click().run()
    assert app.selectbox(key="tray").options == ["August (0 items)", "July (0 items)"]
    assert app.selectbox(key="tray").value == code_of("August")
    app.text_input(key=f"tray_name_{code_of('August')}").set_value("July").run()
    app.button(key="tray_rename").click().run()
    assert "There is a tray named “July” already." in app.warning[0].value
    app.button(key="tray_delete").click().run()
    assert [tray.name for tray in trays.list_trays(local_principal(), own_demo_dir)] == ["July"]
    app.button(key="tray_restore").click().run()
    assert app.selectbox(key="tray").value == code_of("August")


def test_a_slide_leaves_out_columns_that_are_empty_from_top_to_bottom() -> None:
    rows = pd.DataFrame({"Visit": ["Week 4", "Week 8"], "What NE lack": ["", None], "NE": [0, 1]})
    shown = slides._table(rows)
    assert (shown["columns"], shown["data"]) == (["Visit", "NE"], [["Week 4", "0"], ["Week 8", "1"]])
    assert shown["numbers"] == [False, True]
