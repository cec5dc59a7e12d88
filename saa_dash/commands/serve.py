"""`serve [--port 8501] [--address 127.0.0.1]`: the dashboard, on this machine's own address unless people log in."""

from __future__ import annotations

import os
import socket

import click

from ..model.errors import EnvironmentProblem, UsageError
from .support import Call, current_call

ADDRESS = "127.0.0.1"
# Nothing is sent out, nothing internal is shown, large files are refused: also for an installed package, where the
# project's own .streamlit/config.toml is not in the working directory.
OPTIONS = {
    "server.headless": "true",
    "server.maxUploadSize": "20",
    "server.disconnectedSessionTTL": "60",
    "server.fileWatcherType": "none",
    "server.runOnSave": "false",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
    "client.showSidebarNavigation": "false",
}


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8501)
@click.option("--address", metavar="ADDRESS", default=ADDRESS)
def command(port: int, address: str) -> None:
    from ..services.location import PROJECT_ROOT

    call = current_call()
    app = PROJECT_ROOT / "app.py"
    if not app.is_file():
        raise EnvironmentProblem("error.app_missing", path=str(app))
    os.chdir(PROJECT_ROOT)  # where the server finds its theme and the secrets of the login
    _check_deployment(address)
    _check_port(address, port)
    _ensure_cut(call)
    os.environ["SAA_DASH_DATA"] = str(call.data_dir.absolute())
    os.environ["SAA_DASH_LANG"] = call.lang
    call.shown = True  # the server's own lines follow; there is no document
    call.tell(call.words("cli.serving", url=f"http://{address}:{port}"))
    from streamlit.web.cli import main

    place = {"server.address": address, "browser.serverAddress": address, "server.port": str(port)}
    options = [f"--{name}={value}" for name, value in {**OPTIONS, **place}.items()]
    main(args=["run", str(app), *options], prog_name="streamlit", standalone_mode=False)


def _check_deployment(address: str) -> None:
    """Refuse an address that nobody's login protects; all else of the deployment is checked by the application."""
    from ..access.deployment import MODE, Mode, ServerOptions, read_deployment

    mode = os.environ.get(MODE, "").strip().lower()
    if mode != Mode.OIDC:
        read_deployment(mode, {}, ServerOptions(address))


def _check_port(address: str, port: int) -> None:
    """Refuse a port that another program holds; the server would say so less plainly."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":  # there the option would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except socket.gaierror as error:
            raise UsageError("error.address_unknown", address=address) from error
        except OSError as error:
            raise EnvironmentProblem("error.port_taken", port=str(port)) from error


def _ensure_cut(call: Call) -> None:
    from ..services.cuts import list_cuts

    if list_cuts(call.principal, call.data_dir):
        return
    from ..services.imports import make_demo_cut

    call.tell(call.words("cli.making_demo"))
    make_demo_cut(call.principal, call.data_dir, progress=call.progress)
