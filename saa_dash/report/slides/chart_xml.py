"""A panel as the XML of a native chart and its workbook: points and lines, with the axes as they are on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .axes import thinned
from .book import Book
from .layers import in_front
from .panel import Axis, Label, Line, Panel, Series
from .parts_xml import (
    SIZE,
    fill,
    labels,
    marker,
    number_ref,
    outline,
    series_line,
    text_properties,
    text_ref,
    texts_ref,
)
from .words import Face, line_width, paragraphs, plain, rich

_NS = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
GRID = "E1E5EA"
LEGEND = 20.0  # pt of a line of the legend
_DENSE = 0.92  # of the distance of two rows: how high their names may be
_SMALLEST = 7.0  # pt of the names of very many rows


@dataclass(frozen=True)
class Frame:
    """Where a chart stands, pt.

    Parameters
    ----------
    left, top, width, height : of the chart on the slide. inner : left, top, width, height of its plot inside the chart.
    scale : pt of a px of the figure. legend : lines of it, 0 for none.
    """

    left: float
    top: float
    width: float
    height: float
    inner: tuple[float, float, float, float]
    scale: float
    legend: int


@dataclass(frozen=True)
class Words:
    """Names in the workbook: its sheets, the columns of places, ticks, words."""

    sheets: tuple[str, str]
    ticks: str
    text: str
    x: str
    y: str


def chart_xml(panel: Panel, frame: Frame, face: Face, words: Words) -> tuple[bytes, bytes]:
    """Return chart and workbook of a panel."""
    book = Book(words.sheets)
    body = _bar_chart(panel, frame, face, book, words) if panel.bars else _points_chart(panel, frame, face, book, words)
    return _whole(body, panel, frame, face), book.to_bytes()


def _whole(body: tuple[str, list[int]], panel: Panel, frame: Frame, face: Face) -> bytes:
    left, top, width, height = frame.inner
    plot = _layout(left / frame.width, top / frame.height, width / frame.width, height / frame.height)
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


def _layout(x: float, y: float, width: float | None = None, height: float | None = None) -> str:
    target = '<c:layoutTarget val="inner"/>' if width is not None else ""
    size = f'<c:w val="{width:.6f}"/><c:h val="{height:.6f}"/>' if width is not None else ""
    return (
        f'<c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{x:.6f}"/><c:y val="{y:.6f}"/>{size}</c:manualLayout>'
    )


def _points_chart(panel: Panel, frame: Frame, face: Face, book: Book, words: Words) -> tuple[str, list[int]]:
    """Return points and lines, lines alone behind."""
    drawn = [one for one in panel.series if np.isfinite(one.x + one.y).any()]
    ticks = _tick_series(panel, frame, words)
    series = _as_long(sorted([*ticks, *in_front(drawn, panel, frame)], key=_is_front))
    out = [_series(at, one, panel, frame, face, book, words) for at, one in enumerate(series)]
    axes = _value_axis(panel.x, 1, 2, "b", frame, face) + _value_axis(panel.y, 2, 1, "l", frame, face)
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


def _tick_series(panel: Panel, frame: Frame, words: Words) -> list[Series]:
    """Return the labels of axes that PowerPoint cannot write itself, their grid as lines."""
    out = []
    broad = any(one.line is not None and one.line.thick for one in panel.series)
    for axis, other, along in ((panel.x, panel.y, "x"), (panel.y, panel.x, "y")):
        ticks = thinned(axis)
        if not axis.own_labels or not ticks:
            continue
        values = np.array([value for value, _ in ticks])
        points = 0.0 if along == "x" else _points(axis, values, frame.inner[3])
        foot = np.full(len(ticks), other.low)
        x, y = (values, foot) if along == "x" else (foot, values)
        held = {
            at: Label(paragraphs(text), "b" if along == "x" else "l", axis.colour, points)
            for at, (_, text) in enumerate(ticks)
            if plain(text)
        }
        name = f"{words.ticks} {along.upper()}"
        if axis.grid and not (broad and _are_names(ticks)):
            out.append(_grid(name, values, other, along))
        out.append(Series(name, x, y, labels=held, helper=True))
    return out


def _are_names(ticks: Sequence[tuple[float, str]]) -> bool:
    return not all(plain(text)[:1].isdigit() for _, text in ticks)


def _points(axis: Axis, values: np.ndarray, room: float) -> float:
    """Return the size of the names of rows that stand close, -pt, 0 where there is room enough."""
    if len(values) < 2:
        return 0.0
    step = min(abs(np.diff([axis.place(float(value)) for value in values]))) * room * _DENSE
    return 0.0 if step >= SIZE else -max(step, _SMALLEST)


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
        points = _points(panel.y, np.unique(one.y), frame.inner[3])
        one = replace(one, labels={row: replace(label, size=label.size or points) for row, label in one.labels.items()})
    _, x_ref = book.add(_axis_name(panel.x, words.x), x, words=one.helper)
    head, y_ref = book.add(name, y, words=one.helper)
    if one.helper:
        texts = [_said(one.labels.get(row)) for row in range(len(x))]
        book.add(words.text, texts, words=True)
    scale = frame.scale
    points = "".join(
        f'<c:dPt><c:idx val="{row}"/>{marker(one.mark, scale, size)}<c:bubble3D val="0"/></c:dPt>'
        for row, size in sorted(one.sizes.items())
        if one.mark is not None and one.mark.symbol
    )
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx>{text_ref(head, name)}</c:tx>'
        f"{series_line(one.line, _width(one, panel, frame))}{marker(one.mark, scale)}{points}"
        f"{labels(one.labels, face, scale, '')}"
        f"<c:xVal>{number_ref(x_ref, x)}</c:xVal><c:yVal>{number_ref(y_ref, y)}</c:yVal>"
        '<c:smooth val="0"/></c:ser>'
    )


def _said(label: Label | None) -> str | None:
    return None if label is None else " ".join("".join(run.text for run in line) for line in label.lines)


def _axis_name(axis: Axis, default: str) -> str:
    return " ".join("".join(run.text for run in line) for line in axis.title).strip() or default


def _width(one: Series, panel: Panel, frame: Frame) -> float:
    """Return how wide a line is, pt; one that stands for bars as high as these."""
    if one.line is None:
        return 0.0
    if not one.line.thick:
        return max(one.line.width * frame.scale, 0.75)
    upright = len(one.x) > 2 and one.x[0] == one.x[1]
    axis, room = (panel.x, frame.inner[2]) if upright else (panel.y, frame.inner[3])
    return max(one.line.width / abs(axis.high - axis.low) * room, 1.0)


def _value_axis(axis: Axis, number: int, other: int, side: str, frame: Frame, face: Face) -> str:
    native = axis.shown and not axis.own_labels
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    turned = "maxMin" if axis.high < axis.low else "minMax"
    log = '<c:logBase val="10"/>' if axis.log else ""
    grid = (
        f"<c:majorGridlines><c:spPr>{outline(GRID, 0.75)}</c:spPr></c:majorGridlines>" if native and axis.grid else ""
    )
    step = f'<c:majorUnit val="{axis.step!r}"/>' if axis.step is not None and not axis.log else ""
    return (
        f'<c:valAx><c:axId val="{number}"/><c:scaling>{log}<c:orientation val="{turned}"/>'
        f'<c:max val="{high!r}"/><c:min val="{low!r}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/>{grid}{_title(axis, side, frame, face)}'
        f'<c:numFmt formatCode="{axis.format}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{"low" if native else "none"}"/>'
        f"<c:spPr>{outline('C9CED6', 0.75) if side == 'b' and native else '<a:ln><a:noFill/></a:ln>'}</c:spPr>"
        f"{text_properties(face, axis.colour)}"
        f'<c:crossAx val="{other}"/><c:crosses val="min"/><c:crossBetween val="midCat"/>{step}</c:valAx>'
    )


def _title(axis: Axis, side: str, frame: Frame, face: Face) -> str:
    """Return the title of an axis, in the middle beside or under its plot."""
    if not axis.title:
        return ""
    long = max(line_width("".join(run.text for run in line), SIZE) for line in axis.title)
    left, top, width, height = frame.inner
    if side == "b":
        x, y = (
            left + (width - long) / 2,
            frame.height - SIZE * 1.35 * len(axis.title) - (frame.legend * LEGEND + 4 if frame.legend else 2),
        )
    else:
        x, y = 1.0, top + (height - long) / 2
    place = _layout(min(max(x / frame.width, 0.0), 0.95), min(max(y / frame.height, 0.0), 0.97))
    words = rich(face, axis.title, SIZE, face.muted, rotated=side == "l")
    return f'<c:title><c:tx>{words}</c:tx><c:layout>{place}</c:layout><c:overlay val="0"/></c:title>'


def _bar_chart(panel: Panel, frame: Frame, face: Face, book: Book, words: Words) -> tuple[str, list[int]]:
    """Return bars, upright or lying, single or stacked."""
    names_axis, values_axis = (panel.x, panel.y) if panel.upright else (panel.y, panel.x)
    places, names = _categories(panel, names_axis)
    _, names_ref = book.add(_axis_name(names_axis, words.x if panel.upright else words.y), names)
    out = []
    for at, bars in enumerate(panel.bars):
        values, held = np.full(len(places), np.nan), {}
        for row, place in enumerate(bars.places):
            spot = int(np.argmin(np.abs(places - place)))
            values[spot] = bars.length[row]
            if row in bars.labels:
                held[spot] = _fitting(bars.labels[row], stacked=panel.stacked)
        head, ref = book.add(bars.name, values)
        out.append(_bar_series(at, bars.name, head, ref, values, names_ref, names, panel, held, face))
    step = float(np.diff(places)[0]) if len(places) > 1 else 1.0
    width = min(max(bars.width for bars in panel.bars) / step, 1.0)
    stacked = panel.stacked
    sides = ("b", "l") if panel.upright else ("l", "b")
    return (
        f'<c:barChart><c:barDir val="{"col" if panel.upright else "bar"}"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>{"".join(out)}'
        f'<c:gapWidth val="{min(round((1 - width) / max(width, 0.05) * 100), 500)}"/>'
        '<c:overlap val="100"/>'
        '<c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f"{_category_axis(names_axis, sides[0], frame, face)}{_bar_values(values_axis, sides[1], frame, face)}",
        [at for at, bars in enumerate(panel.bars) if not bars.name],
    )


def _bar_series(
    at: int, name: str, head: str, ref: str, values: np.ndarray, names_ref: str, names: Sequence[str], panel: Panel,
    held: dict[int, Label], face: Face,
) -> str:  # fmt: skip
    bars = panel.bars[at]
    edge = outline(bars.outline, 0.75) if bars.outline else "<a:ln><a:noFill/></a:ln>"
    points = ""
    if len(set(bars.fills)) > 1:
        points = "".join(
            f'<c:dPt><c:idx val="{row}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
            f"<c:spPr>{fill(own)}{edge}</c:spPr></c:dPt>"
            for row, own in enumerate(bars.fills)
        )
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx>{text_ref(head, name)}</c:tx>'
        f"<c:spPr>{_bar_fill(bars.fills[0] if bars.fills else '5B6470', bars.pattern)}{edge}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{points}{labels(held, face, 1.0, "")}'
        f"<c:cat>{texts_ref(names_ref, names)}</c:cat><c:val>{number_ref(ref, values)}</c:val></c:ser>"
    )


def _bar_fill(rgb: str, pattern: str) -> str:
    if not pattern:
        return fill(rgb)
    kind = "wdDnDiag" if pattern == "\\" else "wdUpDiag"
    return (
        f'<a:pattFill prst="{kind}"><a:fgClr><a:srgbClr val="FFFFFF"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{rgb}"/></a:bgClr></a:pattFill>'
    )


def _fitting(label: Label, *, stacked: bool) -> Label:
    """Return a label where a bar can have it: beyond its end only where no bar stands on top."""
    return replace(label, at="ctr") if stacked and label.at == "outEnd" else label


def _categories(panel: Panel, axis: Axis) -> tuple[np.ndarray, list[str]]:
    """Return the places of all bars with their names: those of the ticks, else the numbers themselves."""
    drawn = np.unique(np.concatenate([bars.places for bars in panel.bars]))
    named = {round(value, 6): plain(text) for value, text in axis.ticks or ()}
    ticks = np.array(sorted(named))
    whole = len(ticks) >= len(drawn) and all(np.isclose(ticks, place).any() for place in drawn)
    places = ticks if whole else drawn
    return places, [named.get(round(float(place), 6), "" if named else f"{place:g}") for place in places]


def _category_axis(axis: Axis, side: str, frame: Frame, face: Face) -> str:
    shown = "low" if axis.shown else "none"
    return (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/>{_title(axis, side, frame, face)}<c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="{shown}"/>'
        f"<c:spPr>{outline('C9CED6', 0.75)}</c:spPr>{text_properties(face, axis.colour)}"
        '<c:crossAx val="2"/><c:crosses val="min"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _bar_values(axis: Axis, side: str, frame: Frame, face: Face) -> str:
    return _value_axis(axis, 2, 1, side, frame, face).replace('"midCat"', '"between"')
