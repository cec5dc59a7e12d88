"""Who is in front of the screen; the only reader of Streamlit's user."""

from __future__ import annotations

from ..model.principal import Principal, local_principal


def current_principal() -> Principal:
    """Return the principal of this session: in local mode the one local user."""
    return local_principal()
