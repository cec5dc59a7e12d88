"""Role × page in one table, and every page in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from saa_dash.access.pages import PAGES, can_page, check_page
from saa_dash.model.errors import Refused
from saa_dash.model.principal import Principal, Role
from saa_dash.ui.deep_link import kept, page_of, restored

ROOT = Path(__file__).resolve().parents[2]
ALL = {path.stem for path in (ROOT / "pages").glob("*.py")}
# What each role cannot open.
CLOSED = {
    Role.INVESTIGATOR: set(),
    Role.DSMB: {"data", "audit"},
    Role.DATA_MANAGER: {"audit", "present"},
    Role.ADMIN: ALL - {"audit"},
    Role.PRESENTER: {"dsmb", "patients", "data", "audit", "review"},
}


def test_every_page_has_its_right() -> None:
    assert ALL - set(PAGES) == set()


@pytest.mark.parametrize("role", CLOSED)
def test_a_role_opens_its_pages_and_no_other(role: Role) -> None:
    person = Principal("x", frozenset({role}))
    assert {page for page in ALL if not can_page(person, page)} == CLOSED[role]


def test_nobody_opens_what_is_not_in_the_table_and_without_a_role_nothing() -> None:
    everyone = Principal("x", frozenset(Role))
    with pytest.raises(Refused) as refused:
        check_page(everyone, "unheard_of")
    assert refused.value.message.code == "error.page_not_permitted"
    check_page(everyone, "patients")
    assert not any(can_page(Principal("x", frozenset()), page) for page in PAGES)


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/patients", "lang=en&p=P03&pt=P03.P05", "/patients?lang=en&pt=P03.P05&p=P03"),
        ("/", "lang=zh", "/?lang=zh"),
        ("/present", "lang=en&mt=True&ty=0123abcd&p=P0x", "/present?lang=en&ty=0123abcd&mt=True"),
        ("/overview/", "", "/overview"),
        ("/patients", "p=ChiCTR-P001&x=<script>&lang=fr", "/patients"),
        ("//evil.example.org", "", "/"),
        ("/https://evil.example.org", "lang=en", "/"),
        ("/unheard_of", "lang=en", "/"),
        ("/patients\r\nSet-Cookie: x=y", "", "/"),
        ("/" + "x" * 5000, "", "/"),
    ],
)
def test_a_link_comes_back_after_the_login_and_leads_nowhere_else(path: str, query: str, expected: str) -> None:
    assert restored(kept(path, query)) == expected


@pytest.mark.parametrize("value", ["", "https://evil.example.org", "%2F%2Fevil", "/\\evil", "//patients", "\x00"])
def test_a_cookie_of_somebody_else_leads_nowhere(value: str) -> None:
    assert restored(value) == "/"


@pytest.mark.parametrize("path", ["/media/x", "/_stcore/stream", "//patients", "/patients/x", "/audit.py", "patients"])
def test_what_is_no_page(path: str) -> None:
    assert page_of(path) is None
