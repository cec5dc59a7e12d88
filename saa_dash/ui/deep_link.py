"""A link that was opened before the login is opened after it: kept in a cookie, rebuilt from what is known.

Nothing of the cookie is taken over as it stands, so that it cannot lead anywhere but to a page of this dashboard.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlencode

from ..access.pages import PAGES
from . import url_state

COOKIE = "saa_dash_next"
KEEP_SECONDS = 15 * 60
_MAX = 2000  # characters


def page_of(path: str) -> str | None:
    """Return the page that a path names, "" for the first one; None where it names no page."""
    name = path.strip("/")
    return name if name == "" or (name in PAGES and path in (f"/{name}", f"/{name}/")) else None


def kept(path: str, query: str) -> str:
    """Return the cookie's value for a link."""
    return quote(f"{path}?{query}"[:_MAX], safe="")


def restored(value: str) -> str:
    """Return the link that a cookie's value means, ``/`` where it means none: a known page, and known parameters."""
    path, _, query = unquote(value)[:_MAX].partition("?")
    page = page_of(path)
    if page is None:
        return "/"
    known = url_state.encode(url_state.decode(dict(parse_qsl(query))))
    return f"/{page}" + (f"?{urlencode(known)}" if known else "")
