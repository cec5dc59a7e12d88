"""Numbers with units → the standard unit of the test.

Of the two routes a package offers, the collected one (--ORRES in --ORRESU) is preferred where its unit is one of the
test's; else the standardised one (--STRESN in --STRESU), which packages may hold in a unit of their own choice:
haemoglobin in mmol/L. Where both lead to the standard unit and differ by more than rounding, that is queried.
A test that we do not know keeps the package's standard units. A test that we know in a unit that we do not know keeps
its result as typed and has no standard value: thresholds must not be applied to it.

Source of factors: units.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..numbers import read_number
from ..text import map_unique
from ..units import FAHRENHEIT, RBC_PERCENT, TestUnits, canonical_unit

_DECIMALS = 9  # 11.3 g/dL is 113 g/L, not 113.00000000000001: thresholds are compared exactly
_RELATIVE = 0.005  # factors differ in their third or fourth digit from laboratory to laboratory


@dataclass(frozen=True)
class Route:
    """One of the two routes: values in their unit, the factor and offset to the standard unit, NaN where unknown.

    Parameters
    ----------
    low, high : limits of normal in the unit. half : half a unit of the last digit given. percent : factor is that of
        a share of the red cells.
    """

    value: pd.Series
    low: pd.Series
    high: pd.Series
    half: pd.Series
    factor: pd.Series
    offset: pd.Series
    percent: pd.Series

    def standard(self, values: pd.Series) -> pd.Series:
        """Return values of this route in the standard unit."""
        return (values * self.factor + self.offset).round(_DECIMALS)


@dataclass(frozen=True)
class Standardised:
    """Results in standard units.

    Parameters
    ----------
    value, low, high, unit : unit missing where there is no standard value. censor : ``<``, ``>`` or missing.
    differ : other route's value where both differ. unknown_unit : known test whose unit is not known.
    percent : value is still a share of the red cells in percent. known : the test is one of ours.
    """

    value: pd.Series
    low: pd.Series
    high: pd.Series
    unit: pd.Series
    censor: pd.Series
    differ: pd.Series
    unknown_unit: pd.Series
    percent: pd.Series
    known: pd.Series


@dataclass(frozen=True)
class ResultColumns:
    """The columns of a findings table that hold results, all with one index."""

    test: pd.Series
    result: pd.Series
    unit: pd.Series
    low: pd.Series
    high: pd.Series
    value: pd.Series
    standard_unit: pd.Series
    standard_low: pd.Series
    standard_high: pd.Series


def standardise(
    columns: ResultColumns, tests: Mapping[str, TestUnits], *, collected_first: bool = True
) -> Standardised:
    """Return results in standard units; see above.

    Parameters
    ----------
    collected_first : False prefers the standardised route where its unit is the test's standard unit already.
    """
    known = columns.test.isin(list(tests))
    numbers = map_unique(columns.result, read_number)
    texts = pd.DataFrame({"n": numbers.map(lambda n: n.value, na_action="ignore").astype("float64")})
    censor = map_unique(columns.result, lambda text: read_number(text).censor).astype("str")
    collected = _route(
        columns, tests, texts["n"], columns.unit, _limit(columns.low), _limit(columns.high), columns.result
    )
    own = _route(
        columns, tests, columns.value, columns.standard_unit, columns.standard_low, columns.standard_high, columns.value
    )
    by_collected, by_own = collected.standard(collected.value), own.standard(own.value)
    first = by_collected.notna()
    if not collected_first:
        first &= ~((own.factor == 1) & by_own.notna())
    foreign = ~known
    value = by_collected.where(first, by_own).where(known, columns.value.fillna(texts["n"]))
    low, high = (
        collected.standard(a).where(first, own.standard(b)).fillna(own.standard(b)).where(known, b.fillna(_limit(c)))
        for a, b, c in (
            (collected.low, own.low, columns.low),
            (collected.high, own.high, columns.high),
        )
    )
    unit = columns.test.map({code: test.standard for code, test in tests.items()}).astype("str")
    unit = unit.mask(foreign, columns.standard_unit.fillna(columns.unit))
    given = texts["n"].notna() | columns.value.notna()
    unknown = known & given & value.isna()
    percent = known & (collected.percent.where(first, own.percent)).astype(bool)
    return Standardised(
        value, low, high, unit.mask(unknown), censor.where(value.notna()), _difference(collected, own), unknown,
        percent, known,
    )  # fmt: skip


def _limit(texts: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(texts):
        return texts
    return map_unique(texts, lambda text: read_number(text).value).astype("float64")


def _route(
    columns: ResultColumns,
    tests: Mapping[str, TestUnits],
    value: pd.Series,
    unit: pd.Series,
    low: pd.Series,
    high: pd.Series,
    typed: pd.Series,
) -> Route:
    pair = columns.test.astype("str") + "\x1f" + unit.astype("str")

    def conversion(text: str) -> tuple[float, float, bool]:
        code, _, name = text.partition("\x1f")
        return _conversion(tests.get(code), name)

    codes, distinct = pd.factorize(pair)
    table = np.array([*(conversion(text) for text in distinct), (np.nan, np.nan, False)], dtype="float64")
    factor, offset, percent = (pd.Series(table[codes, i], index=value.index) for i in range(3))
    return Route(value, low, high, _half_unit(typed), factor, offset, percent.astype(bool))


def _conversion(test: TestUnits | None, unit: str) -> tuple[float, float, bool]:
    """Return factor and offset of a unit to the standard unit, and whether it is a share of the red cells."""
    name = None if test is None else canonical_unit(test, unit)
    if test is None or name is None:
        return np.nan, np.nan, False
    factor = test.factors[name]
    if factor == RBC_PERCENT:
        return 1.0, 0.0, True
    if factor == FAHRENHEIT:
        return 5 / 9, -160 / 9, False
    return float(factor), 0.0, False


def _half_unit(values: pd.Series) -> pd.Series:
    """Return half a unit of the last digit with which each value is given."""

    def half(value: object) -> float:
        text = f"{value:.9g}" if isinstance(value, float) else str(value)
        digits = text.partition(".")[2]
        return 0.5 * 10.0 ** -sum(char.isdigit() for char in digits)

    return map_unique(values, half).astype("float64")


def _difference(collected: Route, own: Route) -> pd.Series:
    """Return the standardised route's value where it differs from the collected one beyond rounding."""
    one, other = collected.standard(collected.value), own.standard(own.value)
    allowed = _RELATIVE * np.maximum(one.abs(), other.abs())
    allowed = allowed + collected.half * collected.factor.abs() + own.half * own.factor.abs()
    comparable = one.notna() & other.notna() & (collected.percent == own.percent)
    return other.where(comparable & ((one - other).abs() > allowed))
