"""The gate of mode oidc, in front of a real server, asked by requests and bare websockets."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from support.login_server import COOKIE_SECRET, STRANGER, Hospital, running_hospital
from support.visitor import Answer, Visitor, ask, take
from websockets.sync.client import ClientConnection

from saa_dash.access.pages import PAGES, can_page
from saa_dash.access.policy import Permission, can_permission
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services import identity
from saa_dash.services.audit import audit_rows, verify_audit
from saa_dash.ui.plot.files import address as chart_files

COOKIE = "_streamlit_user"
# What no byte may hold before permission: a subject number of the demo, a figure; a P-code for who has no right to any,
# but those that the link itself names.
OF_PATIENTS = re.compile(rb"ChiCTR2600117810-|plotly|customdata")
P_CODE = re.compile(rb"\bP(0[124-9]|10)\b")
ASKED = "lang=en&p=P03&pt=P03"
SERVED = [path.stem for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py")]


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    with running_hospital(tmp_path_factory.mktemp("hospital")) as running:
        yield running


@pytest.fixture
def investigator(hospital: Hospital) -> Visitor:
    visitor = Visitor(hospital.url)
    visitor.log_in("investigator")
    return visitor


def told(hospital: Hospital) -> list[tuple[str, str, dict[str, object], str]]:
    """The audit trail: who, what, detail, reason."""
    rows = audit_rows(local_principal(), hospital.server.data_dir)
    return [(row.actor, row.action, row.details, row.reason) for row in rows]


def download_id(answer: Answer) -> str:
    elements = [m.delta.new_element for m in answer.messages if m.HasField("delta")]
    return next(e.download_button.deferred_file_id for e in elements if e.HasField("download_button"))


def session_of(answer: Answer) -> str:
    return str(answer.messages[0].new_session.initialize.session_id)


def fetch_link(line: ClientConnection, shown: Answer) -> str:
    """Click the download button of a page and return the link that comes back."""
    wish = BackMsg()
    wish.backend_operation_request.request_id = "1"
    wish.backend_operation_request.session_id = session_of(shown)
    wish.backend_operation_request.deferred_file.file_id = download_id(shown)
    line.send(wish.SerializeToString())
    while True:
        said = ForwardMsg()
        said.ParseFromString(line.recv(timeout=30))  # type: ignore[arg-type]
        if said.HasField("backend_operation_response"):
            return str(said.backend_operation_response.deferred_file.url)


def forged(hospital: Hospital, secret: str) -> str:
    """A cookie as Streamlit makes it, with claims that nobody's provider has confirmed."""
    claims = {
        "iss": hospital.provider.url, "sub": "investigator", "groups": ["saa-investigator"], "nonce": "n",
        "iat": int(time.time()), "exp": int(time.time()) + 3600, "origin": hospital.url, "is_logged_in": True,
    }  # fmt: skip
    return create_signed_value(secret, COOKIE, json.dumps(claims)).decode()


def test_a_stranger_gets_health_static_files_and_the_way_to_the_login(hospital: Hospital) -> None:
    stranger = Visitor(hospital.url)
    assert stranger.get("/_stcore/health").text == "ok"
    assert "export" in stranger.get(f"/{chart_files()}figure.js").text
    for page in ("/", *(f"/{name}" for name in SERVED)):
        answer = stranger.get(page, **{"Accept-Language": "en-GB"})
        assert (answer.status_code, "Please log in" in answer.text, "<script" in answer.text) == (200, True, False)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "请登录" in stranger.get("/").text
    for path in ("media/x.csv", "_stcore/metrics", "_stcore/agent/openapi.json", "component/x/y.js", "docs", "/media/x",
                 "_stcore/bidi-components/x", "_stcore/upload_file/s/f", "static/../media/x", "login/x"):  # fmt: skip
        assert stranger.get(f"/{path}").status_code in (400, 401, 404), path
    for method in ("PUT", "POST", "DELETE", "OPTIONS"):
        for path in ("/", "/patients", "/_stcore/upload_file/s/f", "/_stcore/agent/interact", "/login"):
            assert stranger.http.request(method, path).status_code == 401, (method, path)
    assert stranger.handshake() == 403


