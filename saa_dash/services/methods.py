"""The methods page: every definition, setting and formula in force, from the same data that decide."""

from __future__ import annotations

from dataclasses import dataclass

from ..access.policy import Permission, check_permission
from ..model.principal import Principal
from ..protocol.hashing import settings_hash
from .context import View
from .memory import remembered
from .methods_blocks import Section
from .methods_data import data_section
from .methods_response import response_section
from .methods_safety import safety_section
from .methods_settings import settings_section
from .methods_statistics import statistics_section
from .methods_times import support_section, times_section
from .methods_trial import trial_section

_SECTIONS = (
    trial_section,
    settings_section,
    response_section,
    support_section,
    times_section,
    statistics_section,
    safety_section,
    data_section,
)


@dataclass(frozen=True)
class MethodsPage:
    """All sections, in the order of the page."""

    sections: tuple[Section, ...]


def methods_page(principal: Principal, view: View) -> MethodsPage:
    """Return the methods of a view.

    Raises
    ------
    Refused : without the right to see aggregates.
    """
    check_permission(principal, Permission.VIEW_AGGREGATES)
    signed = settings_hash(view.settings)  # which settings are primary is said too, not only those in force
    return remembered(principal, view, "methods", lambda: MethodsPage(tuple(make(view) for make in _SECTIONS)), signed)
