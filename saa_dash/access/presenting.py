"""What leaves for a meeting is seen with a presenter's eyes, whoever collects it."""

from __future__ import annotations

from dataclasses import replace

from ..model.errors import Refused
from ..model.principal import Principal, Role
from .policy import RIGHTS, Permission, permissions

_RIGHTS = RIGHTS[Role.PRESENTER]


def can_present(principal: Principal) -> bool:
    """Tell whether a principal has every right of a presenter, so that presenting takes rights away and gives none."""
    return permissions(principal) >= _RIGHTS


def as_presenter(principal: Principal) -> Principal:
    """Return the same person with the roles of a presenter.

    Raises
    ------
    Refused : a presenter may do something that the principal may not.
    """
    if not can_present(principal):
        lacking = min(str(right) for right in _RIGHTS - permissions(principal))
        raise Refused("error.not_permitted", permission=str(Permission(lacking)))
    return replace(principal, roles=frozenset({Role.PRESENTER}))
