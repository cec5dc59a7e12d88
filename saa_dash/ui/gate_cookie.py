"""Streamlit's signed cookie of the login, read from a request or from the answer that sets it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def claims_of(cookies: Mapping[str, str], origin: str) -> dict[str, Any] | None:
    """Return the claims of a login that Streamlit signed for this origin; None where the signature does not hold."""
    secret = get_cookie_secret()

    def single(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies[name].encode("latin-1")) if name in cookies else None

    held = get_cookie_with_chunks(single, USER_COOKIE_NAME)
    try:
        claims = json.loads(held) if held else None
    except ValueError:
        return None
    if not isinstance(claims, dict) or claims.get("origin") != origin or claims.get("is_logged_in") is not True:
        return None
    return claims


def cookies_set(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the cookies that an answer sets, by name."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == b"set-cookie":
            try:
                parsed = SimpleCookie(value.decode("latin-1"))
            except CookieError:
                continue
            found |= {key: morsel.value for key, morsel in parsed.items() if morsel.value}
    return found


def made_secure(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers in which every cookie goes over TLS only."""
    return [
        (name, value + b"; Secure")
        if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        else (name, value)
        for name, value in headers
    ]
