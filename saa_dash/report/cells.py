"""Values as they stand on paper, and how wide columns need to be.

Letters are counted in halves of a Chinese one. Columns are as wide as their words where all of them fit the page;
where they do not, long texts break into lines, and where that is not enough letters get smaller.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

PAGE_WIDTH = 739.0  # pt between the margins of A4, landscape
SIZES = (8.0, 7.4, 6.8, 6.2)  # pt of letters in a table, the first that fits
WIDEST = 46  # halves of a letter a text takes before it breaks into lines
INSETS = (5.0, 4.0, 3.2, 2.6)  # pt at either side of a cell
_READABLE = 6.8  # pt; letters smaller than these only where words would not fit at all
_CROWDED = 1.15  # times the page that columns may want before letters get smaller
_HALF = 0.56  # of the size of letters: how wide a Latin letter is
_NUMBER = re.compile(r"[<>≤≥]?[-−–]?[\d.\u2009]+%?|∞|–|")
_COUNT = re.compile(r"\d+/\d+.*")
_BIG = 10_000  # from here on numbers get thin spaces
_WIDE = "WFA"  # fonts with Chinese letters give signs like × and ≥ a whole one


@dataclass(frozen=True)
class Layout:
    """Widths (pt) of columns, size of letters (pt), inset (pt), and which columns stand at the right."""

    widths: tuple[float, ...]
    size: float
    inset: float
    right: tuple[bool, ...]


def cell_text(value: object) -> str:
    """Return a value as it is printed: missing is empty, whole numbers without decimals, thin spaces in big ones."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "✓" if value else ""
    if isinstance(value, int | np.integer):
        return f"{int(value):,}".replace(",", "\u2009")
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isinf(number):
            return "∞" if number > 0 else "−∞"
        if abs(number) < _BIG:
            return f"{number:.6g}"
        return f"{number:,.2f}".rstrip("0").rstrip(".").replace(",", "\u2009")
    return " ".join(str(value).split(" ")).strip(" ")


def texts_of(frame: pd.DataFrame) -> list[list[str]]:
    """Return the rows of a frame as printed."""
    columns = [[cell_text(value) for value in frame.iloc[:, place].tolist()] for place in range(frame.shape[1])]
    return [list(row) for row in zip(*columns, strict=True)]


def halves(text: str) -> int:
    """Return how many halves of a Chinese letter the longest line of a text takes."""
    return max(
        sum(2 if unicodedata.east_asian_width(sign) in _WIDE else 1 for sign in line) for line in text.split("\n")
    )


def _least(text: str) -> int:
    """Return what the longest word of a text takes; Chinese breaks anywhere."""
    return max((halves(word) for word in re.split(r"[\s\u2e80-\uffff/–;,-]+", text) if word), default=1)


def lay_out(names: Sequence[str], rows: Sequence[Sequence[str]], page: float = PAGE_WIDTH) -> Layout:
    """Return how a table is laid out on a page `page` pt wide."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    wanted = [
        max(min(max(map(halves, column), default=0), WIDEST), min(halves(name), 16), _least(name), 3) + 1
        for name, column in zip(names, columns, strict=True)
    ]
    least = [
        min(want, 1 + (max(*map(_least, column), _least(name), 3) if column else max(_least(name), 3)))
        for name, column, want in zip(names, columns, wanted, strict=True)
    ]
    right = tuple(
        bool(column) and all(_NUMBER.fullmatch(text) or _COUNT.fullmatch(text) for text in column) for column in columns
    )
    for size, inset in zip(SIZES, INSETS, strict=True):
        unit, room = size * _HALF, page - 2 * inset * len(names)
        if sum(least) * unit <= room and (sum(wanted) * unit <= _CROWDED * room or size <= _READABLE):
            break
    widths = _shared(np.array(wanted) * unit, np.array(least) * unit, room)
    return Layout(tuple(float(w) + 2 * inset for w in widths), size, inset, right)


def _shared(wanted: np.ndarray, least: np.ndarray, room: float) -> np.ndarray:
    """Return widths between what is needed and what is wanted that fill no more than the room."""
    if wanted.sum() <= room:
        return wanted
    if least.sum() >= room:
        return least * room / least.sum()
    return least + (wanted - least) * (room - least.sum()) / (wanted - least).sum()
