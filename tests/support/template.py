"""Templates as hospitals have them: dark, with a logo, with a band, on a picture; and where words stand on them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.shapes.picture import CT_Picture
from pptx.util import Inches

_SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Theirs:
    """A template. `ground` : its background. logo : left, top, right, bottom of it, EMU."""

    data: bytes
    ground: str
    logo: Box


def solid(rgb: str) -> str:
    """Return a fill of one colour."""
    return f'<a:solidFill><a:srgbClr val="{rgb}"/></a:solidFill>'


def template(change: Callable[[Any], object], ground: str, logo: Box, *, wide: bool = False) -> Theirs:
    """Return a template after a change to its master; `logo` in inches: left, top, width, height."""
    held = Presentation()
    master = held.slide_master
    if wide:
        held.slide_width, held.slide_height = Inches(40 / 3), Inches(7.5)
    change(master)
    left, top, width, height = (Inches(side) for side in logo)
    _, rid = master.part.get_or_add_image_part(_png((0, 120, 60)))
    master.shapes._spTree.append(CT_Picture.new_pic(999, "Logo", "", rid, left, top, width, height))
    out = io.BytesIO()
    held.save(out)
    return Theirs(out.getvalue(), ground, (left, top, left + width, top + height))


def swapped(master: Any) -> None:
    """Let the background be the dark colour of the theme and text the light one."""
    names = master._element.find(f"{_P}clrMap")
    for one, other in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        names.set(one, other)


def filled(fill: str) -> Callable[[Any], None]:
    """Return what gives the background a fill and changes no text."""

    def change(master: Any) -> None:
        tree = master._element.cSld
        tree.remove(tree.find(f"{_P}bg"))
        tree.insert(0, parse_xml(f"<p:bg {_SPACES}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"))

    return change


def pictured(pixels: bytes) -> Callable[[Any], None]:
    """Return what puts a picture of two by two grey pixels behind everything."""

    def change(master: Any) -> None:
        picture = Image.frombytes("L", (2, 2), pixels).resize((160, 120), Image.Resampling.NEAREST)
        out = io.BytesIO()
        picture.save(out, "PNG")
        out.seek(0)
        _, rid = master.part.get_or_add_image_part(out)
        filled(f'<a:blipFill><a:blip r:embed="{rid}"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>')(master)

    return change


def banded(master: Any) -> None:
    """Draw a dark band behind titles, which are white, and another at the foot."""
    for top, height in ((0.0, 1.55), (7.2, 0.3)):
        master.shapes._spTree.insert(2, parse_xml(
            f'<p:sp {_SPACES}><p:nvSpPr><p:cNvPr id="9{top:.0f}" name="band"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>'
            f'<a:xfrm><a:off x="0" y="{Inches(top)}"/><a:ext cx="{Inches(10)}" cy="{Inches(height)}"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{solid("0B4F8A")}</p:spPr></p:sp>'
        ))  # fmt: skip
    style = master._element.find(f".//{_P}titleStyle")
    old = next(style.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}solidFill"))
    old.getparent().replace(old, parse_xml(f"<p:x {_SPACES}>{solid('FFFFFF')}</p:x>")[0])


def _png(rgb: tuple[int, int, int]) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (44, 11), rgb).save(out, "PNG")
    out.seek(0)
    return out


def box_of(shape: Any) -> Box:
    """Return left, top, right and bottom of a shape, EMU."""
    return shape.left, shape.top, shape.left + shape.width, shape.top + shape.height


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two boxes overlap by more than a point."""
    wide, high = (min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (0, 1))
    return wide > 12700 and high > 12700
