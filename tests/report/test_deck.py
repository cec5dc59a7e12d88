"""The finished deck of the marked cut: its order, the numbers in its charts, what it must not say, who may have it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pptx import Presentation
from support.deck import A, Drawn, charts_of, parts_of, slides_of, tables_of, title_of, words_of
from support.marked_cut import MARKS, NUMBER

from saa_dash.access.presenting import as_presenter
from saa_dash.charts.strips import figure_strips
from saa_dash.charts.theme import Look
from saa_dash.cli import main
from saa_dash.i18n import translate
from saa_dash.model.errors import Refused, UsageError, UserError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.report.deck_content import DeckContent
from saa_dash.report.exhibit import TABLE, Exhibit, exhibit_of
from saa_dash.services.context import Request, open_view
from saa_dash.services.deck import DeckFile, make_deck, tray_deck, write_deck
from saa_dash.services.deck_parts import gather_deck
from saa_dash.store.state import StateDb

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


@pytest.fixture(scope="session")
def decks(pack_dir: Path) -> dict[str, DeckFile]:
    """The deck in both languages, with the shares that were told."""
    return {lang: make_deck(local_principal(), pack_dir, "latest", lang) for lang in ("en", "zh")}


@pytest.fixture(scope="session")
def content(pack_dir: Path) -> DeckContent:
    """What the deck is made of."""
    presenter = as_presenter(local_principal())
    return gather_deck(presenter, open_view(presenter, Request(pack_dir, "latest")))


@pytest.fixture(scope="session")
def english(decks: dict[str, DeckFile]) -> list[Any]:
    """The slides in English."""
    return slides_of(decks["en"].data)


def _slide(slides: list[Any], words: str) -> Any:
    return next(slide for slide in slides if words in title_of(slide))


def _chart(slides: list[Any], *names: str) -> Drawn:
    """The first chart that has all these series."""
    found = (chart for slide in slides for chart in charts_of(slide) if set(names) <= set(chart.series))
    return next(found)


def test_slides_stand_in_the_order_of_a_talk(
    english: list[Any], content: DeckContent, decks: dict[str, DeckFile]
) -> None:
    titles = [title_of(slide) for slide in english]
    treated = content.flow.treated
    wanted = (
        f"{treated} treated, ", f"{content.flow.selected} screened", "baseline characteristics", "still followed",
        "ANC", "Hb", "PLT", "Week", "Neutrophils", "patients died", "adverse events", "Any complication",
        "graded tests", "beside published", "Conclusions", "Methods", "Back-up",
    )  # fmt: skip
    places = [next(at for at, title in enumerate(titles) if words in title and at) for words in wanted]
    assert places == sorted(places)
    assert decks["en"].slides == len(english) and decks["en"].charts == sum(len(charts_of(s)) for s in english)
    asked = _slide(english, "Conclusions")
    assert words_of(asked).count("to be filled in by the speaker") == 3


@LANGS
def test_every_slide_says_where_it_comes_from_and_what_to_say(decks: dict[str, DeckFile], lang: str) -> None:
    cut = decks[lang].cut
    assert cut is not None
    for number, slide in enumerate(slides_of(decks[lang].data)):
        said = slide.notes_slide.notes_text_frame.text
        keys = ("method", "filters", "rule")
        assert all(translate(lang, f"deck.notes.{key}", **{key: ""})[:3] in said for key in keys)
        assert cut.cut_id in said and cut.cutoff.isoformat() in said and "n = 8" in said
        assert translate(lang, "deck.notes.sentence", words=translate(lang, "deck.backup", title="")) not in said
        words = words_of(slide)
        assert translate(lang, "synthetic.badge") in words
        if number:
            assert cut.cutoff.isoformat() in words and "n = 8/8" in words
        assert all(chart.alt for chart in charts_of(slide))


def test_a_slide_whose_title_is_no_finding_has_a_sentence_to_say(english: list[Any], content: DeckContent) -> None:
    found = content.responses
    assert found is not None
    last = found.strips[-1]
    orr = f"{last.orr.events}/{last.orr.total}"
    cells = [cell.orr for cell in content.sensitivity if cell.printable and cell.orr.total]
    low, high = (f(cells, key=lambda rate: rate.estimate) for f in (min, max))
    said = {title_of(slide): slide.notes_slide.notes_text_frame.text for slide in english}
    for words, sentence in (
        ("Methods", "Single arm: rates are x of n"),
        ("beside published", f"Overall response at week 12 was {orr} ("),
        ("Every denominator", f"closed for {last.counts.due} of {last.counts.full_analysis_set} patients"),
        ("other rules", f"is {orr} under the primary rule, and between {low.events}/{low.total} and {high.events}/"),
    ):
        assert sentence in next(notes for title, notes in said.items() if words in title)
    assert "Response rule: one per row" in next(notes for title, notes in said.items() if "other rules" in title)


@LANGS
def test_words_are_set_in_both_typefaces_and_in_their_language(decks: dict[str, DeckFile], lang: str) -> None:
    from lxml import etree

    locale = {"zh": "zh-CN", "en": "en-US"}[lang]
    for name, part in parts_of(decks[lang].data):
        if not name.startswith(("ppt/slides/slide", "ppt/charts/chart", "ppt/notesSlides/notes")):
            continue
        for run in etree.fromstring(part).iter(f"{A}r"):
            properties = run.find(f"{A}rPr")
            assert properties.get("lang") == locale
            assert properties.find(f"{A}latin") is not None
            assert properties.find(f"{A}ea").get("typeface") == "Microsoft YaHei"


def test_rates_in_the_chart_are_those_of_the_analysis(english: list[Any], content: DeckContent) -> None:
    assert content.responses is not None
    chart = _chart(english, "ORR", "CRR")
    strips = content.responses.strips
    for name in ("ORR", "CRR"):
        rates = [getattr(strip, name.lower()) for strip in strips if strip.orr.total]
        drawn = sorted({x for x, _ in chart.series[name]})
        assert set(np.round([rate.estimate for rate in rates], 9)) <= set(np.round(drawn, 9))
        limits = np.round([x for x, y in chart.series[f"{name}: 95% limits"] if y is not None], 9)
        assert {round(rate.lower, 9) for rate in rates} <= set(limits)
        assert {round(rate.upper, 9) for rate in rates} <= set(limits)
    assert all(np.allclose(*zip(*_known(chart, name), strict=True)) for name in ("ORR", "CRR"))


def _known(chart: Drawn, name: str) -> list[tuple[float, float]]:
    """Values of a series as drawn beside those in the workbook."""
    pairs = zip(chart.series[name], chart.held[name], strict=False)
    return [(drawn[1], held[1]) for drawn, held in pairs if drawn[1] is not None]


def test_a_curve_is_drawn_in_the_steps_of_the_analysis(english: list[Any], content: DeckContent) -> None:
    curve = content.curves["OS"]
    slide = next(s for s in english if "died" in title_of(s) and charts_of(s))
    chart = charts_of(slide)[0]
    corners = {(x, round(float(y), 9)) for x, y in chart.series["Estimate"] if y is not None}
    steps = curve.steps
    for time, estimate in zip(steps["time"], steps["estimate"], strict=True):
        assert (float(time), round(float(estimate), 9)) in corners
    assert {y for _, y in corners} == {round(float(value), 9) for value in steps["estimate"]}
    numbers = tables_of(slide)[0]
    assert [text for text in numbers[0][1:] if text] == [str(n) for n in curve.at_risk["n_risk"]]


def test_the_swimmer_holds_every_stretch(english: list[Any], content: DeckContent) -> None:
    chart = charts_of(_slide(english, "still followed"))[0]
    names = {"": "Before the first assessment", "NYD": "not due yet", "AFTER": "Followed on, no longer assessed"}
    for state, rows in content.swimmer.states.groupby("STATE"):
        name = names.get(str(state)) or translate("en", f"term.response.{state}")
        ends = sorted(x for x, y in chart.held[name][0::4] if x is not None)
        assert ends == sorted(rows.loc[rows["TO"] > rows["FROM"], "FROM"].astype(float).tolist())
    codes = set(content.swimmer.patients["PCODE"])
    assert all(code.startswith("R") for code in codes)


def test_a_course_holds_every_value_once(english: list[Any], content: DeckContent) -> None:
    course = next(item for item in content.courses if item.test == "ANC")
    slide = next(s for s in english if title_of(s).startswith("ANC"))
    chart = charts_of(slide)[0]
    drawn = [
        (x, round(float(y), 9))
        for name, points in chart.held.items()
        if name.startswith(("Single results", "Measured", "Held up", "Below the limit", "Above the limit"))
        for x, y in points
        if y is not None
    ]
    for limit, _ in course.limits:  # drawn across the plot, and no line of the grid lies over it
        assert [y for _, y in chart.series[f"y = {limit:g}"]] == [limit, limit]
        assert limit not in {y for name, points in chart.series.items() if name.endswith("Y |") for _, y in points}
    known = course.values[course.values["AVAL"] > 0]
    wanted = [(float(x), round(float(y), 9)) for x, y in zip(known["ADY"], known["AVAL"], strict=True)]
    assert set(wanted) <= set(drawn) and len(drawn) == len(course.values.dropna(subset=["AVAL", "ADY"]))


@LANGS
def test_nothing_of_a_single_person_is_in_any_part(decks: dict[str, DeckFile], lang: str) -> None:
    names = []
    for name, part in parts_of(decks[lang].data):
        names.append(name)
        for kind, mark in MARKS.items():
            assert not mark.search(part), (name, kind)
        assert NUMBER.encode("utf-16-le") not in part
    assert sum(name.endswith(".xlsx") for name in names) == decks[lang].charts


@pytest.mark.torture
def test_it_is_the_same_file_each_time(decks: dict[str, DeckFile], pack_dir: Path) -> None:
    told: list[float] = []
    again = make_deck(
        local_principal(), pack_dir, "latest", "en", progress=lambda message, share: told.append(share)
    )  # fmt: skip
    assert again.data == decks["en"].data
    assert told == sorted(told) and len(told) > 20


def _template() -> bytes:
    """A presentation of somebody's own: another shape, another typeface, an example slide."""
    held = Presentation()
    slide = held.slides.add_slide(held.slide_layouts[1])
    slide.shapes.title.text = "EXAMPLE OF THE HOSPITAL"
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def test_the_template_of_the_hospital_is_kept(pack_dir: Path, content: DeckContent) -> None:
    template = _template()
    assert content.responses is not None
    view = figure_strips(content.responses.strips, Look("zh", opens=False), method="", rule="")
    figure = exhibit_of(view, "response", "strips", "zh", content.provenance)
    data = tray_deck(local_principal(), pack_dir, [figure, _exhibit(4)], "zh", template)
    made, theirs = Presentation(io.BytesIO(data)), Presentation(io.BytesIO(template))
    assert (made.slide_width, made.slide_height) == (theirs.slide_width, theirs.slide_height)
    assert [layout.name for layout in made.slide_layouts] == [layout.name for layout in theirs.slide_layouts]
    assert made.slides[0].slide_layout.name == "Title Slide"
    assert {slide.slide_layout.name for slide in list(made.slides)[1:]} == {"Title Only"}
    assert all(b"EXAMPLE" not in part for _, part in parts_of(data))
    fonts = {node.get("typeface") for node in made.slides[1].shapes._spTree.iter(f"{A}latin")}
    assert fonts == {"+mn-lt", "+mj-lt"}
    wide, high = made.slide_width, made.slide_height
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= -1 and shape.top >= -1
            assert shape.left + shape.width <= wide + 12700 and shape.top + shape.height <= high + 12700


