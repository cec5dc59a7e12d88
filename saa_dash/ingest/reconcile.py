"""Rows and values in and out of the import, sheet by sheet, with a reason for every difference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .cutoff import AfterCutoff
from .tables import SheetRows
from .values import MISSING_TOKEN, TypedSheet

_BOTH_SIDES = ("values_in", "values_out", "values_added")
_LOSSES = ("values_excluded", "values_missing", "values_ignored", "values_unreadable", "values_orphaned")
COLUMNS = ("sheet", "rows_in", "rows_out", "excluded", *_BOTH_SIDES, *_LOSSES, "note")
COMPLETE, EXPLAINED, UNBALANCED = "recon.complete", "recon.explained", "recon.unbalanced"


def reconcile(typed: Mapping[str, TypedSheet], after: AfterCutoff, parts: tuple[SheetRows, ...]) -> pd.DataFrame:
    """Return one row per sheet.

    ``values_in + values_added = values_out + values_excluded + values_missing + values_ignored + values_unreadable +
    values_orphaned``; ``note`` is ``recon.unbalanced`` where that does not hold, which is a defect.

    Columns
    -------
    rows_in, values_in : data rows and filled cells of the sheet (unit and limit rows are no data rows).
    rows_out : rows of the cut, more than rows_in where a row holds many tests. values_out : cells found in them.
    excluded, values_excluded : after the cut-off. values_added : "ongoing" marks set by the cut-off.
    values_missing : words such as 未查. values_ignored : columns that the form does not know.
    values_unreadable : errors. values_orphaned : date, visit and subject of rows without any result.
    """
    rows = [_sheet_row(code, sheet, after, parts) for code, sheet in typed.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _sheet_row(code: str, typed: TypedSheet, after: AfterCutoff, parts: tuple[SheetRows, ...]) -> dict[str, object]:
    sheet, left = typed.source, after.sheets[code]
    own = [part for part in parts if part.source.source.name == sheet.name and part.source.source.file == sheet.file]
    ignored = sum(sheet.foreign_values.values())
    counts = {
        "rows_in": len(sheet.data),
        "rows_out": sum(len(part.rows) for part in own),
        "values_in": int(sheet.data.notna().to_numpy().sum()) + ignored,
        "values_out": sum(_values_out(left, part) for part in own),
        "excluded": after.excluded.get(code, 0),
        "values_excluded": after.values_excluded.get(code, 0),
        "values_added": after.values_added.get(code, 0),
        "values_missing": int((typed.issues == MISSING_TOKEN).to_numpy().sum()),
        "values_ignored": ignored,
        "values_unreadable": int((typed.issues.notna() & (typed.issues != MISSING_TOKEN)).to_numpy().sum()),
        "values_orphaned": _orphans(left, own),
    }
    lost = sum(counts[name] for name in _LOSSES)
    balanced = counts["values_in"] + counts["values_added"] == counts["values_out"] + lost
    note = UNBALANCED if not balanced else EXPLAINED if lost or counts["excluded"] else COMPLETE
    return {"sheet": sheet.name, **counts, "note": note}


def _values_out(left: TypedSheet, part: SheetRows) -> int:
    """Count the cells of the sheet that stand in the rows of the cut, each once."""
    rows, form_sheet = part.rows, left.source.sheet
    if part.table == "IE":
        return int(rows["IEORRES"].notna().sum())
    results = {"lab": "LBORRES", "vital": "VSORRES"}.get(form_sheet.wide, "")
    total = int(rows[results].notna().sum()) if results else 0
    once = rows.drop_duplicates("SRCROW")
    names = {column.code for column in form_sheet.columns if column.table != "IE"}
    total += sum(int(once[name].notna().sum()) for name in names if name in once)
    return total + _times_out(left, once)


def _times_out(left: TypedSheet, once: pd.DataFrame) -> int:
    """Count the times of day that were typed in a column of their own and now stand with the date."""
    column = next((column.code for column in left.source.sheet.columns if column.kind == "time"), None)
    if column is None or once.empty:
        return 0
    typed = left.values[column].reindex(once["SRCROW"]).notna().to_numpy()
    dates = once[left.source.sheet.start_column]
    return int((typed & dates.str.contains("T", na=False).to_numpy()).sum())


def _orphans(left: TypedSheet, own: list[SheetRows]) -> int:
    """Count the readable values of rows of which nothing reached the cut, and times of rows without a date."""
    arrived = {int(row) for part in own for row in part.rows["SRCROW"].unique()}
    lost = ~left.values.index.isin(list(arrived))
    total = int(left.values[lost].notna().to_numpy().sum())
    column = next((column.code for column in left.source.sheet.columns if column.kind == "time"), None)
    if column is not None:
        undated = left.values[left.source.sheet.start_column].isna() & ~lost
        total += int((left.values[column].notna() & undated).sum())
    return total
