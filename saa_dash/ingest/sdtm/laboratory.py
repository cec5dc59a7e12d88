"""LB and VS: tests, results in standard units, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...model.problem import Problem
from ..lab import range_indicator
from ..text import map_unique_text
from ..units import PERCENT_RBC_FACTOR, lab_units, vital_units
from .mapping import Mapped
from .results import ResultColumns, Standardised, standardise
from .terms import fold_term, words

_DECIMALS = 9
_MOST_NAMED = 60


def finish_laboratory(mapped: Mapped) -> Mapped:
    """Return laboratory rows with our test codes, values and limits in standard units, and indicators."""
    rows, tests = mapped.rows, lab_units()
    codes = map_unique_text(rows["LBTESTCD"], lambda code: words()["tests"].get(fold_term(code), fold_term(code)))
    columns = _columns(codes, rows, "LB")
    found = standardise(columns, tests)
    problems = _problems(mapped, codes, found, "LB")
    value, found_percent = _of_red_cells(rows, codes, found)
    problems += mapped.source.flag(found_percent, "sdtm_result_without_red_cells", "LBORRES")
    names = codes.map({code: test.name for code, test in tests.items()}).astype("str")
    groups = codes.map({code: test.category for code, test in tests.items()}).astype("str")
    indicator = range_indicator(value, found.censor, found.low, found.high)
    return mapped.with_columns(
        tuple(problems),
        LBTESTCD=codes,
        LBTEST=names.fillna(rows["LBTEST"]).fillna(codes),
        LBCAT=rows["LBCAT"].fillna(groups),
        LBSTRESN=value,
        LBSTRESU=found.unit.mask(value.isna() & found.known),
        LBSTNRLO=found.low,
        LBSTNRHI=found.high,
        LBCENS=found.censor,
        LBNRIND=rows["LBNRIND"].fillna(indicator),
        LBTPT=_time_points(rows["LBTPT"]),
    ).with_losses("LBSTRESN", "LBSTRESU", "LBSTNRLO", "LBSTNRHI")


def finish_vital_signs(mapped: Mapped) -> Mapped:
    """Return vital signs in standard units; a value that the package holds in them already stays as it is."""
    rows, tests = mapped.rows, vital_units()
    codes = map_unique_text(rows["VSTESTCD"], lambda code: {"HR": "PULSE"}.get(fold_term(code), fold_term(code)))
    found = standardise(_columns(codes, rows, "VS"), tests, collected_first=False)
    names = codes.map({code: test.name for code, test in tests.items()}).astype("str")
    return mapped.with_columns(
        tuple(_problems(mapped, codes, found, "VS")),
        VSTESTCD=codes,
        VSTEST=names.fillna(rows["VSTEST"]).fillna(codes),
        VSSTRESN=found.value,
        VSSTRESU=found.unit.mask(found.value.isna() & found.known),
    ).with_losses("VSSTRESN", "VSSTRESU")


def _columns(codes: pd.Series, rows: pd.DataFrame, domain: str) -> ResultColumns:
    nothing = pd.Series(np.nan, index=rows.index)
    names = {"low": "ORNRLO", "high": "ORNRHI", "standard_low": "STNRLO", "standard_high": "STNRHI"}
    limits = {name: rows.get(f"{domain}{column}", nothing) for name, column in names.items()}
    return ResultColumns(
        test=codes,
        result=rows[f"{domain}ORRES"],
        unit=rows[f"{domain}ORRESU"],
        value=rows[f"{domain}STRESN"],
        standard_unit=rows[f"{domain}STRESU"],
        **limits,
    )


def _of_red_cells(rows: pd.DataFrame, codes: pd.Series, found: Standardised) -> tuple[pd.Series, pd.Series]:
    """Return values, shares of the red cells multiplied by the red cell count of the same sample; and who had none."""
    if not found.percent.any():
        return found.value, pd.Series(False, index=rows.index)
    red = rows[["USUBJID", "LBDTC"]].assign(rbc=found.value)[codes == "RBC"].dropna()
    counts = red.drop_duplicates(["USUBJID", "LBDTC"], keep=False).set_index(["USUBJID", "LBDTC"])["rbc"]
    sample = pd.MultiIndex.from_frame(rows[["USUBJID", "LBDTC"]])
    matched = pd.Series(counts.reindex(sample).to_numpy(), index=rows.index)
    product = (found.value * matched * PERCENT_RBC_FACTOR).round(_DECIMALS)
    value = found.value.where(~found.percent, product)
    return value, found.percent & found.value.notna() & value.isna()


def _time_points(texts: pd.Series) -> pd.Series:
    """Return C0 and C2 for the time points of drug levels; others stay as they are."""
    known = {fold_term(word): code for code, spoken in words()["time_points"].items() for word in spoken}
    return map_unique_text(texts, lambda text: known.get(fold_term(text), text))


def _problems(mapped: Mapped, codes: pd.Series, found: Standardised, domain: str) -> list[Problem]:
    source, rows = mapped.source, mapped.rows
    result, unit = f"{domain}ORRES", f"{domain}ORRESU"
    problems = source.flag(
        found.differ.notna(), "sdtm_units_disagree", result, test=codes, one=found.value, other=found.differ,
        unit=found.unit,
    )  # fmt: skip
    combos = (codes + " " + rows[unit].fillna("—")).where(found.unknown_unit)
    for combo in combos.dropna().unique()[:_MOST_NAMED]:
        problems += source.note(combos == combo, "sdtm_unit_unknown", unit, test=codes)
    own = ~found.known & found.value.notna()
    named = sorted(codes[own].dropna().unique())
    problems += source.note(own, "sdtm_tests_own_units", f"{domain}TESTCD", tests=_listed(named))
    worded = rows[result].notna() & found.value.isna() & ~found.unknown_unit
    for known, code in ((True, "sdtm_result_not_numeric"), (False, "sdtm_results_in_words")):
        problems += source.note(worded & (found.known == known), code, result)
    return problems + _implausible(mapped, codes, found, domain)


def _implausible(mapped: Mapped, codes: pd.Series, found: Standardised, domain: str) -> list[Problem]:
    """Return one query per test for values outside its plausible range; that of a drug level is for troughs."""
    problems: list[Problem] = []
    tests = lab_units() if domain == "LB" else vital_units()
    measured = found.value.notna() & found.censor.isna() & ~found.percent
    if domain == "LB":
        measured &= (codes != "CSA") | (_time_points(mapped.rows["LBTPT"]) == "C0")
    for code, test in tests.items():
        low, high = test.plausible
        outside = measured & (codes == code) & ~found.value.between(low, high)
        params = {"test": code, "low": low, "high": high, "unit": test.standard}
        problems += mapped.source.note(outside, "sdtm_implausible", f"{domain}ORRES", **params)
    return problems


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_MOST_NAMED]) + (" …" if len(listed) > _MOST_NAMED else "")
