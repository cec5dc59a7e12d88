"""The SQL shown under a figure: rows of a cut that its numbers are made of, or the numbers where SQL can count them.

Each query runs on the file of the cut as it is, with the DuckDB command line: ``duckdb -readonly <file>``. Clinical
rules are not written a second time in SQL: where one decides, the query gives what the rule looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from ..model.filters import Filters

# Who is selected, the doses given, study day 1, and where time counts from.
_HEAD = """WITH chosen AS (
  SELECT USUBJID, PCODE FROM PCODES JOIN DM USING (USUBJID)$where
), given AS (
  SELECT USUBJID, EXTRT, TRY_CAST(left(EXSTDTC, 10) AS DATE) AS DAY,
         greatest(TRY_CAST(left(EXSTDTC, 10) AS DATE), TRY_CAST(left(EXENDTC, 10) AS DATE)) AS LASTDAY
  FROM EX WHERE (EXDOSE IS NULL OR EXDOSE > 0 OR EXTRT = 'PLACEBO') AND left(EXSTDTC, 10) <= '$cutoff'
), day_one AS (
  SELECT USUBJID, coalesce(min(DAY) FILTER (EXTRT = 'RATG'), min(DAY)) AS DAY1 FROM given GROUP BY USUBJID
)"""

_STUDY_DAY = "date_diff('day', DAY1, $day) + CASE WHEN $day >= DAY1 THEN 1 ELSE 0 END"


def _results(table: str, code: str) -> str:
    day = f"TRY_CAST(left({table}DTC, 10) AS DATE)"
    ady = Template(_STUDY_DAY).substitute(day=day)
    sign = "LBCENS" if table == "LB" else "NULL"
    return f"""
SELECT PCODE, {table}TESTCD AS TEST, {ady} AS ADY, {sign} AS SIGN, {table}STRESN AS VALUE, {table}STRESU AS UNIT
FROM {table} JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID)
WHERE {table}TESTCD IN ({code}) AND {table}STRESN IS NOT NULL AND left({table}DTC, 10) <= '$cutoff'
ORDER BY length(PCODE), PCODE, TEST, ADY"""


def _nearest(test: str) -> str:
    here = f"LBTESTCD = '{test}'"
    return f"arg_min(LBSTRESN, (abs(date_diff('day', TARGET, LBDAY)), LBDAY)) FILTER ({here}) AS {test}"


_RESPONSE = f""", origins AS (
  SELECT USUBJID, $origin AS DAY0 FROM given GROUP BY USUBJID
  HAVING count(*) FILTER (EXTRT = 'RATG') > 0
), visits AS (
  SELECT USUBJID, PCODE, WEEK, DAY0 + to_days(7 * WEEK) AS TARGET
  FROM chosen JOIN origins USING (USUBJID) CROSS JOIN (VALUES (4), (8), (12)) AS weeks(WEEK)
), counts AS (
  SELECT USUBJID, LBTESTCD, TRY_CAST(left(LBDTC, 10) AS DATE) AS LBDAY, LBSTRESN FROM LB
  WHERE LBTESTCD IN ('ANC', 'HGB', 'PLAT', 'ARC') AND LBSTRESN IS NOT NULL
)
SELECT PCODE, WEEK, TARGET + to_days($window) <= DATE '$cutoff' AS DUE,
       {_nearest("ANC")},
       {_nearest("HGB")},
       {_nearest("PLAT")},
       {_nearest("ARC")}
FROM visits LEFT JOIN counts ON counts.USUBJID = visits.USUBJID
     AND abs(date_diff('day', TARGET, LBDAY)) <= $window
