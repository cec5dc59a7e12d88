"""Logging in through a real provider and a real proxy, in a real Chromium. Long: `make torture`."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Request as BrowserRequest
from support.browser import ROOT, Server, free_port, settle, start_server
from support.login_server import STRANGER, Hospital, running_hospital, running_node_provider, secrets_text
from support.screen import choose, key
from support.visitor import Visitor

from saa_dash.access.pages import can_page
from saa_dash.model.principal import Principal, Role

pytestmark = pytest.mark.torture

TALL = {"width": 1440, "height": 1400}
DOCS = ROOT / "docs" / "deployment.md"
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@dataclass
class House:
    """A dashboard behind nginx with TLS, and the provider it trusts."""

    url: str
    server: Server
    provider: str


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for loopback that nobody has signed, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )
    cert, secret = folder / "x.crt", folder / "x.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    none = serialization.NoEncryption()
    secret.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none))
    return cert, secret


def nginx_config(folder: Path, port: int, plain_port: int, server_port: int) -> Path:
    """Write the documented configuration with this machine's ports and files in it, and nothing else changed."""
    text = re.search(r"```nginx\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert text is not None
    cert, secret = certificate(folder)
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "saa.example.org;": "127.0.0.1;",
        "/etc/ssl/saa.example.org.crt": str(cert),
        "/etc/ssl/saa.example.org.key": str(secret),
        "127.0.0.1:8501": f"127.0.0.1:{server_port}",
    }
    block = text[1]
    for old, new in changes.items():
        assert old in block, old
        block = block.replace(old, new)
    places = "\n".join(
        f"{what}_temp_path {folder}/{what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log {folder}/access.log;\n{places}\n{block}\n}}\n"
    )
    return path


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        pytest.skip("no nginx: install it to test the documented configuration")
    folder = tmp_path_factory.mktemp("house")
    port, server_port = free_port(), free_port()
    origin = f"https://127.0.0.1:{port}"
    people = {str(role): [f"saa-{role}"] for role in Role}
    with running_node_provider(folder / "provider", f"{origin}/oauth2callback", people) as provider:
        secrets = folder / "secrets.toml"
        scope = 'client_kwargs = { scope = "openid profile email groups", prompt = "login" }'
        secrets.write_text(secrets_text(origin, provider, auth=scope), "utf-8")
        settings = {"SAA_DASH_MODE": "oidc", "SAA_DASH_SECRETS": str(secrets)}
        server = start_server(folder / "data", folder / "server.log", port=server_port, settings=settings)
        proxy = subprocess.Popen(
            [nginx, "-c", str(nginx_config(folder, port, free_port(), server_port)), "-p", str(folder)]
        )
        try:
            wait_for(origin)
            yield House(origin, server, provider)
        finally:
            proxy.terminate()
            proxy.wait(10)
            server.stop()


def trusting() -> ssl.SSLContext:
    return ssl._create_unverified_context()


def wait_for(origin: str) -> None:
    for _ in range(100):
        try:
            urlopen(f"{origin}/_stcore/health", timeout=2, context=trusting()).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("nginx does not answer")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", ignore_https_errors=True)
    made.set_default_timeout(90_000)
    yield made
    made.close()


def log_in(page: Page, name: str) -> None:
    """From the login page through the provider's own pages, and back."""
    page.get_by_role("link", name="Log in").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    agree = page.get_by_role("button", name="Continue")
    agree.click()


def enter(page: Page, house: House, name: str, link: str = "/?lang=en") -> None:
    page.goto(house.url + link)
    expect(page.get_by_role("heading", name="Please log in")).to_be_visible()
    log_in(page, name)
    page.wait_for_url(f"{house.url}/**")


