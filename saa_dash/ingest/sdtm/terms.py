"""The words of SDTM packages, from ``sdtm_terms.toml`` and ``sdtm_variables.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ...model.vocabulary import ActionTaken, Causality, Outcome

_FOLDER = Path(__file__).parent
_SPACE = re.compile(r"\s+")
_OWN: Mapping[str, tuple[str, ...]] = {
    "AEOUT": tuple(map(str, Outcome)),
    "AEACN": tuple(map(str, ActionTaken)),
    "AEREL": tuple(map(str, Causality)),
    "RSORRES": ("CR", "PR", "NR", "NE"),
    "SEX": ("M", "F"),
    "AESER": ("Y", "N"),
    "IEORRES": ("Y", "N"),
    "DVSEV": ("MAJOR", "MINOR"),
}
_YES_NO = ("AESER", "AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE", "IEORRES")


@dataclass(frozen=True)
class DomainSpec:
    """How a domain is read: see the head of ``sdtm_variables.toml``."""

    name: str
    take: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    filled: tuple[str, ...]
    start: str
    ongoing: tuple[str, ...]
    used: tuple[str, ...]


@cache
def words() -> Mapping[str, Any]:
    """Return ``sdtm_terms.toml``."""
    return tomllib.loads((_FOLDER / "sdtm_terms.toml").read_text("utf-8"))


@cache
def domain_specs() -> Mapping[str, DomainSpec]:
    """Return the domains that are taken, by name."""
    raw = tomllib.loads((_FOLDER / "sdtm_variables.toml").read_text("utf-8"))
    return {name: _spec(name, spec) for name, spec in raw.items()}


def _spec(name: str, raw: Mapping[str, Any]) -> DomainSpec:
    lists = {key: tuple(raw.get(key, ())) for key in ("required", "filled", "ongoing", "used")}
    take = {column: tuple(names) for column, names in raw["take"].items()}
    return DomainSpec(name, take, start=raw.get("start", ""), **lists)


def fold_term(text: str) -> str:
    """Return the comparison form of a controlled term."""
    return _SPACE.sub(" ", text.strip()).upper()


@cache
def term_list(column: str) -> Mapping[str, str] | None:
    """Return word → our code of a column with controlled terms, "" for a word that says nothing; None for others."""
    lists = words()["terms"]
    spoken = lists.get("AESER" if column in _YES_NO else column)
    own = _OWN.get("AESER" if column in _YES_NO else column, ())
    if spoken is None and not own:
        return None
    return {word: word for word in own} | dict(spoken or {})


def list_with(section: str, text: str) -> str | None:
    """Return the name of the first list of a section of which a word is part of `text`."""
    folded = fold_term(text)
    return next((name for name, parts in words()[section].items() if any(part in folded for part in parts)), None)
