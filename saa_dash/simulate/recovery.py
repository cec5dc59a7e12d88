"""The endogenous counts: from aplasia over the ATG nadir to recovery, and back in a relapse.

Each lineage rises on a logistic curve of its logarithm that passes the response threshold at the latent onset plus a
lag of its own: reticulocytes and neutrophils first, platelets last. Haemoglobin follows from the reticulocytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .draws import Array, Draws
from .timeline import NEVER, OFFSETS
from .traits import Marrow

_DAYS = OFFSETS[None, :].astype(float)


@dataclass(frozen=True)
class Lineage:
    """Threshold passed at onset + lag (days, SD `scatter`), and `pace`: time constant of the rise, days."""

    threshold: float
    lag: float
    scatter: float
    pace: float


ANC = Lineage(0.55, -5, 5, 7)
PLT = Lineage(22.0, -2, 5, 11)
ARC = Lineage(30.0, -8, 5, 8)


@dataclass(frozen=True)
class Counts:
    """Endogenous counts without support or treatment effects, 10^9/L, (patients, days)."""

    anc: Array
    plt: Array
    arc: Array


def _logistic(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def _risen(draws: Draws, name: str, lineage: Lineage, base: Array, plateau: Array, marrow: Marrow) -> Array:
    """Return the log-share of the way from base to plateau, 0 before treatment, falling again in a relapse."""
    share = np.log(lineage.threshold / base) / np.log(plateau / base)
    share = np.clip(share, 0.08, 0.92)
    pace = lineage.pace * draws.lognormal(f"recovery.pace.{name}", 1.0, 0.15) * np.where(marrow.swift, 0.4, 1.0)
    passed = np.where(marrow.onset < NEVER, marrow.onset, 1e6) + lineage.lag
    passed = passed + lineage.scatter * draws.normal(f"recovery.lag.{name}")
    middle = np.maximum(passed, np.where(marrow.swift, 6, 9)) - pace * np.log(share / (1 - share))
    rise = _logistic((_DAYS - middle[:, None]) / pace[:, None])
    early = _logistic(-middle / pace)[:, None]
    rise = np.where(_DAYS > 0, np.maximum(rise - early * np.exp(-np.maximum(_DAYS, 0) / 15), 0), 0.0)
    lost = np.where(marrow.relapse < NEVER, marrow.relapse, 1e6)[:, None]
    return np.asarray(rise * (1 - 0.97 * _logistic((_DAYS - lost - 12) / 5)))


def _curve(draws: Draws, name: str, lineage: Lineage, base: Array, plateau: Array, marrow: Marrow) -> Array:
    plateau = np.maximum(plateau, base * 1.3)
    rise = _risen(draws, name, lineage, base, plateau, marrow)
    return np.asarray(base[:, None] * np.exp(rise * np.log(plateau / base)[:, None]))


def derive_counts(draws: Draws, marrow: Marrow) -> Counts:
    """Return the endogenous course of neutrophils, platelets and reticulocytes."""
    q = marrow.quality
    anc_top = np.where(marrow.full, 1.5 + 1.7 * q, 0.85 + 1.1 * q) * draws.lognormal("recovery.anc", 1.0, 0.15)
    plt_top = np.where(marrow.full, 105 + 75 * q, 40 + 75 * q) * draws.lognormal("recovery.plt", 1.0, 0.18)
    plt_top = np.minimum(plt_top, 215)
    arc_top = np.where(marrow.full, 108 + 35 * q, 50 + 45 * q) * draws.lognormal("recovery.arc", 1.0, 0.10)
    arc_top = arc_top * np.where(marrow.swift, 1.4, 1.0)
    return Counts(
        _curve(draws, "anc", ANC, marrow.anc, anc_top, marrow),
        _curve(draws, "plt", PLT, marrow.plt, plt_top, marrow),
        _curve(draws, "arc", ARC, marrow.arc, arc_top, marrow),
    )
