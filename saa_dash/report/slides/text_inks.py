"""The template's own colours of titles and lines: kept where they can be read, else one that can."""

from __future__ import annotations

from typing import Any

from ...charts.palette import LIGHT
from .ground import Backdrop
from .inks import MARKS, WHITE, WORDS, contrast
from .parts_xml import EMU
from .stage import kind_of
from .table import Area
from .theme import A, P

# How a placeholder is called on the master, and which of its styles holds there.
_ON_MASTER = {
    "title": ("title", "titleStyle"), "ctrTitle": ("title", "titleStyle"), "subTitle": ("body", "bodyStyle"),
    "body": ("body", "bodyStyle"), "sldNum": ("sldNum", "otherStyle"),
}  # fmt: skip
_LARGE = ("title", "ctrTitle")  # letters from 24 pt need less contrast


def ink_of(shape: Any, backdrop: Backdrop) -> str:
    """Return the colour for words of a placeholder of a layout, RRGGBB; "" where the template's own can be read."""
    grounds = backdrop.grounds(area_of(shape))
    own = _own(shape, backdrop)
    least = MARKS if kind_of(shape) in _LARGE else WORDS
    if not grounds or (own and all(contrast(own, ground) >= least for ground in grounds)):
        return ""
    return max((LIGHT.text[1:], WHITE), key=lambda ink: min(contrast(ink, ground) for ground in grounds))


def area_of(shape: Any) -> Area:
    """Return the place of a shape, pt."""
    left, top, wide, high = ((getattr(shape, name) or 0) / EMU for name in ("left", "top", "width", "height"))
    return Area(left, top, wide, high)


def _own(shape: Any, backdrop: Backdrop) -> str:
    """Return the colour that a placeholder has by itself, by its master's or by its style."""
    on_master, style = _ON_MASTER.get(kind_of(shape), ("body", "otherStyle"))
    master = backdrop.layout.slide_master
    first = f"{A}lvl1pPr/{A}defRPr"
    places = [shape._element.find(f".//{A}lstStyle/{first}"), shape._element.find(f".//{A}fld/{A}rPr")]
    places += [one._element.find(f".//{A}lstStyle/{first}") for one in master.placeholders if kind_of(one) == on_master]
    places.append(master._element.find(f"{P}txStyles/{P}{style}/{first}"))
    for place in places:
        fill = next((child for child in place if str(child.tag).endswith("Fill")), None) if place is not None else None
        paint = backdrop.theme.paint(fill) if fill is not None else None
        if paint:
            return paint[0][0]
    return backdrop.theme.colours.get(backdrop.theme.names.get("tx1", "dk1"), "")
