"""Colours of a template: its theme, its colour map, and what a fill or a text of it is painted with.

Source: ECMA-376, part 1: 19.3.1.6 (clrMap), 20.1.2.3 (colours), 20.1.4.1.7 (bgFillStyleLst).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .inks import BLACK, WHITE

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_WHOLE = 100000.0
_GAMMA = 2.2
_BACKGROUNDS = 1001  # fills of backgrounds are counted from here
_NAMED = {"white": WHITE, "black": BLACK, "red": "FF0000", "green": "008000", "blue": "0000FF", "yellow": "FFFF00"}
_RGB = re.compile(r"[0-9A-Fa-f]{6}")
_COLOURS = ("srgbClr", "schemeClr", "sysClr", "prstClr")

Paint = tuple[tuple[str, float], ...]  # colours with their opacity: all that an area may show


@dataclass(frozen=True)
class Theme:
    """Colours of a layout.

    Parameters
    ----------
    colours : RRGGBB of dk1, lt1, accent1 … names : which of these tx1, bg1 … are. fills, backgrounds : of the theme.
    """

    colours: Mapping[str, str]
    names: Mapping[str, str]
    fills: tuple[Any, ...]
    backgrounds: tuple[Any, ...]

    def colour(self, holder: Any, own: str = "") -> tuple[str, float] | None:
        """Return the colour inside an element with its opacity; `own` is what ``phClr`` stands for."""
        found = next((child for child in holder if _name(child) in _COLOURS), None) if holder is not None else None
        if found is None:
            return None
        value = str(found.get("val") or "")
        rgb = {
            "srgbClr": value,
            "sysClr": str(found.get("lastClr") or (WHITE if value == "window" else BLACK)),
            "prstClr": _NAMED.get(value, ""),
            "schemeClr": own if value == "phClr" else self.colours.get(self.names.get(value, value), ""),
        }[_name(found)]
        return _changed(rgb.upper(), found) if _RGB.fullmatch(rgb) else None

    def paint(self, fill: Any, own: str = "") -> Paint | None:
        """Return what a fill may show; None where that cannot be told from it."""
        kind = _name(fill)
        if kind == "solidFill":
            held = [self.colour(fill, own)]
        elif kind == "gradFill":
            held = [self.colour(stop, own) for stop in fill.iter(f"{A}gs")]
        elif kind == "pattFill":
            held = [self.colour(child, own) for child in fill]
        else:
            return None
        known = tuple(one for one in held if one is not None)
        return known if known and len(known) == len(held) else None

    def by_index(self, ref: Any) -> tuple[Any, str] | None:
        """Return a fill of the theme and the colour it is used with; None for no fill."""
        index, held = int(ref.get("idx") or 0), self.colour(ref)
        options = self.backgrounds if index >= _BACKGROUNDS else self.fills
        place = index - (_BACKGROUNDS if index >= _BACKGROUNDS else 1)
        if not 0 <= place < len(options):
            return None
        return options[place], held[0] if held else ""


def theme_of(layout: Any) -> Theme:
    """Return the colours of a layout, with what it maps otherwise than its master."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    master = layout.slide_master
    root = parse_xml(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    plain = Theme({}, {}, (), ())
    colours = {}
    for node in next(iter(root.iter(f"{A}clrScheme")), ()):
        found = plain.colour(node)
        if found is not None:
            colours[_name(node)] = found[0]
    names = dict(master._element.find(f"{P}clrMap").attrib)
    names |= dict(override.attrib) if (override := overridden(layout)) is not None else {}
    fills, backgrounds = (tuple(next(iter(root.iter(f"{A}{tag}")), ())) for tag in ("fillStyleLst", "bgFillStyleLst"))
    return Theme(colours, names, fills, backgrounds)


def overridden(layout: Any) -> Any:
    """Return the colour map of a layout that has one of its own."""
    return layout._element.find(f"{P}clrMapOvr/{A}overrideClrMapping")


def _name(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _changed(rgb: str, node: Any) -> tuple[str, float]:
    """Return a colour after what is said of it: lighter, darker, seen through."""
    import colorsys

    alpha = 1.0
    for child in node:
        kind, share = _name(child), float(child.get("val") or _WHOLE) / _WHOLE
        if kind == "alpha":
            alpha = share
        elif kind in ("tint", "shade"):
            rgb = _linear(rgb, min(share, 1.0), 1.0 if kind == "tint" else 0.0)
        elif kind in ("lumMod", "lumOff"):
            hue, light, full = colorsys.rgb_to_hls(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
            light = light * share if kind == "lumMod" else light + share
            parts = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), full)
            rgb = "".join(f"{round(255 * part):02X}" for part in parts)
    return rgb, alpha


def _linear(rgb: str, share: float, end: float) -> str:
    """Return a colour on the way from black (0) or white (1) to itself, mixed as light is."""
    light = [((int(rgb[at : at + 2], 16) / 255) ** _GAMMA) * share + (1 - share) * end for at in (0, 2, 4)]
    return "".join(f"{round(255 * part ** (1 / _GAMMA)):02X}" for part in light)
