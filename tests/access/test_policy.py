"""Rights by role: the table as the trial's rules have it, deny by default."""

from __future__ import annotations

import pytest

from saa_dash.access.policy import RIGHTS, Permission, can_permission, check_permission, permissions, scope
from saa_dash.model.errors import Refused
from saa_dash.model.principal import Principal, Role, local_principal

P = Permission

# Rights that tell roles apart: role → (held, not held).
EXPECTED = {
    Role.INVESTIGATOR: (
        {P.VIEW_PATIENTS, P.VIEW_DATES, P.VIEW_SUBJECT_IDS, P.EXPORT_PATIENT_DATA, P.PUBLISH_CUT, P.CHANGE_SETTINGS}
        | {P.EXPORT_PACK},
        {P.MANAGE_ROLES, P.RESTORE},
    ),
    Role.DSMB: (
        {P.VIEW_AGGREGATES, P.VIEW_PATIENTS, P.EXPORT_AGGREGATES, P.REVIEW, P.EXPORT_PACK},
        {P.VIEW_DATES, P.VIEW_SUBJECT_IDS, P.EXPORT_PATIENT_DATA, P.IMPORT, P.PUBLISH_CUT, P.VIEW_AUDIT},
    ),
    Role.PRESENTER: (
        {P.VIEW_AGGREGATES, P.VIEW_RECODED_PATIENTS, P.EXPORT_AGGREGATES},
        {P.VIEW_PATIENTS, P.VIEW_DATES, P.VIEW_SUBJECT_IDS, P.EXPORT_PATIENT_DATA, P.EXPORT_PACK, P.IMPORT, P.QUERY},
    ),
    Role.DATA_MANAGER: (
        {P.IMPORT, P.PUBLISH_CUT, P.QUERY, P.VIEW_SUBJECT_IDS},
        {P.EXPORT_PATIENT_DATA, P.EXPORT_PACK, P.CHANGE_SETTINGS, P.MANAGE_ROLES, P.VIEW_AUDIT},
    ),
    Role.ADMIN: ({P.MANAGE_ROLES, P.VIEW_AUDIT, P.BACKUP, P.RESTORE}, {P.VIEW_AGGREGATES, P.VIEW_PATIENTS, P.IMPORT}),
}


def of(*roles: Role) -> Principal:
    return Principal("someone", frozenset(roles))


def test_every_role_has_a_row() -> None:
    assert set(RIGHTS) == set(Role) == set(EXPECTED)


@pytest.mark.parametrize("role", Role)
def test_role_has_what_it_should_and_not_more(role: Role) -> None:
    held, missing = EXPECTED[role]
    assert held <= permissions(of(role))
    assert not missing & permissions(of(role))


def test_every_right_belongs_to_somebody() -> None:
    assert frozenset().union(*RIGHTS.values()) == frozenset(Permission)


def test_without_a_role_nothing_is_permitted() -> None:
    assert permissions(of()) == frozenset()
    assert scope(of()) == "-"
    with pytest.raises(Refused) as refused:
        check_permission(of(), P.VIEW_AGGREGATES)
    assert refused.value.exit_code == 3
    assert refused.value.message.code == "error.not_permitted"
    assert refused.value.message.params == {"permission": "view_aggregates"}


def test_roles_add_up_and_the_local_user_has_all() -> None:
    assert can_permission(of(Role.PRESENTER, Role.ADMIN), P.MANAGE_ROLES)
    assert can_permission(of(Role.PRESENTER, Role.ADMIN), P.VIEW_AGGREGATES)
    assert permissions(local_principal()) == frozenset(Permission)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.INVESTIGATOR, "ARPDS"),
        (Role.DATA_MANAGER, "ARPDS"),
        (Role.DSMB, "ARP"),
        (Role.PRESENTER, "AR"),
        (Role.ADMIN, "-"),
    ],
)
def test_scope_tells_apart_who_sees_differently(role: Role, expected: str) -> None:
    assert scope(of(role)) == expected
