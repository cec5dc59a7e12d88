"""Who may do what: one table, and whatever is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ..model.errors import Refused
from ..model.principal import Principal, Role


class Permission(StrEnum):
    """One right."""

    VIEW_AGGREGATES = "view_aggregates"  # counts, rates, curves
    VIEW_RECODED_PATIENTS = "view_recoded_patients"  # single courses under codes of the presentation
    VIEW_PATIENTS = "view_patients"  # patient by patient, under P-codes
    VIEW_DATES = "view_dates"  # calendar dates; without it study days only
    VIEW_SUBJECT_IDS = "view_subject_ids"  # subject numbers of the form; without it P-codes only
    USE_TEMPLATE = "use_template"  # empty workbook, simulated data
    IMPORT = "import"  # check files and see their problems
    PUBLISH_CUT = "publish_cut"
    EXPORT_AGGREGATES = "export_aggregates"
    EXPORT_PATIENT_DATA = "export_patient_data"
    EXPORT_PACK = "export_pack"  # the open report for the monitoring board: P-codes and study days
    REVIEW = "review"  # mark rows as reviewed
    QUERY = "query"  # raise, answer and close queries
    SAVE_VIEWS = "save_views"  # own saved views and trays
    CHANGE_SETTINGS = "change_settings"
    VIEW_AUDIT = "view_audit"
    BACKUP = "backup"
    RESTORE = "restore"
    MANAGE_ROLES = "manage_roles"


_P = Permission

# The investigator has every right over the trial's data; who has which role, and putting back an older state of the
# installation, are the administrator's, so that nobody widens his own rights.
RIGHTS: Mapping[Role, frozenset[Permission]] = {
    Role.INVESTIGATOR: frozenset(_P) - {_P.MANAGE_ROLES, _P.RESTORE},
    Role.DSMB: frozenset(
        {_P.VIEW_AGGREGATES, _P.VIEW_PATIENTS, _P.VIEW_RECODED_PATIENTS, _P.EXPORT_AGGREGATES, _P.REVIEW, _P.QUERY}
        | {_P.SAVE_VIEWS, _P.EXPORT_PACK}
    ),
    Role.PRESENTER: frozenset({_P.VIEW_AGGREGATES, _P.VIEW_RECODED_PATIENTS, _P.EXPORT_AGGREGATES, _P.SAVE_VIEWS}),
    Role.DATA_MANAGER: frozenset(
        {_P.VIEW_AGGREGATES, _P.VIEW_PATIENTS, _P.VIEW_RECODED_PATIENTS, _P.VIEW_DATES, _P.VIEW_SUBJECT_IDS}
        | {_P.USE_TEMPLATE, _P.IMPORT, _P.PUBLISH_CUT, _P.REVIEW, _P.QUERY, _P.SAVE_VIEWS}
    ),
    Role.ADMIN: frozenset({_P.MANAGE_ROLES, _P.VIEW_AUDIT, _P.BACKUP, _P.RESTORE}),
}

# What decides how much of a result is shown, in the order of the scope's letters.
_SCOPE = (
    ("A", _P.VIEW_AGGREGATES),
    ("R", _P.VIEW_RECODED_PATIENTS),
    ("P", _P.VIEW_PATIENTS),
    ("D", _P.VIEW_DATES),
    ("S", _P.VIEW_SUBJECT_IDS),
)


def permissions(principal: Principal) -> frozenset[Permission]:
    """Return every right of a principal: the union over the roles."""
    return frozenset().union(*(RIGHTS.get(role, frozenset()) for role in principal.roles))


def can_permission(principal: Principal, permission: Permission) -> bool:
    """Tell whether a principal has a right."""
    return permission in permissions(principal)


def check_permission(principal: Principal, permission: Permission) -> None:
    """Refuse a principal without a right.

    Raises
    ------
    Refused : ``error.not_permitted`` with the right.
    """
    if not can_permission(principal, permission):
        raise Refused("error.not_permitted", permission=str(permission))


def scope(principal: Principal) -> str:
    """Return what a principal may see as a short text for cache keys, e.g. ``ARP``; equal texts see the same."""
    held = permissions(principal)
    return "".join(letter for letter, permission in _SCOPE if permission in held) or "-"
