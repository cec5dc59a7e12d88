"""Logins begin with what the provider says, and end: by the person, the clock, or the provider's expiry."""

from __future__ import annotations

from typing import Any

import pytest

from saa_dash.access.deployment import IDLE_MINUTES, SESSION_HOURS, LoginRules
from saa_dash.access.identity import claimed_roles, login_id, user_id
from saa_dash.access.logins import LINK_SECONDS, Login, Logins
from saa_dash.model.principal import Role

RULES = LoginRules(
    "https://saa.example.org",
    roles_claim="realm.roles",
    claim_roles={"a": frozenset({Role.DSMB}), "b": frozenset({Role.ADMIN, Role.DSMB})},
)
NOON = 1_800_000_000.0


class Clock:
    """A clock that a test sets."""

    now = NOON

    def __call__(self) -> float:
        return self.now


def claims(**changed: Any) -> dict[str, Any]:
    plain = {"iss": "https://id", "sub": "u1", "nonce": "n1", "iat": int(NOON), "exp": int(NOON) + 100_000}
    return {name: value for name, value in (plain | changed).items() if value is not None}


def begun(clock: Clock, **changed: Any) -> tuple[Logins, Login]:
    logins = Logins(clock)
    login = logins.start(claims(**changed), RULES)
    assert login is not None
    return logins, login


def test_a_login_lasts_while_something_is_done_and_no_longer_than_allowed() -> None:
    clock = Clock()
    logins, login = begun(clock)
    while clock.now + 800 < NOON + SESSION_HOURS * 3600:
        clock.now += 800
        logins.touch(login.id)
        assert logins.alive(login.id) == login
    clock.now = NOON + SESSION_HOURS * 3600
    assert logins.alive(login.id) is None
    assert logins.why_ended(login.id) == "expired"
    logins.touch(login.id)
    assert logins.alive(login.id) is None


def test_a_login_ends_when_nothing_is_done() -> None:
    clock = Clock()
    logins, login = begun(clock)
    clock.now += IDLE_MINUTES * 60 - 1
    assert logins.alive(login.id)
    clock.now += 1
    assert logins.alive(login.id) is None
    assert logins.why_ended(login.id) == "idle"


def test_the_providers_expiry_counts_even_while_something_is_done() -> None:
    clock = Clock()
    logins, login = begun(clock, exp=int(NOON) + 300)
    clock.now += 299
    logins.touch(login.id)
    assert logins.alive(login.id)
    clock.now += 1
    assert logins.alive(login.id) is None


def test_a_logout_takes_sessions_and_links_along() -> None:
    clock = Clock()
    logins, login = begun(clock)
    logins.add_session(login.id, "s1")
    logins.add_link(login.id, "f1")
    assert logins.owns_session(login.id, "s1")
    assert logins.owns_link(login.id, "f1")
    assert not logins.owns_link(login.id, "f2")
    assert logins.end(login.id, "logout") == login
    assert logins.end(login.id, "logout") is None
    assert not logins.owns_session(login.id, "s1")
    assert not logins.owns_link(login.id, "f1")
    logins.add_link(login.id, "f1")
    logins.add_session(login.id, "s1")
    assert not logins.owns_link(login.id, "f1")
    assert not logins.owns_session(login.id, "s1")
    assert logins.why_ended(login.id) == "logout"


def test_links_and_sessions_are_ones_own_and_links_short_lived() -> None:
    clock = Clock()
    logins, one = begun(clock)
    two = logins.start(claims(sub="u2", nonce="n2"), RULES)
    assert two is not None
    logins.add_session(one.id, "s1")
    logins.add_session(two.id, "s1")
    assert not logins.owns_session(two.id, "s1")
    logins.add_link(one.id, "f1")
    assert not logins.owns_link(two.id, "f1")
    clock.now += LINK_SECONDS
    assert not logins.owns_link(one.id, "f1")


def test_an_answer_of_the_provider_counts_once() -> None:
    clock = Clock()
    logins, login = begun(clock)
    assert logins.start(claims(), RULES) is None
    logins.end(login.id, "logout")
    assert logins.start(claims(), RULES) is None
    assert logins.alive(login.id) is None


@pytest.mark.parametrize("name", ["iss", "sub", "nonce", "iat", "exp"])
def test_claims_that_do_not_say_enough_start_nothing(name: str) -> None:
    assert Logins(Clock()).start(claims(**{name: None}), RULES) is None


def test_expired_claims_start_nothing() -> None:
    assert Logins(Clock()).start(claims(exp=int(NOON)), RULES) is None


def test_another_login_has_another_name() -> None:
    names = {login_id(claims(**change)) for change in ({}, {"nonce": "n2"}, {"sub": "u2"}, {"iss": "x"}, {"iat": 1})}
    assert len(names) == 5
    assert login_id({}) is None
    assert login_id(claims(nonce="")) is None
    assert login_id(claims(nonce=["n1"])) is None


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        ("sub", {}, "u1"),
        ("email", {"email": "a@b.org", "email_verified": True}, "a@b.org"),
        ("email", {"email": "a@b.org"}, None),
        ("email", {"email": "a@b.org", "email_verified": "true"}, None),
        ("preferred_username", {"preferred_username": " li "}, "li"),
        ("preferred_username", {"preferred_username": "a\nb"}, None),
        ("preferred_username", {"preferred_username": "x" * 201}, None),
        ("preferred_username", {"preferred_username": ["x"]}, None),
        ("name", {}, None),
    ],
)
def test_who_it_is(rule: str, given: dict[str, Any], expected: str | None) -> None:
    assert user_id(claims(**given), LoginRules("https://x", user_claim=rule)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"realm": {"roles": ["a", "z"]}}, {Role.DSMB}),
        ({"realm": {"roles": "b"}}, {Role.ADMIN, Role.DSMB}),
        ({"realm.roles": ["a"]}, {Role.DSMB}),
        ({"realm": {"roles": ["admin", "dsmb"]}}, set()),
        ({"realm": {"roles": [["a"], None, 3]}}, set()),
        ({"realm": ["a"]}, set()),
        ({}, set()),
    ],
)
def test_roles_come_from_mapped_values_only(given: dict[str, Any], expected: set[Role]) -> None:
    assert claimed_roles(claims(**given), RULES) == expected
