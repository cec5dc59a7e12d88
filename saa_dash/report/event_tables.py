"""Adverse events as tables in a language: rows, terms, deaths, what was stopped, who left."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ..analysis.ae_levels import LEVELS_OF, Scale
from ..analysis.ae_listings import CRITERIA
from ..analysis.ae_summary import Recorded
from ..analysis.ae_terms import BY_EVENT, BY_PATIENT, TermTable
from ..analysis.components import AE_COMPONENTS
from ..i18n import event_name, label, translate
from .names import soc_names


def event_table(rows: pd.DataFrame, recorded: Recorded, lang: str, *, why: bool = False) -> pd.DataFrame:
    """Return rows of ADAE in words; columns the study does not fill are left out.

    Parameters
    ----------
    rows : with PCODE. why : name what makes an event serious even where none is marked serious.
    """

    def t(key: str) -> str:
        return translate(lang, key)

    columns: dict[str, pd.Series] = {
        t("column.patient"): rows["PCODE"],
        t("ae.column.pt"): named(rows["AEDECOD"], lang),
    }
    columns[t("ae.column.onset")] = rows["ASTDY"].astype("Int64")
    if recorded.scale is not Scale.NONE:
        columns[t(f"ae.column.{recorded.scale}")] = _level(rows, recorded.scale, lang)
    if recorded.serious:
        columns[t("ae.column.serious")] = _terms(rows["AESER"], "yn", lang)
    criteria = _criteria(rows, lang)
    if why or (criteria != "").any():
        columns[t("ae.column.why")] = criteria
    columns |= _per_component(rows, recorded, lang)
    columns |= {
        t("ae.column.outcome"): _terms(rows["AEOUT"], "outcome", lang),
        t("ae.column.end"): rows["AENDY"].astype("Int64"),
        t("ae.column.ongoing"): rows["ONGOFL"].map({"Y": t("term.yn.Y")}).fillna(""),
        t("ae.column.soc"): _classes(rows["AEBODSYS"], lang),
    }
    if not rows["AETERM"].equals(rows["AEDECOD"]):  # where every event is named by its term, once is enough
        columns[t("ae.column.term")] = rows["AETERM"]
    if recorded.classes:
        columns[t("ae.column.class")] = _terms(rows["AECAT"], "complication", lang)
    columns[t("ae.column.emergent")] = _terms(rows["TRTEMFL"], "yn", lang)
    return pd.DataFrame(columns)


def named(column: pd.Series, lang: str) -> pd.Series:
    """Return events by their names in a language."""
    return column.map({text: event_name(lang, text) for text in column.dropna().unique()})


def _classes(column: pd.Series, lang: str) -> pd.Series:
    filled = column.fillna("")
    return filled.map(dict(soc_names(filled.unique(), lang)))


def _mapped(column: pd.Series, word: Callable[[str], str]) -> pd.Series:
    """Return a column of codes in words; each distinct code is looked up once, a missing one is empty."""
    known = {code: word(code) for code in column.dropna().unique()}
    return column.map(known).fillna("")


def _terms(column: pd.Series, vocabulary: str, lang: str) -> pd.Series:
    return _mapped(column, lambda code: label(lang, vocabulary, code))


def _criteria(rows: pd.DataFrame, lang: str) -> pd.Series:
    """Return the criteria of seriousness that are ticked, in words."""
    out = pd.Series("", index=rows.index)
    for name in CRITERIA:
        ticked = (rows[name] == "Y").to_numpy(bool)
        word = translate(lang, f"ae.criterion.{name}")
        out = out.mask(ticked, out.where(out == "", out + translate(lang, "ae.chart.comma")) + word)
    return out


def _level(rows: pd.DataFrame, scale: Scale, lang: str) -> pd.Series:
    if scale is Scale.GRADE:
        return _terms(rows["AETOXGR"].astype("str"), "grade", lang)
    return _mapped(rows["AESEV"].str.strip().str.upper(), lambda code: label(lang, "aesev", code))


def _per_component(rows: pd.DataFrame, recorded: Recorded, lang: str) -> dict[str, pd.Series]:
    columns = {}
    for suffix in recorded.components:
        name = translate(lang, "ae.column.relation", component=_component(suffix, lang))
        columns[name] = _terms(rows[f"AEREL{suffix}"], "causality", lang)
    if recorded.relation and not recorded.components:
        columns[translate(lang, "ae.column.relation_overall")] = _terms(rows["AEREL"], "causality", lang)
    for suffix in AE_COMPONENTS:
        action = rows[f"AEACN{suffix}"]
        if action.notna().any():
            name = translate(lang, "ae.column.action", component=_component(suffix, lang))
            columns[name] = _terms(action, "action", lang)
    if rows["AEACN"].notna().any():
        columns[translate(lang, "ae.column.action_overall")] = _terms(rows["AEACN"], "action", lang)
    return columns


def _component(suffix: str, lang: str) -> str:
    return translate(lang, f"chart.lane.{AE_COMPONENTS[suffix]}")


def terms_table(table: TermTable, names: Mapping[str, str], lang: str) -> pd.DataFrame:
    """Return every class and term with counts, limits and levels in words.

    Parameters
    ----------
    names : words of the classes.
    """

    def t(key: str, **params: object) -> str:
        return translate(lang, key, **params)

    rows = table.rows[table.rows["PATIENTS"] > 0]
    limits = 100 * rows[["LOWER", "UPPER"]]
    columns = {
        t("ae.column.soc"): rows["SOC"].map(dict(names)).where(rows["KIND"] != "ALL", t("ae.chart.any")),
        t("ae.column.pt"): rows["PT"].mask((rows["KIND"] == "PT") & (rows["PT"] == ""), t("ae.chart.no_term")),
        t("ae.column.patients"): rows["PATIENTS"].astype("str") + f"/{table.total}",
        t("ae.column.percent"): (100 * rows["ESTIMATE"]).round(1),
        t("ae.column.lower"): limits["LOWER"].round(1),
        t("ae.column.upper"): limits["UPPER"].round(1),
        t("ae.column.events"): rows["EVENTS"],
        t("ae.column.serious"): rows["SERIOUS"],
    }
    for level in range(LEVELS_OF[table.scale]):
        if rows[BY_EVENT[level]].any():
            word = t(f"ae.level.{table.scale}.{level}")
            columns[t("ae.column.level_patients", level=word)] = rows[BY_PATIENT[level]]
            columns[t("ae.column.level_events", level=word)] = rows[BY_EVENT[level]]
    return pd.DataFrame(columns).reset_index(drop=True)


def deaths_table(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the deaths of `ae_listings.list_deaths` in words."""
    columns = {
        translate(lang, "column.patient"): rows["PCODE"],
        translate(lang, "column.study_day"): rows["ADY"].astype("Int64"),
        translate(lang, "ae.column.cause"): rows["CAUSE"].fillna(""),
        translate(lang, "ae.column.fatal"): rows["EVENTS"],
    }
    if rows["CAUSE"].isna().all():
        del columns[translate(lang, "ae.column.cause")]
    if rows["DAYS"].notna().any():
        columns[translate(lang, "ae.column.after_infusion")] = rows["DAYS"].astype("Int64")
    if rows["LATE"].any():
        late = rows["LATE"].map({True: translate(lang, "term.yn.Y"), False: ""})
        columns[translate(lang, "ae.column.late")] = late
    return pd.DataFrame(columns)


def stopped_table(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the stopped components of `ae_listings.list_discontinuations` in words."""
    whole = translate(lang, "ae.list.whole")
    return pd.DataFrame(
        {
            translate(lang, "column.patient"): rows["PCODE"],
            translate(lang, "ae.column.component"): [label(lang, "component", c) or whole for c in rows["EXTRT"]],
            translate(lang, "column.study_day"): rows["ADY"].astype("Int64"),
            translate(lang, "column.reason"): rows["REASON"].fillna(""),
            translate(lang, "ae.column.source"): [label(lang, "discontinuation_source", c) for c in rows["SOURCE"]],
        }
    )


def leaving_table(rows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return who left the study, of `ae_listings.list_leaving`, in words."""
    return pd.DataFrame(
        {
            translate(lang, "column.patient"): rows["PCODE"],
            translate(lang, "ae.column.how"): [label(lang, "disposition", c) for c in rows["WHAT"]],
            translate(lang, "column.study_day"): rows["ADY"].astype("Int64"),
            translate(lang, "column.reason"): rows["REASON"].fillna(""),
        }
    )
