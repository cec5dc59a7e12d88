"""Somebody at the dashboard without a browser: requests with cookies, the login, and the bare websocket."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"


@dataclass
class Answer:
    """What a run of the application sent: its messages, and all their bytes."""

    messages: list[ForwardMsg] = field(default_factory=list)
    raw: bytes = b""
    closed: int | None = None  # code with which the line was cut

    @property
    def words(self) -> str:
        """Every text drawn with Markdown, and every notice."""
        elements = [m.delta.new_element for m in self.messages if m.HasField("delta")]
        return "\n".join(e.markdown.body or e.alert.body for e in elements)

    @property
    def navigation(self) -> list[str]:
        """Names of the pages in the menu."""
        last = [m.navigation for m in self.messages if m.HasField("navigation")][-1]
        return [page.url_pathname for page in last.app_pages if not page.is_hidden]


class Visitor:
    """One browser profile.

    Parameters
    ----------
    url : of the dashboard, without a trailing slash.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(base_url=url, timeout=60, trust_env=False)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Ask for a path; redirects are not followed."""
        return self.http.get(path, headers=headers)

    def log_in(self, name: str, path: str = "/") -> httpx2.Response:
        """Open a path as a stranger, log in, and return the answer that brings one back."""
        self.get(path)
        asked = self.get(self.get("/login").headers["location"])
        back = httpx2.get(f"{asked.headers['location']}&as={name}", trust_env=False).headers["location"]
        return self.get(back.removeprefix(self.url))

    def line(self, session: str = "", origin: str | None = "", **headers: str) -> ClientConnection:
        """Open the websocket with the cookies of this profile.

        Parameters
        ----------
        origin : of the page that opens it; "" for the dashboard's own, None for none.
        """
        self.get("/_stcore/health")
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)
        protocols = ["streamlit", (self.http.cookies.get(XSRF) or "none").strip('"'), *([session] if session else [])]
        return connect(
            f"ws://{urlsplit(self.url).netloc}/_stcore/stream",
            origin=(origin or self.url) if origin is not None else None,  # type: ignore[arg-type]
            subprotocols=protocols,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookies, **headers},
            max_size=None,
            proxy=None,
        )

    def handshake(self, **options: str | None) -> int:
        """Return the status with which the websocket's opening is answered; 101 where it opens."""
        try:
            with self.line(**options):  # type: ignore[arg-type]
                return 101
        except InvalidStatus as refused:
            return refused.response.status_code

    def cold(self, page: str, query: str = "lang=en") -> Answer:
        """Ask a new session for a page and return all that came."""
        with self.line() as line:
            ask(line, page, query)
            return take(line)


def ask(line: ClientConnection, page: str, query: str = "lang=en") -> None:
    """Ask for a page, as a browser does that opens a link to it."""
    wish = BackMsg()
    wish.rerun_script.page_name = page
    wish.rerun_script.query_string = query
    line.send(wish.SerializeToString())


def take(line: ClientConnection, patience: float = 60) -> Answer:
    """Return what comes until a run has finished or the line is cut."""
    answer = Answer()
    while True:
        try:
            data = line.recv(timeout=patience)
        except ConnectionClosed as closed:
            answer.closed = closed.rcvd.code if closed.rcvd else 1006
            return answer
        assert isinstance(data, bytes)
        message = ForwardMsg()
        message.ParseFromString(data)
        answer.raw += data
        answer.messages.append(message)
        if message.HasField("script_finished"):
            return answer
