"""A data review: mark a row, ask, answer, take back, mark again; the next cut shows what changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from support.browser import Server, served, settle
from support.screen import choose, key, visit
from support.two_cuts import publish, tables_of, with_changes

ROW_HEIGHT = 35  # px, of tables


@pytest.fixture(scope="module")
def review(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a demo cut of its own: the journey writes."""
    folder = tmp_path_factory.mktemp("review")
    yield from served(folder)


def pick(page: Page, table: str, row: int) -> None:
    """Tick a row of a table whose key begins so."""
    shown = page.locator(f'[class*="st-key-{table}"]').get_by_test_id("stDataFrame").first
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + ROW_HEIGHT * (row + 1) + ROW_HEIGHT / 2)
    settle(page)


def press(page: Page, name: str) -> None:
    key(page, name).get_by_role("button").click()
    settle(page)


def write(page: Page, name: str, text: str) -> None:
    box = page.locator(f'[class*="st-key-{name}"] textarea')
    box.fill(text)
    box.press("Control+Enter")
    settle(page)


def told(page: Page, name: str, value: str) -> None:
    """Wait until an answer on top begins with a value."""
    metric = page.get_by_test_id("stMetric").filter(has_text=name).get_by_test_id("stMetricValue")
    expect(metric).to_have_text(re.compile(rf"^{re.escape(value)}(?!\d)"))


@pytest.mark.torture
def test_mark_query_close_undo_and_the_next_cut_shows_what_changed(review: Server, page: Page) -> None:
    visit(page, review, "review", "lang=en&rvp=rows&rvd=AE")
    choose(page, "review_patient", "P04")
    pick(page, "review_rows_AE", 0)
    press(page, "review_mark")
    told(page, "Rows reviewed", "1")
    write(page, "review_question", "Grade 1 by the text: is that so?")
    press(page, "review_ask")
    told(page, "Open queries", "1")
    expect(page.get_by_test_id("stMarkdown").filter(has_text="Grade 1 by the text: is that so?")).to_be_visible()
    write(page, "review_close_text", "Yes, as in the chart.")
    press(page, "review_close_1")
    told(page, "Open queries", "0")
    press(page, "review_undo")
    told(page, "Rows reviewed", "0")
    press(page, "review_mark")
    told(page, "Rows reviewed", "1")

    publish(review.data_dir, with_changes(tables_of(review.data_dir)))
    visit(page, review, "review", "lang=en&rvp=rows&rvd=AE&rvs=CHANGED")
    told(page, "Reviewed, but changed since", "1")
    pick(page, "review_rows_AE", 0)
    values = page.get_by_test_id("stDataFrame").filter(has_text="When reviewed")
    expect(values).to_contain_text("Grade 1")
    expect(values).to_contain_text("Grade 4")
    expect(page.get_by_test_id("stDataFrame").filter(has_text="took the review back")).to_be_visible()
    press(page, "review_mark")
    told(page, "Reviewed, but changed since", "0")
