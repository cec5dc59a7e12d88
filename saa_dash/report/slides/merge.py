"""Series of the same name and look become one: a colour is one series, however many traces drew it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .panel import Series


def merged(series: Sequence[Series]) -> list[Series]:
    """Return the series, marks of the same name and look in one; lines stay apart."""
    out: list[Series] = []
    place: dict[object, int] = {}
    for one in series:
        key = _key(one)
        if key is not None and key in place:
            out[place[key]] = _joined(out[place[key]], one)
            continue
        if key is not None:
            place[key] = len(out)
        out.append(one)
    return out


def _key(one: Series) -> object:
    if one.mark is None or one.line is not None:
        return None
    return one.name, replace(one.mark, size=0.0)


def _joined(first: Series, other: Series) -> Series:
    n = len(first.x)
    assert first.mark is not None and other.mark is not None
    sizes = dict(first.sizes) | {n + at: size for at, size in other.sizes.items()}
    if other.mark.size != first.mark.size:
        sizes = {n + at: other.mark.size for at in range(len(other.x))} | sizes
    return replace(
        first,
        x=np.concatenate([first.x, other.x]),
        y=np.concatenate([first.y, other.y]),
        labels=dict(first.labels) | {n + at: label for at, label in other.labels.items()},
        sizes=sizes,
        named=first.named or other.named,
    )
