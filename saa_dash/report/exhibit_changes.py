"""What a newer cut has changed in the numbers of an exhibit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

_NAMED_BY = 2  # columns at the left that name a row


@dataclass(frozen=True)
class CellChange:
    """A number that is another one.

    Parameters
    ----------
    row, column : where it stands, in the words of the exhibit. old, new : as they were and are shown, "" for a row that
        was not or is no longer there; the column is "" then.
    """

    row: str
    column: str
    old: str
    new: str


def changed_cells(old: pd.DataFrame, new: pd.DataFrame) -> list[CellChange]:
    """Return what differs between two tables of the same thing, from the top; rows are matched by what names them."""
    if old.empty and new.empty:
        return []
    columns = [name for name in new.columns if name in old.columns]
    before, after = _by_name(old[columns]), _by_name(new[columns])
    return [
        change
        for name in dict.fromkeys([*after, *before])
        for change in _row_changes(name, columns, before.get(name), after.get(name))
    ]


def changed_rows(old: pd.DataFrame, new: pd.DataFrame) -> int:
    """Return how many rows of one table are not in the other; the order does not count."""
    rows = [Counter(table.astype("str").itertuples(index=False, name=None)) for table in (old, new)]
    return max((rows[0] - rows[1]).total(), (rows[1] - rows[0]).total())


def _by_name(table: pd.DataFrame) -> dict[tuple[str, int], list[str]]:
    """Return the rows in words by their name; those of the same name are numbered."""
    words = table.astype("object").where(table.notna(), "").astype("str")
    first = words.iloc[:, 0]
    named = first if first.is_unique else words.iloc[:, :_NAMED_BY].agg(" · ".join, axis=1)
    numbers = named.groupby(named).cumcount()
    return dict(zip(zip(named, numbers, strict=True), words.to_numpy().tolist(), strict=True))


def _row_changes(
    name: tuple[str, int], columns: list[str], before: list[str] | None, after: list[str] | None
) -> Iterator[CellChange]:
    if before is None or after is None:
        yield CellChange(name[0], "", "" if before is None else name[0], "" if after is None else name[0])
        return
    for column, old, new in zip(columns, before, after, strict=True):
        if old != new:
            yield CellChange(name[0], str(column), old, new)
