"""How a figure was computed: the script and the query under it are run, and give the figure's own numbers."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from support.app import PAGES, ROOT, opener

from saa_dash.charts.view import FigureView
from saa_dash.i18n import LANGUAGES, has_key
from saa_dash.model.filters import EndpointChoice, Filters
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.model.provenance import Provenance
from saa_dash.services.context import Request, open_view
from saa_dash.services.recipe_scripts import SCRIPTS
from saa_dash.services.recipes import Recipe, recipe, recipe_name
from saa_dash.ui import how, under_figure

# Page → what is set on it, one run each, beside the run it opens with.
RUNS: dict[str, tuple[dict[str, object], ...]] = {
    "overview": (),
    "dsmb": (),
    "patients": (),
    "response": (),
    "survival": (
        {"tte_recovery": "TTRBCI"}, {"tte_group": "response"}, {"tte_group": "survival", "tte_by_severity": True},
    ),
    "adverse_events": ({"ae_part": "time"},),
    "laboratory": (),
    "vital_signs": (),
    "organs": ({"edish_kind": "m"},),
    "exposure": (),
    "cohort": (
        {"cohort_style": "panels"},
        *({"cohort_q": question} for question in ("waterfall", "map", "swimmer", "recovery")),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A figure as a page showed it, and how it says it was made."""

    view: FigureView
    made: Recipe
    provenance: Provenance


@pytest.fixture(scope="module")
def shown(demo_dir: Path) -> Iterator[dict[str, Shown]]:
    """Every figure of every page by its key."""
    found: dict[str, Shown] = {}
    draw = under_figure.draw

    def noted(view: FigureView, key: str, provenance: Provenance, *rest: object) -> None:
        assert recipe_name(key), f"nothing is known of how {key} is computed: services.recipe_scripts"
        found[key] = Shown(view, how.made_of(key), provenance)
        draw(view, key, provenance, *rest)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(under_figure, "draw", noted)
        app = opener(demo_dir, patch)("overview", "en")
        for page, settings in RUNS.items():
            if page != "overview":
                app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
            for held in settings:
                for name, value in held.items():
                    app.session_state[name] = value
                app.run()
            assert [error.value for error in app.error] == [], page
        yield found


@pytest.mark.torture
def test_every_figure_has_words_numbers_a_cut_and_a_method(shown: dict[str, Shown]) -> None:
    own_table = {"complications", "terms"}  # the page shows their numbers itself, with their download
    for key, figure in shown.items():
        view = figure.view
        assert all((view.title, view.subtitle, view.footnote or figure.provenance.rule)), key
        assert len(view.alt) > 20, key  # for who cannot see it
        assert not view.table.empty or key in own_table, key
        assert (figure.provenance.selected, figure.provenance.total) == (10, 10)
        assert figure.provenance.cut_id, key


def ran(script: str) -> pd.DataFrame:
    """Run a script and return its table; what it prints is that table."""
    held: dict[str, object] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "recipe.py", "exec"), held)
    table = held["table"]
    assert isinstance(table, pd.DataFrame)
    assert out.getvalue() == f"{table.to_string(index=False)}\n"
    return table


def values(table: pd.DataFrame, *columns: int) -> list[list[str]]:
    chosen = table.iloc[:, list(columns)] if columns else table
    return chosen.astype(object).astype(str).to_numpy().tolist()


# Tables whose first column is a word that the script gives as a code.
CODED = ("lab_shift", "vs_shift", "pe_shift")


def same_numbers(key: str, view: FigureView, script: pd.DataFrame) -> None:
    name, figure = recipe_name(key), view.table
    if name in ("complications", "terms"):  # the page has a table of its own; the figure is told in words
        in_words = re.findall(r"(\d+)/10[ ,]", view.alt)[1:]
        assert in_words == [str(n) for n in script["PATIENTS"]][: len(in_words)]
        assert len(in_words) > 5
        return
    assert len(script) == len(figure) > 0
    if name == "grid":
        script = script.assign(AVISITN="Week " + script["AVISITN"].astype(str))
        script["AVALC"] = script["AVALC"].replace("NYD", "not yet due")
        assert sorted(values(figure, 0, 1, 2)) == sorted(values(script, 0, 1, 2))
    elif name == "benchmarks":
        percent = figure.iloc[:, 1:].astype(str).agg(" ".join, axis=1)
        assert all(f"{share:.0f}%" in words for share, words in zip(script["ORR"], percent, strict=True))
    elif name in CODED:
        assert values(figure.iloc[:, 1:]) == values(script.iloc[:, 1:])
    else:
        assert values(figure) == values(script)


def test_every_page_that_may_hold_a_figure_is_looked_at() -> None:
    assert set(RUNS) == set(PAGES) - {"methods", "data", "present", "review"}