GROUP BY WEEK, PCODE, TARGET ORDER BY WEEK, length(PCODE), PCODE"""

_ACCRUAL = """
SELECT PCODE, left(ENRLDTC, 10) AS ENROLLED, row_number() OVER (ORDER BY left(ENRLDTC, 10), length(PCODE), PCODE) AS N
FROM DM JOIN chosen USING (USUBJID) WHERE ENRLDTC IS NOT NULL ORDER BY N"""

_WAYS = f"""
SELECT PCODE, DAY1, {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(LSTALVDTC, 10) AS DATE)")} AS LASTALIVEDY,
       left(DM.DTHDTC, 10) AS DTHDTC,
       (SELECT string_agg(DISTINCT left(EXSTDTC, 10), ' ' ORDER BY left(EXSTDTC, 10)) FROM EX
        WHERE EX.USUBJID = chosen.USUBJID AND EXTRT = 'UCBMNC') AS INFUSIONS,
       (SELECT string_agg(DSDECOD || ' ' || DSSTDTC, '; ' ORDER BY DSSTDTC) FROM DS
        WHERE DS.USUBJID = chosen.USUBJID) AS DISPOSITION
FROM chosen JOIN DM USING (USUBJID) JOIN day_one USING (USUBJID) ORDER BY length(PCODE), PCODE"""

_PROFILE = """, rows AS (
  SELECT USUBJID, 'LB' AS DOMAIN, LBTESTCD AS WHAT, LBORRES AS RESULT, LBDTC AS DTC FROM LB
  UNION ALL SELECT USUBJID, 'VS', VSTESTCD, VSORRES, VSDTC FROM VS
  UNION ALL SELECT USUBJID, 'EX', EXTRT, CAST(EXDOSE AS VARCHAR), EXSTDTC FROM EX
  UNION ALL SELECT USUBJID, 'CM', CMCAT, CMTRT, CMSTDTC FROM CM
  UNION ALL SELECT USUBJID, 'AE', AEDECOD, coalesce(CAST(AETOXGR AS VARCHAR), AESEV), AESTDTC FROM AE
  UNION ALL SELECT USUBJID, 'DS', DSDECOD, DSREAS, DSSTDTC FROM DS
)
SELECT PCODE, DOMAIN, WHAT, RESULT, DTC FROM rows JOIN chosen USING (USUBJID)
WHERE PCODE = $patient ORDER BY DTC, DOMAIN, WHAT"""

_EVENTS = """
SELECT $group, count(DISTINCT USUBJID) AS PATIENTS, count(*) AS EVENTS
FROM AE JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID)
WHERE left(AESTDTC, 10) BETWEEN left(CAST(DAY1 AS VARCHAR), length(left(AESTDTC, 10))) AND '$cutoff'
GROUP BY ALL ORDER BY PATIENTS DESC, EVENTS DESC"""

_ONSETS = f"""
SELECT PCODE, AEDECOD AS PT, AEBODSYS AS SOC, AECAT AS CLASS, coalesce(CAST(AETOXGR AS VARCHAR), AESEV) AS GRADE,
       AESER AS SERIOUS, {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(AESTDTC, 10) AS DATE)")} AS ADY,
       {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(AEENDTC, 10) AS DATE)")} AS ENDDY,
       (SELECT string_agg(DISTINCT left(EXSTDTC, 10), ' ' ORDER BY left(EXSTDTC, 10)) FROM EX
        WHERE EX.USUBJID = chosen.USUBJID AND EXTRT = 'UCBMNC') AS INFUSIONS
FROM AE JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID)
WHERE AESTDTC IS NULL OR left(AESTDTC, 10) <= '$cutoff' ORDER BY length(PCODE), PCODE, ADY, PT"""

_EXAMINATION = f"""
SELECT PCODE, PETESTCD AS SYSTEM,
       {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(PEDTC, 10) AS DATE)")} AS ADY, PEORRES AS RESULT
FROM PE JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID)
WHERE PETESTCD = $system AND left(PEDTC, 10) <= '$cutoff' ORDER BY length(PCODE), PCODE, ADY"""

_TRANSFUSIONS = f"""
SELECT PCODE, {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(CMSTDTC, 10) AS DATE)")} AS ADY, CMCAT, CMTRT, CMDOSE
FROM CM JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID)
WHERE CMCLAS = 'RBC' OR CMTRT ILIKE '%red%' OR CMDECOD = 'RBC' ORDER BY length(PCODE), PCODE, ADY"""

_EXPOSURE = f"""
SELECT PCODE, EXTRT, {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(EXSTDTC, 10) AS DATE)")} AS ADY,
       EXDOSE, EXDOSU, left(EXENDTC, 10) AS ENDDTC, EXENRF AS ONGOING, EXADJ, WEIGHT
