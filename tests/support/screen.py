"""A user at the screen: what stands there, ways between pages, widgets, clicks on marks of a figure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from support.browser import Server, settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_VISIBLE = """() => {
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode.nodeValue.trim(), holder = walk.currentNode.parentElement;
        const unread = "script, style, noscript, [data-testid=stIconMaterial], [data-testid=stExpanderIcon]";
        if (!text || holder.closest(unread)) continue;
        const inTable = holder.closest("canvas");  // the words of a table stand beside its picture
        if (!inTable && !holder.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
        if (!inTable && parseFloat(getComputedStyle(holder).fontSize) === 0) continue;
        out.push(text);
    }
    document.querySelectorAll("[placeholder]").forEach((e) => out.push(e.placeholder));
    const figures = ":is([data-testid=stPlotlyChart], .saa-figure) [aria-label]";
    document.querySelectorAll(figures).forEach((e) => out.push(e.ariaLabel));
    for (const e of document.querySelectorAll("[data-testid]")) {
        const said = getComputedStyle(e, "::after").content;
        if (said.startsWith('"') && said.length > 2) out.push(said.slice(1, -1));
    }
    return out;
}"""

_PLACE = """([key, wanted]) => {
    const figure = document.querySelector(`.st-key-${key} .js-plotly-plot`);
    figure.scrollIntoView({block: "center"});
    const box = figure.getBoundingClientRect();
    for (const [i, trace] of figure._fullData.entries()) {
        for (const [j, held] of [...(trace.customdata ?? [])].entries()) {
            if (JSON.stringify(held) !== wanted || trace.type !== "scatter") continue;
            const xs = figure._fullLayout[trace.xaxis.replace("x", "xaxis")];
            const ys = figure._fullLayout[trace.yaxis.replace("y", "yaxis")];
            const point = figure.calcdata[i][j];
            return [box.left + xs._offset + xs.c2p(point.x), box.top + ys._offset + ys.c2p(point.y)];
        }
    }
    return null;
}"""


def visible_text(page: Page) -> list[str]:
    """Return every text a reader sees: page, figures, tables, placeholders."""
    return [str(text) for text in page.evaluate(_VISIBLE)]


def click_mark(page: Page, key: str, held: object) -> None:
    """Click the mark of a figure with the mouse.

    Parameters
    ----------
    key : of the chart. held : what the mark carries: a P-code, or a list with more.

    Raises
    ------
    LookupError : no mark carries it.
    """
    place = page.evaluate(_PLACE, [key, json.dumps(held, separators=(",", ":"))])
    if place is None:
        raise LookupError(f"no mark of {key} carries {held!r}")
    page.mouse.move(place[0] - 2, place[1])
    page.mouse.move(place[0], place[1])
    page.wait_for_timeout(120)  # Plotly looks for the mark under the mouse at most every 50 ms
    page.mouse.click(place[0], place[1])
    settle(page)


def axis_codes(page: Page, key: str) -> list[str]:
    """Return the P-codes that stand at the axes of a figure, sorted."""
    ticks = page.locator(f".st-key-{key} :is(.xtick, .ytick) text").all_text_contents()
    return sorted(tick for tick in ticks if re.fullmatch(r"P\d+", tick))


def visit(page: Page, server: Server, name: str, parameters: str = "") -> None:
    """Open a page in a new session."""
    page.goto(f"{server.url}/{'' if name == 'overview' else name}?{parameters}")
    settle(page)


def go(page: Page, name: str) -> None:
    """Use the navigation on top: no new session."""
    end = "" if name == "overview" else name
    link = page.locator(f':is([data-testid="stTopNavLink"], [data-testid="stTopNavDropdownLink"])[href$="/{end}"]')
    for section in page.get_by_test_id("stTopNavSection").all():
        if link.count():
            break
        section.click()
        page.wait_for_timeout(100)
    link.click()
    settle(page)


def key(page: Page, name: str) -> Locator:
    """Return the element with a key."""
    return page.locator(f".st-key-{name}")


def choose(page: Page, name: str, option: str) -> None:
    """Take an option of a select box."""
    key(page, name).locator("input").click()
    page.get_by_role("option", name=option).click()
    settle(page)


def switch_language(page: Page, language: str) -> None:
    """Use the language control: 中文 or English."""
    key(page, "lang").get_by_text(language, exact=True).click()
    settle(page)


def fill(page: Page, name: str, text: str) -> None:
    """Type into a text box."""
    key(page, name).locator("input").fill(text)
    key(page, name).locator("input").press("Enter")
    settle(page)
