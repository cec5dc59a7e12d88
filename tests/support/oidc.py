"""A small OpenID provider on loopback for the fast tests: real discovery, PKCE-less code flow, signed tokens.

The long run uses a provider that others maintain (`tests/support/oidc_provider`); it needs Node.js, its packages and
seconds to start, which the default run shall not.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "saa-dash", "a-client-secret-of-the-tests"


class Provider:
    """Who can log in, and what the tokens say of them.

    Parameters
    ----------
    people : claims by name. lifetime : seconds until a token's ``exp``; may be changed while it runs.
    """

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.lifetime = 3600
        self.url = ""
        self._key = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
        self._codes: dict[str, tuple[str, str]] = {}

    def answer(self, path: str, query: dict[str, str], form: dict[str, str]) -> tuple[int, str, str]:
        """Return status, content type or location, and body."""
        if path == "/.well-known/openid-configuration":
            return 200, "application/json", json.dumps(self._metadata())
        if path == "/jwks":
            return 200, "application/json", json.dumps({"keys": [self._key.as_dict(private=False)]})
        if path == "/authorize":
            return self._authorize(query)
        if path == "/token":
            return self._token(form)
        if path == "/end":
            return 302, query["post_logout_redirect_uri"], ""
        return 404, "text/plain", ""

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/end",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _authorize(self, query: dict[str, str]) -> tuple[int, str, str]:
        """Ask who it is; with ``as=NAME`` take that for the answer."""
        name = query.pop("as", "")
        if name not in self.people:
            links = "".join(
                f'<p><a href="?{escape(urlencode({**query, "as": one}))}">{escape(one)}</a></p>' for one in self.people
            )
            return 200, "text/html; charset=utf-8", f"<!doctype html><title>Who?</title>{links}"
        code = secrets.token_hex(8)
        self._codes[code] = (name, query["nonce"])
        return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}", ""

    def _token(self, form: dict[str, str]) -> tuple[int, str, str]:
        name, nonce = self._codes.pop(form["code"])
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "sub": name, "nonce": nonce, "iat": now, "exp": now + self.lifetime}
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims | self.people[name], self._key)
        body = {"access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 600, "id_token": token}
        return 200, "application/json", json.dumps(body)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run a provider on a free port."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _respond(self, form: dict[str, str]) -> None:
            place = urlsplit(self.path)
            status, kind, body = provider.answer(place.path, dict(parse_qsl(place.query)), form)
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def do_GET(self) -> None:
            self._respond({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._respond(dict(parse_qsl(self.rfile.read(length).decode())))

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
