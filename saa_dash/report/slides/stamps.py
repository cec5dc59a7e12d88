"""Stamps of a slide: synthetic data, not the primary setting; beside the master's logo, readable on any ground."""

from __future__ import annotations

from collections.abc import Sequence
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
_EDGE, _GAP = 14.0, 6.0  # pt from the edge of a slide, and from what stands beside
_WARNING = "9A1F2B"


def add_stamps(page: Any, slide: Slide, stage: Stage) -> None:
    """Stamp a slide at its upper right."""
    from pptx.dml.color import RGBColor

    right = stage.presentation.slide_width / EMU - _EDGE
    face = replace(stage.face, text=_WARNING, inks=ON_WHITE)
    for stamp in slide.stamps:
        wide = line_width(stamp, _SIZE) * (1.0 if stage.own else 1.2) + 16
        place = _beside(stage.taken[not slide.opening], Area(right - wide, _TOP, wide, _HEIGHT))
        shape = add_words(page, paragraphs(stamp), place, face, _SIZE, across="ctr", anchor="ctr", bold=True)
        if not stage.own:
            shape.fill.solid()
            shape.fill.fore_color.rgb = RGBColor.from_string(WHITE)
        shape.line.color.rgb = RGBColor.from_string(_WARNING)
        shape.line.width = 9525
        shape.name = "stamp"
        right = place.left - _GAP


def _beside(taken: Sequence[Area], area: Area) -> Area:
    """Return a place that is moved to the left until nothing stands under it, or left where it is if there is none."""
    moved = area
    for one in sorted(taken, key=lambda other: -other.left):
        if covered(moved, one) > 0:
            moved = replace(moved, left=one.left - _GAP - area.width)
    return moved if moved.left >= _EDGE else area
