"""Large numbers, boxes of a patient flow and lines of text on a slide."""

from __future__ import annotations

from typing import Any

from .inks import Inks
from .parts_xml import EMU
from .place import add_words, set_words
from .slide import Cards, Points, Steps
from .table import Area
from .words import Face, Run, line_width, lines_of

_GAP = 16.0
_CARD, _WHOLE = 112.0, 108.0  # pt of height of a card, and what its lines need where they stand apart
_BOX, _ARROW = 60.0, 34.0  # pt of height of a box, and between two
_SURFACE, _EDGE = "F3F5F8", "C9CED6"
_TEXT, _LEAST = 20.0, 14.0  # pt of lines of text
_LINE = 1.22
_BOLD = 1.15  # bold letters, and those of a template, may be that much wider


def add_cards(slide: Any, block: Cards, area: Area, face: Face) -> None:
    """Draw large numbers in rows of up to four."""
    n = len(block.cards)
    columns = min(4, n) if n < 5 else 3
    rows = -(-n // columns)
    width = (area.width - _GAP * (columns - 1)) / columns
    height = min((area.height - _GAP * (rows - 1)) / rows, _CARD * 1.35)
    for at, (number, name, note) in enumerate(block.cards):
        left = area.left + (at % columns) * (width + _GAP)
        top = area.top + (at // columns) * (height + _GAP)
        box(slide, Area(left, top, width, height), face.inks)
        inner = width - 24
        low = min(height / _WHOLE, 1.0)  # cards that are less high hold their lines closer together
        size = 40.0 * low
        while size > 18 and line_width(number, size) * _BOLD > inner:
            size -= 2
        add_words(
            slide, [(Run(number, True),)], Area(left + 12, top + 8 * low, inner, 50 * low), face, size, anchor="ctr"
        )
        add_words(slide, [(Run(name),)], Area(left + 12, top + 60 * low, inner, 22 * low), face, 15, wrap=True)
        under = Area(left + 12, top + 82 * low, inner, height - 86 * low)
        add_words(slide, [(Run(note),)], under, face, 14, colour=face.muted, wrap=True)


def box(slide: Any, area: Area, inks: Inks, *, edge: str = "", fill: str = _SURFACE) -> Any:
    """Draw a box."""
    from pptx.dml.color import RGBColor
    from pptx.enum.shapes import MSO_SHAPE

    places = (area.left, area.top, area.width, area.height)
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(round(place * EMU) for place in places))
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(inks.mark(fill))
    if edge:
        shape.line.color.rgb = RGBColor.from_string(inks.mark(edge))
        shape.line.width = 9525
    else:
        shape.line.fill.background()
    style = shape._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}style")
    if style is not None:
        shape._element.remove(style)
    set_words(shape, [()], Face("en"), 12)
    return shape


def add_steps(slide: Any, block: Steps, area: Area, face: Face) -> None:
    """Draw who came in, who left, and where the others are."""
    rows = len(block.boxes) + bool(block.ends)
    scale = min(1.0, area.height / (rows * _BOX + (rows - 1) * _ARROW))
    high, gap = _BOX * scale, _ARROW * scale
    wide = min(area.width * 0.42, 380.0)
    left, middle = area.left + area.width * 0.29 - wide / 2 + 40, area.left + area.width * 0.29 + 40
    top = area.top
    for at, (words, detail) in enumerate(block.boxes):
        place = Area(left, top, wide, high)
        _said(slide, place, words, detail, face)
        beside = block.beside[at] if at < len(block.beside) else ""
        last = at == len(block.boxes) - 1
        if not last or block.ends:
            _line(slide, (middle, top + high), (middle, top + high + gap), face.inks)
        if beside:
            away = Area(left + wide + 46, top + high / 2 - 4, area.left + area.width - left - wide - 46, high)
            _line(slide, (middle, top + high + gap / 2), (away.left - 6, top + high + gap / 2), face.inks)
            place = Area(away.left, top + high + gap / 2 - 22, away.width, 44)
            add_words(slide, [(Run(beside),)], place, face, 14, anchor="ctr", wrap=True)
        top += high + gap
    if block.ends:
        _ends(slide, block.ends, Area(area.left, top, area.width, high), face)


def _ends(slide: Any, ends: tuple[tuple[str, str], ...], area: Area, face: Face) -> None:
    width = (area.width - _GAP * (len(ends) - 1)) / len(ends)
    for at, (words, detail) in enumerate(ends):
        _said(slide, Area(area.left + at * (width + _GAP), area.top, width, area.height), words, detail, face)


def _said(slide: Any, area: Area, words: str, detail: str, face: Face) -> None:
    shape = box(slide, area, face.inks, edge=_EDGE, fill="FFFFFF")
    size = 16.0
    while size > 11 and line_width(f"{words}  {detail}", size) > area.width - 12:
        size -= 1
    line = (Run(words), Run("  "), Run(detail, True)) if detail else (Run(words),)
    set_words(shape, [line], face, size, across="ctr", anchor="ctr", wrap=True, inset=4.0)


def _line(slide: Any, start: tuple[float, float], end: tuple[float, float], inks: Inks) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.shapes import MSO_CONNECTOR

    places = (round(value * EMU) for value in (*start, *end))
    shape = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *places)
    shape.line.color.rgb = RGBColor.from_string(inks.mark("87919D"))
    shape.line.width = 15875
    style = shape._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}style")
    if style is not None:
        shape._element.remove(style)


def add_points(slide: Any, block: Points, area: Area, face: Face) -> None:
    """Write lines of text, those asked of the speaker in grey brackets."""
    size = _TEXT
    while size > _LEAST and _high(block, size, area.width) > area.height:
        size -= 1
    colour = face.muted if block.asked or block.quiet else ""
    lines = [(Run(line),) for line in block.lines]
    add_words(
        slide, lines, area, face, size, colour=colour, wrap=True, gap=size * 0.45, bullet=not block.quiet, anchor="t"
    )


def _high(block: Points, size: float, width: float) -> float:
    return sum(lines_of(line, size, (width - size) * 0.97) * size * _LINE + size * 0.45 for line in block.lines)
