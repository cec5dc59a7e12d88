"""Reads the usual limits of vital signs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast, get_args

from ..model.rules import Mark
from ..model.vital_limits import VitalLimits
from ..model.vocabulary import VITAL_SIGNS
from .ctcae import ERROR
from .reading import Section, raise_findings, read_toml

VITAL_LIMITS_FILE = Path(__file__).with_name("vital_limits.toml")

_MAX_LIMIT = 1000.0


def load_vital_limits(path: Path | None = None) -> Mapping[str, VitalLimits]:
    """Return the usual limits by VSTESTCD.

    Parameters
    ----------
    path : a file of limits; None for the one that ships with the product.

    Raises
    ------
    SettingsError : the file is wrong; every finding is listed with its key.
    """
    return _load(path or VITAL_LIMITS_FILE)


@cache
def _load(path: Path) -> Mapping[str, VitalLimits]:
    top = read_toml(path, ERROR)
    limits = {test: _limits(top.table(test), test) for test in VITAL_SIGNS if top.has(test)}
    raise_findings(top, path, ERROR)
    return limits


def _limits(section: Section, test: str) -> VitalLimits:
    return VitalLimits(
        test=test,
        lower=section.optional_number("lower", -_MAX_LIMIT, _MAX_LIMIT),
        upper=section.optional_number("upper", -_MAX_LIMIT, _MAX_LIMIT),
        relative=section.boolean("relative", False),
        mark=cast(Mark, section.choice("mark", get_args(Mark))),
    )
