"""Typesetting, layout and workbook by themselves, without figures."""

from __future__ import annotations

import pandas as pd
import pytest
from support.paper import pages_of, sheets_of, tight

from saa_dash.model.errors import EnvironmentProblem
from saa_dash.report import fonts
from saa_dash.report.cells import PAGE_WIDTH, SIZES, cell_text, halves, lay_out, texts_of
from saa_dash.report.document import Chapter, Cover, Document, Facts, Table, Text
from saa_dash.report.pictures import settled
from saa_dash.report.typeset import _breakable, typeset
from saa_dash.report.workbook import write_workbook


def document(lang: str, rows: int = 90) -> Document:
    frame = pd.DataFrame(
        {
            "患者": [f"P{n:03d}" for n in range(rows)],
            "值": [1234.5] * rows,
            "x/n": ["3/10"] * rows,
            "话": ["=1+1"] * rows,
        }
    )
    table = Table("一张长表", frame, "SOURCE-LINE", ("A note.",), listing=True, sheet="长表", limit=80)
    empty = Table("Nothing", frame.head(0), "SOURCE-LINE", ("None found (0).",), sheet="Nothing")
    chapter = Chapter(
        "第一章 One", (Text("#not [markup] *here* $x$ ×10⁹/L", "missing"), Facts((("a", "b"),)), table, empty)
    )
    cover = Cover("Kind", "Title", (("fact", "value"),), ("note",))
    return Document(lang, cover, (chapter,), "HEAD", "FOOT", "STAMP")


def test_a_long_table_repeats_its_head_and_its_source_and_says_what_it_leaves_out() -> None:
    made = typeset(document("en"), ())
    pages = [tight(page) for page in pages_of(made)]
    body = pages[2:]
    assert len(body) > 1
    assert all("HEAD" in page and "FOOT" in page and "STAMP" in page for page in pages)
    assert all(f"{place}/{len(pages)}" in page for place, page in enumerate(pages, start=1))
    assert all("患者" in page and "SOURCE-LINE" in page for page in body)
    text = "".join(body)
    assert "1第一章One" in text
    assert "Table1一张长表" in text
    assert "P079" in text and "P080" not in text
    assert "Thefirst80of90rows" in text
    assert "Table2Nothing" in text and "Nonefound(0)." in text
    assert "#not[markup]*here*$x$×10⁹/L" in text
    assert typeset(document("en"), ()) == made
    assert "表1一张长表" in tight("".join(pages_of(typeset(document("zh"), ()))))


def test_the_workbook_holds_every_row_as_the_same_bytes_each_time() -> None:
    tables = [table for table in document("en").tables() if table.sheet]
    made = write_workbook(tables, ["=about"], "title", "About")
    sheets = sheets_of(made)
    assert list(sheets) == ["About", "长表", "Nothing"]
    assert sheets["About"] == [["'=about"]]
    rows = sheets["长表"]
    assert rows[0][0] == "一张长表" and rows[1][0] == "SOURCE-LINE" and rows[2][0] == "A note."
    assert rows[3] == ["患者", "值", "x/n", "话"]
    assert len(rows) == 4 + 90
    assert rows[-1] == ["P089", 1234.5, "3/10", "'=1+1"]
    assert write_workbook(tables, ["=about"], "title", "About") == made


def test_cells_are_printed_as_a_reader_expects() -> None:
    values = [None, float("nan"), 0, 12345, 0.5, 1234567.0, float("inf"), True, " P01 ", pd.NA]
    assert [cell_text(value) for value in values] == [
        "",
        "",
        "0",
        "12\u2009345",
        "0.5",
        "1\u2009234\u2009567",
        "∞",
        "✓",
        "P01",
        "",
    ]
    assert halves("ab中文") == 6
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["x", None]})
    assert texts_of(frame) == [["1", "x"], ["", ""]]


@pytest.mark.parametrize("columns", [2, 8, 14])
def test_columns_fill_no_more_than_the_page(columns: int) -> None:
    names = [f"Column {n}" for n in range(columns)]
    rows = [["some longer text that has to break into lines " * 2] * (columns - 1) + ["3/10"]]
    layout = lay_out(names, rows)
    assert sum(layout.widths) <= PAGE_WIDTH + 0.01
    assert layout.size in SIZES
    assert layout.right == (False,) * (columns - 1) + (True,)


def test_names_by_chance_are_replaced_in_pictures() -> None:
    drawn = [
        f'<defs id="defs-{x}"/><clipPath id="clip{x}xy"/><g clip-path="url(#clip{x}xy)"/>' for x in ("86af38", "a15187")
    ]
    assert settled(drawn[0], 3) == settled(drawn[1], 3) != settled(drawn[1], 4)
    assert settled("<svg/>", 0) == "<svg/>"


def test_without_a_chinese_font_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Family",))
    fonts.find_family.cache_clear()
    with pytest.raises(EnvironmentProblem) as problem:
        fonts.find_family()
    fonts.find_family.cache_clear()
    assert problem.value.message.code == "error.pack_font"
    assert problem.value.exit_code == 4


def test_a_word_too_long_for_a_line_may_break_and_others_stay_as_they_are() -> None:
    assert _breakable("短 text 1400ebb1d136df46 http://e.org") == "短 text 1400ebb1d136df46 http://e.org"
    assert _breakable("a " + "x" * 45 + " b") == "a " + "\u200b".join(["x" * 20, "x" * 20, "x" * 5]) + " b"
