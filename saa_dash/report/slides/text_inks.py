"""The template's own colours of titles and lines: kept where they can be read, else one that can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Ink:
    """Colour of words, RRGGBB, "" for the template's own. `boxed` : they need a white place behind them."""

    colour: str = ""
    boxed: bool = False


def ink_of(shape: Any, backdrop: Backdrop) -> Ink:
    """Return the template's own colour for words of a placeholder where it can be read there, else one that can.

    Where nothing is known of what stands behind it, the template's own is taken.
    """
    grounds = backdrop.grounds(area_of(shape))
    own = _own(shape, backdrop)
    least = MARKS if kind_of(shape) in _LARGE else WORDS
    if not grounds or (own and _seen(own, grounds) >= least):
        return Ink()
    best = max((LIGHT.text[1:], WHITE), key=lambda ink: _seen(ink, grounds))
    return Ink(best) if _seen(best, grounds) >= MARKS else Ink(LIGHT.text[1:], boxed=True)


def _seen(ink: str, grounds: Sequence[str]) -> float:
    return min(contrast(ink, ground) for ground in grounds)


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
