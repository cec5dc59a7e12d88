"""What stands behind a place of a layout, and what of its master's drawing must not be written over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from .inks import WHITE, mixed
from .parts_xml import EMU
from .table import Area
from .theme import A, P, Paint, Theme, theme_of

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COVERS = 0.6  # of a place: what covers so much of it is its ground, and what covers less is in its way
_OPAQUE = 0.99
_GAP = 4.0  # pt between contents and what is in their way
_TOUCH = 1.0  # pt that may overlap
_KEPT = 0.55  # of a place's width and height must be left
_LOOKED_AT, _RARE = 32, 0.03  # px of a picture's side when it is judged; share of them that are left aside
_LARGEST = 40_000_000  # px of a picture that is opened
_ALTERED = ("lum", "duotone", "biLevel", "clrRepl")  # of a picture: it does not look as it is
_PLAIN = ("rect", "roundRect")  # shapes that fill the box they stand in
_KINDS = ("pic", "sp", "cxnSp", "graphicFrame", "grpSp")


@dataclass(frozen=True)
class Drawing:
    """A shape of a layout or its master. `node` : its XML. part : whose it is."""

    node: Any
    part: Any
    area: Area


def drawings_of(layout: Any) -> list[Drawing]:
    """Return the shapes that every slide of a layout shows, those behind first."""
    shown = layout._element.get("showMasterSp") not in ("0", "false")
    parts = [layout.slide_master, layout] if shown else [layout]
    return [one for part in parts for one in _flat(part.shapes._spTree, part.part, (0.0, 0.0, 1.0, 1.0))]


def _flat(tree: Any, part: Any, frame: tuple[float, float, float, float]) -> Iterator[Drawing]:
    """Return the shapes of a tree, those of groups too. `frame` : where (0, 0) stands, pt, and how large 1 pt is."""
    for node in tree:
        kind = str(node.tag).rsplit("}", 1)[-1]
        if kind not in _KINDS or node.find(f".//{P}nvPr/{P}ph") is not None:
            continue
        holder = node.find(f"{P}xfrm") if kind == "graphicFrame" else node.find(f".//{A}xfrm")
        places = _places(holder, "off", "ext")
        if places is None:
            continue
        left, top, wide, high = places
        box = Area(frame[0] + left * frame[2], frame[1] + top * frame[3], wide * frame[2], high * frame[3])
        inner = _places(holder, "chOff", "chExt") if kind == "grpSp" else None
        if inner is None:
            yield Drawing(node, part, box)
            continue
        across, up = box.width / (inner[2] or 1), box.height / (inner[3] or 1)
        yield from _flat(node, part, (box.left - inner[0] * across, box.top - inner[1] * up, across, up))


def _places(holder: Any, place: str, size: str) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height, pt."""
    at, ext = (holder.find(f"{A}{name}") if holder is not None else None for name in (place, size))
    if at is None or ext is None:
        return None
    left, top = (int(at.get(name)) / EMU for name in ("x", "y"))
    wide, high = (int(ext.get(name)) / EMU for name in ("cx", "cy"))
    return left, top, wide, high


def covered(area: Area, other: Area) -> float:
    """Return the share of an area that another one covers."""
    wide = min(area.left + area.width, other.left + other.width) - max(area.left, other.left)
    high = min(area.top + area.height, other.top + other.height) - max(area.top, other.top)
    return max(wide, 0.0) * max(high, 0.0) / max(area.width * area.height, 1e-6)


@dataclass(frozen=True)
class Backdrop:
    """All that stands behind the words of a layout. `size` : of a slide, pt."""

    layout: Any
    theme: Theme
    drawings: tuple[Drawing, ...]
    size: tuple[float, float]

    def grounds(self, area: Area) -> tuple[str, ...]:
        """Return the colours that a place may have behind it; none where they cannot be told."""
        found = self._background(area)
        for one in self.drawings:
            if covered(area, one.area) < _COVERS:
                continue
            whole, paint = self._paint(one, area, found)
            if paint is None:
                found = ()
            elif found or (whole and all(alpha >= _OPAQUE for _, alpha in paint)):
                over = _over(paint, found or (WHITE,)) if paint else found
                found = over if whole else tuple(dict.fromkeys((*found, *over)))
        return found

    def in_the_way(self, area: Area) -> list[Area]:
        """Return the places that contents there must not stand on."""
        return [one.area for one in self.drawings if covered(area, one.area) < _COVERS]

    def marks(self) -> list[Area]:
        """Return the places of pictures and words: nothing at all may stand on these, unless they fill the slide."""
        whole = Area(0.0, 0.0, *self.size)
        found = [one for one in self.drawings if one.node.tag == f"{P}pic" or "".join(one.node.itertext(f"{A}t"))]
        return [one.area for one in found if covered(whole, one.area) < _COVERS]

    def _paint(self, one: Drawing, area: Area, below: Sequence[str]) -> tuple[bool, Paint | None]:
        """Return whether a shape fills its box, and what it may show: () without a fill, None where it is not known."""
        if one.node.tag == f"{P}pic":
            return True, _picture(one.node.find(f"{P}blipFill"), one.part, one.area, area, below)
        properties = one.node.find(f"{P}spPr")
        if properties is None:
            return True, None
        shape = properties.find(f"{A}prstGeom")
        whole = shape is not None and shape.get("prst") in _PLAIN
        fill = next((child for child in properties if str(child.tag).endswith("Fill")), None)
        if fill is not None and fill.tag == f"{A}blipFill":
            return whole, _picture(fill, one.part, one.area, area, below)
        if fill is not None:
            return whole, () if fill.tag == f"{A}noFill" else self.theme.paint(fill)
        ref = one.node.find(f"{P}style/{A}fillRef")
        held = None if ref is None else self.theme.by_index(ref)
        return whole, () if held is None else self.theme.paint(*held)

    def _background(self, area: Area) -> tuple[str, ...]:
        held = next(
            (part for part in (self.layout, self.layout.slide_master) if part._element.cSld.find(f"{P}bg") is not None),
            None,
        )
        if held is None:
            return (self.theme.colours.get(self.theme.names.get("bg1", "lt1"), WHITE),)
        ref = held._element.cSld.find(f"{P}bg/{P}bgRef")
        if ref is not None:
            found = self.theme.by_index(ref)
            fill, own = found if found is not None else (None, "")
        else:
            own = ""
            fill = next((n for n in held._element.cSld.find(f"{P}bg/{P}bgPr") if str(n.tag).endswith("Fill")), None)
        if fill is None or fill.tag == f"{A}noFill":
            return (WHITE,)
        whole = Area(0.0, 0.0, *self.size)
        if fill.tag == f"{A}blipFill":
            paint = _picture(fill, held.part, whole, area, (WHITE,))
        else:
            paint = self.theme.paint(fill, own)
        return _over(paint, (WHITE,)) if paint else ()


