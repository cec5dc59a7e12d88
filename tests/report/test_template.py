"""Templates of every ground: what is written can be read, what their master draws stays free."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from support.deck import A, C, title_of
from support.template import Theirs, banded, box_of, filled, overlap, pictured, solid, swapped, template

from saa_dash.access.presenting import as_presenter
from saa_dash.charts.palette import DARK, LIGHT
from saa_dash.charts.swimmer import figure_swimmer
from saa_dash.charts.theme import Look
from saa_dash.model.errors import UsageError
from saa_dash.model.principal import local_principal
from saa_dash.report.deck import exhibits_deck, finished_deck
from saa_dash.report.exhibit import Exhibit, exhibit_of
from saa_dash.report.slides.compose import compose
from saa_dash.report.slides.inks import contrast, inks_on
from saa_dash.report.slides.slide import Deck
from saa_dash.report.slides.template import open_stage
from saa_dash.services.cohort_states import cohort_swimmer
from saa_dash.services.context import Request, open_view
from saa_dash.services.deck_parts import gather_deck

LOGO = (0.3, 6.9, 2.2, 0.55)
GRADIENT = (
    '<a:gradFill><a:gsLst><a:gs pos="0"><a:srgbClr val="001030"/></a:gs><a:gs pos="100000"><a:srgbClr val="1F3864"/>'
    '</a:gs></a:gsLst><a:lin ang="5400000"/></a:gradFill>'
)
ON_FILLS = {"0B1118"}  # letters on bright fills
GREYS = 1.05  # least contrast of lines that are only there to be seen when looked for


@pytest.fixture(scope="module")
def deck(pack_dir: Path) -> Deck:
    presenter = as_presenter(local_principal())
    return finished_deck(gather_deck(presenter, open_view(presenter, Request(pack_dir, "latest"))), "en")


def _made(deck: Deck, theirs: Theirs) -> list[Any]:
    return list(Presentation(io.BytesIO(compose(deck, theirs.data, lambda *_: None).data)).slides)


def _few(deck: Deck) -> Deck:
    """Opening, cards, boxes, tables, and two figures."""
    return replace(deck, slides=(*deck.slides[:5], deck.slides[8]))


def _trees(slide: Any) -> Iterator[Any]:
    """The XML of a slide and of its charts."""
    yield slide._element
    for shape in slide.shapes:
        if shape.has_chart:
            yield shape.chart.part._element


def _inks(slide: Any) -> set[str]:
    """Colours of letters, without those of stamps, which bring their own ground."""
    stamps = {node for shape in slide.shapes if shape.name == "stamp" for node in shape._element.iter()}
    runs = [run for tree in _trees(slide) for tag in ("rPr", "defRPr") for run in tree.iter(f"{A}{tag}")]
    found = [run.find(f"{A}solidFill/{A}srgbClr") for run in runs if run not in stamps]
    return {node.get("val") for node in found if node is not None}


def _clear(slides: list[Any], theirs: Theirs) -> None:
    for slide in slides:
        for shape in slide.shapes:
            assert not overlap(box_of(shape), theirs.logo), (title_of(slide), shape.name)


@pytest.mark.parametrize(("change", "ground", "wide"), [
    (swapped, "000000", False), (filled(solid("222222")), "222222", True), (filled(GRADIENT), "1F3864", True),
    (pictured(bytes([10, 30, 20, 40])), "282828", False),
], ids=["map", "fill", "gradient", "picture"])  # fmt: skip
def test_everything_is_read_on_a_dark_ground(deck: Deck, change: Any, ground: str, wide: bool) -> None:
    theirs = template(change, ground, LOGO, wide=wide)
    slides = _made(deck if change is swapped else _few(deck), theirs)
    _clear(slides, theirs)
    light = {rgb[1:] for rgb in (LIGHT.text, LIGHT.muted, *LIGHT.response.values(), *LIGHT.lineage.values())}
    for slide in slides:
        for ink in _inks(slide) - ON_FILLS:
            assert contrast(ink, ground) >= 4.5, (title_of(slide), ink)
        for tree in _trees(slide):
            for lines in (*tree.iter(f"{C}spPr"), *tree.iter(f"{A}lnB")):
                for node in lines.iter(f"{A}srgbClr"):
                    assert node.get("val") == ground or contrast(node.get("val"), ground) > GREYS
                    assert node.get("val") not in light - {"FFFFFF"} or node.get("val") == ground
    colour = slides[1].shapes.title._element.find(f".//{A}rPr/{A}solidFill/{A}srgbClr")
    assert (
        colour is None if change is swapped else colour.get("val") == "FFFFFF"
    )  # the template's own, or one that is read
    drawn = {node.get("val") for slide in slides for tree in _trees(slide) for node in tree.iter(f"{A}srgbClr")}
    assert {DARK.response[code][1:] for code in ("CR", "PR", "NR")} <= drawn
    notes = slides[1].notes_slide._element
    assert {node.get("val") for node in notes.iter(f"{A}srgbClr")} == {LIGHT.text[1:]}


@pytest.mark.parametrize(("change", "boxed"), [
    (filled(solid("2E75B6")), False), (pictured(bytes([0, 255, 255, 0])), True),
], ids=["blue", "picture"])  # fmt: skip
def test_what_no_ink_can_be_read_on_gets_a_white_place(deck: Deck, change: Any, boxed: bool) -> None:
    theirs = template(change, "", LOGO, wide=True)
    slides = _made(_few(deck), theirs)
    _clear(slides, theirs)
    for slide in slides[1:]:
        panel = next(shape for shape in slide.shapes if shape.name == "ground")
        place = box_of(panel)
        assert panel.fill.fore_color.rgb == (255, 255, 255)
        inside = [shape for shape in slide.shapes if shape.name not in ("stamp", "ground") and not shape.is_placeholder]
        for shape in inside:
            left, top, right, low = box_of(shape)
            assert place[0] <= left and place[1] <= top and right <= place[2] + 12700 and low <= place[3] + 12700
        assert bool(slide.shapes.title._element.spPr.find(f"{A}solidFill") is not None) is boxed


def test_titles_stay_white_on_a_band_and_nothing_runs_into_it(deck: Deck) -> None:
    theirs = template(banded, "FFFFFF", (7.6, 0.05, 2.2, 0.55))
    slides = _made(_few(deck), theirs)
    _clear(slides, theirs)
    for slide in slides[1:]:
        assert slide.shapes.title._element.find(f".//{A}rPr/{A}solidFill") is None  # the template's own: white
        for shape in slide.shapes:
            if not shape.is_placeholder:
                assert shape.top >= 1.55 * 914400 and shape.top + shape.height <= 7.2 * 914400
    assert all(contrast(ink, "FFFFFF") >= 4.5 for slide in slides[1:3] for ink in _inks(slide))


def test_grounds_are_judged_by_all_their_colours() -> None:
    assert inks_on(("FFFFFF", "E8E8E8")) == inks_on(("FFFFFF",))
    dark = inks_on(("001030", "1F3864"))
    assert dark is not None and dark.dark and dark.ground == "1F3864"
    assert inks_on(("001030", "FFFFFF")) is None and inks_on(()) is None
    pairs = [(LIGHT.response, DARK.response), (LIGHT.lineage, DARK.lineage), (LIGHT.grade, DARK.grade)]
    black = inks_on(("0F1419",))
    assert black is not None
    for light, darker in pairs:
        assert {code: f"#{black.mark(rgb[1:])}" for code, rgb in light.items()} == darker  # type: ignore[attr-defined]


def test_a_caption_stands_as_it_was_typed(pack_dir: Path) -> None:
    presenter = as_presenter(local_principal())
    view = open_view(presenter, Request(pack_dir, "latest"))
    drawn = figure_swimmer(cohort_swimmer(presenter, view, "response"), Look("en", opens=False), rule="")
    typed = "<b>Bold</b><script>alert(1)</script> &lt;b&gt; a < b"
    item: Exhibit = replace(exhibit_of(drawn, "overview", "swimmer", "en", view.provenance()), caption=typed)
    slide = Presentation(io.BytesIO(compose(exhibits_deck([item], "en"), None, lambda *_: None).data)).slides[1]
    assert title_of(slide) == typed
    assert (
        f"Say: {typed}" in slide.notes_slide.notes_text_frame.text or typed in slide.notes_slide.notes_text_frame.text
    )
    assert etree.tostring(slide._element).count(b"<script") == 0


def test_nothing_leaves_a_slide_that_is_not_broad_and_plots_have_room(deck: Deck) -> None:
    theirs = template(lambda _: None, "FFFFFF", (0.0, 7.4, 0.1, 0.05))
    slides = _made(deck, theirs)
    assert len(slides) <= len(deck.slides) + 1  # no table goes on for a row or two
    for slide in slides[1:]:
        words = [shape for shape in slide.shapes if shape.has_text_frame and shape.top > 1.2 * 914400]
        for shape in slide.shapes:
            left, _, right, low = box_of(shape)
            if shape.has_table:
                assert right <= 10 * 914400 and low <= 7.05 * 914400, title_of(slide)
                under = [box_of(one) for one in words if one.top > shape.top and left <= one.left < right]
                assert not any(overlap(box_of(shape), place) for place in under), title_of(slide)
            if shape.has_chart:
                held = shape.chart.part._element.find(f".//{C}plotArea/{C}layout/{C}manualLayout")
                high = float(held.find(f"{C}h").get("val")) * shape.height
                assert high > 1.6 * 914400, title_of(slide)
    grid = next(slide for slide in slides if sum(shape.has_chart for shape in slide.shapes) == 2 and
                any("worst" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame))  # fmt: skip
    heads = [box_of(shape) for shape in grid.shapes if shape.has_text_frame
             and shape.text_frame.text.startswith(("One column", "Patients affected"))]  # fmt: skip
    assert len(heads) == 2 and heads[0][2] < heads[1][0]


def _titles_below(*names: str) -> bytes:
    held = Presentation()
    for layout in held.slide_layouts:
        if not names or layout.name in names:
            for shape in layout.placeholders:
                if "TITLE" in str(shape.placeholder_format.type) and "SUB" not in str(shape.placeholder_format.type):
                    shape.left, shape.top, shape.width, shape.height = 182880, 5669280, 8686800, 914400
    if not names:
        for layout in list(held.slide_layouts):
            if layout.name != "Title Only":
                held.slide_layouts.remove(layout)
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def test_a_layout_with_room_is_taken_and_none_is_said() -> None:
    assert open_stage(_titles_below("Title Only"), "en").body_layout.name == "Title and Content"
    with pytest.raises(UsageError) as told:
        open_stage(_titles_below(), "en")
    assert told.value.message.code == "error.deck_template_room"
