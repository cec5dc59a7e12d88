"""The presentation that slides are put on, and our own plain one."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from .parts_xml import EMU
from .table import Area
from .words import Face

WIDTH, HEIGHT = 960.0, 540.0  # pt: 16:9
_MARGIN = 40.0
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_SPACE = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
FEET = ("ftr", "sldNum", "dt")


@dataclass(frozen=True)
class Stage:
    """A presentation with the layouts that are used.

    Parameters
    ----------
    title_layout, body_layout : layouts. body, foot : where contents and the line under them stand. title : where titles
        do. face : of contents. head : of titles. opening, lines : of the title slide's title and of what is under it.
    size : of titles, pt. own : not a template.
    panel : a white place behind contents, where the ground is such that nothing can be seen on all of it.
    boxed : the title, the title slide's title, what is under that: they need a white place of their own.
    number : colour of the slide's number, "" for the template's. taken : places of titles and of the
        master's pictures and words, on the title slide and on the others.
    """

    presentation: Any
    title_layout: Any
    body_layout: Any
    body: Area
    foot: Area
    title: Area
    face: Face
    head: Face
    opening: Face
    lines: Face
    size: float
    own: bool
    panel: Area | None = None
    boxed: tuple[bool, bool, bool] = (False, False, False)
    number: str = ""
    taken: tuple[tuple[Area, ...], tuple[Area, ...]] = ((), ())


def own_stage(lang: str) -> Stage:
    """Return our own empty presentation."""
    from pptx import Presentation

    face = Face(lang)
    presentation = Presentation()
    for name, size in (("slide_width", WIDTH), ("slide_height", HEIGHT)):
        setattr(presentation, name, round(size * EMU))
    master, layouts = presentation.slide_master, list(presentation.slide_layouts)
    title, body = layouts[0], layouts[5]
    for layout in layouts:
        if layout not in (title, body):
            presentation.slide_layouts.remove(layout)
    _drop_extras(presentation)
    _set_fonts(master, face)
    wide = WIDTH - 2 * _MARGIN
    for part in (master, body):
        _move(part, "title", Area(_MARGIN, 26, wide, 52), anchor="ctr", size=26, left=True)
        _move(part, "sldNum", Area(WIDTH - _MARGIN - 50, 512, 50, 18), anchor="ctr", size=11)
        _move(part, "ftr", Area(_MARGIN, 512, wide - 60, 18), anchor="ctr", size=11)
        _move(part, "dt", Area(_MARGIN, 512, 10, 18), anchor="ctr", size=11)
    _move(master, "body", Area(_MARGIN, 92, wide, 400), anchor="t", size=16)
    _move(title, "ctrTitle", Area(70, 120, WIDTH - 140, 130), anchor="b", size=34, left=True)
    _move(title, "subTitle", Area(70, 262, WIDTH - 140, 190), anchor="t", size=18, left=True)
    for kind in FEET:
        _move(title, kind, Area(WIDTH - _MARGIN - 50, 512, 50, 18), anchor="ctr", size=11)
    return Stage(
        presentation, title, body, Area(_MARGIN, 84, wide, 420), Area(_MARGIN, 512, wide - 60, 18),
        Area(_MARGIN, 26, wide, 52), face, face, face, replace(face, text=face.muted), 26,
        own=True,
    )  # fmt: skip


def _drop_extras(presentation: Any) -> None:
    """Leave out the picture and the printer of the empty presentation that ours begins with."""
    package = presentation.part.package
    for rels in (package._rels, presentation.part.rels):
        for rid in [rid for rid, rel in rels.items() if rel.reltype.endswith(("/thumbnail", "/printerSettings"))]:
            rels.pop(rid)


def _set_fonts(master: Any, face: Face) -> None:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    text = re.sub(
        r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*("[^>]*/>\s*<a:ea typeface=")[^"]*(")',
        rf"\g<1>{face.latin}\g<2>{face.asian}\g<3>",
        text,
    )
    theme._blob = text.encode("utf-8")


def kind_of(shape: Any) -> str:
    """Return which placeholder a shape is, "" for none."""
    found = shape._element.find(f".//{_P}ph")
    return "" if found is None else str(found.get("type") or "obj")


def _move(part: Any, kind: str, area: Area, *, anchor: str, size: float, left: bool = False) -> None:
    """Put a placeholder of our own presentation where it belongs."""
    for shape in part.placeholders:
        if kind_of(shape) != kind:
            continue
        shape.left, shape.top, shape.width, shape.height = (
            round(v * EMU) for v in (area.left, area.top, area.width, area.height)
        )
        body = shape._element.find(f"{_P}txBody")
        properties = body.find(f"{_A}bodyPr")
        for child in list(properties):
            properties.remove(child)
        properties.set("anchor", anchor)
        for name in ("lIns", "rIns", "tIns", "bIns"):
            properties.set(name, "0")
        styles = body.find(f"{_A}lstStyle")
        for child in list(styles):
            styles.remove(child)
        level = styles.makeelement(f"{_A}lvl1pPr", {"algn": "l" if left else "r", "marL": "0", "indent": "0"})
        none = level.makeelement(f"{_A}buNone", {})
        level.append(none)
        level.append(level.makeelement(f"{_A}defRPr", {"sz": str(round(size * 100)), "b": "1" if size > 20 else "0"}))
        styles.append(level)


def add_number(slide: Any, stage: Stage) -> None:
    """Put the number of a slide where its layout has it."""
    from pptx.oxml import parse_xml

    held = next((shape for shape in stage.body_layout.placeholders if kind_of(shape) == "sldNum"), None)
    if held is None:
        return
    element = deepcopy(held._element)
    slide.shapes._spTree.append(element)
    for run in element.iter(f"{_A}rPr") if stage.number else ():
        for child in [child for child in run if str(child.tag).endswith("Fill")]:
            run.remove(child)
        run.insert(0, parse_xml(f'<a:solidFill {_SPACE}><a:srgbClr val="{stage.number}"/></a:solidFill>'))
