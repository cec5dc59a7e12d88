"""Numbers as they are written, and their units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saa_dash.ingest.numbers import is_missing_token, read_number
from saa_dash.ingest.units import canonical_unit, lab_units

NUMBERS = st.decimals(0, 99999, places=2, allow_nan=False)


@given(NUMBERS, st.sampled_from(["", "↑", "↓", " H", " L", "*", "↓↓"]))
def test_flags_do_not_change_a_number(number: object, flag: str) -> None:
    assert read_number(f"{number}{flag}").value == float(str(number))


@given(
    NUMBERS,
    st.sampled_from([("<", "<"), ("＜", "<"), ("≤", "<"), ("小于", "<"), (">", ">"), ("＞", ">"), ("大于", ">")]),
)
def test_censored(number: object, sign: tuple[str, str]) -> None:
    read = read_number(sign[0] + str(number))
    assert (read.value, read.censor) == (float(str(number)), sign[1])


@given(st.integers(1000, 99_999_999))
def test_thousands_and_full_width(number: int) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    assert read_number(f"{number:,}").value == read_number(wide).value == number


@pytest.mark.parametrize("text", ["0,5", "0,500", "1,20", "1.2.3", "abc", "5 mg", "1-2", "", "inf", "nan"])
def test_unreadable(text: str) -> None:
    assert read_number(text).issue == "number_unreadable"


def test_unit_behind_the_number() -> None:
    assert read_number("65.5 KG", ["kg"]).value == 65.5
    assert read_number("35岁", ["岁"]).value == 35


@pytest.mark.parametrize("text", ["未查", "ND", "n/a", " - ", "不详", "—", "Not done"])
def test_missing_words(text: str) -> None:
    assert is_missing_token(text)


@pytest.mark.parametrize("text", ["×10⁹/L", "10^9/L", "x10^9/L", "10*9/L", "10E9/L", "GI/L", "G/L", "THOU/uL", "K/µL"])
def test_counts_per_litre_are_one_unit(text: str) -> None:
    assert canonical_unit(lab_units()["PLAT"], text) == "10^9/L"


@pytest.mark.parametrize(
    ("test", "unit", "factor"),
    [
        ("HGB", "g/dL", 10),
        ("HGB", "mmol/L", 16.11),
        ("PLAT", "/μL", 0.001),
        ("BILI", "mg/dL", 17.1),
        ("CREAT", "mg/dl", 88.4),
        ("CSA", "ng/mL", 1),
        ("ARC", "×10¹²/L", 1000),
    ],
)
def test_factors_of_the_domain(test: str, unit: str, factor: float) -> None:
    known = canonical_unit(lab_units()[test], unit)
    assert known is not None
    assert lab_units()[test].factors[known] == factor


def test_a_unit_of_another_test_is_not_taken() -> None:
    assert canonical_unit(lab_units()["ANC"], "%") is None
    assert canonical_unit(lab_units()["HGB"], "G/L") == "g/L"
