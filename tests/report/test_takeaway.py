"""What is taken along from a tray: the numbers of the analysis, nothing that a presenter must not see, no network."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support.browser import NO_BROWSER, find_browser
from support.marked_cut import CUTOFF, found
from support.paper import sheets_of

from saa_dash.access.presenting import as_presenter
from saa_dash.charts.strips import figure_strips
from saa_dash.charts.swimmer import figure_swimmer
from saa_dash.charts.theme import Look
from saa_dash.i18n import translate
from saa_dash.model.errors import EnvironmentProblem, Refused, UserError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.report.exhibit import TABLE, Exhibit, exhibit_of, with_caption
from saa_dash.report.footnotes import SCREEN
from saa_dash.report.takeaway_files import draw_figures
from saa_dash.report.takeaway_grey import with_second_codes
from saa_dash.report.takeaway_lean import lean_figure
from saa_dash.report.takeaway_paper import paper_figure
from saa_dash.report.takeaway_words import legend_of
from saa_dash.services import takeaway
from saa_dash.services.adverse_events import adverse_events_page
from saa_dash.services.audit import audit_rows
from saa_dash.services.cohort_states import cohort_swimmer
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.measures import CutFrames
from saa_dash.services.report_parts import baseline_of
from saa_dash.services.response import response_page

PROGRAMS = Path(__file__).resolve().parents[2] / "saa_dash" / "ui" / "plot" / "assets"
CAPTION = "<img src=http://elsewhere/x> & my words"
SVG = (
    '<svg class="main-svg" xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
    '<defs><clipPath id="c" class="plotclip"><rect width="{plot}" height="50"/></clipPath></defs>'
    '<text x="4" y="20" style="font-family: Arial, sans-serif; font-size: 12px;">模拟</text></svg>'
)


@dataclass(frozen=True)
class Taken:
    """Everything that can be taken along, and what it was made of."""

    view: View
    exhibits: list[Exhibit]
    page: bytes
    figures: bytes
    tables: dict[str, bytes]


def easel(plot: float = 300) -> Callable[[Sequence[Any], Callable[[int], None]], tuple[str, ...]]:
    """Return what draws an empty figure whose plot is so many px wide."""

    def draw(figures: Sequence[Any], told: Callable[[int], None]) -> tuple[str, ...]:
        told(len(figures))
        return tuple(SVG.format(w=figure.width, h=figure.height, plot=plot) for figure in figures)

    return draw


@contextmanager
def started(_browser: str) -> Iterator[object]:
    """Stand in for the browser."""
    yield easel()


@pytest.fixture(scope="module")
def taken(pack_dir: Path) -> Taken:
    presenter = as_presenter(local_principal())
    view = open_view(presenter, Request(pack_dir, "latest"))
    about, look = view.provenance(rule="NIH"), Look("en", opens=False)
    strips = response_page(presenter, view).strips
    drawn = figure_strips(strips, look, method="Clopper–Pearson", rule="NIH")
    swimmer = figure_swimmer(cohort_swimmer(presenter, view, "response"), look, rule="NIH")
    first = exhibit_of(drawn, "overview", "strips", "en", about)
    exhibits = [
        with_caption(first, CAPTION),
        exhibit_of(swimmer, "overview", "swimmer", "en", about),
        Exhibit(TABLE, "response", "denominators", "en", "Counts", "", "", "", about, table=drawn.table),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(takeaway, "find_browser", lambda: "/no/browser")
        patch.setattr("saa_dash.report.pictures.started_browser", started)
        me = local_principal()
        return Taken(
            view,
            exhibits,
            takeaway.tray_page(me, pack_dir, exhibits, PROGRAMS, "en"),
            takeaway.paper_figures(me, pack_dir, exhibits, "single", ("svg", "pdf", "png"), "en"),
            takeaway.paper_tables(me, pack_dir, "latest", exhibits, "en"),
        )


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return {name: held.read(name) for name in held.namelist()}


def word_tables(data: bytes) -> list[list[list[str]]]:
    from docx import Document

    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(io.BytesIO(data)).tables]


def own_text(page: bytes) -> str:
    """Return a page without the program that draws."""
    text = page.decode()
    return text.replace((PROGRAMS / "plotly-basic-4.1.1.min.js").read_text("utf-8"), "")


def test_page_holds_the_numbers_and_asks_for_nothing(taken: Taken) -> None:
    text = own_text(taken.page)
    held = [json.loads(found) for found in re.findall(r'<script type="application/json">(.*?)</script>', text)]
    assert held == [lean_figure(one.figure) for one in taken.exhibits[:2]]
    rate = response_page(as_presenter(local_principal()), taken.view).strips[-1].orr
    assert f"{rate.events}/{rate.total}" in held[0]["layout"]["annotations"][-1]["text"]
    for value in taken.exhibits[2].table.iloc[:, 0]:
        assert f">{value}</td>" in text
    assert "default-src 'none'" in text
    assert "<img" not in text
    assert "&lt;img src=http://elsewhere/x&gt; &amp; my words" in text
    assert not re.findall(r"<(?:link|iframe|img|object)\b|<script src|url\(|@import|fetch\(", text)
    for wanted in (CUTOFF.isoformat(), taken.view.cut.cut_id, "n = 8/8", "No filter", "NIH", 'lang="en"', "@page"):
        assert wanted in text
    assert text.count(translate("en", "synthetic.badge")) >= 3 or not taken.view.cut.synthetic


def test_nothing_leaves_that_a_presenter_must_not_see(taken: Taken) -> None:
    out = {"page": own_text(taken.page).encode(), **parts(taken.figures)}
    for data in taken.tables.values():
        out |= parts(data)
    allowed = {CUTOFF.isoformat(), "1980-01-01"}  # no time of making: the earliest a zip can hold
    for name, data in out.items():
        assert not found(data), name
        if not name.endswith((".png", ".pdf")):
            dates = set(re.findall(rb"(?<![\d-])(?:19|20)\d\d-\d\d-\d\d(?!\d)", data))
            assert {day.decode() for day in dates} <= allowed, name
    subjects = CutFrames(taken.view).treated()
    assert not any(str(subject).encode() in data for subject in subjects for data in out.values())


def test_tables_are_those_of_the_analysis(taken: Taken) -> None:
    baseline, response, events, own = word_tables(taken.tables["docx"])
    presenter = as_presenter(local_principal())
    strips = response_page(presenter, taken.view).strips
    for place, strip in enumerate(strips, start=1):
        rows = {row[0].strip(): row[place] for row in response}
        for name, rate in (("Overall", strip.orr), ("Complete", strip.crr)):
            shares = [f"{100 * share:.1f}" for share in (rate.estimate, rate.lower, rate.upper)]
            told = f"{rate.events}/{rate.total}; {shares[0]} ({shares[1]}–{shares[2]})"
            assert rows[f"{name} response, x/n; % (95% CI)"] == (told if rate.total else "–")
        assert rows["Complete response"].split(" ")[0] == str(strip.counts.cr)
        assert rows["Visit not yet due, n"] == str(strip.counts.not_yet_due)
    age = baseline_of(taken.view, taken.view.reader().study_data())[0].iloc[0]
    assert baseline[1] == [
        "Age (years), median (range)", f"{age['MEDIAN']:.4g} ({age['LOW']:.4g}–{age['HIGH']:.4g})",
    ]  # fmt: skip
    assert baseline[0][1] == f"All patients (N = {age['TOTAL']})"
    terms = adverse_events_page(presenter, taken.view).terms
    counts = terms.rows[terms.rows["PATIENTS"] > 0]["PATIENTS"].tolist()
    assert [int(row[1].split(" ")[0]) for row in events[1:]] == counts
    assert [row[0] for row in own[1:]] == [str(value) for value in taken.exhibits[2].table.iloc[:, 0]]
    sheets = list(sheets_of(taken.tables["xlsx"]).values())
    for sheet, table in zip(sheets, (baseline, response, events, own), strict=True):
        shown = [[cell or "" for cell in row] for row in sheet[1 : 1 + len(table)]]
        assert shown == [[cell.strip() for cell in row] for row in table]
        assert sheet[0][0].startswith("Table ")


def test_sheets_are_printed_as_broad_as_a_page_with_their_head_on_each(taken: Taken) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(taken.tables["xlsx"]))
    for sheet in book:
        last, broad = sheet.max_row, sheet.max_column
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.print_area.endswith(f"$A$1:${sheet.cell(2, broad).column_letter}${last}")
        merged = {(held.min_row, held.max_col) for held in sheet.merged_cells.ranges}
        assert {(1, broad), (last, broad)} <= merged  # words that leave a sheet are not printed
        wide = sum(held.width for held in sheet.column_dimensions.values())
        assert sheet.page_setup.orientation == ("landscape" if wide > 95 else "portrait")
    assert {sheet.page_setup.orientation for sheet in book} == {"landscape", "portrait"}


def test_figures_are_as_wide_as_their_column_and_carry_their_legend(taken: Taken) -> None:
    files = parts(taken.figures)
    assert set(files) == {"legends.txt"} | {
        f"figure_{n:02d}_{key}_89mm.{kind}"
        for n, key in ((1, "strips"), (2, "swimmer"))
        for kind in ("svg", "pdf", "png")
    }
    png = files["figure_01_strips_89mm.png"]
    assert struct.unpack(">I", png[16:20])[0] == round(89 / 25.4 * 600)
    assert png.count(b"pHYs") == 1
    assert struct.unpack(">II", png[png.index(b"pHYs") + 4 :][:8]) == (23622, 23622)
    svg = files["figure_02_swimmer_89mm.svg"].decode()
    assert 'width="89mm"' in svg
    assert svg.index("<title>") < svg.index("<defs")
    assert CUTOFF.isoformat() in svg
    assert b"/FontFile" in files["figure_01_strips_89mm.pdf"]
    legend = files["legends.txt"].decode()
    assert legend.startswith("[figure_01_strips_89mm]\nFigure 1. " + CAPTION)
    assert f"cut-off {CUTOFF.isoformat()}" in legend


def test_a_figure_that_its_column_cannot_hold_goes_into_a_wider_one(taken: Taken) -> None:
    told: list[tuple[int, int]] = []
    drawn = draw_figures(taken.exhibits, "single", easel(plot=40), lambda done, total: told.append((done, total)))
    assert [one.column for one in drawn] == ["double", "double"]
    assert told[-1] == (2, 2)
    paper = paper_figure(taken.exhibits[1], "single", "Arial")
    assert paper["layout"]["width"] == 432
    sizes = [axis["tickfont"]["size"] for name, axis in paper["layout"].items() if "axis" in name]
    assert all(10.2 < size <= 12 for size in sizes)
    assert not any("customdata" in trace or "hovertemplate" in trace for trace in paper["data"])


def test_the_same_exhibits_are_the_same_bytes(taken: Taken, pack_dir: Path) -> None:
    me = local_principal()
    assert takeaway.tray_page(me, pack_dir, taken.exhibits, PROGRAMS, "en") == taken.page
    assert takeaway.paper_tables(me, pack_dir, "latest", taken.exhibits, "en") == taken.tables


def test_a_file_needs_the_right_a_row_in_the_trail_and_what_it_is_made_of(
    taken: Taken, pack_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, manager = local_principal(), Principal("someone", frozenset({Role.DATA_MANAGER}))
    formats = {json.loads(row.detail)["format"] for row in audit_rows(me, pack_dir) if row.action == "export"}
    assert {takeaway.PAGE, takeaway.FIGURES, takeaway.TABLES} <= formats
    with pytest.raises(Refused):
        takeaway.tray_page(manager, pack_dir, taken.exhibits, PROGRAMS)
    with pytest.raises(Refused):
        takeaway.paper_figures(manager, pack_dir, taken.exhibits, "single", ("svg",))
    with pytest.raises(Refused):
        takeaway.paper_tables(manager, pack_dir, "latest")
    with pytest.raises(UserError) as empty:
        takeaway.tray_page(me, pack_dir, [], PROGRAMS)
    assert empty.value.message.code == "error.takeaway_empty"
    monkeypatch.setattr(takeaway, "find_browser", lambda: None)
    with pytest.raises(EnvironmentProblem) as lacking:
        takeaway.paper_figures(me, pack_dir, taken.exhibits, "single", ("svg",))
    assert lacking.value.message.code == "error.takeaway_browser"


def test_only_what_a_label_shows_of_a_mark_stays() -> None:
    trace = {"type": "scatter", "customdata": [["R01", 3, 4]], "hovertemplate": "day %{customdata[2]}", "meta": "x"}
    template = {"layout": {}, "data": {"bar": [{}]}}
    lean = lean_figure({"data": [trace, {**trace, "hovertemplate": "%{y}"}], "layout": {"template": template}})
    assert lean["data"] == [
        {"type": "scatter", "customdata": [[4]], "hovertemplate": "day %{customdata[0]}"},
        {"type": "scatter", "hovertemplate": "%{y}"},
    ]
    assert lean["layout"] == {"template": {"layout": {}}}


def test_colours_that_are_alike_in_grey_get_a_second_code() -> None:
    def line(colour: str, **more: object) -> dict[str, object]:
        return {"type": "scatter", "mode": "lines", "line": {"color": colour, **more}}

    def bar(colour: str, length: float) -> dict[str, object]:
        return {"type": "bar", "y": [length], "marker": {"color": colour}}

    lines = [line("#AA0000"), line("#00518A"), line("#AA0000"), line("#DDDDDD"), line("#1A1D21", dash="dot")]
    data = with_second_codes({"data": [*lines, bar("#D9572B", 1), bar("#6B7A8C", 9)], "layout": {}})["data"]
    assert [trace["line"].get("dash", "solid") for trace in data[:5]] == ["solid", "dash", "solid", "solid", "dot"]
    assert data[5]["marker"]["pattern"]["shape"] == "/"
    assert "pattern" not in data[6]["marker"]


def test_a_study_without_response_says_so(taken: Taken) -> None:
    from saa_dash.model.message import Message
    from saa_dash.report.takeaway_tables import PaperContent, paper_tables

    content = takeaway._content(as_presenter(local_principal()), taken.view)
    lacking = replace(content, strips=(), gap=(Message("gap.no_atg"),), treated=0)
    assert isinstance(lacking, PaperContent)
    baseline, response, _events = paper_tables(lacking, "en")
    assert response.frame.iloc[0, 0].startswith(translate("en", "gap.response"))
    assert translate("en", "gap.no_atg") in response.frame.iloc[0, 0]
    assert isinstance(baseline.frame, pd.DataFrame)
    assert baseline.frame.iloc[0, 0] == translate("en", "lab.nobody_treated")


@pytest.mark.browser
def test_page_draws_itself_without_a_network(taken: Taken, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    browser = find_browser()
    if browser is None:
        pytest.skip(NO_BROWSER)
    path = tmp_path / "page.html"
    path.write_bytes(taken.page)
    said: list[str] = []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        try:
            page = chromium.new_context(offline=True).new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("request", lambda request: said.append(request.url) if request.url != path.as_uri() else None)
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-drawn=all]")
            assert page.locator(".plot .main-svg").count() >= 2
            page.focus("#e2 .plot")
            page.keyboard.press("ArrowRight")
            page.locator("#said").filter(has_text="R0").wait_for(state="attached")
            page.emulate_media(media="print")
            assert not page.locator("details").first.is_visible()
            assert page.locator(".running").first.is_visible()
        finally:
            chromium.close()
    assert said == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_legend_says_nothing_of_the_screen(taken: Taken, lang: str) -> None:
    for name, key in SCREEN.items():
        words = translate(lang, f"takeaway.screen.{name}")
        footnote = translate(lang, key, method="M")
        assert words in footnote
        legend = legend_of(replace(taken.exhibits[0], lang=lang, footnote=footnote), 1)
        assert footnote.replace(words, "") in legend
