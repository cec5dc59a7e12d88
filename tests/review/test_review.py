"""Rows reviewed and queried over two cuts: states, what changed since, who may what, what the trail tells."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from support.cut_maker import make_cut, new_cut, ticking
from support.tables import STUDY, SUBJECTS, make_tables

from saa_dash.ingest.rowkeys import add_row_identity
from saa_dash.model.errors import UserError
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.model.schema import TABLES
from saa_dash.services.context import Request, View, open_view
from saa_dash.services.patients import patient_page
from saa_dash.services.review_deeds import (
    MAX_TEXT,
    close_query,
    comment_rows,
    mark_reviewed,
    raise_query,
    reopen_query,
    undo_review,
)
from saa_dash.services.review_detail import MOST_ROWS, Value, review_detail
from saa_dash.services.review_queries import open_count, review_queries
from saa_dash.services.review_rows import RowFilter, review_progress, review_rows
from saa_dash.store.cuts import publish_cut
from saa_dash.store.state import StateDb

ME = local_principal()
BOARD = Principal("board", frozenset({Role.DSMB}))
MANAGER = Principal("manager", frozenset({Role.DATA_MANAGER}))
WHO = SUBJECTS[0]


def results(*rows: tuple[str, str, float]) -> list[dict[str, Any]]:
    return [
        {"USUBJID": WHO, "LBTESTCD": test, "LBDTC": day, "LBSTRESN": value, "LBORRES": f"{value:g}"}
        for test, day, value in rows
    ]


def identified(**rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the example tables with keys and hashes as the import makes them."""
    return {name: add_row_identity(frame, TABLES[name]) for name, frame in make_tables(**rows).items()}


# as it was: kept, corrected, wrong date, gone, and two at one time
FIRST = results(
    ("ANC", "2026-05-01", 0.3), ("HGB", "2026-05-01", 60), ("PLAT", "2026-05-01", 11), ("ALT", "2026-05-01", 40),
    ("AST", "2026-05-01", 31), ("AST", "2026-05-01", 32),
)  # fmt: skip
SECOND = results(
    ("ANC", "2026-05-01", 0.3), ("HGB", "2026-05-01", 66), ("PLAT", "2026-05-02", 11),
    ("AST", "2026-05-01", 30), ("AST", "2026-05-01", 31), ("AST", "2026-05-01", 32), ("CREAT", "2026-05-01", 70),
)  # fmt: skip


def opened(data_dir: Path, who: Principal = ME) -> View:
    return open_view(who, Request(data_dir, "latest"))


def rows_of(view: View, who: Principal = ME, **wanted: str) -> pd.DataFrame:
    return review_rows(who, view, RowFilter("LB", **wanted)).rows


def number(view: View, test: str) -> int:
    rows = rows_of(view)
    return int(rows.loc[rows["LBTESTCD"] == test, "ROW"].iloc[0])


def states(view: View) -> dict[str, list[str]]:
    return rows_of(view).groupby("LBTESTCD")["STATE"].apply(list).to_dict()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    make_cut(tmp_path / "data", tables=identified(LB=FIRST))
    return tmp_path / "data"


def next_cut(data_dir: Path) -> View:
    """Publish the second cut, long after the first."""
    publish_cut(data_dir, new_cut(tables=identified(LB=SECOND)), clock=ticking(datetime(2099, 1, 1, tzinfo=UTC)))
    return opened(data_dir)


