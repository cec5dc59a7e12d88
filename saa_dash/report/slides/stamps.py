"""Stamps of a slide: synthetic data, not the primary setting; clear of logo and title, readable on any ground."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .ground import covered
from .inks import ON_WHITE, WHITE
from .parts_xml import EMU
from .place import add_words
from .slide import Slide
from .stage import Stage
from .table import Area
from .words import line_width, paragraphs

_SIZE, _HEIGHT, _TOP = 11.0, 18.0, 9.0  # pt
_CAPITAL = 0.14  # of the size of letters: how much wider a bold capital is than the average letter
_EDGE, _GAP = 14.0, 6.0  # pt from the edge of a slide, and from what stands beside
_SLIGHT = 8.0  # pt of the height of a title that its words leave free
_WARNING = "9A1F2B"


def add_stamps(page: Any, slide: Slide, stage: Stage) -> None:
    """Stamp a slide at its upper right, or where a logo or the title stands there, at the end of its last line."""
    from pptx.dml.color import RGBColor

    face = replace(stage.face, text=_WARNING, inks=ON_WHITE)
    for stamp, place in zip(slide.stamps, _places(slide, stage), strict=True):
        shape = add_words(page, paragraphs(stamp), place, face, _SIZE, across="ctr", anchor="ctr", bold=True)
        if not stage.own:
            shape.fill.solid()
            shape.fill.fore_color.rgb = RGBColor.from_string(WHITE)
        shape.line.color.rgb = RGBColor.from_string(_WARNING)
        shape.line.width = 9525
        shape.name = "stamp"


def foot_of(slide: Slide, stage: Stage) -> Area:
    """Return where the last line of a slide stands, beside the stamps that share it."""
    places = _places(slide, stage)
    if not places or places[0].top == _TOP:
        return stage.foot
    return replace(stage.foot, width=max(min(place.left for place in places) - _GAP - stage.foot.left, 0.0))


def _places(slide: Slide, stage: Stage) -> list[Area]:
    width = stage.presentation.slide_width / EMU
    upper = _row(slide, stage, width - _EDGE, _TOP)
    taken = stage.taken[not slide.opening]
    free = all(place.left >= _EDGE and not any(_hits(place, one) for one in taken) for place in upper)
    return upper if free else _row(slide, stage, stage.foot.left + stage.foot.width, stage.foot.top - 1)


def _row(slide: Slide, stage: Stage, right: float, top: float) -> list[Area]:
    """Return places beside one another, the first at the right."""
    out = []
    for stamp in slide.stamps:
        letters = line_width(stamp, _SIZE) + _CAPITAL * _SIZE * sum(sign.isupper() for sign in stamp)
        wide = letters * (1.0 if stage.own else 1.2) + 16
        out.append(Area(right - wide, top, wide, _HEIGHT))
        right -= wide + _GAP
    return out


def _hits(place: Area, other: Area) -> bool:
    """Tell whether a place runs into another one by more than the edge that words keep free."""
    low, high = min(place.top + place.height, other.top + other.height), max(place.top, other.top)
    return covered(place, other) > 0 and low - high > _SLIGHT
