"""Which page needs which right: one table, and a page that is not in it is nobody's."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.errors import Refused
from ..model.principal import Principal
from .policy import Permission, can_permission

PAGES: Mapping[str, Permission] = {
    "overview": Permission.VIEW_AGGREGATES,
    "dsmb": Permission.VIEW_PATIENTS,
    "patients": Permission.VIEW_PATIENTS,
    "cohort": Permission.VIEW_RECODED_PATIENTS,
    "response": Permission.VIEW_RECODED_PATIENTS,
    "survival": Permission.VIEW_RECODED_PATIENTS,
    "adverse_events": Permission.VIEW_RECODED_PATIENTS,
    "laboratory": Permission.VIEW_RECODED_PATIENTS,
    "vital_signs": Permission.VIEW_RECODED_PATIENTS,
    "organs": Permission.VIEW_RECODED_PATIENTS,
    "exposure": Permission.VIEW_RECODED_PATIENTS,
    "present": Permission.EXPORT_AGGREGATES,
    "methods": Permission.VIEW_AGGREGATES,
    "data": Permission.IMPORT,
    "review": Permission.REVIEW,  # who may query may review too
    "audit": Permission.VIEW_AUDIT,
}


def can_page(principal: Principal, page: str) -> bool:
    """Tell whether a principal may open a page."""
    return page in PAGES and can_permission(principal, PAGES[page])


def check_page(principal: Principal, page: str) -> None:
    """Refuse a page that a principal may not open.

    Raises
    ------
    Refused : ``error.page_not_permitted``.
    """
    if not can_page(principal, page):
        raise Refused("error.page_not_permitted", page=page)