def test_what_is_no_template_is_said(pack_dir: Path) -> None:
    bare = Presentation()
    for layout in list(bare.slide_layouts)[:6]:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    for layout in list(bare.slide_layouts)[6:]:
        bare.slide_layouts.remove(layout)
    out = io.BytesIO()
    bare.save(out)
    for template, code in ((b"no presentation", "error.deck_template"), (out.getvalue(), "error.deck_template_layout")):
        with pytest.raises(UsageError) as raised:
            tray_deck(local_principal(), pack_dir, [_exhibit(3)], "zh", template)
        assert raised.value.message.code == code


def _exhibit(rows: int, caption: str = "") -> Exhibit:
    view = open_view(local_principal(), Request(_exhibit.folder, "latest"))  # type: ignore[attr-defined]
    table = pd.DataFrame({"Test": [f"row {n:03d}" for n in range(rows)], "n": range(rows)})
    return Exhibit(TABLE, "laboratory", "tests", "en", "Tests", "", "A note.", "Tests", view.provenance(), table=table,
                   caption=caption)  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(pack_dir: Path) -> None:
    _exhibit.folder = pack_dir  # type: ignore[attr-defined]


def test_a_long_table_goes_on_over_slides(pack_dir: Path) -> None:
    slides = slides_of(tray_deck(local_principal(), pack_dir, [_exhibit(60, "What I say")], "en"))
    pages = [slide for slide in slides if tables_of(slide)]
    rows = [row[0] for slide in pages for row in tables_of(slide)[0][1:]]
    assert rows == [f"row {n:03d}" for n in range(60)]
    assert len(pages) > 2 and title_of(pages[0]) == f"What I say (1/{len(pages)})"
    assert title_of(slides[-1]) == translate("en", "deck.methods.title")
    last = StateDb(pack_dir).audit_rows()[-1]
    told = json.loads(last.detail)
    assert last.action == "export" and told["format"] == "deck" and told["items"] == 1


