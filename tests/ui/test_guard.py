"""A local installation answers local requests only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from saa_dash.ui.guard import LocalGuard, is_loopback


async def _secret(scope: Any, _receive: Any, send: Any) -> None:
    """An app that gives its secret to whoever reaches it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "secret"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"secret"})


def _ask(kind: str = "http", client: str | None = "127.0.0.1", **headers: str) -> list[dict[str, Any]]:
    """Send one request through the guard and return the messages that come back."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> Any:
        raise AssertionError("the guard reads no body")

    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    peer = None if client is None else (client, 50000)
    asyncio.run(LocalGuard(_secret)({"type": kind, "headers": raw, "client": peer}, receive, send))
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "localhost", "[::1]:8501", "127.0.0.1"])
def test_loopback_names_are_served(host: str) -> None:
    assert is_loopback(host)
    assert _ask(host=host)[-1]["body"] == b"secret"


@pytest.mark.parametrize("host", ["example.org", "10.0.0.7:8501", "127.0.0.1.example.org", "0.0.0.0:8501", ""])
def test_other_hosts_are_refused(host: str) -> None:
    answer = _ask(host=host)
    assert answer[0]["status"] == 403
    assert b"secret" not in answer[1]["body"]


def test_a_request_without_a_host_is_refused() -> None:
    assert _ask()[0]["status"] == 403


@pytest.mark.parametrize("header", ["Forwarded", "X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Proto", "Via"])
def test_a_proxy_in_front_is_refused(header: str) -> None:
    assert _ask(host="127.0.0.1:8501", **{header: "10.0.0.7"})[0]["status"] == 403


@pytest.mark.parametrize("client", ["10.0.0.7", "192.168.1.5", None])
def test_another_machine_is_refused_whatever_host_it_names(client: str | None) -> None:
    assert _ask(client=client, host="127.0.0.1:8501")[0]["status"] == 403
    assert _ask("websocket", client=client, host="127.0.0.1:8501") == [{"type": "websocket.close", "code": 1008}]


def test_the_websocket_is_guarded_alike() -> None:
    assert _ask("websocket", host="127.0.0.1:8501")[-1]["text"] == "secret"
    assert _ask("websocket", host="evil.example.org") == [{"type": "websocket.close", "code": 1008}]
