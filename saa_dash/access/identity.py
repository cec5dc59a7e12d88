"""From the provider's claims to a person: which login it is, who, and which roles the claims give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..model.principal import Role
from .deployment import LoginRules

MAX_USER_ID = 200
_NEEDED = ("iss", "sub", "nonce", "iat")  # the nonce is new for every login


def login_id(claims: Mapping[str, Any]) -> str | None:
    """Return the name of the one login that these claims came with; None where they do not tell.

    The same for the signed cookie, which the gate reads, and for what Streamlit makes of it.
    """
    parts = [claims.get(name) for name in _NEEDED]
    if not all(isinstance(part, str | int | float) and part != "" for part in parts):
        return None
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def user_id(claims: Mapping[str, Any], rules: LoginRules) -> str | None:
    """Return who the claims speak of; None where they lack the claim, or hold an e-mail address nobody verified."""
    value = claims.get(rules.user_claim)
    if rules.user_claim == "email" and claims.get("email_verified") is not True:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_USER_ID or not value.isprintable():
        return None
    return value.strip()


def claimed_roles(claims: Mapping[str, Any], rules: LoginRules) -> frozenset[Role]:
    """Return the roles that the claims give; a value that nobody mapped gives none."""
    values = _lookup(claims, rules.roles_claim)
    listed = values if isinstance(values, list | tuple) else [values]
    named = [rules.claim_roles.get(value, frozenset()) for value in listed if isinstance(value, str)]
    return frozenset().union(*named)


def _lookup(claims: Mapping[str, Any], path: str) -> object:
    """Return the value at ``realm_access.roles``; a claim whose own name has dots comes first."""
    if not path:
        return None
    if path in claims:
        return claims[path]
    held: object = claims
    for name in path.split("."):
        held = held.get(name) if isinstance(held, Mapping) else None
    return held
