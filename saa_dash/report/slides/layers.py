"""What stands in front of what, the same in every program.

Of two series PowerPoint draws the later one in front, LibreOffice the earlier one; both draw words in front of all.
Where bars are broad lines, marks on them are therefore letters; lines between squares end at the squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from .bars import TINT
from .inks import ON_FILLS, WHITE, contrast
from .marks import glyph_of
from .panel import Label, Panel, Series
from .words import paragraphs

INK = "1A1D21"  # of marks without a meaning of their own
_SQUARE = 14.0  # px from which a mark hides what is behind it
_NEAR = 1e-6


class Room(Protocol):
    """How large a plot is: its place inside the chart, and pt of a px."""

    @property
    def inner(self) -> tuple[float, float, float, float]:
        """Left, top, width, height, pt."""

    @property
    def scale(self) -> float:
        """Points (pt) of a px."""


def in_front(series: Sequence[Series], panel: Panel, room: Room) -> list[Series]:
    """Return the series such that nothing hides what must be seen."""
    broad = [one for one in series if one.line is not None and one.line.thick]
    squares = [one for one in series if one.mark is not None and one.mark.size >= _SQUARE]
    out = []
    for one in series:
        plain = one.mark is not None and one.mark.symbol not in ("", "none") and not one.labels
        behind = [(bar, _covers(bar, one)) for bar in broad] if plain else []
        if any(found.any() for _, found in behind):
            out.append(_as_letters(one, behind))
        elif one.line is not None and one.mark is None and not one.line.thick and squares:
            out.append(_cut_short(one, squares, panel, room))
        else:
            out.append(one)
    return out


def _covers(bar: Series, marks: Series) -> np.ndarray:
    """Tell which of the marks stand on a bar of three points and a gap each."""
    assert bar.line is not None
    upright = len(bar.x) > 1 and bar.x[0] == bar.x[1]
    along, across = (bar.y, bar.x) if upright else (bar.x, bar.y)
    at, beside = (marks.y, marks.x) if upright else (marks.x, marks.y)
    start, end, middle = along[0::4][:, None], along[2::4][:, None], across[0::4][:, None]
    near = np.abs(beside[None, :] - middle) <= bar.line.width / 2
    return np.asarray((near & (at >= np.minimum(start, end)) & (at <= np.maximum(start, end))).any(axis=0))


def _as_letters(one: Series, behind: Sequence[tuple[Series, np.ndarray]]) -> Series:
    """Return marks as letters; black ones on a fill with a meaning in what letters on fills are written with."""
    assert one.mark is not None
    glyph, ink = glyph_of(one.mark), one.mark.fill or one.mark.outline or INK
    hollow = one.mark.fill in ("", WHITE)
    colour = one.mark.outline if hollow and one.mark.outline else ink
    inks = [colour] * len(one.x)
    for bar, covered in behind if colour == INK else ():
        fill = bar.line.colour if bar.line is not None else TINT
        if fill != TINT:
            on = max(ON_FILLS, key=lambda letters: contrast(letters, fill))
            inks = [on if here else own for own, here in zip(inks, covered, strict=True)]
    sizes = [one.sizes.get(at, one.mark.size) for at in range(len(one.x))]
    pairs = enumerate(zip(sizes, inks, strict=True))
    labels = {at: Label(paragraphs(glyph), "ctr", own, size * 1.2) for at, (size, own) in pairs}
    name = one.name if one.name.endswith(glyph) else f"{one.name} {glyph}"
    return replace(one, name=name, mark=replace(one.mark, symbol="none"), labels=labels)


def _cut_short(one: Series, squares: Sequence[Series], panel: Panel, room: Room) -> Series:
    """Return a line whose ends in the middle of squares are moved to their edges."""
    ends = {(float(x), float(y)): size for x, y, size in _corners(squares)}
    x, y = one.x.copy(), one.y.copy()
    for at in range(len(x) - 1):
        if np.isnan(y[at]) or np.isnan(y[at + 1]) or (x[at], y[at]) == (x[at + 1], y[at + 1]):
            continue
        first, second = (one.x[at], one.y[at]), (one.x[at + 1], one.y[at + 1])
        x[at], y[at] = _moved(first, second, ends.get(first, 0.0), panel, room)
        x[at + 1], y[at + 1] = _moved(second, first, ends.get(second, 0.0), panel, room)
    return replace(one, x=x, y=y)


def _corners(squares: Sequence[Series]) -> list[tuple[float, float, float]]:
    return [
        (float(x), float(y), one.sizes.get(at, one.mark.size))
        for one in squares
        if one.mark is not None
        for at, (x, y) in enumerate(zip(one.x, one.y, strict=True))
    ]


def _moved(
    point: tuple[float, float], other: tuple[float, float], size: float, panel: Panel, room: Room
) -> tuple[float, float]:
    if not size or panel.x.log or panel.y.log:
        return point
    half = size * room.scale / 2 + 1
    wide, high = room.inner[2] / abs(panel.x.high - panel.x.low), room.inner[3] / abs(panel.y.high - panel.y.low)
    across, up = (other[0] - point[0]) * wide, (other[1] - point[1]) * high
    longest = max(abs(across), abs(up))
    if longest < _NEAR or longest <= 2 * half:
        return point
    share = half / longest
    return point[0] + share * (other[0] - point[0]), point[1] + share * (other[1] - point[1])
