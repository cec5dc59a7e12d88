"""Pasting results from a hospital laboratory system."""

from __future__ import annotations

from ..model.principal import Principal


def lis_panel(principal: Principal) -> None:
    """Placeholder until the reader is there."""
