"""What a presentation holds: its charts with their numbers, its words, every part of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from pptx import Presentation

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
Points = list[tuple[float, float | None]]


@dataclass(frozen=True)
class Drawn:
    """A native chart: points by name of series, as drawn and as they stand in its workbook; its alternative text."""

    series: dict[str, Points]
    held: dict[str, Points]
    alt: str


def slides_of(data: bytes) -> list[Any]:
    """The slides of a presentation."""
    return list(Presentation(io.BytesIO(data)).slides)


def title_of(slide: Any) -> str:
    """The title of a slide."""
    return str(slide.shapes.title.text_frame.text)


def charts_of(slide: Any) -> list[Drawn]:
    """The native charts of points of a slide."""
    frames = [shape for shape in slide.shapes if shape.has_chart]
    return [_drawn(shape) for shape in frames]


def _drawn(shape: Any) -> Drawn:
    part = shape.chart.part
    book = load_workbook(io.BytesIO(part.chart_workbook.xlsx_part.blob))
    series: dict[str, Points] = {}
    held: dict[str, Points] = {}
    for one in part._element.iter(f"{C}ser"):
        name = "".join(one.find(f"{C}tx").itertext(f"{C}v"))
        along, up = one.find(f"{C}xVal"), one.find(f"{C}yVal")
        if along is None:
            along, up = one.find(f"{C}cat"), one.find(f"{C}val")
        x, y = _cached(along), _cached(up)
        series.setdefault(name, []).extend((x[at], y.get(at)) for at in sorted(x))
        held.setdefault(name, []).extend(zip(_column(book, along), _column(book, up), strict=True))
    return Drawn(series, held, shape._element.nvGraphicFramePr.cNvPr.get("descr"))


def _cached(node: Any) -> dict[int, Any]:
    out = {}
    for point in node.iter(f"{C}pt"):
        text = point.findtext(f"{C}v")
        out[int(point.get("idx"))] = float(text) if node.tag != f"{C}cat" else text
    return out


def _column(book: Any, node: Any) -> list[Any]:
    sheet, cells = node.find(f".//{C}f").text.rsplit("!", 1)
    left, top, right, bottom = range_boundaries(cells.replace("$", ""))
    rows = book[sheet.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
    return [row[0] for row in rows]


def tables_of(slide: Any) -> list[list[list[str]]]:
    """The native tables of a slide, row by row."""
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]


def words_of(slide: Any) -> str:
    """All words of a slide outside its charts."""
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return "\n".join([*texts, *(" ".join(row) for table in tables_of(slide) for row in table)])


def parts_of(data: bytes, where: str = "") -> Iterator[tuple[str, bytes]]:
    """Every part of a package, those of the workbooks inside it too."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        for name in held.namelist():
            part = held.read(name)
            if name.endswith(".xlsx"):
                yield from parts_of(part, f"{where}{name}/")
            yield f"{where}{name}", part
