"""Axes of a chart as XML, and what all kinds of charts are placed by."""

from __future__ import annotations

from dataclasses import dataclass

from .panel import Axis
from .parts_xml import outline, text_properties
from .words import Face, line_width, rich

GRID, EDGE = "E1E5EA", "C9CED6"
_LEGEND = 5 / 3  # of the size of letters: a line of the legend

_FREE = 1.35  # of the width of a number under an axis: how far the next one stands


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


def layout(x: float, y: float, width: float | None = None, height: float | None = None) -> str:
    target = '<c:layoutTarget val="inner"/>' if width is not None else ""
    size = f'<c:w val="{width:.6f}"/><c:h val="{height:.6f}"/>' if width is not None else ""
    return (
        f'<c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{x:.6f}"/><c:y val="{y:.6f}"/>{size}</c:manualLayout>'
    )


def axis_name(axis: Axis, default: str) -> str:
    return " ".join("".join(run.text for run in line) for line in axis.title).strip() or default


def value_axis(axis: Axis, number: int, other: int, side: str, frame: Frame, face: Face) -> str:
    native = axis.shown and not axis.own_labels
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    turned = "maxMin" if axis.high < axis.low else "minMax"
    log = '<c:logBase val="10"/>' if axis.log else ""
    grid = (
        f"<c:majorGridlines><c:spPr>{outline(face.inks.mark(GRID), 0.75)}</c:spPr></c:majorGridlines>"
        if native and axis.grid
        else ""
    )
    edge = outline(face.inks.mark(EDGE), 0.75) if side == "b" and native else "<a:ln><a:noFill/></a:ln>"
    distance = _apart(axis, frame, face) if side == "b" else axis.step
    step = f'<c:majorUnit val="{distance!r}"/>' if distance is not None and not axis.log else ""
    return (
        f'<c:valAx><c:axId val="{number}"/><c:scaling>{log}<c:orientation val="{turned}"/>'
        f'<c:max val="{high!r}"/><c:min val="{low!r}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/>{grid}{axis_title(axis, side, frame, face)}'
        f'<c:numFmt formatCode="{axis.format}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{"low" if native else "none"}"/>'
        f"<c:spPr>{edge}</c:spPr>"
        f"{text_properties(face, axis.colour)}"
        f'<c:crossAx val="{other}"/><c:crosses val="min"/><c:crossBetween val="midCat"/>{step}</c:valAx>'
    )


def legend_line(face: Face) -> float:
    """Return how high a line of a legend is, pt."""
    return face.letters * _LEGEND


def _apart(axis: Axis, frame: Frame, face: Face) -> float | None:
    """Return the distance of ticks along the foot at which their numbers stay apart."""
    if axis.step is None or axis.log or not face.tight:
        return axis.step
    whole, share = (axis.high - axis.low), 100 if axis.format == "0%" else 1
    long = max(line_width(f"{share * end:g}{'%' if share > 1 else ''}", face.letters) for end in (axis.low, axis.high))
    room = frame.inner[2] / max(abs(whole / axis.step), 1)
    times = next((times for times in (1, 2, 4, 5) if times * room > long * _FREE), 5)
    return axis.step * times


def axis_title(axis: Axis, side: str, frame: Frame, face: Face) -> str:
    """Return the title of an axis, in the middle beside or under its plot."""
    if not axis.title:
        return ""
    long = max(line_width("".join(run.text for run in line), face.letters) for line in axis.title)
    left, top, width, height = frame.inner
    if side == "b":
        under = frame.legend * legend_line(face) + 4 if frame.legend else 2
        x, y = left + (width - long) / 2, frame.height - face.letters * 1.35 * len(axis.title) - under
    else:
        x, y = 1.0, top + (height - long) / 2
    place = layout(min(max(x / frame.width, 0.0), 0.95), min(max(y / frame.height, 0.0), 0.97))
    words = rich(face, axis.title, face.letters, face.muted, rotated=side == "l")
    return f'<c:title><c:tx>{words}</c:tx><c:layout>{place}</c:layout><c:overlay val="0"/></c:title>'
