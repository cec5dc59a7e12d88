"""Views saved under a name, the exact link, the population of the bar, and what Back brings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest
from support.app import ROOT, Open

from saa_dash.model.errors import UserError
from saa_dash.model.principal import Principal, Role
from saa_dash.services import saved_views
from saa_dash.services.audit import audit_rows
from saa_dash.ui import session

ME, OTHER = (Principal(name, frozenset({Role.INVESTIGATOR})) for name in ("me", "other"))


def names(person: Principal, folder: Path) -> list[str]:
    return [view.name for view in saved_views.list_views(person, folder)]


def test_views_are_kept_renamed_deleted_and_brought_back_per_person(tmp_path: Path) -> None:
    params = {"lang": "en", "sex": "F", "cut": "20260801T000000Z-0a1b2c3d", "bad": "ChiCTR P001 张三"}
    view = saved_views.save_view(ME, tmp_path, "  Women,   week 8 ", "response", params)
    assert view.name == "Women, week 8"
    assert dict(view.params) == {"lang": "en", "sex": "F", "cut": "20260801T000000Z-0a1b2c3d"}
    assert saved_views.list_views(ME, tmp_path)[0].page == "response"
    assert names(OTHER, tmp_path) == []
    with pytest.raises(UserError, match="saved_view_exists"):
        saved_views.save_view(ME, tmp_path, "Women, week 8", "overview", {})
    saved_views.save_view(ME, tmp_path, "b", "overview", {})
    with pytest.raises(UserError, match="saved_view_exists"):
        saved_views.rename_view(ME, tmp_path, "b", "Women, week 8")
    saved_views.rename_view(ME, tmp_path, "b", "a")
    assert names(ME, tmp_path) == ["a", "Women, week 8"]
    for wrong in ("", "   ", "x" * 61):
        with pytest.raises(UserError):
            saved_views.save_view(ME, tmp_path, wrong, "overview", {})
    saved_views.delete_view(ME, tmp_path, "a")
    with pytest.raises(UserError, match="saved_view_gone"):
        saved_views.delete_view(ME, tmp_path, "a")
    saved_views.save_view(ME, tmp_path, "a", "overview", {})
    told = [(row.action, row.details["what"], row.details["view"]) for row in audit_rows(ME, tmp_path)]
    assert told == [
        ("setting", "view_saved", "Women, week 8"), ("setting", "view_saved", "b"),
        ("setting", "view_renamed", "b"), ("setting", "view_deleted", "a"), ("setting", "view_saved", "a"),
    ]  # fmt: skip


def link_of(app: AppTest) -> dict[str, str]:
    """Return what the exact link in the menu names."""
    return dict(parse_qsl(urlsplit(app.code[0].value).query))


def test_the_exact_link_is_saved_opened_and_brings_everything_back(open_own_demo: Open, own_demo_dir: Path) -> None:
    asked = {"pop": "FAS", "sex": "F", "origin": "atg_end", "tg": "survival", "ts": "FFS", "tb": "True", "tu": "weeks"}
    app = open_own_demo("survival", "en", **asked)
    assert "chip_rule" in [button.key for button in app.button]
    app.session_state["views_open"] = True
    app.run()
    link = link_of(app)
    assert asked.items() <= link.items()
    assert (link["rules"], link["win"], link["ind"]) == ("nih", "7", "value_valid")
    assert link["cut"] == next((own_demo_dir / "cuts").glob("*.json")).stem
    assert urlsplit(app.code[0].value).path == "/survival"
    app.text_input(key="view_name").set_value("OS, women").run()
    app.button(key="view_save").click().run()
    app.button(key="reset_chips").click().run()
    app.switch_page(str(ROOT / "pages" / "overview.py")).run()
    assert not {"sex", "pop", "origin"} & set(app.query_params)
    app.session_state["views_open"] = True
    app.run()
    app.button(key="view_open_0").click().run()
    assert asked.items() <= app.query_params.items()
    assert [error.value for error in app.error] == []


def test_back_brings_the_address_it_stands_for(open_demo: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_demo("overview", "en", sex="F", pop="EVAL")
    assert app.query_params["pop"] == "EVAL"
    with monkeypatch.context() as patch:
        patch.setattr(session, "by_history", lambda: True)
        app.query_params.clear()
        app.query_params.update({"lang": "zh", "sev": "SAA"})
        app.run()
    assert dict(app.query_params) == {"lang": "zh", "sev": "SAA"}
    assert app.multiselect(key="f_sex").value == []
    assert app.selectbox(key="f_population").value is None
    app.run()
    assert dict(app.query_params) == {"lang": "zh", "sev": "SAA"}
