"""What a cut does not hold, so that pages say why something is not available instead of showing nothing or zero."""

from __future__ import annotations

from dataclasses import dataclass

from ..access.policy import Permission, check_permission
from ..analysis.counts import COUNT_TESTS
from ..model.message import Message
from ..model.principal import Principal
from .context import View
from .memory import remembered

_DRAWN = ("ANC", "HGB", "PLAT")


@dataclass(frozen=True)
class Gaps:
    """What a cut holds and lacks; of the whole cut, whoever is selected.

    Parameters
    ----------
    protocol : whether the registered protocol is that of the data. atg : whether anybody received rabbit ATG.
    tests : blood counts with results, of `analysis.counts.COUNT_TESTS`. drugs : EX.EXTRT that were given, sorted.
    day_one : ATG, or DOSE where day 1 is the first dose of anything.
    """

    study: str
    protocol: bool
    atg: bool
    tests: tuple[str, ...]
    drugs: tuple[str, ...]

    @property
    def day_one(self) -> str:
        """What study day 1 is."""
        return "ATG" if self.atg else "DOSE"

    @property
    def lineages(self) -> tuple[str, ...]:
        """Blood counts that courses are drawn of: the usual three; in other studies white cells for neutrophils."""
        if self.protocol or not self.tests:
            return _DRAWN
        first = "WBC" if "ANC" not in self.tests and "WBC" in self.tests else "ANC"
        return (first, *_DRAWN[1:])

    @property
    def response(self) -> tuple[Message, ...]:
        """Why response and recovery cannot be assessed, empty where they can: for want of ATG, or of neutrophils."""
        if self.atg and ("ANC" in self.tests or self.protocol):
            return ()
        lacking = () if "ANC" in self.tests else (Message("gap.no_anc"),)
        return (*self._protocol(), *(() if self.atg else (Message("gap.no_atg"),)), *lacking)

    def _protocol(self) -> tuple[Message, ...]:
        return () if self.protocol else (Message("gap.no_protocol", {"study": self.study}),)


def gaps(principal: Principal, view: View) -> Gaps:
    """Return what the cut of a view lacks.

    Raises
    ------
    Refused : without the right to see aggregates.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    return remembered(principal, view, "gaps", lambda: _gaps(view))


def _gaps(view: View) -> Gaps:
    reader = view.reader()
    drugs = reader.distinct("EX", "EXTRT")
    tests = reader.distinct("LB", "LBTESTCD")
    return Gaps(
        study=view.cut.study,
        protocol=view.protocol is not None,
        atg="RATG" in drugs or bool(reader.distinct("DM", "ATGSTDTC")),
        tests=tuple(test for test in COUNT_TESTS if test in tests),
        drugs=drugs,
    )