@pytest.mark.torture
def test_every_figure_of_every_page_is_made_again_by_its_script(
    shown: dict[str, Shown], demo_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAA_DASH_DATA", str(demo_dir))
    assert {recipe_name(key) for key in shown} == set(SCRIPTS) - {"curve_by_severity"}
    assert {key for key in shown if key.startswith("curve_")} == {
        "curve_TTANC05", "curve_TTRBCI", "curve_TTRESP", "curve_OS",
    }  # fmt: skip
    wrong = {}
    for key, figure in shown.items():
        try:
            same_numbers(key, figure.view, ran(figure.made.python))
        except Exception as error:
            wrong[key] = repr(error)[:400]
    assert wrong == {}


Check = Callable[[pd.DataFrame, pd.DataFrame], None]


def _patients(figure: pd.DataFrame, rows: pd.DataFrame) -> None:
    assert set(figure["Patient"]) == set(rows["PCODE"])


def _points(figure: pd.DataFrame, rows: pd.DataFrame) -> None:
    given = set(zip(rows["PCODE"], rows["ADY"].astype(int), strict=True))
    assert set(zip(figure["Patient"], figure["Study day"].astype(int), strict=True)) <= given


def _due(figure: pd.DataFrame, rows: pd.DataFrame) -> None:
    not_due = (~rows["DUE"]).groupby(rows["WEEK"]).sum()
    assert figure["Not yet due"].astype(int).tolist() == [int(n) for n in not_due.sort_index()]
    assert len(rows) == 3 * 10


def _accrual(figure: pd.DataFrame, rows: pd.DataFrame) -> None:
    assert values(figure) == values(rows)


def _terms(script: pd.DataFrame, rows: pd.DataFrame) -> None:
    terms = script[script["KIND"] == "PT"]
    assert len(terms) > 5
    counted = rows.set_index(["SOC", "PT"])[["PATIENTS", "EVENTS"]]
    for soc, pt, patients, events in terms[["SOC", "PT", "PATIENTS", "EVENTS"]].itertuples(index=False):
        assert counted.loc[(soc, pt)].tolist() == [patients, events]


def _classes(script: pd.DataFrame, rows: pd.DataFrame) -> None:
    counted = rows.dropna().set_index("CLASS")
    classes = script[(script["CLASS"] != "ALL") & (script["EVENTS"] > 0)].set_index("CLASS")
    assert len(classes) > 3
    assert classes["PATIENTS"].to_dict() == {code: counted["PATIENTS"][code] for code in classes.index}
    assert classes["EVENTS"].to_dict() == {code: counted["EVENTS"][code] for code in classes.index}


CHECKS: dict[str, Check] = {
    "strips": _due, "accrual": _accrual, "swimmer": _patients, "cohort_swimmer": _patients,
    "dsmb_swimmer": _patients, "grid": _patients,
    "response_map": _patients, "lab_course": _points, "vs_course": _points, "cohort_course": _points,
    "multiples": _points, "terms": _terms, "complications": _classes,
}  # fmt: skip


@pytest.mark.torture
def test_every_query_runs_on_the_file_of_the_cut(shown: dict[str, Shown], demo_dir: Path) -> None:
    path = next((demo_dir / "cuts").glob("*.duckdb"))
    wrong = {}
    with duckdb.connect(str(path), read_only=True) as con:
        for key, figure in shown.items():
            try:
                same_rows(recipe_name(key), figure, con.execute(figure.made.sql).df())
            except Exception as error:
                wrong[key] = repr(error)[:400]
    assert wrong == {}


def same_rows(name: str, figure: Shown, rows: pd.DataFrame) -> None:
    assert len(rows) > 0
    if "PCODE" in rows:
        assert set(rows["PCODE"]) <= {f"P{n:02d}" for n in range(1, 11)}
    assert "USUBJID" not in rows
    if name in CHECKS:
        CHECKS[name](ran(figure.made.python) if name in ("complications", "terms") else figure.view.table, rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_recipe_is_explained(lang: str) -> None:
    names = set(SCRIPTS) - {"curve_by_severity"}
    assert [name for name in sorted(names) if not has_key(lang, f"how.about.{name}")] == []


@pytest.mark.torture
def test_no_script_names_a_place_on_this_machine(shown: dict[str, Shown], demo_dir: Path) -> None:
    for figure in shown.values():
        assert str(demo_dir) not in figure.made.python + figure.made.sql
        assert str(ROOT) not in figure.made.python + figure.made.sql


def test_script_and_query_hold_the_selection_and_the_rule_in_force(
    demo_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAA_DASH_DATA", str(demo_dir))
    filters = Filters(population="EVAL", sex=("F",), age=(18, 60), patients=("P01", "P02", "P03", "P04", "P05"))
    request = Request(demo_dir, "latest", filters, EndpointChoice(origin="atg_end", window_days=10))
    view = open_view(local_principal(), request)
    assert 0 < view.selected < 5
    made = recipe(local_principal(), view, "grid", {}, {"lang": "en", "title": 'a "title"', "how": "so"})
    table = ran(made.python)
    assert set(table["PCODE"]) == set(view.chosen_pcodes)
    with duckdb.connect(str(next((demo_dir / "cuts").glob("*.duckdb"))), read_only=True) as con:
        assert set(con.execute(made.sql).df()["PCODE"]) == set(view.chosen_pcodes)


def test_a_presenter_is_shown_no_code_of_a_patient(demo_dir: Path) -> None:
    speaker = Principal("speaker", frozenset({Role.PRESENTER}))
    view = open_view(speaker, Request(demo_dir, "latest", Filters(sex=("F", "M"))))
    made = recipe(speaker, view, "grid", {}, {"lang": "zh", "title": "", "how": ""})
    assert "Role.PRESENTER" in made.python
    assert not re.search(r"\b[PR]\d\d\b", made.python + made.sql)