FROM EX JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID) JOIN DM USING (USUBJID)
WHERE left(EXSTDTC, 10) <= '$cutoff' ORDER BY length(PCODE), PCODE, EXTRT, ADY"""

_VISITS = f"""
SELECT PCODE, VISIT, {Template(_STUDY_DAY).substitute(day="TRY_CAST(left(SVSTDTC, 10) AS DATE)")} AS ADY
FROM SV JOIN chosen USING (USUBJID) JOIN day_one USING (USUBJID)
WHERE left(SVSTDTC, 10) <= '$cutoff' ORDER BY length(PCODE), PCODE, VISITNUM, ADY"""

QUERIES: Mapping[str, str] = {
    "response": _RESPONSE,
    "accrual": _ACCRUAL,
    "ways": _WAYS,
    "profile": _PROFILE,
    "laboratory": _results("LB", "$tests"),
    "vital_signs": _results("VS", "$tests"),
    "examination": _EXAMINATION,
    "terms": _EVENTS.replace("$group", "AEBODSYS AS SOC, AEDECOD AS PT"),
    "complications": _EVENTS.replace("$group", "AECAT AS CLASS"),
    "onsets": _ONSETS,
    "red_cells": _TRANSFUSIONS,
    "exposure": _EXPOSURE,
    "visits": _VISITS,
}
_ORIGINS = {
    "atg_start": "min(DAY) FILTER (EXTRT = 'RATG')",
    "atg_end": "max(coalesce(LASTDAY, DAY)) FILTER (EXTRT = 'RATG')",
    "first_infusion": "min(DAY) FILTER (EXTRT = 'UCBMNC')",
}
_POPULATIONS = {
    "SAF": "USUBJID IN (SELECT USUBJID FROM EX WHERE (EXDOSE IS NULL OR EXDOSE > 0 OR EXTRT = 'PLACEBO')"
    " AND left(EXSTDTC, 10) <= '$cutoff')",
    "FAS": "USUBJID IN (SELECT USUBJID FROM EX WHERE (EXDOSE IS NULL OR EXDOSE > 0) AND EXTRT = 'RATG'"
    " AND left(EXSTDTC, 10) <= '$cutoff')",
}


def text(value: object) -> str:
    """Return a value as an SQL text."""
    return "'" + str(value).replace("'", "''") + "'"


def texts(values: tuple[str, ...]) -> str:
    """Return values as a list of SQL texts."""
    return ", ".join(text(value) for value in values)


def figure_query(
    name: str, cutoff: str, filters: Filters, members: tuple[str, ...], settings: Mapping[str, str]
) -> str:
    """Return a query of `QUERIES` for a selection.

    Parameters
    ----------
    cutoff : ISO date. members : P-codes of a population that a rule decides, () where they are not to be named.
    settings : ``origin`` and ``window`` (days), and what else the query names, as SQL.
    """
    known = {"origin": _ORIGINS["atg_start"], "window": "7", **settings, "cutoff": cutoff}
    if "origin" in settings:
        known["origin"] = _ORIGINS[settings["origin"]]
    known["where"] = Template(_where(filters, members)).safe_substitute(cutoff=cutoff)
    return Template(_HEAD + QUERIES[name]).substitute(known) + ";\n"


def _where(filters: Filters, members: tuple[str, ...]) -> str:
    conditions = [_POPULATIONS[filters.population]] if filters.population in _POPULATIONS else []
    if members:
        conditions.append(f"PCODE IN ({texts(members)})")
    wanted = (("SEVERITY", filters.severity), ("SEX", filters.sex), ("PCODE", filters.patients))
    conditions += [f"{column} IN ({texts(codes)})" for column, codes in wanted if codes]
    if filters.age:
        conditions.append(f"AGE BETWEEN {filters.age[0]} AND {filters.age[1]}")
    return "".join(f"\n  {'AND' if i else 'WHERE'} {one}" for i, one in enumerate(conditions))
