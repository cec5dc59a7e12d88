"""Plain pages for somebody without a login or without a role: no script, no data, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from ..i18n import LANGUAGES, translate
from .words import DEFAULT_LANGUAGE

START = "/login"  # where the way to the provider begins
LOGOUT = "/auth/logout"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_NAMES = {"zh": "中文", "en": "English"}
_STYLE = """
:root { color-scheme: light dark; --ink: #1A1D21; --soft: #5B6470; --paper: #F7F8FA; --card: #FFFFFF; --line: #DDE1E6;
  --deed: #0B4F8A; --on: #FFFFFF; }
@media (prefers-color-scheme: dark) { :root { --ink: #E8EBEF; --soft: #9AA5B1; --paper: #0F1419; --card: #171D24;
  --line: #2B333D; --deed: #4C97DB; --on: #0F1419; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 16px/1.6 Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif; }
main { width: min(26rem, 86vw); padding: 2.5rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; }
p.app { margin: 0; color: var(--soft); font-size: 14px; }
h1 { margin: .25rem 0 1rem; font-size: 28px; line-height: 1.25; font-weight: 650; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
p.who { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 6px; font-variant-numeric: tabular-nums; }
a.deed { display: inline-block; padding: .5rem 1.25rem; border-radius: 6px; background: var(--deed); color: var(--on);
  text-decoration: none; font-weight: 600; }
a:focus-visible { outline: 3px solid var(--soft); outline-offset: 2px; }
footer { margin-top: 2rem; font-size: 14px; } footer a { color: var(--soft); }
"""


def language_of(request: HTTPConnection) -> str:
    """Return the language a visitor wants: as the link says, else as the browser does."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    wanted = request.headers.get("accept-language", "").lower()
    return "en" if wanted and not wanted.startswith("zh") else DEFAULT_LANGUAGE


def login_page(request: HTTPConnection, why: str) -> HTMLResponse:
    """Return the page that leads to the login.

    Parameters
    ----------
    why : logout, idle or expired where a login has just ended; "" where there was none.
    """
    lang = language_of(request)
    text = translate(lang, f"gate.ended.{why}" if why else "gate.login.text")
    return _page(request, lang, 200, translate(lang, "gate.login.title"), [text], ("gate.login.button", START))


def no_role_page(request: HTTPConnection, user_id: str) -> HTMLResponse:
    """Return the page for somebody whom nobody has given a role yet, with the name to tell the administrator."""
    lang = language_of(request)
    text = [translate(lang, "gate.no_role.text"), translate(lang, "gate.no_role.ask")]
    title = translate(lang, "gate.no_role.title")
    return _page(request, lang, 403, title, text, ("gate.no_role.button", LOGOUT), who=user_id)


def trouble_page(request: HTTPConnection, code: str, status: int) -> HTMLResponse:
    """Return a page that says what is wrong: catalogue key ``gate.trouble.<code>``."""
    lang = language_of(request)
    text = translate(lang, f"gate.trouble.{code}")
    return _page(request, lang, status, translate(lang, "gate.trouble.title"), [text], ("gate.trouble.button", START))


def _page(
    request: HTTPConnection,
    lang: str,
    status: int,
    title: str,
    text: list[str],
    deed: tuple[str, str],
    *,
    who: str = "",
) -> HTMLResponse:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text)
    named = f'<p class="who">{escape(who)}</p>' if who else ""
    button = f'<p><a class="deed" href="{deed[1]}">{escape(translate(lang, deed[0]))}</a></p>'
    body = (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>SAA Dash</title>'
        f'<link rel="icon" href="/favicon.png"><style>{_STYLE}</style></head><body><main>'
        f'<p class="app">SAA Dash</p><h1>{escape(title)}</h1>{paragraphs}{named}{button}'
        f"<footer>{_other_languages(request, lang)}</footer></main></body></html>"
    )
    return HTMLResponse(body, status_code=status, headers=plain_headers())


def plain_headers() -> Mapping[str, str]:
    """Return the headers of a page that may do nothing and be kept by nobody."""
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


def _other_languages(request: HTTPConnection, lang: str) -> str:
    links = []
    for code in LANGUAGES:
        if code != lang:
            query = urlencode({**request.query_params, "lang": code})
            links.append(f'<a href="?{escape(query)}" hreflang="{code}">{_NAMES[code]}</a>')
    return " ".join(links)
