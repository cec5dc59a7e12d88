"""A figure on a slide: its charts with their plots aligned, areas behind them, words beside, numbers under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .axes import thinned
from .axis_xml import LEGEND, Frame, Words
from .chart_xml import chart_xml
from .inks import Inks
from .panel import Axis, Note, Numbers, Panel, Picture, Region
from .parts_xml import EMU, SIZE, fill, outline
from .table import Area, add_table_xml, cell_xml
from .words import Face, Paragraph, line_width, paragraphs

_TEXT = 1.22  # of the size of letters: a line
_LEGEND_MOST = 4  # lines of a legend
_KEY = 46.0  # pt of a key in a legend and the room around it
_SCALES = (0.6, 1.35)  # pt of a px of the figure
_ROW = 17.5  # pt of a row of numbers
_GAP, _THEIRS = 6.0, 1.2  # pt; a template's letters may be that much wider
_EDGE = 0.01  # of an axis
_HALF_COLUMN = 28.0  # pt of half a column of numbers
_SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


@dataclass(frozen=True)
class _Room:
    """What stands around a plot, pt."""

    left: float
    right: float
    top: float
    bottom: float


def draw_picture(slide: Any, picture: Picture, area: Area, face: Face, words: Words, alt: str) -> int:
    """Draw a figure into an area of a slide; returns how many charts it took."""
    under = _ROW * len(picture.numbers.rows) + _GAP if picture.numbers else 0.0
    legends = [_legend_lines(panel, area.width * (panel.box[1] - panel.box[0])) for panel in picture.panels]
    rooms = [_room(panel, area, lines) for panel, lines in zip(picture.panels, legends, strict=True)]
    whole = _around(picture, rooms)
    plot = Area(
        area.left + whole.left,
        area.top + whole.top,
        max(area.width - whole.left - whole.right, 60.0),
        max(area.height - under - whole.top - whole.bottom, 40.0),
    )
    inner = (
        picture.width - picture.margin[0] - picture.margin[1],
        picture.height - picture.margin[2] - picture.margin[3],
    )
    scale = min(max(min(plot.width / max(inner[0], 1), plot.height / max(inner[1], 1)), _SCALES[0]), _SCALES[1])
    for panel, room, lines in zip(picture.panels, rooms, legends, strict=True):
        _draw_panel(slide, panel, _inside(plot, panel), room, lines, scale, face, words, alt)
    if picture.numbers and picture.panels:
        _draw_numbers(slide, picture.numbers, picture.panels[0], _inside(plot, picture.panels[0]), area, face, alt)
    return len(picture.panels)


def _inside(plot: Area, panel: Panel) -> Area:
    left, right, bottom, top = panel.box
    return Area(
        plot.left + left * plot.width,
        plot.top + (1 - top) * plot.height,
        (right - left) * plot.width,
        (top - bottom) * plot.height,
    )


def _around(picture: Picture, rooms: Sequence[_Room]) -> _Room:
    pairs = list(zip(picture.panels, rooms, strict=True))
    lefts = [room.left for panel, room in pairs if panel.box[0] <= 0.02]
    rights = [room.right for panel, room in pairs if panel.box[1] >= 0.98]
    tops = [room.top for panel, room in pairs if panel.box[3] >= 0.98]
    bottoms = [room.bottom for panel, room in pairs if panel.box[2] <= 0.02]
    left = max(lefts, default=30.0)
    if picture.numbers:
        left = max(left, max(_wide(row.label) for row in picture.numbers.rows) * _THEIRS + 30)
    return _Room(left, max(rights, default=12.0), max(tops, default=8.0), max(bottoms, default=24.0))


def _wide(lines: Sequence[Paragraph], size: float = SIZE) -> float:
    return max((line_width("".join(run.text for run in line), size) for line in lines), default=0.0)


def _ticks_wide(axis: Axis) -> float:
    if not axis.shown:
        return 0.0
    if axis.ticks is None:
        return 34.0
    return max((_wide(paragraphs(text)) for _, text in thinned(axis)), default=0.0) + 8


def _room(panel: Panel, area: Area, legend: int) -> _Room:
    left = _ticks_wide(panel.y) + (len(panel.y.title) * SIZE * _TEXT + 8 if panel.y.title else 0) + 4
    lines = max((len(paragraphs(text)) for _, text in panel.x.ticks or ((0, "0"),)), default=1)
    bottom = (lines * SIZE * _TEXT + 8 if panel.x.shown else 4) + len(panel.x.title) * SIZE * _TEXT + legend * LEGEND
    right = 12.0
    span = area.width * 0.7 * (panel.box[1] - panel.box[0])
    for one in panel.series:
        for at, label in one.labels.items():
            if label.at == "r" and at < len(one.x):
                over = (panel.x.place(float(one.x[at])) - 1) * span + _wide(label.lines) + 12
                right = max(right, over)
    ticks = panel.x.ticks or ()
    if ticks and panel.x.shown:
        right = max(right, _wide(paragraphs(ticks[-1][1])) / 2 + (panel.x.place(ticks[-1][0]) - 1) * span + 4)
    top = 8.0
    for note in panel.notes:
        high = len(note.lines) * SIZE * _TEXT
        if note.y >= 0.99:
            top = max(top, note.shift[1] + high + 6)
        elif note.y <= 0.01:
            bottom = max(bottom, -note.shift[1] + high + 6)
        elif note.x >= 0.99 and note.across == "left":
            right = max(right, note.shift[0] + _wide(note.lines) + 10)
        elif note.x <= 0.01 and note.across == "right":
            left = max(left, -note.shift[0] + _wide(note.lines) + 6)
    return _Room(left, right, top, bottom)


def _legend_names(panel: Panel) -> list[str]:
    if panel.bars:
        return [bars.name for bars in panel.bars if bars.named]
    return [one.name for one in panel.series if one.named and not one.helper]


def _legend_lines(panel: Panel, width: float) -> int:
    names = _legend_names(panel)
    if len(names) < 2:
        return 0
    columns = max(int(width * 0.96 // max(line_width(name, SIZE) + _KEY for name in names)), 1)
    return min(-(-len(names) // columns), _LEGEND_MOST)


def _draw_panel(
    slide: Any, panel: Panel, plot: Area, room: _Room, legend: int, scale: float, face: Face, words: Words, alt: str
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
    wide, high = _wide(note.lines) + 4, len(note.lines) * SIZE * _TEXT + 2
    x = plot.left + note.x * plot.width + note.shift[0]
    y = plot.top + (1 - note.y) * plot.height - note.shift[1]
    left = x - {"left": 0.0, "center": wide / 2, "right": wide}.get(note.across, 0.0)
    top = y - {"top": 0.0, "middle": high / 2, "bottom": high}.get(note.upright, high / 2)
    across = {"left": "l", "center": "ctr", "right": "r"}.get(note.across, "l")
    add_words(slide, note.lines, Area(left, top, wide, high), face, SIZE, colour=note.colour, across=across)


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


def _draw_numbers(slide: Any, table: Numbers, panel: Panel, plot: Area, area: Area, face: Face, alt: str) -> None:
    """Put numbers under a plot as a table, each column under its place on the axis."""
    shown = [at for at, x in enumerate(table.x) if -_EDGE <= panel.x.place(x) <= 1 + _EDGE]
    if not shown:
        return
    middles = [plot.left + panel.x.place(table.x[at]) * plot.width for at in shown]
    label = max(_wide(row.label) for row in table.rows) * _THEIRS + 8
    columns = _columns(middles, area.left, label)
    grid = "".join(f'<a:gridCol w="{round((right - left) * EMU)}"/>' for left, right, _ in columns)
    rows = []
    for row in table.rows:
        cells = []
        for _, _, at in columns:
            if at is None:
                cells.append(cell_xml((), face, SIZE, rule=False, inset=0.0))
            elif at < 0:
                name = tuple(run for line in row.label for run in line)
                cells.append(cell_xml(name, face, SIZE, right=True, rule=False, colour=row.colour, inset=3.0))
            else:
                words = paragraphs(row.texts[shown[at]])[0]
                cells.append(cell_xml(words, face, SIZE, centre=True, rule=False, colour=row.colour, inset=0.0))
        rows.append(f'<a:tr h="{round(_ROW * EMU)}">{"".join(cells)}</a:tr>')
    place = Area(area.left, area.top + area.height - _ROW * len(rows), columns[-1][1] - area.left, _ROW * len(rows))
    add_table_xml(slide, grid, "".join(rows), place, alt)


def _columns(middles: list[float], left: float, label: float) -> list[tuple[float, float, int | None]]:
    """Return both edges of each column and what stands in it: -1 the names, a place of the numbers, or nothing.

    Numbers stand in the middle of their column, over their place on the axis; what is left between columns is empty.
    """
    steps = np.diff(middles)
    half = min(float(steps.min()) / 2 if len(steps) else _HALF_COLUMN, _HALF_COLUMN)
    half = max(min(half, middles[0] - left - label), 8.0)
    out: list[tuple[float, float, int | None]] = [(left, middles[0] - half, -1)]
    for at, middle in enumerate(middles):
        if middle - half > out[-1][1] + 0.5:
            out.append((out[-1][1], middle - half, None))
        out.append((out[-1][1], middle + half, at))
    return out
