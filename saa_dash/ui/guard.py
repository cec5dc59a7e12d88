"""What stands in front of every request: in local mode a guard that keeps it local, in mode oidc the gate.

In local mode everyone who reaches the server is the one local user with all rights. A proxy in front would make every
visitor that user, so its traces (`Forwarded`, `X-Forwarded-*`), a Host that is not loopback, and a connection from
another machine are turned away.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from ..access.deployment import is_loopback as is_own_address
from . import deployment

_PROXY_HEADERS = (b"forwarded", b"via")
_REASON = b"SAA Dash runs for one local user: open it as http://127.0.0.1 on this computer.\n"
_STANDING: list[ASGIApp] = []  # the guards made in this process


def is_loopback(host: str) -> bool:
    """Tell whether a Host header names this machine.

    Parameters
    ----------
    host : e.g. ``127.0.0.1:8501``, ``localhost``, ``[::1]:8501``.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") and host.count(":") != 0 else host
    return is_own_address(name)


def is_standing() -> bool:
    """Tell whether this process answers behind a guard; without one the shell shows nothing."""
    return bool(_STANDING)


class Guard:
    """ASGI middleware in front of pages, websocket and media alike."""

    def __init__(self, app: ASGIApp) -> None:
        rules = deployment.current().login
        if rules is None:
            self.app: ASGIApp = LocalGuard(app)
        else:
            from .gate import Gate

            self.app = Gate(app, rules)
        _STANDING.append(self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the guard of this mode decide."""
        await self.app(scope, receive, send)


class LocalGuard:
    """ASGI middleware of local mode."""

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
        client, headers = scope.get("client"), scope["headers"]
        if client is None or not is_own_address(client[0]):
            return False
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
