"""The presentation that slides are put on: our own plain one, or a template with its layouts, fonts and size."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from ...model.errors import UsageError
from .parts_xml import EMU
from .table import Area
from .words import Face

MAX_TEMPLATE = 40 * 1024**2  # bytes of a template
MAX_UNPACKED = 300 * 1024**2
WIDTH, HEIGHT = 960.0, 540.0  # pt: 16:9
_MARGIN = 40.0
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEMPLATE = b"presentationml.template.main+xml"
_PLAIN = b"presentationml.presentation.main+xml"
_LOWER = 0.7  # of the height of a slide: what stands below is its foot
_LEAST = 150.0  # pt of height that a slide's body needs
_LARGEST = 32.0  # pt of a title: findings are sentences
_VERTICAL = ("vertTx", "vertTitleAndTx", "vertTitleAndTxOverChart")
_FEET = ("ftr", "sldNum", "dt")


@dataclass(frozen=True)
class Stage:
    """A presentation with the layouts that are used.

    Parameters
    ----------
    title_layout, body_layout : layouts. body, foot : where contents and the line under them stand.
    face : of contents. head : of titles. size, title_height, title_width : of titles, pt. own : not a template.
    """

    presentation: Any
    title_layout: Any
    body_layout: Any
    body: Area
    foot: Area
    face: Face
    head: Face
    size: float
    title_height: float
    title_width: float
    own: bool


def open_stage(template: bytes | None, lang: str) -> Stage:
    """Return an empty presentation.

    Parameters
    ----------
    template : a .pptx or .potx whose layouts are used and whose slides are left out; None for ours.

    Raises
    ------
    UsageError : it is no presentation, too large, or none of its layouts has a title.
    """
    return _own(lang) if template is None else _theirs(template, lang)


def check_template(template: bytes) -> None:
    """Refuse a template that no deck can stand on, before the work is done.

    Raises
    ------
    UsageError : as `open_stage`.
    """
    open_stage(template, "en")


def _own(lang: str) -> Stage:
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
    for kind in _FEET:
        _move(title, kind, Area(WIDTH - _MARGIN - 50, 512, 50, 18), anchor="ctr", size=11)
    return Stage(
        presentation, title, body, Area(_MARGIN, 84, wide, 420), Area(_MARGIN, 512, wide - 60, 18), face, face, 26, 52,
        wide, own=True,
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


def _kind(shape: Any) -> str:
    found = shape._element.find(f".//{_P}ph")
    return "" if found is None else str(found.get("type") or "obj")


def _move(part: Any, kind: str, area: Area, *, anchor: str, size: float, left: bool = False) -> None:
    """Put a placeholder of our own presentation where it belongs."""
    for shape in part.placeholders:
        if _kind(shape) != kind:
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


def _theirs(template: bytes, lang: str) -> Stage:
    from pptx import Presentation

    try:
        presentation = Presentation(BytesIO(_as_presentation(template)))
        layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    except UsageError:
        raise
    except Exception as error:
        raise UsageError("error.deck_template") from error
    usable = [layout for layout in layouts if _title_of(layout) is not None and _type(layout) not in _VERTICAL]
    if not usable:
        raise UsageError("error.deck_template_layout")
    _drop_slides(presentation)
    titled = [layout for layout in usable if any(_kind(shape) == "ctrTitle" for shape in layout.placeholders)]
    title = next((layout for layout in titled if _type(layout) == "title"), titled[0] if titled else usable[0])
    body = min(usable, key=_rank)
    width, height = ((getattr(presentation, name) or 0) / EMU for name in ("slide_width", "slide_height"))
    area, foot = _areas(body, width, height)
    if area.height < _LEAST or area.width < 2 * _LEAST:
        raise UsageError("error.deck_template_layout")
    asian = _theme_asian(body)
    face = Face(lang, "+mn-lt", "+mn-ea" if asian else "Microsoft YaHei")
    head = Face(lang, "+mj-lt", "+mj-ea" if asian else "Microsoft YaHei")
    shape = _title_of(body)
    return Stage(
        presentation, title, body, area, foot, face, head, _title_size(body), shape.height / EMU, shape.width / EMU,
        own=False,
    )  # fmt: skip


def _as_presentation(template: bytes) -> bytes:
    """Return a template as a presentation: a .potx differs by one word.

    Raises
    ------
    UsageError : it is no presentation, or too large.
    """
    if len(template) > MAX_TEMPLATE:
        raise UsageError("error.deck_template_size", limit=MAX_TEMPLATE // 1024**2)
    try:
        with zipfile.ZipFile(BytesIO(template)) as held:
            if sum(part.file_size for part in held.infolist()) > MAX_UNPACKED:
                raise UsageError("error.deck_template_size", limit=MAX_UNPACKED // 1024**2)
            types = held.read("[Content_Types].xml")
            if _PLAIN not in types and _TEMPLATE not in types:
                raise UsageError("error.deck_template")
            if _TEMPLATE not in types:
                return template
            out = BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
                for name in held.namelist():
                    data = held.read(name)
                    kept.writestr(name, types.replace(_TEMPLATE, _PLAIN) if name == "[Content_Types].xml" else data)
            return out.getvalue()
    except (zipfile.BadZipFile, KeyError) as error:
        raise UsageError("error.deck_template") from error


def _drop_slides(presentation: Any) -> None:
    """Leave out the slides that a template brings, and what lists them."""
    held = presentation.slides._sldIdLst
    for item in list(held):
        presentation.part.drop_rel(item.rId)
        held.remove(item)
    root = presentation.part._element
    for child in list(root):
        if child.tag in (f"{_P}custShowLst", f"{_P}extLst"):
            root.remove(child)


def _title_of(layout: Any) -> Any:
    return next((shape for shape in layout.placeholders if _kind(shape) in ("title", "ctrTitle")), None)


def _type(layout: Any) -> str:
    return str(layout._element.get("type") or "")


def _rank(layout: Any) -> tuple[int, int]:
    """Return how well a layout holds contents of one's own: a title and nothing else best."""
    others = [shape for shape in layout.placeholders if _kind(shape) not in ("title", "ctrTitle", *_FEET)]
    kinds = {"titleOnly": 0, "obj": 1, "": 2}
    central = any(_kind(shape) == "ctrTitle" for shape in layout.placeholders)
    return (9 if central else kinds.get(_type(layout), 3)), len(others)


