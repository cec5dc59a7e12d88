"""The content hash against a slow, obvious reference."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import pytest
from support.tables import empty_tables, make_frame, make_tables

from saa_dash.model.schema import TABLES
from saa_dash.store.canonical import content_hash, to_arrow


def hashed(tables: dict[str, pd.DataFrame]) -> str:
    return content_hash({name: to_arrow(frame, TABLES[name].all_columns) for name, frame in tables.items()})


def text(value: Any, kind: str) -> str:
    if kind == "float":
        return f"{float(value) + 0.0:.17g}"
    return str(int(value)) if kind == "int" else str(value)


def reference(tables: dict[str, pd.DataFrame]) -> str:
    """The definition in the docstring of `saa_dash.store.canonical`, row by row."""
    out = ""
    for name in sorted(tables):
        digests = []
        for _, row in tables[name].iterrows():
            parts = []
            for column in sorted(TABLES[name].columns):
                if not pd.isna(row[column]):
                    value = text(row[column], TABLES[name].columns[column])
                    parts.append(f"{column}={len(value.encode())}:{value}")
            digests.append(hashlib.sha256("".join(parts).encode()).hexdigest())
        if digests:
            out += f"{name}\n" + "".join(f"{digest}\n" for digest in sorted(digests))
    return hashlib.sha256(out.encode()).hexdigest()


def test_agrees_with_the_definition() -> None:
    tables = make_tables()
    assert hashed(tables) == reference(tables)


def test_awkward_values() -> None:
    values = [0.1, -0.0, 1e22, 1 / 3, 5e-324, 123456789.123456789]
    rows = [{"USUBJID": "A", "LBTESTCD": "ANC", "LBORRES": "<0.1 \n\x1f'\"低", "LBSTRESN": value} for value in values]
    tables = {**empty_tables(), "LB": make_frame("LB", rows)}
    assert hashed(tables) == reference(tables)


def test_minus_zero_is_zero() -> None:
    minus, plus = ({"LB": make_frame("LB", [{"USUBJID": "A", "LBSTRESN": zero}])} for zero in (-0.0, 0.0))
    assert hashed(minus) == hashed(plus)


def test_no_rows() -> None:
    assert hashed(empty_tables()) == hashlib.sha256(b"").hexdigest() == hashed({})


def test_order_and_provenance_do_not_matter() -> None:
    tables = make_tables()
    moved = {name: frame.sample(frac=1, random_state=4) for name, frame in tables.items()}
    moved["LB"] = moved["LB"].assign(SRCFILE="other.xlsx", SRCROW=7, ROWKEY="x", ROWHASH="y")
    assert hashed(moved) == hashed(tables)


def test_a_new_empty_column_does_not_matter() -> None:
    tables = make_tables()
    assert hashed({**tables, "MH": empty_tables()["MH"]}) == hashed(tables)


@pytest.mark.parametrize(
    ("column", "value"), [("LBSTRESN", 0.3), ("LBORRES", "0.250"), ("LBTESTCD", "WBC"), ("VISITNUM", 1.0)]
)
def test_any_value_matters(column: str, value: object) -> None:
    tables = make_tables()
    changed = tables["LB"].copy()
    changed.loc[0, column] = value
    assert hashed({**tables, "LB": changed}) != hashed(tables)


def test_a_value_in_the_neighbouring_column_is_another_row() -> None:
    one = {"LB": make_frame("LB", [{"USUBJID": "A", "LBTPT": "C0"}])}
    other = {"LB": make_frame("LB", [{"USUBJID": "A", "LBSTAT": "C0"}])}
    assert hashed(one) != hashed(other)


def test_repeated_rows_count() -> None:
    tables = make_tables()
    twice = pd.concat([tables["LB"], tables["LB"].iloc[:1]], ignore_index=True)
    assert hashed({**tables, "LB": twice}) != hashed(tables)


def test_rows_without_any_value_count() -> None:
    tables = {"MH": pd.DataFrame(None, index=range(2), columns=list(TABLES["MH"].all_columns))}
    assert hashed(tables) == reference(tables)
