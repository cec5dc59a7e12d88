"""A figure on a slide: its charts with their plots aligned, areas behind them, words beside, numbers under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .axis_xml import Frame, Words
from .chart_xml import chart_xml
from .inks import Inks
from .numbers_under import draw_numbers
from .panel import Note, Panel, Picture, Region
from .parts_xml import EMU, fill, outline
from .rooms import TEXT, Room, inside, laid_out, wide_of
from .table import Area
from .words import Face, Paragraph

_SCALES = (0.6, 1.35)  # pt of a px of the figure
_SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def draw_picture(slide: Any, picture: Picture, area: Area, face: Face, words: Words, alt: str) -> int:
    """Draw a figure into an area of a slide; returns how many charts it took."""
    held = laid_out(picture, area, face)
    picture, plot, face = held.picture, held.plot, held.face
    inner = (
        picture.width - picture.margin[0] - picture.margin[1],
        picture.height - picture.margin[2] - picture.margin[3],
    )
    scale = min(max(min(plot.width / max(inner[0], 1), plot.height / max(inner[1], 1)), _SCALES[0]), _SCALES[1])
    for panel, room, lines in zip(picture.panels, held.rooms, held.legends, strict=True):
        _draw_panel(slide, panel, inside(plot, panel), room, lines, scale, face, words, alt)
    if picture.numbers and picture.panels:
        draw_numbers(slide, picture.numbers, picture.panels[0], inside(plot, picture.panels[0]), area, face, alt)
    return len(picture.panels)


def _draw_panel(
    slide: Any, panel: Panel, plot: Area, room: Room, legend: int, scale: float, face: Face, words: Words, alt: str
) -> None:
    left, right, top, bottom = room.left, room.right, 10.0, room.bottom
    frame = Frame(
        plot.left - left,
        plot.top - top,
        plot.width + left + right,
        plot.height + top + bottom,
        (left, top, plot.width, plot.height),
        scale,
        legend,
    )
    for region in panel.regions:
        _draw_region(slide, region, panel, plot, face.inks)
    chart, workbook = chart_xml(panel, frame, face, words)
    _add_chart(slide, chart, workbook, frame, alt)
    for note in panel.notes:
        _draw_note(slide, note, plot, face)


def _add_chart(slide: Any, chart: bytes, workbook: bytes, frame: Frame, alt: str) -> None:
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart
    from pptx.parts.embeddedpackage import EmbeddedXlsxPart

    package = slide.part.package
    part = ChartPart.load(package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, chart)
    held = EmbeddedXlsxPart.new(workbook, package)
    part.chart_workbook.xlsx_part = held
    rid = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    places = (frame.left, frame.top, frame.width, frame.height)
    shape = slide.shapes._add_chart_graphicFrame(rid, *(round(place * EMU) for place in places))
    shape.nvGraphicFramePr.cNvPr.set("descr", alt)


def _draw_region(slide: Any, region: Region, panel: Panel, plot: Area, inks: Inks) -> None:
    """Fill an area behind a chart: PowerPoint fills nothing between two lines of points."""
    from pptx.oxml import parse_xml

    across = [min(max(panel.x.place(float(x)), 0.0), 1.0) for x in region.x]
    up = [min(max(panel.y.place(float(y)), 0.0), 1.0) for y in region.y]
    points = [
        (round((plot.left + x * plot.width) * EMU), round((plot.top + (1 - y) * plot.height) * EMU))
        for x, y in zip(across, up, strict=True)
    ]
    if len({x for x, _ in points}) < 2 or len({y for _, y in points}) < 2:
        return
    builder = slide.shapes.build_freeform(*points[0], scale=1.0)
    builder.add_line_segments(points[1:], close=True)
    shape = builder.convert_to_shape()
    shape.name = "band"
    properties = shape._element.spPr
    for child in list(properties):
        if child.tag.endswith(("}solidFill", "}ln", "}noFill")):
            properties.remove(child)
    look = fill(inks.mark(region.fill), region.alpha) + outline(inks.mark(region.outline), 0.75)
    held = parse_xml(f"<p:spPr {_SPACES}>{look}</p:spPr>")
    for piece in list(held):
        properties.append(piece)
    style = shape._element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}style")
    if style is not None:
        shape._element.remove(style)
    shape._element.nvSpPr.cNvPr.set("descr", "")


def _draw_note(slide: Any, note: Note, plot: Area, face: Face) -> None:
    wide, high = wide_of(note.lines, face.letters) + 4, len(note.lines) * face.letters * TEXT + 2
    x = plot.left + note.x * plot.width + note.shift[0]
    y = plot.top + (1 - note.y) * plot.height - note.shift[1]
    left = x - {"left": 0.0, "center": wide / 2, "right": wide}.get(note.across, 0.0)
    top = y - {"top": 0.0, "middle": high / 2, "bottom": high}.get(note.upright, high / 2)
    across = {"left": "l", "center": "ctr", "right": "r"}.get(note.across, "l")
    add_words(slide, note.lines, Area(left, top, wide, high), face, face.letters, colour=note.colour, across=across)


def add_words(
    slide: Any, lines: Sequence[Paragraph], area: Area, face: Face, size: float, *, colour: str = "",
    across: str = "l", anchor: str = "t", bold: bool = False, wrap: bool = False, gap: float = 0.0,
    bullet: bool = False,
) -> Any:  # fmt: skip
    """Put words on a slide; returns their shape."""
    shape = slide.shapes.add_textbox(*(round(v * EMU) for v in (area.left, area.top, area.width, area.height)))
    set_words(
        shape, lines, face, size, colour=colour, across=across, anchor=anchor, bold=bold, wrap=wrap, gap=gap,
        bullet=bullet,
    )  # fmt: skip
    return shape


def set_words(
    shape: Any, lines: Sequence[Paragraph], face: Face, size: float, *, colour: str = "", across: str = "l",
    anchor: str = "t", bold: bool = False, wrap: bool = False, gap: float = 0.0, bullet: bool = False,
    inset: float = 0.0,
) -> None:  # fmt: skip
    """Write words into a shape, in both typefaces."""
    from pptx.oxml import parse_xml

    mark = '<a:buFont typeface="Arial"/><a:buChar char="•"/>' if bullet else "<a:buNone/>"
    hang = f' marL="{round(size * EMU)}" indent="-{round(size * EMU)}"' if bullet else ' marL="0" indent="0"'
    space = f'<a:spcAft><a:spcPts val="{round(gap * 100)}"/></a:spcAft>' if gap else ""
    properties = f'<a:pPr algn="{across}"{hang}>{space}{mark}</a:pPr>'
    body = "".join(face.paragraph(line, size, colour=colour, bold=bold, properties=properties) for line in lines)
    edge = round(inset * EMU)
    held = parse_xml(
        f"<p:txBody {_SPACES}>"
        f'<a:bodyPr wrap="{"square" if wrap else "none"}" lIns="{edge}" tIns="{edge}" rIns="{edge}" bIns="{edge}" '
        f'anchor="{anchor}"><a:noAutofit/></a:bodyPr><a:lstStyle/>{body}</p:txBody>'
    )
    element = shape._element
    old = element.find("{http://schemas.openxmlformats.org/presentationml/2006/main}txBody")
    if old is None:
        element.append(held)
    else:
        element.replace(old, held)