def _areas(layout: Any, width: float, height: float) -> tuple[Area, Area]:
    """Return where contents and the line under them stand on a layout of a template."""
    title = _title_of(layout)
    left, top = title.left / EMU, (title.top + title.height) / EMU + 4
    wide = title.width / EMU
    body = next((shape for shape in layout.placeholders if _kind(shape) in ("obj", "body")), None)
    if body is not None and body.width / EMU > 0.5 * width:
        left, wide, top = body.left / EMU, body.width / EMU, max(body.top / EMU, 0.0)
    held = [*layout.placeholders, *layout.slide_master.placeholders]
    feet = [shape for shape in held if _kind(shape) in _FEET and shape.top / EMU > _LOWER * height]
    low = min((shape.top / EMU for shape in feet), default=height - 26)
    numbers = [shape.left / EMU for shape in feet if _kind(shape) == "sldNum" and shape.left / EMU > width / 2]
    right = min([left + wide, *(number - 6 for number in numbers)])
    return Area(left, top, wide, low - 18 - top), Area(left, low - 16, max(right - left, wide * 0.7), 16)


def _theme_asian(layout: Any) -> bool:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8", "replace")
    return bool(re.search(r'<a:minorFont>.*?<a:ea typeface="[^"]+"', text, re.DOTALL))


def _title_size(layout: Any) -> float:
    """Return the size of titles on a layout, pt."""
    places: Iterable[Any] = (
        _title_of(layout)._element.find(f".//{_A}lstStyle/{_A}lvl1pPr/{_A}defRPr"),
        layout.slide_master._element.find(f".//{_P}titleStyle/{_A}lvl1pPr/{_A}defRPr"),
    )
    sizes = [int(place.get("sz")) / 100 for place in places if place is not None and place.get("sz")]
    return min(sizes[0], _LARGEST) if sizes else _LARGEST


def add_number(slide: Any, layout: Any) -> None:
    """Put the number of a slide where its layout has it."""
    held = next((shape for shape in layout.placeholders if _kind(shape) == "sldNum"), None)
    if held is not None:
        slide.shapes._spTree.append(deepcopy(held._element))
