"""The local table of roles on the audit page, and the form that changes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from ..access.policy import Permission, can_permission
from ..model.errors import UserError
from ..model.principal import Principal, Role
from ..services.identity import RoleChange, grant, list_roles, revoke
from ..services.location import data_dir
from .errors import tell
from .identity import can_log_out
from .words import labels, t

_Change = Callable[[Principal, Path, RoleChange], bool]
_SAID = "_role_said"


def may_manage(principal: Principal) -> bool:
    """Tell whether a principal sees the table."""
    return can_permission(principal, Permission.MANAGE_ROLES)


def role_table(principal: Principal) -> None:
    """Show who has which role, and let the administrator change it with a reason."""
    st.subheader(t("ui.roles.title"))
    st.caption(t("ui.roles.help"))
    if not can_log_out():
        st.info(t("ui.roles.local"), icon=":material/info:")
    rows = list_roles(principal, data_dir())
    if rows:
        table = pd.DataFrame(
            {
                t("ui.roles.column.user"): [row.user_id for row in rows],
                t("ui.roles.column.role"): [t(f"ui.role.{row.role}") for row in rows],
                t("ui.roles.column.by"): [row.granted_by for row in rows],
                t("ui.roles.column.at"): [row.granted_at.replace("T", " ").rstrip("Z") for row in rows],
            }
        )
        st.dataframe(table, hide_index=True, width="stretch", placeholder="", key="role_rows")
    else:
        st.caption(t("ui.roles.none"))
    _form(principal)


def _form(principal: Principal) -> None:
    columns = st.columns([2, 1, 3])
    user = columns[0].text_input(t("ui.roles.user"), key="role_user", help=t("ui.roles.user_help"))
    role = columns[1].selectbox(
        t("ui.roles.role"),
        list(Role),
        index=None,
        key="role_role",
        format_func=labels("ui.role."),
        placeholder=t("ui.choose_one"),
    )
    reason = columns[2].text_input(t("ui.roles.reason"), key="role_reason")
    with st.container(horizontal=True):
        for name, deed, icon in (
            ("grant", grant, ":material/person_add:"),
            ("revoke", revoke, ":material/person_remove:"),
        ):
            pressed = st.button(t(f"ui.roles.{name}"), key=f"role_{name}", icon=icon, disabled=role is None)
            if pressed and role is not None:
                change = RoleChange(user, Role(role), reason)
                _do(principal, deed, change, f"ui.roles.{name}d" if name == "revoke" else f"ui.roles.{name}ed")
    if _SAID in st.session_state:
        st.success(st.session_state.pop(_SAID), icon=":material/check_circle:")


def _do(principal: Principal, deed: _Change, change: RoleChange, done: str) -> None:
    try:
        changed = deed(principal, data_dir(), change)
    except UserError as error:
        tell(error)
        return
    said = {"user": change.user_id.strip(), "role": t(f"ui.role.{change.role}")}
    st.session_state[_SAID] = t(done, **said) if changed else t("ui.roles.unchanged", **said)
    st.rerun()
