"""What a reader does with a figure: zooms, clicks, boxes, walks over its marks, saves it; each in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from support.browser import Server, settle
from support.screen import click_mark, go, key, switch_language, visit

from saa_dash.model.principal import local_principal
from saa_dash.services.audit import audit_rows

_PLACE = """(key) => {
    const panel = document.querySelector(`.st-key-${key} .js-plotly-plot .nsewdrag`);
    panel.scrollIntoView({block: "center"});
    const box = panel.getBoundingClientRect();
    return [box.left, box.top, box.width, box.height];
}"""
_RANGE = "(key) => document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullLayout.xaxis.range"


def drag(page: Page, name: str) -> None:
    """Drag over the middle third of a figure's first panel."""
    left, top, wide, high = page.evaluate(_PLACE, name)
    page.mouse.move(left + wide / 3, top + high / 2)
    page.mouse.down()
    page.mouse.move(left + 2 * wide / 3, top + high / 2 + 2, steps=4)
    page.mouse.up()
    page.wait_for_function("(key) => !document.querySelector(`.st-key-${key} .saa-reset`).hidden", arg=name)


def days(page: Page, name: str) -> list[float]:
    return [round(float(end), 2) for end in page.evaluate(_RANGE, name)]


def pictures(server: Server) -> list[str]:
    rows = audit_rows(local_principal(), server.data_dir)
    return [str(row.details["file"]) for row in rows if row.action == "download"]


@pytest.mark.torture
def test_zoom_stays_when_the_patient_and_the_language_change_and_goes_when_asked(server: Server, page: Page) -> None:
    visit(page, server, "patients", "lang=en&p=P03")
    whole = days(page, "profile")
    drag(page, "profile")
    zoomed = days(page, "profile")
    assert whole[0] < zoomed[0] < zoomed[1] < whole[1]
    page.evaluate("document.activeElement.blur(); window.before = document.querySelector('.js-plotly-plot')")
    page.keyboard.press("ArrowRight")
    settle(page)
    assert "p=P04" in page.url
    assert days(page, "profile") == zoomed
    switch_language(page, "中文")
    assert days(page, "profile") == zoomed
    plot = key(page, "profile").locator(".saa-plot")
    expect(plot).to_have_attribute("aria-label", re.compile("P04"))
    expect(key(page, "profile").locator(".saa-reset")).to_have_text("恢复全图")
    assert page.evaluate("window.before === document.querySelector('.js-plotly-plot')")
    key(page, "profile").locator(".saa-reset").click()
    expect(key(page, "profile").locator(".saa-reset")).to_be_hidden()
    assert days(page, "profile")[0] < zoomed[0]


@pytest.mark.torture
def test_a_mark_opens_the_patient_each_time_it_is_clicked_and_only_then(server: Server, page: Page) -> None:
    visit(page, server, "overview", "lang=en")
    for _ in range(2):
        click_mark(page, "swimmer", "P03")
        page.wait_for_url("**/patients*")
        go(page, "overview")
        assert "/patients" not in page.url
    swimmer = key(page, "swimmer")
    key(page, "accrual").locator(".saa-svg").focus()
    page.keyboard.press("Tab")
    while not swimmer.locator(".saa-plot").evaluate("(plot) => plot.matches(':focus-visible')"):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    said = swimmer.locator("[aria-live]")
    expect(said).to_have_text(re.compile(r"P\d\d"))
    before = said.inner_text()
    page.keyboard.press("ArrowDown")
    expect(said).not_to_have_text(before)
    code = re.findall(r"P\d\d", said.inner_text())[0]
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/patients.*p={code}"))


@pytest.mark.torture
def test_a_picture_carries_its_words_and_stands_in_the_audit_trail(server: Server, page: Page, tmp_path: Path) -> None:
    page.emulate_media(color_scheme="dark")
    visit(page, server, "overview", "lang=en")
    dark = page.evaluate("document.querySelector('.st-key-swimmer .js-plotly-plot')._fullLayout.paper_bgcolor")
    with page.expect_download() as got:
        key(page, "swimmer").get_by_role("button", name="Save as SVG").click()
    name = got.value.suggested_filename
    assert re.fullmatch(r"SYNTHETIC_swimmer_\d{8}T\d{6}Z-[0-9a-f]{8}\.svg", name)
    assert pictures(server)[-1] == name
    got.value.save_as(tmp_path / name)
    words = (tmp_path / name).read_text("utf-8")
    plain = re.sub(r"<[^>]+>", " ", words)
    for part in (
        "8 of 10 patients are still followed",
        "SYNTHETIC DATA",
        name[18:-4],
        "cut-off 2026-07-31",
        "n = 10/10",
    ):
        assert part in plain
    assert "#FFFFFF" in words
    assert dark not in words
    settle(page)
    with page.expect_download() as got:
        key(page, "swimmer").get_by_role("button", name="Save as PNG").click()
    got.value.save_as(tmp_path / "picture.png")
    assert int.from_bytes((tmp_path / "picture.png").read_bytes()[16:20]) >= 3 * 760
    assert page.evaluate("document.querySelector('.st-key-swimmer .js-plotly-plot')._fullLayout.paper_bgcolor") == dark


@pytest.mark.torture
def test_where_the_component_cannot_load_the_figures_are_there_all_the_same(server: Server, page: Page) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/chart-files/**", refuse)
    visit(page, server, "overview", "lang=en")
    expect(key(page, "swimmer").get_by_test_id("stPlotlyChart").locator(".main-svg").first).to_be_visible()
    click_mark(page, "swimmer", "P03")
    page.wait_for_url("**/patients*")


@pytest.mark.torture
def test_the_rows_behind_a_box_go_with_the_box(server: Server, page: Page) -> None:
    visit(page, server, "organs", "lang=en")
    page.locator(".st-key-edish .saa-box").click()
    left, top, wide, high = page.evaluate(_PLACE, "edish")
    page.mouse.move(left + 2, top + high / 2)
    page.mouse.down()
    page.mouse.move(left + wide - 2, top + high - 2, steps=4)
    page.mouse.up()
    behind, boxes = key(page, "edish_behind"), page.locator(".st-key-edish .selectionlayer path")
    expect(behind).to_contain_text("P05")
    assert boxes.count() > 0
    key(page, "edish_clear").locator("button").click()
    settle(page)
    expect(behind).to_have_count(0)
    expect(boxes).to_have_count(0)
