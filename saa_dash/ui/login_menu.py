"""Who is at the screen, in the bar: the roles, and the way out."""

from __future__ import annotations

import streamlit as st

from ..model.principal import Principal
from .identity import can_log_out
from .words import t


def login_menu(principal: Principal) -> None:
    """Show the roles; a click tells the name and offers to log out."""
    if not can_log_out():
        st.caption(t("ui.role.local"), width="content")
        return
    roles = t("ui.role.join").join(t(f"ui.role.{role}") for role in sorted(principal.roles))
    with st.popover(roles, icon=":material/account_circle:", key="login_menu"):
        st.caption(t("ui.role.who"))
        st.code(principal.user_id, language=None, wrap_lines=True)
        st.button(t("ui.role.log_out"), icon=":material/logout:", key="log_out", on_click=st.logout)
