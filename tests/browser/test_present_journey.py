"""Ten minutes before a meeting: five items from three pages, another order, and a newer cut comes in."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.browser import ROOT, Server, settle
from support.screen import go, key, switch_language, visit

DEMO = ROOT / "data" / "demo" / "saa_demo.xlsx"
P_CODE = re.compile(r"\bP(?:0[1-9]|10)\b")


# Texts of the slide that are cut off at the edge of its room, and the height of its smallest letters.
SHOWN = """() => {
    const stage = document.querySelector(".saa-stage").getBoundingClientRect();
    const [plot, table] = [".saa-slide-plot", ".saa-slide-table"].map((name) => document.querySelector(name));
    const texts = [...(plot.hidden ? table.querySelectorAll("td, th") : plot.querySelectorAll(".main-svg text"))];
    const scale = plot.hidden ? 1 : plot.getBoundingClientRect().width / plot.offsetWidth;
    const cut = texts.filter((text) => {
        const box = text.getBoundingClientRect();
        return text.textContent.trim() && (box.left < stage.left - 2 || box.right > stage.right + 2
            || box.top < stage.top - 2 || box.bottom > stage.bottom + 2);
    });
    const sizes = texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
    return [cut.map((text) => text.textContent), Math.min(...sizes)];
}"""


def collect(page: Page, figure: str, n: int) -> None:
    """Click the button under a figure and wait until it is told how many there are."""
    drawn = page.locator(f".st-key-{figure} .saa-plot")
    before = drawn.evaluate("e => e.innerHTML.length")
    page.locator(f".st-key-{figure} .saa-collect").click()
    expect(page.get_by_test_id("stToast").filter(has_text=re.compile(rf"{n} items?\."))).to_be_visible()
    settle(page)
    assert drawn.evaluate("e => e.innerHTML.length") == before  # what is on the screen stays as it is


def titles(page: Page) -> list[str]:
    """Return the titles of the items in their order, without their numbers."""
    texts = page.locator('[class*="st-key-item_"] [data-testid="stMarkdown"] strong').all_inner_texts()
    return [text.split(" · ", 1)[1] for text in texts if " · " in text]


def counter(page: Page) -> str:
    return page.locator(".saa-counter").inner_text()


@pytest.mark.torture
def test_five_items_are_collected_ordered_checked_against_a_newer_cut_and_shown(own: Server, page: Page) -> None:
    visit(page, own, "overview", "lang=en")
    collect(page, "strips", 1)
    collect(page, "swimmer", 2)
    go(page, "response")
    collect(page, "grid", 3)
    page.locator(".st-key-collect_table_denominators button").first.click()
    expect(page.get_by_test_id("stToast").filter(has_text="4 items.")).to_be_visible()
    go(page, "survival")
    collect(page, "curve_TTANC05", 5)

    go(page, "present")
    first = titles(page)
    assert len(first) == 5
    page.locator('[class*="st-key-up_"]').nth(4).locator("button").first.click()
    settle(page)
    assert titles(page) == [*first[:3], first[4], first[3]]
    box = page.get_by_placeholder("Title on slides").first
    box.fill("Six of ten answered")
    box.press("Enter")
    settle(page)

    visit(page, own, "present", "lang=en")  # a new session: everything is still there
    assert titles(page) == [*first[:3], first[4], first[3]]
    done = own.command("import", str(DEMO), "--cutoff", "2026-06-30", "--label", "June")
    assert done.returncode == 0, done.stderr
    visit(page, own, "present", "lang=en")
    expect(page.get_by_text("5 items are of an earlier data cut")).to_be_visible()
    key(page, "check_run").get_by_role("button").first.click()
    expect(page.get_by_text("Making item")).to_be_visible()
    expect(key(page, "check_result")).to_be_visible()
    settle(page)
    said = key(page, "check_result").inner_text()
    assert re.search(r"cut-off 2026-06-30\): \d changed, \d the same, 0 could not", said)
    assert "0 changed" not in said
    key(page, "check_take").get_by_role("button").first.click()
    settle(page)
    expect(page.get_by_text("Every item is of the newest data cut.")).to_be_visible()
    expect(key(page, "tray_undo")).to_contain_text("new results")

    key(page, "tray_deck_make").get_by_role("button").first.click()
    with page.expect_download() as download:
        key(page, "dl_tray_deck_pptx").get_by_role("button").first.click()
    assert download.value.suggested_filename.startswith("SYNTHETIC_tray_")
    with zipfile.ZipFile(download.value.path()) as deck:
        made = [deck.read(name).decode() for name in deck.namelist() if re.match(r"ppt/slides/slide\d+\.xml", name)]
    assert len(made) >= 6  # title and five items
    assert any("Six of ten answered" in slide for slide in made)
    assert not any(P_CODE.search(slide) for slide in made)

    key(page, "meeting_on").get_by_role("button").first.click()
    slides = page.locator(".saa-slides")
    expect(slides.locator("h1")).to_have_text("Six of ten answered")
    expect(slides.locator(".saa-origin")).to_contain_text("cut-off 2026-06-30 · n = 10/10")
    for pressed, place in (
        ("ArrowRight", 2), ("PageDown", 3), ("ArrowLeft", 2), ("PageUp", 1), ("End", 5), ("ArrowRight", 5), ("Home", 1),
        ("ArrowRight", 2), ("ArrowRight", 3),
    ):  # fmt: skip
        page.keyboard.press(pressed)
        assert counter(page) == f"{place} / 5"
        expect(slides.locator(".saa-slide-plot[aria-busy]")).to_have_count(0)
        assert not P_CODE.search(slides.inner_text())
    page.keyboard.press("Escape")
    expect(slides.locator(".saa-contents button")).to_have_count(5)
    expect(slides.locator(".saa-contents button").first).to_have_text("1. Six of ten answered")
    page.keyboard.press("Escape")
    expect(slides.locator(".saa-contents")).to_be_hidden()
    for width, height, least in ((1024, 768, 14), (1440, 900, 16)):
        page.set_viewport_size({"width": width, "height": height})
        for at in range(5):
            page.keyboard.press("Home" if at == 0 else "ArrowRight")
            page.wait_for_timeout(300)
            expect(slides.locator(".saa-slide-plot[aria-busy]")).to_have_count(0)
            cut, smallest = page.evaluate(SHOWN)
            assert cut == []
            assert smallest >= least - 0.1
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    slides.locator(".saa-live").click()
    expect(key(page, "meeting_back")).to_contain_text("Back to slide 3")
    settle(page)
    assert not P_CODE.search(page.locator('[data-testid="stMain"]').inner_text())
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    key(page, "meeting_back").get_by_role("button").first.click()
    expect(slides).to_be_visible()
    assert counter(page) == "3 / 5"
    page.go_back()
    settle(page)
    expect(key(page, "meeting_leave")).to_be_visible()  # Back does not end the meeting
    page.reload()
    settle(page)
    expect(key(page, "meeting_leave")).to_be_visible()
    key(page, "meeting_back").get_by_role("button").first.click()
    expect(slides).to_be_visible()
    slides.locator(".saa-leave").click()
    expect(slides).to_have_count(0)
    settle(page)
    assert "mt=" not in page.url
    switch_language(page, "中文")
    expect(page.get_by_text("撤销：采用新结果")).to_be_visible()

    with sqlite3.connect(own.data_dir / "state.sqlite") as con:
        stored = con.execute("SELECT content FROM trays").fetchone()[0]
    assert not P_CODE.search(stored)
    assert not re.search(r"P00\d|P010|2026-0[1-5]", stored)
    assert "Traceback" not in Path(own.log).read_text("utf-8", "replace")


# Remembers every P-code that was on the screen at any moment, in whatever document of this tab.
WATCH = r"""(() => {
    const look = () => {
        const found = (document.body?.innerText ?? "").match(/\bP(0[1-9]|10)\b/g);
        if (found && sessionStorage.watched !== undefined) sessionStorage.watched += found.join(" ");
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})()"""


@pytest.mark.torture
def test_no_address_opened_in_a_meeting_shows_more_than_the_meeting(own: Server, page: Page) -> None:
    page.add_init_script(WATCH)
    visit(page, own, "patients", "lang=en&p=P03")
    assert P_CODE.search(page.inner_text("body"))
    visit(page, own, "overview", "lang=en")
    page.locator(".st-key-strips .saa-collect").click()
    expect(page.get_by_test_id("stToast").filter(has_text="Added to")).to_be_visible()
    go(page, "present")
    key(page, "meeting_on").get_by_role("button").first.click()
    slides = page.locator(".saa-slides")
    expect(slides).to_be_visible()
    page.evaluate("sessionStorage.watched = ''")

    for name in ("overview", "patients", "survival"):
        visit(page, own, name, "lang=en&p=P03")  # a typed address, a bookmark, a link in a mail
        expect(key(page, "meeting_leave")).to_be_visible()
        assert "mt=True" in page.url
    page.goto(f"{own.url}/present?lang=en")
    expect(slides).to_be_visible()
    for _ in range(6):  # the patient's page of before the meeting is among them
        page.go_back()
        page.wait_for_timeout(2500)
        expect(key(page, "meeting_leave").or_(slides)).to_be_visible()
    assert page.evaluate("sessionStorage.watched") == ""

    other = page.context.new_page()
    visit(other, own, "patients", "lang=en&p=P03")
    expect(other.get_by_text("“Patients” is not shown in meeting mode.")).to_be_visible()
    key(other, "meeting_leave").get_by_role("button").first.click()
    settle(other)
    assert P_CODE.search(other.inner_text("body"))
    other.reload()
    settle(other)
    expect(key(other, "meeting_leave")).to_have_count(0)
    visit(page, own, "overview", "lang=en")  # the first window is still in its meeting
    expect(key(page, "meeting_leave")).to_be_visible()
    assert page.evaluate("sessionStorage.watched") == ""
