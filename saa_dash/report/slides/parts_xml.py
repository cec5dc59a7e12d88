"""Pieces of a chart as XML: references with their numbers, lines, fills, markers, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import numpy as np

from .inks import Inks
from .panel import Label, Line, Mark
from .words import Face, rich

EMU = 12700  # of a pt
_MARKER = (2, 72)


def text_ref(ref: str, words: str) -> str:
    """Return a reference to a cell with what stands in it."""
    return (
        f'<c:strRef><c:f>{escape(ref)}</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(words)}</c:v></c:pt></c:strCache></c:strRef>'
    )


def texts_ref(ref: str, words: Sequence[str]) -> str:
    """Return a reference to a column of words."""
    points = "".join(f'<c:pt idx="{at}"><c:v>{escape(word)}</c:v></c:pt>' for at, word in enumerate(words))
    return (
        f'<c:strRef><c:f>{escape(ref)}</c:f><c:strCache><c:ptCount val="{len(words)}"/>{points}</c:strCache></c:strRef>'
    )


def number_ref(ref: str, values: Sequence[float] | np.ndarray, form: str = "General") -> str:
    """Return a reference to a column of numbers; what is missing has no point."""
    points = "".join(
        f'<c:pt idx="{at}"><c:v>{float(value)!r}</c:v></c:pt>' for at, value in enumerate(values) if value == value
    )
    return (
        f"<c:numRef><c:f>{escape(ref)}</c:f><c:numCache><c:formatCode>{form}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def fill(rgb: str, alpha: float = 1.0) -> str:
    """Return a fill; "" is none."""
    if not rgb:
        return "<a:noFill/>"
    through = "" if alpha >= 1 else f'<a:alpha val="{round(alpha * 100000)}"/>'
    return f'<a:solidFill><a:srgbClr val="{rgb}">{through}</a:srgbClr></a:solidFill>'


def outline(rgb: str, width: float, dash: str = "", alpha: float = 1.0, *, flat: bool = True) -> str:
    """Return a line `width` pt wide; without a colour, none."""
    if not rgb or width <= 0:
        return "<a:ln><a:noFill/></a:ln>"
    style = f'<a:prstDash val="{dash}"/>' if dash else ""
    cap = "flat" if flat else "rnd"
    return f'<a:ln w="{round(width * EMU)}" cap="{cap}">{fill(rgb, alpha)}{style}<a:round/></a:ln>'


def series_line(line: Line | None, width: float, inks: Inks) -> str:
    """Return the shape properties of a series."""
    if line is None:
        return "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    return f"<c:spPr>{outline(inks.mark(line.colour), width, line.dash, line.alpha)}</c:spPr>"


def marker(mark: Mark | None, scale: float, inks: Inks, size: float | None = None) -> str:
    """Return a marker; `size` px in place of its own."""
    if mark is None or not mark.symbol:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    points = min(max(round((size or mark.size) * scale), _MARKER[0]), _MARKER[1])
    inside = "" if mark.symbol in ("x", "plus", "dash") else inks.mark(mark.fill)
    edge = outline(inks.mark(mark.outline), max(mark.width * scale, 0.75), mark.dash, mark.alpha)
    return (
        f'<c:marker><c:symbol val="{mark.symbol}"/><c:size val="{points}"/>'
        f"<c:spPr>{fill(inside, mark.alpha)}{edge if mark.outline else '<a:ln><a:noFill/></a:ln>'}</c:spPr></c:marker>"
    )


_SHOWN = "".join(
    f'<c:{name} val="{value}"/>'
    for name, value in (
        ("showLegendKey", 0), ("showVal", 1), ("showCatName", 0), ("showSerName", 0), ("showPercent", 0),
        ("showBubbleSize", 0),
    )
)  # fmt: skip
_HIDDEN = _SHOWN.replace('showVal val="1"', 'showVal val="0"')


def labels(held: Mapping[int, Label], face: Face, scale: float, default: str) -> str:
    """Return words at single points; the other points have none."""
    if not held:
        return ""
    out = []
    for at, label in sorted(held.items()):
        size = -label.size if label.size < 0 else max(label.size * scale * 1.15, 8.0) if label.size else face.letters
        out.append(
            f'<c:dLbl><c:idx val="{at}"/><c:tx>{rich(face, label.lines, size, label.colour, at=label.at)}</c:tx>'
            f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:dLblPos val="{label.at}"/>{_SHOWN}</c:dLbl>'
        )
    return (
        f"<c:dLbls>{''.join(out)}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"{text_properties(face)}{default}{_HIDDEN}</c:dLbls>"
    )


def text_properties(face: Face, colour: str = "", size: float = 0.0, body: str = 'wrap="none"') -> str:
    """Return how words are written where nothing else is said; `size` in pt, 0 for the usual."""
    return (
        f"<c:txPr><a:bodyPr {body}/><a:lstStyle/><a:p><a:pPr>"
        f"{face.run_properties('a:defRPr', size or face.letters, colour=colour)}</a:pPr>"
        f'<a:endParaRPr lang="{face.locale}"/></a:p></c:txPr>'
    )
