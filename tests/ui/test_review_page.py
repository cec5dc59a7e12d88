"""The review page: findings, rows, queries, and what is done about them; words stay where something is refused."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest
from support.app import ROOT, Open
from support.app_texts import texts_of

from saa_dash.model.principal import Principal, Role
from saa_dash.services.context import Request, open_view
from saa_dash.services.review_deeds import close_query, raise_query


def table(app: AppTest, column: str) -> list[object]:
    """Return a column of the first table that has it."""
    return next(frame.value[column].tolist() for frame in app.dataframe if column in frame.value)


def choose(app: AppTest, cut_id: str, domain: str, *numbers: int) -> AppTest:
    """Choose rows, as a click on them does."""
    app.session_state["_review_rows"] = (cut_id, domain, numbers)
    return app.run()


def answers(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def test_checks_rows_and_queries(open_own_demo: Open, own_demo_dir: Path) -> None:
    board = Principal("board", frozenset({Role.DSMB}))
    view = open_view(board, Request(own_demo_dir, "latest"))
    app = open_own_demo("review", "en")
    assert answers(app) == ["0/7\u2009909", "0", "0", "1"]
    assert table(app, "Result")[:2] == ["1 found", "0 found"]
    assert table(app, "Finding") == ["UCB-MNC: 3 d from the day due"]
    assert "Not checkable here: Dose without its visit — doses are not filed under visits." in texts_of(app)
    app.segmented_control(key="review_part").select("rows").run()
    assert len(table(app, "Adverse event")) == 51
    choose(app, view.cut.cut_id, "AE", 1, 2)
    app.button(key="review_mark").click().run()
    assert answers(app)[0] == "2/7\u2009909"
    assert [toast.value for toast in app.toast] == ["2 rows marked as reviewed."]
    assert table(app, "What") == ["reviewed", "reviewed"]
    app.button(key="review_undo").click().run()
    assert answers(app)[0] == "0/7\u2009909"
    choose(app, view.cut.cut_id, "AE", 1)
    app.button(key="review_ask").click().run()
    assert [error.value for error in app.error] == [
        "Nothing is written.\n\nWrite what is to be kept, then try again."
    ]  # fmt: skip
    question = next(box for box in app.text_area if box.label == "What is the question?")
    question.input("<b>Grade</b> [3](x)?").run()
    app.button(key="review_ask").click().run()
    assert answers(app)[2] == "1"
    # somebody else is faster: what was written stays in its box
    box = next(box for box in app.text_area if box.label == "Answer")
    box.input("my answer").run()
    close_query(board, view, 1, "theirs")
    app.button(key="review_close_1").click().run()
    (refused,) = (error.value for error in app.error)
    assert refused.startswith("Query 1 was closed meanwhile by board (")
    assert next(box.value for box in app.text_area if box.label == "Why is it opened again?") == "my answer"
    app.segmented_control(key="review_part").select("queries").run()
    app.segmented_control(key="review_show").select("closed").run()
    assert (table(app, "Query"), table(app, "Last word"), table(app, "By")) == (
        ["<b>Grade</b> [3](x)?"], ["theirs"], ["board"],
    )  # fmt: skip
    # an open query stands on the patient's card
    raise_query(board, view, "AE", (1,), "AETOXGR", "still open?")
    app.switch_page(str(ROOT / "pages" / "patients.py")).run()
    assert not app.exception
    assert any("**2** · Adverse events · CTCAE grade" in text for text in texts_of(app))
    app.button(key="to_review").click().run()
    assert table(app, "Query") == ["still open?"]
