"""Bayesian beta-binomial stopping boundary with exact operating characteristics.

Events are counted among evaluable patients: those who had the event or completed its window. After each of them the
posterior of the event probability p is Beta(a + x, b + n − x); the trial stops when P(p > θ) *exceeds* the cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.settings import BoundarySettings
from .limits import Array


@dataclass(frozen=True)
class Boundary:
    """For n = 1…`len(stop_at)`: stop at `stop_at[n-1]` or more events among n; None where no count would stop."""

    stop_at: tuple[int | None, ...]

    def runs(self) -> tuple[tuple[int, int, int], ...]:
        """Return (events, first n, last n) for each stretch of n with the same count, as a table shows it."""
        out: list[tuple[int, int, int]] = []
        for n, count in enumerate(self.stop_at, start=1):
            if count is None:
                continue
            if out and out[-1][0] == count and out[-1][2] == n - 1:
                out[-1] = (count, out[-1][1], n)
            else:
                out.append((count, n, n))
        return tuple(out)


@dataclass(frozen=True)
class OperatingCharacteristics:
    """What a boundary does if the true event probability is `true_p`.

    Parameters
    ----------
    stop : probability of stopping at any n, the last included. early : stopping before the last patient.
    size : probability that evaluation ends with n patients, n = 1…N (all that go on to the end are in the last).
    stop_by_n : probability of crossing the boundary exactly at n, n = 1…N.
    expected_n : mean number of evaluated patients.
    """

    true_p: float
    stop: float
    early: float
    size: tuple[float, ...]
    stop_by_n: tuple[float, ...]
    expected_n: float


def posterior_above(events: int, total: int, settings: BoundarySettings) -> float:
    """Return the posterior probability that the event rate exceeds θ after `events` of `total`."""
    from scipy.special import betaincc

    return float(betaincc(settings.prior_a + events, settings.prior_b + total - events, settings.theta))


def derive_boundary(settings: BoundarySettings, patients: int) -> Boundary:
    """Return the stopping boundary for n = 1…`patients`.

    Source: domain facts §7; the posterior rises with the count, so the smallest count that stops says all.
    """
    from scipy.special import betaincc

    stop_at: list[int | None] = []
    for n in range(1, patients + 1):
        x = np.arange(n + 1)
        posterior = betaincc(settings.prior_a + x, settings.prior_b + n - x, settings.theta)
        crossing = np.flatnonzero(posterior > settings.cutoff)
        stop_at.append(int(crossing[0]) if crossing.size else None)
    return Boundary(tuple(stop_at))


def _next_counts(alive: Array, p: float) -> Array:
    """Return the distribution of the count after one more patient."""
    step = np.zeros(alive.size + 1)
    step[:-1] += alive * (1 - p)
    step[1:] += alive * p
    return step


def operating_characteristics(boundary: Boundary, true_p: float) -> OperatingCharacteristics:
    """Return the exact operating characteristics by walking the lattice of counts, no simulation.

    Parameters
    ----------
    true_p : true event probability, 0…1.
    """
    alive = np.ones(1)  # chance of being here, by number of events so far
    stopped: list[float] = []
    for limit in boundary.stop_at:
        alive = _next_counts(alive, true_p)
        crossed = alive[limit:] if limit is not None else alive[:0]
        stopped.append(float(crossed.sum()))
        if limit is not None:
            alive[limit:] = 0.0
    size = [*stopped[:-1], stopped[-1] + float(alive.sum())]
    expected = float(np.dot(size, np.arange(1, len(size) + 1)))
    return OperatingCharacteristics(
        true_p, float(sum(stopped)), float(sum(stopped[:-1])), tuple(size), tuple(stopped), expected
    )
