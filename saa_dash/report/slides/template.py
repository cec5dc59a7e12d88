"""A template of the hospital: its layouts, fonts, size and colours, and the room its master leaves."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

from ...model.errors import UsageError
from .ground import Backdrop, backdrop_of, trimmed
from .inks import ON_WHITE, inks_on
from .parts_xml import EMU
from .stage import FEET, Stage, kind_of, own_stage
from .table import Area
from .text_inks import area_of, ink_of
from .theme import A, P
from .words import Face

MAX_TEMPLATE = 40 * 1024**2  # bytes of a template
MAX_UNPACKED = 300 * 1024**2
_TEMPLATE = b"presentationml.template.main+xml"
_PLAIN = b"presentationml.presentation.main+xml"
_LOWER = 0.7  # of the height of a slide: what stands below is its foot
_MARGIN = 0.12  # of the width of a slide: at most so much is its margin
_LEAST = 150.0  # pt of height that a slide's body needs
_TIGHT = 1.6  # of the height of a slide: one less broad is tight, as 4:3
_FOOT, _INSET = 16.0, 8.0  # pt of height of the line under contents; between the edge of a white place and contents
_LARGEST = 32.0  # pt of a title: findings are sentences
_VERTICAL = ("vertTx", "vertTitleAndTx", "vertTitleAndTxOverChart")


def open_stage(template: bytes | None, lang: str) -> Stage:
    """Return an empty presentation.

    Parameters
    ----------
    template : a .pptx or .potx whose layouts are used and whose slides are left out; None for ours.

    Raises
    ------
    UsageError : it is no presentation, too large, none of its layouts has a title, or none room under it.
    """
    return own_stage(lang) if template is None else _theirs(template, lang)


def check_template(template: bytes) -> None:
    """Refuse a template that no deck can stand on, before the work is done.

    Raises
    ------
    UsageError : as `open_stage`.
    """
    open_stage(template, "en")


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
    titled = [layout for layout in usable if any(kind_of(shape) == "ctrTitle" for shape in layout.placeholders)]
    title = next((layout for layout in titled if _type(layout) == "title"), titled[0] if titled else usable[0])
    size = (presentation.slide_width or 0) / EMU, (presentation.slide_height or 0) / EMU
    body, behind, whole = _roomiest(usable, size)
    behind_title = backdrop_of(title, size)
    inks = inks_on(behind.grounds(whole))
    panel = None if inks else whole
    if panel:
        whole = Area(whole.left + _INSET, whole.top + _INSET, whole.width - 2 * _INSET, whole.height - 2 * _INSET)
    shape, first = _title_of(body), _title_of(title)
    line = next((one for one in title.placeholders if kind_of(one) in ("subTitle", "body")), first)
    number = next((one for one in body.placeholders if kind_of(one) == "sldNum"), None)
    ink, opening, lines = ink_of(shape, behind), ink_of(first, behind_title), ink_of(line, behind_title)
    place = area_of(shape)
    asian = "" if _theme_asian(body) else "Microsoft YaHei"
    face = Face(lang, "+mn-lt", asian or "+mn-ea", inks=inks or ON_WHITE, tight=size[0] < _TIGHT * size[1])
    head = Face(lang, "+mj-lt", asian or "+mj-ea", text=ink.colour)
    return Stage(
        presentation, title, body,
        body=Area(whole.left, whole.top, whole.width, whole.height - _FOOT - 2),
        foot=Area(whole.left, whole.top + whole.height - _FOOT, whole.width, _FOOT),
        title=trimmed(place, behind.in_the_way(place)),
        face=face,
        head=head,
        opening=replace(head, text=opening.colour),
        lines=replace(face, text=lines.colour, inks=ON_WHITE),
        size=_title_size(body),
        own=False,
        panel=panel,
        boxed=(ink.boxed, opening.boxed, lines.boxed),
        number=ink_of(number, behind).colour if number is not None else "",
        taken=((*behind_title.marks(), area_of(first)), (*behind.marks(), place)),
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
        if child.tag in (f"{P}custShowLst", f"{P}extLst"):
            root.remove(child)


def _title_of(layout: Any) -> Any:
    return next((shape for shape in layout.placeholders if kind_of(shape) in ("title", "ctrTitle")), None)


def _type(layout: Any) -> str:
    return str(layout._element.get("type") or "")


def _rank(layout: Any) -> tuple[int, int]:
    """Return how well a layout holds contents of one's own: a title and nothing else best."""
    others = [shape for shape in layout.placeholders if kind_of(shape) not in ("title", "ctrTitle", *FEET)]
    kinds = {"titleOnly": 0, "obj": 1, "": 2}
    central = any(kind_of(shape) == "ctrTitle" for shape in layout.placeholders)
    return (9 if central else kinds.get(_type(layout), 3)), len(others)


def _roomiest(layouts: list[Any], size: tuple[float, float]) -> tuple[Any, Backdrop, Area]:
    """Return the best layout for contents that has room for them, what stands behind them, and that room.

    Raises
    ------
    UsageError : none has.
    """
    for layout in sorted(layouts, key=_rank):
        behind = backdrop_of(layout, size)
        room = _room(layout, behind)
        if room.height >= _LEAST and room.width >= 2 * _LEAST:
            return layout, behind, room
    raise UsageError("error.deck_template_room")


def _room(layout: Any, behind: Backdrop) -> Area:
    """Return where contents and the line under them stand on a layout: under the title, beside its drawings."""
    width, height = behind.size
    title = area_of(_title_of(layout))
    left, top, wide = title.left, title.top + title.height + 4, title.width
    if left < _MARGIN * width:  # a title is narrow where a logo stands beside it; under it there is room
        wide = max(wide, width - 2 * left)
    body = next((shape for shape in layout.placeholders if kind_of(shape) in ("obj", "body")), None)
    if body is not None and body.width / EMU > 0.5 * width:
        left, wide, top = body.left / EMU, body.width / EMU, max(body.top / EMU, 0.0)
    held = [*layout.placeholders, *layout.slide_master.placeholders]
    feet = [shape for shape in held if kind_of(shape) in FEET and shape.top / EMU > _LOWER * height]
    low = min((shape.top / EMU for shape in feet), default=height - 26)
    whole = Area(left, top, wide, low - top)
    return trimmed(whole, behind.in_the_way(whole)) if whole.height > 0 else whole


def _theme_asian(layout: Any) -> bool:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = layout.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8", "replace")
    return bool(re.search(r'<a:minorFont>.*?<a:ea typeface="[^"]+"', text, re.DOTALL))


def _title_size(layout: Any) -> float:
    """Return the size of titles on a layout, pt."""
    places: Iterable[Any] = (
        _title_of(layout)._element.find(f".//{A}lstStyle/{A}lvl1pPr/{A}defRPr"),
        layout.slide_master._element.find(f".//{P}titleStyle/{A}lvl1pPr/{A}defRPr"),
    )
    sizes = [int(place.get("sz")) / 100 for place in places if place is not None and place.get("sz")]
    return min(sizes[0], _LARGEST) if sizes else _LARGEST
