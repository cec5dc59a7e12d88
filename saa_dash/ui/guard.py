"""Keeps a local installation local: a request that came through a proxy or for another host is refused.

In local mode everyone who reaches the server is the one local user with all rights. A proxy in front would make every
visitor that user, so its traces (`Forwarded`, `X-Forwarded-*`) and a Host that is not loopback are turned away.
"""

from __future__ import annotations

import ipaddress

from starlette.types import ASGIApp, Receive, Scope, Send

_PROXY_HEADERS = (b"forwarded", b"via")
_REASON = b"SAA Dash runs for one local user: open it as http://127.0.0.1 on this computer.\n"


def is_loopback(host: str) -> bool:
    """Tell whether a Host header names this machine.

    Parameters
    ----------
    host : e.g. ``127.0.0.1:8501``, ``localhost``, ``[::1]:8501``.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") and host.count(":") != 0 else host
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class LocalGuard:
    """ASGI middleware in front of pages, websocket and media alike."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a local request on; answer 403 or close the websocket otherwise."""
        if scope["type"] in ("http", "websocket") and not self._is_local(scope):
            await self._refuse(scope, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    def _is_local(scope: Scope) -> bool:
        headers = scope["headers"]
        if any(name in _PROXY_HEADERS or name.startswith(b"x-forwarded") for name, _ in headers):
            return False
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        return len(hosts) == 1 and is_loopback(hosts[0])

    @staticmethod
    async def _refuse(scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(_REASON)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": _REASON})
