"""A figure between Plotly and PowerPoint: panels of series in data units, numbers that stand under them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from .words import Paragraph

_WITHIN = 1e-6  # of an axis


@dataclass(frozen=True)
class Mark:
    """How a point looks; sizes in px of the figure, colours RRGGBB or "" for none.

    Parameters
    ----------
    symbol : a marker of PowerPoint, or "" where `glyph` stands as text in its place. dash : of the outline.
    """

    symbol: str
    size: float
    fill: str = ""
    outline: str = ""
    width: float = 1.0
    alpha: float = 1.0
    glyph: str = ""
    dash: str = ""


@dataclass(frozen=True)
class Line:
    """How a line looks; `width` in px of the figure, or in units of the value axis where `thick`."""

    colour: str
    width: float = 1.5
    dash: str = ""
    alpha: float = 1.0
    thick: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Label:
    """Text at a point. `at` : ctr, l, r, t or b. `size` : px of the figure, -pt where negative, 0 for the usual."""

    lines: tuple[Paragraph, ...]
    at: str
    colour: str
    size: float = 0.0


@dataclass(frozen=True)
class Series:
    """Points of one look.

    Parameters
    ----------
    x, y : data units, NaN for a gap. labels : by place. named : stands in the legend. helper : words, no data.
    sizes : px by place where they differ from that of `mark`.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    line: Line | None = None
    mark: Mark | None = None
    labels: dict[int, Label] = field(default_factory=dict)
    named: bool = False
    helper: bool = False
    sizes: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Region:
    """A filled area behind the marks; corners in data units."""

    x: np.ndarray
    y: np.ndarray
    fill: str
    alpha: float
    outline: str = ""


@dataclass(frozen=True)
class Axis:
    """An axis.

    Parameters
    ----------
    low, high : data units. ticks : value and text of each, None where PowerPoint chooses them. shown : with its labels.
    step : between ticks where they are even and PowerPoint may write them itself, as `format`.
    """

    low: float
    high: float
    log: bool = False
    title: tuple[Paragraph, ...] = ()
    ticks: tuple[tuple[float, str], ...] | None = None
    grid: bool = True
    shown: bool = True
    colour: str = "5B6470"
    step: float | None = None
    format: str = "General"

    def place(self, value: float) -> float:
        """Return where a value stands between low (0) and high (1)."""
        if not self.log:
            return (value - self.low) / (self.high - self.low)
        return float((np.log10(max(value, 1e-300)) - np.log10(self.low)) / (np.log10(self.high) - np.log10(self.low)))

    def value(self, place: float) -> float:
        """Return the value at a place between low (0) and high (1)."""
        if not self.log:
            return self.low + place * (self.high - self.low)
        return float(10 ** (np.log10(self.low) + place * (np.log10(self.high) - np.log10(self.low))))

    @property
    def foot(self) -> float:
        """Where words of the other axis stand: at the low end, and by no rounding beyond it."""
        return self.value(_WITHIN)

    @property
    def own_labels(self) -> bool:
        """Whether the labels are written as those of a series."""
        return self.shown and self.ticks is not None and self.step is None


@dataclass(frozen=True)
class Bars:
    """A bar of a trace: place of its category, start, length and look."""

    name: str
    places: np.ndarray
    base: np.ndarray
    length: np.ndarray
    width: float
    fills: tuple[str, ...]
    outline: str
    pattern: str
    labels: dict[int, Label]
    named: bool = True


@dataclass(frozen=True)
class Note:
    """Words outside the plot.

    Parameters
    ----------
    x, y : place between the left and lower (0) and the right and upper (1) edge of the panel; shift : px right and up.
    across : left, center or right. upright : top, middle or bottom; where of the words that place is.
    """

    lines: tuple[Paragraph, ...]
    x: float
    y: float
    shift: tuple[float, float]
    across: str
    upright: str
    colour: str


@dataclass(frozen=True)
class Panel:
    """One chart. `box` : left, right, bottom, top of its plot as shares of the figure's plot."""

    x: Axis
    y: Axis
    series: tuple[Series, ...]
    regions: tuple[Region, ...]
    notes: tuple[Note, ...]
    box: tuple[float, float, float, float]
    bars: tuple[Bars, ...] = ()
    upright: bool = True
    stacked: bool = False

    def with_box(self, box: tuple[float, float, float, float]) -> Panel:
        """Return the panel somewhere else."""
        return replace(self, box=box)


@dataclass(frozen=True)
class NumberRow:
    """A row of numbers under a curve: what they are, and the text at each place of the x axis."""

    label: tuple[Paragraph, ...]
    texts: tuple[str, ...]
    colour: str


@dataclass(frozen=True)
class Numbers:
    """Numbers that stand under the ticks of a panel; `x` in its data units."""

    x: tuple[float, ...]
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True)
class Picture:
    """A figure: panels, numbers under them, and its size and margins in px (left, right, top, bottom)."""

    panels: tuple[Panel, ...]
    numbers: Numbers | None
    width: float
    height: float
    margin: tuple[float, float, float, float]
