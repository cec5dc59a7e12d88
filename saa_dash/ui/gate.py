"""The gate of mode oidc: without a login and a role nothing passes but the way to log in.

Everything is refused that is not named here. A request is let through for a login in force (`Logins`), whose person has
a role now; a link to a file only for the login it was sent to; an upload only into one's own session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..access.deployment import CALLBACK, LoginRules
from ..access.identity import login_id
from ..access.logins import Login, Logins
from ..access.policy import Permission, can_permission
from ..model.errors import UserError
from ..model.principal import Principal
from ..services import audit
from ..services.identity import principal_of
from ..services.location import data_dir
from . import deep_link
from .gate_cookie import claims_of, cookies_set, made_secure
from .gate_pages import LOGOUT, START, login_page, no_role_page, plain_headers, trouble_page
from .gate_socket import Line
from .identity import LOGINS
from .plot.files import FOLDER as CHART_FILES

_READING = ("GET", "HEAD")
_STREAM = "/_stcore/stream"
_MEDIA, _UPLOAD, _METRICS = "/media/", "/_stcore/upload_file/", "/_stcore/metrics"
_PARTS = ("/_stcore/bidi-components/", "/component/")  # program files of components
_PUBLIC = ("/_stcore/health", "/_stcore/host-config", "/favicon.png", "/manifest.json")
# Scripts, styles and fonts, Streamlit's own and those of the figures: the same everywhere, without data.
_PUBLIC_FOLDERS = ("/static/", f"/{CHART_FILES}/")
_PROVIDER = "/auth/login"
# A page of the application and a file are kept by nobody on the way, and stand in nobody's frame.
_PRIVATE = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}


@dataclass(frozen=True)
class Visitor:
    """Who asks: a login in force and its person."""

    login: Login
    principal: Principal


class Gate:
    """ASGI middleware of mode oidc.

    Parameters
    ----------
    rules : how a login becomes a person. logins : those in force.
    """

    def __init__(self, app: ASGIApp, rules: LoginRules, logins: Logins = LOGINS) -> None:
        self._app = app
        self._rules = rules
        self._logins = logins
        self._told: set[tuple[str, str]] = set()  # refusals in the audit trail, one of a kind per login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, self._over_tls(send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, reading = scope["path"], scope["method"] in _READING
        answer: Response | None = None
        if reading and (path in _PUBLIC or path.startswith(_PUBLIC_FOLDERS) or path == _PROVIDER):
            await self._app(scope, receive, send)
        elif reading and path == START:
            await _to_provider()(scope, receive, send)
        elif reading and path == CALLBACK:
            await self._callback(scope, receive, send)
        elif reading and path == LOGOUT:
            await self._log_out(HTTPConnection(scope))
            await self._app(scope, receive, send)
        else:
            answer = await self._answer(scope)
            if answer is None:
                await self._app(scope, receive, _private(send))
            else:
                await answer(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        """Return the answer of the gate itself; None where the request may pass."""
        request, path, reading = HTTPConnection(scope), scope["path"], scope["method"] in _READING
        page = deep_link.page_of(path) if reading else None
        name = self._name(request)
        login = self._logins.alive(name)
        if login is None:
            return _plain(401) if page is None else self._login_page(request, self._logins.why_ended(name))
        try:
            visitor = Visitor(login, await asyncio.to_thread(principal_of, login, data_dir()))
        except UserError:
            return _plain(503) if page is None else trouble_page(request, "state", 503)
        if not visitor.principal.roles:
            await self._refused(visitor, "no_role")
            return _plain(403) if page is None else no_role_page(request, login.user_id)
        if page is not None:
            return None
        kind, may = self._may(visitor, path, scope["method"])
        if may:
            self._logins.touch(login.id)
            return None
        if kind:
            await self._refused(visitor, kind)
        return _plain(403 if kind else 404)

    def _may(self, visitor: Visitor, path: str, method: str) -> tuple[str, bool]:
        """Return what kind of thing a path is, "" for none that is known, and whether the visitor may have it."""
        reading = method in _READING
        if path.startswith(_MEDIA):
            link = PurePosixPath(path.removeprefix(_MEDIA)).stem
            return "download", reading and self._logins.owns_link(visitor.login.id, link)
        if path.startswith(_UPLOAD):
            session = path.removeprefix(_UPLOAD).partition("/")[0]
            own = self._logins.owns_session(visitor.login.id, session)
            return "upload", own and can_permission(visitor.principal, Permission.IMPORT)
        if path == _METRICS:
            return "metrics", reading and can_permission(visitor.principal, Permission.MANAGE_ROLES)
        if path.startswith(_PARTS):
            return "component", reading
        return "", False

    def _name(self, request: HTTPConnection) -> str | None:
        claims = claims_of(request.cookies, self._rules.origin)
        return login_id(claims) if claims else None

    def _login_page(self, request: HTTPConnection, why: str) -> Response:
        answer = login_page(request, why)
        link = deep_link.kept(request.url.path, request.url.query)
        answer.set_cookie(deep_link.COOKIE, link, max_age=deep_link.KEEP_SECONDS, httponly=True, samesite="lax")
        return answer

    async def _callback(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Streamlit check the provider's answer; a login it confirms counts once it stands in the audit trail."""
        request = HTTPConnection(scope)
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self._app(scope, receive, hold)
        start = held[0]
        cookies = cookies_set(start["headers"])
        claims = claims_of(cookies, self._rules.origin)
        if claims is None:
            for message in held:
                await send(message)
            return
        trouble = await self._log_in(request, claims)
        if trouble:
            await trouble_page(request, trouble, 503 if trouble == "state" else 403)(scope, receive, send)
            return
        target = deep_link.restored(request.cookies.get(deep_link.COOKIE, ""))
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"location"]
        headers.append((b"location", target.encode()))
        headers.append((b"set-cookie", f"{deep_link.COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=lax".encode()))
        for message in ({**start, "headers": headers}, *held[1:]):
            await send(message)

    async def _log_in(self, request: HTTPConnection, claims: dict[str, object]) -> str:
        """Start a login; return what is wrong, "" where nothing is."""
        login = self._logins.start(claims, self._rules)
        if login is None:
            return "claims"
        former = self._name(request)
        if former and former != login.id:
            await self._log_out(request)
        try:
            await self._tell("login", login.user_id, {"roles": sorted(login.claim_roles)})
        except UserError:
            self._logins.end(login.id, "logout")
            return "state"
        return ""

    async def _log_out(self, request: HTTPConnection) -> None:
        """End the login of a request, whether or not the audit trail can tell of it."""
        name = self._name(request)
        login = self._logins.end(name, "logout") if name else None
        if login:
            await _despite(self._tell, "logout", login.user_id, {})

    async def _refused(self, visitor: Visitor, what: str) -> None:
        """Tell the audit trail of a refusal, once per login and kind: nobody can flood it."""
        mark = (visitor.login.id, what)
        if mark not in self._told:
            self._told.add(mark)
            await _despite(self._tell, "refused", visitor.principal.user_id, {"what": what})

    async def _tell(self, action: str, user_id: str, detail: dict[str, object]) -> None:
        await asyncio.to_thread(audit.record, Principal(user_id, frozenset()), data_dir(), action, detail)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        login = self._logins.alive(self._name(request))
        roles = None
        if login and scope["path"] == _STREAM and request.headers.get("origin") == self._rules.origin:
            try:
                roles = (await asyncio.to_thread(principal_of, login, data_dir())).roles
            except UserError:
                roles = None
        if login is None or not roles:
            await send({"type": "websocket.close", "code": 1008})
            return
        await Line(self._logins, login, roles, receive, send).run(self._app, scope)

    def _over_tls(self, send: Send) -> Send:
        """Return a `send` whose cookies go over TLS only, where the dashboard is reached that way."""
        if not self._rules.https:
            return send

        async def secure(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": made_secure(message["headers"])}
            await send(message)

        return secure


def _private(send: Send) -> Send:
    async def private(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in _PRIVATE]
            message = {**message, "headers": [*kept, *_PRIVATE.items()]}
        await send(message)

    return private


def _to_provider() -> Response:
    from streamlit.user_info import generate_login_redirect_url

    return RedirectResponse(generate_login_redirect_url("default"), 303, headers=dict(plain_headers()))


def _plain(status: int) -> Response:
    return PlainTextResponse("", status, headers=dict(plain_headers()))


async def _despite(tell: Callable[..., object], *args: object) -> None:
    """Tell the audit trail of something that holds even where it cannot be told."""
    try:
        await tell(*args)  # type: ignore[misc]
    except UserError:
        return
