"""The program files of the figures, served beside Streamlit's own.

They hold no data, and are the same in every installation of a version: like Streamlit's own scripts they are given to
everybody whom the guard lets in front of a login page, and a browser or a proxy may keep them for good. A change of
any file is another address.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FOLDER = "chart-files"
ASSETS = Path(__file__).parent / "assets"
LOADER = "loader.js"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
_KEPT = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
_SERVED: list[str] = []  # where this process serves them


def routes() -> list[Route]:
    """Return the routes of a server, which from now on can draw figures with the component."""
    where = address()
    _SERVED.append(where)
    return [Route(f"/{where}{{name}}", _file, methods=["GET"])]


def are_served() -> bool:
    """Tell whether the server of this process has the files; a test without a server has none."""
    return bool(_SERVED)


@cache
def address() -> str:
    """Return the folder of the files in an address, without a leading slash; it names their content."""
    digest = hashlib.sha256()
    for path in sorted(ASSETS.iterdir()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{FOLDER}/{digest.hexdigest()[:16]}/"


@cache
def loader(name: str = "figure.js") -> str:
    """Return the program that travels with a figure and fetches the others.

    Parameters
    ----------
    name : of the program that draws.
    """
    text = (ASSETS / LOADER).read_text("utf-8")
    return text.replace("__FILES__", address()).replace("__PROGRAM__", name)


@cache
def _contents() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in ASSETS.iterdir() if path.suffix in _KINDS}


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    body = _contents().get(name)
    if body is None:
        return PlainTextResponse("", 404)
    return Response(body, media_type=_KINDS[Path(name).suffix], headers=_KEPT)
