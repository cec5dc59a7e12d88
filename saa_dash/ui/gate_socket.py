"""The websocket of one tab, for as long as its login holds and its roles are the same.

Every message either way asks whether the login is still in force. A tab in which nothing happens is looked at every
few seconds; when it has to go, it is told to load itself anew, which clears the screen, and the line is cut.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import PurePosixPath

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ..access.logins import Login, Logins
from ..model.errors import UserError
from ..model.principal import Role
from ..services.identity import principal_of
from ..services.location import data_dir

CHECK_SECONDS = 2.0
# Whoever logs out is on the way to the provider: told to load anew in that moment, the tab would never arrive there.
LOGOUT_SECONDS = 2.0
_MEDIA = "/media/"
_REFUSED = 1008  # code of a websocket closed for want of permission


class Line:
    """One websocket between a tab and the application.

    Parameters
    ----------
    login, roles : those it was opened with. receive, send : of the browser's side.
    """

    def __init__(self, logins: Logins, login: Login, roles: frozenset[Role], receive: Receive, send: Send) -> None:
        self._logins, self._login, self._roles = logins, login, roles
        self._receive, self._send = receive, send
        self._sending = asyncio.Lock()
        self._cut = False
        self._parting: asyncio.Task[None] | None = None
        self._session = ""
        self._ignore = False  # the next message is the browser's own, not the person's

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Connect the application, and watch until it is done."""
        self._ignore = _is_reconnect(scope)
        watcher = asyncio.create_task(self._watch())
        try:
            await app(scope, self.receive, self.send)
        finally:
            for task in (watcher, self._parting):
                if task is not None:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    async def receive(self) -> Message:
        """Return the browser's next message; what it says after its login has ended is not heard."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            if self._holds():
                if _is_deed(message.get("bytes") or b"") and not self._ignore:
                    self._logins.touch(self._login.id)
                self._ignore = False
                return message

    async def send(self, message: Message) -> None:
        """Pass a message of the application on; nothing leaves once the login has ended."""
        if message["type"] == "websocket.send":
            if not self._holds():
                return
            self._note(message.get("bytes") or b"")
        async with self._sending:
            if not self._cut:
                self._cut = message["type"] == "websocket.close"
                await self._send(message)

    def _holds(self) -> bool:
        """Tell whether the line may go on being used; where not, begin to part."""
        if self._parting is None and not self._logins.alive(self._login.id):
            self._part()
        return self._parting is None

    def _part(self) -> None:
        self._parting = self._parting or asyncio.create_task(self._leave())

    def _note(self, data: bytes) -> None:
        """Note the session and the links to files that go to this login: they are good for it alone."""
        if self._session and _MEDIA.encode() not in data:
            return
        said = ForwardMsg()
        said.ParseFromString(data)
        if said.HasField("new_session"):
            self._session = said.new_session.initialize.session_id
            self._logins.add_session(self._login.id, self._session)
        for url in (said.backend_operation_response.deferred_file.url, said.page_config_changed.favicon):
            if url.startswith(_MEDIA):
                self._logins.add_link(self._login.id, PurePosixPath(url).stem)

    async def _watch(self) -> None:
        while self._parting is None:
            await asyncio.sleep(CHECK_SECONDS)
            if self._holds() and await asyncio.to_thread(self._roles_now) != self._roles:
                self._part()

    def _roles_now(self) -> frozenset[Role]:
        try:
            return principal_of(self._login, data_dir()).roles
        except UserError:  # who cannot be looked up has no role
            return frozenset()

    async def _leave(self) -> None:
        if self._logins.why_ended(self._login.id) == "logout":
            await asyncio.sleep(LOGOUT_SECONDS)
        async with self._sending:
            if self._cut:
                return
            self._cut = True
            with suppress(Exception):  # the browser may be gone already
                await self._send({"type": "websocket.send", "bytes": _load_anew()})
                await self._send({"type": "websocket.close", "code": _REFUSED})


def _load_anew() -> bytes:
    """Return the message on which a tab loads the address it shows."""
    said = ForwardMsg()
    said.auth_redirect.url = ""
    said.auth_redirect.SetInParent()
    return said.SerializeToString()


def _is_deed(data: bytes) -> bool:
    """Tell whether a message comes from somebody doing something, and not from the page's own clock."""
    said = BackMsg()
    try:
        said.ParseFromString(data)
    except Exception:
        return False
    kind = said.WhichOneof("type")
    return kind in ("backend_operation_request", "file_urls_request") or (
        kind == "rerun_script" and not said.rerun_script.is_auto_rerun
    )


def _is_reconnect(scope: Scope) -> bool:
    """Tell whether a tab takes up a line that broke: Streamlit names the session as third subprotocol."""
    return len(scope.get("subprotocols") or ()) >= 3
