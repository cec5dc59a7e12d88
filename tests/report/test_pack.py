"""The pack of the marked cut: its order, its numbers, what it must not say, who may have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.marked_cut import found
from support.paper import Easel, Made, tight

from saa_dash.analysis.ae_filter import EventFilter
from saa_dash.i18n import translate
from saa_dash.model.errors import EnvironmentProblem, Refused, UsageError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services import pack
from saa_dash.services.adverse_events import adverse_events_page
from saa_dash.services.context import Request, open_view
from saa_dash.services.dsmb import dsmb_page
from saa_dash.store.state import StateDb

CHAPTERS = (
    "synopsis", "timetable", "status", "enrolment", "screening", "deviations", "baseline", "exposure", "events",
    "laboratory", "listings", "boundary", "changes", "currency",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_chapters_stand_in_the_order_of_an_open_report(packs: dict[str, Made], lang: str) -> None:
    text = packs[lang].text
    places = [
        text.rindex(tight(f"{n}  {translate(lang, f'pack.chapter.{name}')}")) for n, name in enumerate(CHAPTERS, 1)
    ]
    assert places == sorted(places)
    assert tight(translate(lang, "pack.changes.no_since")) in text
    assert tight(translate(lang, "synthetic.badge")) in text
    assert packs[lang].shares == sorted(packs[lang].shares) and packs[lang].shares[-1] == 1.0


def test_every_table_and_figure_says_where_it_comes_from(packs: dict[str, Made]) -> None:
    made = packs["en"]
    cut, text = made.result.cut, made.text
    said = text.count("n=8/8·Nofilter·Rule:") + text.count("n=8/8·Filter:")
    assert said >= made.result.tables + made.result.figures
    assert text.count(f"Contenthash{cut.content_hash[:12]};settingshash") >= made.result.tables + made.result.figures
    assert cut.content_hash in text
    assert made.result.figures == len(made.figures) == 7
    numbers = [f"Table{n}" for n in range(1, made.result.tables + 1)]
    assert all(number in text for number in numbers)


def test_its_numbers_are_those_of_the_services(packs: dict[str, Made], pack_dir: Path) -> None:
    view = open_view(local_principal(), Request(pack_dir, "latest"))
    page, text = adverse_events_page(local_principal(), view, EventFilter()), packs["en"].text
    board = dsmb_page(local_principal(), view)
    for answer in page.answers:
        rate = answer.patients
        assert rate is not None
        limits = f"{100 * rate.estimate:.1f}%({100 * rate.lower:.1f}–{100 * rate.upper:.1f}%)"
        assert f"{rate.events}/{rate.total}{limits}" in text
    strip = board.strips[-1]
    assert board.safety.serious.patients is not None
    assert board.safety.serious.patients.events == 8
    assert "Seriousadverseevents:8eventsin8patients" in text
    assert "Deaths:0" in text and "Nonefound(0)." in text
    assert "Deviationsasentered:8" in text
    assert "Leftthestudy:1" in text
    assert strip.counts.full_analysis_set == 8
    assert "ANC(×10⁹/L)8/8" in text
    assert "8of8treated" in text


def test_the_workbook_holds_the_listings(packs: dict[str, Made]) -> None:
    sheets = packs["en"].sheets
    assert {"About", "SAE", "Deaths", "All AE", "Severe lab results", "Data currency", "AE by SOC and PT"} <= set(
        sheets
    )
    assert len(sheets) == packs["en"].result.sheets + 1
    rows = sheets["SAE"]
    assert rows[0][0] == "Serious adverse events: 8 events in 8 patients"
    patients = [row[0] for row in rows if str(row[0]).startswith("P0")]
    assert patients == [f"P{n:02d}" for n in range(1, 9)]
    head = next(row for row in rows if row[0] == "Patient")
    assert "Relation to rATG" in head and "System organ class" in head


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_tells_neither_dates_nor_numbers_of_patients(packs: dict[str, Made], lang: str) -> None:
    made = packs[lang]
    said = made.text.encode() + repr(made.sheets).encode() + "".join(made.figures).encode()
    assert found(said) == {"words", "code"}


def test_the_same_cut_is_the_same_file(packs: dict[str, Made], pack_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "find_browser", lambda: "/no/browser")
    monkeypatch.setattr("saa_dash.report.pictures.started_browser", Easel().started)
    board = Principal("member", frozenset({Role.DSMB}))
    again = pack.make_pack(board, pack_dir, "latest")
    assert again.pdf == packs["zh"].pdf.read_bytes()
    assert again.workbook == packs["zh"].pdf.with_suffix(".xlsx").read_bytes()


def test_who_may_have_it(pack_dir: Path, tmp_path: Path) -> None:
    for role in (Role.PRESENTER, Role.DATA_MANAGER, Role.ADMIN):
        with pytest.raises(Refused):
            pack.make_pack(Principal("someone", frozenset({role})), pack_dir, "latest")
    with pytest.raises(Refused):  # the file of the command line is an export of single patients
        pack.write_pack(Principal("member", frozenset({Role.DSMB})), pack_dir, "latest", tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said_before_any_work(
    packs: dict[str, Made], pack_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = StateDb(pack_dir).audit_rows()
    told = [row.details for row in before if row.details.get("format") == "dsmb_pack"]
    assert [(row["file"], row["lang"], row["since"]) for row in told] == [
        ("en.pdf", "en", None),
        ("zh.pdf", "zh", None),
    ]
    who = local_principal()
    with pytest.raises(UsageError) as wrong:
        pack.write_pack(who, pack_dir, "latest", tmp_path / "out.doc")
    assert wrong.value.message.code == "error.pack_suffix"
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    with pytest.raises(UsageError) as wrong:
        pack.write_pack(who, pack_dir, "latest", tmp_path / "there.pdf")
    assert wrong.value.message.code == "error.output_exists"
    monkeypatch.setattr(pack, "find_browser", lambda: None)
    with pytest.raises(EnvironmentProblem) as lacking:
        pack.write_pack(who, pack_dir, "latest", tmp_path / "out.pdf")
    assert lacking.value.message.code == "error.pack_browser" and lacking.value.exit_code == 4
    assert [path.name for path in tmp_path.iterdir()] == ["there.xlsx"]
    assert StateDb(pack_dir).audit_rows() == before
