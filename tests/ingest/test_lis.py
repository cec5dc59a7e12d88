"""A paste from a laboratory system becomes rows of the LAB sheet."""

from __future__ import annotations

import pandas as pd
from support.crf_sheets import STUDY, small_study

from saa_dash.ingest.frames import source_of_frames
from saa_dash.ingest.lis import parse_lis
from saa_dash.ingest.lis_rows import lab_rows, merge_lab
from saa_dash.ingest.pipeline import import_source

LONG = """姓名：张三丰\t性别：男\t住院号 123456
序号\t项目名称\t结果\t提示\t单位\t参考范围\t采样时间
1\t白细胞计数(WBC)\t1.20\t↓\t10^9/L\t3.5-9.5\t2026-03-05 08:30
2\t*中性粒细胞绝对值(NEUT#)\t0.35↓\t\t×10⁹/L\t1.8--6.3\t2026-03-05 08:30
3\t中性粒细胞\t29.2\t\t%\t40-75\t2026-03-05 08:30
4\t血红蛋白\t6.5↓\t\tg/dL\t13-17.5\t2026-03-05 08:30
5\t抗凝血酶\t88\t\t%\t80-120\t2026-03-05 08:30
"""
SPACED = """WBC 白细胞 1.20 ↓ 10^9/L 3.5-9.5
PLT 血小板 <5 L 10^9/L 125-350
网织红细胞百分比 0.4 % 0.5-1.5
红细胞计数 2.1 10^12/L
总胆红素 未查"""
WIDE = """采样日期\t白细胞\tHGB\t血小板\t姓名\t未知物
\t10^9/L\tg/L\t10^9/L
2026/3/5\t1.2\t65↓\t<5\t张三
2026年3月8日\t1.5\t70\t12\t张三"""


def brief(text: str, **mapping: str) -> list[tuple[str, str, str | None, str | None]]:
    return [(item.code, item.value, item.unit, item.date) for item in parse_lis(text, mapping).results]


def test_one_test_per_line_with_titles() -> None:
    paste = parse_lis(LONG)
    assert [(item.code, item.value, item.unit, item.date, item.time) for item in paste.results] == [
        ("WBC", "1.20", "10^9/L", "2026-03-05", "08:30"),
        ("ANC", "0.35↓", "×10⁹/L", "2026-03-05", "08:30"),
        ("HGB", "6.5↓", "g/dL", "2026-03-05", "08:30"),
    ]
    assert (paste.results[2].limits.low, paste.results[2].limits.high) == (13, 17.5)
    assert paste.unknown == ("ANC [%]", "抗凝血酶")
    assert "张三丰" not in str(paste) and "123456" not in str(paste)


def test_one_test_per_line_without_titles() -> None:
    assert brief(SPACED) == [
        ("WBC", "1.20", "10^9/L", None),
        ("PLAT", "<5", "10^9/L", None),
        ("ARC", "0.4", "%", None),
        ("RBC", "2.1", "10^12/L", None),
        ("BILI", "未查", None, None),
    ]


def test_one_column_per_test() -> None:
    assert brief(WIDE) == [
        ("WBC", "1.2", "10^9/L", "2026-03-05"),
        ("HGB", "65↓", "g/L", "2026-03-05"),
        ("PLAT", "<5", "10^9/L", "2026-03-05"),
        ("WBC", "1.5", "10^9/L", "2026-03-08"),
        ("HGB", "70", "g/L", "2026-03-08"),
        ("PLAT", "12", "10^9/L", "2026-03-08"),
    ]
    assert parse_lis(WIDE).unknown == ("未知物",)


def test_a_name_given_by_the_user_is_known_from_then_on() -> None:
    assert parse_lis("血板数目 8 10^9/L").unknown == ("血板数目",)
    assert brief("血板数目 8 10^9/L", 血板数目="PLAT") == [("PLAT", "8", "10^9/L", None)]


def test_the_way_of_every_import() -> None:
    rows = lab_rows(parse_lis(LONG), subject="P001", sex="M")
    tables = {"SUBJ": small_study()["SUBJ"], "LAB": rows}
    incoming = import_source(source_of_frames(tables, name="paste", study=STUDY), study=STUDY, cutoff=None)
    assert not incoming.has_errors
    results = incoming.tables["LB"].set_index("LBTESTCD")
    assert results["LBSTRESN"].to_dict() == {"WBC": 1.2, "ANC": 0.35, "HGB": 65.0}
    assert results.loc["HGB", ["LBORRES", "LBORRESU", "LBDTC", "LBSTNRLO", "LBNRIND"]].tolist() == [
        "6.5↓", "g/dL", "2026-03-05T08:30", 130.0, "LOW",
    ]  # fmt: skip


def test_absolute_count_goes_before_a_percentage() -> None:
    paste = parse_lis("网织红细胞百分比 0.4 %\n网织红细胞绝对值 8.1 10^9/L")
    rows = lab_rows(paste, subject="P001", date="2026-03-05")
    assert rows["ARC"].dropna().tolist() == ["10^9/L", "8.1"]


def test_merging_keeps_the_sheet_s_units() -> None:
    lab = small_study()["LAB"]
    pasted = lab_rows(parse_lis("血红蛋白 6.5 g/dL\n肌酐 0.7 mg/dL 0.5-1.1"), subject="P002", date="2026-03-09")
    merged = merge_lab(lab, pasted)
    assert merged["HGB"].tolist() == [*lab["HGB"], "65"]
    assert merged["CREAT"].dropna().tolist() == ["mg/dL", 0.5, 1.1, 0.5, 1.1, "0.7"]
    assert len(merged) == len(lab) + 1
    assert pd.isna(merged.iloc[-1]["ANC"])


def test_nothing_in_it() -> None:
    paste = parse_lis("您好\n\n")
    assert (paste.results, paste.unknown) == ((), ())
    assert lab_rows(paste, subject="P001")["SUBJID"].tolist() == ["UNIT", "LLN_M", "ULN_M", "LLN_F", "ULN_F"]