def backdrop_of(layout: Any, size: tuple[float, float]) -> Backdrop:
    """Return what stands behind the words of a layout."""
    return Backdrop(layout, theme_of(layout), tuple(drawings_of(layout)), size)


def _over(paint: Paint, below: Sequence[str]) -> tuple[str, ...]:
    """Return the colours of what is painted on others."""
    return tuple(dict.fromkeys(mixed(under, rgb, alpha) for under in below for rgb, alpha in paint))


def _picture(fill: Any, part: Any, box: Area, area: Area, below: Sequence[str]) -> Paint | None:
    """Return the darkest, middle and lightest colours of a picture behind a place; None where they cannot be told."""
    import numpy as np
    from PIL import Image

    blip = fill.find(f"{A}blip") if fill is not None else None
    if blip is None or any(blip.find(f"{A}{name}") is not None for name in _ALTERED):
        return None
    try:
        held = Image.open(BytesIO(part.related_part(blip.get(f"{_R}embed")).blob))
        if held.width * held.height > _LARGEST:
            return None
        picture = held.convert("RGBA")
    except Exception:  # a drawing, or no picture at all
        return None
    across, up = (area.left - box.left) / box.width, (area.top - box.top) / box.height
    edges = across, up, across + area.width / box.width, up + area.height / box.height
    sides = (picture.width, picture.height) * 2
    left, top, right, low = (round(min(max(e, 0.0), 1.0) * side) for e, side in zip(edges, sides, strict=True))
    cut = picture.crop((left, top, max(right, left + 1), max(low, top + 1)))
    cut = cut.resize((_LOOKED_AT, _LOOKED_AT), Image.Resampling.NEAREST)  # letters stand on single points, not on means
    pixels = np.asarray(cut, dtype="float64").reshape(-1, 4)
    faded = blip.find(f"{A}alphaModFix")
    alpha = pixels[:, 3:] / 255 * (1.0 if faded is None else int(faded.get("amt") or 100000) / 100000)
    if not below and alpha.min() < _OPAQUE:
        return None
    found: list[tuple[str, float]] = []
    for under in below or (WHITE,):
        seen = pixels[:, :3] * alpha + (1 - alpha) * [int(under[at : at + 2], 16) for at in (0, 2, 4)]
        ordered = seen[np.argsort(seen @ [0.2126, 0.7152, 0.0722])]
        rare = int(len(ordered) * _RARE)
        ends = ordered[[rare, len(ordered) // 2, -rare - 1]].round().astype(int)
        found += [("".join(f"{part:02X}" for part in rgb), 1.0) for rgb in ends]
    return tuple(found)


def trimmed(area: Area, taken: Sequence[Area]) -> Area:
    """Return what is left of a place beside what stands in its way; what would leave too little is left in it."""
    least = area.width * _KEPT, area.height * _KEPT
    for one in sorted(taken, key=lambda other: -covered(area, other)):
        if not _touch(area, one):
            continue
        right, low = area.left + area.width, area.top + area.height
        after, under = one.left + one.width + _GAP, one.top + one.height + _GAP
        options = [
            Area(area.left, area.top, area.width, one.top - _GAP - area.top),
            Area(area.left, under, area.width, low - under),
            Area(area.left, area.top, one.left - _GAP - area.left, area.height),
            Area(after, area.top, right - after, area.height),
        ]
        fitting = [option for option in options if option.width >= least[0] and option.height >= least[1]]
        area = max(fitting, key=lambda option: option.width * option.height, default=area)
    return area


def _touch(area: Area, one: Area) -> bool:
    """Tell whether two places overlap; a line has no height, and is in the way all the same."""
    wide = min(area.left + area.width, one.left + one.width) - max(area.left, one.left)
    high = min(area.top + area.height, one.top + one.height) - max(area.top, one.top)
    across, up = min(one.width, 2 * _TOUCH), min(one.height, 2 * _TOUCH)
    return wide >= across / 2 and high >= up / 2
