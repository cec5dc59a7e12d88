"""The audit page: its rows, the verdict, roles; and who sees which pages when people log in."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from support.app import ROOT, SHELL, Open

from saa_dash.access.deployment import Deployment, LoginRules, Mode
from saa_dash.access.logins import Logins
from saa_dash.model.principal import Role
from saa_dash.store.roles import read_roles
from saa_dash.store.state import StateDb
from saa_dash.ui import deployment, identity

RULES = LoginRules("http://x", roles_claim="groups", claim_roles={role: frozenset({role}) for role in Role})


def rows(app: AppTest) -> list[dict[str, object]]:
    return app.dataframe[0].value.to_dict("records")


def test_the_page_tells_what_was_done_and_changes_roles_with_a_reason(open_own_demo: Open, own_demo_dir: Path) -> None:
    app = open_own_demo("patients", "en", p="P03")
    app.run()
    app.switch_page(str(ROOT / "pages" / "audit.py")).run()
    assert not app.exception
    assert [(row["Did what"], row["Who"]) for row in rows(app)] == [
        ("Patient viewed", "local"), ("Cut published", "local"), ("Import", "local"),
    ]  # fmt: skip
    assert re.fullmatch(r"cut: \d{8}T\d{6}Z-[0-9a-f]{8} · patients: P03", str(rows(app)[0]["Detail"]))
    app.text_input(key="role_user").input("li@example.org")
    app.selectbox(key="role_role").select(Role.DSMB).run()
    app.button(key="role_grant").click().run()
    assert "No reason is given." in app.error[0].value
    app.text_input(key="role_reason").input("member since May").run()
    app.button(key="role_grant").click().run()
    assert app.success[0].value == "li@example.org now has the role: DSMB member."
    newest = rows(app)[0]
    assert (newest["Did what"], newest["Reason"]) == ("Role change", "member since May")
    assert newest["Detail"] == "given · account: li@example.org · role: DSMB member"
    with StateDb(own_demo_dir).reading() as con:
        assert read_roles(con) == {"li@example.org": frozenset({Role.DSMB})}
    app.selectbox(key="audit_action").select("role").run()
    assert len(rows(app)) == 1
    app.text_input(key="audit_since").input("yesterday").run()
    assert app.warning[0].value == "Write dates as 2026-07-31."


def test_the_verdict_finds_a_changed_row(open_own_demo: Open, own_demo_dir: Path) -> None:
    app = open_own_demo("audit", "zh")
    app.button(key="audit_verify").click().run()
    assert app.success[0].value == "轨迹完整：共 2 条，没有发现改动。"
    with closing(sqlite3.connect(own_demo_dir / "state.sqlite", isolation_level=None)) as con:
        con.execute("DROP TRIGGER audit_no_update")
        con.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 1")
    app.button(key="audit_verify").click().run()
    assert "轨迹不完整" in app.error[0].value


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> Logins:
    """Mode oidc, with logins of its own."""
    held = Logins()
    monkeypatch.setattr(deployment, "current", lambda: Deployment(Mode.OIDC, RULES))
    monkeypatch.setattr(identity, "LOGINS", held)
    return held


def opened(logins: Logins, *roles: Role) -> AppTest:
    """Start the shell as somebody whose login gives roles."""
    now = int(time.time())
    claims = {"iss": "i", "sub": "wang", "nonce": "n", "iat": now, "exp": now + 900, "groups": list(roles)}
    logins.start(claims, RULES)
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.query_params["lang"] = "en"
    for name, value in claims.items():
        app.user[name] = value
    return app.run()


def test_the_menu_tells_roles_and_name_and_a_revoked_role_is_gone_at_the_next_run(
    open_own_demo: Open, own_demo_dir: Path, logins: Logins
) -> None:
    open_own_demo  # noqa: B018  the data folder is set by it
    with StateDb(own_demo_dir).audited("t", "role", {}) as con:
        con.execute("INSERT INTO roles VALUES ('wang', 'dsmb', 't', 't')")
    app = opened(logins, Role.PRESENTER)
    assert not app.exception
    assert [code.value for code in app.code] == ["wang"]
    assert [button.key for button in app.button if button.key == "log_out"] == ["log_out"]
    assert "f_patients" in [widget.key for widget in app.multiselect]
    with StateDb(own_demo_dir).audited("t", "role", {}) as con:
        con.execute("DELETE FROM roles")
    app.run()
    assert "f_patients" not in [widget.key for widget in app.multiselect]
    logins.end(next(iter(logins._logins)), "logout")
    app.run()
    assert "Your login has ended." in app.error[0].value
    assert not app.get("plotly_chart")


def test_without_a_role_or_a_login_nothing_is_drawn(open_own_demo: Open, logins: Logins) -> None:
    open_own_demo  # noqa: B018
    app = opened(logins)
    assert "You have no role yet" in app.error[0].value
    assert [m.value for m in app.markdown] == []
    app.user["nonce"] = "another"
    app.run()
    assert "Your login has ended." in app.error[0].value
