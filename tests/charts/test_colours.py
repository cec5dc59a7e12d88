"""Colours can be read and told apart, by colour-blind eyes too, and the page about them is up to date."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

from saa_dash.charts.palette import PALETTES

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("colour_docs", ROOT / "tools" / "colour_docs.py")
assert _spec is not None and _spec.loader is not None
docs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs)

TEXT, MARK, APART = 4.5, 3.0, 11.5
appearances = pytest.mark.parametrize("appearance", list(PALETTES))


def test_the_measures_are_those_of_the_books() -> None:
    assert docs.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert docs.contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    red_green = {"red": "#C00000", "green": "#607000"}
    assert docs.least_distance(red_green, "full")[0] > 2 * docs.least_distance(red_green, "protan")[0]


@appearances
def test_text_has_its_contrast(appearance: str) -> None:
    palette = PALETTES[appearance]
    pairs = [(ink, ground) for ink in (palette.text, palette.muted) for ground in (palette.background, palette.surface)]
    pairs += [(palette.on_response[state], fill) for state, fill in palette.response.items()]
    pairs += [(palette.on_grade[grade], fill) for grade, fill in palette.grade.items()]
    pairs += [(colour, palette.background) for colour in (*palette.lineage.values(), palette.infusion, palette.accent)]
    assert [pair for pair in pairs if docs.contrast(*pair) < TEXT] == []


@appearances
def test_marks_have_their_contrast(appearance: str) -> None:
    palette = PALETTES[appearance]
    marks = {name: colour for group in docs.groups(palette).values() for name, colour in group.items()}
    marks |= {"treatment": palette.treatment}
    faint = {name for name, colour in marks.items() if docs.contrast(colour, palette.background) < MARK}
    assert faint == ({"2"} if appearance == "light" else set())  # has its outline


@appearances
@pytest.mark.parametrize("sight", docs.SIGHTS)
def test_colours_of_one_meaning_stay_apart(appearance: str, sight: str) -> None:
    for colours in docs.groups(PALETTES[appearance]).values():
        assert docs.least_distance(colours, sight)[0] > APART


@appearances
def test_the_pages_have_the_colours_of_the_figures(appearance: str) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][appearance]
    palette = PALETTES[appearance]
    assert (theme["backgroundColor"], theme["secondaryBackgroundColor"]) == (palette.background, palette.surface)
    assert (theme["textColor"], theme["primaryColor"]) == (palette.text, palette.accent)
    assert docs.contrast(theme["linkColor"], theme["backgroundColor"]) >= TEXT


def test_the_page_about_them_is_up_to_date() -> None:
    assert docs.main(["--check"]) == 0, "run: python tools/colour_docs.py"
