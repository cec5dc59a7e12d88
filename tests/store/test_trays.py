"""Trays: what is collected stays in order, for its owner, and nothing is lost between two tabs."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from saa_dash.model.errors import Refused, UserError
from saa_dash.model.principal import Principal, Role
from saa_dash.model.provenance import Provenance
from saa_dash.report.exhibit import FIGURE, TABLE, Exhibit
from saa_dash.services import trays
from saa_dash.services.audit import audit_rows
from saa_dash.services.trays import Place
from saa_dash.store.trays import Before, Check, Found, Item, Tray, decode, encode

ME, OTHER = (Principal(name, frozenset({Role.INVESTIGATOR})) for name in ("me", "other"))
FROM = Provenance("20260731T000000Z-0123abcd", date(2026, 7, 31), "c", "s", "TRIAL", True, 10, 10)
PLACE = Place("response", FIGURE, "grid", {"cut": FROM.cut_id, "sex": "F.M"}, {"panel_page": 2})


def shown(title: str, kind: str = FIGURE, n: int = 1) -> Exhibit:
    table = pd.DataFrame({"患者": ["R01"], "n": [n]})
    figure = {"data": [{"type": "scatter", "x": [n]}], "layout": {}} if kind == FIGURE else {}
    return Exhibit(kind, "response", "grid", "zh", title, "", "", title, FROM, figure, table)


def titles(tray: Tray) -> list[str]:
    return [one.title for one in trays.exhibits(tray)]


@pytest.fixture
def three(tmp_path: Path) -> Tray:
    for title in "abc":
        tray = trays.add_item(ME, tmp_path, "七月例会", shown(title), PLACE)
    return tray


def test_a_tray_is_the_same_after_it_was_written_and_an_exhibit_stands_in_it_once() -> None:
    item = Item("1", "response", FIGURE, "grid", {"cut": "x"}, '{"long": "text"}', {"panel_page": 2}, "mine")
    tray = Tray(
        "t",
        (item, replace(item, id="2")),
        Before("moved", "tok", (item,)),
        Check("cut", "", {"1": Found('{"long": "text"}'), "2": Found("", "error.collect_defect", {"id": "0"})}),
    )
    assert decode("t", encode(tray), "") == tray
    assert encode(tray).count("long") == 1


def test_items_stay_in_order_and_every_deed_can_be_undone_once(tmp_path: Path, three: Tray) -> None:
    name, (a, b, c) = three.name, (item.id for item in three.items)
    assert titles(trays.read_tray(ME, tmp_path, name)) == ["a", "b", "c"]
    assert three.items[0].address == {"cut": FROM.cut_id, "sex": "F.M"}
    assert three.items[0].controls == {"panel_page": 2}
    assert trays.list_trays(OTHER, tmp_path) == []
    with pytest.raises(UserError, match="tray_gone"):
        trays.read_tray(OTHER, tmp_path, name)

    tray = trays.move_item(ME, tmp_path, name, c, -2)
    assert titles(tray) == ["c", "a", "b"]
    assert titles(trays.move_item(ME, tmp_path, name, c, -1)) == ["c", "a", "b"]  # no further than the first place
    tray = trays.caption_item(ME, tmp_path, name, a, "  Six of ten\nanswered ")
    assert [one.caption for one in trays.exhibits(tray)] == ["", "Six of ten answered", ""]
    with pytest.raises(UserError, match="tray_caption"):
        trays.caption_item(ME, tmp_path, name, a, "x" * 301)
    tray = trays.remove_item(ME, tmp_path, name, b)
    assert titles(tray) == ["c", "a"]
    with pytest.raises(UserError, match="tray_item_gone"):
        trays.remove_item(ME, tmp_path, name, b)
    assert tray.before is not None
    assert tray.before.deed == "removed"
    token = tray.before.token
    assert titles(trays.undo(ME, tmp_path, name, token)) == ["c", "a", "b"]
    with pytest.raises(UserError, match="tray_changed"):
        trays.undo(ME, tmp_path, name, token)
    told = [(row.action, row.details["what"]) for row in audit_rows(ME, tmp_path)]
    assert told[:3] == [("setting", "tray_made"), ("setting", "tray_added"), ("setting", "tray_added")]
    assert told[-2:] == [("setting", "tray_removed"), ("setting", "tray_undone")]


def test_a_check_is_kept_aside_until_it_is_taken_over_and_then_undone(tmp_path: Path, three: Tray) -> None:
    name, (a, b, c) = three.name, (item.id for item in three.items)
    trays.caption_item(ME, tmp_path, name, a, "mine")
    found: dict[str, Exhibit | UserError] = {
        a: shown("A", n=2),
        b: shown("b"),
        c: UserError("error.small_selection", n=5),
    }
    tray = trays.keep_check(ME, tmp_path, name, "20260831T000000Z-00000000", "", found)
    assert titles(tray) == ["a", "b", "c"]
    assert tray.check is not None
    assert (tray.check.found[c].problem, tray.check.found[c].params) == ("error.small_selection", {"n": 5})
    tray = trays.take_over(ME, tmp_path, name)
    assert titles(tray) == ["A", "b", "c"]
    assert [item.address["cut"][:8] for item in tray.items] == ["20260831", "20260831", "20260731"]
    assert trays.exhibits(tray)[0].caption == "mine"
    assert tray.check is None
    assert tray.before is not None
    assert titles(trays.undo(ME, tmp_path, name, tray.before.token)) == ["a", "b", "c"]
    with pytest.raises(UserError, match="tray_changed"):
        trays.take_over(ME, tmp_path, name)


def test_trays_have_names_and_limits(tmp_path: Path, three: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    trays.make_tray(ME, tmp_path, "b")
    with pytest.raises(UserError, match="tray_exists"):
        trays.make_tray(ME, tmp_path, three.name)
    with pytest.raises(UserError, match="tray_exists"):
        trays.rename_tray(ME, tmp_path, "b", three.name)
    trays.rename_tray(ME, tmp_path, three.name, " August  2026 ")
    assert {tray.name: tray.items for tray in trays.list_trays(ME, tmp_path)} == {"b": 0, "August 2026": 3}
    gone = trays.delete_tray(ME, tmp_path, "August 2026")
    assert titles(trays.make_tray(ME, tmp_path, gone.name, like=gone)) == ["a", "b", "c"]
    for wrong in ("", "  ", "x" * 61):
        with pytest.raises(UserError):
            trays.make_tray(ME, tmp_path, wrong)
    for limit, code in (("MAX_ITEMS", "tray_full"), ("MAX_EXHIBIT", "exhibit_large"), ("MAX_TRAY", "tray_large")):
        with monkeypatch.context() as patch, pytest.raises(UserError, match=code):
            patch.setattr(trays, limit, 3)
            trays.add_item(ME, tmp_path, "August 2026", shown("d", TABLE), PLACE)
    monkeypatch.setattr(trays, "MAX_TRAYS", 2)
    with pytest.raises(UserError, match="trays_many"):
        trays.add_item(ME, tmp_path, "c", shown("d"), PLACE)
    with pytest.raises(Refused):
        trays.list_trays(Principal("admin", frozenset({Role.ADMIN})), tmp_path)


def test_two_tabs_at_once_lose_nothing(tmp_path: Path) -> None:
    trays.make_tray(ME, tmp_path, "t")

    def collect(start: int) -> None:
        for n in range(start, start + 6):
            trays.add_item(ME, tmp_path, "t", shown(str(n)), PLACE)

    tabs = [threading.Thread(target=collect, args=(start,)) for start in (0, 100)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    kept = [int(title) for title in titles(trays.read_tray(ME, tmp_path, "t"))]
    assert sorted(kept) == [*range(6), *range(100, 106)]
