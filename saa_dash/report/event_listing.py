"""Adverse events one by one, in as few columns as fit on paper; the workbook has all of them."""

from __future__ import annotations

import pandas as pd

from ..analysis.ae_levels import Scale
from ..analysis.ae_summary import Recorded
from ..analysis.components import AE_COMPONENTS
from ..i18n import label, translate
from ..model.vocabulary import ActionTaken, Causality
from .event_tables import event_table, named

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
        t("ae.column.pt"): _names(rows, lang),
        t("pack.column.days"): _days(rows, lang),
    }
    if recorded.scale is not Scale.NONE:
        name = t(f"ae.column.{recorded.scale}")
        graded = recorded.scale is Scale.GRADE
        columns[name] = rows["AETOXGR"].astype("str").fillna("").tolist() if graded else whole[name].tolist()
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


def _names(rows: pd.DataFrame, lang: str) -> list[str]:
    """Return the preferred term, and what was typed where it says more."""
    coded, typed = named(rows["AEDECOD"], lang).fillna(""), rows["AETERM"].fillna("")
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
    """Return what is said of which components, "" where nothing was entered; of no component, what is said overall."""
    names = {suffix: translate(lang, f"chart.lane.{component}") for suffix, component in AE_COMPONENTS.items()}
    columns = [_filled(rows[f"{prefix}{suffix}"]) for suffix in names]
    shown = list(names.values())
    told = {row: _grouped(row, shown, vocabulary, quiet, lang) for row in set(zip(*columns, strict=True))}
    none, out = translate(lang, nothing), []
    for overall, *codes in zip(_filled(rows[prefix]), *columns, strict=True):
        if any(codes) or not overall:
            out.append(told[tuple(codes)] or (none if any(codes) else ""))
        else:
            out.append(none if overall in quiet else label(lang, vocabulary, overall))
    return out


def _filled(column: pd.Series) -> list[str]:
    return column.astype("str").fillna("").tolist()


def _grouped(codes: tuple[str, ...], names: list[str], vocabulary: str, quiet: tuple[str, ...], lang: str) -> str:
    """Return "possibly related: rATG, cyclosporine; …"."""
    groups: dict[str, list[str]] = {}
    for code, name in zip(codes, names, strict=True):
        if code and code not in quiet:
            groups.setdefault(code, []).append(name)
    comma, colon, semicolon = (translate(lang, f"pack.list.{sign}") for sign in ("comma", "colon", "semicolon"))
    return semicolon.join(f"{label(lang, vocabulary, code)}{colon}{comma.join(of)}" for code, of in groups.items())
