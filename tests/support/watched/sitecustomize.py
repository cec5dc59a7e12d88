"""Loaded by every Python that is started with this folder on PYTHONPATH: notes who is asked outside of this machine."""

from __future__ import annotations

import os
import sys

_LOG = os.environ.get("SAA_DASH_WATCHED", "")
_OWN = ("127.", "::1", "localhost", "0.0.0.0", "::")


def _note(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        place = args[1]
        host = place[0] if isinstance(place, tuple) and place else ""
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host and not str(host).startswith(_OWN):
        with open(_LOG, "a", encoding="utf-8") as log:
            log.write(f"{event} {host}\n")


if _LOG:
    sys.addaudithook(_note)
