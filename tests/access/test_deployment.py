"""How the installation is reached: every mistake at once, and nothing open by mistake."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from support.login_server import secrets_text

from saa_dash.access.deployment import Deployment, Mode, ServerOptions, read_deployment
from saa_dash.i18n import LANGUAGES
from saa_dash.i18n.problem_words import problem_words
from saa_dash.model.errors import DeploymentProblems
from saa_dash.model.principal import Role

GOOD = tomllib.loads(secrets_text("https://saa.example.org", "https://id.example.org"))


def problems(mode: str, secrets: dict[str, Any], **options: Any) -> dict[str, str]:
    """Return what is wrong: code by place."""
    with pytest.raises(DeploymentProblems) as found:
        read_deployment(mode, secrets, ServerOptions(**options))
    assert found.value.exit_code == 4
    for problem in found.value.problems:
        for lang in LANGUAGES:
            words = problem_words(problem, lang)
            assert words.message != problem.code
            assert words.remedy
            assert "{" not in words.message + words.remedy
    return {problem.column: problem.code for problem in found.value.problems}


def changed(section: str, **values: Any) -> dict[str, Any]:
    merged = {**GOOD[section], **values}
    return {**GOOD, section: {name: value for name, value in merged.items() if value is not None}}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_local_mode_is_the_default_and_loopback_only(address: str) -> None:
    assert read_deployment("", {}, ServerOptions(address)) == Deployment(Mode.LOCAL)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.7", "saa.example.org", "", None, "unix:///tmp/x"])
def test_another_address_without_login_is_refused(address: str | None) -> None:
    assert problems("local", {}, address=address) == {"server.address": "deploy_address"}


def test_a_login_that_would_not_be_asked_for_is_refused() -> None:
    assert problems("", GOOD) == {"[auth]": "deploy_auth_unused"}


def test_an_unknown_mode_is_refused() -> None:
    assert problems("open", GOOD) == {"SAA_DASH_MODE": "deploy_mode"}


def test_a_complete_configuration_with_a_login_may_bind_anywhere() -> None:
    read = read_deployment("oidc", changed("saa_dash", idle_minutes=5, session_hours=0.5), ServerOptions("0.0.0.0"))
    assert read.login is not None
    assert (read.login.origin, read.login.https, read.login.user_claim) == ("https://saa.example.org", True, "sub")
    assert (read.login.idle_seconds, read.login.total_seconds) == (300, 1800)
    assert read.login.claim_roles["saa-dsmb"] == {Role.DSMB}


def test_every_mistake_is_told_at_once() -> None:
    secrets = {
        "auth": {"redirect_uri": "http://saa.example.org/x", "cookie_secret": "short", "client_id": " "},
        "saa_dash": {"idle_minutes": 60, "session_hours": True, "rolesclaim": "x", "roles": {"king": ["a"]}},
    }
    options = {"base_path": "/saa", "trusted_headers": True, "agent_api": True, "has_authlib": False}
    assert problems("oidc", secrets, **options) == {
        "Authlib": "deploy_authlib",
        "server.baseUrlPath": "deploy_base_path",
        "server.trustedUserHeaders": "deploy_trusted_headers",
        "server.enableAgentApi": "deploy_agent_api",
        "auth.redirect_uri": "deploy_redirect",
        "auth.cookie_secret": "deploy_secret",
        "auth.client_id": "deploy_missing",
        "auth.client_secret": "deploy_missing",
        "auth.server_metadata_url": "deploy_missing",
        "saa_dash.rolesclaim": "deploy_unknown_key",
        "saa_dash.idle_minutes": "deploy_limit",
        "saa_dash.session_hours": "deploy_limit",
        "saa_dash.roles_claim": "deploy_missing",
        "saa_dash.roles.king": "deploy_role",
    }


@pytest.mark.parametrize(
    ("section", "values", "expected"),
    [
        ("auth", {"redirect_uri": "https://saa.example.org/elsewhere"}, {"auth.redirect_uri": "deploy_redirect"}),
        ("auth", {"redirect_uri": "javascript:/oauth2callback"}, {"auth.redirect_uri": "deploy_redirect"}),
        ("auth", {"server_metadata_url": "http://id.example.org"}, {"auth.server_metadata_url": "deploy_https"}),
        ("saa_dash", {"user_claim": ""}, {"saa_dash.user_claim": "deploy_text"}),
        ("saa_dash", {"roles_claim": 3}, {"saa_dash.roles_claim": "deploy_text"}),
        ("saa_dash", {"idle_minutes": 0}, {"saa_dash.idle_minutes": "deploy_limit"}),
        ("saa_dash", {"session_hours": 9}, {"saa_dash.session_hours": "deploy_limit"}),
        ("saa_dash", {"roles": ["admin"]}, {"saa_dash.roles": "deploy_roles"}),
        ("saa_dash", {"roles": {"admin": [3]}}, {"saa_dash.roles.admin": "deploy_roles"}),
    ],
)
def test_single_mistakes(section: str, values: dict[str, Any], expected: dict[str, str]) -> None:
    assert problems("oidc", changed(section, **values)) == expected


def test_without_secrets_everything_is_missing() -> None:
    assert set(problems("oidc", {}).values()) == {"deploy_missing"}
