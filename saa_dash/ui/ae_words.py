"""Adverse events in the reader's words: classes, filters, tables of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import pandas as pd

from ..analysis.ae_filter import EventFilter
from ..analysis.ae_levels import Scale
from ..analysis.ae_listings import CRITERIA
from ..analysis.ae_summary import Recorded
from ..analysis.components import AE_COMPONENTS
from ..i18n import has_key, keys, label, translate
from .words import language, t

_SOC = "term.soc."


def soc_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Return each system organ class in the reader's words; one that no list knows as it is typed.

    Our form codes the classes; packages spell them in English, in capitals as a rule.
    """
    lang = language()
    return {code: _soc(code, lang) for code in codes}


def _soc(code: str, lang: str) -> str:
    if not code:
        return t("ae.no_class")
    if has_key(lang, f"{_SOC}{code}"):
        return translate(lang, f"{_SOC}{code}")
    known = _english().get(code.strip().upper())
    return translate(lang, f"{_SOC}{known}") if known else code


@cache
def _english() -> Mapping[str, str]:
    codes = (key.removeprefix(_SOC) for key in keys("en") if key.startswith(_SOC))
    return {translate("en", f"{_SOC}{code}").upper(): code for code in codes}


def component_name(suffix: str) -> str:
    """Return the short name of a component by the suffix of the AE columns."""
    return t(f"chart.lane.{AE_COMPONENTS[suffix]}")


def level_words(grade: int, scale: Scale) -> str:
    """Return "grade 3 or more", or "severe"."""
    top = 5 if scale is Scale.GRADE else 3
    name = t(f"ae.level.{scale}.{grade}")
    return name if grade == top else t("ae.filter.at_least", level=name)


def filter_words(wanted: EventFilter, scale: Scale) -> list[str]:
    """Return the conditions in force, the population left out."""
    words = [t("ae.filter.emergent") if wanted.emergent else t("ae.filter.all_events")]
    if wanted.serious:
        words.append(t("ae.filter.serious"))
    if wanted.relation:
        words.append(relation_words(wanted.relation))
    if wanted.classes:
        words.append("/".join(t(f"term.complication.{code}") for code in wanted.classes))
    if wanted.grade:
        words.append(level_words(wanted.grade, scale))
    if wanted.window == "DAY":
        words.append(t("ae.filter.days", first=_end(wanted.first), last=_end(wanted.last)))
    elif wanted.window:
        words.append(t("ae.filter.after", n=wanted.last, infusion=wanted.window[-1]))
    return words


def _end(day: int | None) -> str:
    return "…" if day is None else str(day)


def relation_words(relation: str) -> str:
    """Return "related to …"."""
    if not relation:
        return t("ae.filter.any_relation")
    if relation == "ANY":
        return t("ae.filter.related")
    return t("ae.filter.related_to", component=component_name(relation))


def _mapped(column: pd.Series, word: Callable[[str], str]) -> pd.Series:
    """Return a column of codes in words; each distinct code is looked up once, a missing one is empty."""
    known = {code: word(code) for code in column.dropna().unique()}
    return column.map(known).fillna("")


def _terms(column: pd.Series, vocabulary: str) -> pd.Series:
    lang = language()
    return _mapped(column, lambda code: label(lang, vocabulary, code))


def _criteria(rows: pd.DataFrame) -> pd.Series:
    """Return the criteria of seriousness that are ticked, in words."""
    out = pd.Series("", index=rows.index)
    for name in CRITERIA:
        ticked = (rows[name] == "Y").to_numpy(bool)
        word = t(f"ae.criterion.{name}")
        out = out.mask(ticked, out.where(out == "", out + t("ae.chart.comma")) + word)
    return out


def _level(rows: pd.DataFrame, scale: Scale) -> pd.Series:
    if scale is Scale.GRADE:
        return _terms(rows["AETOXGR"].astype("str"), "grade")
    return _mapped(rows["AESEV"].str.strip().str.upper(), lambda code: label(language(), "aesev", code))


def event_table(rows: pd.DataFrame, recorded: Recorded, *, why: bool = False) -> pd.DataFrame:
    """Return rows of ADAE as a table in the reader's words; columns the study does not fill are left out.

    Parameters
    ----------
    rows : with PCODE. why : name what makes an event serious even where none is marked serious.
    """
    columns: dict[str, pd.Series] = {t("column.patient"): rows["PCODE"], t("ae.column.pt"): rows["AEDECOD"]}
    columns[t("ae.column.onset")] = rows["ASTDY"].astype("Int64")
    if recorded.scale is not Scale.NONE:
        columns[t(f"ae.column.{recorded.scale}")] = _level(rows, recorded.scale)
    if recorded.serious:
        columns[t("ae.column.serious")] = _terms(rows["AESER"], "yn")
    criteria = _criteria(rows)
    if why or (criteria != "").any():
        columns[t("ae.column.why")] = criteria
    columns |= _per_component(rows, recorded)
    columns |= {
        t("ae.column.outcome"): _terms(rows["AEOUT"], "outcome"),
        t("ae.column.end"): rows["AENDY"].astype("Int64"),
        t("ae.column.ongoing"): rows["ONGOFL"].map({"Y": t("term.yn.Y")}).fillna(""),
        t("ae.column.soc"): rows["AEBODSYS"].fillna("").map(dict(soc_names(rows["AEBODSYS"].fillna("").unique()))),
    }
    if not rows["AETERM"].equals(rows["AEDECOD"]):  # where every event is named by its term, once is enough
        columns[t("ae.column.term")] = rows["AETERM"]
    if recorded.classes:
        columns[t("ae.column.class")] = _terms(rows["AECAT"], "complication")
    columns[t("ae.column.emergent")] = _terms(rows["TRTEMFL"], "yn")
    return pd.DataFrame(columns)


def _per_component(rows: pd.DataFrame, recorded: Recorded) -> dict[str, pd.Series]:
    columns = {}
    for suffix in recorded.components:
        columns[t("ae.column.relation", component=component_name(suffix))] = _terms(rows[f"AEREL{suffix}"], "causality")
    if recorded.relation and not recorded.components:
        columns[t("ae.column.relation_overall")] = _terms(rows["AEREL"], "causality")
    for suffix in AE_COMPONENTS:
        action = rows[f"AEACN{suffix}"]
        if action.notna().any():
            columns[t("ae.column.action", component=component_name(suffix))] = _terms(action, "action")
    if rows["AEACN"].notna().any():
        columns[t("ae.column.action_overall")] = _terms(rows["AEACN"], "action")
    return columns
