"""Which patients a page is about."""

from __future__ import annotations

from dataclasses import dataclass

# Full analysis set, safety set, response-evaluable; defined in `services.populations`.
POPULATIONS = ("FAS", "SAF", "EVAL")


@dataclass(frozen=True)
class Filters:
    """A selection of patients; an empty field does not restrict.

    Parameters
    ----------
    severity : VSAA, SAA, NSAA. sex : M, F. age : youngest and oldest, years, both included. patients : P-codes.
    population : one of `POPULATIONS`, "" for all subjects.
    """

    severity: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    age: tuple[int, int] | None = None
    patients: tuple[str, ...] = ()
    population: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is restricted."""
        return bool(self.population or self.severity or self.sex or self.age or self.patients)


@dataclass(frozen=True)
class EndpointChoice:
    """Endpoint settings chosen on a page; None keeps the study's primary setting."""

    criteria: str | None = None
    origin: str | None = None
    window_days: int | None = None
    independence: str | None = None
