"""Who is asking. Every service takes a Principal first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may be here; rights are in `saa_dash.access.policy`."""

    INVESTIGATOR = "investigator"
    DSMB = "dsmb"
    PRESENTER = "presenter"
    DATA_MANAGER = "data_manager"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    """An identified user with roles.

    Parameters
    ----------
    user_id : stable identifier, as it stands in the audit trail.
    roles : roles in force now; none means no rights.
    """

    user_id: str
    roles: frozenset[Role]


def local_principal() -> Principal:
    """Return the one user of a local installation, who holds every role."""
    return Principal("local", frozenset(Role))
