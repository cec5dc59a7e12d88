"""What slides are written and drawn with: the light palette's colours, or on a dark ground the dark palette's.

Everything on a slide is thought of in the colours of the light palette; where it becomes XML, `Inks` gives the colour
of the same meaning that can be seen on the ground at hand. Nothing changes on a light ground.

Source: contrast of WCAG 2.2 (1.4.3, 1.4.11): 4.5:1 for words, 3:1 for marks.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ...charts.palette import DARK, LIGHT, Palette

WORDS, MARKS = 4.5, 3.0  # least contrast
WHITE, BLACK = "FFFFFF", "000000"
ON_FILLS = ("101216", "FFFFFF")  # letters on fills of the light palette
_ON_FILL, _ON_BRIGHT = (*ON_FILLS, "0B1A26"), "0B1118"  # all of these, and what they are on the dark one
_STEP = 0.1
# How far greys that are no meaning stand from a dark ground, of the way to white.
_GREYS = {
    "F7F8FA": 0.06, "F3F5F8": 0.06, "E9ECEF": 0.14, "E1E5EA": 0.14, "E3E7EC": 0.14, "D5DAE0": 0.28, "C9CED6": 0.34,
    "8792A0": 0.55,
}  # fmt: skip
_BROADEST = max(share for share in _GREYS.values() if share < 0.2)  # what words may stand on


def luminance(rgb: str) -> float:
    """Return the relative luminance of a colour: 0 for black, 1 for white."""
    parts = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return a colour on the way from one to another; `share` 0 to 1."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4))
    return "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def readable(rgb: str, grounds: Sequence[str], least: float) -> str:
    """Return a colour, lighter or darker if need be, that can be told from all grounds as far as any can."""
    end = max((BLACK, WHITE), key=lambda rest: min(contrast(rest, ground) for ground in grounds))
    for step in range(round(1 / _STEP) + 1):
        found = mixed(rgb, end, step * _STEP)
        if all(contrast(found, ground) >= least for ground in grounds):
            return found
    return end


@dataclass(frozen=True)
class Inks:
    """Colours of one ground.

    Parameters
    ----------
    ground : RRGGBB of what is written on. dark : the dark palette is used.
    """

    ground: str = WHITE
    dark: bool = False

    def mark(self, rgb: str) -> str:
        """Return the colour of a mark, a line or a fill; "" for none."""
        return _mark(rgb, self.ground) if self.dark and rgb else rgb

    def word(self, rgb: str) -> str:
        """Return the colour of letters; those that stand on fills are as dark as these are bright."""
        return _word(rgb, self.ground) if self.dark and rgb else rgb


ON_WHITE = Inks()


def inks_on(grounds: Sequence[str]) -> Inks | None:
    """Return what can be seen on all of these grounds; None where neither palette can, or nothing is known of them."""
    if not grounds:
        return None
    if all(contrast(LIGHT.muted[1:], ground) >= WORDS for ground in grounds):
        return ON_WHITE
    if all(contrast(DARK.muted[1:], ground) >= WORDS for ground in grounds):
        return Inks(max(grounds, key=luminance), dark=True)
    return None


@cache
def _meanings() -> dict[str, str]:
    """Return the dark colour of each light one that has a meaning."""
    pairs: dict[str, str] = {}

    def both(light: Palette, dark: Palette) -> None:
        for name in ("muted", "treatment", "infusion", "accent"):
            pairs[getattr(light, name)] = getattr(dark, name)
        for name in ("lineage", "response", "grade"):
            pairs.update({rgb: getattr(dark, name)[code] for code, rgb in getattr(light, name).items()})

    both(LIGHT, DARK)
    return {light[1:]: dark[1:] for light, dark in pairs.items()}


@cache
def _mark(rgb: str, ground: str) -> str:
    if rgb == WHITE:
        return ground
    if rgb in _GREYS:
        return mixed(ground, WHITE, _GREYS[rgb])
    return readable(_meanings().get(rgb) or _turned(rgb), (ground,), MARKS)


@cache
def _word(rgb: str, ground: str) -> str:
    if rgb in _ON_FILL:
        return _ON_BRIGHT
    known = DARK.text[1:] if rgb == LIGHT.text[1:] else _meanings().get(rgb) or _turned(rgb)
    return readable(known, (ground, mixed(ground, WHITE, _BROADEST)), WORDS)


def _turned(rgb: str) -> str:
    """Return a colour as light as it was dark, of the same hue."""
    hue, light, full = colorsys.rgb_to_hls(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    return "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, 1 - light, full))
