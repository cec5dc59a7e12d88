"""Who is in front of the screen; the only reader of Streamlit's user."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ..access.identity import login_id
from ..access.logins import Logins
from ..model.errors import Refused
from ..model.principal import Principal, local_principal
from ..services.identity import principal_of
from ..services.location import data_dir
from . import deployment, eyes

LOGINS = Logins()  # of this server process; the gate fills it


def standing() -> Callable[[], Principal]:
    """Return a question that can be asked at any time, also outside of a run: who is it, with which roles now?

    The question raises `Refused` once the login has ended. While something is presented the answer is that person with
    a presenter's roles.
    """
    ask, narrowed = own_standing(), eyes.narrowed()
    return (lambda: eyes.presenting(ask())) if narrowed else ask


def own_standing() -> Callable[[], Principal]:
    """Return the question of `standing` about all roles that the person has, whatever is presented."""
    if deployment.current().login is None:
        return local_principal
    name = login_id(st.user.to_dict())
    return lambda: _person(name)


def current_principal() -> Principal:
    """Return the principal of this session with the roles in force now: in local mode the one local user.

    Raises
    ------
    Refused : nobody is logged in, or not any more.
    """
    return standing()()


def can_log_out() -> bool:
    """Tell whether there is a login to leave."""
    return deployment.current().login is not None


def _person(name: str | None) -> Principal:
    login = LOGINS.alive(name)
    if login is None:
        raise Refused("error.signed_out")
    return principal_of(login, data_dir())
