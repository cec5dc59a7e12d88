"""Rows and values in and out of a package, file by file, with a reason for every difference.

Columns and balance are those of `saa_dash.ingest.reconcile`; here they mean:

    values_in         filled cells of the file
    values_out        filled cells of variables that are taken whose column is filled in the row of the cut, and marks
                      "ongoing" set by the cut-off (values_added)
    values_excluded   cells of rows after the cut-off, and later dates removed, of variables that are taken
    values_missing    words that say "not known" (SEX U …)
    values_ignored    variables that are not taken, identifiers left out among them
    values_unreadable texts that could not be read or converted
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..reconcile import COLUMNS, COMPLETE, EXPLAINED, UNBALANCED
from .cutoff import Kept
from .terms import term_list

LEFT_OUT = "recon.sdtm_identifiers"
_LOSSES = ("values_excluded", "values_missing", "values_ignored", "values_unreadable", "values_orphaned")


def reconcile(kept: Sequence[Kept], tables: Mapping[str, pd.DataFrame], identifying: Mapping[str, int]) -> pd.DataFrame:
    """Return one row per dataset.

    Parameters
    ----------
    tables : the finished tables: what arrived is counted in them. identifying : filled cells left out, by file.
    """
    rows = [_row(item, tables, identifying.get(item.mapped.source.file, 0)) for item in kept]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(item: Kept, tables: Mapping[str, pd.DataFrame], identifying: int) -> dict[str, object]:
    mapped, source = item.mapped, item.mapped.source
    table = tables[mapped.table]
    out = table[table["SRCFILE"] == source.file].set_index("SRCROW")
    arrived = source.frame.index.isin(out.index)
    counts = dict.fromkeys(("values_out", *_LOSSES), 0)
    for name in source.frame:
        filled = source.frame[name].notna()
        column = mapped.taken.get(str(name))
        if column is None:
            counts["values_ignored"] += int(filled.sum())
            continue
        there = out[column].notna().reindex(source.frame.index, fill_value=False)
        cleared = item.cleared.get(column, pd.Series(False, index=filled.index)) & filled
        lost = mapped.lost.get(str(name), pd.Series(False, index=filled.index)) & ~there
        counts["values_out"] += int((filled & there).sum())
        counts["values_excluded"] += int((filled & ~arrived).sum()) + int((cleared & arrived & ~there).sum())
        kind = "values_missing" if term_list(column) is not None else "values_unreadable"
        counts[kind] += int((filled & lost & arrived & ~cleared).sum())
    ongoing = int((item.ongoing & arrived).sum())
    counts["values_out"] += ongoing
    values = {"values_in": int(source.frame.notna().to_numpy().sum()) + identifying, "values_added": ongoing}
    counts["values_ignored"] += identifying
    lost_values = sum(counts[name] for name in _LOSSES)
    rows = {"rows_in": len(source.frame), "rows_out": len(out), "excluded": int(item.excluded.sum())}
    balanced = values["values_in"] + ongoing == counts["values_out"] + lost_values
    balanced &= rows["rows_in"] == rows["rows_out"] + rows["excluded"]
    note = UNBALANCED if not balanced else LEFT_OUT if identifying else EXPLAINED
    if balanced and not lost_values and not rows["excluded"] and not identifying:
        note = COMPLETE
    return {"sheet": source.name, **rows, **values, **counts, "note": note}