def test_the_next_cut_shows_what_changed_since_it_was_reviewed(data_dir: Path) -> None:
    view = opened(data_dir)
    assert states(view) == {
        test: ["NOT"] * n for test, n in (("ALT", 1), ("ANC", 1), ("AST", 2), ("HGB", 1), ("PLAT", 1))
    }
    every = rows_of(view)["ROW"].tolist()
    assert mark_reviewed(ME, view, "LB", every, "") == 6
    assert mark_reviewed(ME, view, "LB", every, "") == 0  # marked already
    assert {state for several in states(view).values() for state in several} == {"REVIEWED"}
    later = next_cut(data_dir)
    assert states(later) == {
        "ANC": ["REVIEWED"], "AST": ["NOT", "REVIEWED", "REVIEWED"], "CREAT": ["NOT"], "HGB": ["CHANGED"],
        "PLAT": ["CHANGED"],
    }  # fmt: skip
    (lab,) = (part for part in review_progress(ME, later) if part.domain == "LB")
    assert (lab.rows, lab.reviewed, lab.changed, lab.lost, lab.open) == (7, 3, 2, 1, 0)
    changed = rows_of(later, wanted="CHANGED")["ROW"].tolist()
    detail = review_detail(ME, later, "LB", changed, view.cut.cut_id)
    assert [(row.reviewed, row.since) for row in detail.rows] == [
        ({"LBORRES": Value("60"), "LBSTRESN": Value("60")},) * 2,
        ({"LBDTC": Value("2026-05-01")},) * 2,  # the same row under another date
    ]
    assert mark_reviewed(MANAGER, opened(data_dir, MANAGER), "LB", changed, "seen") == 2
    assert states(later)["HGB"] == ["REVIEWED"]
    # of what changed since the first cut the new ones are told too
    since = rows_of(later, wanted="since", since=view.cut.cut_id)
    assert since.set_index("LBTESTCD")["KIND"].to_dict() == {
        "AST": "new", "CREAT": "new", "HGB": "modified", "PLAT": "modified",
    }  # fmt: skip


def test_marks_are_taken_back_by_whoever_made_them(data_dir: Path) -> None:
    view, row = opened(data_dir), [number(opened(data_dir), "HGB")]
    mark_reviewed(ME, view, "LB", row, "fine")
    comment_rows(BOARD, opened(data_dir, BOARD), "LB", row, "is it?")
    with pytest.raises(UserError) as error:
        undo_review(BOARD, opened(data_dir, BOARD), "LB", row)
    assert error.value.message.code == "error.review_none_of_yours"
    assert undo_review(ME, view, "LB", row) == 1
    assert states(view)["HGB"] == ["NOT"]
    history = review_detail(ME, view, "LB", row).history
    assert [(event.kind, event.actor, event.text) for event in sorted(history, key=lambda event: event.kind)] == [
        ("commented", "board", "is it?"), ("reviewed", "local", "fine"), ("unreviewed", "local", ""),
    ]  # fmt: skip


def test_a_query_is_raised_answered_reopened_and_follows_its_row(data_dir: Path) -> None:
    view, board = opened(data_dir), opened(data_dir, BOARD)
    rows = [number(view, "PLAT"), number(view, "ALT")]
    assert raise_query(BOARD, board, "LB", rows, "LBDTC", f"{WHO} on 2026-05-01? ") == (1, 2)
    assert open_count(view) == 2
    assert [query.text for query in patient_page(ME, view, "P01").raised] == [f"{WHO} on 2026-05-01?"] * 2
    close_query(MANAGER, opened(data_dir, MANAGER), 2, "yes")
    later, theirs = next_cut(data_dir), opened(data_dir, BOARD)
    seen = review_queries(BOARD, theirs)
    assert [(query.number, query.pcode, query.became, query.is_open) for query in seen] == [
        (1, "P01", "GONE", True), (2, "P01", "CHANGED", False),
    ]  # fmt: skip
    assert {query.text for query in seen} == {"P01 on ····?"}  # neither number nor date
    reopen_query(BOARD, theirs, 2, "the date moved")
    close_query(ME, later, 1, "a slip")  # a row that is gone can still be answered for
    assert [[(step.kind, step.text) for step in query.steps] for query in review_queries(ME, later)] == [
        [("closed", "yes"), ("reopened", "the date moved")], [("closed", "a slip")],
    ]  # fmt: skip
    assert rows_of(later, wanted="open")["LBTESTCD"].tolist() == ["PLAT"]


def test_of_two_who_close_one_query_the_second_is_told_and_nothing_is_lost(data_dir: Path) -> None:
    view = opened(data_dir)
    raise_query(ME, view, "LB", [number(view, "HGB")], "", "unit?")
    people = [Principal(f"m{n}", frozenset({Role.DATA_MANAGER})) for n in range(6)]

    def close(who: Principal) -> str:
        try:
            close_query(who, opened(data_dir, who), 1, f"answer of {who.user_id}")
        except UserError as error:
            assert error.message.code == "error.review_query_closed"
            return f"told {error.message.params['who']}"
        return who.user_id

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(close, people))
    (winner,) = (word for word in said if not word.startswith("told"))
    assert sorted(said) == sorted([winner, *[f"told {winner}"] * 5])
    (query,) = review_queries(ME, view)
    assert [(step.kind, step.text, step.actor) for step in query.steps] == [("closed", f"answer of {winner}", winner)]
    assert sum(row.details.get("what") == "query_closed" for row in StateDb(data_dir).audit_rows()) == 1
    with pytest.raises(UserError):
        reopen_query(ME, view, 7, "there is none")


