"""Adverse events go by their names in the reader's language, whichever language they were coded in."""

from __future__ import annotations

import pytest

from saa_dash.i18n import event_name, keys, translate


@pytest.mark.parametrize(
    ("lang", "coded", "shown"),
    [
        ("en", "输注相关反应", "Infusion related reaction"),
        ("zh", "INFUSION RELATED REACTION", "输注相关反应"),
        ("en", " 血清病 ", "Serum sickness"),
        ("en", "PRURITUS", "PRURITUS"),
        ("en", "APPLICATION SITE ERYTHEMA", "APPLICATION SITE ERYTHEMA"),
        ("zh", "某种少见事件", "某种少见事件"),
        ("en", None, ""),
        ("en", float("nan"), ""),
    ],
)
def test_a_known_name_is_translated_and_any_other_stays(lang: str, coded: object, shown: str) -> None:
    assert event_name(lang, coded) == shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_events_share_a_name(lang: str) -> None:
    names = [translate(lang, key).casefold() for key in keys(lang) if key.startswith("term.event_name.")]
    assert len(set(names)) == len(names) > 90
