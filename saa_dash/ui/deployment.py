"""How this installation is reached, as the environment and Streamlit's own configuration say."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Any

from ..access.deployment import MODE, Deployment, Mode, ServerOptions, read_deployment
from ..i18n import LANGUAGES, render
from ..i18n.problem_words import problem_words
from ..model.errors import DeploymentProblems
from .words import DEFAULT_LANGUAGE

PLACE_OF_SECRETS = "SAA_DASH_SECRETS"  # environment variable: a secrets.toml elsewhere than in .streamlit/


@cache
def current() -> Deployment:
    """Return how the installation is reached; read once per process.

    Raises
    ------
    DeploymentProblems : every mistake of the configuration.
    """
    from streamlit import config

    mode = os.environ.get(MODE, "").strip().lower()
    options = ServerOptions(
        address=config.get_option("server.address"),
        base_path=config.get_option("server.baseUrlPath") or "",
        trusted_headers=bool(config.get_option("server.trustedUserHeaders")),
        agent_api=bool(config.get_option("server.enableAgentApi")),
        has_authlib=mode != Mode.OIDC or _can_ask_provider(),
    )
    return read_deployment(mode, _secrets(), options)


def checked() -> Deployment:
    """Return how the installation is reached, or end the process saying everything that is wrong with it."""
    try:
        return current()
    except DeploymentProblems as error:
        sys.stderr.write(f"{_words(error)}\n")
        raise SystemExit(error.exit_code) from None


def _can_ask_provider() -> bool:
    """Tell whether the libraries are there; they are slow to import, which the first login need not wait for then."""
    try:
        import authlib.integrations.starlette_client  # noqa: F401
    except ImportError:
        return False
    return True


def _secrets() -> dict[str, Any]:
    from streamlit import config
    from streamlit.runtime.secrets import secrets_singleton

    place = os.environ.get(PLACE_OF_SECRETS)
    if place:
        config.set_option("secrets.files", [place])
    return dict(secrets_singleton.to_dict()) if secrets_singleton.load_if_toml_exists() else {}


def _words(error: DeploymentProblems) -> str:
    chosen = os.environ.get("SAA_DASH_LANG", "")
    lang = chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE
    lines = [render(error.message, lang)]
    for problem in error.problems:
        words = problem_words(problem, lang)
        lines.append(f"  {problem.column}: {words.message} {words.remedy}")
    return "\n".join(lines)
