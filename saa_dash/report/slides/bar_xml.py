"""Bars of a chart as XML: upright or lying, single or stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .axis_xml import EDGE, Frame, Words, axis_name, axis_title, value_axis
from .book import Book
from .inks import WHITE, Inks
from .panel import Axis, Label, Panel
from .parts_xml import fill, labels, number_ref, outline, text_properties, text_ref, texts_ref
from .words import Face, line_width, plain

_DENSE, _SMALLEST = 0.8, 7.0  # of the height of a row, and pt: letters of the names of very many rows
_APART = 1.17  # of the width of a word under a bar: how much room it needs


def bar_chart(panel: Panel, frame: Frame, face: Face, book: Book, words: Words) -> tuple[str, list[int]]:
    """Return bars, upright or lying, single or stacked."""
    names_axis, values_axis = (panel.x, panel.y) if panel.upright else (panel.y, panel.x)
    places, names = _categories(panel, names_axis)
    _, names_ref = book.add(axis_name(names_axis, words.x if panel.upright else words.y), names)
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
        f"{_category_axis(names_axis, sides[0], names, frame, face)}"
        f"{_bar_values(values_axis, sides[1], frame, face)}",
        [at for at, bars in enumerate(panel.bars) if not bars.named],
    )


def _bar_series(
    at: int, name: str, head: str, ref: str, values: np.ndarray, names_ref: str, names: Sequence[str], panel: Panel,
    held: dict[int, Label], face: Face,
) -> str:  # fmt: skip
    bars = panel.bars[at]
    edge = outline(face.inks.mark(bars.outline), 0.75) if bars.outline else "<a:ln><a:noFill/></a:ln>"
    points = ""
    if len(set(bars.fills)) > 1:
        points = "".join(
            f'<c:dPt><c:idx val="{row}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
            f"<c:spPr>{fill(face.inks.mark(own))}{edge}</c:spPr></c:dPt>"
            for row, own in enumerate(bars.fills)
        )
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx>{text_ref(head, name)}</c:tx>'
        f"<c:spPr>{_bar_fill(bars.fills[0] if bars.fills else '5B6470', bars.pattern, face.inks)}{edge}</c:spPr>"
        f'<c:invertIfNegative val="0"/>{points}{labels(held, face, 1.0, "")}'
        f"<c:cat>{texts_ref(names_ref, names)}</c:cat><c:val>{number_ref(ref, values)}</c:val></c:ser>"
    )


def _bar_fill(rgb: str, pattern: str, inks: Inks) -> str:
    if not pattern:
        return fill(inks.mark(rgb))
    kind = "wdDnDiag" if pattern == "\\" else "wdUpDiag"
    return (
        f'<a:pattFill prst="{kind}"><a:fgClr><a:srgbClr val="{inks.mark(WHITE)}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{inks.mark(rgb)}"/></a:bgClr></a:pattFill>'
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


def word_size(names: Sequence[str], room: float) -> float:
    """Return the size of letters, pt, at which every word of names has room in one line."""
    longest = max((line_width(word, 1.0) for name in names for word in name.split()), default=1.0)
    return room / (longest * _APART)


def _category_axis(axis: Axis, side: str, names: Sequence[str], frame: Frame, face: Face) -> str:
    shown = "low" if axis.shown else "none"
    rows = len(names)
    lying = side == "l"  # every row has its name, in letters as high as the row
    skip = '<c:tickLblSkip val="1"/>' if lying else ""
    size, body = face.letters, 'wrap="none"'
    if lying:
        size = min(max(frame.inner[3] / max(rows, 1) * _DENSE, _SMALLEST), size)
    elif face.tight:  # names in lines, of whole words, never turned
        size, body = min(max(word_size(names, frame.inner[2] / max(rows, 1)), _SMALLEST), size), 'rot="0" vert="horz"'
    return (
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/>{axis_title(axis, side, frame, face)}<c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="{shown}"/>'
        f"<c:spPr>{outline(face.inks.mark(EDGE), 0.75)}</c:spPr>{text_properties(face, axis.colour, size, body)}"
        '<c:crossAx val="2"/><c:crosses val="min"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        f"{skip}"
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _bar_values(axis: Axis, side: str, frame: Frame, face: Face) -> str:
    return value_axis(axis, 2, 1, side, frame, face).replace('"midCat"', '"between"')
