"""What is sent to a figure on the page, what it tells, and which way of drawing is taken; no server, no browser."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from starlette.applications import Starlette

from saa_dash.access.policy import Permission
from saa_dash.charts.view import FigureView
from saa_dash.i18n import translate
from saa_dash.model.provenance import Provenance
from saa_dash.ui import chart
from saa_dash.ui.plot import component, files, picture

FROM = Provenance("20260731T000000Z-0123abcd", date(2026, 7, 31), "c", "s", "TRIAL", True, 6, 10, "SAA", "NIH", False)


def drawing(values: list[float], **changes: object) -> component.Drawing:
    figure = go.Figure(go.Scatter(x=np.arange(len(values)), y=np.array(values)), layout={"height": 300})
    settings = {"select": True, "box": False, "pictures": True, **changes}
    return component.Drawing(figure, "course", "six patients", **settings)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (component, picture, chart):
        monkeypatch.setattr(module, "t", lambda key, **params: translate("en", key, **params))
        monkeypatch.setattr(module, "language", lambda: "en")


def test_numbers_travel_in_their_own_type_and_words_in_the_readers_language() -> None:
    meta, figure = (json.loads(part) for part in component.payload(drawing([1.5, 2.5])).split(b"\n", 1))
    assert figure["data"][0]["y"] == {"dtype": "f8", "bdata": "AAAAAAAA+D8AAAAAAAAEQA=="}
    assert (meta["key"], meta["alt"], meta["height"], meta["lang"]) == ("course", "six patients", 300, "en")
    assert meta["words"]["reset"] == "Reset zoom"
    assert (meta["select"], meta["box"], meta["save"]) == (True, False, None)


def test_the_first_line_tells_whether_the_figure_is_another_one() -> None:
    def digest(values: list[float], **changes: object) -> object:
        return json.loads(component.payload(drawing(values, **changes)).split(b"\n", 1)[0])["digest"]

    assert digest([1, 2]) == digest([1, 2], select=False)
    assert digest([1, 2]) != digest([1, 3])


@pytest.mark.parametrize(("pictures", "box", "room"), [(True, False, 328), (False, True, 328), (False, False, 300)])
def test_room_is_kept_for_the_plot_and_its_buttons(pictures: bool, box: bool, room: int) -> None:
    assert drawing([1], pictures=pictures, box=box).room == room


@pytest.mark.parametrize(
    ("told", "marks"),
    [
        ({"points": [{"customdata": ["P03", 8]}, {"customdata": "P04"}, {}]}, (("P03", 8), ("P04",))),
        ({"points": []}, ()),
        (None, ()),
        ("nonsense", ()),
    ],
)
def test_marks_are_told_by_what_they_carry(told: object, marks: tuple[object, ...]) -> None:
    assert component.marks(told) == marks


def test_a_mark_counts_before_its_figure_is_drawn_whichever_way_drew_it(monkeypatch: pytest.MonkeyPatch) -> None:
    point = {"points": [{"customdata": ["P03", 8]}]}
    monkeypatch.setattr("streamlit.session_state", {"own": {"picked": point}, "plain": {"selection": point}, "no": {}})
    assert [chart.clicked(key).points for key in ("own", "plain", "no", "absent")] == [(("P03", 8),)] * 2 + [()] * 2


def test_streamlits_own_chart_is_taken_where_no_server_has_the_files_or_the_installation_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streamlit.session_state", {})
    monkeypatch.setattr(files, "_SERVED", [])
    assert chart.is_plain()
    monkeypatch.setattr(files, "_SERVED", [files.address()])
    assert not chart.is_plain()
    monkeypatch.setenv(chart.SETTING, "Plain")
    assert chart.is_plain()
    monkeypatch.delenv(chart.SETTING)
    monkeypatch.setattr("streamlit.session_state", {"_chart_failed": True})
    assert chart.is_plain()


def test_a_picture_says_where_it_comes_from_and_needs_the_right_to_what_it_shows() -> None:
    view = FigureView(go.Figure(), "Title", "unit", "alt", "method", patients=False)
    words = picture.words(view, chart.provenance_line(FROM, whole=True), synthetic=True, primary=False)
    assert words["stamp"] == "模拟数据 SYNTHETIC DATA · 敏感性分析 SENSITIVITY"
    assert words["provenance"] == (
        "Data cut 20260731T000000Z-0123abcd, cut-off 2026-07-31 · n = 6/10 · Filter: SAA · Rule: NIH"
    )
    assert picture.file_stem("course", FROM) == "SYNTHETIC_course_20260731T000000Z-0123abcd"
    assert picture.right_to(view) == Permission.EXPORT_AGGREGATES


def test_the_program_of_a_figure_is_served_for_good_and_nothing_else_is() -> None:
    app = Starlette(routes=files.routes())
    files._SERVED.pop()

    def get(path: str) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[dict[str, object]] = []

        async def run() -> None:
            async def send(message: object) -> None:
                sent.append(dict(message))  # type: ignore[call-overload]

            scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
            await app(scope, lambda: asyncio.sleep(0), send)  # type: ignore[arg-type,return-value]

        asyncio.run(run())
        return int(str(sent[0]["status"])), dict(sent[0]["headers"]), bytes(sent[1]["body"])  # type: ignore[call-overload]

    where = f"/{files.address()}"
    status, headers, body = get(f"{where}plotly-basic-4.1.1.min.js")
    assert (status, headers[b"content-type"]) == (200, b"text/javascript; charset=utf-8")
    assert b"immutable" in headers[b"cache-control"]
    assert b"plotly.js (basic - minified) v4.1.1" in body
    for name in ("../component.py", "..%2fcomponent.py", "nothing.js", ""):
        assert get(where + name)[0] == 404
    assert f'"{files.address()}"' in files.loader()


def test_plotly_js_is_the_version_that_the_figures_are_made_for() -> None:
    import plotly

    own = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")[:200]
    version = re.search(r"plotly\.js v([\d.]+)", own)
    assert version is not None
    assert (files.ASSETS / f"plotly-basic-{version[1]}.min.js").is_file()


def test_nobody_outside_is_asked_for_anything() -> None:
    for path in files.ASSETS.glob("*.[jc]s*"):
        if "plotly" not in path.name:
            outside = re.findall(r"https?://(?!www\.w3\.org)", path.read_text("utf-8"))
            assert outside == [], path.name