REFUSED: list[tuple[Callable[[View, list[int]], object], str]] = [
    (lambda view, row: comment_rows(ME, view, "LB", row, "  "), "text_empty"),
    (lambda view, row: raise_query(ME, view, "LB", row, "", "\n"), "text_empty"),
    (lambda view, row: raise_query(ME, view, "LB", row, "", "x" * (MAX_TEXT + 1)), "text_long"),
    (lambda view, row: raise_query(ME, view, "LB", row, "AETERM", "?"), "variable"),
    (lambda view, row: mark_reviewed(ME, view, "LB", []), "no_rows"),
    (lambda view, row: mark_reviewed(ME, view, "LB", [999]), "row_gone"),
    (lambda view, row: mark_reviewed(ME, view, "XX", row), "no_table"),
    (lambda view, row: mark_reviewed(ME, view, "LB", range(MOST_ROWS + 1)), "too_many"),
    (lambda view, row: close_query(ME, view, 9, "yes"), "query_gone"),
]


def test_what_is_refused_leaves_no_trace(data_dir: Path) -> None:
    view = opened(data_dir)
    row, before = [number(view, "HGB")], len(StateDb(data_dir).audit_rows())
    for deed, code in REFUSED:
        with pytest.raises(UserError) as error:
            deed(view, row)
        assert error.value.message.code == f"error.review_{code}"
    assert len(StateDb(data_dir).audit_rows()) == before
    assert states(view)["HGB"] == ["NOT"]
    assert open_count(view) == 0


def test_the_trail_names_rows_by_number_and_patients_by_code(data_dir: Path) -> None:
    view = opened(data_dir)
    rows = [number(view, "HGB"), number(view, "ALT")]
    mark_reviewed(ME, view, "LB", rows, f"words about {WHO}")
    raise_query(ME, view, "LB", rows[:1], "LBORRES", "2026-05-01?")
    close_query(ME, view, 1, "yes")
    told = [row for row in StateDb(data_dir).audit_rows() if row.action in ("review", "query")]
    common = {"cut": view.cut.cut_id, "patients": ["P01"], "domain": "LB"}
    assert [(row.action, row.details) for row in told] == [
        ("review", common | {"what": "reviewed", "rows": sorted(rows)}),
        ("query", common | {"what": "query_raised", "rows": rows[:1], "variable": "LBORRES"}),
        ("query", {"what": "query_closed", "query": 1, "domain": "LB", "cut": view.cut.cut_id}),
    ]
    assert WHO not in "".join(row.detail for row in told)


def test_the_board_sees_study_days_and_no_numbers(data_dir: Path) -> None:
    view = opened(data_dir, BOARD)
    rows = rows_of(view, BOARD)
    assert "LBDTC" in rows
    assert pd.api.types.is_numeric_dtype(rows["LBDTC"])
    detail = review_detail(BOARD, view, "LB", rows["ROW"].tolist()[:1])
    assert detail.rows[0].values["LBDTC"].day
    assert detail.rows[0].place == ()
    assert WHO not in repr(detail)
    assert "2026-05" not in repr(detail.rows)


def test_notes_on_simulated_data_are_not_those_of_the_study(data_dir: Path, tmp_path: Path) -> None:
    view = opened(data_dir)
    mark_reviewed(ME, view, "LB", [number(view, "HGB")])
    raise_query(ME, view, "LB", [number(view, "HGB")], "", "?")
    make_cut(data_dir, tables=identified(LB=FIRST), synthetic=False)
    real = next(
        opened_view for opened_view in (open_view(ME, Request(data_dir, cut)) for cut in cuts(data_dir))
        if not opened_view.cut.synthetic
    )  # fmt: skip
    assert real.cut.study == STUDY
    assert states(real)["HGB"] == ["NOT"]
    assert open_count(real) == 0
    assert open_count(view) == 1


def cuts(data_dir: Path) -> list[str]:
    return sorted(path.stem for path in (data_dir / "cuts").glob("*.json"))
