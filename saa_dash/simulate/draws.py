"""Random numbers by name: a hash of (seed, name, patient, position), so that patient k's draws depend on nothing else.

A counter-based generator (the finaliser of SplitMix64) instead of a stream: adding a patient or a new question never
shifts the numbers of the others.

Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # first axis: patients

_GOLDEN = 0x9E3779B97F4A7C15
_ODD = 0xD1B54A32D192ED03
_MASK = 0xFFFFFFFFFFFFFFFF


def _mixed(values: Array) -> Array:
    with np.errstate(over="ignore"):
        z = values + np.uint64(_GOLDEN)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)))


@dataclass(frozen=True)
class Draws:
    """Named random arrays for a number of patients; every method returns shape ``(patients, *shape)``."""

    seed: int
    patients: int

    def uniform(self, name: str, *shape: int) -> Array:
        """Return uniform numbers, 0 < u < 1."""
        start = (self.seed * _ODD + zlib.crc32(name.encode()) * _GOLDEN) & _MASK
        number = np.arange(1, self.patients + 1, dtype=np.uint64)
        with np.errstate(over="ignore"):
            patient = _mixed(_mixed(np.full(1, start, dtype=np.uint64)) + number * np.uint64(_ODD))
            position = np.arange(1, int(np.prod(shape, dtype=int)) + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
            bits = _mixed(patient[:, None] ^ _mixed(position)[None, :])
        u = ((bits >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
        return np.asarray(u.reshape((self.patients, *shape)))

    def normal(self, name: str, *shape: int) -> Array:
        """Return standard normal numbers (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(name + "/r", *shape)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(name + "/a", *shape)))

    def lognormal(self, name: str, median: float, sigma: float, *shape: int) -> Array:
        """Return log-normal numbers with the given median and standard deviation of the logarithm."""
        return np.asarray(median * np.exp(sigma * self.normal(name, *shape)))

    def integers(self, name: str, low: int, high: int, *shape: int) -> Array:
        """Return whole numbers from `low` to `high`, both included."""
        return np.floor(low + self.uniform(name, *shape) * (high - low + 1)).astype(int)

    def chance(self, name: str, probability: float | Array, *shape: int) -> Array:
        """Return booleans that are true with the given probability."""
        return np.asarray(self.uniform(name, *shape) < probability)

    def choice(self, name: str, weights: Sequence[float], *shape: int) -> Array:
        """Return indices into `weights`, drawn in proportion to them."""
        edges = np.cumsum(np.asarray(weights, dtype=float))
        index = np.searchsorted(edges / edges[-1], self.uniform(name, *shape), side="right")
        return np.minimum(index, len(edges) - 1)

    def wander(self, name: str, days: int, memory: float) -> Array:
        """Return a stationary AR(1) walk with unit variance: ``(patients, days)``, `memory` = correlation of a day."""
        steps = self.normal(name, days) * np.sqrt(1 - memory**2)
        walk = np.empty_like(steps)
        walk[:, 0] = steps[:, 0] / np.sqrt(1 - memory**2)
        for day in range(1, days):
            walk[:, day] = memory * walk[:, day - 1] + steps[:, day]
        return walk
