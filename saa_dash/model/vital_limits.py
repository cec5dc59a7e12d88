"""Usual limits of vital signs of adults; `saa_dash.protocol.vital_limits` reads them from vital_limits.toml."""

from __future__ import annotations

from dataclasses import dataclass

from .rules import Mark


@dataclass(frozen=True)
class VitalLimits:
    """What is called low and high of one test.

    Parameters
    ----------
    test : VSTESTCD. lower, upper : limits, both still normal, None where there is none.
    relative : the limits are a change from the patient's own baseline in per cent. mark : how sure they are.
    """

    test: str
    lower: float | None
    upper: float | None
    relative: bool
    mark: Mark
