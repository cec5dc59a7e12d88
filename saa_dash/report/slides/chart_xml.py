"""A panel as the XML of a native chart and its workbook: points and lines, with the axes as they are on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from .axes import thinned
from .axis_xml import GRID, Frame, Words, axis_name, layout, value_axis
from .bar_xml import bar_chart
from .book import Book
from .layers import in_front
from .panel import Axis, Label, Line, Panel, Series
from .parts_xml import labels, marker, number_ref, series_line, text_properties, text_ref
from .words import Face, line_width, paragraphs, plain

_DENSE = 0.92  # of the distance of two rows: how high their names may be
_APART, _APART_TIGHT = 1.1, 1.3  # of the width of a name: how far the next one stands
_SMALLEST = 7.0  # pt of the names of very many rows
_NS = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def chart_xml(panel: Panel, frame: Frame, face: Face, words: Words) -> tuple[bytes, bytes]:
    """Return chart and workbook of a panel."""
    book = Book(words.sheets)
    body = bar_chart(panel, frame, face, book, words) if panel.bars else _points_chart(panel, frame, face, book, words)
    return _whole(body, panel, frame, face), book.to_bytes()


def _whole(body: tuple[str, list[int]], panel: Panel, frame: Frame, face: Face) -> bytes:
    left, top, width, height = frame.inner
    plot = layout(left / frame.width, top / frame.height, width / frame.width, height / frame.height)
    chart, hidden = body
    legend = ""
    if frame.legend:
        gone = "".join(f'<c:legendEntry><c:idx val="{at}"/><c:delete val="1"/></c:legendEntry>' for at in hidden)
        legend = f'<c:legend><c:legendPos val="b"/>{gone}<c:overlay val="0"/>{text_properties(face)}</c:legend>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace {_NS}><c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea><c:layout>{plot}</c:layout>{chart}'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
        f'{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text_properties(face)}</c:chartSpace>"
    ).encode()


def _points_chart(panel: Panel, frame: Frame, face: Face, book: Book, words: Words) -> tuple[str, list[int]]:
    """Return points and lines, lines alone behind."""
    drawn = [one for one in panel.series if np.isfinite(one.x + one.y).any()]
    ticks = _tick_series(panel, frame, face, words)
    series = _as_long(sorted([*ticks, *in_front(drawn, panel, frame)], key=_is_front))
    out = [_series(at, one, panel, frame, face, book, words) for at, one in enumerate(series)]
    axes = value_axis(panel.x, 1, 2, "b", frame, face) + value_axis(panel.y, 2, 1, "l", frame, face)
    return (
        '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f'{"".join(out)}<c:axId val="1"/><c:axId val="2"/></c:scatterChart>{axes}',
        [at for at, one in enumerate(series) if not one.named or one.helper],
    )


def _is_front(one: Series) -> bool:
    thick = one.line is not None and one.line.thick
    return not thick and (one.mark is not None or bool(one.labels))


def _as_long(series: list[Series]) -> list[Series]:
    """Return the series, the first with as many rows as the longest: LibreOffice drops what stands before that one."""
    rows = max((len(one.x) for one in series), default=0)
    first = series[0]
    lacking = rows - len(first.x)
    if not lacking or not len(first.x):
        return series
    x = np.concatenate([first.x, np.full(lacking, first.x[-1])])
    return [replace(first, x=x, y=np.concatenate([first.y, np.full(lacking, np.nan)])), *series[1:]]


def _tick_series(panel: Panel, frame: Frame, face: Face, words: Words) -> list[Series]:
    """Return the labels of axes that PowerPoint cannot write itself, their grid as lines."""
    out = []
    broad = any(one.line is not None and one.line.thick for one in panel.series)
    for axis, other, along in ((panel.x, panel.y, "x"), (panel.y, panel.x, "y")):
        ticks = thinned(axis)
        if not axis.own_labels or not ticks:
            continue
        values = np.array([value for value, _ in ticks])
        points = (
            _narrowed(axis, ticks, frame.inner[2], face) if along == "x" else _named(axis, ticks, frame.inner[3], face)
        )
        foot = np.full(len(ticks), other.foot)
        x, y = (values, foot) if along == "x" else (foot, values)
        held = {
            at: Label(paragraphs(text), "b" if along == "x" else "l", axis.colour, points)
            for at, (_, text) in enumerate(ticks)
            if plain(text)
        }
        name = f"{words.ticks} {along.upper()}"
        if axis.grid and not (broad and _are_names(ticks)):
            free = values[~np.isin(values, _limits(panel, along))]
            if len(free):
                out.append(_grid(name, free, other, along))
        out.append(Series(name, x, y, labels=held, helper=True))
    return out


def _limits(panel: Panel, along: str) -> list[float]:
    """Return where a line of a limit runs across the plot: LibreOffice would draw a line of the grid over it."""
    ends = [(one.x, one.y) if along == "x" else (one.y, one.x) for one in panel.series if _is_plain_line(one)]
    return [float(at[0]) for at, _ in ends if at[0] == at[1]]


def _is_plain_line(one: Series) -> bool:
    return one.line is not None and not one.line.thick and one.mark is None and len(one.x) == 2


def _are_names(ticks: Sequence[tuple[float, str]]) -> bool:
    return not all(plain(text)[:1].isdigit() for _, text in ticks)


def _points(axis: Axis, values: np.ndarray, room: float, face: Face) -> float:
    """Return the size of the names of rows that stand close, -pt, 0 where there is room enough."""
    if len(values) < 2:
        return 0.0
    step = min(abs(np.diff([axis.place(float(value)) for value in values]))) * room * _DENSE
    return 0.0 if step >= face.letters else -max(step, _SMALLEST)


def _named(axis: Axis, ticks: Sequence[tuple[float, str]], room: float, face: Face) -> float:
    """Return the size of names of rows as `_points`; on a slide that is not broad, of all their lines."""
    points = _points(axis, np.array([value for value, _ in ticks]), room, face)
    if not face.tight or len(ticks) < 2:
        return points
    places = np.array([axis.place(value) * room for value, _ in ticks])
    lines = np.array([len(paragraphs(text)) for _, text in ticks])[np.argsort(places)]
    size = float((np.diff(np.sort(places)) / ((lines[1:] + lines[:-1]) / 2)).min()) * _DENSE
    return 0.0 if size >= face.letters else -max(size, _SMALLEST)


def _narrowed(axis: Axis, ticks: Sequence[tuple[float, str]], room: float, face: Face) -> float:
    """Return the size of names of columns that would print over each other, -pt, 0 where there is room enough."""
    if len(ticks) < 2:
        return 0.0
    places = [axis.place(value) * room for value, _ in ticks]
    wide = [max((line_width("".join(run.text for run in line), face.letters) for line in paragraphs(text)), default=0.0)
            for _, text in ticks]  # fmt: skip
    gaps = zip(np.abs(np.diff(places)), pairwise(wide), strict=True)
    apart = _APART_TIGHT if face.tight else _APART
    share = min((gap / (sum(pair) / 2 * apart) for gap, pair in gaps if sum(pair)), default=1.0)
    return 0.0 if share >= 1 else -max(face.letters * float(share), _SMALLEST)


def _grid(name: str, values: np.ndarray, other: Axis, along: str) -> Series:
    """Return thin lines across the plot at the ticks of an axis."""
    at = np.repeat(values, 3)
    ends = np.tile([other.low, other.high, np.nan], len(values))
    x, y = (at, ends) if along == "x" else (ends, at)
    return Series(f"{name} |", x[:-1], y[:-1], line=Line(GRID, 0.75), helper=True)


def _series(at: int, one: Series, panel: Panel, frame: Frame, face: Face, book: Book, words: Words) -> str:
    gap = np.isnan(one.x) | np.isnan(one.y)
    place = np.maximum.accumulate(np.where(np.isnan(one.x), 0, np.arange(len(one.x))))  # a gap: the place before it
    x, y = one.x[place], np.where(gap, np.nan, one.y)
    name = one.name or words.text
    if one.helper and len(one.labels) > 1 and np.ptp(one.y) > 0:
        points = _points(panel.y, np.unique(one.y), frame.inner[3], face)
        one = replace(one, labels={row: replace(label, size=label.size or points) for row, label in one.labels.items()})
    _, x_ref = book.add(axis_name(panel.x, words.x), x, words=one.helper)
    head, y_ref = book.add(name, y, words=one.helper)
    if one.helper:
        texts = [_said(one.labels.get(row)) for row in range(len(x))]
        book.add(words.text, texts, words=True)
    scale = frame.scale
    sized = "".join(
        f'<c:dPt><c:idx val="{row}"/>{marker(one.mark, scale, face.inks, size)}<c:bubble3D val="0"/></c:dPt>'
        for row, size in sorted(one.sizes.items())
        if one.mark is not None and one.mark.symbol
    )
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx>{text_ref(head, name)}</c:tx>'
        f"{series_line(one.line, _width(one, panel, frame), face.inks)}{marker(one.mark, scale, face.inks)}{sized}"
        f"{labels(one.labels, face, scale, '')}"
        f"<c:xVal>{number_ref(x_ref, x)}</c:xVal><c:yVal>{number_ref(y_ref, y)}</c:yVal>"
        '<c:smooth val="0"/></c:ser>'
    )


def _said(label: Label | None) -> str | None:
    return None if label is None else " ".join("".join(run.text for run in line) for line in label.lines)


def _width(one: Series, panel: Panel, frame: Frame) -> float:
    """Return how wide a line is, pt; one that stands for bars as high as these."""
    if one.line is None:
        return 0.0
    if not one.line.thick:
        return max(one.line.width * frame.scale, 0.75)
    upright = len(one.x) > 2 and one.x[0] == one.x[1]
    axis, room = (panel.x, frame.inner[2]) if upright else (panel.y, frame.inner[3])
    return max(one.line.width / abs(axis.high - axis.low) * room, 1.0)