def test_from_a_link_through_the_login_to_the_patient_and_out(house: House, context: BrowserContext) -> None:
    page = context.new_page()
    hosts: set[str | None] = set()

    def note(request: BrowserRequest) -> None:
        if request.frame.url.startswith(house.url):  # the provider's own pages are its own affair
            hosts.add(urlsplit(request.url).hostname)

    page.on("request", note)
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
    enter(page, house, "investigator", "/patients?lang=en&p=P03")
    expect(page.get_by_text("P03: response, counts")).to_be_visible()
    settle(page)
    assert page.url.startswith(f"{house.url}/patients?")
    assert "p=P03" in page.url
    ours = [cookie for cookie in context.cookies(house.url) if cookie["name"].startswith(("_streamlit", "saa_dash"))]
    assert ours
    assert all(cookie["secure"] for cookie in ours)
    links: list[str] = []
    page.on("request", lambda request: links.append(request.url) if "/media/" in request.url else None)
    page.get_by_text("Show the numbers").first.click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download CSV").first.click()
    assert got.value.suggested_filename.endswith(".csv")
    for cookie in ("", "; ".join(f"{c['name']}={c['value'][:-3]}abc" for c in ours)):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(links[-1], headers={"Cookie": cookie}), timeout=10, context=trusting())
        assert refused.value.code == 401
    kept = context.cookies()
    key(page, "login_menu").locator("button").first.click()
    expect(page.get_by_text("investigator", exact=True)).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name=re.compile("sign me out", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Please log in")).to_be_visible()
    context.add_cookies(kept)  # a copy somebody made before
    page.goto(f"{house.url}/patients?lang=en&p=P03")
    expect(page.get_by_text("You are logged out")).to_be_visible()
    assert hosts - {None, ""} == {"127.0.0.1"}
    assert house.server.asked == []


def test_an_administrator_gives_and_takes_a_role_and_the_screen_follows(house: House, browser: Browser) -> None:
    both = [browser.new_context(viewport=TALL, locale="en-GB", ignore_https_errors=True) for _ in range(2)]
    for made in both:
        made.set_default_timeout(90_000)
    admin, member = (made.new_page() for made in both)
    enter(member, house, STRANGER, "/overview?lang=en")
    expect(member.get_by_role("heading", name="No role yet")).to_be_visible()
    expect(member.get_by_text(STRANGER, exact=True)).to_be_visible()
    enter(admin, house, "admin")
    settle(admin)
    for name, text in (("role_user", STRANGER), ("role_reason", "joined the board")):
        key(admin, name).locator("input").fill(text)
        key(admin, name).locator("input").press("Enter")
        settle(admin)
    choose(admin, "role_role", "DSMB member")
    admin.get_by_role("button", name="Give").click()
    expect(admin.get_by_text(f"{STRANGER} now has the role: DSMB member.")).to_be_visible()
    member.reload()
    expect(member.get_by_text("How many have responded")).to_be_visible()
    assert "data" not in [link.get_attribute("href") for link in member.get_by_role("link").all()]
    admin.get_by_role("button", name="Take away").click()
    expect(admin.get_by_text(f"{STRANGER} no longer has the role")).to_be_visible()
    expect(member.get_by_role("heading", name="No role yet")).to_be_visible(timeout=60_000)
    expect(member.get_by_text("How many have responded")).to_have_count(0)
    for made in both:
        made.close()


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """With idle time of half a minute: more than the page's own clock needs to stir."""
    with running_hospital(tmp_path_factory.mktemp("idle"), more="idle_minutes = 0.5", demo=True) as running:
        yield running


def test_an_idle_screen_is_cleared(hospital: Hospital, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{hospital.url}/patients?lang=en&p=P03")
    page.get_by_role("link", name="Log in").click()
    page.get_by_role("link", name="investigator").click()
    expect(page.get_by_text("P03: response, counts")).to_be_visible()
    expect(page.get_by_text("Nothing was done for")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("P03")).to_have_count(0)
    page.get_by_role("link", name="Log in").click()
    page.get_by_role("link", name="investigator").click()
    expect(page.get_by_text("P03: response, counts")).to_be_visible()


@pytest.mark.parametrize("role", Role)
def test_every_page_on_a_bare_websocket(hospital: Hospital, role: Role) -> None:
    visitor, person = Visitor(hospital.url), Principal("x", frozenset({role}))
    for page in PAGES:
        visitor.log_in(role)
        answer = visitor.cold(page, "lang=en&p=P03")
        refused = "Your role may not open this page." in answer.words
        assert refused is not can_page(person, page), page
        assert "error id" not in answer.words, page
        assert b"ChiCTR2600117810-" not in answer.raw or role in (Role.INVESTIGATOR, Role.DATA_MANAGER), page