def test_a_cookie_counts_only_for_a_login_that_the_provider_confirmed(hospital: Hospital) -> None:
    for secret in ("another-secret-that-is-long-enough-too", COOKIE_SECRET):
        stranger = Visitor(hospital.url)
        stranger.http.cookies.set(COOKIE, forged(hospital, secret), domain="127.0.0.1")
        assert stranger.handshake() == 403
        assert stranger.get("/_stcore/metrics").status_code == 401


def test_the_websocket_opens_for_the_dashboards_own_page_only(investigator: Visitor) -> None:
    assert investigator.handshake() == 101
    assert investigator.handshake(origin="http://evil.example.org") == 403
    assert investigator.handshake(origin=None) == 403


def test_a_link_survives_the_login(hospital: Hospital) -> None:
    back = Visitor(hospital.url).log_in("dsmb", "/patients?lang=en&p=P03&next=https://evil.example.org")
    assert (back.status_code, back.headers["location"]) == (302, "/patients?lang=en&p=P03")


def test_somebody_without_a_role_sees_whom_to_ask_and_nothing_else(hospital: Hospital) -> None:
    visitor = Visitor(hospital.url)
    visitor.log_in(STRANGER)
    answer = visitor.get("/patients?lang=en")
    assert (answer.status_code, "No role yet" in answer.text, STRANGER in answer.text) == (403, True, True)
    assert visitor.handshake() == 403
    assert visitor.get("/media/x").status_code == 403


@pytest.mark.parametrize("role", Role)
def test_a_page_of_others_is_not_in_the_menu_and_sends_nothing_of_patients(hospital: Hospital, role: Role) -> None:
    visitor = Visitor(hospital.url)
    visitor.log_in(role)
    person = Principal("x", frozenset({role}))
    for page in (name for name in SERVED if not can_page(person, name)):
        answer = visitor.cold(page, ASKED)
        assert "Your role may not open this page." in answer.words, page
        assert OF_PATIENTS.search(answer.raw) is None, page
        if not can_permission(person, Permission.VIEW_PATIENTS):
            assert P_CODE.search(answer.raw) is None, page
        assert {name or next(n for n in PAGES if can_page(person, n)) for name in answer.navigation} == {
            name for name in SERVED if can_page(person, name)
        }


def test_a_download_is_for_the_login_that_asked_for_it(hospital: Hospital, investigator: Visitor) -> None:
    colleague = Visitor(hospital.url)
    colleague.log_in("investigator")
    other = Visitor(hospital.url)
    other.log_in("presenter")
    with investigator.line() as line:
        ask(line, "audit")
        link = fetch_link(line, take(line))
        assert link.startswith("/media/")
        mine = investigator.get(link)
        assert (mine.status_code, mine.headers["cache-control"]) == (200, "no-store")
        assert "local" in mine.text
        assert Visitor(hospital.url).get(link).status_code == 401
        assert colleague.get(link).status_code == 403
        assert other.get(link).status_code == 403
    old = Visitor(hospital.url)
    old.http.cookies.update(investigator.http.cookies)
    assert old.get(link).status_code == 200
    investigator.get("/auth/logout")
    assert old.get(link).status_code == 401
    assert investigator.get(link).status_code == 401
    rows = told(hospital)
    assert ("investigator", "download", {"file": "audit.csv", "right": "view_audit"}, "") in rows
    assert ("presenter", "refused", {"what": "download"}, "") in rows


def test_a_logout_ends_the_login_everywhere(hospital: Hospital, investigator: Visitor) -> None:
    copy = Visitor(hospital.url)
    copy.http.cookies.update(investigator.http.cookies)
    with copy.line() as line:
        ask(line, "audit")
        assert take(line).closed is None
        answer = investigator.get("/auth/logout")
        assert answer.headers["location"].startswith(f"{hospital.provider.url}/end?")
        ask(line, "patients")
        after = take(line)
    assert (after.closed, after.messages[-1].WhichOneof("type")) == (1008, "auth_redirect")
    assert not any(m.HasField("delta") for m in after.messages)
    assert copy.handshake() == 403
    assert "logged out" in copy.get("/?lang=en").text