def test_who_may_not_present_gets_none(pack_dir: Path, tmp_path: Path) -> None:
    for role in (Role.DATA_MANAGER, Role.ADMIN):
        person = Principal("x", frozenset({role}))
        with pytest.raises(Refused):
            make_deck(person, pack_dir, "latest")
        with pytest.raises(Refused):
            tray_deck(person, pack_dir, [_exhibit(1)])
        with pytest.raises(Refused):
            write_deck(person, pack_dir, "latest", tmp_path / "d.pptx")
    with pytest.raises(UserError):
        tray_deck(local_principal(), pack_dir, [])
    with pytest.raises(UsageError):
        write_deck(local_principal(), pack_dir, "latest", tmp_path / "d.pdf")


@pytest.mark.torture
def test_the_command_writes_it_once(pack_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "talk.pptx"

    def call(*args: object) -> int:
        return main(["deck", "latest", *map(str, args), "--data", str(pack_dir), "--lang", "en"])

    assert call(out, "--json") == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["file"] == str(out) and told["synthetic"] and told["template"] is None
    assert told["slides"] > 15 and told["charts"] > 5 and "Making slides" in said.err
    assert json.loads(StateDb(pack_dir).audit_rows()[-1].detail)["file"] == "talk.pptx"
    assert call(out) == 2  # it exists
    assert call(tmp_path / "talk.pdf") == 2
    (tmp_path / "theirs.pptx").write_bytes(b"nothing")
    assert call(out, "--force", "--template", tmp_path / "theirs.pptx") == 2
