"""A deck of what was collected: each item a slide, and where its numbers come from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from saa_dash.i18n import translate
from saa_dash.model.provenance import Provenance
from saa_dash.report.deck import exhibits_deck
from saa_dash.report.exhibit import TABLE, Exhibit
from saa_dash.report.slides.slide import Points

FROM = Provenance("20260731T000000Z-00000000", date(2026, 7, 31), "0" * 64, "1" * 64, "ChiCTR2600117810", True, 10, 10)
RACE = replace(FROM, rule="RACE, counted from the first ATG dose", primary=False)


def shown(provenance: Provenance, lang: str, *, patients: bool = False) -> Exhibit:
    table = pd.DataFrame({"Visit": ["Week 12"], "ORR": ["4/10"]})
    note = f"Due. {translate(lang, 'takeaway.screen.held')}"
    return Exhibit(
        TABLE, "response", "denominators", lang, "Every denominator", "", note, "", provenance, {}, table, patients
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_slide_says_rule_stamp_and_method_and_nothing_of_the_screen(lang: str) -> None:
    slide = exhibits_deck([shown(RACE, lang)], lang).slides[1]
    assert translate(lang, "deck.sensitivity") in slide.stamps
    assert any(RACE.rule in line for line in slide.notes)
    assert translate(lang, "deck.notes.method", method="Due. ") in slide.notes
    assert slide.footnote.strip() == "Due."


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_codes_of_two_cuts_are_told_apart(lang: str) -> None:
    later = replace(FROM, cut_id="20260831T000000Z-00000000")
    said = translate(lang, "deck.tray.codes")

    def sources(*items: Exhibit) -> tuple[str, ...]:
        block = exhibits_deck(items, lang).slides[-1].blocks[0]
        assert isinstance(block, Points)
        return block.lines

    assert said in sources(shown(FROM, lang, patients=True), shown(later, lang, patients=True))
    assert said not in sources(shown(FROM, lang, patients=True), shown(FROM, lang, patients=True))
    assert said not in sources(shown(FROM, lang, patients=True), shown(later, lang))