def test_a_role_taken_away_and_an_expired_login_end_although_the_browser_does_nothing(hospital: Hospital) -> None:
    def change(deed: Callable[..., bool]) -> None:
        wanted = identity.RoleChange(STRANGER, Role.ADMIN, "for a test")
        assert deed(local_principal(), hospital.server.data_dir, wanted)

    revoked, expired = Visitor(hospital.url), Visitor(hospital.url)
    revoked.log_in(STRANGER)
    change(identity.grant)
    hospital.provider.lifetime = 2
    expired.log_in("admin")
    hospital.provider.lifetime = 3600
    with revoked.line() as one, expired.line() as two:
        ask(one, "audit")
        assert take(one).closed is None
        change(identity.revoke)
        for line in (one, two):
            silent = take(line, patience=30)
            assert (silent.closed, silent.messages[-1].WhichOneof("type")) == (1008, "auth_redirect")
            assert not any(m.HasField("delta") for m in silent.messages)
    assert revoked.handshake() == 403
    assert expired.handshake() == 403
    assert "No role yet" in revoked.get("/?lang=en").text
    assert "expired" in expired.get("/?lang=en").text
    assert expired.get("/media/x").status_code == 401
    changes = [(detail["what"], reason) for _, action, detail, reason in told(hospital) if action == "role"]
    assert changes == [("grant", "for a test"), ("revoke", "for a test")]


def test_an_upload_goes_into_ones_own_session_only(hospital: Hospital, investigator: Visitor) -> None:
    def put(visitor: Visitor, session: str) -> int:
        token = (visitor.http.cookies.get("_streamlit_xsrf") or "").strip('"')
        files = {"file": ("x.csv", b"a,b")}
        answer = visitor.http.put(f"/_stcore/upload_file/{session}/f1", files=files, headers={"X-Xsrftoken": token})
        return answer.status_code

    reader = Visitor(hospital.url)
    reader.log_in("dsmb")
    with investigator.line() as mine, reader.line() as theirs:
        sessions = []
        for line in (mine, theirs):
            ask(line, "audit")
            sessions.append(session_of(take(line)))
        assert put(investigator, sessions[0]) == 204
        assert put(investigator, sessions[1]) == 403
        assert put(reader, sessions[0]) == 403
        assert put(reader, sessions[1]) == 403  # one's own, but without the right to import
        with reader.line(session=sessions[0]) as taken:
            ask(taken, "audit")
            assert session_of(take(taken)) not in sessions


def test_who_came_and_went_stands_in_the_trail(hospital: Hospital) -> None:
    visitor = Visitor(hospital.url)
    visitor.log_in("dsmb")
    visitor.get("/auth/logout")
    assert [row[:3] for row in told(hospital)][-2:] == [("dsmb", "login", {"roles": ["dsmb"]}), ("dsmb", "logout", {})]
    assert verify_audit(local_principal(), hospital.server.data_dir).ok


def test_what_the_trail_cannot_tell_does_not_happen(hospital: Hospital) -> None:
    visitor = Visitor(hospital.url)
    visitor.log_in("investigator")
    state = hospital.server.data_dir / "state.sqlite"
    kept = {path: path.read_bytes() for path in state.parent.glob("state.sqlite*")}
    for path in kept:
        path.unlink()
    state.write_bytes(b"this is no database" * 100)
    try:
        assert Visitor(hospital.url).log_in("investigator").status_code == 503
        assert visitor.handshake() == 403
        assert visitor.get("/").status_code == 503
    finally:
        state.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
    assert visitor.handshake() == 101


def test_the_server_has_asked_nobody_but_the_provider(hospital: Hospital) -> None:
    assert hospital.server.asked == []  # the provider of the tests is on loopback


def test_nothing_secret_is_in_the_log(hospital: Hospital) -> None:
    log = hospital.server.log.read_text("utf-8", "replace")
    assert "Traceback" not in log
    assert "ChiCTR2600117810-" not in log
    assert COOKIE_SECRET not in log
