"""Adverse events one by one, in as few columns as fit on paper; the workbook has all of them."""

from __future__ import annotations

import pandas as pd

from ..analysis.ae_levels import Scale
from ..analysis.ae_summary import Recorded
from ..analysis.components import AE_COMPONENTS
from ..i18n import label, translate
from ..model.vocabulary import ActionTaken, Causality
from .event_tables import event_table

_UNRELATED = (str(Causality.UNRELATED), "NONE", "NOT RELATED")
_UNCHANGED = (str(ActionTaken.NONE), str(ActionTaken.NOT_APPLICABLE))


def paper_events(rows: pd.DataFrame, recorded: Recorded, lang: str) -> pd.DataFrame:
    """Return rows of ADAE in words: what, when, how bad, related to what, what was done, how it ended.

    Parameters
    ----------
    rows : with PCODE.
    """

    def t(key: str) -> str:
        return translate(lang, key)

    whole = event_table(rows, recorded, lang, why=True)
    columns: dict[str, object] = {
        t("column.patient"): rows["PCODE"].tolist(),
        t("ae.column.pt"): _names(rows),
        t("pack.column.days"): _days(rows, lang),
    }
    if recorded.scale is not Scale.NONE:
        columns[t(f"ae.column.{recorded.scale}")] = whole[t(f"ae.column.{recorded.scale}")].tolist()
    if recorded.serious:
        reasons = zip(whole[t("ae.column.serious")], whole[t("ae.column.why")], strict=True)
        comma = t("ui.response.comma")
        columns[t("ae.column.serious")] = [comma.join(filter(None, pair)) for pair in reasons]
    if recorded.relation:
        columns[t("pack.column.relation")] = _said(rows, "AEREL", "causality", _UNRELATED, "pack.list.unrelated", lang)
    if recorded.action:
        columns[t("pack.column.action")] = _said(rows, "AEACN", "action", _UNCHANGED, "pack.list.unchanged", lang)
    columns[t("ae.column.outcome")] = whole[t("ae.column.outcome")].tolist()
    columns[t("ae.column.soc")] = whole[t("ae.column.soc")].tolist()
    columns[t("ae.column.emergent")] = whole[t("ae.column.emergent")].tolist()
    return pd.DataFrame(columns)


def _names(rows: pd.DataFrame) -> list[str]:
    """Return the preferred term, and what was typed where it says more."""
    coded, typed = rows["AEDECOD"].fillna(""), rows["AETERM"].fillna("")
    pairs = zip(coded.astype("str"), typed.astype("str"), strict=True)
    return [name if not more or more.casefold() == name.casefold() else f"{name} [{more}]" for name, more in pairs]


def _days(rows: pd.DataFrame, lang: str) -> list[str]:
    """Return first and last study day; "…" for an end that is not known, a word for one that is still to come."""
    ongoing = translate(lang, "pack.list.ongoing")
    out = []
    for first, last, open_ended in zip(rows["ASTDY"], rows["AENDY"], rows["ONGOFL"], strict=True):
        end = ongoing if open_ended == "Y" else "…" if last != last else f"{last:.0f}"
        start = "…" if first != first else f"{first:.0f}"
        out.append(start if start == end else f"{start}–{end}")
    return out


def _said(
    rows: pd.DataFrame, prefix: str, vocabulary: str, quiet: tuple[str, ...], nothing: str, lang: str
) -> list[str]:
    """Return what is said per component, those with nothing to say left out, else what is said overall."""
    comma, out = translate(lang, "ui.response.comma"), [""] * len(rows)
    silent = [True] * len(rows)  # nobody said anything, not even that there is nothing
    for suffix, component in {**AE_COMPONENTS, "": ""}.items():
        column = rows[f"{prefix}{suffix}"]
        name = translate(lang, f"chart.lane.{component}") + " " if component else ""
        for place, code in enumerate(column.tolist()):
            if code != code or code is None or (not suffix and not silent[place]):
                continue
            silent[place] = False
            if code not in quiet:
                word = f"{name}{label(lang, vocabulary, code)}"
                out[place] = comma.join(filter(None, (out[place], word)))
    none = translate(lang, nothing)
    return [words or ("" if quiet_row else none) for words, quiet_row in zip(out, silent, strict=True)]
