"""What is known of every exported variable: type, unit, codes, source; read from variables.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

VARIABLES_FILE = Path(__file__).with_name("variables.toml")

VariableType = Literal["text", "integer", "float", "date"]
_COMMON = "common"


@dataclass(frozen=True)
class VariableSpec:
    """One variable, without words.

    Parameters
    ----------
    scope : dataset whose catalogue entries describe it, or ``common``. unit : "" without.
    codes : prefix of the catalogue under which its codes stand, "" without. source : column it was copied from, "" if
        derived.
    """

    name: str
    scope: str
    type: VariableType
    unit: str
    codes: str
    source: str


@cache
def _read(path: Path) -> Mapping[str, Mapping[str, VariableSpec]]:
    content = tomllib.loads(path.read_text("utf-8"))
    return {scope: {name: _spec(name, scope, item) for name, item in names.items()} for scope, names in content.items()}


def _spec(name: str, scope: str, item: Mapping[str, str]) -> VariableSpec:
    if item["type"] not in get_args(VariableType):
        raise ValueError(f"{scope}.{name}: unknown type {item['type']}")
    kind = cast(VariableType, item["type"])
    return VariableSpec(name, scope, kind, item.get("unit", ""), item.get("codes", ""), item.get("from", ""))


def specs_of(dataset: str, columns: list[str]) -> tuple[VariableSpec, ...]:
    """Return the variables of a dataset in the order of its columns.

    Parameters
    ----------
    dataset : e.g. ``ADLB``; what it does not describe itself is described under ``common``.

    Raises
    ------
    KeyError : a column is not described (a defect: tests compare).
    """
    read = _read(VARIABLES_FILE)
    own, common = read[dataset], read[_COMMON]
    return tuple(own[name] if name in own else common[name] for name in columns)
